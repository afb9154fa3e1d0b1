"""Record arrays: structured arrays whose fields are attributes."""

import os
import warnings
from collections import Counter
from contextlib import nullcontext

from numoxide._core import numeric as sb
from numoxide._core import numerictypes as nt
from numoxide._core.arrayprint import _get_legacy_print_mode
from numoxide._core.overrides import set_module

__all__ = [
    "record", "recarray", "format_parser", "fromarrays", "fromrecords", "fromstring", "fromfile",
    "array", "find_duplicate",
]  # fmt: skip

ndarray = sb.ndarray
_ORDERS = {
    "b": ">", "l": "<", "n": "=", "B": ">", "L": "<", "N": "=", "S": "s", "s": "s", ">": ">",
    "<": "<", "=": "=", "|": "|", "I": "|", "i": "|",
}  # fmt: skip


@set_module("numpy.rec")
def find_duplicate(list):
    """Find the items that stand in a list more than once.

    >>> np.rec.find_duplicate(["a", "b", "a"])
    ['a']
    """
    return [item for item, count in Counter(list).items() if count > 1]


@set_module("numpy.rec")
class format_parser:
    """A dtype made of formats, names and titles; it is the attribute `dtype`.

    >>> np.rec.format_parser("f8,i4", "x,y", []).dtype.names
    ('x', 'y')
    """

    def __init__(self, formats, names, titles, aligned=False, byteorder=None):
        if formats is None:
            raise ValueError("Need formats argument")
        if isinstance(formats, list):
            made = sb.dtype([(f"f{i}", kind) for i, kind in enumerate(formats)], aligned)
        else:
            made = sb.dtype(formats, aligned)
        if made.fields is None:
            made = sb.dtype([("f1", made)], aligned)
        self._nfields = len(made.names)
        self._f_formats = [made.fields[name][0] for name in made.names]
        self._offsets = [made.fields[name][1] for name in made.names]
        self._names = self._choose_names(names)
        self._titles = self._choose_titles(titles)
        spec = {
            "names": self._names, "formats": self._f_formats, "offsets": self._offsets,
            "titles": self._titles,
        }  # fmt: skip
        self.dtype = sb.dtype(spec)
        if byteorder is not None:
            self.dtype = self.dtype.newbyteorder(_ORDERS[byteorder[0]])

    def _choose_names(self, names):
        """Give each field the name asked for, or fN."""
        if names:
            if not isinstance(names, (list, tuple)):
                if not isinstance(names, str):
                    raise NameError(f"illegal input names {names!r}")
                names = names.split(",")
            chosen = [name.strip() for name in names[: self._nfields]]
        else:
            chosen = []
        chosen += [f"f{i}" for i in range(len(chosen), self._nfields)]
        twice = find_duplicate(chosen)
        if twice:
            raise ValueError(f"Duplicate field names: {twice}")
        return chosen

    def _choose_titles(self, titles):
        """Give each field the title asked for, or none."""
        chosen = [title.strip() for title in titles] if titles else []
        return chosen + [None] * (self._nfields - len(chosen))


class record(nt.void):
    """One row of a record array: its fields are attributes.

    >>> np.rec.array([(1, 2.5)], names="a,b")[0].b
    2.5
    """

    __name__ = "record"

    def __repr__(self):
        return str(self) if _get_legacy_print_mode() <= 113 else super().__repr__()

    def __str__(self):
        return str(self.item()) if _get_legacy_print_mode() <= 113 else super().__str__()

    def __getattribute__(self, attr):
        if attr in ("setfield", "getfield", "dtype"):
            return nt.void.__getattribute__(self, attr)
        try:
            return nt.void.__getattribute__(self, attr)
        except AttributeError:
            pass
        found = (nt.void.__getattribute__(self, "dtype").fields or {}).get(attr)
        if found is None:
            raise AttributeError(f"'record' object has no attribute '{attr}'")
        value = self.getfield(*found[:2])
        try:
            kind = value.dtype
        except AttributeError:
            return value
        # A struct inside shows its fields as attributes too.
        return value.view((self.__class__, kind)) if kind.names is not None else value

    def __setattr__(self, attr, val):
        if attr in ("setfield", "getfield", "dtype"):
            raise AttributeError(f"Cannot set '{attr}' attribute")
        found = (nt.void.__getattribute__(self, "dtype").fields or {}).get(attr)
        if found is not None:
            return self.setfield(val, *found[:2])
        if getattr(self, attr, None) is not None:
            return nt.void.__setattr__(self, attr, val)
        raise AttributeError(f"'record' object has no attribute '{attr}'")

    def __getitem__(self, indx):
        value = nt.void.__getitem__(self, indx)
        if isinstance(value, nt.void) and value.dtype.names is not None:
            return value.view((self.__class__, value.dtype))
        return value

    def pprint(self):
        """Write the fields, one a line."""
        width = max(map(len, self.dtype.names))
        return "\n".join(f"{name:>{width}}: {getattr(self, name)}" for name in self.dtype.names)


set_module("numpy")(record)


@set_module("numpy.rec")
class recarray(ndarray):
    """An array of records: its fields are attributes.

    >>> np.rec.array([(1, 2.5), (3, 4.5)], names="a,b").b
    array([2.5, 4.5])
    """

    def __new__(
        subtype, shape, dtype=None, buf=None, offset=0, strides=None, formats=None, names=None,
        titles=None, byteorder=None, aligned=False, order="C",
    ):  # fmt: skip
        if dtype is not None:
            descr = sb.dtype(dtype)
        else:
            descr = format_parser(formats, names, titles, aligned, byteorder).dtype
        kind = (record, descr)
        if buf is None:
            return ndarray.__new__(subtype, shape, kind, order=order)
        return ndarray.__new__(
            subtype, shape, kind, buffer=buf, offset=offset, strides=strides, order=order
        )

    def __array_finalize__(self, obj):
        if self.dtype.type is not record and self.dtype.names is not None:
            self.dtype = self.dtype

    def _as_column(self, value):
        """Show a field as it is read: records as a record array, the rest as a plain array."""
        kind = value.dtype
        if kind.names is None:
            return value.view(ndarray)
        if issubclass(kind.type, nt.void):
            return value.view(dtype=(self.dtype.type, kind))
        return value

    def __getattribute__(self, attr):
        try:
            return object.__getattribute__(self, attr)
        except AttributeError:
            pass
        try:
            found = ndarray.__getattribute__(self, "dtype").fields[attr][:2]
        except (TypeError, KeyError) as error:
            raise AttributeError(f"recarray has no attribute {attr}") from error
        return self._as_column(self.getfield(*found))

    def __setattr__(self, attr, val):
        if attr == "dtype" and issubclass(val.type, nt.void) and val.names is not None:
            val = sb.dtype((record, val))
        known = attr in self.__dict__
        fields = ndarray.__getattribute__(self, "dtype").fields or {}
        try:
            result = object.__setattr__(self, attr, val)
        except Exception:
            if attr not in fields:
                raise
        else:
            if attr not in fields:
                return result
            if not known:
                # The attribute was new: the field has the name.
                try:
                    object.__delattr__(self, attr)
                except Exception:
                    return result
        return self.setfield(val, *fields[attr][:2])

    def __getitem__(self, indx):
        found = super().__getitem__(indx)
        if not isinstance(found, ndarray):
            return found
        if found.dtype.names is None:
            return found.view(type=ndarray)
        found = found.view(type(self))
        if issubclass(found.dtype.type, nt.void):
            return found.view(dtype=(self.dtype.type, found.dtype))
        return found

    def __repr__(self):
        kind = self.dtype
        if kind.type is record or not issubclass(kind.type, nt.void):
            if kind.type is record:
                kind = sb.dtype((nt.void, kind))
            prefix, template = "rec.array(", "rec.array({},\n{}dtype={})"
        else:
            prefix, template = "array(", "array({},\n{}dtype={}).view(numpy.recarray)"
        if self.size > 0 or self.shape == (0,):
            text = sb.array2string(self, separator=", ", prefix=prefix, suffix=",")
        else:
            text = f"[], shape={self.shape!r}"
        return template.format(text, " " * len(prefix), kind)

    def field(self, attr, val=None):
        """Read a field by name or number, or set it."""
        if isinstance(attr, int):
            attr = ndarray.__getattribute__(self, "dtype").names[attr]
        found = ndarray.__getattribute__(self, "dtype").fields[attr][:2]
        if val is not None:
            return self.setfield(val, *found)
        value = self.getfield(*found)
        return value if value.dtype.names is not None else value.view(ndarray)


def _shape_or_none(shape):
    """Take a zero for no shape, as long as that is tolerated."""
    if shape == 0:
        warnings.warn(
            "Passing `shape=0` to have the shape be inferred is deprecated, and in future will be "
            "equivalent to `shape=(0,)`. To infer the shape and suppress this warning, pass "
            "`shape=None` instead.",
            FutureWarning,
            stacklevel=3,
        )
        return None
    return shape


def _description(dtype, formats, names, titles, aligned, byteorder):
    """The dtype given, or that of the formats."""
    if dtype is not None:
        return sb.dtype(dtype)
    return format_parser(formats, names, titles, aligned, byteorder).dtype


@set_module("numpy.rec")
def fromarrays(
    arrayList, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False,
    byteorder=None,
):  # fmt: skip
    """Make a record array of columns.

    >>> np.rec.fromarrays([[1, 2], [3.0, 4.0]], names="a,b").a
    array([1, 2])
    """
    columns = [sb.asarray(x) for x in arrayList]
    shape = _shape_or_none(shape)
    if shape is None:
        shape = columns[0].shape
    elif isinstance(shape, int):
        shape = (shape,)
    if formats is None and dtype is None:
        formats = [column.dtype for column in columns]
    descr = _description(dtype, formats, names, titles, aligned, byteorder)
    if len(descr) != len(columns):
        raise ValueError("mismatch between the number of fields and the number of arrays")
    inner = descr[0].shape
    if inner:
        shape = shape[: -len(inner)]
    made = recarray(shape, descr)
    for index, (name, column) in enumerate(zip(descr.names, columns, strict=True)):
        extra = descr[index].ndim
        if column.shape[: column.ndim - extra] != shape:
            raise ValueError(f'array-shape mismatch in array {index} ("{name}")')
        made[name] = column
    return made


@set_module("numpy.rec")
def fromrecords(
    recList, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False,
    byteorder=None,
):  # fmt: skip
    """Make a record array of rows.

    >>> np.rec.fromrecords([(1, "a"), (2, "b")], names="n,s").s
    array(['a', 'b'], dtype='<U1')
    """
    if formats is None and dtype is None:
        rows = sb.array(recList, dtype=object)
        columns = [
            sb.array(rows[..., i].tolist()) for i in range(rows.shape[-1])
        ]
        return fromarrays(
            columns, formats=formats, shape=shape, names=names, titles=titles, aligned=aligned,
            byteorder=byteorder,
        )  # fmt: skip
    kind = _description(dtype, formats, names, titles, aligned, byteorder)
    descr = sb.dtype((record, kind))
    try:
        made = sb.array(recList, dtype=descr)
    except (TypeError, ValueError):
        return _rows_one_by_one(recList, descr, shape)
    if shape is not None and made.shape != shape:
        made.shape = shape
    return made.view(recarray)


def _rows_one_by_one(rows, descr, shape):
    """Fill a record array from rows that are lists."""
    shape = _shape_or_none(shape)
    if shape is None:
        shape = len(rows)
    if isinstance(shape, int):
        shape = (shape,)
    if len(shape) > 1:
        raise ValueError("Can only deal with 1-d list of records.")
    made = recarray(shape, descr)
    for index in range(made.size):
        made[index] = tuple(rows[index])
    warnings.warn(
        "fromrecords expected a list of tuples, may have received a list of lists instead. In "
        "the future that will raise an error",
        FutureWarning,
        stacklevel=3,
    )
    return made


@set_module("numpy.rec")
def fromstring(
    datastring, dtype=None, shape=None, offset=0, formats=None, names=None, titles=None,
    aligned=False, byteorder=None,
):  # fmt: skip
    """View bytes as a record array.

    >>> np.rec.fromstring(b"abcd", formats="u1,u1").f1
    array([ 98, 100], dtype=uint8)
    """
    if dtype is None and formats is None:
        raise TypeError("fromstring() needs a 'dtype' or 'formats' argument")
    descr = _description(dtype, formats, names, titles, aligned, byteorder)
    shape = _shape_or_none(shape)
    if shape in (None, -1):
        shape = (len(datastring) - offset) // descr.itemsize
    return recarray(shape, descr, buf=datastring, offset=offset)


def get_remaining_size(fd):
    """Count the bytes between a file's position and its end."""
    here = fd.tell()
    try:
        fd.seek(0, 2)
        return fd.tell() - here
    finally:
        fd.seek(here, 0)


@set_module("numpy.rec")
def fromfile(
    fd, dtype=None, shape=None, offset=0, formats=None, names=None, titles=None, aligned=False,
    byteorder=None,
):  # fmt: skip
    """Read a record array from a file."""
    if dtype is None and formats is None:
        raise TypeError("fromfile() needs a 'dtype' or 'formats' argument")
    shape = _shape_or_none(shape)
    if shape is None:
        shape = (-1,)
    elif isinstance(shape, int):
        shape = (shape,)
    opened = nullcontext(fd) if hasattr(fd, "readinto") else open(os.fspath(fd), "rb")
    with opened as file:
        if offset > 0:
            file.seek(offset, 1)
        size = get_remaining_size(file)
        descr = _description(dtype, formats, names, titles, aligned, byteorder)
        wanted = sb.array(shape).prod(dtype=nt.intp)
        need = wanted * descr.itemsize
        if need < 0:
            known = list(shape)
            known[known.index(-1)] = size // -need
            shape = tuple(known)
            wanted = sb.array(shape).prod(dtype=nt.intp)
        if wanted * descr.itemsize > size:
            raise ValueError("Not enough bytes left in file for specified shape and type.")
        made = recarray(shape, descr)
        if file.readinto(made.data) != wanted * descr.itemsize:
            raise OSError("Didn't read as many bytes as expected")
    return made


@set_module("numpy.rec")
def array(
    obj, dtype=None, shape=None, offset=0, strides=None, formats=None, names=None, titles=None,
    aligned=False, byteorder=None, copy=True,
):  # fmt: skip
    """Make a record array of whatever holds records: rows, columns, bytes, a file, an array.

    >>> np.rec.array([(1, 2.5)], names="a,b").a
    array([1])
    """
    reads = obj is None or isinstance(obj, str) or hasattr(obj, "readinto")
    if reads and formats is None and dtype is None:
        raise ValueError("Must define formats (or dtype) if object is None, string, or an open file")
    parts = {"names": names, "titles": titles, "aligned": aligned, "byteorder": byteorder}
    given = {}
    if dtype is not None:
        dtype = sb.dtype(dtype)
    elif formats is not None:
        dtype = format_parser(formats, **parts).dtype
    else:
        given = {"formats": formats, **parts}
    if obj is None:
        if shape is None:
            raise ValueError("Must define a shape if obj is None")
        return recarray(shape, dtype, buf=obj, offset=offset, strides=strides)
    if isinstance(obj, bytes):
        return fromstring(obj, dtype, shape=shape, offset=offset, **given)
    if isinstance(obj, (list, tuple)):
        if isinstance(obj[0], (tuple, list)):
            return fromrecords(obj, dtype=dtype, shape=shape, **given)
        return fromarrays(obj, dtype=dtype, shape=shape, **given)
    if isinstance(obj, recarray):
        made = obj.view(dtype) if dtype is not None and obj.dtype != dtype else obj
        return made.copy() if copy else made
    if hasattr(obj, "readinto"):
        return fromfile(obj, dtype=dtype, shape=shape, offset=offset)
    if isinstance(obj, ndarray):
        made = obj.view(dtype) if dtype is not None and obj.dtype != dtype else obj
        return (made.copy() if copy else made).view(recarray)
    interface = getattr(obj, "__array_interface__", None)
    if not isinstance(interface, dict):
        raise ValueError("Unknown input type")
    made = sb.array(obj)
    if dtype is not None and made.dtype != dtype:
        made = made.view(dtype)
    return made.view(recarray)
