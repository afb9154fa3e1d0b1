"""The benchmark rows: each makes its data with the library it is given and returns the function to time."""

import subprocess
import sys

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
    "a < b": lambda np, a, b: lambda: a < b,
    "a += b": lambda np, a, b: lambda: a.__iadd__(b),
    "np.add(a, b, out)": lambda np, a, b: lambda out=np.empty(10): np.add(a, b, out),
    "np.sqrt(b)": lambda np, a, b: lambda: np.sqrt(b),
    "a.sum()": lambda np, a, b: lambda: a.sum(),
    "a.mean()": lambda np, a, b: lambda: a.mean(),
    "a.max()": lambda np, a, b: lambda: a.max(),
    "a[3]": lambda np, a, b: lambda: a[3],
    "a[2:5]": lambda np, a, b: lambda: a[2:5],
    "a[index]": lambda np, a, b: lambda index=np.array([1, 5, 7]): a[index],
    "a[mask]": lambda np, a, b: lambda mask=b > 5: a[mask],
    "a[3] = 1.0": lambda np, a, b: lambda: a.__setitem__(3, 1.0),
    "a.copy()": lambda np, a, b: lambda: a.copy(),
    "a.reshape(2, 5)": lambda np, a, b: lambda: a.reshape(2, 5),
    "a.astype(int)": lambda np, a, b: lambda: a.astype(int),
    "np.array(list)": lambda np, a, b: lambda: np.array([1.0, 2.0, 3.0]),
    "np.zeros(10)": lambda np, a, b: lambda: np.zeros(10),
    "np.arange(10)": lambda np, a, b: lambda: np.arange(10),
    "np.concatenate": lambda np, a, b: lambda: np.concatenate([a, b]),
    "np.where": lambda np, a, b: lambda mask=b > 5: np.where(mask, a, b),
    "scalar x + y": lambda np, a, b: lambda x=a[1], y=b[2]: x + y,
    "scalar x * 2": lambda np, a, b: lambda x=b[1]: x * 2,
    "a.T": lambda np, a, b: lambda: a.T,
    "repr(a)": lambda np, a, b: lambda: repr(a),
}


@row("small", *SMALL)
def small(np, name):
    a, b = np.zeros(10), np.arange(10.0)
    return SMALL[name](np, a, b)


# --- a new interpreter that imports the library; its own start, some 15 ms, is part of both times ------------------------------------


@row("import", "import in a new interpreter")
def import_time(np, name):
    command = [sys.executable, "-c", f"import {np.__name__}"]
    return lambda: subprocess.run(command, check=True) and None


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
