"""Calls whose loops work in blocks, at lengths round the blocks' ends: names of those that differ from NumPy, as JSON.

Run with `NUMOXIDE_CPU` set: `python -m tests.parity.bulk`. Bits, dtypes, shapes and warnings must agree.
"""

import json
import warnings

import numpy

import numoxide

LENGTHS = (0, 1, 7, 15, 16, 17, 63, 64, 65, 127, 255, 257, 511, 513, 1300)
INTEGERS = ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8")
ITEMS = (*INTEGERS[::3], "f2", "f4", "f8", "D", "S3", "S16", "S40", "?")


def data(n, seed=0):
    """Arrays of every kind of item, some integers small, some of the whole range."""
    rng = numpy.random.default_rng(seed + n)
    raw = rng.integers(0, 256, 40 * n + 8, dtype="u1")
    arrays = {kind: raw[: n * numpy.dtype(kind).itemsize].view(kind) for kind in (*INTEGERS, "S3", "S16", "S40")}
    arrays |= {"small i8": arrays["i8"] >> 40, "small u8": arrays["u8"] >> numpy.uint64(40), "?": arrays["u1"] > 100}
    floats = numpy.round(rng.standard_normal(n) * 4, 1)
    floats[::9], floats[4::31], floats[5::37] = -0.0, numpy.nan, numpy.inf
    return arrays | {"f8": floats, "f4": floats.astype("f4"), "f2": floats.astype("f2"), "D": floats + 1j * floats[::-1]}


def division(a, n):
    for kind in (*INTEGERS, "small i8", "small u8"):
        x, low = a[kind], numpy.iinfo(a[kind].dtype).min
        y = numpy.where(numpy.arange(n) % 50 == 3, 0, numpy.where(numpy.arange(n) % 3 == 0, x[::-1], x[::-1] % 11)).astype(x.dtype)
        for name in ("floor_divide", "remainder", "fmod", "divmod"):
            for divisor in {0, 1, 2, 3, 7, 8, 100, 127, -(-low // 2) or 64, low, -1 if low else 5, -7 if low else 9}:
                yield f"{name} {kind} by {divisor}", lambda np, x, name=name, d=divisor: getattr(np, name)(x, x.dtype.type(d)), (x,)
            yield f"{name} {kind}", lambda np, x, y, name=name: getattr(np, name)(x, y), (x, y)
            yield f"{name} {kind} strided", lambda np, x, y, name=name: getattr(np, name)(x[1::2], y[1::2]), (x, y)
            yield f"{name} {kind} scalar first", lambda np, y, name=name: getattr(np, name)(y.dtype.type(100), y), (y,)
        yield f"//= {kind}", lambda np, x: np.floor_divide(x, 3, out=x), (x,)
        yield f"%= {kind}", lambda np, x, y: np.remainder(y, x, out=x), (x, y)


def powers(a, n):
    for kind in INTEGERS:
        x, y = a[kind], (a["u1"] % 9).astype(kind)
        for exponent in (0, 1, 2, 3, 5, 7, 12):
            yield f"{kind} ** {exponent}", lambda np, x, e=exponent: np.power(x, x.dtype.type(e)), (x,)
        yield f"{kind} ** array", lambda np, x, y: np.power(x, y), (x, y)
        yield f"3 ** {kind}", lambda np, y: np.power(y.dtype.type(3), y), (y,)
        yield f"{kind} ** self", lambda np, y: np.power(y, y, out=y), (y,)


def put_with(np, name, target, *args, **kwargs):
    """The target after a function that writes to it."""
    target = target.copy()
    getattr(np, name)(target, *args, **kwargs)
    return target


def assigned(target, key, value):
    target = target.copy()
    target[key] = value
    return target


def masks(a, n):
    rng, at = numpy.random.default_rng(n), numpy.arange(n)
    for way, m in {"half": rng.random(n) < 0.5, "few": at % 97 == 5, "runs": at // 100 % 2 == 0, "all": at >= 0, "none": at < 0}.items():
        for kind in ITEMS:
            x, seen = a[kind], int(m.sum())
            yield f"x[m] {kind} {way}", lambda np, x, m: x[m], (x, m)
            yield f"x[m] {kind} {way} reversed", lambda np, x, m: x[::-1][m[::-1]], (x, m)
            yield f"compress {kind} {way}", lambda np, x, m: np.compress(m, x), (x, m)
            yield f"y[m] = v {kind} {way}", lambda np, x, m, k=seen: assigned(x, m, x[::-1][:k].copy()), (x, m)
            yield f"where {kind} {way}", lambda np, x, m: np.where(m, x, x[::-1]), (x, m)
            yield f"copyto {kind} {way}", lambda np, x, m: put_with(np, "copyto", x, x[::-1].copy(), where=m), (x, m)
            if n:
                yield f"y[m] = one {kind} {way}", lambda np, x, m: assigned(x, m, x[0]), (x, m)
                yield f"copyto one {kind} {way}", lambda np, x, m: put_with(np, "copyto", x, x[-1:].copy(), where=m), (x, m)
                for count in (1, 5, 40, n):
                    yield f"place {kind} {way} {count}", lambda np, x, m, k=count: put_with(np, "place", x, m, x[::-1][:k].copy()), (x, m)
                    yield f"putmask {kind} {way} {count}", lambda np, x, m, k=count: put_with(np, "putmask", x, m, x[::-1][:k].copy()), (x, m)
        yield f"nonzero {way}", lambda np, m: np.nonzero(m), (m,)
        for kind in ("u1", "i4", "i8", "f4", "f8", "D"):
            for name in ("add", "divide", "less"):
                out = {"add": kind, "divide": "f8" if kind[0] in "ui" else kind, "less": "?"}[name]
                call = lambda np, x, m, name=name, out=out: getattr(np, name)(x, x[::-1], out=np.zeros(len(x), out), where=m)
                yield f"{name} where {kind} {way}", call, (a[kind], m)
            yield f"sum where {kind} {way}", lambda np, x, m: x.sum(where=m), (a[kind], m)
            if kind != "D":
                yield f"max where {kind} {way}", lambda np, x, m: x.max(where=m, initial=0), (a[kind], m)


def indices(a, n):
    if not n:
        return
    i = (numpy.arange(n) * 7919) % n - n // 2
    wild = i * 3
    for kind in ITEMS:
        x = a[kind]
        for mode in ("raise", "wrap", "clip"):
            idx = i if mode == "raise" else wild
            yield f"take {mode} {kind}", lambda np, x, i, mode=mode: np.take(x, i, mode=mode), (x, idx)
            yield f"take {mode} {kind} i4", lambda np, x, i, mode=mode: np.take(x, i.astype("i4"), mode=mode), (x, idx)
            for count in (1, 3, 50, n):
                yield f"put {mode} {kind} {count}", lambda np, x, i, mode=mode, k=count: put_with(np, "put", x, i, x[:k].copy(), mode=mode), (x, idx)
        yield f"x[i] {kind}", lambda np, x, i: x[i], (x, i)
        yield f"x[::2][i] {kind}", lambda np, x, i: x[::-1][i], (x, i)
        yield f"y[i] = v {kind}", lambda np, x, i: assigned(x, i, x[::-1].copy()), (x, i)
        yield f"repeat {kind}", lambda np, x, i: [np.repeat(x, 3), np.repeat(x, i % 4)], (x, i)
    for name in ("add", "multiply", "maximum", "subtract"):
        for kind in ("u1", "i8", "f2", "f4", "f8", "D"):
            def at(np, x, i, name=name):
                out = x.copy()
                getattr(np, name).at(out, i % 5 % len(x), x[::-1].copy())
                getattr(np, name).at(out, i, 1)
                return out

            yield f"{name}.at {kind}", at, (a[kind], i)


def orders(a, n):
    for kind in (*INTEGERS, "f2", "f4", "f8"):
        x = a[kind]
        yield f"sort {kind}", lambda np, x: [np.sort(np.abs(x)), np.sort(x, kind="stable"), np.argsort(x, kind="stable")], (x,)
        for length in (0, 1, 10, 24, 25, 300):
            for side in ("left", "right"):
                yield f"searchsorted {kind} {length} {side}", lambda np, x, k=length, s=side: np.searchsorted(np.sort(x[:k]), x, side=s), (x,)
        if n:
            yield f"extrema {kind}", lambda np, x: [x.max(), x.min(), x.argmax(), x.argmin(), x[::-1].max(), x[::2].min()], (x,)
    if n:
        for wanted in (a["?"], a["?"] | True, a["?"] & False):
            yield "extrema ?", lambda np, x: [x.max(), x.min(), x.argmax(), x.argmin(), x[::2].max(), x[::2].min()], (wanted,)


def casts(a, n):
    for kind in (*INTEGERS, "?", "f2", "f4", "f8"):
        for to in "FD":
            yield f"{kind} to {to}", lambda np, x, to=to: [x.astype(to), x[::2].astype(to), x[1:].astype(to)], (a[kind],)


def bits(array):
    """The bytes of an array; all NaNs count as one."""
    if array.dtype.kind in "fc":
        parts = array.reshape(-1).view(f"f{array.dtype.itemsize // (2 if array.dtype.kind == 'c' else 1)}")
        parts[parts != parts] = float("nan")
    return array.tobytes()


def outcome(np, call, arrays):
    """What a call gives: dtypes, shapes and bits, or the error; and the warnings."""
    given = [np.array(x.tolist(), x.dtype.str) if x.dtype.kind == "S" else np.frombuffer(x.tobytes(), x.dtype.str).copy() for x in arrays]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = call(np, *given)
            parts = value if isinstance(value, (list, tuple)) else [value]
            found = [(np.asarray(p).dtype.str, np.shape(p), bits(np.array(p))) for p in parts]
        except Exception as error:  # the words are compared
            found = f"{type(error).__name__}: {error}"
    return found, [str(w.message) for w in caught]


def main():
    differing, calls = [], 0
    for n in LENGTHS:
        a = data(n)
        for family in (division, powers, masks, indices, orders, casts):
            for name, call, arrays in family(a, n):
                calls += 1
                theirs, ours = outcome(numpy, call, arrays), outcome(numoxide, call, arrays)
                # The warnings of `at` have one name where NumPy has a loop for indices and another elsewhere.
                if theirs[0] != ours[0] or theirs[1] != ours[1] and ".at " not in name:
                    differing.append(f"{name} of {n}")
    print(json.dumps({"calls": calls, "differing": differing}))


if __name__ == "__main__":
    main()
