"""Solutions and decompositions: types and shapes are settled here, the work is done by generalised ufuncs."""

import functools
import math
import warnings
from typing import NamedTuple

import numoxide as _nx
from numoxide._core.overrides import public
from numoxide._globals import _NoValue
from numoxide.linalg import _umath_linalg


class LinAlgError(ValueError):
    """Raised where a linear algebra function cannot go on."""


LinAlgError.__module__ = "numpy.linalg" if _nx.ndarray.__module__ == "numpy" else "numoxide.linalg"


class EigResult(NamedTuple):
    """Eigenvalues with their right eigenvectors, column by column."""

    eigenvalues: _nx.ndarray
    eigenvectors: _nx.ndarray


class EighResult(NamedTuple):
    """Eigenvalues of a Hermitian matrix with their eigenvectors, column by column."""

    eigenvalues: _nx.ndarray
    eigenvectors: _nx.ndarray


class QRResult(NamedTuple):
    """An orthonormal and an upper triangular factor."""

    Q: _nx.ndarray
    R: _nx.ndarray


class SlogdetResult(NamedTuple):
    """Sign of a determinant and the logarithm of its absolute value."""

    sign: _nx.ndarray
    logabsdet: _nx.ndarray


class SVDResult(NamedTuple):
    """Left singular vectors, singular values and right singular vectors, these row by row."""

    U: _nx.ndarray
    S: _nx.ndarray
    Vh: _nx.ndarray


for _kind in (EigResult, EighResult, QRResult, SlogdetResult, SVDResult):
    _kind.__module__ = f"{LinAlgError.__module__}._linalg"


def _given(a):
    """An array, and what gives its results the type that the caller gave."""
    converter = _nx._core._multiarray_umath._array_converter(a)
    array = converter.as_arrays(subok=False)[0]
    return array, functools.partial(converter.wrap, to_scalar=False)


def _types(*arrays):
    """Signature letter of the work, which is done in double precision, and the dtype of its results."""
    single, kinds = True, set()
    for array in arrays:
        dtype = array.dtype
        if dtype.char not in "fdFD" and issubclass(dtype.type, _nx.inexact):
            raise TypeError(f"array type {dtype.name} is unsupported in linalg")
        single = single and dtype.char in "fF"
        kinds.add(dtype.kind)
    if "c" in kinds:
        return "D", _nx.dtype(_nx.complex64 if single else _nx.complex128)
    return "d", _nx.dtype(_nx.float32 if single else _nx.float64)


def _real(dtype):
    """The dtype of absolute values."""
    return _nx.dtype(dtype.char.lower())


def _check_stack(*arrays):
    for array in arrays:
        if array.ndim < 2:
            raise LinAlgError(f"{array.ndim}-dimensional array given. Array must be at least two-dimensional")


def _check_square(*arrays):
    _check_stack(*arrays)
    for array in arrays:
        if array.shape[-1] != array.shape[-2]:
            raise LinAlgError("Last 2 dimensions of the array must be square")


def _check_finite(*arrays):
    for array in arrays:
        if not _nx.isfinite(array).all():
            raise LinAlgError("Array must not contain infs or NaNs")


def _raising(message):
    """An error state in which a ufunc that gives up raises `LinAlgError`."""

    def refuse(*_):
        raise LinAlgError(message)

    return _nx.errstate(call=refuse, invalid="call", over="ignore", divide="ignore", under="ignore")


def _adjoint(a):
    return _nx.swapaxes(a, -1, -2).conj()


@public("a", "b", module="numpy.linalg")
def tensorsolve(a, b, axes=None):
    """Solve `a x = b` for `x`, products being summed over all axes of `x`.

    >>> a = np.eye(6).reshape(2, 3, 2, 3)
    >>> np.linalg.tensorsolve(a, np.ones((2, 3))).shape
    (2, 3)
    """
    a, wrap = _given(a)
    b = _nx.asarray(b)
    if axes is not None:
        order = [k for k in range(a.ndim) if k not in axes]
        a = a.transpose(order + list(axes))
    free = a.shape[-(a.ndim - b.ndim) :]
    size = math.prod(free)
    if a.size != size**2:
        raise LinAlgError(
            "Input arrays must satisfy the requirement "
            "            prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])"
        )
    return wrap(solve(a.reshape(size, size), b.ravel())).reshape(free)


@public("a", "b", module="numpy.linalg")
def solve(a, b):
    """Solve linear equations `a x = b`; a `b` of one dimension is one vector.

    >>> np.linalg.solve([[3.0, 1.0], [1.0, 2.0]], [9.0, 8.0])
    array([2., 3.])
    """
    a, _ = _given(a)
    _check_square(a)
    b, wrap = _given(b)
    letter, dtype = _types(a, b)
    run = _umath_linalg.solve1 if b.ndim == 1 else _umath_linalg.solve
    with _raising("Singular matrix"):
        x = run(a, b, signature=f"{letter}{letter}->{letter}")
    return wrap(x.astype(dtype, copy=False))


@public("a", module="numpy.linalg")
def tensorinv(a, ind=2):
    """Inverse of an array as a map from its last axes to its first `ind` ones.

    >>> np.linalg.tensorinv(np.eye(6).reshape(2, 3, 6)).shape
    (6, 2, 3)
    """
    a = _nx.asarray(a)
    if ind <= 0:
        raise ValueError("Invalid ind argument.")
    first, last = a.shape[:ind], a.shape[ind:]
    return inv(a.reshape(math.prod(last), -1)).reshape(*last, *first)


@public("a", module="numpy.linalg")
def inv(a):
    """Inverses of square matrices.

    >>> np.linalg.inv([[1.0, 2.0], [3.0, 4.0]])
    array([[-2. ,  1. ],
           [ 1.5, -0.5]])
    """
    a, wrap = _given(a)
    _check_square(a)
    letter, dtype = _types(a)
    with _raising("Singular matrix"):
        inverse = _umath_linalg.inv(a, signature=f"{letter}->{letter}")
    return wrap(inverse.astype(dtype, copy=False))


@public("a", module="numpy.linalg")
def cholesky(a, /, *, upper=False):
    """Cholesky factor `l` of positive definite matrices: `a = l l^H`, or `a = u^H u` with `upper`.

    >>> np.linalg.cholesky([[4.0, 2.0], [2.0, 5.0]])
    array([[2., 0.],
           [1., 2.]])
    """
    run = _umath_linalg.cholesky_up if upper else _umath_linalg.cholesky_lo
    a, wrap = _given(a)
    _check_square(a)
    letter, dtype = _types(a)
    with _raising("Matrix is not positive definite"):
        factor = run(a, signature=f"{letter}->{letter}")
    return wrap(factor.astype(dtype, copy=False))


_QR_MODES = {
    "full": ("reduced", "The 'full' option is deprecated in favor of 'reduced'.\nFor backward compatibility let mode default."),
    "f": ("reduced", "The 'full' option is deprecated in favor of 'reduced'.\nFor backward compatibility let mode default."),
    "economic": ("economic", "The 'economic' option is deprecated."),
    "e": ("economic", "The 'economic' option is deprecated."),
}  # fmt: skip


@public("a", module="numpy.linalg")
def qr(a, mode="reduced"):
    """QR decomposition: orthonormal columns times an upper triangle.

    `mode` is 'reduced', 'complete', 'r' (the triangle alone) or 'raw' (reflectors and their factors, as LAPACK has
    them, transposed).

    >>> q, r = np.linalg.qr([[3.0, 1.0], [4.0, 2.0]])
    >>> r.round(3)
    array([[-5. , -2.2],
           [ 0. ,  0.4]])
    """
    if mode not in ("reduced", "complete", "r", "raw"):
        if mode not in _QR_MODES:
            raise ValueError(f"Unrecognized mode '{mode}'")
        mode, message = _QR_MODES[mode]
        warnings.warn(message, DeprecationWarning, stacklevel=2)
    a, wrap = _given(a)
    _check_stack(a)
    rows, cols = a.shape[-2:]
    letter, dtype = _types(a)
    a = a.astype(letter, copy=True)
    tau = _umath_linalg.qr_r_raw(a, signature=f"{letter}->{letter}")
    if mode == "r":
        return wrap(_nx.triu(a[..., : min(rows, cols), :]).astype(dtype, copy=False))
    if mode == "raw":
        a = _nx.swapaxes(a, -2, -1).astype(dtype, copy=False)
        return wrap(a), tau.astype(dtype, copy=False)
    if mode == "economic":
        return wrap(a.astype(dtype, copy=False))
    signature = f"{letter}{letter}->{letter}"
    if mode == "complete" and rows > cols:
        q, height = _umath_linalg.qr_complete(a, tau, signature=signature), rows
    else:
        q, height = _umath_linalg.qr_reduced(a, tau, signature=signature), min(rows, cols)
    r = _nx.triu(a[..., :height, :]).astype(dtype, copy=False)
    return QRResult(wrap(q.astype(dtype, copy=False)), wrap(r))


def _real_if_all(values, *others):
    """Real parts, if no value has an imaginary one."""
    if (values.imag == 0).all():
        return values.real, *(other.real for other in others)
    return values, *others


@public("a", module="numpy.linalg")
def eigvals(a):
    """Eigenvalues of square matrices, in no order; real if they all are.

    >>> np.linalg.eigvals([[0.0, 1.0], [-1.0, 0.0]])
    array([0.+1.j, 0.-1.j])
    """
    a, _ = _given(a)
    _check_square(a)
    _check_finite(a)
    letter, dtype = _types(a)
    with _raising("Eigenvalues did not converge"):
        values = _umath_linalg.eigvals(a, signature=f"{letter}->D")
    if dtype.kind != "c":
        (values,) = _real_if_all(values)
        dtype = _result(values, dtype)
    return values.astype(dtype, copy=False)


def _result(values, dtype):
    """The dtype of eigenvalues of a real matrix."""
    if values.dtype.kind != "c":
        return dtype
    return _nx.dtype(_nx.complex64 if dtype == _nx.float32 else _nx.complex128)


def _half(UPLO):
    side = UPLO.upper()
    if side not in ("L", "U"):
        raise ValueError("UPLO argument must be 'L' or 'U'")
    return side


@public("a", module="numpy.linalg")
def eigvalsh(a, UPLO="L"):
    """Eigenvalues of Hermitian matrices in ascending order; only one triangle is read.

    >>> np.linalg.eigvalsh([[2.0, 1.0], [1.0, 2.0]])
    array([1., 3.])
    """
    side = _half(UPLO)
    run = _umath_linalg.eigvalsh_lo if side == "L" else _umath_linalg.eigvalsh_up
    a, _ = _given(a)
    _check_square(a)
    letter, dtype = _types(a)
    with _raising("Eigenvalues did not converge"):
        values = run(a, signature=f"{letter}->d")
    return values.astype(_real(dtype), copy=False)


@public("a", module="numpy.linalg")
def eig(a):
    """Eigenvalues and right eigenvectors of square matrices; real if all values are.

    >>> np.linalg.eig(np.diag([1.0, 2.0])).eigenvalues
    array([1., 2.])
    """
    a, wrap = _given(a)
    _check_square(a)
    _check_finite(a)
    letter, dtype = _types(a)
    with _raising("Eigenvalues did not converge"):
        values, vectors = _umath_linalg.eig(a, signature=f"{letter}->DD")
    if dtype.kind != "c":
        values, vectors = _real_if_all(values, vectors)
        dtype = _result(values, dtype)
    return EigResult(values.astype(dtype, copy=False), wrap(vectors.astype(dtype, copy=False)))


@public("a", module="numpy.linalg")
def eigh(a, UPLO="L"):
    """Eigenvalues, in ascending order, and eigenvectors of Hermitian matrices; only one triangle is read.

    >>> np.linalg.eigh([[2.0, 0.0], [0.0, 1.0]]).eigenvalues
    array([1., 2.])
    """
    side = _half(UPLO)
    a, wrap = _given(a)
    _check_square(a)
    letter, dtype = _types(a)
    run = _umath_linalg.eigh_lo if side == "L" else _umath_linalg.eigh_up
    with _raising("Eigenvalues did not converge"):
        values, vectors = run(a, signature=f"{letter}->d{letter}")
    return EighResult(values.astype(_real(dtype), copy=False), wrap(vectors.astype(dtype, copy=False)))


@public("a", module="numpy.linalg")
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    """Singular value decomposition `a = u @ diag(s) @ vh`, values in descending order.

    >>> np.linalg.svd([[3.0, 0.0], [0.0, 4.0]], compute_uv=False)
    array([4., 3.])
    """
    a, wrap = _given(a)
    if hermitian:
        return _svd_of_hermitian(a, wrap, compute_uv)
    _check_stack(a)
    letter, dtype = _types(a)
    with _raising("SVD did not converge"):
        if not compute_uv:
            values = _umath_linalg.svd(a, signature=f"{letter}->d")
            return values.astype(_real(dtype), copy=False)
        run = _umath_linalg.svd_f if full_matrices else _umath_linalg.svd_s
        u, values, vh = run(a, signature=f"{letter}->{letter}d{letter}")
    values = values.astype(_real(dtype), copy=False)
    return SVDResult(wrap(u.astype(dtype, copy=False)), values, wrap(vh.astype(dtype, copy=False)))


def _svd_of_hermitian(a, wrap, compute_uv):
    """Singular values are sizes of eigenvalues; their signs go to the right vectors."""
    if not compute_uv:
        return _nx.sort(_nx.abs(eigvalsh(a)))[..., ::-1]
    values, vectors = eigh(a)
    signs, sizes = _nx.where(values < 0, -1, 1).astype(values.dtype), _nx.abs(values)
    order = _nx.argsort(sizes)[..., ::-1]
    signs = _nx.take_along_axis(signs, order, axis=-1)
    sizes = _nx.take_along_axis(sizes, order, axis=-1)
    u = _nx.take_along_axis(vectors, order[..., None, :], axis=-1)
    vh = _adjoint(u * signs[..., None, :])
    return SVDResult(wrap(u), sizes, wrap(vh))


@public("x", module="numpy.linalg")
def svdvals(x, /):
    """Singular values, in descending order.

    >>> np.linalg.svdvals(np.diag([1.0, 2.0]))
    array([2., 1.])
    """
    return svd(x, compute_uv=False, hermitian=False)


@public("x", module="numpy.linalg")
def cond(x, p=None):
    """Condition numbers: a matrix's norm times its inverse's; by singular values for `p` None, 2 or -2.

    >>> float(np.linalg.cond(np.diag([1.0, 4.0])))
    4.0
    """
    x = _nx.asarray(x)
    if x.size == 0 and 0 in x.shape[-2:]:
        raise LinAlgError("cond is not defined on empty arrays")
    if p is None or p in (2, -2):
        values = svd(x, compute_uv=False)
        with _nx.errstate(all="ignore"):
            ends = values[..., -1], values[..., 0]
            result = ends[0] / ends[1] if p == -2 else ends[1] / ends[0]
    else:
        _check_square(x)
        letter, dtype = _types(x)
        norm = _nx.linalg.norm
        with _nx.errstate(all="ignore"):
            inverse = _umath_linalg.inv(x, signature=f"{letter}->{letter}")
            result = norm(x, p, axis=(-2, -1)) * norm(inverse, p, axis=(-2, -1))
        result = result.astype(_real(dtype), copy=False)
    result = _nx.asarray(result)
    unknown = _nx.isnan(result)
    if unknown.any():
        # Only a matrix that has NaN itself has no condition number; others are singular.
        result[unknown & ~_nx.isnan(x).any(axis=(-2, -1))] = _nx.inf
    return result[()] if result.ndim == 0 else result


def _cutoff(values, rtol):
    """The singular value below which others count as zero."""
    return _nx.asarray(rtol)[..., None] * _nx.amax(values, axis=-1, keepdims=True, initial=0)


@public("A", module="numpy.linalg")
def matrix_rank(A, tol=None, hermitian=False, *, rtol=None):
    """Rank: the number of singular values above `tol`, or above `rtol` times the largest.

    >>> int(np.linalg.matrix_rank(np.ones((3, 3))))
    1
    """
    if tol is not None and rtol is not None:
        raise ValueError("`tol` and `rtol` can't be both set.")
    A = _nx.asarray(A)
    if A.ndim < 2:
        return int(not (A == 0).all())
    values = svd(A, compute_uv=False, hermitian=hermitian)
    if tol is None:
        if rtol is None:
            rtol = max(A.shape[-2:]) * _nx.finfo(values.dtype).eps
        tol = _cutoff(values, rtol)
    else:
        tol = _nx.asarray(tol)[..., None]
    return _nx.count_nonzero(values > tol, axis=-1)


@public("a", module="numpy.linalg")
def pinv(a, rcond=None, hermitian=False, *, rtol=_NoValue):
    """Moore-Penrose inverses, by singular values above `rcond` (or `rtol`) times the largest.

    >>> np.linalg.pinv([[2.0], [0.0]])
    array([[0.5, 0. ]])
    """
    a, wrap = _given(a)
    if rcond is None:
        if rtol is _NoValue:
            rcond = 1e-15
        elif rtol is None:
            rcond = max(a.shape[-2:]) * _nx.finfo(a.dtype).eps
        else:
            rcond = rtol
    elif rtol is not _NoValue:
        raise ValueError("`rtol` and `rcond` can't be both set.")
    rcond = _nx.asarray(rcond)
    if 0 in a.shape[-2:]:
        return wrap(_nx.empty((*a.shape[:-2], a.shape[-1], a.shape[-2]), dtype=a.dtype))
    u, values, vh = svd(a.conjugate(), full_matrices=False, hermitian=hermitian)
    large = values > _cutoff(values, rcond)
    values = _nx.divide(1, values, where=large, out=values)
    values[~large] = 0
    return wrap(_nx.matmul(_nx.swapaxes(vh, -1, -2), values[..., None] * _nx.swapaxes(u, -1, -2)))


@public("a", module="numpy.linalg")
def slogdet(a):
    """Sign and logarithm of the absolute value of determinants, where these would overflow.

    >>> np.linalg.slogdet(np.eye(2) * 2).sign
    np.float64(1.0)
    """
    a = _nx.asarray(a)
    _check_square(a)
    letter, dtype = _types(a)
    sign, log = _umath_linalg.slogdet(a, signature=f"{letter}->{letter}d")
    return SlogdetResult(sign.astype(dtype, copy=False), log.astype(_real(dtype), copy=False))


@public("a", module="numpy.linalg")
def det(a):
    """Determinants of square matrices.

    >>> float(np.linalg.det([[1.0, 0.0], [0.0, 3.0]]).round(12))
    3.0
    """
    a = _nx.asarray(a)
    _check_square(a)
    letter, dtype = _types(a)
    return _umath_linalg.det(a, signature=f"{letter}->{letter}").astype(dtype, copy=False)


@public("a", "b", module="numpy.linalg")
def lstsq(a, b, rcond=None):
    """Least-squares solution of `a x = b`, of least norm: solution, squared residuals, rank, singular values.

    Singular values below `rcond` times the largest count as zero; None is the precision times the larger side.

    >>> x = np.linalg.lstsq([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]], [1.0, 2.0, 3.0])[0]
    >>> (x + 0.0).round(8) + 0.0
    array([0., 1.])
    """
    a, _ = _given(a)
    b, wrap = _given(b)
    single = b.ndim == 1
    if single:
        b = b[:, None]
    for array in (a, b):
        if array.ndim != 2:
            raise LinAlgError(f"{array.ndim}-dimensional array given. Array must be two-dimensional")
    (rows, cols), (rows_b, sides) = a.shape, b.shape
    if rows != rows_b:
        raise LinAlgError("Incompatible dimensions")
    letter, dtype = _types(a, b)
    if rcond is None:
        rcond = _nx.finfo(dtype).eps * max(cols, rows)
    with _raising("SVD did not converge in Linear Least Squares"):
        x, residuals, rank, values = _umath_linalg.lstsq(
            a, b, rcond, signature=f"{letter}{letter}d->{letter}did"
        )
    if single:
        x = x.squeeze(axis=-1)
    if rank != cols or rows <= cols:
        residuals = _nx.array([], dtype=_real(dtype))
    values = values.astype(_real(dtype), copy=False)
    residuals = residuals.astype(_real(dtype), copy=False)
    return wrap(x.astype(dtype, copy=True)), wrap(residuals), rank, values
