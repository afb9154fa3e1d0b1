"""What run-time signatures do not say: the types of arguments, by name, and of results."""

# The public modules; those that are not there are left out.
MODULES = (
    "numoxide numoxide.exceptions numoxide.dtypes numoxide.version numoxide.strings numoxide.char numoxide.ctypeslib "
    "numoxide.fft numoxide.lib numoxide.lib.array_utils numoxide.lib.format numoxide.lib.introspect numoxide.lib.mixins "
    "numoxide.lib.npyio numoxide.lib.recfunctions numoxide.lib.scimath numoxide.lib.stride_tricks "
    "numoxide.lib.user_array numoxide.linalg numoxide.ma numoxide.ma.core numoxide.ma.extras numoxide.ma.mrecords "
    "numoxide.ma.testutils numoxide.matlib numoxide.matrixlib numoxide.polynomial numoxide.polynomial.chebyshev "
    "numoxide.polynomial.hermite numoxide.polynomial.hermite_e numoxide.polynomial.laguerre "
    "numoxide.polynomial.legendre numoxide.polynomial.polynomial numoxide.polynomial.polyutils numoxide.random "
    "numoxide.rec numoxide.testing numoxide.testing.overrides"
).split()
# Modules whose whole text is in pieces.
HAND_WRITTEN = ("numoxide._typing", "numoxide.typing", "numoxide.core")
# Names of builtins that pieces use for their own things, and names of `typing_extensions`.
OURS = frozenset()
EXTENSIONS = ("TypeVar", "deprecated")
# Classes of the extension that only the extension can subclass.
SUBCLASSED = ("dtype",)
DTYPE_SCALARS = {"bool": "bool_",  "object": "object_", "str": "Any"}
# Members that can be assigned, of types written in Rust.
SETTABLE = frozenset("real imag shape strides dtype flat names multi_index iterindex iterrange index".split())


def _spread(table):
    return {name: kind for kind, names in table.items() for name in names.split()}


# "name" or "module.function.name"; "*name" collects arguments.
ARGUMENTS = _spread({
    "ArrayLike": (
        "a b x y arr rtol atol obj element condition v m p x1 x2 a1 a2 ar ar1 ar2 ary array values val vals val1 test_elements "
        "weights fweights aweights bins xp fp q indices start stop begindates enddates dates offsets sample mean cov "
        "actual desired repeats reps *arys *arrays *xi u filt to_begin to_end scale loc df dfnum dfden nonc low high "
        "left right alpha pvals ngood nbad nsample lam mu kappa sigma shape.k choices z X A B *a c c1 c2 pol off seq "
        "numoxide.trapezoid.dx numoxide.interp.left numoxide.interp.right numoxide.where.x numoxide.where.y roots "
        "numoxide.choose.a numoxide.ma.third M1 M2 data old new sub numoxide.repeat.repeats numoxide.insert.values"
    ),
    "Sequence[ArrayLike] | ArrayLike": "arrays tup seqarrays arraylist arrayList condlist choicelist keys",
    "DTypeLike": "dtype dtypes.dtype typecode ndtype required_dtype adtype type1 type2 arg1 arg2 from_ to descr",
    "ShapeLike": "shape new_shape newshape dims dimensions window_shape",
    "SupportsIndex": "axis1 axis2 axisa axisb axisc k N n num offset count ndmin ndmax ndim nin nout deg minlength",
    "int": (
        "decimals maxsplit tabsize width decimal significant nulp maxulp max_header_size skiprows skip_header "
        "skip_footer jumps n_children n_words length maxwidth padding major minor pass_ outer_iterations max_workers"
    ),
    "bool": (
        "keepdims subok equal_nan assume_unique invert endpoint retstep sparse rowvar bias full returned strict wrap unpack "
        "allow_pickle fix_imports return_index return_inverse return_counts return_indices sorted copy overwrite_input "
        "density increasing aligned usemask asrecarray keep_mask hard_mask unique fractional legacy_ "
        "include_initial writeable compressed replace shuffle fortran_order propagate_mask allow_masked endwith output_ "
        "pass_count pass_barrier raise_on_error loose invalid_raise autostrip case_sensitive ignoremask flatten recurse"
    ),
    "float": "tol rcond period discont ddof",
    "str": (
        "err_msg msg header footer sep prefix suffix separator format name "
        "indexing_ label toplevel varname unit_ test_string astr code_str libname defaultfmt"
    ),
    "str | None": "encoding errors device quotechar unit timezone",
    "Any": "numoxide.lib.user_array.container.data verbose mask fill_value forwarding_rule where initial kwargs numoxide.broadcast.dtype",
    "OrderKACF": "order",
    "Casting": "casting",
    "RaiseMode": "numoxide.take.mode numoxide.put.mode numoxide.choose.mode numoxide.ravel_multi_index.mode",
    "ConvolveMode": "numoxide.convolve.mode numoxide.correlate.mode",
    "_SupportsArrayFunc | None": "like",
    "NDArray[Any] | None": "out",
    "SortKind | None": "kind",
    "Literal['left', 'right']": "side",
    "Literal['big', 'little']": "bitorder",
    "Literal['xy', 'ij']": "indexing",
    "SizeLike": "size",
    "Callable[..., Any]": "func1d numoxide.frompyfunc.func numoxide.apply_over_axes.func numoxide.testing.run_threaded.func function mask_func decorator",
    "PathLike | IO[Any]": "file fid",
    "PathLike | IO[Any] | Iterable[str | bytes]": "fname",
    "AxisLike | None": "axis",
    "int | None": "max_rows precision threshold edgeitems linewidth max_line_width",
    "bool | None": "suppress suppress_small stable",
})
ARGUMENTS.update({
    "ord": "Any",
    "numoxide.linalg.cond.p": "Any",
    "numoxide.linalg.pinv.rcond": "ArrayLike | None",
    "numoxide.angle.deg": "bool",
    "numoxide.isdtype.kind": "Any",
    "numoxide.polyfit.deg": "int",
    "numoxide.arange.start_or_stop": "ArrayLike",
    "numoxide.setbufsize.size": "int",
    "numoxide.ndarray.sort.order": "str | Sequence[str]",
    "numoxide.argsort.order": "str | Sequence[str]",
    "numoxide.sort.order": "str | Sequence[str]",
    "numoxide.argpartition.order": "str | Sequence[str]",
    "numoxide.partition.order": "str | Sequence[str]",
    "numoxide.argpartition.kind": "Literal['introselect']",
    "numoxide.partition.kind": "Literal['introselect']",
    "numoxide.ndarray.argpartition.kind": "Literal['introselect']",
    "numoxide.ma.MaskedArray.resize.order": "Any",
    "numoxide.isin.kind": "Literal['sort', 'table']",
})
for _name in "array asarray asanyarray copy".split():
    ARGUMENTS[f"numoxide.{_name}.copy"] = "bool | _CopyMode | None" if _name != "copy" else "bool"

# Results of functions and methods, by name; "module.function" goes before.
RESULTS = _spread({
    "NDArray[Any]": (
        "concatenate concat stack vstack hstack dstack column_stack block tile kron pad roll rollaxis append delete "
        "insert resize diag diagflat tril triu vander convolve correlate select choose compress take_along_axis "
        "loadtxt fromregex fromfunction outer tensordot cross union1d intersect1d setdiff1d setxor1d ediff1d gradient "
        "cov corrcoef interp unwrap nan_to_num real_if_close fix unpackbits packbits polyder polyint polyadd polymul "
        "polysub roots poly apply_along_axis apply_over_axes bmat_ lexsort_ take_ row_stack apply piecewise histogram_bin_edges "
        "sliding_window_view as_strided structured_to_unstructured unstructured_to_structured "
        "inv pinv cholesky solve tensorinv tensorsolve eigvals eigvalsh svdvals multi_dot fft ifft rfft irfft hfft ihfft "
        "fft2 ifft2 rfft2 irfft2 fftn ifftn rfftn irfftn fftshift ifftshift"
    ),
    "NDArray[intp]": "argsort argpartition lexsort digitize argwhere flatnonzero",
    "NDArray[bool_]": "isin equal_ in1d",
    "NDArray[float64]": "bartlett blackman hamming hanning kaiser fftfreq rfftfreq",
    "tuple[NDArray[intp], ...]": (
        "nonzero diag_indices diag_indices_from tril_indices triu_indices tril_indices_from triu_indices_from mask_indices"
    ),
    "list[NDArray[Any]]": "array_split split hsplit vsplit dsplit",
    "tuple[NDArray[Any], ...]": "broadcast_arrays meshgrid ix_ unstack",
    "tuple[int, ...]": "broadcast_shapes shape normalize_axis_tuple",
    "tuple[NDArray[Any], NDArray[Any]]": "histogram polydiv",
    "tuple[NDArray[Any], NDArray[float64], NDArray[float64]]": "histogram2d",
    "tuple[NDArray[Any], list[NDArray[Any]]]": "histogramdd",
    "bool": (
        "allclose array_equal array_equiv can_cast issubdtype isscalar iscomplexobj isrealobj shares_memory "
        "may_share_memory iterable isfortran is_busday_ has_nested_fields isMaskedArray isMA isarray is_mask is_masked "
        "__contains__ __bool__ is_integer has_fields check_support_sve"
    ),
    "int": (
        "ndim size getbufsize setbufsize __len__ __int__ __index__ __sizeof__ bit_count normalize_axis_index "
        "count_masked_ memusage jiffies"
    ),
    "float": "__float__ measure",
    "complex": "__complex__",
    "str": (
        "array2string array_repr array_str base_repr binary_repr format_float_positional format_float_scientific "
        "typename mintypecode get_include __repr__ __str__ __format__ build_err_msg"
    ),
    "bytes": "tobytes dumps bytes",
    "None": (
        "copyto fill_diagonal place put putmask save savetxt savez savez_compressed show_config show_runtime info "
        "set_printoptions fill setflags tofile dump setfield put_along_axis shuffle seed set_state __setstate__ "
        "__init__ __setitem__ __delitem__ assert_ assert_allclose assert_almost_equal assert_approx_equal "
        "assert_array_almost_equal assert_array_almost_equal_nulp assert_array_compare assert_array_equal "
        "assert_array_less assert_equal assert_no_gc_cycles_ assert_string_equal print_assert_equal rundocs runstring "
        "break_cycles decorate_methods run_threaded assert_array_approx_equal assert_close assert_mask_equal "
        "assert_not_equal fail_if_equal fail_if_array_equal add_docstring add_newdoc add_newdoc_ufunc reset "
        "remove_axis remove_multi_index enable_external_loop debug_print close"
    ),
    "dict[str, Any]": "geterr seterr get_printoptions opt_func_info",
    "dtype[Any]": "promote_types result_type newbyteorder descr_to_dtype repack_fields_ make_mask_descr min_scalar_type",
    "AbstractContextManager[dict[str, Any]]": "printoptions",
    "type[Any]": "common_type obj2sctype",
    "poly1d_": "polyval_",
    "Self": "__new__ __enter__ __iter__ jumped __copy__ __deepcopy__",
    "list[Self]": "spawn",
})
RESULTS["__array__"] = "NDArray[Any]"

# (a number, an array): overloads by `size`. Only for `numoxide.random`.
_FLOATS = (
    "beta chisquare exponential f gamma gumbel laplace logistic lognormal noncentral_chisquare noncentral_f normal "
    "pareto power rayleigh standard_t triangular uniform vonmises wald weibull random_sample standard_cauchy"
)
_INTS = "binomial geometric hypergeometric logseries negative_binomial poisson zipf"
RETURNS = {}
for _owner in ("numoxide.random", "numoxide.random.Generator", "numoxide.random.RandomState"):
    _whole = "int64" if _owner.endswith("Generator") else "int_"
    RETURNS.update({f"{_owner}.{name}": ("float", "NDArray[float64]") for name in _FLOATS.split()})
    RETURNS.update({f"{_owner}.{name}": ("int", f"NDArray[{_whole}]") for name in _INTS.split()})
    RETURNS.update({f"{_owner}.{name}": "NDArray[float64]" for name in ("dirichlet", "multivariate_normal")})
    RETURNS.update({f"{_owner}.{name}": f"NDArray[{_whole}]" for name in ("multinomial", "multivariate_hypergeometric")})
    RETURNS[f"{_owner}.bytes"] = "bytes"
    ARGUMENTS[f"{_owner}.bytes.length"] = "int"
    for _name in ("permutation", "shuffle"):
        RETURNS[f"{_owner}.{_name}"] = "NDArray[Any]" if _name == "permutation" else "None"
        ARGUMENTS[f"{_owner}.{_name}.x"] = "Any"
RETURNS.update(_spread({
    "NDArray[Any]": (
        "numoxide.fliplr numoxide.flipud numoxide.rot90 numoxide.diagonal numoxide.extract numoxide.fromfile "
        "numoxide.matrix_transpose numoxide.sort_complex numoxide.tri numoxide.partition numoxide.cumulative_sum "
        "numoxide.cumulative_prod numoxide.nancumsum numoxide.nancumprod numoxide.unique_values numoxide.require "
        "numoxide.asarray_chkfinite numoxide.linalg.cholesky numoxide.linalg.inv numoxide.linalg.pinv numoxide.linalg.solve numoxide.linalg.tensorinv "
        "numoxide.linalg.tensorsolve numoxide.linalg.eigvals numoxide.linalg.eigvalsh numoxide.linalg.svdvals"
    ),
    "tuple[NDArray[Any], NDArray[Any], Any, NDArray[Any]]": "numoxide.linalg.lstsq",
    "bool": "numoxide.isdtype",
    "matrix": "numoxide.asmatrix numoxide.bmat",
    "ufunc": "numoxide.frompyfunc",
    "tuple[str, int]": "numoxide.datetime_data",
    "tuple[Any, str]": "numoxide.einsum_path",
    "NDArray[float64]": "numoxide.fft.fftfreq numoxide.fft.rfftfreq",
}))
_TRANSFORMS = "fft fft2 fftn fftshift hfft ifft ifft2 ifftn ifftshift ihfft irfft irfft2 irfftn rfft rfft2 rfftn"
RETURNS.update({f"numoxide.fft.{name}": "NDArray[Any]" for name in _TRANSFORMS.split()})

# The families of `numoxide.polynomial`: the same functions, under their prefixes.
_FAMILIES = {"polynomial": "poly", "chebyshev": "cheb", "hermite": "herm", "hermite_e": "herme", "laguerre": "lag",
             "legendre": "leg"}
_SERIES = {
    "NDArray[Any]": (
        "add sub mul mulx pow der int fromroots companion vander vander2d vander3d roots line trim interpolate pts1 pts2"
    ),
    "tuple[NDArray[Any], NDArray[Any]]": "div",
    "tuple[NDArray[float64], NDArray[float64]]": "gauss",
}
for _family, _prefix in _FAMILIES.items():
    _module = f"numoxide.polynomial.{_family}"
    for _result, _names in _SERIES.items():
        RETURNS.update({f"{_module}.{_prefix}{name}": _result for name in _names.split()})
    RETURNS[f"{_module}.{_prefix}2poly"] = RETURNS[f"{_module}.poly2{_prefix}"] = "NDArray[Any]"
    ARGUMENTS.update({f"{_module}.{_prefix}{name}.m": "int" for name in ("der", "int")})
    ARGUMENTS.update({f"{_module}.{_prefix}int.k": "ArrayLike", f"{_module}.{_prefix}fit.deg": "ArrayLike"})
    ARGUMENTS.update({f"{_module}.{_prefix}{name}.deg": "ArrayLike" for name in ("vander2d", "vander3d")})
RETURNS.update({f"numoxide.polynomial.polyutils.{name}": "NDArray[Any]" for name in ("getdomain", "trimcoef")})
RETURNS["numoxide.random.default_rng"] = "Generator"
RETURNS["numoxide.ma.MaskedArray.nonzero"] = "tuple[NDArray[intp], ...]"

# Attributes of classes.
MEMBERS = _spread({
    "int": "itemsize nbytes ndim num alignment nin nout nargs ntypes nd numiter iterindex itersize nop itemsize bits",
    "str": "kind char byteorder name device signature_",
    "bool": "hasobject isalignedstruct isnative finished has_delayed_bufalloc has_index has_multi_index iterationneedsapi",
    "tuple[int, ...]": "shape strides coords multi_index",
    "list[str]": "types",
    "NDArray[Any]": "domain window",
    "tuple[NDArray[Any], ...]": "operands itviews",
    "tuple[dtype[Any], ...]": "dtypes",
    "str ": "__name__ __qualname__",
    "float": "__array_priority__",
})
