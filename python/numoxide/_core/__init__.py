"""The engine's Python side: what array programs use lives here, under NumPy's names."""

from numoxide._core import _multiarray_umath  # noqa: F401, I001
from numoxide._core import multiarray  # noqa: F401
from numoxide._core import umath  # noqa: F401
from numoxide._core import numerictypes  # noqa: F401
from numoxide._core import fromnumeric, numeric, shape_base, function_base  # noqa: F401
from numoxide._core import _ufunc_config, getlimits  # noqa: F401
from numoxide._core._type_aliases import sctypeDict, sctypes  # noqa: F401


_ALIASES = {
    "abs": "absolute", "acos": "arccos", "acosh": "arccosh", "asin": "arcsin",
    "asinh": "arcsinh", "atan": "arctan", "atan2": "arctan2", "atanh": "arctanh",
    "bitwise_invert": "invert", "bitwise_left_shift": "left_shift",
    "bitwise_right_shift": "right_shift", "concat": "concatenate", "permute_dims": "transpose",
    "pow": "power",
}  # fmt: skip


def _gather():
    """Put the public names of the submodules into this one."""
    scope, names = globals(), []
    for module in (numeric, shape_base, function_base, getlimits):
        for name in module.__all__:
            scope[name] = getattr(module, name)
            names.append(name)
    for alias, name in _ALIASES.items():
        if name in scope:
            scope[alias] = scope[name]
            names.append(alias)
    return names


__all__ = _gather() + ["sctypeDict", "einsum", "einsum_path", "memmap", "record", "recarray"]

_LAZY = {
    "einsum": "einsumfunc", "einsum_path": "einsumfunc", "memmap": "memmap", "record": "records",
    "recarray": "records",
}  # fmt: skip
_MODULES = frozenset(
    "arrayprint defchararray einsumfunc memmap overrides records strings _exceptions _internal "
    "_methods _dtype _dtype_ctypes _add_newdocs _string_helpers _type_aliases _asarray".split()
)


def _load(name):
    """Import one of our modules without going through this module's attributes."""
    import importlib

    return importlib.import_module(f"{__name__}.{name}")


def __getattr__(name):
    if name in _LAZY:
        value = globals()[name] = getattr(_load(_LAZY[name]), name)
        return value
    if name in _MODULES:
        return _load(name)
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def _DType_reconstruct(scalar_type):
    """Find a DType class from its scalar type: what pickles of DType classes call."""
    return type(multiarray.dtype(scalar_type))


def _DType_reduce(DType):
    """Describe a DType class to pickle."""
    if not DType._legacy or DType.__module__.endswith(".dtypes"):
        return DType.__name__
    return _DType_reconstruct, (DType.type,)


def _register_pickles():
    """Tell pickle how DType classes travel."""
    import copyreg

    copyreg.pickle(type(multiarray.dtype), _DType_reduce, _DType_reconstruct)


_register_pickles()
