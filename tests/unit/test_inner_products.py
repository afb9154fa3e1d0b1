"""Inner products of floats are NumPy's to the bit, where its BLAS has the kernels whose order ours follow."""

import os

import numpy
import pytest

import numoxide as np

FEATURES = numpy._core._multiarray_umath.__cpu_features__
pytestmark = pytest.mark.skipif(
    not FEATURES.get("AVX512_SKX") or os.environ.get("NUMOXIDE_CPU") == "v2" or "OPENBLAS_CORETYPE" in os.environ,
    reason="NumPy's BLAS adds in another order here",
)

CALLS = {
    "dot": lambda lib, a, b: lib.dot(a, b),
    "matmul": lambda lib, a, b: a @ b,
    "vdot": lambda lib, a, b: lib.vdot(a, b),
    "inner": lambda lib, a, b: lib.inner(a, b),
    "vecdot": lambda lib, a, b: lib.vecdot(a, b),
    "norm": lambda lib, a, b: lib.linalg.norm(a),
    "backwards": lambda lib, a, b: lib.dot(a[::-1], b),
    "convolve": lambda lib, a, b: lib.convolve(a, b),
    "short kernel": lambda lib, a, b: lib.convolve(a, b[:5]),
    "correlate": lambda lib, a, b: lib.correlate(a, b[: len(b) // 3 + 1], "same"),
}


@pytest.mark.parametrize("dtype", ["f8", "f4"])
@pytest.mark.parametrize("name", CALLS)
def test_same_bits(name, dtype):
    rng = numpy.random.default_rng(len(name))
    for n in [*range(1, 70), 100, 127, 128, 1000, 9999]:
        a, b = rng.normal(size=(2, n)).astype(dtype)
        wanted = CALLS[name](numpy, a, b)
        mine = CALLS[name](np, *(np.frombuffer(x.tobytes(), dtype) for x in (a, b)))
        assert mine.tobytes() == wanted.tobytes(), n


def test_same_bits_apart():
    rng = numpy.random.default_rng(0)
    for n in range(1, 50):
        a, b = rng.normal(size=(2, 3 * n))
        x, y = (np.frombuffer(v.tobytes()) for v in (a, b))
        for cut, other in [(slice(None, None, 3), slice(None, None, 3)), (slice(None, None, 3), slice(n)), (slice(None, None, -3), slice(n))]:
            assert float(x[cut].dot(y[other])) == float(a[cut].dot(b[other])), n
