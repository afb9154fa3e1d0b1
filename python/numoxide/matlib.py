"""Everything of the main namespace, with creation functions that give matrices."""

import warnings

import numoxide as np
from numoxide import *  # noqa: F403
from numoxide.matrixlib.defmatrix import asmatrix, matrix

warnings.warn(
    "Importing from numpy.matlib is deprecated since 1.19.0. The matrix subclass is not the "
    "recommended way to represent matrices or deal with linear algebra (see "
    "https://docs.scipy.org/doc/numpy/user/numpy-for-matlab-users.html). Please adjust your code "
    "to use regular ndarray. ",
    PendingDeprecationWarning,
    stacklevel=2,
)

__version__ = np.__version__
__all__ = [*np.__all__, "rand", "randn", "repmat"]


def empty(shape, dtype=None, order="C"):
    """Make a matrix without setting its items."""
    return np.ndarray.__new__(matrix, shape, dtype, order=order)


def ones(shape, dtype=None, order="C"):
    """Make a matrix of ones."""
    made = empty(shape, dtype, order)
    made.fill(1)
    return made


def zeros(shape, dtype=None, order="C"):
    """Make a matrix of zeros."""
    made = empty(shape, dtype, order)
    made.fill(0)
    return made


def identity(n, dtype=None):
    """Make a square matrix with ones on its diagonal."""
    return eye(n, dtype=np.dtype(dtype) if dtype is not None else float)


def eye(n, M=None, k=0, dtype=float, order="C"):
    """Make a matrix with ones on a diagonal."""
    return asmatrix(np.eye(n, M=M, k=k, dtype=dtype, order=order))


def _shape(args):
    """The shape of a random matrix: numbers or one tuple."""
    return args[0] if isinstance(args[0], tuple) else args


def rand(*args):
    """Make a matrix of random numbers, uniform in [0, 1)."""
    return asmatrix(np.random.rand(*_shape(args)))


def randn(*args):
    """Make a matrix of normally distributed random numbers."""
    return asmatrix(np.random.randn(*_shape(args)))


def repmat(a, m, n):
    """Repeat a vector or matrix `m` times down and `n` times across.

    >>> np.matlib.repmat(np.array([1, 2]), 2, 2)
    array([[1, 2, 1, 2],
           [1, 2, 1, 2]])
    """
    return np.tile(np.atleast_2d(np.asanyarray(a)), (m, n))
