"""The older operations on arrays of strings: those of `strings`, and arrays of the type `chararray`."""

from numoxide._core import multiarray as _ma
from numoxide._core import shape_base as _shape_base
from numoxide._core import strings as _strings
from numoxide._core._multiarray_umath import add, compare_chararrays, str_len
from numoxide._core.overrides import public, set_module
from numoxide._core.strings import _join as join
from numoxide._core.strings import _rsplit as rsplit
from numoxide._core.strings import _split as split
from numoxide._core.strings import _splitlines as splitlines
from numoxide._core.strings import (
    capitalize, center, count, decode, encode, endswith, expandtabs, find, index, isalnum, isalpha,
    isdecimal, isdigit, islower, isnumeric, isspace, istitle, isupper, ljust, lower, lstrip, mod,
    replace, rfind, rindex, rjust, rstrip, startswith, strip, swapcase, title, translate, upper,
    zfill,
)  # fmt: skip

__all__ = [
    "equal", "not_equal", "greater_equal", "less_equal", "greater", "less", "str_len", "add",
    "multiply", "mod", "capitalize", "center", "count", "decode", "encode", "endswith",
    "expandtabs", "find", "index", "isalnum", "isalpha", "isdigit", "islower", "isspace",
    "istitle", "isupper", "join", "ljust", "lower", "lstrip", "partition", "replace", "rfind",
    "rindex", "rjust", "rpartition", "rsplit", "rstrip", "split", "splitlines", "startswith",
    "strip", "swapcase", "title", "translate", "upper", "zfill", "isnumeric", "isdecimal", "array",
    "asarray", "compare_chararrays", "chararray",
]  # fmt: skip

_MODULE = "numpy.char"
compare_chararrays = set_module(_MODULE)(compare_chararrays)


def _comparison(name, sign, doc):
    """Declare a comparison that ignores blanks at the end."""

    def body(x1, x2):
        return compare_chararrays(x1, x2, sign, True)

    body.__name__ = body.__qualname__ = name
    body.__doc__ = doc
    return public("x1", "x2", module=_MODULE)(body)


equal = _comparison("equal", "==", "Compare by ``==``, ignoring blanks at the end.")
not_equal = _comparison("not_equal", "!=", "Compare by ``!=``, ignoring blanks at the end.")
greater_equal = _comparison("greater_equal", ">=", "Compare by ``>=``, ignoring blanks at the end.")
less_equal = _comparison("less_equal", "<=", "Compare by ``<=``, ignoring blanks at the end.")
greater = _comparison("greater", ">", "Compare by ``>``, ignoring blanks at the end.")
less = _comparison("less", "<", "Compare by ``<``, ignoring blanks at the end.")


@set_module(_MODULE)
def multiply(a, i):
    """Repeat each string `i` times.

    >>> np.char.multiply(["ab", "c"], 2)
    array(['abab', 'cc'], dtype='<U4')
    """
    try:
        return _strings.multiply(a, i)
    except TypeError:
        raise ValueError("Can only multiply by integers") from None


@set_module(_MODULE)
def partition(a, sep):
    """Split each string at the first `sep`; the three parts are a new last axis."""
    return _shape_base.stack(_strings.partition(a, sep), axis=-1)


@set_module(_MODULE)
def rpartition(a, sep):
    """Split each string at the last `sep`; the three parts are a new last axis."""
    return _shape_base.stack(_strings.rpartition(a, sep), axis=-1)


@set_module(_MODULE)
class chararray(_ma.ndarray):
    """An array of strings with the methods of strings, which drops blanks at the ends of items.

    It is kept for old programs; new ones use arrays of strings and `numoxide.strings`.
    """

    def __new__(
        cls, shape, itemsize=1, unicode=False, buffer=None, offset=0, strides=None, order="C"
    ):
        kind = _ma.dtype("U" if unicode else "S").char
        dtype, fill = f"{kind}{int(itemsize)}", None
        if isinstance(buffer, str):
            # Python's strings have no buffer: they fill the array instead.
            buffer, fill = None, buffer
        if buffer is None:
            made = super().__new__(cls, shape, dtype, order=order)
        else:
            made = super().__new__(
                cls, shape, dtype, buffer=buffer, offset=offset, strides=strides, order=order
            )
        if fill is not None:
            made[...] = fill
        return made

    def __array_wrap__(self, arr, context=None, return_scalar=False):
        if arr.dtype.char in "SUbc":
            return arr.view(type(self))
        return arr

    def __array_finalize__(self, obj):
        if self.dtype.char not in "VSUbc":
            raise ValueError("Can only create a chararray from string data.")

    def __getitem__(self, obj):
        found = super().__getitem__(obj)
        return found.rstrip() if isinstance(found, (str, bytes)) else found

    def __eq__(self, other):
        return equal(self, other)

    def __ne__(self, other):
        return not_equal(self, other)

    def __ge__(self, other):
        return greater_equal(self, other)

    def __le__(self, other):
        return less_equal(self, other)

    def __gt__(self, other):
        return greater(self, other)

    def __lt__(self, other):
        return less(self, other)

    def __add__(self, other):
        return add(self, other)

    def __radd__(self, other):
        return add(other, self)

    def __mul__(self, i):
        return asarray(multiply(self, i))

    def __rmul__(self, i):
        return asarray(multiply(self, i))

    def __mod__(self, i):
        return asarray(mod(self, i))

    def __rmod__(self, other):
        return NotImplemented

    def argsort(self, axis=-1, kind=None, order=None, *, stable=None):
        """Indices that sort the array."""
        return self.__array__().argsort(axis, kind, order, stable=stable)

    def capitalize(self):
        """See `char.capitalize`."""
        return asarray(capitalize(self))

    def center(self, width, fillchar=" "):
        """See `char.center`."""
        return asarray(center(self, width, fillchar))

    def count(self, sub, start=0, end=None):
        """See `char.count`."""
        return count(self, sub, start, end)

    def decode(self, encoding=None, errors=None):
        """See `char.decode`."""
        return decode(self, encoding, errors)

    def encode(self, encoding=None, errors=None):
        """See `char.encode`."""
        return encode(self, encoding, errors)

    def endswith(self, suffix, start=0, end=None):
        """See `char.endswith`."""
        return endswith(self, suffix, start, end)

    def expandtabs(self, tabsize=8):
        """See `char.expandtabs`."""
        return asarray(expandtabs(self, tabsize))

    def find(self, sub, start=0, end=None):
        """See `char.find`."""
        return find(self, sub, start, end)

    def index(self, sub, start=0, end=None):
        """See `char.index`."""
        return index(self, sub, start, end)

    def isalnum(self):
        """See `char.isalnum`."""
        return isalnum(self)

    def isalpha(self):
        """See `char.isalpha`."""
        return isalpha(self)

    def isdigit(self):
        """See `char.isdigit`."""
        return isdigit(self)

    def islower(self):
        """See `char.islower`."""
        return islower(self)

    def isspace(self):
        """See `char.isspace`."""
        return isspace(self)

    def istitle(self):
        """See `char.istitle`."""
        return istitle(self)

    def isupper(self):
        """See `char.isupper`."""
        return isupper(self)

    def join(self, seq):
        """See `char.join`."""
        return join(self, seq)

    def ljust(self, width, fillchar=" "):
        """See `char.ljust`."""
        return asarray(ljust(self, width, fillchar))

    def lower(self):
        """See `char.lower`."""
        return asarray(lower(self))

    def lstrip(self, chars=None):
        """See `char.lstrip`."""
        return lstrip(self, chars)

    def partition(self, sep):
        """See `char.partition`."""
        return asarray(partition(self, sep))

    def replace(self, old, new, count=None):
        """See `char.replace`."""
        return replace(self, old, new, -1 if count is None else count)

    def rfind(self, sub, start=0, end=None):
        """See `char.rfind`."""
        return rfind(self, sub, start, end)

    def rindex(self, sub, start=0, end=None):
        """See `char.rindex`."""
        return rindex(self, sub, start, end)

    def rjust(self, width, fillchar=" "):
        """See `char.rjust`."""
        return asarray(rjust(self, width, fillchar))

    def rpartition(self, sep):
        """See `char.rpartition`."""
        return asarray(rpartition(self, sep))

    def rsplit(self, sep=None, maxsplit=None):
        """See `char.rsplit`."""
        return rsplit(self, sep, maxsplit)

    def rstrip(self, chars=None):
        """See `char.rstrip`."""
        return rstrip(self, chars)

    def split(self, sep=None, maxsplit=None):
        """See `char.split`."""
        return split(self, sep, maxsplit)

    def splitlines(self, keepends=None):
        """See `char.splitlines`."""
        return splitlines(self, keepends)

    def startswith(self, prefix, start=0, end=None):
        """See `char.startswith`."""
        return startswith(self, prefix, start, end)

    def strip(self, chars=None):
        """See `char.strip`."""
        return strip(self, chars)

    def swapcase(self):
        """See `char.swapcase`."""
        return asarray(swapcase(self))

    def title(self):
        """See `char.title`."""
        return asarray(title(self))

    def translate(self, table, deletechars=None):
        """See `char.translate`."""
        return asarray(translate(self, table, deletechars))

    def upper(self):
        """See `char.upper`."""
        return asarray(upper(self))

    def zfill(self, width):
        """See `char.zfill`."""
        return asarray(zfill(self, width))

    def isnumeric(self):
        """See `char.isnumeric`."""
        return isnumeric(self)

    def isdecimal(self):
        """See `char.isdecimal`."""
        return isdecimal(self)


def _from_text(text, itemsize, copy, unicode, order):
    """A chararray of a Python string or bytes, cut into items of `itemsize`."""
    if unicode is None:
        unicode = isinstance(text, str)
    if itemsize is None:
        itemsize = len(text)
    shape = len(text) // itemsize
    return chararray(shape, itemsize=itemsize, unicode=unicode, buffer=text, order=order)


def _from_strings(arr, itemsize, copy, unicode, order):
    """A chararray of an array of strings or bytes."""
    arr = arr.view(chararray)
    is_str = arr.dtype.kind == "U"
    if itemsize is None:
        itemsize = arr.itemsize // (4 if is_str else 1)
    if unicode is None:
        unicode = is_str
    if order is not None:
        arr = _ma.asarray(arr, order=order).view(chararray)
    changed = itemsize != arr.itemsize // (4 if is_str else 1) or unicode != is_str
    if copy or changed:
        arr = arr.astype(f"{'U' if unicode else 'S'}{int(itemsize)}")
    return arr


@set_module(_MODULE)
def array(obj, itemsize=None, copy=True, unicode=None, order=None):
    """Make a `chararray` of strings, of an array or of a sequence of anything that has a text.

    >>> np.char.array(["ab", "c"])
    chararray(['ab', 'c'], dtype='<U2')
    """
    if isinstance(obj, (bytes, str)):
        return _from_text(obj, itemsize, copy, unicode, order)
    if isinstance(obj, (list, tuple)):
        obj = _ma.asarray(obj)
    if isinstance(obj, _ma.ndarray) and issubclass(obj.dtype.type, _ma.character):
        return _from_strings(obj, itemsize, copy, unicode, order)
    if isinstance(obj, _ma.ndarray) and itemsize is None:
        # A list lets the longest item decide the width.
        obj = obj.tolist()
    kind = "U" if unicode else "S"
    dtype = kind if itemsize is None else f"{kind}{int(itemsize)}"
    made = _ma.array(obj, dtype=dtype, order=order, subok=True, copy=copy or None)
    return made.view(chararray)


@set_module(_MODULE)
def asarray(obj, itemsize=None, unicode=None, order=None):
    """Make a `chararray`, of the same memory where possible.

    >>> np.char.asarray(["ab", "c"])
    chararray(['ab', 'c'], dtype='<U2')
    """
    return array(obj, itemsize, copy=False, unicode=unicode, order=order)
