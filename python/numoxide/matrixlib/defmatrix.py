"""The class `matrix` and the functions that make one."""

import ast
import sys
import warnings

import numoxide._core.numeric as N
from numoxide._core import multiarray
from numoxide._core.multiarray import concatenate, ndarray
from numoxide._core.overrides import set_module

__all__ = ["matrix", "bmat", "asmatrix"]


def _convert_from_string(data):
    """Read rows between semicolons, numbers between commas or blanks."""
    for char in "[]":
        data = data.replace(char, "")
    rows = []
    for text in data.split(";"):
        row = [ast.literal_eval(word) for part in text.split(",") for word in part.split()]
        if rows and len(row) != len(rows[0]):
            raise ValueError("Rows not the same size.")
        rows.append(row)
    return rows


@set_module("numpy")
def asmatrix(data, dtype=None):
    """View data as a matrix, without a copy where that is possible.

    >>> np.asmatrix([[1, 2], [3, 4]]).T
    matrix([[1, 3],
            [2, 4]])
    """
    return matrix(data, dtype=dtype, copy=False)


@set_module("numpy")
class matrix(ndarray):
    """An array of two dimensions whose `*` and `**` are those of matrices.

    >>> np.matrix("1 2; 3 4") * np.matrix("1; 1")
    matrix([[3],
            [7]])
    """

    __array_priority__ = 10.0

    def __new__(subtype, data, dtype=None, copy=True):
        warnings.warn(
            "the matrix subclass is not the recommended way to represent matrices or deal with "
            "linear algebra (see "
            "https://docs.scipy.org/doc/numpy/user/numpy-for-matlab-users.html). Please adjust "
            "your code to use regular ndarray.",
            PendingDeprecationWarning,
            stacklevel=2,
        )
        if isinstance(data, ndarray):
            kind = data.dtype if dtype is None else multiarray.dtype(dtype)
            made = data if isinstance(data, matrix) else data.view(subtype)
            if kind != data.dtype:
                return made.astype(kind)
            return made.copy() if copy and not isinstance(data, matrix) else made
        if isinstance(data, str):
            data = _convert_from_string(data)
        held = multiarray.array(data, dtype=dtype, copy=copy or None)
        if held.ndim > 2:
            raise ValueError("matrix must be 2-dimensional")
        shape = held.shape if held.ndim == 2 else (1, held.size)
        order = "F" if held.ndim == 2 and held.flags.fortran else "C"
        if not (order == "F" or held.flags.contiguous):
            held = held.copy()
        return ndarray.__new__(subtype, shape, held.dtype, buffer=held, order=order)

    def __array_finalize__(self, obj):
        self._getitem = False
        if isinstance(obj, matrix) and obj._getitem:
            return
        if self.ndim == 2:
            return
        shape = self.shape
        if self.ndim > 2:
            shape = tuple(n for n in shape if n > 1)
            if len(shape) > 2:
                raise ValueError("shape too large to be a matrix.")
            if len(shape) == 2:
                self.shape = shape
                return
        self.shape = (1, 1) if len(shape) == 0 else (1, shape[0])

    def __getitem__(self, index):
        self._getitem = True
        try:
            out = ndarray.__getitem__(self, index)
        finally:
            self._getitem = False
        if not isinstance(out, ndarray):
            return out
        if out.ndim == 0:
            return out[()]
        if out.ndim == 1:
            length = out.shape[0]
            column = isinstance(index, (list, tuple)) and len(index) > 1 and N.isscalar(index[1])
            out.shape = (length, 1) if column else (1, length)
        return out

    def __mul__(self, other):
        if isinstance(other, (ndarray, list, tuple)):
            return N.dot(self, asmatrix(other))
        if N.isscalar(other) or not hasattr(other, "__rmul__"):
            return N.dot(self, other)
        return NotImplemented

    def __pow__(self, other):
        from numoxide.linalg import matrix_power

        return matrix_power(self, other)

    def __rpow__(self, other):
        return NotImplemented

    def __rmul__(self, other):
        return N.dot(other, self)

    def __ipow__(self, other):
        self[:] = self**other
        return self

    def __imul__(self, other):
        self[:] = self * other
        return self

    def _align(self, axis):
        """Lay a reduced matrix along the axis that is left."""
        if axis is None:
            return self[0, 0]
        if axis == 0:
            return self
        if axis == 1:
            return self.transpose()
        raise ValueError("unsupported axis")

    def _collapse(self, axis):
        """Turn a full reduction into a scalar."""
        return self[0, 0] if axis is None else self

    def tolist(self):
        """Give the matrix as a list of lists."""
        return self.__array__().tolist()

    def sum(self, axis=None, dtype=None, out=None):
        """Add up elements."""
        return N.ndarray.sum(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def squeeze(self, axis=None):
        """Drop an axis of length one; a matrix stays a matrix."""
        return N.ndarray.squeeze(self, axis=axis)

    def flatten(self, order="C"):
        """Copy the elements into one row."""
        return N.ndarray.flatten(self, order=order)

    def mean(self, axis=None, dtype=None, out=None):
        """Average elements."""
        return N.ndarray.mean(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def std(self, axis=None, dtype=None, out=None, ddof=0):
        """Find the standard deviation."""
        return N.ndarray.std(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def var(self, axis=None, dtype=None, out=None, ddof=0):
        """Find the variance."""
        return N.ndarray.var(self, axis, dtype, out, ddof, keepdims=True)._collapse(axis)

    def prod(self, axis=None, dtype=None, out=None):
        """Multiply elements."""
        return N.ndarray.prod(self, axis, dtype, out, keepdims=True)._collapse(axis)

    def any(self, axis=None, out=None):
        """Say whether some element is true."""
        return N.ndarray.any(self, axis, out, keepdims=True)._collapse(axis)

    def all(self, axis=None, out=None):
        """Say whether all elements are true."""
        return N.ndarray.all(self, axis, out, keepdims=True)._collapse(axis)

    def max(self, axis=None, out=None):
        """Find the greatest element."""
        return N.ndarray.max(self, axis, out, keepdims=True)._collapse(axis)

    def argmax(self, axis=None, out=None):
        """Find where the greatest element is."""
        return N.ndarray.argmax(self, axis, out)._align(axis)

    def min(self, axis=None, out=None):
        """Find the least element."""
        return N.ndarray.min(self, axis, out, keepdims=True)._collapse(axis)

    def argmin(self, axis=None, out=None):
        """Find where the least element is."""
        return N.ndarray.argmin(self, axis, out)._align(axis)

    def ptp(self, axis=None, out=None):
        """Find how far the elements reach, greatest less least."""
        return N.ptp(self, axis, out)._align(axis)

    @property
    def I(self):  # noqa: E743
        """The inverse, or the pseudo-inverse where the matrix is not square."""
        rows, columns = self.shape
        if rows == columns:
            from numoxide.linalg import inv as invert
        else:
            from numoxide.linalg import pinv as invert
        return asmatrix(invert(self))

    @property
    def A(self):
        """The matrix as a plain array."""
        return self.__array__()

    @property
    def A1(self):
        """The elements as a plain array of one dimension."""
        return self.__array__().ravel()

    def ravel(self, order="C"):
        """Lay the elements out in one row."""
        return N.ndarray.ravel(self, order=order)

    @property
    def T(self):
        """The transpose."""
        return self.transpose()

    @property
    def H(self):
        """The conjugate transpose."""
        turned = self.transpose()
        return turned.conjugate() if issubclass(self.dtype.type, multiarray.complexfloating) else turned

    def getT(self):
        """Give the transpose."""
        return self.T

    def getA(self):
        """Give the matrix as a plain array."""
        return self.A

    def getA1(self):
        """Give the elements as a plain array of one dimension."""
        return self.A1

    def getH(self):
        """Give the conjugate transpose."""
        return self.H

    def getI(self):
        """Give the inverse."""
        return self.I


def _from_string(text, gdict, ldict):
    """Join the matrices that a text names."""
    rows = []
    for row in text.split(";"):
        blocks = []
        for part in row.split(","):
            for name in part.split():
                try:
                    blocks.append(ldict[name.strip()])
                except KeyError:
                    try:
                        blocks.append(gdict[name.strip()])
                    except KeyError as error:
                        raise NameError(f"name {name.strip()!r} is not defined") from error
        rows.append(concatenate(blocks, axis=-1))
    return concatenate(rows, axis=0)


@set_module("numpy")
def bmat(obj, ldict=None, gdict=None):
    """Build a matrix out of blocks, given as nested lists or by their names in a text.

    >>> A = np.asmatrix("1 1; 1 1")
    >>> np.bmat([[A, A]]).shape
    (2, 4)
    """
    if isinstance(obj, str):
        if gdict is None:
            frame = sys._getframe(1)
            gdict, ldict = frame.f_globals, frame.f_locals
        return matrix(_from_string(obj, gdict, ldict))
    if isinstance(obj, (tuple, list)):
        rows = []
        for row in obj:
            if isinstance(row, ndarray):
                return matrix(concatenate(obj, axis=-1))
            rows.append(concatenate(row, axis=-1))
        return matrix(concatenate(rows, axis=0))
    if isinstance(obj, ndarray):
        return matrix(obj)
    return None
