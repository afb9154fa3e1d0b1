"""Prints a digest of the bits of each of a fixed set of calls on arrays that are large enough for threads.

Run with `NUMOXIDE_NUM_THREADS` and `NUMOXIDE_CPU` set: `python -m tests.parity.digests`. The inputs come from Python's own
generator of bytes, so they are the same in every process.
"""

import hashlib
import json
import random

import numoxide as np

N = 300_000


def inputs():
    rng = random.Random(7)
    raw = np.frombuffer(rng.randbytes(8 * N), np.uint64)
    unit = (raw >> np.uint64(11)).astype(np.float64) * 2.0**-53
    f8 = (unit - 0.5) * 8
    other = unit[::-1].copy() + 0.25
    return {"f8": f8, "g8": other, "f4": f8.astype(np.float32), "g4": other.astype(np.float32), "f2": f8.astype(np.float16),
            "i8": raw.view(np.int64) >> 40, "u1": raw.view(np.uint8)[:N], "i4": (raw >> np.uint64(48)).astype(np.int32) - 30000,
            "c16": f8 + 1j * other, "c8": (f8 + 1j * other).astype(np.complex64), "b": f8 > 0.5}  # fmt: skip


UNARY = "sqrt exp log sin cos tan arctan tanh cbrt exp2 log2 log10 log1p expm1 sinh cosh arcsinh square reciprocal rint floor sign absolute negative isnan".split()
BINARY = "add subtract multiply divide floor_divide remainder power hypot arctan2 maximum fmin copysign less equal logaddexp".split()


def calls(a):
    """(name, function) of every call."""
    wide, thin = a["f8"].reshape(300, 1000), a["f4"].reshape(100_000, 3)
    for kind in ("f8", "f4", "f2", "c16", "c8", "i8", "i4", "u1"):
        x = a[kind]
        for name in UNARY:
            yield f"{name} {kind}", lambda x=x, name=name: getattr(np, name)(x)
        for name in "sum prod min max mean var argmin argmax cumsum any count_nonzero".split():
            yield f"{name} {kind}", lambda x=x, name=name: getattr(np, name)(x)
        yield f"sum rows {kind}", lambda x=x: x.reshape(300, 1000).sum(0)
        yield f"sum columns {kind}", lambda x=x: x.reshape(1000, 300).T.sum(0)
        yield f"sort {kind}", lambda x=x: np.sort(x)
        yield f"stable {kind}", lambda x=x: np.argsort(x, kind="stable")
        yield f"unique {kind}", lambda x=x: np.unique(x)
        yield f"where {kind}", lambda x=x: np.where(a["b"], x, x[::-1])
        yield f"take {kind}", lambda x=x: x[np.arange(N)[::-3]]
        yield f"mask {kind}", lambda x=x: x[a["b"]]
        yield f"casts {kind}", lambda x=x: [x.astype(t) for t in "dfeq?"]
    for left, right in (("f8", "g8"), ("f4", "g4"), ("f8", "f4"), ("i8", "i4"), ("f4", "i4"), ("c16", "f8")):
        for name in BINARY:
            yield f"{name} {left} {right}", lambda l=left, r=right, name=name: getattr(np, name)(a[l], a[r])
    for name in ("sum", "mean", "std", "max"):
        yield f"{name} wide", lambda name=name: [getattr(wide, name)(axis) for axis in (0, 1, None)]
        yield f"{name} thin", lambda name=name: [getattr(thin.T, name)(axis) for axis in (0, 1, None)]
    yield "strided", lambda: a["f8"][::2] * a["f4"][::2] + wide.T.reshape(-1)[::2]
    yield "broadcast", lambda: wide + wide[:, :1] * wide[:1]
    yield "clip", lambda: np.clip(a["f8"], -1, 1)
    yield "bincount", lambda: np.bincount(a["u1"], a["f8"])
    yield "random", lambda: [np.random.default_rng(5).standard_normal(50_000), np.random.default_rng(5).integers(0, 99, 50_000)]
    yield "matmul", lambda: wide @ wide.T
    yield "einsum", lambda: np.einsum("ij,ij->i", wide, wide)


def bits(value):
    """The bytes of a result; all NaNs count as one."""
    if isinstance(value, (list, tuple)):
        return b"".join(map(bits, value))
    value = np.array(value)
    if value.dtype.kind in "fc":
        parts = value.reshape(-1).view(f"f{value.dtype.itemsize // (2 if value.dtype.kind == 'c' else 1)}")
        parts[parts != parts] = np.nan
    return value.tobytes()


def main():
    arrays = inputs()
    with np.errstate(all="ignore"):
        found = {}
        for name, call in calls(arrays):
            try:
                found[name] = hashlib.sha256(bits(call())).hexdigest()
            except (TypeError, ValueError) as error:
                found[name] = str(error)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
