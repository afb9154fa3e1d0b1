"""The extension's array functions, those that dispatch declared as public functions."""

from numoxide._core import _multiarray_umath as _ext
from numoxide._core import _bits  # noqa: F401
from numoxide._core.overrides import ARRAY_FUNCTIONS, home, public_builtin
from numoxide._globals import _CopyMode, _NoValue  # noqa: F401

CLIP, WRAP, RAISE = 0, 1, 2
MAXDIMS, BUFSIZE, UFUNC_BUFSIZE_DEFAULT, UFUNC_PYVALS_NAME = 64, 8192, 8192, "UFUNC_PYVALS"
MAY_SHARE_BOUNDS, MAY_SHARE_EXACT, ALLOW_THREADS, FLOATING_POINT_SUPPORT = 0, -1, 1, 1
ITEM_HASOBJECT, LIST_PICKLE, ITEM_IS_POINTER, NEEDS_INIT = 1, 2, 4, 8
NEEDS_PYAPI, USE_GETITEM, USE_SETITEM = 16, 32, 64
FPE_DIVIDEBYZERO, FPE_OVERFLOW, FPE_UNDERFLOW, FPE_INVALID = 1, 2, 4, 8
tracemalloc_domain = 389047
error = Exception
_flagdict = {
    "OWNDATA": 4, "O": 4, "FORTRAN": 2, "F": 2, "CONTIGUOUS": 1, "C": 1, "ALIGNED": 256,
    "A": 256, "WRITEBACKIFCOPY": 8192, "X": 8192, "WRITEABLE": 1024, "W": 1024,
    "C_CONTIGUOUS": 1, "F_CONTIGUOUS": 2,
}  # fmt: skip

globals().update({name: value for name, value in vars(_ext).items() if name[:2] != "__"})


def add_docstring(obj, docstring, /):
    """Check the docstring of an object that has one: nothing here lacks its own."""
    if docstring is not None and not isinstance(docstring, str):
        raise TypeError(f"add_docstring() argument 2 must be str, not {type(docstring).__name__}")
    if getattr(obj, "__doc__", None) != docstring:
        raise RuntimeError(f"{obj!r} method already has a different docstring")


def _add_newdoc_ufunc(ufunc, new_docstring, /):
    """Give a docstring to a ufunc that has none but its signature; deprecated."""
    import warnings

    text = "_add_newdoc_ufunc is deprecated. Use `ufunc.__doc__ = newdoc` instead."
    warnings.warn(text, DeprecationWarning, stacklevel=2)
    if not isinstance(ufunc, type(_ext.add)):
        raise TypeError(
            f"_add_newdoc_ufunc() argument 1 must be {type(_ext.add).__module__}.ufunc, not {type(ufunc).__name__}"
        )
    if not isinstance(new_docstring, str):
        raise TypeError(f"_add_newdoc_ufunc() argument 2 must be str, not {type(new_docstring).__name__}")
    if "\n" in ufunc.__doc__:
        raise ValueError("Cannot change docstring of ufunc with non-NULL docstring")
    ufunc.__doc__ = f"{ufunc.__doc__}\n\n{new_docstring}"


# name, signature, arguments that dispatch
_ROWS = (
    ("empty_like", "(prototype, /, dtype=None, order='K', subok=True, shape=None, *, device=None)",
     ("prototype",)),
    ("concatenate", "(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')",
     ("*arrays", "out")),
    ("inner", "(a, b, /)", ("a", "b")),
    ("where", "(condition, x=None, y=None, /)", ("condition", "x", "y")),
    ("lexsort", "(keys, axis=-1)", ("*keys",)),
    ("can_cast", "(from_, to, casting='safe')", ("from_",)),
    ("min_scalar_type", "(a, /)", ("a",)),
    ("result_type", "(*arrays_and_dtypes)", ("**arrays_and_dtypes",)),
    ("dot", "(a, b, out=None)", ("a", "b", "out")),
    ("vdot", "(a, b, /)", ("a", "b")),
    ("bincount", "(x, /, weights=None, minlength=0)", ("x", "weights")),
    ("ravel_multi_index", "(multi_index, dims, mode='raise', order='C')", ("*multi_index",)),
    ("unravel_index", "(indices, shape, order='C')", ("indices",)),
    ("copyto", "(dst, src, casting='same_kind', where=True)", ("dst", "src", "where")),
    ("putmask", "(a, /, mask, values)", ("a", "mask", "values")),
    ("packbits", "(a, /, axis=None, bitorder='big')", ("a",)),
    ("unpackbits", "(a, /, axis=None, count=None, bitorder='big')", ("a",)),
    ("shares_memory", "(a, b, /, max_work=-1)", ("a", "b")),
    ("may_share_memory", "(a, b, /, max_work=0)", ("a", "b")),
    ("is_busday", "(dates, weekmask='1111100', holidays=None, busdaycal=None, out=None)",
     ("dates", "weekmask", "holidays", "out")),
    ("busday_offset",
     "(dates, offsets, roll='raise', weekmask='1111100', holidays=None, busdaycal=None, out=None)",
     ("dates", "offsets", "weekmask", "holidays", "out")),
    ("busday_count",
     "(begindates, enddates, weekmask='1111100', holidays=(), busdaycal=None, out=None)",
     ("begindates", "enddates", "weekmask", "holidays", "out")),
    ("datetime_as_string", "(arr, unit=None, timezone='naive', casting='same_kind')", ("arr",)),
)  # fmt: skip


_LIKE = (
    "arange array asanyarray asarray ascontiguousarray asfortranarray empty frombuffer fromfile "
    "fromiter fromstring zeros"
)


def _declare():
    """Wrap the functions of the table; a name that the extension lacks stays absent."""
    scope = globals()
    for name, signature, relevant in _ROWS:
        function = scope.get(name)
        if function is not None and not hasattr(function, "_implementation"):
            scope[name] = public_builtin(function, signature, relevant)
    for name in _LIKE.split():
        if name in scope:
            ARRAY_FUNCTIONS.add(scope[name])
    for name in (
        "array asarray asanyarray ascontiguousarray asfortranarray empty zeros arange fromiter "
        "fromstring fromfile frombuffer from_dlpack promote_types datetime_data nested_iters"
    ).split():
        try:
            scope[name].__module__ = home("numpy")
        except (KeyError, AttributeError, TypeError):
            continue
    scope["normalize_axis_index"].__module__ = home("numpy.lib.array_utils")


_declare()


def _get_ndarray_c_version():
    """Give the version of the C interface."""
    return 0x02000000


def _get_castingimpl(source, target):
    """Give the cast from one DType class to another."""
    from numoxide._core._castingimpl import get_castingimpl

    return get_castingimpl(source, target)


_ext._get_castingimpl = _get_castingimpl
_ext.MAXDIMS = MAXDIMS


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return getattr(_ext, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


__all__ = [name for name in globals() if name[0] != "_"] + [
    name for name in ("_ARRAY_API", "_flagdict", "_place", "_reconstruct", "_vec_string",
                      "_monotonicity") if name in globals()
]  # fmt: skip


from numoxide._core._array_converter import _array_converter  # noqa: E402, F401
