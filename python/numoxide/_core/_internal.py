"""What the extension asks Python for: ctypes access, buffer formats, views of objects."""

import re
import sys

from numoxide._core import multiarray
from numoxide._core.multiarray import StringDType, dtype
from numoxide._globals import _NoValue

try:
    import ctypes
except ImportError:
    ctypes = None

_NATIVE = "<" if sys.byteorder == "little" else ">"
_pointer_dtype = dtype("p")


class _missing_ctypes:
    """What stands in for ctypes where Python was built without it."""

    class c_void_p:
        """A pointer that is just its number."""

        def __init__(self, ptr):
            self.value = ptr

        def __repr__(self):
            return f"c_void_p({self.value})"

    def cast(self, num, obj):
        """Give the address itself."""
        return num.value


class _missing_count:
    """What stands in for a ctypes integer: arrays of it are arrays of numbers."""

    def __mul__(self, count):
        from numoxide._core.multiarray import array

        return lambda *values: array(values, _pointer_dtype)


class _ctypes:
    """The memory of an array as ctypes objects: `ndarray.ctypes`.

    >>> np.arange(3).ctypes.shape[0]
    3
    """

    def __init__(self, array, ptr=None):
        self._arr = array
        self._ctypes = ctypes if ctypes is not None else _missing_ctypes()
        self._data = self._ctypes.c_void_p(ptr)
        self._zerod = array.ndim == 0

    def data_as(self, obj):
        """Give the data pointer as a ctypes type; it keeps the array alive."""
        pointer = self._ctypes.cast(self._data, obj)
        pointer._arr = self._arr
        return pointer

    def _numbers(self, kind, values):
        return None if self._zerod else (kind * self._arr.ndim)(*values)

    def shape_as(self, obj):
        """Give the shape as a ctypes array of a type."""
        return self._numbers(obj, self._arr.shape)

    def strides_as(self, obj):
        """Give the strides as a ctypes array of a type."""
        return self._numbers(obj, self._arr.strides)

    @property
    def data(self):
        """The address of the first element."""
        return self._data.value

    @property
    def shape(self):
        """The shape as a ctypes array of pointer-sized integers."""
        return self.shape_as(_getintp_ctype())

    @property
    def strides(self):
        """The strides as a ctypes array of pointer-sized integers."""
        return self.strides_as(_getintp_ctype())

    @property
    def _as_parameter_(self):
        return self.data_as(ctypes.c_void_p if ctypes is not None else _missing_ctypes.c_void_p)


def _getintp_ctype():
    """Find the ctypes integer as wide as a pointer."""
    if ctypes is None:
        return _missing_count()
    return {"i": ctypes.c_int, "l": ctypes.c_long, "q": ctypes.c_longlong}[_pointer_dtype.char]


def npy_ctypes_check(cls):
    """Say whether a class is one of ctypes."""
    mro = getattr(cls, "__mro__", ())
    return len(mro) > 1 and any("_ctypes" in base.__module__ for base in mro[-3:-1])


def _convert_to_stringdtype_kwargs(coerce, na_object=_NoValue):
    """Rebuild a StringDType from what its pickle holds."""
    if na_object is _NoValue:
        return StringDType(coerce=bool(coerce))
    return StringDType(coerce=bool(coerce), na_object=na_object)


def _reconstruct(subtype, shape, dtype):
    """Build the array that an old pickle names."""
    return multiarray.ndarray.__new__(subtype, shape, dtype)


def _array_descr(descriptor):
    """Describe a dtype as the array interface does, gaps as unnamed void fields."""
    if descriptor.fields is None:
        if descriptor.subdtype is not None:
            base, shape = descriptor.subdtype
            return _array_descr(base), shape
        return descriptor.str if descriptor.metadata is None else (descriptor.str, dict(descriptor.metadata))
    result, place = [], 0
    for name in sorted(descriptor.names, key=lambda name: descriptor.fields[name][1]):
        kind, offset, *title = descriptor.fields[name]
        if offset < place:
            raise ValueError("dtype.descr is not defined for types with overlapping or out-of-order fields")
        if offset > place:
            result.append(("", f"|V{offset - place}"))
        label = (title[0], name) if title else name
        if kind.subdtype is not None:
            result.append((label, _array_descr(kind.subdtype[0]), kind.subdtype[1]))
        else:
            result.append((label, _array_descr(kind)))
        place = offset + kind.itemsize
    if descriptor.itemsize > place:
        result.append(("", f"|V{descriptor.itemsize - place}"))
    return result


def _getfield_is_safe(oldtype, newtype, offset):
    """Refuse a field of a dtype with references unless it is exactly one of its fields."""
    if not (newtype.hasobject or oldtype.hasobject):
        return
    if offset == 0 and newtype == oldtype:
        return
    for name in oldtype.names or ():
        field = oldtype.fields[name]
        if field[1] == offset and field[0] == newtype:
            return
    raise TypeError("Cannot get/set field of an object array")


def _view_is_safe(oldtype, newtype):
    """Refuse to reinterpret memory that holds references."""
    if oldtype != newtype and (newtype.hasobject or oldtype.hasobject):
        raise TypeError("Cannot change data-type for array of references.")


_STANDARD = {
    "?": "?", "b": "b", "B": "B", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "l": "i4",
    "L": "u4", "q": "i8", "Q": "u8", "e": "f2", "f": "f", "d": "d", "Zf": "F", "Zd": "D", "s": "S", "w": "U", "O": "O", "x": "V", "c": "S1",
}  # fmt: skip
_PLATFORM = _STANDARD | {code: code for code in "hHiIlLqQeg"} | {"Zg": "G"}
_UNSUPPORTED = {
    "u": "UCS-2 strings", "&": "pointers", "t": "bitfields", "X": "function pointers",
}  # fmt: skip
_NUMBER = re.compile(r"\d+")


class _Format:
    """A buffer format while it is read, with the byte order in force."""

    def __init__(self, text):
        self.text, self.at, self.order = text, 0, "@"

    def starts(self, chars):
        """Say whether the next character is one of those given."""
        return self.at < len(self.text) and self.text[self.at] in chars

    def next(self, count=1):
        """Take characters."""
        self.at += count
        return self.text[self.at - count : self.at]

    def until(self, char):
        """Take everything before a character, and the character away."""
        end = self.text.index(char, self.at)
        taken = self.text[self.at : end]
        self.at = end + 1
        return taken

    def number(self):
        """Take a whole number if there is one."""
        found = _NUMBER.match(self.text, self.at)
        if found is None:
            return None
        self.at = found.end()
        return int(found[0])


def _item(spec):
    """Read one type: its dtype, the alignment it asks for, and whether it is padding."""
    shape = None
    if spec.starts("("):
        spec.next()
        shape = tuple(map(int, spec.until(")").split(",")))
    if spec.starts("@=<>^!"):
        spec.order = ">" if spec.starts("!") else spec.text[spec.at]
        spec.next()
    native = spec.order in "@^"
    size = spec.number() or 1 if spec.starts("123456789") or spec.starts("0") else 1
    padding = False
    if spec.starts("T"):
        spec.next()
        spec.next()
        value, align = _fields(spec, nested=True)
    else:
        code = spec.next(2) if spec.starts("Z") else spec.next()
        names = _PLATFORM if native else _STANDARD
        if code in _UNSUPPORTED:
            raise NotImplementedError(
                f"Unrepresentable PEP 3118 data type {code!r} ({_UNSUPPORTED[code]})"
            )
        if code not in names:
            raise ValueError(f"Unknown PEP 3118 data type specifier {code or spec.text!r}")
        kind = names[code]
        if code in "swx":
            kind, size, padding = f"{kind}{size}", 1, code == "x"
        value = dtype((_NATIVE if native or spec.order == "=" else spec.order) + kind)
        align = value.alignment
    if size != 1:
        value = dtype((value, (size,)))
    if shape is not None:
        value = dtype((value, shape))
    return value, align, padding


def _fields(spec, nested):
    """Read a sequence of types as a struct, or as the one type that it is: (dtype, alignment)."""
    names, formats, offsets = [], [], []
    offset, widest, unnamed, named = 0, 1, 0, False
    while spec.at < len(spec.text):
        if nested and spec.starts("}"):
            spec.next()
            break
        value, align, padding = _item(spec)
        if spec.order == "@":
            offset += -offset % align
            widest = align * widest // _gcd(align, widest)
        name = None
        if spec.starts(":"):
            spec.next()
            name = spec.until(":")
        if not padding or name is not None:
            if name is not None and name in names:
                raise RuntimeError(f"Duplicate field name '{name}' in PEP3118 format")
            named = named or name is not None
            names.append(name)
            formats.append(value)
            offsets.append(offset)
        offset += value.itemsize
    if spec.order == "@":
        offset += -offset % widest
    if not nested and not named and len(formats) == 1 and offsets == [0] and formats[0].itemsize == offset:
        return formats[0], widest
    taken = set(names)
    for index, name in enumerate(names):
        if name is None:
            while f"f{unnamed}" in taken:
                unnamed += 1
            names[index] = f"f{unnamed}"
            taken.add(names[index])
    struct = {"names": names, "formats": formats, "offsets": offsets, "itemsize": offset}
    return dtype(struct), widest


def _dtype_from_pep3118(spec):
    """Turn a buffer's format into a dtype.

    >>> _dtype_from_pep3118("T{i:a:d:b:}").names
    ('a', 'b')
    """
    return _fields(_Format(spec), nested=False)[0]


def _dtype_of_ctypes_item(obj):
    """Find the dtype of a ctypes object's items, with a warning; None for other objects.

    Formats of ctypes structs leave out the padding, so that the type itself has to tell.
    """
    import ctypes
    import warnings

    if not isinstance(obj, ctypes.Structure.__mro__[1]):
        return None
    text = (
        "A builtin ctypes object gave a PEP3118 format string that does not match its itemsize, so a "
        "best-guess will be made of the data type. Newer versions of python may behave correctly."
    )
    warnings.warn(text, RuntimeWarning, stacklevel=2)
    kind = type(obj)
    while issubclass(kind, ctypes.Array):
        kind = kind._type_
    return dtype(kind)


def _gcd(a, b):
    """Find the greatest common divisor of two sizes."""
    if not (a and b):
        return max(a, b)
    import math

    return math.gcd(a, b)


def _lcm(a, b):
    """Find the least common multiple of two sizes."""
    return a // _gcd(a, b) * b


def _prod(a):
    """Multiply the items of a sequence."""
    import math

    return math.prod(a)


def _newnames(datatype, order):
    """Put the named fields first: the names in the order that a sort asks for."""
    if isinstance(order, str):
        order = [order]
    if not isinstance(order, (list, tuple)):
        raise ValueError(f"unsupported order value: {order}")
    rest, seen = list(datatype.names), set()
    for name in order:
        if name in seen:
            raise ValueError(f"duplicate field name: {name}")
        if name not in rest:
            raise ValueError(f"unknown field name: {name}")
        rest.remove(name)
        seen.add(name)
    return tuple([*order, *rest])


def _ufunc_inspect_signature_builder(ufunc):
    """Make the signature of a ufunc."""
    from numoxide._core._signatures import from_text

    inputs = ["x"] if ufunc.nin == 1 else [f"x{i + 1}" for i in range(ufunc.nin)]
    out = "out=None" if ufunc.nout == 1 else f"out=({', '.join(['None'] * ufunc.nout)})"
    parts = [*inputs, "/", out, "*"]
    if ufunc.signature is None:
        parts.append("where=True")
    else:
        parts += ["axes=<no value>", "axis=<no value>", "keepdims=False"]
    parts += ["casting='same_kind'", "order='K'", "dtype=None", "subok=True", "signature=None"]
    return from_text(f"({', '.join(parts)})")


def array_function_errmsg_formatter(public_api, types):
    """Write the error for a call that no argument answered."""
    name = f"{public_api.__module__}.{public_api.__name__}"
    return f"no implementation found for '{name}' on types that implement __array_function__: {list(types)}"


def array_ufunc_errmsg_formatter(dummy, ufunc, method, *inputs, **kwargs):
    """Write the error for a ufunc call that every operand declined."""
    shown = [*map(repr, inputs), *(f"{key}={value!r}" for key, value in kwargs.items())]
    operands = inputs + kwargs.get("out", ())
    kinds = ", ".join(repr(type(operand).__name__) for operand in operands)
    return (
        "operand type(s) all returned NotImplemented from "
        f"__array_ufunc__({ufunc!r}, {method!r}, {', '.join(shown)}): {kinds}"
    )


def _gcd(a, b):
    """The greatest common divisor of any two finite numbers."""
    import math

    if not (math.isfinite(a) and math.isfinite(b)):
        raise ValueError(f'Can only find greatest common divisor of finite arguments, found "{a}" and "{b}"')
    while b:
        a, b = b, a % b
    return abs(a)


def _lcm(a, b):
    """The least common multiple of any two finite numbers."""
    divisor = _gcd(a, b)
    return abs(a // divisor * b) if divisor else divisor
