# Scalars, promotion, casts, limits, errors and warnings, as a program meets them.
import warnings

import numpy as np

for a in (np.int8(100), np.uint8(200), np.int64(-7), np.float16(0.1), np.float32(0.1), np.float64(0.1), np.complex64(1 + 2j), np.bool_(True)):
    print(type(a).__name__, repr(a), str(a), a.dtype, a.itemsize, hash(a) == hash(a.item()))
    for b in (2, 2.5, np.float32(3), np.int16(3)):
        total = a + b
        print("   ", repr(total), repr(a * b), repr(a > b), (a / b).dtype)
print(np.result_type(np.int8, np.uint8), np.promote_types("i8", "u8"), np.can_cast("f8", "f4"), np.can_cast("f8", "f4", "same_kind"))
print(np.int32(7) // np.int32(-2), np.int32(7) % np.int32(-2), divmod(np.float64(7), -2), np.float64(2) ** 0.5)
print(np.finfo(np.float32).eps, np.iinfo(np.int16).max)
print(np.array([1, 2.5, 3 + 1j]), np.array([True, 2]), np.array(["a", "bcd"]), np.array([1, None], dtype=object))
print(np.array([1.9, -1.9, 300.7]).astype(np.uint8, casting="unsafe")[:1], np.array(["1", "22"]).astype(int), np.array([1.5, 2]).astype(str))
for action in (
    lambda: np.array([1, 2]) + np.array([1, 2, 3]),
    lambda: np.arange(6).reshape(4, 2),
    lambda: np.zeros(3)[5],
    lambda: np.zeros(3)["x"],
    lambda: np.array([1, 2], dtype=int).__iadd__(1.5),
    lambda: np.add(np.array([1]), 0.5, casting="no", dtype="i8"),
    lambda: np.concatenate([np.zeros((2, 2)), np.zeros((3, 3))], axis=1),
    lambda: np.array([[1, 2], [3]]),
    lambda: bool(np.array([1, 2])),
    lambda: np.sum(np.zeros((2, 2)), axis=2),
    lambda: np.int8(300),
    lambda: np.zeros(-1),
):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
for action in (
    lambda: np.array([1.0, 0.0]) / 0,
    lambda: np.log(np.array([-1.0, 0.0])),
    lambda: np.int8(100) + np.int8(100),
    lambda: np.float32(1e38) * np.float32(10),
    lambda: np.array([]).mean(),
    lambda: np.sqrt(-1.0),
):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        print(action(), [(w.category.__name__, str(w.message)) for w in caught])
with np.errstate(divide="raise", invalid="ignore"):
    print(np.array([0.0]) / 0)
    try:
        np.array([1.0]) / 0
    except FloatingPointError as error:
        print(error)
