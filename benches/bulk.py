"""Rows of the bulk families, generated from tables: elementwise, casts, reductions, masks, sorting, integers, halves."""

from rows import SIZES, row

NUMBERS = ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8", "F", "D")
SMALL_AND_LARGE = ("1e4", "1e6")


def numbers(np, dtype, size, low=1, high=100, seed=0):
    """Whole numbers from an interval, as any dtype."""
    values = np.random.default_rng(seed).integers(low, high, size)
    return values > (low + high) / 2 if dtype == "?" else values.astype(dtype)


# --- arithmetic and comparison: dtypes, then layouts --------------------------------------------------------------------------------

OPERATIONS = {
    "a + b": lambda np, a, b: lambda: a + b,
    "a - 3": lambda np, a, b: lambda: a - 3,
    "a * b": lambda np, a, b: lambda: a * b,
    "a < b": lambda np, a, b: lambda: a < b,
    "a == 7": lambda np, a, b: lambda: a == 7,
    "maximum": lambda np, a, b: lambda: np.maximum(a, b),
    "-a": lambda np, a, b: lambda: -a,
    "abs": lambda np, a, b: lambda: np.abs(a),
    "a += b": lambda np, a, b: lambda c=a.copy(): np.maximum(c, b, out=c),
    "clip": lambda np, a, b: lambda: np.clip(a, 20, 80),
    "sign": lambda np, a, b: lambda: np.sign(a),
    "square": lambda np, a, b: lambda: np.square(a),
}
FLOAT_OPERATIONS = {
    "a / b": lambda np, a, b: lambda: a / b,
    "sqrt": lambda np, a, b: lambda: np.sqrt(a),
    "isnan": lambda np, a, b: lambda: np.isnan(a),
    "isfinite": lambda np, a, b: lambda: np.isfinite(a),
    "floor": lambda np, a, b: lambda: np.floor(a),
    "signbit": lambda np, a, b: lambda: np.signbit(a),
    "copysign": lambda np, a, b: lambda: np.copysign(a, b),
}
REAL_ONLY = ("floor", "signbit", "copysign")
LOGIC = {
    "p & q": lambda np, p, q: lambda: p & q,
    "p | q": lambda np, p, q: lambda: p | q,
    "p ^ q": lambda np, p, q: lambda: p ^ q,
    "~p": lambda np, p, q: lambda: ~p,
    "logical_and": lambda np, p, q: lambda: np.logical_and(p, q),
    "p == q": lambda np, p, q: lambda: p == q,
    "logical_not f8": lambda np, p, q: lambda x=p.astype("f8"): np.logical_not(x),
}


def applies(operation, dtype):
    return (dtype[0] in "fFD" or operation not in FLOAT_OPERATIONS) and not (dtype in "FD" and operation in REAL_ONLY)


@row(
    "elementwise",
    *(
        f"{operation} {dtype} {size}"
        for size in SMALL_AND_LARGE
        for operation in (*OPERATIONS, *FLOAT_OPERATIONS)
        for dtype in NUMBERS
        if applies(operation, dtype) and dtype != "f2"
    ),
)
@row("half", *(f"{operation} f2 {size}" for size in SMALL_AND_LARGE for operation in (*OPERATIONS, *FLOAT_OPERATIONS)))
@row("elementwise", *(f"{operation} {dtype} 1e7" for operation in ("a + b", "a - 3", "a < b") for dtype in ("f8", "f4", "i4", "u1")))
def elementwise(np, name):
    operation, dtype, size = name.rsplit(" ", 2)
    a, b = numbers(np, dtype, SIZES[size]), numbers(np, dtype, SIZES[size], seed=1)
    return (OPERATIONS | FLOAT_OPERATIONS)[operation](np, a, b)


@row("elementwise", *(f"{operation} {size}" for size in SMALL_AND_LARGE for operation in LOGIC))
def logic(np, name):
    operation, size = name.rsplit(" ", 1)
    return LOGIC[operation](np, numbers(np, "?", SIZES[size]), numbers(np, "?", SIZES[size], seed=1))


LAYOUTS = {
    "F": lambda np, m: (np.asfortranarray(m), np.asfortranarray(m)),
    "transposed": lambda np, m: (m, m.T),
    "::2": lambda np, m: (m[:, ::2], m[:, ::2]),
    "::2 1-D": lambda np, m: (m.ravel()[::2], m.ravel()[1::2]),
    "reversed": lambda np, m: (m[::-1, ::-1], m[::-1, ::-1]),
    "row": lambda np, m: (m, m[0]),
    "column": lambda np, m: (m, m[:, :1]),
    "row and column": lambda np, m: (m[0], m[:, :1]),
    "trailing 3": lambda np, m: (m.ravel()[: m.size // 3 * 3].reshape(-1, 3), m[0, :3]),
    "trailing 3 column": lambda np, m: (m.ravel()[: m.size // 3 * 3].reshape(-1, 3), m.ravel()[: m.size // 3, None]),
    "unlike": lambda np, m: (m, m.astype("f4" if m.dtype == "i4" else "i2")),
}


@row(
    "elementwise",
    *(
        f"{operation} {dtype} {layout} {size}"
        for size in SMALL_AND_LARGE
        for layout in LAYOUTS
        for operation, dtype in (("a + b", "f4"), ("a * b", "i4"), ("a < b", "f8"), ("a + b", "u1"), ("maximum", "i2"), ("a * b", "D"))
    ),
)
def by_layout(np, name):
    operation = next(operation for operation in OPERATIONS if name.startswith(operation + " "))
    dtype, layout, size = (rest := name[len(operation) + 1 :].split(" "))[0], " ".join(rest[1:-1]), rest[-1]
    side = int(SIZES[size] ** 0.5)
    return OPERATIONS[operation](np, *LAYOUTS[layout](np, numbers(np, dtype, side * side).reshape(side, side)))


@row("casts", *(f"{a} to {b} {size}" for size in SMALL_AND_LARGE for a in ("?", *NUMBERS) for b in ("?", *NUMBERS) if size == "1e4" or "8" in a + b))
def casts(np, name):
    source, _, target, size = name.split()
    array = numbers(np, source, SIZES[size])
    return lambda: array.astype(target)


COPIES = {
    "copy C": lambda np, m: lambda: m.copy(),
    "copy transposed": lambda np, m: lambda: m.T.copy(),
    "copy ::2": lambda np, m: lambda: m[:, ::2].copy(),
    "copy reversed": lambda np, m: lambda: m[::-1, ::-1].copy(),
    "copy columns": lambda np, m: lambda: m[:, : m.shape[1] // 2].copy(),
    "assign row": lambda np, m: lambda: m.__setitem__(slice(None), m[0].copy()),
    "fill": lambda np, m: lambda: m.fill(3),
    "swapped": lambda np, m: lambda: m.astype(m.dtype.newbyteorder()),
    "concatenate": lambda np, m: lambda: np.concatenate([m, m], axis=1),
    "roll": lambda np, m: lambda: np.roll(m, 3, axis=1),
    "flip": lambda np, m: lambda: np.flip(m, 1).copy(),
    "tile": lambda np, m: lambda: np.tile(m[0], 100),
}


@row("casts", *(f"{how} {dtype} {size}" for size in SMALL_AND_LARGE for how in COPIES for dtype in ("u1", "f4", "f8", "D")))
def copies(np, name):
    how, dtype, size = name.rsplit(" ", 2)
    side = int(SIZES[size] ** 0.5)
    return COPIES[how](np, numbers(np, dtype, side * side).reshape(side, side))


# --- reductions and running reductions ----------------------------------------------------------------------------------------------

FOLDS = ("sum", "prod", "max", "argmax", "any", "mean", "cumsum", "ptp")
AXES = {"whole": None, "axis 0": 0, "axis 1": 1}


@row(
    "reduce",
    *(f"{how} {dtype} {axis} {size}" for size in SMALL_AND_LARGE for how in FOLDS for axis in AXES for dtype in ("?", *NUMBERS) if not (how == "ptp" and dtype == "?")),
)
def folds(np, name):
    how, dtype, rest = name.split(" ", 2)
    axis, size = rest.rsplit(" ", 1)
    side = int(SIZES[size] ** 0.5)
    matrix = numbers(np, dtype, side * side, 0, 3).reshape(side, side)
    function = getattr(np, how)
    return lambda: function(matrix, axis=AXES[axis])


MORE_FOLDS = {
    "std": lambda np, m: lambda: m.std(axis=0),
    "var rows": lambda np, m: lambda: m.var(axis=1),
    "sum middle": lambda np, m: lambda c=m.reshape(m.shape[0], -1, 10): c.sum(axis=1),
    "sum F": lambda np, m: lambda c=np.asfortranarray(m): c.sum(axis=1),
    "sum where": lambda np, m: lambda c=m > 50: m.sum(where=c),
    "nansum": lambda np, m: lambda: np.nansum(m),
    "nanmax": lambda np, m: lambda: np.nanmax(m, axis=1),
    "count_nonzero": lambda np, m: lambda: np.count_nonzero(m),
    "count_nonzero axis": lambda np, m: lambda: np.count_nonzero(m, axis=1),
    "all": lambda np, m: lambda: (m > 0).all(),
    "cumprod": lambda np, m: lambda c=m * 0 + 1: np.cumprod(c),
    "maximum.accumulate": lambda np, m: lambda: np.maximum.accumulate(m, axis=1),
    "maximum.accumulate 0": lambda np, m: lambda: np.maximum.accumulate(m, axis=0),
    "add.reduceat": lambda np, m: lambda at=np.arange(0, m.size, 10): np.add.reduceat(m.ravel(), at),
    "add.at": lambda np, m: lambda z=np.zeros(100, m.dtype), at=m.ravel().astype("i8"): np.add.at(z, at, 1) is None,
    "diff": lambda np, m: lambda: np.diff(m),
    "median": lambda np, m: lambda: np.median(m),
    "percentile": lambda np, m: lambda: np.percentile(m, 30),
    "average": lambda np, m: lambda w=m[0].astype("f8"): np.average(m, axis=1, weights=w),
    "histogram": lambda np, m: lambda: np.histogram(m, bins=50),
}


@row("reduce", *(f"{how} {dtype} {size}" for size in SMALL_AND_LARGE for how in MORE_FOLDS for dtype in ("f8", "f4", "i8", "i4")))
def more_folds(np, name):
    how, dtype, size = name.rsplit(" ", 2)
    side = int(SIZES[size] ** 0.5)
    return MORE_FOLDS[how](np, numbers(np, dtype, side * side).reshape(side, side))


# --- masks and indices --------------------------------------------------------------------------------------------------------------

MASKED = {
    "x[m]": lambda np, x, m, i: lambda: x[m],
    "x[m] few": lambda np, x, m, i: lambda k=np.arange(x.size) % 100 == 3: x[k],
    "x[m] runs": lambda np, x, m, i: lambda k=np.arange(x.size) // 1000 % 2 == 0: x[k],
    "y[m] = v": lambda np, x, m, i: lambda y=x.copy(), v=x[m]: y.__setitem__(m, v),
    "y[m] = 0": lambda np, x, m, i: lambda y=x.copy(): y.__setitem__(m, 0),
    "y[m] *= 2": lambda np, x, m, i: lambda y=x * 0: y.__setitem__(m, y[m] * 2),
    "where": lambda np, x, m, i: lambda y=x[::-1].copy(): np.where(m, x, y),
    "where scalar": lambda np, x, m, i: lambda: np.where(m, x, 0),
    "nonzero": lambda np, x, m, i: lambda: np.nonzero(m),
    "flatnonzero x": lambda np, x, m, i: lambda: np.flatnonzero(x),
    "argwhere": lambda np, x, m, i: lambda: np.argwhere(m),
    "compress": lambda np, x, m, i: lambda: np.compress(m, x),
    "extract": lambda np, x, m, i: lambda: np.extract(m, x),
    "place": lambda np, x, m, i: lambda y=x.copy(), v=x[:7].copy(): np.place(y, m, v),
    "putmask": lambda np, x, m, i: lambda y=x.copy(): np.putmask(y, m, x),
    "copyto where": lambda np, x, m, i: lambda y=x.copy(): np.copyto(y, x, where=m),
    "add where": lambda np, x, m, i: lambda y=x.copy(): np.add(x, x, out=y, where=m),
    "take": lambda np, x, m, i: lambda: np.take(x, i),
    "take clip": lambda np, x, m, i: lambda: np.take(x, i, mode="clip"),
    "take wrap": lambda np, x, m, i: lambda: np.take(x, i, mode="wrap"),
    "take i4": lambda np, x, m, i: lambda j=i.astype("i4"): np.take(x, j),
    "put": lambda np, x, m, i: lambda y=x.copy(): np.put(y, i, x),
    "x[i]": lambda np, x, m, i: lambda: x[i],
    "x[i] i4": lambda np, x, m, i: lambda j=i.astype("i4"): x[j],
    "y[i] = v": lambda np, x, m, i: lambda y=x.copy(): y.__setitem__(i, x),
    "y[i] = 1": lambda np, x, m, i: lambda y=x.copy(): y.__setitem__(i, 1),
    "repeat": lambda np, x, m, i: lambda: np.repeat(x, 3),
    "repeat each": lambda np, x, m, i: lambda n=i % 4: np.repeat(x, n),
    "choose": lambda np, x, m, i: lambda c=[x, x[::-1].copy()], k=m.astype("i8"): np.choose(k, c),
    "select": lambda np, x, m, i: lambda n=~m: np.select([m, n], [x, x]),
    "delete": lambda np, x, m, i: lambda: np.delete(x, m),
}
MATRIX_MASKED = {
    "rows m[i]": lambda np, a, i: lambda: a[i],
    "columns m[:, i]": lambda np, a, i: lambda: a[:, i],
    "m[i, j]": lambda np, a, i: lambda j=i[::-1].copy(): a[i, j],
    "m[i[:, None], j]": lambda np, a, i: lambda j=i[:, None].copy(): a[j, i],
    "m[mask rows]": lambda np, a, i: lambda k=i % 2 == 0: a[k],
    "m[mask 2-D]": lambda np, a, i: lambda k=a > 50: a[k],
    "m[i] = rows": lambda np, a, i: lambda b=a.copy(): b.__setitem__(i, a),
    "take axis 0": lambda np, a, i: lambda: a.take(i, axis=0),
    "take axis 1": lambda np, a, i: lambda: a.take(i, axis=1),
    "take_along_axis": lambda np, a, i: lambda k=a.argsort(axis=1): np.take_along_axis(a, k, axis=1),
    "repeat axis 1": lambda np, a, i: lambda: np.repeat(a, 2, axis=1),
    "compress axis 1": lambda np, a, i: lambda k=i % 2 == 0: np.compress(k, a, axis=1),
    "tril": lambda np, a, i: lambda: np.tril(a),
}


@row("masks", *(f"{how} {dtype} {size}" for size in SMALL_AND_LARGE for how in MASKED for dtype in ("u1", "i2", "f4", "f8", "D")))
def masked(np, name):
    how, dtype, size = name.rsplit(" ", 2)
    n, rng = SIZES[size], np.random.default_rng(5)
    return MASKED[how](np, numbers(np, dtype, n), rng.random(n) < 0.5, rng.integers(0, n, n))


@row("masks", *(f"{how} {dtype} {size}" for size in SMALL_AND_LARGE for how in MATRIX_MASKED for dtype in ("f4", "f8")))
def matrix_masked(np, name):
    how, dtype, size = name.rsplit(" ", 2)
    side = int(SIZES[size] ** 0.5)
    return MATRIX_MASKED[how](np, numbers(np, dtype, side * side).reshape(side, side), np.random.default_rng(5).permutation(side))


# --- sorting ------------------------------------------------------------------------------------------------------------------------

SORTS = {
    "sort": lambda np, x: lambda: np.sort(x),
    "sort stable": lambda np, x: lambda: np.sort(x, kind="stable"),
    "argsort": lambda np, x: lambda: np.sort(x.take(np.argsort(x))),
    "argsort only": lambda np, x: lambda: np.argsort(x) is None,
    "argsort stable": lambda np, x: lambda: np.argsort(x, kind="stable"),
    "partition": lambda np, x: lambda: np.partition(x, x.size // 2)[x.size // 2],
    "argpartition": lambda np, x: lambda: x[np.argpartition(x, x.size // 2)[x.size // 2]],
    "unique": lambda np, x: lambda: np.unique(x),
    "unique all": lambda np, x: lambda: np.unique(x, return_index=True, return_inverse=True, return_counts=True),
    "unique counts": lambda np, x: lambda: np.unique(x, return_counts=True),
    "unique inverse": lambda np, x: lambda: np.unique(x, return_inverse=True),
    "searchsorted": lambda np, x: lambda s=np.sort(x): np.searchsorted(s, x),
    "searchsorted sorted": lambda np, x: lambda s=np.sort(x): np.searchsorted(s, s),
    "digitize": lambda np, x: lambda b=np.linspace(0, 1, 11) * float(x.max()): np.digitize(x, b),
    "digitize 100": lambda np, x: lambda b=np.linspace(0, 1, 101) * float(x.max()): np.digitize(x, b),
    "isin": lambda np, x: lambda s=x[:100].copy(): np.isin(x, s),
    "sort axis 0": lambda np, x: lambda m=x.reshape(-1, 10): np.sort(m, axis=0),
    "sort axis 1": lambda np, x: lambda m=x.reshape(-1, 10): np.sort(m, axis=1),
    "argsort axis 1": lambda np, x: lambda m=x.reshape(-1, 10): np.argsort(m, axis=1, kind="stable"),
    "sort sorted": lambda np, x: lambda s=np.sort(x): np.sort(s),
    "lexsort": lambda np, x: lambda y=x[::-1].copy(): np.lexsort((x, y)),
    "median": lambda np, x: lambda: np.median(x),
}
KEYS = {"i8": 1 << 60, "few i8": 1000, "i4": 1 << 30, "i2": 1 << 15, "u1": 256, "f8": 0, "f4": 0}


@row("sorting", *(f"{how} {keys} {size}" for size in SMALL_AND_LARGE for how in SORTS for keys in KEYS))
def sorting(np, name):
    keys = next(k for k in ("few i8", *KEYS) if f" {k} " in name)
    how, size = name.split(f" {keys} ")
    rng, n = np.random.default_rng(7), SIZES[size]
    x = rng.integers(0, KEYS[keys], n) if KEYS[keys] else rng.standard_normal(n)
    return SORTS[how](np, x.astype(keys.split()[-1]))


COUNTING = {
    "bincount": lambda np, k, w: lambda: np.bincount(k),
    "bincount weights": lambda np, k, w: lambda: np.bincount(k, weights=w),
    "histogram": lambda np, k, w: lambda: np.histogram(w, bins=100),
    "interp": lambda np, k, w: lambda x=np.linspace(-3, 3, 100): np.interp(w, x, x),
    "structured sort": lambda np, k, w: lambda s=records(np, k, w): np.sort(s, order="key")["key"],
    "structured argsort": lambda np, k, w: lambda s=records(np, k, w): np.argsort(s, order="key"),
    "sort U8": lambda np, k, w: lambda s=k.astype("U8"): np.sort(s)[:3].tolist() is None,
    "sort S8": lambda np, k, w: lambda s=k.astype("S8"): np.sort(s)[:3].tolist() is None,
    "sort D": lambda np, k, w: lambda s=k + 1j * w: np.sort(s),
    "intersect1d": lambda np, k, w: lambda: np.intersect1d(k, k + 500),
    "union1d": lambda np, k, w: lambda: np.union1d(k, k + 500),
}


def records(np, keys, weights):
    out = np.zeros(keys.size, [("key", "i4"), ("weight", "f8")])
    out["key"], out["weight"] = keys, weights
    return out


@row("sorting", *(f"{how} {size}" for size in SMALL_AND_LARGE for how in COUNTING if size == "1e4" or "sort" not in how))
def counting(np, name):
    how, size = name.rsplit(" ", 1)
    rng, n = np.random.default_rng(7), SIZES[size]
    return COUNTING[how](np, rng.integers(0, 1000, n), rng.standard_normal(n))


# --- integers: division, powers, shifts, products ------------------------------------------------------------------------------------

INTEGERS = {
    "a // b": lambda np, a, b: lambda: a // b,
    "a // 7": lambda np, a, b: lambda: a // 7,
    "a // 8": lambda np, a, b: lambda: a // 8,
    "100 // b": lambda np, a, b: lambda: 100 // b,
    "a % b": lambda np, a, b: lambda: a % b,
    "a % 7": lambda np, a, b: lambda: a % 7,
    "fmod": lambda np, a, b: lambda: np.fmod(a, b),
    "fmod 7": lambda np, a, b: lambda: np.fmod(a, 7),
    "divmod": lambda np, a, b: lambda: np.divmod(a, b),
    "divmod 7": lambda np, a, b: lambda: np.divmod(a, 7),
    "a ** 2": lambda np, a, b: lambda: a**2,
    "a ** 3": lambda np, a, b: lambda: a**3,
    "a ** 7": lambda np, a, b: lambda: a**7,
    "a ** b": lambda np, a, b: lambda: a**b,
    "2 ** b": lambda np, a, b: lambda: 2**b,
    "a / b": lambda np, a, b: lambda: a / b,
    "a << 3": lambda np, a, b: lambda: a << 3,
    "a >> b": lambda np, a, b: lambda: a >> b,
    "a & b": lambda np, a, b: lambda: a & b,
    "bitwise_count": lambda np, a, b: lambda: np.bitwise_count(a),
    "gcd": lambda np, a, b: lambda: np.gcd(a, b),
    "lcm": lambda np, a, b: lambda: np.lcm(a, b),
    "isclose": lambda np, a, b: lambda: np.isclose(a, b),
}


@row("integers", *(f"{how} {dtype} {size}" for size in SMALL_AND_LARGE for how in INTEGERS for dtype in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")))
def integers(np, name):
    how, dtype, size = name.rsplit(" ", 2)
    return INTEGERS[how](np, numbers(np, dtype, SIZES[size]), numbers(np, dtype, SIZES[size], 1, 20, seed=1))


@row("integers", *(f"matmul {dtype} {n}" for n in (10, 100, 500) for dtype in ("u1", "i2", "i4", "i8", "?")))
@row("half", *(f"matmul f2 {n}" for n in (10, 100, 500)))
def products(np, name):
    _, dtype, n = name.split()
    a, b = (numbers(np, dtype, int(n) ** 2, 0, 3, seed).reshape(int(n), int(n)) for seed in (0, 1))
    return lambda: a @ b


VECTORS = {
    "dot": lambda np, m, v: lambda: v @ v,
    "matvec": lambda np, m, v: lambda: m @ v,
    "vecmat": lambda np, m, v: lambda: v @ m,
    "a.T @ b": lambda np, m, v: lambda: m.T @ m,
    "inner": lambda np, m, v: lambda: np.inner(m, m),
}


@row("integers", *(f"{how} {dtype}" for how in VECTORS for dtype in ("i4", "i8")))
@row("half", *(f"{how} f2" for how in VECTORS))
def vectors(np, name):
    how, dtype = name.rsplit(" ", 1)
    return VECTORS[how](np, numbers(np, dtype, 40_000, 0, 3).reshape(200, 200), numbers(np, dtype, 200, 0, 3))
