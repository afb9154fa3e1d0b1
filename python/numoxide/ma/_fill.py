"""What stands in place of masked elements: fill values by dtype."""

import numoxide as np
from numoxide._core.multiarray import ndarray

_KINDS = {
    "b": True, "c": 1.0e20 + 0.0j, "f": 1.0e20, "i": 999999, "O": "?", "S": b"N/A", "u": 999999,
    "V": b"???", "U": "N/A", "T": "N/A",
}  # fmt: skip
default_filler = dict(_KINDS)
for _unit in "Y M W D h m s ms us ns ps fs as".split():
    default_filler[f"M8[{_unit}]"] = np.datetime64("NaT", _unit)
    default_filler[f"m8[{_unit}]"] = np.timedelta64("NaT", _unit)


def _dtype_of(obj):
    """The dtype of an array, a dtype or anything that becomes an array."""
    if isinstance(obj, np.dtype):
        return obj
    return obj.dtype if hasattr(obj, "dtype") else np.asanyarray(obj).dtype


def _by_field(dtype, choose):
    """Choose a fill value for each field of a dtype."""
    if dtype.names is not None:
        made = np.zeros((), dtype)
        for name in dtype.names:
            # Numbers that a small integer cannot hold wrap round.
            made[name] = np.asarray(_by_field(dtype[name], choose)).astype(dtype[name].base)
        return made[()]
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return np.full(shape, _by_field(base, choose))
    return choose(dtype)


def _default(dtype):
    if dtype.kind in "mM":
        return default_filler.get(dtype.str[1:], "?")
    return default_filler.get(dtype.kind, "?")


def default_fill_value(obj):
    """Give the fill value that arrays of a dtype have unless told otherwise.

    >>> np.ma.default_fill_value(1.0)
    1e+20
    """
    return _by_field(_dtype_of(obj), _default)


def _extreme(obj, low, what):
    def choose(dtype):
        kind = dtype.kind
        if kind in "iu":
            info = np.iinfo(dtype)
            return int(info.min if low else info.max)
        if kind == "f":
            return -np.inf if low else np.inf
        if kind == "c":
            return complex(-np.inf, -np.inf) if low else complex(np.inf, np.inf)
        if kind == "b":
            return not low
        if kind in "mM":
            return dtype.type("NaT") if not low else dtype.type(np.iinfo(np.int64).min + 1, *_unit_of(dtype))
        raise TypeError(f"Unsuitable type {dtype} for calculating {what}.")

    return _by_field(_dtype_of(obj), choose)


def _unit_of(dtype):
    unit, count = np.datetime_data(dtype)
    return ((unit, count),) if unit != "generic" else ()


def minimum_fill_value(obj):
    """Give the greatest value of a dtype: no minimum changes through it."""
    return _extreme(obj, False, "minimum")


def maximum_fill_value(obj):
    """Give the least value of a dtype: no maximum changes through it."""
    return _extreme(obj, True, "maximum")


def _check_fill_value(fill_value, ndtype):
    """Make a fill value of a dtype as an array without axes; refuse what does not fit."""
    ndtype = np.dtype(ndtype)
    if fill_value is None:
        value = default_fill_value(ndtype)
        if ndtype.kind in "iu" and ndtype.itemsize < 4:
            return np.array(value, dtype=f"{ndtype.kind}8")
        return np.array(value, dtype=ndtype.char if ndtype.kind in "SU" else ndtype)
    if ndtype.names is not None:
        if isinstance(fill_value, (ndarray, np.void)):
            try:
                return np.array(fill_value, copy=None, dtype=ndtype)
            except ValueError as error:
                raise ValueError(f"Unable to transform {fill_value} to dtype {ndtype}") from error
        given = np.asarray(fill_value, dtype=object)
        return np.array(_spread(given, ndtype), dtype=ndtype)
    if isinstance(fill_value, str) and ndtype.char not in "OSTVU":
        raise TypeError(f"Cannot set fill value of string with array of dtype {ndtype}")
    try:
        return np.asarray(fill_value, dtype=ndtype)
    except (OverflowError, ValueError) as error:
        raise TypeError(f"Cannot convert fill_value {fill_value} to dtype {ndtype}") from error


def _spread(value, dtype):
    """Lay values over the fields of a dtype, one for all where there is but one."""
    value = np.resize(value, len(dtype))
    return tuple(
        _spread(np.asarray(item, dtype=object), dtype[name])
        if dtype[name].names is not None
        else np.array(item).astype(dtype[name].base).item()
        for item, name in zip(value, dtype.names, strict=True)
    )


def is_string_or_list_of_strings(val):
    """Say whether a value is a text or a list of texts."""
    return isinstance(val, str) or (
        isinstance(val, list) and bool(val) and all(isinstance(item, str) for item in val)
    )
