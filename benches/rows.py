"""The benchmark rows: each makes its data with the library it is given and returns the function to time."""

import subprocess
import sys

from small import expressions as small_expressions
from small import variables as small_variables

ROWS = {}


def row(group, *names):
    """Register `setup(np, name)`; it returns a function without arguments whose result is checked."""

    def register(setup):
        for name in names or (setup.__name__,):
            ROWS[f"{group}/{name}"] = setup
        return setup

    return register


# --- workloads of the programs at their full sizes ---------------------------------------------------------------------------------


@row("programs", "drag")
def drag(np, name):
    speeds = np.random.default_rng(0).random(1_000_000)
    return lambda: 0.5 * (speeds**2)


@row("programs", "magnitude")
def magnitude(np, name):
    rng = np.random.default_rng(0)
    x, y = rng.random(50_000), rng.random(50_000)
    return lambda: np.sqrt(x**2 + y**2)


@row("programs", "mean rows", "std rows", "normalise broadcast", "normalise tiled", "tile means")
def normalise(np, name):
    matrix = np.random.default_rng(0).standard_normal((10_000, 500))
    means, stds = matrix.mean(axis=1, keepdims=True), matrix.std(axis=1, keepdims=True)
    tiled = np.tile(means, (1, 500)) if "tiled" in name else None
    return {
        "mean rows": lambda: matrix.mean(axis=1, keepdims=True),
        "std rows": lambda: matrix.std(axis=1, keepdims=True),
        "normalise broadcast": lambda: (matrix - means) / stds,
        "normalise tiled": lambda: (matrix - tiled) / stds,
        "tile means": lambda: np.tile(means, (1, 500)),
    }[name]


@row("programs", "row sums C", "row sums F", "row sums, column sums 1000")
def layouts(np, name):
    size = 1000 if "1000" in name else 5000
    matrix = np.random.default_rng(0).standard_normal((size, size))
    if size == 1000:
        return lambda: (np.sum(matrix, axis=1), np.sum(matrix, axis=0))
    matrix = np.asfortranarray(matrix) if name.endswith("F") else matrix
    return lambda: matrix.sum(axis=1)


@row("programs", "out of place 10M", "in place 10M", "clip 10M", "contiguous sum 10M", "sliced sum", "copy sliced")
def large(np, name):
    array = np.random.default_rng(42).standard_normal(10_000_000)

    def in_place():
        nonlocal array
        array += 1.0
        array -= 1.0

    return {
        "out of place 10M": lambda: array + 1.0,
        "in place 10M": in_place,
        "clip 10M": lambda: np.clip(array, 0.0, 1.0),
        "contiguous sum 10M": lambda: array.sum(),
        "sliced sum": lambda: array[::2].sum(),
        "copy sliced": lambda: array[::2].copy(),
    }[name]


@row("programs", "sum 1M", "add 1M", "sin 1M", "arange squared sum", "standard_normal 1M", "vectorize 100k")
def loop_cost(np, name):
    array = np.random.default_rng(0).standard_normal(1_000_000)
    counter = np.arange(1_000_000)
    clip = np.vectorize(lambda x, low, high: low if x < low else (high if x > high else x))
    return {
        "sum 1M": lambda: array.sum(),
        "add 1M": lambda: array + 1.0,
        "sin 1M": lambda: np.sin(array),
        "arange squared sum": lambda: np.sum(counter * counter),
        "standard_normal 1M": lambda: np.random.default_rng(42).standard_normal(1_000_000),
        "vectorize 100k": lambda: clip(array[:100_000], 0.0, 1.0),
    }[name]


@row("programs", "distance matrix", "column statistics")
def points(np, name):
    rng = np.random.default_rng(0)
    cloud, data = rng.standard_normal((1000, 3)), rng.standard_normal((1000, 5))
    if name == "column statistics":
        return lambda: (data - data.mean(axis=0)) / data.std(axis=0)
    return lambda: np.sqrt(((cloud[:, np.newaxis, :] - cloud[np.newaxis, :, :]) ** 2).sum(axis=2))


@row("programs", "diff 1M", "cumsum 1M", "where 1M", "mask halves 1M", "select 1M", "rolling statistics 1M")
def patterns(np, name):
    array = np.random.default_rng(0).standard_normal(1_000_000) * 4 + 4

    def halves():
        mask, result = array > 4.0, np.empty_like(array)
        result[mask] = array[mask] * 10
        result[~mask] = array[~mask] * 0.5
        return result

    def select():
        conditions = [array < 2.0, (array >= 2.0) & (array < 5.0), array >= 5.0]
        return np.select(conditions, [array * 0.0, array * 1.0, array * 2.0], default=array)

    def rolling(window=20):
        total = np.cumsum(np.insert(array, 0, 0.0))
        squares = np.cumsum(np.insert(array**2, 0, 0.0))
        mean = (total[window:] - total[:-window]) / window
        return mean, np.sqrt(np.maximum((squares[window:] - squares[:-window]) / window - mean**2, 0.0))

    return {
        "diff 1M": lambda: np.diff(array),
        "cumsum 1M": lambda: np.cumsum(array),
        "where 1M": lambda: np.where(array > 4.0, array * 10, array * 0.5),
        "mask halves 1M": halves,
        "select 1M": select,
        "rolling statistics 1M": rolling,
    }[name]


@row("programs", "price features 200k")
def features(np, name):
    rng = np.random.default_rng(42)
    prices, window = np.cumsum(rng.standard_normal(200_000)) + 100, 20

    def run():
        returns, average, mean_square = np.zeros_like(prices), np.zeros_like(prices), np.zeros_like(prices)
        returns[1:] = np.diff(prices) / prices[:-1]
        total, squares = np.cumsum(prices), np.cumsum(prices**2)
        average[window:] = (total[window:] - total[:-window]) / window
        mean_square[window:] = (squares[window:] - squares[:-window]) / window
        volatility, score = np.zeros_like(prices), np.zeros_like(prices)
        volatility[window:] = np.sqrt(np.maximum(mean_square - average**2, 0)[window:])
        mask = volatility > 0
        score[mask] = (prices[mask] - average[mask]) / volatility[mask]
        return returns, score

    return run


@row("programs", "sensor batch 200k", "unique inverse 200k", "bincount 200k")
def sensors(np, name):
    rng = np.random.default_rng(1)
    values, ids = rng.standard_normal(200_000) * 10 + 25, rng.integers(0, 1000, 200_000).astype(np.int32)
    values[::10000] = np.nan
    groups = np.unique(ids, return_inverse=True)[1]

    def batch():
        valid = (values >= -100) & (values <= 100) & np.isfinite(values)
        kept, sensor = values[valid], ids[valid]
        unique, inverse = np.unique(sensor, return_inverse=True)
        sums, counts = np.bincount(inverse, weights=kept, minlength=len(unique)), np.bincount(inverse, minlength=len(unique))
        means = np.divide(sums, counts, out=np.zeros(len(unique)), where=counts > 0)
        spread = np.bincount(inverse, weights=(kept - means[inverse]) ** 2, minlength=len(unique))
        stds = np.sqrt(np.divide(spread, counts, out=np.zeros(len(unique)), where=counts > 0))
        return np.abs(kept - means[inverse]) > 3 * stds[inverse]

    return {
        "sensor batch 200k": batch,
        "unique inverse 200k": lambda: np.unique(ids, return_inverse=True),
        "bincount 200k": lambda: np.bincount(groups, minlength=1000),
    }[name]


@row("programs", "event keys unique", "lexsort events", "gather events", "top users", "sort structured")
def events(np, name):
    rng, count = np.random.default_rng(2), 200_000
    data = np.zeros(count, dtype=[("timestamp", "i8"), ("user_id", "i4"), ("event_type", "i2"), ("value", "f4")])
    data["timestamp"] = rng.integers(1_700_000_000, 1_700_600_000, count)
    data["user_id"] = rng.integers(0, 5000, count)
    data["event_type"] = rng.integers(0, 20, count)
    data["value"] = rng.random(count)
    order = np.lexsort((data["timestamp"], data["user_id"]))

    def top():
        users, inverse = np.unique(data["user_id"], return_inverse=True)
        totals = np.bincount(inverse, weights=data["value"].astype(np.float64))
        best = np.argpartition(totals, -100)[-100:]
        return users[best[np.argsort(totals[best])[::-1]]]

    return {
        "event keys unique": lambda: np.unique(data["timestamp"] // 3600 * 1000 + data["event_type"], return_counts=True),
        "lexsort events": lambda: np.lexsort((data["timestamp"], data["user_id"])),
        "gather events": lambda: data[order]["value"],
        "top users": top,
        "sort structured": lambda: np.sort(data[:20_000], order="timestamp")["timestamp"],
    }[name]


@row("programs", "matmul 300")
def product(np, name):
    rng = np.random.default_rng(3)
    a, b = rng.random((300, 300)), rng.random((300, 300))
    return lambda: a @ b


# --- what a single call costs ------------------------------------------------------------------------------------------------------

SMALL = {
    "a + b": lambda np, a, b: lambda: a + b,
    "a * 2.0": lambda np, a, b: lambda: a * 2.0,
    "2 - a": lambda np, a, b: lambda: 2 - a,
    "a / x": lambda np, a, b: lambda x=b[3]: a / x,
    "-a": lambda np, a, b: lambda: -b,
    "a < b": lambda np, a, b: lambda: a < b,
    "a == 0": lambda np, a, b: lambda: a == 0,
    "a ** 2": lambda np, a, b: lambda: b**2,
    "a % 3": lambda np, a, b: lambda: b % 3,
    "a // 3": lambda np, a, b: lambda i=np.arange(10): i // 3,
    "a & b": lambda np, a, b: lambda p=b > 3, q=b < 7: p & q,
    "~mask": lambda np, a, b: lambda p=b > 3: ~p,
    "a += b": lambda np, a, b: lambda: a.__iadd__(b),
    "a += 1": lambda np, a, b: lambda i=np.arange(10): i.__iadd__(1),
    "a @ b": lambda np, a, b: lambda: b @ b,
    "int + float": lambda np, a, b: lambda i=np.arange(10): i + b,
    "float32 * 2.0": lambda np, a, b: lambda f=b.astype("f4"): f * 2.0,
    "a + b len 1": lambda np, a, b: lambda one=b[1:2].copy(): one + one,
    "a + b len 100": lambda np, a, b: lambda c=np.arange(100.0): c + c,
    "a + b 0-d": lambda np, a, b: lambda z=np.array(5.0): z + z,
    "a + b strided": lambda np, a, b: lambda s=np.arange(20.0)[::2]: s + b,
    "(3, 4) + (3, 4)": lambda np, a, b: lambda m=np.ones((3, 4)): m + m,
    "(3, 4) + (4,)": lambda np, a, b: lambda m=np.ones((3, 4)), v=np.ones(4): m + v,
    "(3, 1) * (1, 4)": lambda np, a, b: lambda m=np.ones((3, 1)), v=np.ones((1, 4)): m * v,
    "np.add(a, b)": lambda np, a, b: lambda: np.add(a, b),
    "np.add(a, b, out)": lambda np, a, b: lambda out=np.empty(10): np.add(a, b, out),
    "np.add(a, b, out=out)": lambda np, a, b: lambda out=np.empty(10): np.add(a, b, out=out),
    "np.maximum(a, b)": lambda np, a, b: lambda: np.maximum(a, b),
    "np.sqrt(b)": lambda np, a, b: lambda: np.sqrt(b),
    "np.exp(b)": lambda np, a, b: lambda: np.exp(b),
    "np.sqrt(2.0)": lambda np, a, b: lambda: np.sqrt(2.0),
    "np.isnan(b)": lambda np, a, b: lambda: np.isnan(b),
    "np.clip": lambda np, a, b: lambda: np.clip(b, 2, 5),
    "a.sum()": lambda np, a, b: lambda: a.sum(),
    "a.sum(axis=0)": lambda np, a, b: lambda m=np.ones((3, 4)): m.sum(axis=0),
    "a.mean()": lambda np, a, b: lambda: a.mean(),
    "a.std()": lambda np, a, b: lambda: b.std(),
    "a.max()": lambda np, a, b: lambda: a.max(),
    "a.min()": lambda np, a, b: lambda: a.min(),
    "a.prod()": lambda np, a, b: lambda: a.prod(),
    "a.any()": lambda np, a, b: lambda: a.any(),
    "mask.all()": lambda np, a, b: lambda p=b > 3: p.all(),
    "a.argmax()": lambda np, a, b: lambda: b.argmax(),
    "a.cumsum()": lambda np, a, b: lambda: b.cumsum(),
    "np.sum(a)": lambda np, a, b: lambda: np.sum(a),
    "np.max(a)": lambda np, a, b: lambda: np.max(a),
    "np.mean(a)": lambda np, a, b: lambda: np.mean(a),
    "np.any(a)": lambda np, a, b: lambda: np.any(a),
    "np.dot(a, b)": lambda np, a, b: lambda: np.dot(a, b),
    "a[3]": lambda np, a, b: lambda: a[3],
    "a[i, j]": lambda np, a, b: lambda m=np.ones((3, 4)): m[1, 2],
    "a[1] of 2-D": lambda np, a, b: lambda m=np.ones((3, 4)): m[1],
    "a[2:5]": lambda np, a, b: lambda: a[2:5],
    "a[...]": lambda np, a, b: lambda: a[...],
    "a[None]": lambda np, a, b: lambda: a[None],
    "a[:, 3]": lambda np, a, b: lambda m=np.ones((3, 4)): m[:, 3],
    "a[index]": lambda np, a, b: lambda index=np.array([1, 5, 7]): a[index],
    "a[list]": lambda np, a, b: lambda index=[1, 5, 7]: a[index],
    "a[mask]": lambda np, a, b: lambda mask=b > 5: a[mask],
    "a[3] = 1.0": lambda np, a, b: lambda: a.__setitem__(3, 1.0),
    "a[2:5] = 1.0": lambda np, a, b: lambda key=slice(2, 5): a.__setitem__(key, 1.0),
    "a[2:5] = b": lambda np, a, b: lambda key=slice(2, 5), v=b[2:5].copy(): a.__setitem__(key, v),
    "a[mask] = 0": lambda np, a, b: lambda mask=b > 5: a.__setitem__(mask, 0),
    "a.copy()": lambda np, a, b: lambda: a.copy(),
    "a.reshape(2, 5)": lambda np, a, b: lambda: a.reshape(2, 5),
    "a.reshape(-1)": lambda np, a, b: lambda: a.reshape(-1),
    "a.ravel()": lambda np, a, b: lambda: a.ravel(),
    "a.T": lambda np, a, b: lambda: a.T,
    "a.shape": lambda np, a, b: lambda: a.shape,
    "a.dtype": lambda np, a, b: lambda: a.dtype == np.float64,
    "a.astype(int)": lambda np, a, b: lambda: a.astype(int),
    "a.fill(0)": lambda np, a, b: lambda: a.fill(0),
    "a.tolist()": lambda np, a, b: lambda: b.tolist() and None,
    "a.item(3)": lambda np, a, b: lambda: b.item(3),
    "a.flat[3]": lambda np, a, b: lambda: b.flat[3],
    "a.sort()": lambda np, a, b: lambda c=b.copy(): c.sort(),
    "float(a[0])": lambda np, a, b: lambda: float(a[0]),
    "for x in a": lambda np, a, b: lambda: [x for x in b] and None,
    "len(a)": lambda np, a, b: lambda: len(a),
    "np.array(list)": lambda np, a, b: lambda: np.array([1.0, 2.0, 3.0]),
    "np.array(5.0)": lambda np, a, b: lambda: np.array(5.0),
    "np.array(a)": lambda np, a, b: lambda: np.array(a),
    "np.asarray(a)": lambda np, a, b: lambda: np.asarray(a),
    "np.asarray(list)": lambda np, a, b: lambda: np.asarray([[1, 2], [3, 4]]),
    "np.empty(10)": lambda np, a, b: lambda: np.empty(10).shape,
    "np.zeros(10)": lambda np, a, b: lambda: np.zeros(10),
    "np.zeros((2, 3))": lambda np, a, b: lambda: np.zeros((2, 3), dtype=np.float32),
    "np.ones(10)": lambda np, a, b: lambda: np.ones(10),
    "np.full(10, 2.0)": lambda np, a, b: lambda: np.full(10, 2.0),
    "np.zeros_like(a)": lambda np, a, b: lambda: np.zeros_like(a),
    "np.eye(3)": lambda np, a, b: lambda: np.eye(3),
    "np.arange(10)": lambda np, a, b: lambda: np.arange(10),
    "np.linspace": lambda np, a, b: lambda: np.linspace(0, 1, 10),
    "np.concatenate": lambda np, a, b: lambda: np.concatenate([a, b]),
    "np.stack": lambda np, a, b: lambda: np.stack([a, b]),
    "np.repeat": lambda np, a, b: lambda: np.repeat(b, 2),
    "np.where": lambda np, a, b: lambda mask=b > 5: np.where(mask, a, b),
    "np.nonzero": lambda np, a, b: lambda: np.nonzero(b),
    "np.sort": lambda np, a, b: lambda: np.sort(b),
    "np.argsort": lambda np, a, b: lambda: np.argsort(b),
    "np.take": lambda np, a, b: lambda index=np.array([1, 5, 7]): np.take(b, index),
    "np.expand_dims": lambda np, a, b: lambda: np.expand_dims(b, 0),
    "np.transpose": lambda np, a, b: lambda m=np.ones((3, 4)): np.transpose(m),
    "np.array_equal": lambda np, a, b: lambda: np.array_equal(a, b),
    "np.cross": lambda np, a, b: lambda v=b[:3].copy(): np.cross(v, v),
    "np.float64(2)": lambda np, a, b: lambda: np.float64(2),
    "np.int32(2)": lambda np, a, b: lambda: np.int32(2),
    "scalar x + y": lambda np, a, b: lambda x=a[1], y=b[2]: x + y,
    "scalar x * 2": lambda np, a, b: lambda x=b[1]: x * 2,
    "scalar 2.0 * x": lambda np, a, b: lambda x=b[1]: 2.0 * x,
    "scalar -x": lambda np, a, b: lambda x=b[1]: -x,
    "scalar x < y": lambda np, a, b: lambda x=a[1], y=b[2]: x < y,
    "scalar x == 1.0": lambda np, a, b: lambda x=b[1]: x == 1.0,
    "scalar x ** 2": lambda np, a, b: lambda x=b[3]: x**2,
    "scalar int i + 1": lambda np, a, b: lambda i=np.int64(3): i + 1,
    "scalar int i // j": lambda np, a, b: lambda i=np.int64(7), j=np.int64(2): i // j,
    "scalar int i < 5": lambda np, a, b: lambda i=np.int64(7): i < 5,
    "scalar float32 x * y": lambda np, a, b: lambda x=np.float32(2), y=np.float32(3): x * y,
    "scalar float(x)": lambda np, a, b: lambda x=b[1]: float(x),
    "scalar int(i)": lambda np, a, b: lambda i=np.int64(3): int(i),
    "scalar abs(x)": lambda np, a, b: lambda x=b[1]: abs(x),
    "scalar bool(x)": lambda np, a, b: lambda x=b[1]: bool(x),
    "scalar x + a": lambda np, a, b: lambda x=b[1]: x + a,
    "scalar math": lambda np, a, b: lambda x=b[2]: np.sqrt(x),
    "repr(a)": lambda np, a, b: lambda: repr(a),
}


@row("small", *SMALL)
def small(np, name):
    a, b = np.zeros(10), np.arange(10.0)
    return SMALL[name](np, a, b)


@row("expression", *small_expressions())
def expression(np, name):
    return eval(f"lambda: {name}", small_variables(np))  # the rows are our own text


# --- a new interpreter that imports the library; its own start, some 15 ms, is part of both times ------------------------------------


@row("import", "import in a new interpreter")
def import_time(np, name):
    command = [sys.executable, "-c", f"import {np.__name__}"]
    return lambda: subprocess.run(command, check=True) and None


# --- families by size: mathematical functions, reductions, layouts ---------------------------------------------------------------------

SIZES = {"1e4": 10_000, "1e6": 1_000_000, "1e7": 10_000_000}

# Name: the interval that arguments come from, one an argument.
MATH = {
    **dict.fromkeys(("exp", "exp2", "expm1", "sin", "cos", "tan", "sinh", "cosh", "tanh", "cbrt", "arctan", "arcsinh"), [(-5, 5)]),
    **dict.fromkeys(("log", "log2", "log10", "log1p", "sqrt"), [(0.001, 100)]),
    **dict.fromkeys(("arcsin", "arccos", "arctanh"), [(-0.99, 0.99)]),
    "arccosh": [(1.001, 100)],
    "power": [(0.1, 10), (-2, 2)],
    **dict.fromkeys(("hypot", "arctan2"), [(-5, 5), (-5, 5)]),
    **dict.fromkeys(("logaddexp", "logaddexp2"), [(-5, 5), (-5, 5)]),
    **dict.fromkeys(("remainder", "floor_divide", "fmod"), [(1, 1000), (1, 20)]),
}


@row("math", *(f"{name} {dtype} {size}" for size in SIZES for dtype in ("f8", "f4", "f2") for name in MATH if size != "1e7" or dtype == "f8"))
def mathematics(np, name):
    function, dtype, size = name.split()
    rng = np.random.default_rng(0)
    arrays = [rng.uniform(low, high, SIZES[size]).astype(dtype) for low, high in MATH[function]]
    function, out = getattr(np, function), np.empty(SIZES[size], dtype)
    return lambda: function(*arrays, out=out)


@row("math", *(f"power {exponent} {dtype} {size}" for size in ("1e4", "1e6") for dtype in ("f8", "f4") for exponent in (2.0, 3.0, 0.5)))
def scalar_powers(np, name):
    _, exponent, dtype, size = name.split()
    x, out = np.random.default_rng(0).uniform(0.1, 10, SIZES[size]).astype(dtype), np.empty(SIZES[size], dtype)
    return lambda: np.power(x, float(exponent), out=out)


@row("math", *(f"{name} {size}" for size in ("1e4", "1e6") for name in ("abs complex128", "abs complex64", "frexp", "ldexp", "modf")))
def parts(np, name):
    operation, size = name.rsplit(" ", 1)
    rng = np.random.default_rng(0)
    values, exponents = rng.standard_normal(SIZES[size]), rng.integers(-9, 9, SIZES[size]).astype("i4")
    pairs = (values + 1j * values[::-1]).astype(operation.split()[-1]) if "complex" in operation else None
    return {
        "frexp": lambda: np.frexp(values),
        "ldexp": lambda: np.ldexp(values, exponents),
        "modf": lambda: np.modf(values),
    }.get(operation, lambda: np.abs(pairs))


REDUCED = {"C rows": (100, -1), "long rows": (-1, 500), "short rows": (-1, 3), "five columns": (-1, 5)}


@row("reduce", *(f"{how} {shape} {axis} {size}" for size in SIZES for shape in REDUCED for axis in "01" for how in ("sum", "max", "mean")))
def reductions(np, name):
    how, shape, axis, size = name.split(" ", 1)[0], *name.split(" ", 1)[1].rsplit(" ", 2)
    lengths = [n for n in REDUCED[shape] if n > 0]
    matrix = np.random.default_rng(0).standard_normal(SIZES[size] // lengths[0] * lengths[0]).reshape(REDUCED[shape])
    return lambda: getattr(matrix, how)(axis=int(axis))


@row("reduce", *(f"sum {step} {dtype} {size}" for size in SIZES for dtype in ("f8", "f4", "i8", "i4") for step in ("whole", "::2", "::-1")))
def strided_sums(np, name):
    _, step, dtype, size = name.split()
    array = (np.random.default_rng(0).standard_normal(SIZES[size]) * 100).astype(dtype)
    array = {"whole": array, "::2": array[::2], "::-1": array[::-1]}[step]
    return lambda: array.sum()


LAYOUTS = ("C", "F", "transposed", "::2", "reversed", "row", "column", "trailing 3", "trailing 3 scalars")


@row("layout", *(f"{layout} {size}" for size in SIZES for layout in LAYOUTS))
def layouts_of_sums(np, name):
    layout, size = name.rsplit(" ", 1)
    rng, n = np.random.default_rng(0), SIZES[size]
    side = int(n**0.5)
    square = rng.standard_normal((side, side))
    points = rng.standard_normal((n // 3, 3))
    a, b = {
        "C": (square, square),
        "F": (np.asfortranarray(square), np.asfortranarray(square)),
        "transposed": (square, square.T),
        "::2": (square[:, ::2], square[:, ::2]),
        "reversed": (square[::-1, ::-1], square[::-1, ::-1]),
        "row": (square, square[0]),
        "column": (square, square[:, :1]),
        "trailing 3": (points, points[0]),
        "trailing 3 scalars": (points, points[:, :1]),
    }[layout]
    return lambda: a + b


# --- memory bandwidth, as the STREAM benchmark measures it -------------------------------------------------------------------------

STREAM_BYTES = {"copy": 16, "scale": 16, "add": 24, "triad": 32}
STREAM_LENGTH = 10_000_000


@row("stream", *STREAM_BYTES)
def stream(np, name):
    a, b, c = (np.full(STREAM_LENGTH, value) for value in (1.0, 2.0, 0.0))

    def triad():
        np.multiply(b, 3.0, out=c)
        np.add(a, c, out=c)

    return {
        "copy": lambda: np.copyto(c, a),
        "scale": lambda: np.multiply(a, 3.0, out=c),
        "add": lambda: np.add(a, b, out=c),
        "triad": triad,
    }[name]


# --- polynomial series -------------------------------------------------------------------------------------------------------------

SERIES = {
    "Polynomial + Polynomial": lambda np, p, x: lambda: (p + p).coef,
    "Polynomial * Polynomial": lambda np, p, x: lambda: (p * p).coef,
    "Polynomial at a point": lambda np, p, x: lambda: p(2.5),
    "Polynomial at 1e3": lambda np, p, x: lambda: p(x[:1000]),
    "Polynomial at 1e6": lambda np, p, x: lambda: p(x),
    "Polynomial to Chebyshev": lambda np, p, x: lambda: p.convert(kind=np.polynomial.Chebyshev).coef,
    "str Polynomial": lambda np, p, x: lambda: str(p),
    "chebval at a point": lambda np, p, x: lambda: np.polynomial.chebyshev.chebval(0.3, p.coef),
    "chebval at 1e3": lambda np, p, x: lambda: np.polynomial.chebyshev.chebval(x[:1000], p.coef),
    "chebval at 1e6": lambda np, p, x: lambda: np.polynomial.chebyshev.chebval(x, p.coef),
    "legmul 10": lambda np, p, x: lambda: np.polynomial.legendre.legmul(x[:10], x[:10]),
    "hermder 10": lambda np, p, x: lambda: np.polynomial.hermite.hermder(x[:10]),
    "lagint 10": lambda np, p, x: lambda: np.polynomial.laguerre.lagint(x[:10]),
    "legvander 1e4": lambda np, p, x: lambda: np.polynomial.legendre.legvander(x[:10_000], 8),
    "polyfromroots 10": lambda np, p, x: lambda: np.polynomial.polynomial.polyfromroots(x[:10]),
    "poly1d * poly1d": lambda np, p, x: lambda q=np.poly1d([1.0, 2.0, 3.0]): q * q,
    "polyval 1e3": lambda np, p, x: lambda: np.polyval([1.0, 2.0, 3.0], x[:1000]),
}


@row("polynomial", *SERIES)
def series(np, name):
    x = np.linspace(-1, 1, 1_000_000)
    return SERIES[name](np, np.polynomial.Polynomial([1.0, -2.0, 3.0, 0.5, 2.0]), x)
