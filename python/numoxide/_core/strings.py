"""Operations on strings and bytes: loops of the engine, and the sizes of what they give."""

import sys

from numoxide._core import _multiarray_umath as _ext
from numoxide._core.multiarray import (
    _vec_string, asanyarray, asarray, broadcast, empty, empty_like, where,
)  # fmt: skip
from numoxide._core.numerictypes import issubdtype
from numoxide._core.overrides import home, public, set_module
from numoxide._core.umath import (  # noqa: F401
    _center, _expandtabs, _expandtabs_length, _ljust, _lstrip_chars, _lstrip_whitespace,
    _partition_index, _replace, _rjust, _rpartition_index, _rstrip_chars, _rstrip_whitespace,
    _slice, _strip_chars, _strip_whitespace, _zfill, add, equal, greater, greater_equal,
    isalnum, isalpha, isdecimal, isdigit, islower, isnumeric, isspace, istitle, isupper, less,
    less_equal, maximum, minimum, not_equal, str_len,
)  # fmt: skip
from numoxide._globals import _NoValue

__all__ = [
    "equal", "not_equal", "less", "less_equal", "greater", "greater_equal", "add", "multiply",
    "isalpha", "isdigit", "isspace", "isalnum", "islower", "isupper", "istitle", "isdecimal",
    "isnumeric", "str_len", "find", "rfind", "index", "rindex", "count", "startswith", "endswith",
    "lstrip", "rstrip", "strip", "replace", "expandtabs", "center", "ljust", "rjust", "zfill",
    "partition", "rpartition", "slice", "upper", "lower", "swapcase", "capitalize", "title", "mod",
    "decode", "encode", "translate",
]  # fmt: skip

MAX = sys.maxsize
_MODULE = "numpy.strings"

for _ufunc in (isalpha, isdigit, isspace, isalnum, islower, isupper, istitle, isdecimal, isnumeric,
               str_len):  # fmt: skip
    _ufunc.__module__ = home(_MODULE)


def _room(lengths, *operands):
    """Make an array of the first operand's type of text, wide enough for items of these lengths."""
    dtype = f"{operands[0].dtype.char}{lengths.max() if lengths.size else 1}"
    return empty_like(operands[0], dtype=dtype, shape=broadcast(*operands).shape)


def _check_integer(value, operand):
    """Refuse counts and widths that are not integers."""
    if not issubdtype(value.dtype, _ext.integer):
        raise TypeError(f"unsupported type {value.dtype} for operand '{operand}'")


def _same_kind(value, a):
    """Make text of `a`'s kind of an argument that is not an array yet."""
    if hasattr(value, "dtype"):
        return asanyarray(value)
    value = asanyarray(value)
    return value if value.dtype.char == a.dtype.char else value.astype(a.dtype.char)


def _as_given(result, like):
    """Turn objects from a method into text; `like` gives the dtype if there are none."""
    return asarray(result.tolist()) if result.size else result.astype(like.dtype)


def _without_none(*values):
    """Arguments up to the first that is missing."""
    found = []
    for value in values:
        if value is None:
            break
        found.append(value)
    return found


@public("a", module=_MODULE)
def multiply(a, i):
    """Repeat each string `i` times.

    >>> np.strings.multiply(["ab", "c"], 2)
    array(['abab', 'cc'], dtype='<U4')
    """
    a, i = asanyarray(a), asanyarray(i)
    _check_integer(i, "i")
    i = maximum(i, 0)
    lengths = str_len(a)
    if (lengths > MAX / maximum(i, 1)).any():
        raise OverflowError("Overflow encountered in string multiply")
    return _ext.multiply(a, i, out=_room(lengths * i, a, i))


def _search(name, doc):
    """Declare a search: a loop whose ends may be left out."""
    loop = getattr(_ext, name)

    def search(a, sub, start=0, end=None):
        return loop(a, sub, start, MAX if end is None else end)

    search.__name__ = search.__qualname__ = name
    search.__doc__ = doc
    return set_module(_MODULE)(search)


find = _search("find", "The first place of `sub` in each string, or -1.")
rfind = _search("rfind", "The last place of `sub` in each string, or -1.")
index = _search("index", "The first place of `sub` in each string; an error if there is none.")
rindex = _search("rindex", "The last place of `sub` in each string; an error if there is none.")
count = _search("count", "How often `sub` stands in each string, without overlap.")


@set_module(_MODULE)
def startswith(a, prefix, start=0, end=None):
    """Whether each string starts with `prefix`."""
    return _ext.startswith(a, prefix, start, MAX if end is None else end)


@set_module(_MODULE)
def endswith(a, suffix, start=0, end=None):
    """Whether each string ends with `suffix`."""
    return _ext.endswith(a, suffix, start, MAX if end is None else end)


@set_module(_MODULE)
def lstrip(a, chars=None):
    """Leave out white space, or the characters given, at the start of each string."""
    return _lstrip_whitespace(a) if chars is None else _lstrip_chars(a, chars)


@set_module(_MODULE)
def rstrip(a, chars=None):
    """Leave out white space, or the characters given, at the end of each string."""
    return _rstrip_whitespace(a) if chars is None else _rstrip_chars(a, chars)


@set_module(_MODULE)
def strip(a, chars=None):
    """Leave out white space, or the characters given, at both ends of each string.

    >>> np.strings.strip([" a ", "b"])
    array(['a', 'b'], dtype='<U3')
    """
    return _strip_whitespace(a) if chars is None else _strip_chars(a, chars)


@public("a", "old", "new", module=_MODULE)
def replace(a, old, new, count=-1):
    """Put `new` in the place of `old`, at most `count` times.

    >>> np.strings.replace(["cat"], "a", "oa")
    array(['coat'], dtype='<U4')
    """
    count = asanyarray(count)
    _check_integer(count, "count")
    a = asanyarray(a)
    old, new = _same_kind(old, a), _same_kind(new, a)
    found = _ext.count(a, old, 0, MAX)
    count = where(count < 0, found, minimum(found, count))
    lengths = str_len(a) + count * (str_len(new) - str_len(old))
    return _replace(a, old, new, count, out=_room(lengths, a, old, new, count))


@public("a", module=_MODULE)
def expandtabs(a, tabsize=8):
    """Put spaces in the place of tabs, up to the next multiple of `tabsize`."""
    a, tabsize = asanyarray(a), asanyarray(tabsize)
    lengths = _expandtabs_length(a, tabsize)
    return _expandtabs(a, tabsize, out=_room(lengths, a, tabsize))


def _justify(loop, a, width, fillchar):
    """Pad strings to a width with a character."""
    width = asanyarray(width)
    _check_integer(width, "width")
    a, fillchar = asanyarray(a), asanyarray(fillchar)
    if (str_len(fillchar) != 1).any():
        raise TypeError("The fill character must be exactly one character long")
    if fillchar.dtype.char != a.dtype.char:
        fillchar = fillchar.astype(a.dtype)
    width = maximum(str_len(a), width)
    return loop(a, width, fillchar, out=_room(width, a, width, fillchar))


@public("a", module=_MODULE)
def center(a, width, fillchar=" "):
    """Pad each string to `width` on both sides.

    >>> np.strings.center(["ab"], 5, "*")
    array(['**ab*'], dtype='<U5')
    """
    return _justify(_center, a, width, fillchar)


@public("a", module=_MODULE)
def ljust(a, width, fillchar=" "):
    """Pad each string to `width` on the right."""
    return _justify(_ljust, a, width, fillchar)


@public("a", module=_MODULE)
def rjust(a, width, fillchar=" "):
    """Pad each string to `width` on the left."""
    return _justify(_rjust, a, width, fillchar)


@public("a", module=_MODULE)
def zfill(a, width):
    """Pad each string to `width` with zeros behind its sign.

    >>> np.strings.zfill(["-1", "22"], 4)
    array(['-001', '0022'], dtype='<U4')
    """
    width, a = asanyarray(width), asanyarray(a)
    _check_integer(width, "width")
    width = maximum(str_len(a), width)
    return _zfill(a, width, out=_room(width, a, width))


def _split_at(search, loop, a, sep):
    """Split at the place that `search` finds."""
    a = asanyarray(a)
    sep = _same_kind(sep, a)
    if sep.dtype.char != a.dtype.char:
        sep = sep.astype(a.dtype.char)
    at = search(a, sep, 0, MAX)
    missing, length, width = at < 0, str_len(a), str_len(sep)
    whole, rest = where(missing, length, at), where(missing, 0, length - at - width)
    if loop is _rpartition_index:
        whole, rest = where(missing, 0, at), where(missing, length, length - at - width)
    shape = broadcast(a, sep).shape
    sizes = [part.max() if part.size else 0 for part in (whole, where(missing, 0, width), rest)]
    parts = empty_like(a, shape=shape, dtype=",".join(f"{a.dtype.char}{size}" for size in sizes))
    return loop(a, sep, at, out=tuple(parts[f"f{i}"] for i in range(3)))


@public("a", module=_MODULE)
def partition(a, sep):
    """Split each string at the first `sep`: what is before it, itself, what is behind it."""
    return _split_at(_ext.find, _partition_index, a, sep)


@public("a", module=_MODULE)
def rpartition(a, sep):
    """Split each string at the last `sep`: what is before it, itself, what is behind it."""
    return _split_at(_ext.rfind, _rpartition_index, a, sep)


@set_module(_MODULE)
def slice(a, start=None, stop=_NoValue, step=None, /):
    """Take characters as slices of Python strings do, with arrays for the ends on demand.

    >>> np.strings.slice(["hello", "world"], 1, 4)
    array(['ell', 'orl'], dtype='<U5')
    """
    if stop is _NoValue:
        start, stop = None, start
    step = asanyarray(1 if step is None else step)
    back = step < 0
    if start is None:
        start = where(back, MAX, 0)
    if stop is None:
        stop = where(back, -MAX - 1, MAX)
    return _slice(a, start, stop, step)


def _method(name, doc):
    """Declare a change of case: a method of Python's strings, in the same width."""

    def body(a):
        a = asarray(a)
        return _vec_string(a, a.dtype, name)

    body.__name__ = body.__qualname__ = name
    body.__doc__ = doc
    return public("a", module=_MODULE)(body)


upper = _method("upper", "Write all letters as capitals.")
lower = _method("lower", "Write all letters small.")
swapcase = _method("swapcase", "Write capitals small, and small letters as capitals.")
capitalize = _method("capitalize", "Write the first character as a capital, the others small.")
title = _method("title", "Write each word with a capital and small letters behind it.")


@public("a", "values", module=_MODULE)
def mod(a, values):
    """Fill values into the ``%`` formats of each string.

    >>> np.strings.mod(["%d apples", "%.1f kg"], [3, 2.25])
    array(['3 apples', '2.2 kg'], dtype='<U8')
    """
    a = asanyarray(a)
    return _as_given(_vec_string(a, object, "__mod__", (values,)), a)


@public("a", module=_MODULE)
def decode(a, encoding=None, errors=None):
    """Turn bytes into strings."""
    found = _vec_string(a, object, "decode", _without_none(encoding, errors))
    return _as_given(found, asarray(""))


@public("a", module=_MODULE)
def encode(a, encoding=None, errors=None):
    """Turn strings into bytes."""
    found = _vec_string(a, object, "encode", _without_none(encoding, errors))
    return _as_given(found, asarray(b""))


@public("a", module=_MODULE)
def translate(a, table, deletechars=None):
    """Map each character through a table; of bytes, those in `deletechars` are left out."""
    a = asarray(a)
    more = [] if a.dtype.kind == "U" else _without_none(deletechars)
    cell = empty((), dtype=object)
    cell[()] = table  # One table serves all: it does not broadcast.
    return _vec_string(a, a.dtype, "translate", [cell, *more])


@public("sep", "seq", module=_MODULE)
def _join(sep, seq):
    """Join the characters of each string by a separator.

    >>> np.char.join(",", ["ab", "c"])
    array(['a,b', 'c'], dtype='<U3')
    """
    seq = asarray(seq)
    return _as_given(_vec_string(sep, object, "join", (seq,)), seq)


@public("a", module=_MODULE)
def _split(a, sep=None, maxsplit=None):
    """Split each string into a list, at `sep` or at white space."""
    return _vec_string(a, object, "split", [sep, *_without_none(maxsplit)])


@public("a", module=_MODULE)
def _rsplit(a, sep=None, maxsplit=None):
    """Split each string into a list, from the right."""
    return _vec_string(a, object, "rsplit", [sep, *_without_none(maxsplit)])


@public("a", module=_MODULE)
def _splitlines(a, keepends=None):
    """Split each string into a list of its lines."""
    return _vec_string(a, object, "splitlines", _without_none(keepends))
