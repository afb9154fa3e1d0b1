# Reductions, accumulations, ufunc methods and statistics over dtypes, axes and layouts.
import numpy as np

rng = np.random.default_rng(99)
table = rng.standard_normal((40, 50))
for layout in (table, np.asfortranarray(table), table[::2, ::-1], table.T, table.astype("f4"), table.astype(">f8"), (table * 100).astype("i2"), table > 0):
    print(layout.dtype, repr(layout.sum()), repr(layout.mean(axis=0)[:2]), repr(layout.max(axis=1)[:2]), layout.argmin(), layout.any(), layout.all(axis=0).sum())
    print("   ", repr(np.cumsum(layout, axis=1)[0, -1]), repr(layout.std(dtype=float)), repr(np.prod(layout[:2, :2])), np.ptp(layout) if layout.dtype != bool else "")
print(np.add.reduce(table, axis=(0, 1)), np.add.reduceat(np.arange(10), [0, 4, 1, 8]), np.multiply.accumulate([1, 2, 3, 4]))
print(np.subtract.outer([1, 2], [3, 4, 5]), np.maximum.reduce([[1, 9], [5, 2]], axis=1), np.logical_and.reduce([1, 1, 0]))
print(table.sum(where=table > 0), np.min(table, initial=-9.0), np.sum(table, axis=0, keepdims=True).shape, np.sum([], dtype="f4"))
values = rng.integers(0, 50, 200)
print(np.sort(values)[:5], np.argsort(values, kind="stable")[:5], np.partition(values, 10)[10], np.unique(values).size)
print(np.lexsort((values[:6], [1, 0] * 3)), values.cumsum()[-1], np.diff(values, n=2)[:4], np.bincount(values)[:6])
print(np.isclose(0.1 + 0.2, 0.3), np.allclose([1e10, 1e-7], [1.00001e10, 1e-8]), np.array_equal([1, 2], [1, 2]))
print(rng.choice(10, 4, replace=False), rng.permutation(5), rng.random(2), rng.normal(1, 2, 2), rng.uniform(0, 9, 2), rng.integers(0, 9, 4, dtype="i1"))
shuffled = np.arange(8)
rng.shuffle(shuffled)
print(shuffled, np.linspace(0, 1, 5, retstep=True), np.logspace(0, 2, 3), np.eye(2), np.full((2, 2), 7))
print(np.floor([-1.5, 2.5]), np.rint([0.5, 1.5, 2.5]), np.trunc([-1.7]), np.sign([-2, 0, 3]), np.mod([-7, 7], 3), np.fmod([-7, 7], 3))
print(np.bitwise_xor(12, 10), np.left_shift(1, [1, 2, 3]), ~np.uint8(5), np.gcd(12, 18), np.hypot(3, 4), np.arctan2(1, -1))
matrix = np.arange(9.0).reshape(3, 3)
print(matrix @ matrix, matrix.dot([1, 2, 3]), np.matmul(matrix, matrix[0]), np.einsum("ij,ij->i", matrix, matrix))


@np.vectorize
def collatz(number):
    steps = 0
    while number != 1:
        number = number // 2 if number % 2 == 0 else 3 * number + 1
        steps += 1
    return steps


print(collatz(np.arange(1, 12)), np.vectorize(lambda a, b: a + b, otypes=[float])([1, 2], 3))
