"""Names that the NumPy API no longer has, with the advice that users get for each."""

import warnings

# Name and its replacement, in NumPy 2.
_USE = {
    "Inf": "np.inf", "Infinity": "np.inf", "NINF": "-np.inf", "NZERO": "-0.0", "NaN": "np.nan",
    "PINF": "np.inf", "PZERO": "0.0", "alltrue": "np.all",
    "cast": "np.asarray(arr, dtype=dtype)", "cfloat": "np.complex128", "clongfloat": "np.clongdouble", "complex_":
    "np.complex128", "fastCopyAndTranspose": "arr.T.copy()", "float_": "np.float64", "infty":
    "np.inf", "issctype": "issubclass(rep, np.generic)", "issubsctype": "np.issubdtype",
    "longcomplex": "np.clongdouble", "longfloat": "np.longdouble", "mat": "np.asmatrix",
    "nbytes": "np.dtype(<dtype>).itemsize", "obj2sctype": "np.dtype(obj).type", "recfromtxt":
    "np.genfromtxt", "round_": "np.round", "safe_eval": "ast.literal_eval", "sctype2char":
    "np.dtype(obj).char", "singlecomplex": "np.complex64", "sometrue": "np.any", "source":
    "inspect.getsource", "string_": "np.bytes_", "unicode_": "np.str_",
}  # fmt: skip
# Name and the place where it still is.
_MOVED = {
    "DataSource": "lib.npyio.DataSource", "add_docstring": "lib.add_docstring", "add_newdoc":
    "lib.add_newdoc", "compare_chararrays": "char.compare_chararrays", "format_parser":
    "rec.format_parser",
}  # fmt: skip
_ADVICE = {
    "add_newdoc_ufunc": "It's an internal function and doesn't have a replacement.",
    "asfarray": "Use `np.asarray` with a proper dtype instead.",
    "byte_bounds": "Now it's available under `np.lib.array_utils.byte_bounds`",
    "deprecate": (
        "Emit `DeprecationWarning` with `warnings.warn` directly, or use "
        "`typing.deprecated`."
    ),
    "deprecate_with_doc": (
        "Emit `DeprecationWarning` with `warnings.warn` directly, or use "
        "`typing.deprecated`."
    ),
    "find_common_type": (
        "Use `numpy.promote_types` or `numpy.result_type` instead. To achieve semantics "
        "for the `scalar_types` argument, use `numpy.result_type` and pass the Python "
        "values `0`, `0.0`, or `0j`."
    ),
    "get_array_wrap": "",
    "geterrobj": "Use the np.errstate context manager instead.",
    "issubclass_": "Use `issubclass` builtin instead.",
    "lookfor": "Search NumPy's documentation directly.",
    "maximum_sctype": (
        "Use a specific dtype instead. You should avoid relying on any implicit mechanism"
        " and select the largest dtype of a kind explicitly in the code."
    ),
    "recfromcsv": "Use `np.genfromtxt` with comma delimiter instead.",
    "sctypes": "Access dtypes explicitly instead.",
    "set_numeric_ops": (
        "For the general case, use `PyUFunc_ReplaceLoopBySignature`. For ndarray "
        "subclasses, define the ``__array_ufunc__`` method and override the relevant "
        "ufunc."
    ),
    "set_string_function": (
        "Use `np.set_printoptions` instead with a formatter for custom printing of NumPy "
        "objects."
    ),
    "seterrobj": "Use the np.errstate context manager instead.",
    "tracemalloc_domain": "It's now available from `np.lib`.",
    "who": "Use an IDE variable explorer or `locals()` instead.",
}
_PYTHON_ADVICE = {
    "object": "",
    "float": (
        " If you specifically wanted the numpy scalar type, use `np.float64` here."
    ),
    "complex": (
        " If you specifically wanted the numpy scalar type, use `np.complex128` here."
    ),
    "str": " If you specifically wanted the numpy scalar type, use `np.str_` here.",
    "int": (
        " When replacing `np.int`, you may wish to use e.g. `np.int64` or `np.int32` to specify "
        "the precision. If you wish to review your current use, check the release note link for "
        "additional information."
    ),
}


def explain(module, name):
    """Give the error message for a name that `module` does not have."""
    plain = f"module {module!r} has no attribute {name!r}"
    if name == "bytes":
        _announce(name)
        return plain
    if name in _PYTHON_ADVICE:
        return _explain_python_type(plain, name)
    if name in _USE:
        advice = f"Use `{_USE[name]}` instead."
    elif name in _MOVED:
        advice = f"It's still available as `np.{_MOVED[name]}`."
    elif name in _ADVICE:
        advice = _ADVICE[name]
    else:
        return plain
    return f"`np.{name}` was removed in the NumPy 2.0 release. {advice}"


def _announce(name):
    """Warn that a name will come back with another meaning."""
    warnings.warn(
        f"In the future `np.{name}` will be defined as the corresponding NumPy scalar.",
        FutureWarning,
        stacklevel=5,
    )


def _explain_python_type(plain, name):
    """Give the message for the former aliases of Python's own types."""
    if name in ("object", "str"):
        _announce(name)
    return (
        f"{plain}.\n`np.{name}` was a deprecated alias for the builtin `{name}`. To avoid this "
        f"error in existing code, use `{name}` by itself. Doing this will not modify any behavior "
        f"and is safe.{_PYTHON_ADVICE[name] or ' '}\nThe aliases was originally deprecated in "
        "NumPy 1.20; for more details and guidance see the original release note at:\n"
        "    https://numpy.org/devdocs/release/1.20.0-notes.html#deprecations"
    )
