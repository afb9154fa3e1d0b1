"""Casts between two DType classes as objects that can be asked and called."""

from numoxide._core import _multiarray_umath as _ext

_object = _ext.dtype("O").type
_times = tuple(_ext.dtype(code).type for code in "mM")
_str, _void, _character = _ext.dtype("U").type, _ext.dtype("V").type, _ext.dtype("U").type.__mro__[2]
_LEVELS = ("no", "equiv", "safe", "same_kind", "unsafe")
# Added to a level where no value changes.
_SAME_VALUE = 64
_NUMBERS = "?bhilqpBHILQPefdgFDG"
# Characters of the longest text of numbers, by code.
_LENGTHS = {
    "?": 5, "b": 4, "B": 3, "h": 6, "H": 5, "i": 11, "I": 10, "l": 21, "L": 20, "q": 21, "Q": 20,
    "e": 32, "f": 32, "d": 32, "g": 48, "F": 64, "D": 64, "G": 96,
}  # fmt: skip


class _BoundArrayMethod:
    """The cast from one DType class to another."""

    def __init__(self, source, target):
        self._classes = (source, target)

    @property
    def _supports_unaligned(self):
        """Whether the loop itself takes elements at any address: text goes through Python's rules."""
        return not any(issubclass(found.type, _character) for found in self._classes)

    def __repr__(self):
        return f"<np._BoundArrayMethod for dtypes {self._classes}>"

    def _default(self, source):
        """Find the target dtype that fits all values of `source`."""
        target = self._classes[1]
        if type(source) is target:
            return _native(source)
        if self._classes[0].type is _object and target._parametric:
            raise TypeError(
                f"casting from object to the parametric DType {target} requires the specified "
                "output dtype instance. This may be a NumPy issue, since the correct instance "
                "should be discovered automatically, however."
            )
        code = target.type
        if issubclass(code, _character):
            unit = 4 if issubclass(code, _str) else 1
            if source.char in _LENGTHS:
                size = _LENGTHS[source.char]
            elif source.char in "SU":
                size = source.itemsize // (4 if source.char == "U" else 1)
            else:
                size = _ext.empty(0, source).astype(code).itemsize // unit
            return _ext.dtype(f"{'U' if unit == 4 else 'S'}{size}")
        if issubclass(code, _times) and source.char in "mM":
            return _ext.dtype(source.str.replace(source.char, target.type(0, "s").dtype.char))
        if code is _void:
            return _ext.dtype(("V", source.itemsize))
        return _ext.dtype(code)

    def _resolve_descriptors(self, given):
        """Find the cast's level, the dtypes it runs with and where the result lies as a view."""
        source, target = _pair(given, "_resolve_descriptors", "elements")
        if source is None:
            raise TypeError("only output dtypes may be omitted (set to None).")
        for dtype, kind in zip((source, target), self._classes, strict=True):
            if dtype is None:
                continue
            if not isinstance(dtype, _ext.dtype):
                raise TypeError("dtype tuple can only contain dtype instances or None.")
            _check_class(dtype, kind)
        if target is None:
            target = self._default(source)
        within = self._classes[0] is self._classes[1]
        if not within and _object not in (self._classes[0].type, self._classes[1].type):
            source, target = _native(source), _native(target)
        level = _level(source, target)
        offset = _view_offset(source, target, level)
        if level is None:
            return -1, (source, target), offset
        if source.char in _NUMBERS and target.char in _NUMBERS:
            level |= _SAME_VALUE
        return level, (source, target), offset

    def _simple_strided_call(self, arrays):
        """Cast the elements of the first of two 1-d arrays into the second."""
        pair = _pair(arrays, "_simple_strided_call", "arrays")
        for array, kind in zip(pair, self._classes, strict=True):
            if not isinstance(array, _ext.ndarray):
                raise TypeError("All inputs must be NumPy arrays.")
            _check_class(array.dtype, kind)
            if array.ndim != 1:
                raise ValueError("All arrays must be one dimensional.")
        source, target = pair
        if source.shape != target.shape:
            raise ValueError("All arrays must have the same length.")
        if not target.flags.writeable:
            raise ValueError("_simple_strided_call() output is read-only")
        dtypes = source.dtype, target.dtype
        if self._resolve_descriptors(dtypes)[1] != dtypes:
            raise TypeError(
                "_simple_strided_call(): requires dtypes to not require a cast (must match exactly with "
                "`_resolve_descriptors()`)."
            )
        _ext.copyto(target, source, casting="unsafe")


def _pair(given, name, what):
    """Give the two items of a tuple, or refuse anything else."""
    if not isinstance(given, tuple) or len(given) != 2:
        raise TypeError(
            f"{name}() takes exactly one tuple with as many {what} as the method takes arguments (1+1)."
        )
    return given


def _check_class(dtype, kind):
    """Refuse a dtype of another class than the cast's."""
    if type(dtype) is not kind:
        raise TypeError(f"input dtype {dtype} was not an exact instance of the bound DType class {kind}.")


def _native(dtype):
    """Give the dtype in the machine's byte order."""
    return dtype if dtype.isnative else dtype.newbyteorder("=")


def _view_offset(source, target, level):
    """Give the bytes from an item to its view as `target`, or None where no view will do."""
    if source.names is not None:
        return _field_offset(source, target)
    if source.subdtype or target.subdtype:
        if source.shape != target.shape and {*source.shape, *target.shape} - {1}:
            return None
        return _view_offset(source.base, target.base, _level(source.base, target.base))
    if target.names is not None or source.hasobject != target.hasobject:
        return None
    if target.char == "V":
        return 0 if target.itemsize <= source.itemsize else None
    if level == 0 or _shortens(source, target):
        return 0
    generic = source.char == target.char and source.char in "mM" and source.str[-1] == "8"
    return 0 if generic and source.isnative and target.isnative else None


def _field_offset(source, target):
    """Give the one distance by which all fields of a structured dtype lie further on, if any."""
    fields = [source.fields[name] for name in source.names]
    if target.names is None:
        others = [(target, 0)] if len(fields) == 1 else []
    else:
        others = [target.fields[name] for name in target.names]
    if len(fields) != len(others):
        return None
    found = set()
    for (inner, start, *_), (other, end, *_) in zip(fields, others, strict=True):
        within = _view_offset(inner, other, _level(inner, other))
        found.add(None if within is None else start + within - end)
    offset = found.pop() if len(found) == 1 else None
    return offset if offset is not None and offset >= 0 else None


def _level(source, target):
    """Give the number of the strictest rule that allows the cast; None if there is no cast."""
    rules = enumerate(_LEVELS)
    return next((i for i, rule in rules if _ext.can_cast(source, target, rule)), None)


def _shortens(source, target):
    """Whether the target holds the first bytes of a text of the same kind."""
    if source.char != target.char or source.char not in "SU":
        return False
    return source.byteorder == target.byteorder and source.itemsize >= target.itemsize


def get_castingimpl(source, target):
    """Give the cast from one DType class to another.

    >>> cast = get_castingimpl(type(np.dtype("i4")), type(np.dtype("f8")))
    """
    for found in (source, target):
        if not isinstance(found, type(_ext.dtype)):
            raise TypeError("Only DType classes have casts")
    return _BoundArrayMethod(source, target)
