"""More rows of the table of calls: the rest of the namespace and of ndarray's methods, with their keyword arguments."""

from .calls import ALL, Call, DType, Nested, draw_axis, draw_dtypes, draw_index, maybe, ndim, rows
from .operands import BOOL, COMPLEXES, FLOATS, INTS, NUMBERS, REAL, TEXTS, TIMES, Array, Name, Scalar, broadcastable, draw_array, draw_operand, draw_python, draw_shape  # fmt: skip


def flag(rng, chance, *names):
    """Each of the boolean keywords, now and then."""
    return {name: rng.random() < 0.6 for name in names if rng.random() < chance}


@rows(".argmax .argmin .max .min .prod .mean .std .var .any .all .cumprod .argsort .clip .searchsorted .take .compress .choose .transpose .reshape .swapaxes .ravel .diagonal .trace .put .partition .resize .copy .tolist .setflags .nonzero .squeeze .astype", 1.5)
def draw_array_method(rng, name):
    array = draw_array(rng, [rng.choice(NUMBERS)], plain=name in (".partition", ".resize"))
    count = ndim(array)
    axis = maybe(rng, 0.7, axis=draw_axis(rng, count))
    if name in (".argmax", ".argmin"):
        return Call(name, (array,), axis | maybe(rng, 0.3, keepdims=True))
    if name in (".max", ".min", ".prod", ".any", ".all"):
        return Call(name, (array,), axis | maybe(rng, 0.3, keepdims=True) | maybe(rng, 0.15 * (name not in (".any", ".all")), initial=draw_python(rng)) | maybe(rng, 0.15, where=draw_array(rng, [BOOL], broadcastable(rng, array.shape))))
    if name in (".mean", ".std", ".var"):
        return Call(name, (array,), axis | maybe(rng, 0.3, keepdims=True) | maybe(rng, 0.3, dtype=DType(rng.choice(FLOATS + COMPLEXES))) | maybe(rng, 0.3 * (name != ".mean"), ddof=rng.choice([0, 1, 1.5])))
    if name == ".cumprod":
        return Call(name, (array,), axis | maybe(rng, 0.3, dtype=DType(rng.choice(NUMBERS))))
    if name == ".argsort":
        return Call(name, (array,), {"kind": "stable"} | axis)
    if name == ".clip":
        return Call(name, (array, *(rng.choice([None, draw_python(rng), draw_operand(rng, [array.dtype], broadcastable(rng, array.shape))]) for _ in range(2))))
    if name == ".take":
        return Call(name, (array, [rng.randint(-3, 3) for _ in range(rng.randint(0, 3))]), axis | maybe(rng, 0.5, mode=rng.choice(["raise", "wrap", "clip"])))
    if name == ".compress":
        return Call(name, (array, [rng.random() < 0.5 for _ in range(rng.randint(0, 4))]), axis)
    if name == ".choose":
        index = draw_array(rng, ["i1"], array.shape)  # NumPy wraps by steps
        return Call(name, (index, [draw_operand(rng, NUMBERS, broadcastable(rng, array.shape)) for _ in range(3)]), {"mode": rng.choice(["wrap", "clip", "raise"])})
    if name == ".searchsorted":
        line = draw_array(rng, [rng.choice(REAL)], draw_shape(rng, 1))
        return Call(name, (Nested(Call("sort", (line,))), draw_operand(rng, [line.dtype])), maybe(rng, 0.5, side="right"))
    if name == ".transpose":
        return Call(name, (array, *rng.sample(range(count), count)))
    if name == ".reshape":
        return Call(name, (array, *rng.choice([(-1,), (1, -1), (2, -1), array.shape[::-1], (3, 7)])), maybe(rng, 0.4, order=rng.choice("CFA")) | maybe(rng, 0.2, copy=rng.choice([True, False, None])))
    if name == ".swapaxes":
        return Call(name, (array, draw_axis(rng, count, none=False), draw_axis(rng, count, none=False)))
    if name in (".ravel", ".copy"):
        return Call(name, (array,), maybe(rng, 0.7, order=rng.choice("CFAK")))
    if name in (".diagonal", ".trace"):
        keys = {"offset": rng.randint(-2, 2), "axis1": draw_axis(rng, count, none=False), "axis2": draw_axis(rng, count, none=False)}
        keys = {key: value for key, value in keys.items() if rng.random() < 0.4}
        return Call(name, (array,), keys | maybe(rng, 0.2 * (name == ".trace"), dtype=DType(rng.choice(NUMBERS))))
    if name == ".put":
        return Call(name, (array, [rng.randint(-4, 5) for _ in range(rng.randint(0, 3))], draw_operand(rng, [array.dtype])), maybe(rng, 0.5, mode=rng.choice(["raise", "wrap", "clip"])), (array,))
    if name == ".partition":
        return Call("sort", (Nested(Call("partition", (array, rng.randint(-2, 2)), axis)),), {"axis": axis.get("axis", -1)}, unordered=True)
    if name == ".resize":
        return Call(name, (Nested(Call("copy", (array,))), rng.choice([(), (3,), (2, 2), (0,), (-1,), 5])), {"refcheck": False})
    if name == ".setflags":
        return Call(name, (array,), flag(rng, 0.6, "write", "align"))
    if name == ".squeeze":
        return Call(name, (array,), axis)
    if name == ".astype":
        return Call(name, (array, rng.choice("?bBhHiIlLqQefdFDOSUV")), maybe(rng, 0.3, casting=rng.choice(["safe", "same_kind", "unsafe"])))
    return Call(name, (array,))


@rows("sum_out cumsum_out mean_out max_out clip_out take_out add_reduce_out dot_out matmul_out concatenate_out round_out argmax_out any_out", 1.5)
def draw_out(rng, name):
    """Functions that write into a given array."""
    function = name.removesuffix("_out")
    array = draw_array(rng, [rng.choice(NUMBERS)], draw_shape(rng, rng.randint(1, 3)))
    axis = rng.randrange(len(array.shape))
    kept = tuple(extent for i, extent in enumerate(array.shape) if i != axis)
    shape = array.shape if function in ("cumsum", "clip", "round") else kept
    if rng.random() < 0.05:
        shape = draw_shape(rng)
    if function == "cumsum" and not shape:
        shape = (1,)  # NumPy looks for axes that an output without axes does not have, and may die
    out = draw_array(rng, [array.dtype] if rng.random() < 0.5 else NUMBERS, shape)
    if function == "clip":
        return Call("clip", (array, 0, 3), {"out": out}, (out,))
    if function == "round":
        return Call("round", (array, rng.randint(-1, 2)), {"out": out}, (out,))
    if function == "take":
        picks = [rng.randint(0, array.shape[axis]) for _ in range(2)]
        out = draw_array(rng, [array.dtype], (*array.shape[:axis], 2, *array.shape[axis + 1 :]))
        return Call("take", (array, picks), {"axis": axis, "out": out, "mode": rng.choice(["raise", "wrap", "clip"])}, (out,))
    if function in ("dot", "matmul"):
        left, right = draw_array(rng, ["i8", "f8"], (2, 3)), draw_array(rng, ["i8", "f8"], (3, 4))
        out = draw_array(rng, ["i8", "f8"], (2, 4), plain=rng.random() < 0.7)
        return Call(function, (left, right), {"out": out}, (out,))
    if function == "concatenate":
        out = draw_array(rng, NUMBERS, (*array.shape[:axis], 2 * array.shape[axis], *array.shape[axis + 1 :]))
        return Call("concatenate", ([array, array],), {"axis": axis, "out": out, "casting": rng.choice(["same_kind", "unsafe"])}, (out,))
    path = "add.reduce" if function == "add_reduce" else function
    return Call(path, (array,), {"axis": axis, "out": out} | maybe(rng, 0.2 * (function in ("sum", "mean", "cumsum", "add_reduce")), dtype=DType(rng.choice(NUMBERS))), (out,))


@rows("compress extract hsplit vsplit dsplit block tril_indices triu_indices diag_indices mask_indices fill_diagonal tril_indices_from array_equiv shares_memory may_share_memory broadcast_arrays take_along_axis put_along_axis apply_over_axes atleast_pair rot_axes sliding_window_view delete_mask insert_many roll_many expand_many unstack permute_dims", 0.8)
def draw_shapes(rng, name):
    array = draw_array(rng, NUMBERS)
    count = ndim(array)
    if name == "compress":
        return Call(name, ([rng.random() < 0.5 for _ in range(rng.randint(0, 4))], array), maybe(rng, 0.6, axis=draw_axis(rng, count)))
    if name == "extract":
        return Call(name, (draw_array(rng, [BOOL], array.shape), array))
    if name in ("hsplit", "vsplit", "dsplit"):
        return Call(name, (array, rng.choice([1, 2, [1], [1, 3]])))
    if name == "block":
        return Call(name, ([[draw_array(rng, NUMBERS, (2, 2)), draw_array(rng, NUMBERS, (2, rng.randint(1, 2)))], [draw_array(rng, NUMBERS, (1, rng.randint(3, 4)))]],))
    if name in ("tril_indices", "triu_indices"):
        return Call(name, (rng.randint(0, 4),), maybe(rng, 0.5, k=rng.randint(-2, 2)) | maybe(rng, 0.5, m=rng.randint(0, 4)))
    if name == "diag_indices":
        return Call(name, (rng.randint(0, 4),), maybe(rng, 0.5, ndim=rng.randint(1, 3)))
    if name == "mask_indices":
        return Call(name, (rng.randint(0, 4), Name(rng.choice(["tril", "triu"]))), maybe(rng, 0.5, k=rng.randint(-2, 2)))
    if name == "fill_diagonal":
        return Call(name, (array, rng.choice([draw_python(rng), [1, 2]])), maybe(rng, 0.5, wrap=True), (array,))
    if name == "tril_indices_from":
        return Call(name, (array,), maybe(rng, 0.5, k=rng.randint(-1, 1)))
    if name == "atleast_pair":
        return Call("atleast_2d", (array, array))
    if name in ("array_equiv", "shares_memory", "may_share_memory"):
        return Call(name, (array, array if rng.random() < 0.4 else draw_operand(rng, NUMBERS, broadcastable(rng, array.shape))))
    if name == "broadcast_arrays":
        return Call(name, (array, draw_operand(rng, NUMBERS, broadcastable(rng, array.shape))))
    if name in ("take_along_axis", "put_along_axis"):
        axis = draw_axis(rng, count)
        line = draw_array(rng, ["i8"], array.shape if axis is not None else (3,))
        small = Nested(Call("clip", (line, 0, 0)))
        extra = () if name == "take_along_axis" else (draw_python(rng),)
        return Call(name, (array, small, *extra, axis), {}, (array,) if extra else ())
    if name == "apply_over_axes":
        return Call(name, (Name("sum"), array, rng.choice([[0], [0, -1], 0])))
    if name == "rot_axes":
        return Call("rot90", (array,), {"k": rng.randint(-3, 3), "axes": tuple(draw_axis(rng, count, none=False) for _ in range(2))})
    if name == "sliding_window_view":
        return Call("lib.stride_tricks.sliding_window_view", (array, rng.choice([1, 2, (2, 1)])), maybe(rng, 0.5, axis=draw_axis(rng, count)))
    if name == "delete_mask":
        return Call("delete", (array, draw_array(rng, [BOOL], (rng.choice(array.shape or (1,)),))), maybe(rng, 0.7, axis=draw_axis(rng, count)))
    if name == "insert_many":
        return Call("insert", (array, rng.choice([[0, 0], slice(0, 2), [-1], []]), rng.choice([draw_python(rng), [1, 2]])), maybe(rng, 0.7, axis=draw_axis(rng, count)))
    if name == "roll_many":
        return Call("roll", (array, rng.choice([1, (1, 2), (3, -1)])), {"axis": rng.choice([0, (0, -1), (0, 0), None])})
    if name == "expand_many":
        return Call("expand_dims", (array, rng.choice([(0, 2), (-1, 0), 5, (1, 1), ()])))
    if name == "unstack":
        return Call(name, (array,), maybe(rng, 0.6, axis=draw_axis(rng, count, none=False)))
    return Call(name, (array, rng.sample(range(count), count)))


@rows("setxor1d unique_all unique_inverse unique_values isin_options lexsort_axis sort_complex partition_sorted nanmedian nanvar nancumprod nanpercentile nanquantile quantile_methods percentile_axis average_weights histogram_bins histogram_bin_edges histogram2d digitize_right interp_options diff_ends gradient_options trapezoid_options cov_options cross_axis convolve_modes correlate_modes polyadd polymul polysub polyder polyint polyval_pair poly median_axis", 0.8)
def draw_numbers(rng, name):
    line, other = draw_array(rng, REAL, draw_shape(rng, 1)), draw_array(rng, ["i8", "f8"], draw_shape(rng, 1))
    array = draw_array(rng, [rng.choice(REAL)])
    axis = maybe(rng, 0.6, axis=draw_axis(rng, ndim(array)))
    if name == "setxor1d":
        return Call(name, (line, draw_array(rng, [line.dtype], draw_shape(rng, 1))), unordered=True)
    if name.startswith("unique_"):
        return Call(name, (array,), unordered=True)
    if name == "isin_options":
        return Call("isin", (array, draw_array(rng, [array.dtype], draw_shape(rng, 1))), flag(rng, 0.5, "invert") | maybe(rng, 0.3 * (array.dtype in (*INTS, BOOL)), kind=rng.choice(["sort", "table", None])))
    if name == "lexsort_axis":
        return Call("lexsort", ([array, array],), maybe(rng, 0.6, axis=draw_axis(rng, ndim(array), none=False)))
    if name == "sort_complex":
        return Call(name, (draw_array(rng, COMPLEXES + ["f4", "i2"], draw_shape(rng, 1)),), unordered=True)
    if name == "partition_sorted":
        return Call("sort", (Nested(Call("partition", (array, 0), {"axis": -1})),), unordered=True)
    if name in ("nanmedian", "nanvar", "nancumprod", "median_axis"):
        return Call(name.removesuffix("_axis"), (array,), axis | maybe(rng, 0.3 * (name != "nancumprod"), keepdims=True))
    if name in ("nanpercentile", "nanquantile", "percentile_axis", "quantile_methods"):
        at = rng.choice([0.5, [0.25, 0.75], 0, 1])
        options = axis | maybe(rng, 0.3, keepdims=True)
        if name == "quantile_methods":
            options["method"] = rng.choice("linear lower higher nearest midpoint median_unbiased weibull hazen inverted_cdf averaged_inverted_cdf closest_observation".split())
        function = {"percentile_axis": "percentile", "quantile_methods": "quantile"}.get(name, name)
        scale = 100 if "percentile" in function else 1
        return Call(function, (array, [x * scale for x in at] if isinstance(at, list) else at * scale), options, ulp=4)
    if name == "average_weights":
        weights = draw_array(rng, ["f8", "i8"], array.shape)
        return Call("average", (array,), axis | {"weights": weights} | flag(rng, 0.3, "returned") | maybe(rng, 0.3, keepdims=True), ulp=4)
    if name in ("histogram_bins", "histogram_bin_edges"):
        points = draw_array(rng, ["i8", "u1", "i4"], draw_shape(rng, 1))
        return Call("histogram" if name == "histogram_bins" else name, (points,), {"bins": rng.choice([3, 10, [0, 1, 4], "auto", "sqrt"])} | maybe(rng, 0.3, range=(0, 4)) | maybe(rng, 0.2 * (name == "histogram_bins"), density=True), ulp=4)
    if name == "histogram2d":
        points = draw_array(rng, ["i8"], (7,))
        return Call(name, (points, draw_array(rng, ["i8"], (7,))), {"bins": rng.choice([2, [0, 1, 9]])}, ulp=4)
    if name == "digitize_right":
        return Call("digitize", (line, [-1, 0, 2]), {"right": True})
    if name == "interp_options":
        return Call("interp", (line, [0.0, 1, 2.5], [3.0, -1, 7]), maybe(rng, 0.4, left=-9) | maybe(rng, 0.4, right=9.5) | maybe(rng, 0.3, period=3))
    if name == "diff_ends":
        return Call("diff", (line,), maybe(rng, 0.6, prepend=draw_python(rng)) | maybe(rng, 0.6, append=[1, 2]))
    if name == "gradient_options":
        return Call("gradient", (array, *rng.choice([(), (2,), (0.5,)])), maybe(rng, 0.4, axis=draw_axis(rng, ndim(array))) | maybe(rng, 0.4, edge_order=2))
    if name == "trapezoid_options":
        return Call("trapezoid", (array,), maybe(rng, 0.5, dx=0.5) | maybe(rng, 0.5, axis=draw_axis(rng, ndim(array), none=False)))
    if name == "cov_options":
        table = draw_array(rng, ["f8", "i4"], (2, 5), plain=True)
        return Call("cov", (table,), flag(rng, 0.5, "rowvar", "bias") | maybe(rng, 0.3, ddof=rng.randint(0, 2)) | maybe(rng, 0.2, fweights=[1, 2, 1, 1, 3]), ulp=64)
    if name == "cross_axis":
        return Call("cross", (draw_array(rng, ["i8", "f8"], (3, 3)), draw_array(rng, ["i8", "f8"], (3, 3))), {"axis": rng.choice([0, 1, -1])})
    if name in ("convolve_modes", "correlate_modes"):
        return Call(name.removesuffix("_modes"), (draw_array(rng, ["i8", "i4", "c8"], draw_shape(rng, 1)), draw_array(rng, ["i8", "u1"], (rng.randint(1, 4),))), {"mode": rng.choice(["full", "same", "valid", "wrong"])}, ulp=8)
    if name in ("polyadd", "polysub", "polymul"):
        return Call(name, (draw_array(rng, ["i8", "f8"], (3,)), draw_array(rng, ["i8", "f8"], (rng.randint(1, 4),))), ulp=8)
    if name in ("polyder", "polyint"):
        return Call(name, (draw_array(rng, ["i8", "f8"], (4,)),), maybe(rng, 0.5, m=rng.randint(0, 5)))
    if name == "polyval_pair":
        return Call("polyval", ([1, -2, 3], draw_operand(rng, REAL)), ulp=8)
    return Call("poly", ([1, 2, -3, rng.randint(-4, 4)],))


@rows("base_repr binary_repr format_float_positional format_float_scientific can_cast_pair result_type_many common_type mintypecode issubdtype promote_text real_if_close nan_to_num_options iscomplex sign_parts full_shape arange_dtype linspace_arrays logspace_base geomspace_options meshgrid_options indices_sparse fromfunction vander_options tri_dtype eye_order array_ndmin require ascontiguous asfortran isclose_options allclose_options array_str einsum_more tensordot_axes kron_many matmul_stack vecdot", 0.8)
def draw_names(rng, name):
    kinds = [*NUMBERS, *TIMES, *TEXTS, "O"]
    array = draw_array(rng, NUMBERS)
    if name in ("base_repr", "binary_repr"):
        number = rng.choice([0, 5, -5, 255, -128, 10**12])
        return Call(name, (number,), maybe(rng, 0.5, **({"base": rng.choice([2, 7, 16, 36, 37]), "padding": rng.randint(0, 3)} if name == "base_repr" else {"width": rng.randint(0, 12)})))
    if name in ("format_float_positional", "format_float_scientific"):
        value = Scalar(draw_array(rng, FLOATS, (), plain=True))
        return Call(name, (value,), maybe(rng, 0.4, precision=rng.randint(0, 20)) | flag(rng, 0.4, "unique") | maybe(rng, 0.4, trim=rng.choice("k.0-")) | flag(rng, 0.3, "sign") | maybe(rng, 0.3, pad_left=rng.randint(0, 5)))
    if name == "can_cast_pair":
        return Call("can_cast", (DType(rng.choice(kinds)), DType(rng.choice(kinds))), maybe(rng, 0.7, casting=rng.choice(["no", "equiv", "safe", "same_kind", "unsafe"])))
    if name == "result_type_many":
        return Call("result_type", tuple(rng.choice([DType(rng.choice(NUMBERS)), draw_operand(rng, NUMBERS)]) for _ in range(rng.randint(1, 4))))
    if name == "common_type":
        return Call(name, tuple(draw_array(rng, NUMBERS) for _ in range(rng.randint(1, 3))))
    if name == "mintypecode":
        return Call(name, ([rng.choice("ildFDfqB") for _ in range(rng.randint(0, 3))],))
    if name == "issubdtype":
        return Call(name, (DType(rng.choice(kinds)), Name(rng.choice("integer floating number generic inexact float64 signedinteger complexfloating bool timedelta64".split()))))
    if name == "promote_text":
        return Call("promote_types", (DType(rng.choice(kinds)), DType(rng.choice(kinds))))
    if name == "real_if_close":
        return Call(name, (array,), maybe(rng, 0.4, tol=rng.choice([1, 100, 1e-3])))
    if name == "nan_to_num_options":
        return Call("nan_to_num", (array,), {key: draw_python(rng) for key in ("nan", "posinf", "neginf") if rng.random() < 0.4} | flag(rng, 0.3, "copy"), (array,))
    if name in ("iscomplex", "sign_parts"):
        return Call("iscomplex" if name == "iscomplex" else "signbit", (array,))
    if name == "full_shape":
        return Call("full", (rng.choice([3, (2, 3), (), (0, 2)]), draw_operand(rng, NUMBERS, (3,))), maybe(rng, 0.5, dtype=DType(rng.choice(NUMBERS))) | maybe(rng, 0.4, order=rng.choice("CF")))
    if name == "arange_dtype":
        return Call("arange", (rng.randint(-3, 3), rng.randint(0, 9), rng.choice([1, 2, -1, 0.5])), {"dtype": DType(rng.choice([*NUMBERS, "M8[D]", "m8[s]"]))})
    if name == "linspace_arrays":
        return Call("linspace", (draw_operand(rng, ["i8", "f8", "c16"], (2,)), draw_operand(rng, ["i8", "f8"], (2,))), {"num": rng.randint(0, 5)} | maybe(rng, 0.5, axis=rng.choice([0, -1])) | flag(rng, 0.4, "endpoint", "retstep") | maybe(rng, 0.3, dtype=DType(rng.choice(NUMBERS))), ulp=2)
    if name in ("logspace_base", "geomspace_options"):
        extra = maybe(rng, 0.6, base=rng.choice([2, 3.5])) if name == "logspace_base" else {}
        return Call(name.partition("_")[0], (1, rng.choice([2, 8, 3.5]), rng.randint(0, 5)), extra | flag(rng, 0.4, "endpoint"), ulp=8)
    if name == "meshgrid_options":
        return Call("meshgrid", (draw_array(rng, NUMBERS, (2,)), draw_array(rng, NUMBERS, (3,))), maybe(rng, 0.5, indexing=rng.choice(["ij", "xy", "no"])) | flag(rng, 0.4, "sparse", "copy"))
    if name == "indices_sparse":
        return Call("indices", (rng.choice([(2, 3), (0, 2), ()]),), flag(rng, 0.5, "sparse") | maybe(rng, 0.5, dtype=DType(rng.choice(NUMBERS))))
    if name == "fromfunction":
        return Call(name, (Name("add"), (2, 3)), maybe(rng, 0.5, dtype=DType(rng.choice(NUMBERS))))
    if name == "vander_options":
        return Call("vander", (draw_array(rng, ["i8", "f8"], (3,)), rng.randint(0, 4)), flag(rng, 0.5, "increasing"))
    if name == "tri_dtype":
        return Call("tri", (rng.randint(0, 4), rng.randint(0, 4), rng.randint(-2, 2)), {"dtype": DType(rng.choice(NUMBERS))})
    if name == "eye_order":
        return Call("eye", (rng.randint(0, 3), rng.randint(0, 3)), {"order": rng.choice("CF"), "dtype": DType(rng.choice(NUMBERS))})
    if name == "array_ndmin":
        return Call("array", (draw_array(rng, ALL),), {"ndmin": rng.randint(0, 5)} | maybe(rng, 0.4, copy=rng.choice([True, None])) | maybe(rng, 0.4, order=rng.choice("CFAK")))
    if name == "require":
        return Call(name, (array,), maybe(rng, 0.5, dtype=DType(rng.choice(NUMBERS))) | maybe(rng, 0.7, requirements=rng.choice(["C", "F", ["A", "W"], ["O"], "E"])))
    if name in ("ascontiguous", "asfortran"):
        return Call(name + "array", (array,), maybe(rng, 0.4, dtype=DType(rng.choice(NUMBERS))))
    if name in ("isclose_options", "allclose_options"):
        other = draw_operand(rng, NUMBERS, broadcastable(rng, array.shape))
        return Call(name.partition("_")[0], (array, other), maybe(rng, 0.5, rtol=rng.choice([0, 0.5])) | maybe(rng, 0.5, atol=rng.choice([0, 1])) | flag(rng, 0.5, "equal_nan"))
    if name == "array_str":
        return Call(name, (array,), maybe(rng, 0.5, precision=rng.randint(0, 5)) | maybe(rng, 0.5, max_line_width=rng.choice([10, 30])) | flag(rng, 0.4, "suppress_small"))
    small = [draw_array(rng, ["i8", "i4", "u1"], (3, 3)) for _ in range(2)]
    if name == "einsum_more":
        return Call("einsum", (rng.choice(["ij,jk", "ij,jk->ki", "ij,ij", "ij,ij->j", "ii,jk->i", "i...,j...->ij...", "ij,kl->", "ij->", "ij,xx->ij"]), *small), flag(rng, 0.3, "optimize"))
    if name == "tensordot_axes":
        return Call("tensordot", tuple(small), {"axes": rng.choice([0, 1, 2, ([0], [1]), ([1, 0], [0, 1]), 3])})
    if name == "kron_many":
        return Call("kron", (draw_array(rng, ["i8", "u1"], draw_shape(rng)), draw_array(rng, ["i8"], (2, 1))))
    if name == "matmul_stack":
        return Call("matmul", (draw_array(rng, ["i8", "i4"], (2, 3, 4)), draw_array(rng, ["i8", "u1"], rng.choice([(4, 2), (2, 4, 3), (4,), (3, 3)]))), maybe(rng, 0.3, dtype=DType("f8")))
    return Call("vecdot", tuple(draw_array(rng, ["i8", "i4"], (2, 3)) for _ in range(2)), maybe(rng, 0.4, axis=rng.choice([0, -1, 5])) | flag(rng, 0.3, "keepdims"))


@rows(".__delitem__ .__getitem__many .__setitem__many item_pair flat_get flat_set", 2)
def draw_access(rng, name):
    array = draw_array(rng, NUMBERS + TIMES)
    if name == ".__delitem__":
        return Call(name, (array, 0))
    if name == "item_pair":
        return Call(".item", (array, *(rng.randint(-2, 2) for _ in range(rng.randint(0, 3)))))
    index = rng.choice([0, -1, slice(None, None, 2), slice(3, 0, -1), [0, 1], [-1], 99, (0,), Ellipsis])
    if name == "flat_get":
        return Call(".__getitem__", (Flat(array), index))
    if name == "flat_set":
        return Call(".__setitem__", (Flat(array), index, draw_operand(rng, [array.dtype])), {}, (array,))
    index = draw_index(rng, array.shape)
    if name == ".__getitem__many":
        return Call(".__getitem__", (array, index))
    return Call(".__setitem__", (array, index, draw_operand(rng, [array.dtype], rng.choice([(), array.shape]))), {}, (array,))


class Flat:
    """The flat iterator of an array."""

    def __init__(self, of):
        self.of = of

    def build(self, lib, memo):
        return self.of.build(lib, memo).flat

    def __repr__(self):
        return f"{self.of!r}.flat"
