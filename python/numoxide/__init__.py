"""Arrays for Python with NumPy's interface and a Rust engine.

    >>> import numoxide as np
    >>> np.arange(3) + 1
    array([1, 2, 3])

Names are found when first used, so that importing the package stays quick.
"""

if "_core" in globals():
    import warnings

    warnings.warn(
        "The NumPy module was reloaded (imported a second time). This can in some cases result in "
        "small but subtle issues and is discouraged.",
        UserWarning,
        stacklevel=2,
    )
    del warnings

from numoxide import _mode  # noqa: F401, E402, I001  must come first: it may take over
from numoxide import _core  # noqa: E402
from numoxide._globals import _CopyMode, _NoValue  # noqa: E402, F401
from numoxide.version import version as __version__  # noqa: E402

_SUBMODULES = frozenset(
    "char core ctypeslib dtypes exceptions f2py fft lib linalg ma matlib polynomial random rec "
    "strings testing typing version".split()
)
__numpy_submodules__ = set(_SUBMODULES - {"version"}) | {"test"}

# Where the names live that are not in the core.
_LAZY = {
    "_core.einsumfunc": "einsum einsum_path",
    "_core.memmap": "memmap",
    "_core.records": "recarray record",
    "lib._arraypad_impl": "pad",
    "lib._arraysetops_impl": (
        "ediff1d intersect1d isin setdiff1d setxor1d union1d unique unique_all unique_counts "
        "unique_inverse unique_values"
    ),
    "lib._function_base_impl": (
        "angle append asarray_chkfinite average bartlett bincount blackman copy corrcoef cov "
        "delete diff digitize extract flip gradient hamming hanning i0 insert interp iterable "
        "kaiser median meshgrid percentile piecewise place quantile rot90 select sinc "
        "sort_complex trapezoid trim_zeros unwrap vectorize"
    ),
    "lib._histograms_impl": "histogram histogram_bin_edges histogramdd",
    "lib._index_tricks_impl": (
        "c_ diag_indices diag_indices_from fill_diagonal index_exp ix_ mgrid ndenumerate ndindex "
        "ogrid r_ ravel_multi_index s_ unravel_index"
    ),
    "lib._nanfunctions_impl": (
        "nanargmax nanargmin nancumprod nancumsum nanmax nanmean nanmedian nanmin nanpercentile "
        "nanprod nanquantile nanstd nansum nanvar"
    ),
    "lib._npyio_impl": (
        "fromregex genfromtxt load loadtxt packbits save savetxt savez savez_compressed unpackbits"
    ),
    "lib._polynomial_impl": (
        "poly poly1d polyadd polyder polydiv polyfit polyint polymul polysub polyval roots"
    ),
    "lib._shape_base_impl": (
        "apply_along_axis apply_over_axes array_split column_stack dsplit dstack expand_dims "
        "hsplit kron put_along_axis row_stack split take_along_axis tile vsplit"
    ),
    "lib._stride_tricks_impl": "broadcast_arrays broadcast_shapes broadcast_to",
    "lib._twodim_base_impl": (
        "diag diagflat eye fliplr flipud histogram2d mask_indices tri tril tril_indices "
        "tril_indices_from triu triu_indices triu_indices_from vander"
    ),
    "lib._type_check_impl": (
        "common_type imag iscomplex iscomplexobj isreal isrealobj mintypecode nan_to_num real "
        "real_if_close typename"
    ),
    "lib._ufunclike_impl": "fix isneginf isposinf",
    "lib._utils_impl": "get_include info show_runtime",
    "lib._scimath_impl": "",
    "matrixlib.defmatrix": "asmatrix bmat matrix",
    "_array_api_info": "__array_namespace_info__",
    "__config__": "show_config",
}
_WHERE = {name: module for module, names in _LAZY.items() for name in names.split()}

_core_names = [name for name in _core.__all__ if name not in _core._LAZY]
globals().update((name, getattr(_core, name)) for name in _core_names)

from numoxide._core.umath import e, euler_gamma, pi  # noqa: E402, F401

__array_api_version__ = "2024.12"

def _exists(module):
    """Say whether one of our modules is there, without importing it."""
    from importlib.util import find_spec

    try:
        return find_spec(f"numoxide.{module}") is not None
    except ModuleNotFoundError:  # not even the package that would hold it
        return False


def _find(name):
    """Import the value of a name that lives outside the core."""
    import importlib

    if name in _SUBMODULES and _exists(name):
        return importlib.import_module(f"numoxide.{name}")
    if name in _WHERE:
        if _WHERE[name].startswith("_core."):
            return getattr(_core, name)
        try:
            return getattr(importlib.import_module(f"numoxide.{_WHERE[name]}"), name)
        except ModuleNotFoundError as error:
            if not error.name.startswith("numoxide."):
                raise
            return _missing(name)
    if name == "__config__":
        return importlib.import_module("numoxide.__config__")
    if name == "chararray":
        return _chararray()
    if name == "emath":
        return importlib.import_module("numoxide.lib.scimath")
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    if name == "__all__":
        return _public_names()
    return _missing(name)


def _chararray():
    """Find the old array type of strings, with advice."""
    import warnings

    warnings.warn(
        "`np.chararray` is deprecated and will be removed from the main namespace in the future. "
        "Use an array with a string or bytes dtype instead.",
        DeprecationWarning,
        stacklevel=4,
    )
    return _core.defchararray.chararray


def _missing(name):
    """Refuse a name, with what is known about it."""
    from numoxide._expired import explain

    raise AttributeError(explain(_mode.MODULE, name), name=name)


def __getattr__(name):
    value = _find(name)
    if name != "chararray":  # each use of which warns
        globals()[name] = value
    return value


def _public_names():
    """List the public names that resolve."""
    present = set(_core_names) | {"__version__", "e", "euler_gamma", "pi", "emath", "test"}
    for module, names in _LAZY.items():
        if _exists(module):
            present.update(names.split())
    for module in _SUBMODULES - {"matlib", "version"}:
        if _exists(module):
            present.add(module)
    return sorted(present)


def __dir__():
    # Submodules that are no part of the public names become attributes once they are imported.
    return sorted(set(_public_names()) | {name for name in globals() if name[0] == "_"} | {"bool"})
