"""What a type checker makes of typical expressions; read by `mypy --strict`, never run."""

import datetime as dt
from typing import Any, Literal, TypeVar, assert_type

import numoxide as np
import numoxide.typing as npt

S = TypeVar("S", bound=np.generic)
F = TypeVar("F", bound=np.floating)
Vector = np.ndarray[tuple[int], np.dtype[np.float64]]
Matrix = np.ndarray[tuple[int, int], np.dtype[np.float64]]

f8: npt.NDArray[np.float64]
f4: npt.NDArray[np.float32]
i8: npt.NDArray[np.int64]
i4: npt.NDArray[np.int32]
u1: npt.NDArray[np.uint8]
u8: npt.NDArray[np.uint64]
c16: npt.NDArray[np.complex128]
c8: npt.NDArray[np.complex64]
b1: npt.NDArray[np.bool_]
M8: npt.NDArray[np.datetime64]
m8: npt.NDArray[np.timedelta64]
obj: npt.NDArray[np.object_]
rec: npt.NDArray[np.void]
unknown: npt.NDArray[Any]
vector: Vector
matrix: Matrix
like: npt.ArrayLike
kind: npt.DTypeLike


def annotations(a: npt.NDArray[np.float64], b: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> None:
    a = b
    c: npt.NDArray[np.floating[Any]] = a
    d: npt.NDArray[np.number] = c
    e: np.ndarray = d
    f: npt.ArrayLike = e
    for accepted in (1, 1.5, 1j, True, "x", b"x"):
        f = accepted
    f = [1, 2, [3.5]]
    f = (np.float64(1), np.int8(2))
    f = range(3)
    f = [[np.zeros(2)], [np.ones(2)]]
    g: npt.DTypeLike = np.float64
    g = "f8"
    g = float
    g = np.dtype("i4")
    g = [("a", "i4"), ("b", np.float32, (2,))]
    g = None
    h: np.dtype[np.generic] = np.dtype(np.int8)
    x: float = np.float64(1)
    z: complex = np.complex128(1)
    s: str = np.str_("a")
    assert_type(same(i4), npt.NDArray[np.int32])
    assert_type(half(f4), npt.NDArray[np.float32])


def same(x: npt.NDArray[S]) -> npt.NDArray[S]:
    return x


def half(x: npt.NDArray[F]) -> npt.NDArray[F]:
    return x * 0.5


def creation() -> None:
    assert_type(np.zeros(3), Vector)
    assert_type(np.zeros((2, 3)), Matrix)
    assert_type(np.ones((2, 3), dtype=np.int32), np.ndarray[tuple[int, int], np.dtype[np.int32]])
    assert_type(np.empty((2, 3), np.dtype(np.int8)), np.ndarray[tuple[int, int], np.dtype[np.int8]])
    assert_type(np.zeros(3, dtype=int), np.ndarray[tuple[int], np.dtype[np.int_]])
    assert_type(np.zeros([2, 3]), npt.NDArray[np.float64])
    assert_type(np.zeros([2, 3], dtype=np.uint8), npt.NDArray[np.uint8])
    assert_type(np.zeros((2, 3), dtype=bool), np.ndarray[tuple[int, int], np.dtype[np.bool_]])
    assert_type(np.full((2, 3), 1.5), Matrix)
    assert_type(np.full((2, 3), 0, dtype=np.uint8), np.ndarray[tuple[int, int], np.dtype[np.uint8]])
    assert_type(np.zeros_like(f4), npt.NDArray[np.float32])
    assert_type(np.ones_like(matrix), Matrix)
    assert_type(np.ones_like(f4, dtype=np.int8), npt.NDArray[np.int8])
    assert_type(np.empty_like(c16), npt.NDArray[np.complex128])
    assert_type(np.full_like(i4, 3), npt.NDArray[np.int32])
    assert_type(np.array([1, 2, 3]), npt.NDArray[np.int_])
    assert_type(np.array([1.0, 2.0]), npt.NDArray[np.float64])
    assert_type(np.array([[1.0, 2.0], [3.0, 4.0]]), npt.NDArray[np.float64])
    assert_type(np.array([True, False]), npt.NDArray[np.bool_])
    assert_type(np.array([1j]), npt.NDArray[np.complex128])
    assert_type(np.array([1, 2], dtype=np.float32), npt.NDArray[np.float32])
    assert_type(np.array([1, 2], dtype="f4"), npt.NDArray[Any])
    assert_type(np.array([np.float32(1)]), npt.NDArray[np.float32])
    assert_type(np.array(matrix), Matrix)
    assert_type(np.array([1, "x"], dtype=object), npt.NDArray[np.object_])
    assert_type(np.asarray(f8), npt.NDArray[np.float64])
    assert_type(np.asarray(like), npt.NDArray[Any])
    assert_type(np.asarray(like, dtype=np.float64), npt.NDArray[np.float64])
    assert_type(np.asarray(like, dtype=float), npt.NDArray[np.float64])
    assert_type(np.ascontiguousarray(f4), npt.NDArray[np.float32])
    assert_type(np.arange(3), np.ndarray[tuple[int], np.dtype[np.int_]])
    assert_type(np.arange(0.0, 1.0, 0.1), Vector)
    assert_type(np.arange(3, dtype=np.uint8), np.ndarray[tuple[int], np.dtype[np.uint8]])
    assert_type(np.linspace(0, 1, 5), Vector)
    assert_type(np.linspace(0, 1, 5, dtype=np.float32), npt.NDArray[np.float32])
    assert_type(np.eye(3), Matrix)
    assert_type(np.identity(3, dtype=np.int8), np.ndarray[tuple[int, int], np.dtype[np.int8]])
    assert_type(np.frombuffer(b"1234", dtype=np.uint8), np.ndarray[tuple[int], np.dtype[np.uint8]])
    assert_type(np.fromiter(range(3), dtype=np.int64), np.ndarray[tuple[int], np.dtype[np.int64]])
    assert_type(np.copy(matrix), Matrix)
    assert_type(np.ndarray(3, np.float64), Vector)


def attributes() -> None:
    assert_type(matrix.shape, tuple[int, int])
    assert_type(f8.dtype, np.dtype[np.float64])
    assert_type(f8.dtype.type, type[np.float64])
    assert_type(f8.ndim, int)
    assert_type(f8.size, int)
    assert_type(f8.strides, tuple[int, ...])
    assert_type(matrix.T, Matrix)
    assert_type(f8.flags.c_contiguous, bool)
    assert_type(f8.flat, np.flatiter[npt.NDArray[np.float64]])
    assert_type(next(f8.flat), np.float64)
    assert_type(len(f8), int)
    assert_type(f8.item(), float)
    assert_type(i4.item(0), int)
    assert_type(b1.item(), bool)
    assert_type(c16.item(), complex)
    assert_type(vector.tolist(), list[float])
    assert_type(matrix.tolist(), list[list[float]])
    assert_type(f8.tolist(), Any)


def conversion() -> None:
    assert_type(f8.astype(np.float32), npt.NDArray[np.float32])
    assert_type(matrix.astype(int), np.ndarray[tuple[int, int], np.dtype[np.int_]])
    assert_type(f8.astype("i4"), npt.NDArray[Any])
    assert_type(i8.view(np.float64), npt.NDArray[np.float64])
    assert_type(f8.copy(), npt.NDArray[np.float64])
    assert_type(f8.tobytes(), bytes)
    assert_type(np.dtype(float), np.dtype[np.float64])
    assert_type(np.dtype(np.int16), np.dtype[np.int16])
    assert_type(np.dtype("f8"), np.dtype[Any])
    assert_type(np.dtype([("a", "i4")]), np.dtype[np.void])


def shapes() -> None:
    assert_type(f4.reshape(-1), np.ndarray[tuple[int], np.dtype[np.float32]])
    assert_type(f4.reshape(2, 3), np.ndarray[tuple[int, int], np.dtype[np.float32]])
    assert_type(f4.reshape((2, 3)), np.ndarray[tuple[int, int], np.dtype[np.float32]])
    assert_type(f4.ravel(), np.ndarray[tuple[int], np.dtype[np.float32]])
    assert_type(matrix.flatten(), Vector)
    assert_type(f4.transpose(1, 0), npt.NDArray[np.float32])
    assert_type(f4.squeeze(), npt.NDArray[np.float32])
    assert_type(np.reshape(f8, (2, 3)), Matrix)
    assert_type(np.ravel(f8), Vector)
    assert_type(np.transpose(i4), npt.NDArray[np.int32])
    assert_type(np.concatenate([f4, f4]), npt.NDArray[np.float32])
    assert_type(np.stack((i8, i8)), npt.NDArray[np.int64])
    assert_type(np.vstack([f8, f8]), npt.NDArray[np.float64])
    assert_type(np.split(f8, 2), list[npt.NDArray[Any]])
    assert_type(np.expand_dims(f4, 0), npt.NDArray[np.float32])
    assert_type(np.broadcast_to(f4, (3, 3)), npt.NDArray[np.float32])
    assert_type(np.flip(matrix), Matrix)
    assert_type(np.tile(i4, 2), npt.NDArray[np.int32])


def indexing() -> None:
    assert_type(vector[0], np.float64)
    assert_type(vector[1:], Vector)
    assert_type(vector[vector > 0], npt.NDArray[np.float64])
    assert_type(f8[0], Any)
    assert_type(f8[0, 1], Any)
    assert_type(f8[1:], npt.NDArray[np.float64])
    assert_type(matrix[0], Vector)
    assert_type(matrix[0, 1], np.float64)
    assert_type(matrix[1:], Matrix)
    assert_type(f8[1:, 0], npt.NDArray[np.float64])
    assert_type(f8[f8 > 0], npt.NDArray[np.float64])
    assert_type(f8[[0, 1]], npt.NDArray[np.float64])
    assert_type(f8[..., None], npt.NDArray[np.float64])
    assert_type(f8[i8], npt.NDArray[np.float64])
    assert_type(rec["a"], npt.NDArray[Any])
    assert_type(rec[["a", "b"]], npt.NDArray[np.void])
    assert_type(f8.take(1), np.float64)
    assert_type(f8.take([1, 2]), npt.NDArray[np.float64])
    f8[0] = 1
    f8[f8 > 0] = 0
    assert_type(np.where(b1), tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...])
    assert_type(np.where(b1, f4, f4), npt.NDArray[np.float32])
    assert_type(f8.nonzero(), tuple[np.ndarray[tuple[int], np.dtype[np.intp]], ...])


def arithmetic() -> None:
    assert_type(f8 + f8, npt.NDArray[np.float64])
    assert_type(f8 + 1, npt.NDArray[np.float64])
    assert_type(matrix + 1, Matrix)
    assert_type(2.0 * matrix, Matrix)
    assert_type(f4 + f4, npt.NDArray[np.float32])
    assert_type(f4 * 2.5, npt.NDArray[np.float32])
    assert_type(f4 + f8, npt.NDArray[np.float64])
    assert_type(f8 - i4, npt.NDArray[np.float64])
    assert_type(i8 + f8, npt.NDArray[np.float64])
    assert_type(f4 + np.float64(1), npt.NDArray[np.float64])
    assert_type(i8 + i8, npt.NDArray[np.int64])
    assert_type(u1 + 1, npt.NDArray[np.uint8])
    assert_type(i4 + 1.5, npt.NDArray[np.float64])
    assert_type(i4 / i4, npt.NDArray[np.float64])
    assert_type(i4 // 2, npt.NDArray[np.int32])
    assert_type(i8**2, npt.NDArray[np.int64])
    assert_type(1 - f8, npt.NDArray[np.float64])
    assert_type(1 / i8, npt.NDArray[np.float64])
    assert_type(f8 + [1.0, 2.0], npt.NDArray[np.float64])
    assert_type(f8 + 1j, npt.NDArray[np.complex128])
    assert_type(f4 * 1j, npt.NDArray[np.complex64])
    assert_type(c8 + 1.5, npt.NDArray[np.complex64])
    assert_type(c16 * f8, npt.NDArray[np.complex128])
    assert_type(u8 + i8, npt.NDArray[np.float64])
    assert_type(b1 + b1, npt.NDArray[np.bool_])
    assert_type(b1 & ~b1, npt.NDArray[np.bool_])
    assert_type(u1 << 2, npt.NDArray[np.uint8])
    assert_type(-f4, npt.NDArray[np.float32])
    assert_type(abs(c16), npt.NDArray[np.float64])
    assert_type(M8 - M8, npt.NDArray[np.timedelta64])
    assert_type(M8 + m8, npt.NDArray[np.datetime64])
    assert_type(m8 + m8, npt.NDArray[np.timedelta64])
    assert_type(m8 / m8, npt.NDArray[np.float64])
    assert_type(f8 > 0, npt.NDArray[np.bool_])
    assert_type(f8 == f8, npt.NDArray[np.bool_])
    total = np.zeros((2, 3))
    total += 1
    assert_type(total, Matrix)


def scalars() -> None:
    assert_type(np.float64(1) + np.float64(2), np.float64)
    assert_type(np.float64(1) + 1, np.float64)
    assert_type(np.float32(1) * 2.5, np.float32)
    assert_type(np.float32(1) + np.float64(1), np.float64)
    assert_type(np.int64(1) + 1, np.int64)
    assert_type(np.int64(1) / 2, np.float64)
    assert_type(np.int32(1) * 1.5, np.float64)
    assert_type(np.int8(1) & 3, np.int8)
    assert_type(np.complex64(1).real, np.float32)
    assert_type(abs(np.complex128(1)), np.float64)
    assert_type(np.float64(1) < 2, np.bool_)
    assert_type(np.bool_(True) & True, np.bool_)
    assert_type(np.float32(1).item(), float)
    assert_type(np.int8(1).item(), int)
    assert_type(np.datetime64("2020") - np.datetime64("2019"), np.timedelta64)
    assert_type(np.datetime64("2020") + dt.timedelta(1), np.datetime64)
    assert_type(np.float64(1).dtype, np.dtype[np.float64])
    assert_type(np.float64(1).astype(np.int8), np.int8)
    assert_type(np.str_("a").upper(), str)
    assert_type(np.newaxis, None)
    assert_type(np.pi, float)


def reductions() -> None:
    assert_type(f8.sum(), np.float64)
    assert_type(f4.sum(), np.float32)
    assert_type(i4.sum(), np.int64)
    assert_type(b1.sum(), np.int64)
    assert_type(u1.sum(), np.uint64)
    assert_type(i4.sum(dtype=np.float32), np.float32)
    assert_type(f8.sum(axis=0), Any)
    assert_type(f8.sum(0, out=f4), npt.NDArray[np.float32])
    assert_type(i8.mean(), np.float64)
    assert_type(f4.mean(), np.float32)
    assert_type(i8.std(), np.float64)
    assert_type(i8.max(), np.int64)
    assert_type(M8.min(), np.datetime64)
    assert_type(f8.argmax(), np.intp)
    assert_type(b1.all(), np.bool_)
    assert_type(f4.cumsum(), npt.NDArray[np.float32])
    assert_type(f8.argsort(), npt.NDArray[np.intp])
    assert_type(f8.sort(), None)
    assert_type(np.sum(f4), np.float32)
    assert_type(np.sum([1, 2]), np.int64)
    assert_type(np.mean([1.0, 2.0]), np.float64)
    assert_type(np.max(i4), np.int32)
    assert_type(np.any(b1), np.bool_)
    assert_type(np.count_nonzero(b1), int)
    assert_type(np.median(i8), np.float64)
    assert_type(np.argmin(f8), np.intp)


def functions() -> None:
    assert_type(np.sin(f4), npt.NDArray[np.float32])
    assert_type(np.sin(matrix), Matrix)
    assert_type(np.sqrt(2.0), np.float64)
    assert_type(np.exp(np.float32(1)), np.float32)
    assert_type(np.negative(i4), npt.NDArray[np.int32])
    assert_type(np.isnan(matrix), np.ndarray[tuple[int, int], np.dtype[np.bool_]])
    assert_type(np.isnan(1.0), np.bool_)
    assert_type(np.add(f8, 1), npt.NDArray[np.float64])
    assert_type(np.add(i4, i4), npt.NDArray[np.int32])
    assert_type(np.less(f8, 1), npt.NDArray[np.bool_])
    assert_type(np.modf(f8), tuple[Any, Any])
    assert_type(np.add.nin, Literal[2])
    assert_type(np.add.reduce(f8), Any)
    assert_type(np.add.accumulate(f8), npt.NDArray[Any])
    assert_type(np.sort(f4), npt.NDArray[np.float32])
    assert_type(np.argsort(f8), npt.NDArray[np.intp])
    assert_type(np.unique(i4), npt.NDArray[np.int32])
    assert_type(np.searchsorted(f8, 1.5), np.intp)
    assert_type(np.clip(f4, 0, 1), npt.NDArray[np.float32])
    assert_type(np.diff(f4), npt.NDArray[np.float32])
    assert_type(np.bincount(i8), np.ndarray[tuple[int], np.dtype[np.intp]])
    assert_type(np.allclose(f8, f8), bool)
    assert_type(np.array_equal(f8, [1]), bool)
    assert_type(np.shape(like), tuple[int, ...])
    assert_type(np.result_type("i4", 1.5), np.dtype[Any])
    assert_type(np.can_cast("i4", np.float64), bool)
    assert_type(np.array2string(f8), str)
    assert_type(np.finfo(np.float32).eps, np.float32)
    assert_type(np.finfo(float).max, np.float64)
    assert_type(np.iinfo(np.int8).max, int)
    assert_type(next(np.ndindex(2, 3)), tuple[int, ...])
    assert_type(next(np.ndenumerate(f8)), tuple[tuple[int, ...], np.float64])
    with np.errstate(divide="ignore"):
        np.save("x.npy", f8)


def submodules() -> None:
    rng = np.random.default_rng(1)
    assert_type(rng, np.random.Generator)
    assert_type(rng.normal(), float)
    assert_type(rng.normal(size=3), npt.NDArray[np.float64])
    assert_type(rng.normal([1.0, 2.0]), npt.NDArray[np.float64])
    assert_type(rng.poisson(3.0, 4), npt.NDArray[np.int64])
    assert_type(rng.spawn(2), list[np.random.Generator])
    assert_type(np.random.uniform(0, 1), float)
    assert_type(np.random.uniform(size=2), npt.NDArray[np.float64])
    assert_type(np.testing.assert_allclose(f8, f8), None)
    with np.testing.assert_raises(ValueError):
        pass
    with np.testing.assert_warns(RuntimeWarning):
        pass
    assert_type(np.testing.assert_warns(RuntimeWarning, len, "a"), int)
    line = np.polynomial.Polynomial([1, 2])
    assert_type(line * line + 1, np.polynomial.Polynomial)
    assert_type(line.deriv(), np.polynomial.Polynomial)
    assert_type(line.convert(kind=np.polynomial.Chebyshev), np.polynomial.Chebyshev)
    assert_type(line(np.polynomial.Polynomial([0, 1])), np.polynomial.Polynomial)
    assert_type(np.polynomial.polynomial.polyadd([1], [2]), npt.NDArray[Any])
    masked = np.ma.MaskedArray([1, 2], mask=[0, 1])
    array: np.ndarray = masked
    raise np.linalg.LinAlgError
assert_type(np.linalg.inv(np.eye(2)), npt.NDArray[Any])
assert_type(np.linalg.eigh(np.eye(2)).eigenvalues, npt.NDArray[Any])
assert_type(np.fft.rfft([1.0, 2.0]), npt.NDArray[Any])
