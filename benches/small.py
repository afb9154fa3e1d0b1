"""Small calls as expressions: each is its own name, timed over the variables that `variables` makes."""

import math


def variables(np):
    """What the expressions are about: a few elements each."""
    rng = np.random.default_rng(0)
    np.random.seed(0)
    records = np.zeros(10, dtype=[("x", "f8"), ("n", "i4")])
    return {
        "np": np,
        "math": math,
        "rng": rng,
        "a": np.arange(10.0),
        "b": np.arange(10.0) + 1,
        "k": np.arange(10),
        "m": np.arange(12.0).reshape(3, 4),
        "s": np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 1.0], [0.0, 1.0, 2.0]]),
        "t": np.ones(3),
        "hundred": np.arange(100.0),
        "z": np.arange(10.0) + 1j,
        "mask": np.arange(10) > 5,
        "index": np.array([1, 5, 7]),
        "r": records,
        "x": np.float64(2.5),
        "y": np.float64(1.5),
        "i": np.int64(7),
        "j": np.int64(2),
        "w": np.complex128(1 + 2j),
        "out": np.empty(10),
        "list10": list(range(10)),
        "floats": [0.5 * i for i in range(10)],
        "pairs": [(1, 2), (3, 4), (5, 6)],
        "day": np.datetime64("2024-01-02"),
        "words": np.array(["one", "two", "three"]),
    }


METHODS = """
a.argmin() | a.round() | a.round(2) | a.clip(2, 5) | a.dot(b) | a.take(index) | a.repeat(2) | m.transpose() | a.flatten() | m.flatten()
a.squeeze() | a.view() | a.astype('f4') | a.astype(float) | a.tobytes() | a.nonzero() | a.searchsorted(3) | a.ndim | a.size | a.var()
a.all() | m.max(axis=0) | m.mean(axis=1) | m.sum(axis=1, keepdims=True) | m.sum(0) | m.min(1) | m.argmax(axis=1) | m.cumsum(axis=0) | m.any(axis=0)
a.real | z.real | z.conj() | a.strides | a.flags | m.swapaxes(0, 1) | m.ravel() | m.reshape(-1) | m.reshape(4, 3) | m.reshape((2, 6))
a.argsort() | m.trace() | m.diagonal() | k.sum() | k.max() | k.mean() | mask.sum() | mask.any() | hundred.sum() | hundred.mean()
hundred.std() | a.__array__() | a.tolist() | m.tolist() | t[:1].item() | m.copy() | a.itemsize | a.nbytes | a.base
"""

FUNCTIONS = """
np.argmax(a) | np.argmin(a) | np.min(a) | np.std(a) | np.var(a) | np.median(a) | np.prod(b) | np.cumsum(a) | np.diff(a) | np.all(mask)
np.abs(a) | np.sin(a) | np.log(b) | np.floor(a) | np.round(a) | np.round(a, 2) | np.isfinite(a) | np.isnan(2.0) | np.isnan(x) | np.sqrt(x)
np.sin(2.0) | np.exp(1) | np.floor(2.5) | np.abs(-3) | np.maximum(x, y) | np.maximum(1, 2) | np.minimum(a, 2) | np.power(a, 2) | np.hypot(a, b)
np.logical_and(mask, mask) | np.logical_not(mask) | np.multiply(a, b, out=out) | np.square(a) | np.sign(a) | np.mod(a, 3) | np.divmod(k, 3)
np.add.reduce(a) | np.add.reduce(m, axis=0) | np.add.accumulate(a) | np.multiply.outer(t, t) | np.allclose(a, b) | np.isclose(a, b)
np.count_nonzero(a) | np.unique(k) | np.searchsorted(a, 3.0) | np.ptp(a) | np.percentile(a, 50) | np.average(a) | np.nansum(a) | np.nanmean(a)
np.vstack([a, b]) | np.hstack([a, b]) | np.column_stack([a, b]) | np.concatenate([a, b, a, b]) | np.concatenate((m, m), axis=1) | np.append(a, 1.0)
np.array([a, b]) | np.array(pairs) | np.array(list10) | np.array(floats) | np.array((1, 2, 3)) | np.array([1, 2.5]) | np.array([True, False])
np.array(list10, dtype=float) | np.array(a, dtype='f4') | np.asarray(list10) | np.asarray(a, dtype=float)
np.ascontiguousarray(a) | np.asanyarray(a) | np.ones_like(a) | np.empty_like(a) | np.full_like(a, 3) | np.zeros(10, int) | np.zeros((3, 4)) | np.ones((3, 4))
np.full((2, 3), 7) | np.identity(3) | np.arange(0.0, 1.0, 0.1) | np.arange(2, 10) | np.arange(10.0) | np.linspace(0, 1, 5) | np.logspace(0, 1, 5)
np.outer(t, t) | np.inner(a, b) | np.vdot(a, b) | np.dot(s, t) | np.dot(s, s) | s @ s | s @ t | np.matmul(s, s) | np.einsum('ij,j->i', s, t) | np.tensordot(s, s, 1)
np.kron(t, t) | np.trace(s) | np.linalg.norm(a) | np.linalg.norm(m, axis=1) | np.linalg.solve(s, t) | np.linalg.inv(s) | np.linalg.det(s)
np.reshape(a, (2, 5)) | np.ravel(m) | np.squeeze(a) | np.atleast_1d(a) | np.atleast_2d(a) | np.broadcast_to(a, (3, 10)) | np.moveaxis(m, 0, 1)
np.swapaxes(m, 0, 1) | np.roll(a, 1) | np.flip(a) | np.tile(a, 2) | np.meshgrid(t, t) | np.split(a, 2) | np.array_split(a, 3) | np.insert(a, 1, 0.0)
np.delete(a, 1) | np.pad(a, 1) | np.digitize(a, t) | np.interp(2.5, a, b) | np.bincount(k) | np.copyto(out, a) | np.copy(a) | np.where(mask) | np.where(mask, 1, 0)
np.where(mask, a, 0.0) | np.clip(a, 2, None) | np.clip(2.5, 0, 1) | np.shape(a) | np.ndim(a) | np.size(a) | np.isscalar(2.0) | np.result_type(a, b) | np.dtype('f8')
np.dtype(float) | np.can_cast('i4', 'f8') | np.finfo(float) | np.isin(k, index) | np.flatnonzero(mask) | np.argwhere(mask) | np.lexsort((a, b)) | np.partition(a, 3)
np.trapezoid(a) | np.gradient(a) | np.convolve(a, t) | np.real(z) | np.angle(z) | np.nan_to_num(a) | np.diag(t) | np.tril(s) | np.choose(k % 2, (a, b)) | np.select([mask], [a])
np.fromiter(list10, float) | np.frombuffer(b'12345678') | np.iscomplexobj(a) | np.may_share_memory(a, b) | np.polyval([1, 2], 3.0) | np.random.rand() | np.random.randint(10)
"""

OPERATORS = """
a == b | a != b | a > 2 | (a > 1) & (a < 5) | a + 1 | 1 + a | a - b | a * b | a / b | a // b | a % b | a ** 0.5 | a ** b | a ** 3 | 2 ** a | k + 1 | k * 2 | k ** 2
k / 2 | k // 2 | k % 3 | k & 1 | k << 1 | k == 3 | k + a | a * x | x * a | i * a | z * z | z + 1 | abs(a) | abs(z) | -k | ~k | hundred * 2 | hundred + hundred
hundred > 50 | m + m | m * t[0] | m + m[0] | m.T + m.T | m[:, :1] * m | 3.0 in a | 3 in k | len(m) | list(a) | list(m) | a.tolist() == floats | bool(a[:1]) | float(a[:1][0])
[v for v in m] | [float(v) for v in a] | sum(a) | max(a) | sum(floats) | sorted(a) | 0.0 <= x <= 3.0 | str(x) | repr(x) | str(a)
"""

INDEXING = """
a[-1] | a[i] | a[::2] | a[::-1] | a[1:-1] | a[:5] | a[2:] | a[a > 3] | a[[1, 2]] | a[mask] | m[1][2] | m[-1, -1] | m[1:, :2] | m[..., 0] | m[:, None] | m[1, :] | m[:, 1:3]
m[[0, 1], [1, 2]] | m[index % 3] | m[m > 5] | m[0, index % 4] | a[index] | r['x'] | r[0] | r[0]['x'] | r['x'][0] | r[['x']] | k[3] | z[3] | mask[3] | hundred[50] | words[1]
a.__setitem__(3, 1) | a.__setitem__(slice(None), 0.0) | a.__setitem__(slice(2, 5), t) | a.__setitem__(index, 1.0) | a.__setitem__(mask, b[mask]) | a.__setitem__(i, x)
m.__setitem__((1, 2), 5.0) | m.__setitem__(1, 0.0) | m.__setitem__((slice(None), 1), 0.0) | m.__setitem__((slice(None), 1), t) | r.__setitem__('x', 1.0) | a.__setitem__(Ellipsis, b)
a.item(2) | m.item(1, 2) | a.flat[2] | next(iter(a)) | next(iter(m)) | list(m.flat) | list(np.ndenumerate(t)) | list(np.ndindex(3)) | a.take(2) | a.take([1, 2])
"""

SCALARS = """
x + 1 | 1 + x | x + 1.0 | x / 2 | x - y | x - 1.0 | x > 0 | x > y | x >= 1 | x == y | x != 0 | x // 2 | x % 2 | x ** 0.5 | 2 ** x | x * i | x + True | i + j | i - 1 | i * 2 | i * 2.0
i / 2 | i % 3 | i ** 2 | i == 3 | i != j | i > j | i & 1 | i << 2 | -i | ~i | abs(i) | 3 + i | 3 * i | 10 - i | hash(x) | hash(i) | round(x, 2) | round(x) | x.item() | x.dtype | x.real | x.shape
i.item() | i.astype(float) | w * w | w + 1 | abs(w) | w.real | np.int64(3) | np.float64(2) | np.float32(2.5) | np.bool_(True) | np.int8(3) | np.uint8(3) + 1 | max(x, y) | min(i, 3)
float(x) + 1 | int(x) | int(i) + 1 | range(i) | list10[i] | divmod(i, 2) | bool(i) | x and y | not x | math.sqrt(x) | isinstance(x, float) | day + 1 | x.sum() | x.max() | format(x, '.3f') | f'{x}' | complex(x)
x.is_integer() | x.__float__() | i.__index__() | np.float64('2.5') | np.isfinite(x) | np.abs(x) | np.exp(x) | np.floor(x) | np.add(x, y) | np.multiply(i, j) | np.square(x) | np.sign(x) | np.equal(x, y)
"""

RANDOM = """
rng.random() | rng.random(10) | rng.normal() | rng.normal(0, 1, 10) | rng.standard_normal() | rng.standard_normal(10) | rng.integers(10) | rng.integers(0, 10, 10) | rng.uniform() | rng.uniform(0, 1, 10)
rng.choice(10) | rng.choice(a) | rng.permutation(10) | rng.exponential() | rng.poisson(3.0) | rng.binomial(10, 0.5) | np.random.random() | np.random.normal() | np.random.uniform(0, 1)
np.random.randint(0, 10, 10) | np.random.randn(10) | np.random.rand(10)
"""


def expressions():
    """All expressions, each once."""
    tables = (METHODS, FUNCTIONS, OPERATORS, INDEXING, SCALARS, RANDOM)
    return list(dict.fromkeys(part.strip() for table in tables for line in table.split("\n") for part in line.split(" | ") if part.strip()))
