"""The table of calls: a row is a name and a function that draws one call of it from a `random.Random`."""

import numpy

from .operands import (
    BOOL, COMPLEXES, FLOATS, INTS, NUMBERS, REAL, RECORDS, TEXTS, TIMES, Array, Call, DType, Name, Scalar, View, broadcastable,
    draw_array, draw_operand, draw_python, draw_shape, random_bytes,
)  # fmt: skip
from .verdict import INEXACT

ROWS = {}
ALL = NUMBERS + TIMES + TEXTS
UFUNC_SKIP = {"matmul", "vecdot", "matvec", "vecmat", "isnat"}
COMPARISONS = {"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"}
UFUNCS = {name for name in dir(numpy) if isinstance(getattr(numpy, name), numpy.ufunc)}


def rows(names, weight=1):
    """Register a drawing function `draw(rng, name)` for each of the names."""

    def register(draw):
        for name in names.split():
            ROWS[name] = (weight, draw)
        return draw

    return register


def draw_call(rng, names):
    """One call of a row chosen by weight: (row, call)."""
    name = rng.choices(names, [ROWS[name][0] for name in names])[0]
    return name, ROWS[name][1](rng, name)


def maybe(rng, chance, **kwargs):
    return kwargs if rng.random() < chance else {}


def draw_axis(rng, ndim, none=True):
    chance = rng.random()
    if none and chance < 0.2:
        return None
    if chance < 0.25:
        return rng.randint(-5, 5)
    return rng.randrange(-ndim, ndim) if ndim else rng.choice([0, -1])


def ndim(operand):
    return len(operand.shape) if isinstance(operand, Array) else 1


# --- ufuncs, from NumPy's own list of them -----------------------------------------------------------------------------------------


def ufunc_operands(rng, ufunc, dtypes=None):
    shape = draw_shape(rng)
    first = draw_array(rng, dtypes, shape) if rng.random() < 0.9 else draw_operand(rng, dtypes, shape)
    return [first, *(draw_operand(rng, dtypes, broadcastable(rng, shape)) for _ in range(ufunc.nin - 1))], shape


def draw_dtypes(rng):
    chance = rng.random()
    if chance < 0.5:
        return [rng.choice(NUMBERS)]
    return NUMBERS if chance < 0.92 else ALL


def draw_ufunc(rng, name):
    ufunc = getattr(numpy, name)
    args, shape = ufunc_operands(rng, ufunc, draw_dtypes(rng))
    kwargs, watch = {}, []
    if rng.random() < 0.2:
        kind = rng.choice(["out", "alias", "overlap"])
        target = draw_array(rng, draw_dtypes(rng), shape)
        if kind != "out" and isinstance(args[0], Array):
            target = args[0] if kind == "alias" or not args[0].shape else View(args[0], slice(None, None, -1))
        watch = [target]
        kwargs["out"] = target if ufunc.nout == 1 else (target, *[None] * (ufunc.nout - 1))
        # Where nothing is computed, an output that was not given holds anything.
        kwargs |= maybe(rng, 0.4 * (ufunc.nout == 1), where=draw_array(rng, [BOOL], broadcastable(rng, shape)))
    kwargs |= maybe(rng, 0.1, dtype=DType(rng.choice(NUMBERS)))
    kwargs |= maybe(rng, 0.15, casting=rng.choice(["no", "equiv", "safe", "same_kind", "unsafe"]))
    kwargs |= maybe(rng, 0.08, order=rng.choice("CFAK"))
    if name in COMPARISONS and any(type(arg) is int for arg in args):
        kwargs.pop("where", None)  # NumPy dies where the integer is beyond the dtype of the array
    if name in ("left_shift", "right_shift", "power", "pow") and "out" in kwargs:
        kwargs.pop("casting", None)
    return Call(name, tuple(args), kwargs, tuple(watch))


# NumPy's vector loops of these do not chain: with more than one step their reductions give op(first, last).
UNCHAINED = frozenset("power pow float_power arctan2 atan2 ldexp".split())


def draw_chain(rng, name):
    """An array whose reduction by the ufunc means something in NumPy."""
    shape = draw_shape(rng)
    if name.partition(".")[0] in UNCHAINED:
        shape = tuple(min(extent, 2) for extent in shape)
    return draw_array(rng, [rng.choice(NUMBERS)], shape)


def draw_reduce(rng, name):
    method = name.partition(".")[2]
    array = draw_chain(rng, name)
    kwargs = maybe(rng, 0.8, axis=draw_axis(rng, ndim(array), none=method == "reduce"))
    kwargs |= maybe(rng, 0.2, dtype=DType(rng.choice(NUMBERS)))
    if method == "reduce":
        kwargs |= maybe(rng, 0.3, keepdims=rng.random() < 0.7)
        kwargs |= maybe(rng, 0.15 * (name.partition(".")[0] not in UNCHAINED), initial=draw_python(rng))
        kwargs |= maybe(rng, 0.15, where=draw_array(rng, [BOOL], broadcastable(rng, array.shape)))
        if array.shape and rng.random() < 0.1:
            kwargs["axis"] = tuple(rng.sample(range(len(array.shape)), rng.randint(0, len(array.shape))))
    return Call(name, (array,), kwargs)


def draw_reduceat(rng, name):
    array = draw_chain(rng, name)
    axis = draw_axis(rng, ndim(array), none=False)
    extent = array.shape[axis] if array.shape and -len(array.shape) <= axis < len(array.shape) else 1
    indices = [rng.randint(0, max(extent - 1, 0)) for _ in range(rng.randint(1, 4))]
    return Call(name, (array, indices), {"axis": axis})


def draw_outer(rng, name):
    dtypes = draw_dtypes(rng)
    return Call(name, (draw_operand(rng, dtypes, draw_shape(rng, 1)), draw_operand(rng, dtypes, draw_shape(rng, rng.randint(0, 2)))))


def draw_at(rng, name):
    ufunc = getattr(numpy, name.partition(".")[0])
    array = draw_array(rng, [rng.choice(NUMBERS)], draw_shape(rng, rng.randint(1, 2)), plain=True)
    array.writeable = True  # NumPy writes to read-only arrays here
    count = rng.randint(0, 5)
    index = [rng.randint(-array.shape[0], array.shape[0] - 1) if array.shape[0] else 0 for _ in range(count)]
    if ufunc.__name__ in INEXACT or ufunc.__name__ in UNCHAINED:
        # Each place once: errors of the last bit grow when a function is applied to its own values.
        index = rng.sample(range(array.shape[0]), min(count, array.shape[0]))
        count = len(index)
    values = [draw_operand(rng, [array.dtype], (count, *array.shape[1:])) for _ in range(ufunc.nin - 1)]
    return Call(name, (array, index, *values), {}, (array,))


def register_ufuncs():
    for name in sorted(UFUNCS - UFUNC_SKIP):
        ufunc = getattr(numpy, name)
        ROWS[name] = (4 if ufunc.nin == 2 else 2, draw_ufunc)
        if ufunc.nin == 2 and ufunc.nout == 1:
            ROWS[f"{name}.reduce"] = ROWS[f"{name}.accumulate"] = (1, draw_reduce)
            ROWS[f"{name}.reduceat"] = (0.4, draw_reduceat)
            ROWS[f"{name}.outer"] = (0.5, draw_outer)
        if ufunc.nout == 1:
            ROWS[f"{name}.at"] = (0.4, draw_at)


register_ufuncs()


# --- operators, casts, indexing ----------------------------------------------------------------------------------------------------


@rows("add subtract multiply truediv floordiv mod pow lshift rshift and_ or_ xor lt le eq ne gt ge".replace(" ", " operator.").join(["operator.", ""]), 3)
def draw_operator(rng, name):
    dtypes, shape = draw_dtypes(rng), draw_shape(rng)
    pair = [draw_array(rng, dtypes, shape), draw_operand(rng, dtypes, broadcastable(rng, shape))]
    rng.shuffle(pair)
    if not any(isinstance(operand, (Array, Scalar)) for operand in pair):
        pair[0] = draw_array(rng, dtypes, shape)
    method = {"truediv": "truediv", "and_": "and", "or_": "or", "subtract": "sub", "multiply": "mul"}.get(name[9:], name[9:])
    if not isinstance(pair[0], (Array, Scalar)):
        pair.reverse()
        method = method if method in ("lt", "le", "eq", "ne", "gt", "ge") else "r" + method
    return Call(f".__{method}__", tuple(pair))


@rows("scalar_operator", 25)
def draw_scalar_operator(rng, name):
    left = Scalar(draw_array(rng, NUMBERS, (), plain=True))
    right = Scalar(draw_array(rng, NUMBERS, (), plain=True)) if rng.random() < 0.6 else draw_python(rng)
    method = rng.choice("add sub mul truediv floordiv mod pow lt le eq ne gt ge and or xor lshift rshift divmod".split())
    if rng.random() < 0.3 and method not in ("lt", "le", "eq", "ne", "gt", "ge"):
        method = "r" + method
    return Call(f".__{method}__", (left, right))


@rows("scalar_method", 10)
def draw_scalar_method(rng, name):
    scalar = Scalar(draw_array(rng, ALL, (), plain=True))
    method = rng.choice("__repr__ __str__ __bool__ __int__ __float__ __complex__ __hash__ __neg__ __abs__ __pos__ __invert__ item tobytes tolist conjugate __index__ __round__".split())
    if method == "__hash__" and scalar.of.dtype in TIMES:
        scalar.of.data = random_bytes(rng, "i8", 2)  # what is not a time hashes by its address
    return Call(f".{method}", (scalar,))


@rows(".astype", 25)
def draw_astype(rng, name):
    array = draw_array(rng, [rng.choice(ALL)])
    target = DType(rng.choice(ALL + ["S", "U", "O"]))
    kwargs = maybe(rng, 0.3, casting=rng.choice(["no", "equiv", "safe", "same_kind", "unsafe", "same_value", "wrong"]))
    kwargs |= maybe(rng, 0.2, order=rng.choice("CFAK")) | maybe(rng, 0.2, copy=rng.random() < 0.5)
    return Call(".astype", (array, target), kwargs)


def draw_index(rng, shape):
    """One index, of any kind, mostly valid for `shape`."""
    parts, axis = [], 0
    while axis < len(shape) and rng.random() < 0.85:
        extent = shape[axis]
        chance = rng.random()
        if chance < 0.25:
            parts.append(rng.randrange(-extent, extent) if extent and rng.random() < 0.97 else rng.randint(-9, 9))
        elif chance < 0.6:
            bounds = [rng.choice([None, None, rng.randint(-extent - 1, extent + 1)]) for _ in range(2)]
            parts.append(slice(*bounds, rng.choice([None, None, 1, 2, -1, -2, 3])))
        elif chance < 0.7:
            parts.append(None)
            axis -= 1
        elif chance < 0.85:
            parts.append([rng.randrange(-extent, extent) if extent else 0 for _ in range(3)])
        elif chance < 0.92:
            parts.append(Array(BOOL, (extent,), (1,), 0, bytes(rng.randint(0, 1) for _ in range(extent + 1))))
        else:
            parts.append(Array("i8", (2, 1), (8, 8), 0, b"".join((rng.randrange(extent) if extent else 0).to_bytes(8, "little") for _ in range(2))))
        axis += 1
    if rng.random() < 0.2 and not any(part is Ellipsis for part in parts):
        parts.insert(rng.randint(0, len(parts)), Ellipsis)
    if rng.random() < 0.06:
        return draw_array(rng, [BOOL], shape)
    if rng.random() < 0.03:
        return rng.choice([1.5, "a", (None, "b"), [1.0], [True]])
    return parts[0] if len(parts) == 1 and rng.random() < 0.5 else tuple(parts)


@rows(".__getitem__", 40)
def draw_getitem(rng, name):
    array = draw_array(rng, [*ALL, *RECORDS])
    index = draw_index(rng, array.shape)
    if isinstance(array.dtype, list) and rng.random() < 0.5:
        index = rng.choice([array.dtype[0][0], [array.dtype[0][0], array.dtype[1][0]], "missing"])
    return Call(".__getitem__", (array, index))


@rows(".__setitem__", 25)
def draw_setitem(rng, name):
    array = draw_array(rng, NUMBERS + TEXTS)
    value = draw_operand(rng, [rng.choice(NUMBERS)], rng.choice([(), array.shape, array.shape[1:]]))
    return Call(".__setitem__", (array, draw_index(rng, array.shape), value), {}, (array,))


@rows("take", 6)
def draw_take(rng, name):
    array = draw_array(rng, ALL)
    indices = [rng.randint(-6, 6) for _ in range(rng.randint(0, 4))]
    return Call("take", (array, indices), maybe(rng, 0.6, axis=draw_axis(rng, ndim(array))) | maybe(rng, 0.6, mode=rng.choice(["raise", "wrap", "clip"])))


@rows("put putmask place copyto", 2)
def draw_put(rng, name):
    array = draw_array(rng, NUMBERS)
    mask = draw_array(rng, [BOOL], array.shape)
    values = draw_array(rng, [array.dtype], draw_shape(rng, 1))
    if name == "put":
        args = (array, [rng.randint(-4, 6) for _ in range(3)], values)
    elif name == "copyto":
        return Call(name, (array, draw_operand(rng, NUMBERS, broadcastable(rng, array.shape))), maybe(rng, 0.4, where=mask), (array,))
    else:
        args = (array, mask, values)
    return Call(name, args, {}, (array,))


# --- reductions and statistics -----------------------------------------------------------------------------------------------------


@rows("sum prod mean std var min max any all ptp median nansum nanmean nanmax nanmin nanstd nanprod count_nonzero", 4)
def draw_statistic(rng, name):
    array = draw_array(rng, [rng.choice(NUMBERS if rng.random() < 0.95 else ALL)])
    kwargs = maybe(rng, 0.7, axis=draw_axis(rng, ndim(array))) | maybe(rng, 0.3, keepdims=True)
    if name in ("sum", "prod", "mean", "std", "var", "nansum"):
        kwargs |= maybe(rng, 0.2, dtype=DType(rng.choice(NUMBERS)))
    if name in ("std", "var"):
        kwargs |= maybe(rng, 0.4, ddof=rng.choice([0, 1, 2, 0.5]))
    if name in ("sum", "prod", "min", "max", "any", "all", "mean", "std", "var"):
        kwargs |= maybe(rng, 0.15, where=draw_array(rng, [BOOL], broadcastable(rng, array.shape)))
    return Call(name, (array,), kwargs)


@rows("argmin argmax nanargmax nanargmin", 3)
def draw_argmin(rng, name):
    array = draw_array(rng, [rng.choice(ALL)])
    return Call(name, (array,), maybe(rng, 0.6, axis=draw_axis(rng, ndim(array))) | maybe(rng, 0.2, keepdims=True))


@rows("cumsum cumprod nancumsum", 3)
def draw_cumulative(rng, name):
    array = draw_array(rng, [rng.choice(NUMBERS)])
    return Call(name, (array,), maybe(rng, 0.6, axis=draw_axis(rng, ndim(array))) | maybe(rng, 0.2, dtype=DType(rng.choice(NUMBERS))))


@rows("diff ediff1d trapezoid gradient", 2)
def draw_diff(rng, name):
    array = draw_array(rng, REAL)
    return Call(name, (array,), {} if name != "diff" else maybe(rng, 0.5, n=rng.randint(0, 3)) | maybe(rng, 0.5, axis=draw_axis(rng, ndim(array), none=False)))


@rows("average percentile quantile histogram bincount digitize interp cov corrcoef", 1)
def draw_weighted(rng, name):
    array = draw_array(rng, REAL, draw_shape(rng, 1))
    if name in ("percentile", "quantile"):
        scale = 100 if name == "percentile" else 1
        return Call(name, (array, rng.choice([0.25, 0.5, [0.1, 0.9], 1.0]) if scale == 1 else rng.choice([25, 50, [10, 90]])), ulp=2)
    if name == "bincount":
        array = Array("i8", array.shape, (8,), 0, b"".join(rng.randint(-1 if rng.random() < 0.1 else 0, 9).to_bytes(8, "little", signed=True) for _ in range(array.shape[0])))
        return Call(name, (array,), maybe(rng, 0.4, weights=draw_array(rng, FLOATS, array.shape)) | maybe(rng, 0.3, minlength=rng.randint(0, 12)))
    if name == "digitize":
        return Call(name, (array, [-1, 0, 2, 3.5]), maybe(rng, 0.4, right=True))
    if name == "interp":
        return Call(name, (array, [-1, 0, 2, 3.5], [1, 5, 2, 2]), ulp=2)
    return Call(name, (array,), ulp=4)


# --- sorting and sets --------------------------------------------------------------------------------------------------------------


@rows("sort argsort", 6)
def draw_sort(rng, name):
    array = draw_array(rng, [rng.choice(ALL)])
    stable = name == "argsort" or rng.random() < 0.3
    kwargs = {"kind": "stable"} if stable else maybe(rng, 0.3, kind=rng.choice(["quicksort", "heapsort", "mergesort"]))
    return Call(name, (array,), kwargs | maybe(rng, 0.5, axis=draw_axis(rng, ndim(array))), unordered=name == "sort" and not stable and array.dtype in (*FLOATS, *COMPLEXES))


@rows("lexsort searchsorted unique isin intersect1d union1d setdiff1d unique_counts", 2)
def draw_set(rng, name):
    dtype = rng.choice(ALL)
    array, other = draw_array(rng, [dtype]), draw_array(rng, [dtype], draw_shape(rng, 1))
    if name == "lexsort":
        shape = draw_shape(rng, 1)
        return Call(name, ((draw_array(rng, REAL, shape), draw_array(rng, REAL, shape)),))
    if name == "searchsorted":
        return Call(name, (Array("f8", (4,), (8,), 0, numpy.array([-1.0, 0, 0, 3]).tobytes()), draw_operand(rng, REAL)), maybe(rng, 0.5, side="right"))
    if name in ("unique", "unique_counts"):
        flags = {key: True for key in ("return_index", "return_inverse", "return_counts") if rng.random() < 0.4} if name == "unique" else {}
        return Call(name, (array,), flags | (maybe(rng, 0.2, axis=draw_axis(rng, ndim(array))) if flags or name == "unique" else {}), unordered=True)
    return Call(name, (array, other), unordered=name in ("intersect1d", "union1d", "setdiff1d"))


@rows("partition argpartition", 1)
def draw_partition(rng, name):
    array = draw_array(rng, REAL, draw_shape(rng, 1), plain=True)
    kth = rng.randrange(array.shape[0]) if array.shape[0] else 0
    # Only the element at kth is fixed: take it, by a call that shows nothing else.
    return Call("take", (Nested(Call(name, (array, kth))), kth)) if name == "partition" else Call("take", (array, Nested(Call("take", (Nested(Call(name, (array, kth))), kth)))))


class Nested:
    """A call whose result is an operand."""

    def __init__(self, call):
        self.call = call

    def build(self, lib, memo):
        return self.call.run(lib)()[0]

    def __repr__(self):
        return repr(self.call)


@rows("nonzero flatnonzero argwhere", 2)
def draw_nonzero(rng, name):
    return Call(name, (draw_array(rng, NUMBERS),))


@rows("where", 8)
def draw_where(rng, name):
    shape = draw_shape(rng)
    condition = draw_array(rng, [BOOL] if rng.random() < 0.7 else NUMBERS, shape)
    if rng.random() < 0.1:
        return Call(name, (condition,))
    dtypes = draw_dtypes(rng)
    return Call(name, (condition, draw_operand(rng, dtypes, broadcastable(rng, shape)), draw_operand(rng, dtypes, broadcastable(rng, shape))))


@rows("clip", 5)
def draw_clip(rng, name):
    dtypes, shape = [rng.choice(REAL)], draw_shape(rng)
    return Call(name, (draw_array(rng, dtypes, shape), *(rng.choice([None, draw_operand(rng, dtypes, broadcastable(rng, shape))]) for _ in range(2))))


@rows("select choose", 1)
def draw_select(rng, name):
    shape = draw_shape(rng)
    if name == "select":
        return Call(name, ([draw_array(rng, [BOOL], shape) for _ in range(2)], [draw_array(rng, NUMBERS, shape) for _ in range(2)]), maybe(rng, 0.5, default=draw_python(rng)))
    return Call(name, (draw_array(rng, [BOOL], shape), [draw_array(rng, NUMBERS, shape) for _ in range(2)]))


# --- shapes ------------------------------------------------------------------------------------------------------------------------


@rows("reshape ravel transpose squeeze swapaxes moveaxis rollaxis expand_dims flip roll rot90 fliplr flipud copy atleast_1d atleast_2d atleast_3d matrix_transpose", 2)
def draw_shaped(rng, name):
    array = draw_array(rng, [*ALL, *RECORDS])
    count = ndim(array)
    size = 1
    for extent in array.shape:
        size *= extent
    kwargs, args = {}, ()
    if name == "reshape":
        options = [(-1,), (size,), (1, -1), (-1, 1), (2, -1), array.shape[::-1], (size, 1, 1), (3, 5)]
        args, kwargs = (rng.choice(options),), maybe(rng, 0.3, order=rng.choice("CFA")) | maybe(rng, 0.1, copy=rng.choice([True, False]))
    elif name in ("ravel", "copy"):
        kwargs = maybe(rng, 0.5, order=rng.choice("CFAK"))
    elif name == "transpose":
        args = (rng.sample(range(count), count),) if rng.random() < 0.6 else ()
    elif name == "squeeze":
        kwargs = maybe(rng, 0.4, axis=draw_axis(rng, count))
    elif name in ("swapaxes", "moveaxis", "rollaxis"):
        args = (draw_axis(rng, count, none=False), draw_axis(rng, count, none=False))
    elif name == "expand_dims":
        args = (rng.choice([draw_axis(rng, count + 1, none=False), (0, 1), (0, -1), (0, 0)]),)
    elif name == "flip":
        kwargs = maybe(rng, 0.6, axis=draw_axis(rng, count))
    elif name == "roll":
        args, kwargs = (rng.randint(-4, 4),), maybe(rng, 0.6, axis=draw_axis(rng, count))
    elif name == "rot90":
        kwargs = maybe(rng, 0.5, k=rng.randint(-2, 5))
    return Call(name, (array, *args), kwargs)


@rows("concatenate stack vstack hstack dstack column_stack", 3)
def draw_join(rng, name):
    dtypes = draw_dtypes(rng)
    shape = draw_shape(rng, rng.randint(1, 3))
    axis = draw_axis(rng, len(shape), none=name == "concatenate")
    shapes = [shape] * rng.randint(1, 3)
    if rng.random() < 0.5 and name == "concatenate" and axis is not None and -len(shape) <= axis < len(shape):
        longer = list(shape)
        longer[axis] += 2
        shapes.append(tuple(longer))
    if rng.random() < 0.05:
        shapes.append(draw_shape(rng))
    arrays = [draw_array(rng, dtypes, extents) for extents in shapes]
    kwargs = {"axis": axis} if name in ("concatenate", "stack") and (axis is not None or name == "concatenate") else {}
    kwargs |= maybe(rng, 0.1, dtype=DType(rng.choice(NUMBERS)), casting=rng.choice(["same_kind", "unsafe", "safe"])) if name in ("concatenate", "stack") else {}
    return Call(name, (arrays,), kwargs)


@rows("split array_split tile repeat insert delete append pad broadcast_to resize trim_zeros", 1.5)
def draw_pieces(rng, name):
    array = draw_array(rng, NUMBERS)
    count = ndim(array)
    axis = draw_axis(rng, count)
    if name in ("split", "array_split"):
        return Call(name, (array, rng.choice([1, 2, 3, [1, 3], [0]])), maybe(rng, 0.5, axis=draw_axis(rng, count, none=False)))
    if name == "tile":
        return Call(name, (array, rng.choice([0, 1, 2, (2, 1), (1, 2, 2)])))
    if name == "repeat":
        return Call(name, (array, rng.choice([0, 1, 2, 3, [1, 2]])), maybe(rng, 0.6, axis=axis))
    if name == "insert":
        return Call(name, (array, rng.choice([0, 1, -1, [0, 1], 99]), draw_python(rng)), maybe(rng, 0.6, axis=axis))
    if name == "delete":
        return Call(name, (array, rng.choice([0, -1, [0], [0, 0], slice(0, 2), 99])), maybe(rng, 0.6, axis=axis))
    if name == "append":
        return Call(name, (array, draw_array(rng, NUMBERS, array.shape)), maybe(rng, 0.5, axis=axis))
    if name == "pad":
        return Call(name, (array, rng.choice([0, 1, 2, (1, 2)])), {"mode": rng.choice(["constant", "edge", "reflect", "wrap", "symmetric", "maximum"])})
    if name == "broadcast_to":
        return Call(name, (array, rng.choice([array.shape, (2, *array.shape), (3, 4), ()])))
    return Call(name, (array,) if name == "trim_zeros" else (array, rng.choice([3, (2, 2), (0,)])))


# --- making arrays -----------------------------------------------------------------------------------------------------------------


@rows("array asarray", 8)
def draw_creation(rng, name):
    def nest(depth):
        if depth == 0:
            return draw_python(rng) if rng.random() < 0.7 else rng.randint(-5, 300)
        return [nest(depth - 1) for _ in range(rng.randint(0, 3) if rng.random() < 0.2 else 2)]

    source = nest(rng.randint(0, 3)) if rng.random() < 0.6 else draw_array(rng, [*ALL, *RECORDS])
    kwargs = maybe(rng, 0.5, dtype=DType(rng.choice(ALL))) | maybe(rng, 0.2, order=rng.choice("CFAK"))
    kwargs |= maybe(rng, 0.2, ndmin=rng.randint(0, 3)) if name == "array" else {}
    return Call(name, (source,), kwargs)


@rows("zeros ones full arange linspace logspace geomspace eye identity tri zeros_like ones_like full_like diag diagflat tril triu vander", 2)
def draw_filled(rng, name):
    dtype = maybe(rng, 0.5, dtype=DType(rng.choice(NUMBERS)))
    if name in ("zeros", "ones"):
        return Call(name, (rng.choice([(), 3, (2, 3), (0, 2), -1, (2, -1)]),), dtype | maybe(rng, 0.3, order=rng.choice("CF")))
    if name == "full":
        return Call(name, ((2, 3), draw_python(rng)), dtype)
    if name == "arange":
        return Call(name, tuple(rng.choice([rng.randint(-5, 20), round(rng.uniform(-3, 9), 2)]) for _ in range(rng.randint(1, 2))) + rng.choice([(), (2,), (0.5,), (-1,), (0,)]), dtype)
    if name in ("linspace", "logspace", "geomspace"):
        ends = (1, rng.choice([2, 10, 1.5])) if name != "linspace" else (rng.uniform(-2, 2), rng.choice([2, 10, 1.5, 3j]))
        return Call(name, (*ends, rng.randint(0, 9)), dtype | maybe(rng, 0.4, endpoint=False), ulp=0 if name == "linspace" else 4)
    if name in ("eye", "tri", "identity"):
        return Call(name, (rng.randint(0, 4),), dtype if name == "identity" else dtype | maybe(rng, 0.5, k=rng.randint(-2, 2)))
    if name in ("zeros_like", "ones_like", "full_like"):
        fill = (draw_python(rng),) if name == "full_like" else ()
        return Call(name, (draw_array(rng, ALL if name == "zeros_like" else NUMBERS), *fill), dtype | maybe(rng, 0.3, order=rng.choice("CFAK")) | maybe(rng, 0.2, shape=(2, 2)))
    if name == "vander":
        return Call(name, (draw_array(rng, ["i8", "f8"], (3,)),))
    array = draw_array(rng, NUMBERS)
    return Call(name, (array,), maybe(rng, 0.5, k=rng.randint(-2, 2)))


@rows("frombuffer fromstring fromiter", 0.5)
def draw_from(rng, name):
    if name == "fromiter":
        return Call(name, ([rng.randint(0, 5) for _ in range(3)],), {"dtype": DType(rng.choice(NUMBERS))})
    if name == "fromstring":
        return Call(name, (rng.choice(["1 2 3", "1.5 2", "", "1 x 2"]),), {"sep": " ", "dtype": DType(rng.choice(["i4", "f8"]))})
    return Call(name, (bytes(range(24)),), {"dtype": DType(rng.choice([*INTS, "f8"]))} | maybe(rng, 0.5, offset=rng.randint(0, 9)) | maybe(rng, 0.4, count=rng.randint(-1, 5)))


# --- dtypes, products, text, comparisons -------------------------------------------------------------------------------------------


@rows("promote_types can_cast result_type min_scalar_type dtype issubdtype common_type", 2)
def draw_promotion(rng, name):
    specs = [*ALL, "O", "S", "U", "V4", "g", "G", *RECORDS]
    pair = [DType(rng.choice(specs)), DType(rng.choice(specs))]
    if name == "can_cast":
        return Call(name, tuple(pair), maybe(rng, 0.5, casting=rng.choice(["no", "equiv", "safe", "same_kind", "unsafe"])))
    if name == "result_type":
        return Call(name, (*pair, draw_operand(rng)))
    if name == "min_scalar_type":
        return Call(name, (draw_python(rng),))
    if name == "dtype":
        return Call(name, (rng.choice([*ALL, ">i4", "<f8", "i3", "f4,i4", "3i2", "U", "S0", "?", float, int, bool, complex, str, bytes, object, None, *RECORDS, {"names": ["a"], "formats": ["i4"], "offsets": [4]}]),), maybe(rng, 0.2, align=True))
    if name == "common_type":
        return Call(name, (draw_array(rng), draw_array(rng)))
    return Call(name, (pair[0], rng.choice([Name("integer"), Name("floating"), Name("number"), Name("generic"), pair[1]])))


@rows("matmul dot inner outer vdot tensordot", 3)
def draw_product(rng, name):
    dtypes = [rng.choice(NUMBERS)] if rng.random() < 0.7 else NUMBERS
    n, m, k = (rng.choice([0, 1, 2, 3, 5, 9]) for _ in range(3))
    shapes = rng.choice([((n, m), (m, k)), ((m,), (m, k)), ((n, m), (m,)), ((m,), (m,)), ((2, n, m), (m, k)), ((n, m), (n, k)), ((2, n, m), (2, m, k))])
    if name == "inner":
        shapes = (shapes[0], shapes[0])
    kwargs = {"axes": 1} if name == "tensordot" else {}
    return Call(name, tuple(draw_array(rng, dtypes, shape) for shape in shapes), kwargs)


@rows(".__repr__ .__str__ array2string", 12)
def draw_text(rng, name):
    array = draw_array(rng, [rng.choice([*ALL, *RECORDS])])
    kwargs = {}
    if name == "array2string":
        kwargs = maybe(rng, 0.5, precision=rng.randint(0, 9)) | maybe(rng, 0.3, suppress_small=True) | maybe(rng, 0.3, separator=", ") | maybe(rng, 0.3, threshold=rng.choice([0, 5, 100]), edgeitems=rng.randint(1, 3)) | maybe(rng, 0.3, max_line_width=rng.choice([20, 40, 120])) | maybe(rng, 0.2, floatmode=rng.choice(["fixed", "unique", "maxprec", "maxprec_equal"])) | maybe(rng, 0.2, sign=rng.choice("+- "))
    return Call(name, (array,), kwargs)


@rows("array_equal array_equiv allclose isclose shares_memory may_share_memory broadcast_shapes", 1.5)
def draw_comparison(rng, name):
    dtypes, shape = draw_dtypes(rng), draw_shape(rng)
    if name == "broadcast_shapes":
        return Call(name, (shape, broadcastable(rng, shape)))
    array = draw_array(rng, dtypes, shape)
    other = array if rng.random() < 0.4 else draw_operand(rng, dtypes, broadcastable(rng, shape))
    return Call(name, (array, other), maybe(rng, 0.3, equal_nan=True) if name in ("array_equal", "allclose", "isclose") else {})


@rows(".tolist .tobytes .item .view .byteswap .flatten .fill .sort .dot .trace .diagonal .cumsum .sum .nonzero .conj .round .real .repeat .squeeze .__bool__ .__len__ .__float__ .__int__ .__contains__ .__neg__ .__abs__ .__invert__ .__iadd__ .__imul__ .__itruediv__ .__ifloordiv__ .__copy__ .__deepcopy__", 1.5)
def draw_method(rng, name):
    array = draw_array(rng, NUMBERS if rng.random() < 0.9 else ALL)
    watch, args, kwargs = (), (), {}
    if name == ".real":
        name = ".__getattribute__"
        args = (rng.choice("real imag T mT flat shape strides size ndim nbytes itemsize base dtype".split()),)
        if args[0] in ("flat", "base"):
            args = ("T",)
    elif name == ".view":
        args = (DType(rng.choice(NUMBERS)),)
    elif name in (".tobytes", ".flatten"):
        kwargs = maybe(rng, 0.6, order=rng.choice("CFAK"))
    elif name == ".fill":
        args, watch = (draw_python(rng),), (array,)
    elif name == ".sort":
        watch = (array,)
    elif name == ".dot":
        args = (draw_python(rng),)
    elif name == ".round":
        kwargs = maybe(rng, 0.7, decimals=rng.randint(-2, 4))
    elif name == ".repeat":
        args = (2,)
    elif name == ".__contains__":
        args = (draw_python(rng),)
    elif name == ".__deepcopy__":
        args = ({},)
    elif name == ".item":
        args = rng.choice([(), (0,), (-1,), (0, 0)])
    elif name.startswith(".__i") and name not in (".__int__", ".__invert__"):
        args, watch = (draw_operand(rng, NUMBERS, broadcastable(rng, array.shape)),), (array,)
    return Call(name, (array, *args), kwargs, watch)


@rows("round around fix real imag angle conjugate nan_to_num isreal iscomplex isneginf isposinf iscomplexobj i0 sinc unwrap", 1)
def draw_elementwise(rng, name):
    kwargs = maybe(rng, 0.7, decimals=rng.randint(-2, 4)) if name in ("round", "around") else {}
    return Call(name, (draw_operand(rng, [*REAL, *COMPLEXES]),), kwargs, ulp=4 if name in ("angle", "i0", "sinc", "unwrap") else 0)


@rows("kron cross convolve correlate polyval apply_along_axis trace meshgrid ix_ unravel_index ravel_multi_index indices nan_to_num packbits unpackbits", 0.7)
def draw_misc(rng, name):
    vector, other = draw_array(rng, ["i8", "f8"], draw_shape(rng, 1)), draw_array(rng, ["i8", "f8"], draw_shape(rng, 1))
    if name == "cross":
        return Call(name, (draw_array(rng, ["i8", "f8"], (3,)), draw_array(rng, ["i8", "f8"], (2, 3))))
    if name == "apply_along_axis":
        return Call(name, (sum, 0, draw_array(rng, ["i8", "f8"], (2, 3))))
    if name in ("trace", "nan_to_num"):
        return Call(name, (draw_array(rng, NUMBERS, draw_shape(rng, 2)),))
    if name == "unravel_index":
        return Call(name, ([rng.randint(0, 12) for _ in range(3)], (3, 4)), maybe(rng, 0.5, order="F"))
    if name == "ravel_multi_index":
        return Call(name, (([0, 1, rng.randint(0, 3)], [1, 2, 3]), (3, 4)), maybe(rng, 0.5, mode=rng.choice(["wrap", "clip"])))
    if name == "indices":
        return Call(name, ((2, 3),), maybe(rng, 0.5, dtype=DType("f4")))
    if name in ("packbits", "unpackbits"):
        return Call(name, (draw_array(rng, ["u1"] if name == "unpackbits" else [BOOL, "u1", "f8"]),), maybe(rng, 0.4, bitorder="little"))
    if name in ("kron", "convolve", "correlate", "polyval"):
        return Call(name, (vector, other), ulp=4)
    return Call(name, (vector, other))
