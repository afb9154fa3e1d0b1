"""Printing of arrays: `array2string`, `array_repr`, `array_str` and text of single floats."""

import contextlib
import functools
import operator
import sys
from _thread import get_ident

from numoxide._core import _multiarray_umath as _ext
from numoxide._core import numerictypes as nt
from numoxide._core._elementformat import StructFormat, format_for
from numoxide._core._multiarray_umath import (
    array,
    dragon4_positional,
    dragon4_scientific,
    dtype as _dtype_class,
    ndarray,
)
from numoxide._core.overrides import public, set_module
from numoxide._core.printoptions import (
    format_options,
    get_printoptions,
    legacy_print_mode as _get_legacy_print_mode,
    make_options_dict,
    printoptions,
    set_printoptions,
)

__all__ = [
    "array2string", "array_str", "array_repr", "set_printoptions", "get_printoptions",
    "printoptions", "format_float_positional", "format_float_scientific",
]


def _edges(count, options):
    """How many items stay at each end of an axis, or None if all do."""
    edge = options["edgeitems"]
    return edge if count > 2 * edge else None


def _kept(count, edge):
    """The positions that are shown along an axis."""
    if edge is None:
        return range(count)
    # The last item shows even when no edge items are wanted.
    return [*range(edge), *range(count - max(edge, 1), count)]


def _shown_part(data, edges):
    """The elements that are shown of a summarised array."""
    for axis, edge in enumerate(edges):
        if edge is not None:
            index = _kept(data.shape[axis], edge)
            data = data[(slice(None),) * axis + (index,)]
    return data


def _shown_items(a, edges, prefix=()):
    """The shown elements of an array that has its own indexing, in C order."""
    if len(prefix) == a.ndim:
        yield a[prefix]
        return
    for i in _kept(a.shape[len(prefix)], edges[len(prefix)]):
        yield from _shown_items(a, edges, prefix + (i,))


class _Layout:
    """Puts the words of an array into rows and brackets."""

    def __init__(self, words, shape, edges, separator, legacy):
        self.words = iter(words)
        self.shape = shape
        self.edges = edges
        self.separator = separator
        self.legacy = legacy

    def render(self, indent, width):
        """The text of the whole array."""
        if not self.shape:
            return next(self.words)
        return self._axis(0, indent, width)

    def _axis(self, axis, indent, width):
        """The text of one sub-array along `axis` and those after it."""
        if axis == len(self.shape) - 1:
            text = self._row(axis, indent, width)
        else:
            text = self._rows(axis, indent, width)
        return "[" + text[len(indent):] + "]"

    def _rows(self, axis, indent, width):
        """Sub-arrays one below the other, with blank lines between higher axes."""
        count, edge = self.shape[axis], self.edges[axis]
        between = self.separator.rstrip() + "\n" * (len(self.shape) - axis - 1)
        inner = indent + " "
        inner_width = width - 1 if self.legacy > 113 else width
        parts = []
        for place, _ in enumerate(_kept(count, edge)):
            if edge is not None and place == edge:
                parts.append(self._ellipsis_row(indent, between))
            text = indent + self._axis(axis + 1, inner, inner_width)
            parts.append(text + between)
        if parts:
            parts[-1] = parts[-1][: -len(between)]
        return "".join(parts)

    def _ellipsis_row(self, indent, between):
        if self.legacy <= 113:
            return indent + "..., \n"
        return indent + "..." + between

    def _row(self, axis, indent, width):
        """The last axis: words side by side, wrapped at the line width."""
        separator, legacy = self.separator, self.legacy
        count, edge = self.shape[axis], self.edges[axis]
        whole, width = width, width - len(separator.rstrip())
        if legacy > 113:
            whole = width = min(width, whole - len("]"))
        row = _Row(indent, width, legacy)
        pieces = len(_kept(count, edge)) + (edge is not None)
        for place in range(pieces):
            last = place == pieces - 1
            if place == edge:
                row.add_dots("...", separator if not last else "")
            else:
                if last:
                    # No separator follows, which only release 1.13 makes use of.
                    row.width = whole
                row.add(next(self.words))
                if not last:
                    row.line += separator
        return row.text()


class _Row:
    """A row that grows word by word and wraps."""

    def __init__(self, indent, width, legacy):
        self.lines = []
        self.line = indent
        self.indent = indent
        self.width = width
        self.legacy = legacy

    def _break(self, start):
        self.lines.append(self.line.rstrip())
        self.line = start

    def add(self, word):
        """Append a word, on a new line if it does not fit."""
        if "\n" in word and self.legacy > 113:
            return self._add_tall(word.splitlines())
        if len(self.line) + len(word) > self.width:
            if self.legacy <= 113 or len(self.line) > len(self.indent):
                self._break(self.indent)
        self.line += word

    def add_dots(self, dots, separator):
        """Append the mark for items left out."""
        self.add(dots)
        self.line += ", " if self.legacy <= 113 else separator

    def _add_tall(self, rows):
        """Append a word of several lines, each below the other."""
        if not rows:
            return
        widest = max(map(len, rows))
        if len(self.line) + widest > self.width and len(self.line) > len(self.indent):
            self._break(self.indent)
            margin = self.indent
        else:
            margin = " " * len(self.line)
        self.line += rows[0]
        for row in rows[1:]:
            self._break(margin + row)
        self.line += " " * (widest - len(rows[-1]))

    def text(self):
        """All lines."""
        return "\n".join([*self.lines, self.line])


def _recursive_guard(fillvalue="..."):
    """Make a decorator that returns `fillvalue` for an array that is inside itself."""

    def decorate(function):
        running = set()

        @functools.wraps(function)
        def guarded(self, *args, **kwargs):
            key = id(self), get_ident()
            if key in running:
                return fillvalue
            running.add(key)
            try:
                return function(self, *args, **kwargs)
            finally:
                running.discard(key)

        return guarded

    return decorate


@_recursive_guard()
def _array2string(a, options, separator=" ", prefix=""):
    data = _ext.asarray(a)
    if a.shape == ():
        a = data
    shape = data.shape
    edges = (None,) * data.ndim
    if data.size > options["threshold"]:
        edges = tuple(_edges(count, options) for count in shape)
    shown = _shown_part(data, edges)
    # Widths come from the whole of an axis that keeps no edge items.
    measured = _shown_part(data, tuple(edge or None for edge in edges)) if 0 in edges else shown
    form = format_for(measured, options)
    if type(a).__getitem__ is ndarray.__getitem__:
        words = form.block(shown)
    else:
        words = [form(x) for x in _shown_items(a, edges)]
    layout = _Layout(words, shape, edges, separator, options["legacy"])
    return layout.render(" " + " " * len(prefix), options["linewidth"])


@public("a")
def array2string(
    a, max_line_width=None, precision=None, suppress_small=None, separator=" ", prefix="", *,
    formatter=None, threshold=None, edgeitems=None, sign=None, floatmode=None, suffix="",
    legacy=None,
):
    """Return the elements of an array as text.

    >>> np.array2string(np.array([1e-16, 1, 2]), precision=2, suppress_small=True)
    '[0. 1. 2.]'
    """
    overrides = make_options_dict(
        precision, threshold, edgeitems, max_line_width, suppress_small, None, None, sign,
        formatter, floatmode, legacy,
    )
    options = format_options.get().copy()
    options.update(overrides)
    if options["legacy"] <= 113:
        if a.shape == () and a.dtype.names is None:
            return repr(a.item())
    else:
        options["linewidth"] -= len(suffix)
    if a.size == 0:
        return "[]"
    return _array2string(a, options, separator, prefix)


# The scalar types whose dtype need not be told.
_typelessdata = [nt.int_, nt.float64, nt.complex128, nt.bool_]


def dtype_is_implied(dtype):
    """Whether the text of an array of `dtype` reads back as that dtype."""
    dtype = _as_dtype(dtype)
    if _get_legacy_print_mode() <= 113 and dtype.type == nt.bool_:
        return False
    return dtype.isnative and dtype.type in _typelessdata


def _as_dtype(dtype):
    return dtype if isinstance(dtype, _dtype_class) else _dtype_class(dtype)


def dtype_short_repr(dtype):
    """The shortest text that names `dtype` inside the ``repr`` of an array."""
    if type(dtype).__repr__ != _dtype_class.__repr__:
        return repr(dtype)
    if dtype.names is not None:
        return str(dtype)
    if issubclass(dtype.type, nt.flexible) or not dtype.isnative:
        return f"'{dtype}'"
    name = dtype.name
    return name if not name or name.isidentifier() else repr(name)


def _array_repr_implementation(
    arr, max_line_width=None, precision=None, suppress_small=None, array2string=array2string,
):
    """The ``repr`` of an array, made with a given `array2string`."""
    current = format_options.get()
    override = current["override_repr"]
    if override is not None:
        return override(arr)
    legacy = current["legacy"]
    if max_line_width is None:
        max_line_width = current["linewidth"]
    name = type(arr).__name__ if type(arr) is not ndarray else "array"
    implied = dtype_is_implied(arr.dtype) and arr.size > 0
    prefix = name + "("
    if legacy <= 113 and arr.shape == () and not arr.dtype.names:
        body = repr(arr.item())
    else:
        body = array2string(
            arr, max_line_width, precision, suppress_small, ", ", prefix,
            suffix=")" if implied else ",",
        )
    extras = []
    if (arr.size == 0 and arr.shape != (0,)) or (
        legacy > 202 and arr.size > current["threshold"]
    ):
        extras.append(f"shape={arr.shape}")
    if not implied or arr.size == 0:
        extras.append(f"dtype={dtype_short_repr(arr.dtype)}")
    text = prefix + body
    if not extras:
        return text + ")"
    extra = ", ".join(extras) + ")"
    gap = " "
    if legacy <= 113:
        if issubclass(arr.dtype.type, nt.flexible):
            gap = "\n" + " " * len(prefix)
    elif len(text) - (text.rfind("\n") + 1) + len(extra) + 2 > max_line_width:
        gap = "\n" + " " * len(prefix)
    return text + "," + gap + extra


@public("arr")
def array_repr(arr, max_line_width=None, precision=None, suppress_small=None):
    """Return the text that `repr` gives for an array.

    >>> np.array_repr(np.array([1, 2]))
    'array([1, 2])'
    """
    return _array_repr_implementation(arr, max_line_width, precision, suppress_small)


@_recursive_guard()
def _guarded_repr_or_str(v):
    return repr(v) if isinstance(v, bytes) else str(v)


def _array_str_implementation(
    a, max_line_width=None, precision=None, suppress_small=None, array2string=array2string,
):
    """The ``str`` of an array, made with a given `array2string`."""
    if _get_legacy_print_mode() <= 113 and a.shape == () and not a.dtype.names:
        return str(a.item())
    if a.shape == ():
        # The element itself prints, whatever the subclass makes of indexing.
        return _guarded_repr_or_str(ndarray.__getitem__(a, ()))
    return array2string(a, max_line_width, precision, suppress_small, " ", "")


@public("a")
def array_str(a, max_line_width=None, precision=None, suppress_small=None):
    """Return the text that `str` gives for an array.

    >>> np.array_str(np.arange(3))
    '[0 1 2]'
    """
    return _array_str_implementation(a, max_line_width, precision, suppress_small)


# What ``ndarray.__repr__`` and ``ndarray.__str__`` call: no dispatch, a subclass has its own methods.
_plain_array2string = getattr(array2string, "_implementation", array2string)
_default_array_repr = functools.partial(
    _array_repr_implementation, array2string=_plain_array2string
)
_default_array_str = functools.partial(_array_str_implementation, array2string=_plain_array2string)


def _void_scalar_to_string(x, is_repr=True):
    """The text of a structured scalar."""
    options = format_options.get().copy()
    if options["legacy"] <= 125:
        return StructFormat(array(x), options)(x)
    options["formatter"] = {"float_kind": str, **(options["formatter"] or {})}
    val_repr = StructFormat(array(x), options)(x)
    if not is_repr:
        return val_repr
    cls = type(x)
    name = f"{cls.__module__.replace('numpy', 'np')}.{cls.__name__}"
    void_dtype = _dtype_class((nt.void, x.dtype))
    return f"{name}({val_repr}, dtype={void_dtype!s})"


def _length(value, name, least=0):
    """Check a count; None stands for none given."""
    if value is None:
        return -1
    value = operator.index(value)
    if value < least:
        raise ValueError(f"{name} must be >= {least}")
    return value


def _checked_digits(precision, unique, fractional, min_digits):
    if fractional is False and precision == 0:
        raise ValueError("precision must be greater than 0 if fractional=False")
    if min_digits > 0 and precision > 0 and min_digits > precision:
        raise ValueError("min_digits must be less than or equal to precision")


@set_module("numpy")
def format_float_scientific(
    x, precision=None, unique=True, trim="k", sign=False, pad_left=None, exp_digits=None,
    min_digits=None,
):
    """Format a float in scientific notation.

    >>> np.format_float_scientific(np.float32(np.pi))
    '3.1415927e+00'
    """
    precision = _length(precision, "precision")
    pad_left = _length(pad_left, "pad_left")
    exp_digits = _length(exp_digits, "exp_digits")
    min_digits = _length(min_digits, "min_digits")
    _checked_digits(precision, unique, True, min_digits)
    return dragon4_scientific(
        x, precision=precision, unique=unique, trim=trim, sign=sign, pad_left=pad_left,
        exp_digits=exp_digits, min_digits=min_digits,
    )


@set_module("numpy")
def format_float_positional(
    x, precision=None, unique=True, fractional=True, trim="k", sign=False, pad_left=None,
    pad_right=None, min_digits=None,
):
    """Format a float in positional notation.

    >>> np.format_float_positional(np.float16(0.3), unique=False, precision=10)
    '0.3000488281'
    """
    precision = _length(precision, "precision")
    pad_left = _length(pad_left, "pad_left")
    pad_right = _length(pad_right, "pad_right")
    min_digits = _length(min_digits, "min_digits")
    _checked_digits(precision, unique, fractional, min_digits)
    return dragon4_positional(
        x, precision=precision, unique=unique, fractional=fractional, trim=trim, sign=sign,
        pad_left=pad_left, pad_right=pad_right, min_digits=min_digits,
    )
