"""The options that printing of arrays obeys, kept per context."""

import contextlib
import numbers
import sys
import warnings
from contextvars import ContextVar

from numoxide._core.overrides import set_module

# Legacy modes by the name users give and the number comparisons use; `False` is newer than all.
_LEGACY = {
    False: sys.maxsize,
    "1.13": 113,
    "1.21": 121,
    "1.25": 125,
    "2.1": 201,
    "2.2": 202,
}
_LEGACY_NAMES = {number: name for name, number in _LEGACY.items()}
_FLOAT_MODES = ("fixed", "unique", "maxprec", "maxprec_equal")

default_printoptions_dict = {
    "edgeitems": 3,
    "threshold": 1000,
    "floatmode": "maxprec",
    "precision": 8,
    "suppress": False,
    "linewidth": 75,
    "nanstr": "nan",
    "infstr": "inf",
    "sign": "-",
    "formatter": None,
    "legacy": sys.maxsize,
    "override_repr": None,
}

format_options = ContextVar("format_options", default=default_printoptions_dict)


def make_options_dict(
    precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None,
    infstr=None, sign=None, formatter=None, floatmode=None, legacy=None, override_repr=None,
):
    """Check the options that are given and return them as a dictionary."""
    given = {name: value for name, value in locals().items() if value is not None}
    if suppress is not None:
        given["suppress"] = bool(suppress)
    if floatmode is not None and floatmode not in _FLOAT_MODES:
        modes = ", ".join(f'"{mode}"' for mode in _FLOAT_MODES)
        raise ValueError(f"floatmode option must be one of {modes}")
    if sign is not None and sign not in ("-", "+", " "):
        raise ValueError("sign option must be one of ' ', '+', or '-'")
    if legacy is not None:
        _read_legacy(given, legacy)
    if threshold is not None:
        if not isinstance(threshold, numbers.Number):
            raise TypeError("threshold must be numeric")
        if threshold != threshold:
            raise ValueError(
                "threshold must be non-NAN, try sys.maxsize for untruncated representation"
            )
    if precision is not None:
        try:
            given["precision"] = precision.__index__()
        except (AttributeError, TypeError) as error:
            raise TypeError("precision must be an integer") from error
    return given


def _read_legacy(given, legacy):
    """Put the number of a legacy mode in place of its name; warn about unknown ones."""
    try:
        given["legacy"] = _LEGACY[legacy]
    except (KeyError, TypeError):
        warnings.warn(
            "legacy printing option can currently only be '1.13', '1.21', "
            "'1.25', '2.1', '2.2' or `False`",
            stacklevel=4,
        )
        del given["legacy"]


@set_module("numpy")
def set_printoptions(
    precision=None, threshold=None, edgeitems=None, linewidth=None, suppress=None, nanstr=None,
    infstr=None, formatter=None, sign=None, floatmode=None, *, legacy=None, override_repr=None,
):
    """Set how arrays print, for the current context.

    >>> np.set_printoptions(precision=4)
    """
    _update(
        precision=precision, threshold=threshold, edgeitems=edgeitems, linewidth=linewidth,
        suppress=suppress, nanstr=nanstr, infstr=infstr, formatter=formatter, sign=sign,
        floatmode=floatmode, legacy=legacy, override_repr=override_repr,
    )


def _update(formatter=None, override_repr=None, **options):
    """Change options and return the token that restores the old ones."""
    new = make_options_dict(**options)
    # These two last only until the next change.
    new["formatter"] = formatter
    new["override_repr"] = override_repr
    merged = {**format_options.get(), **new}
    if merged["legacy"] == 113:
        merged["sign"] = "-"
    return format_options.set(merged)


@set_module("numpy")
def get_printoptions():
    """Return the current print options as a dictionary."""
    options = format_options.get().copy()
    options["legacy"] = _LEGACY_NAMES[options["legacy"]]
    return options


def legacy_print_mode():
    """The number of the legacy mode in force."""
    return format_options.get()["legacy"]


@set_module("numpy")
@contextlib.contextmanager
def printoptions(*args, **kwargs):
    """Set print options inside a ``with`` block.

    >>> with np.printoptions(precision=2):
    ...     print(np.array([2.0]) / 3)
    [0.67]
    """
    names = ("precision", "threshold", "edgeitems", "linewidth", "suppress", "nanstr", "infstr",
             "formatter", "sign", "floatmode")
    if len(args) > len(names):
        set_printoptions(*args, **kwargs)
    token = _update(**dict(zip(names, args)), **kwargs)
    try:
        yield get_printoptions()
    finally:
        format_options.reset(token)
