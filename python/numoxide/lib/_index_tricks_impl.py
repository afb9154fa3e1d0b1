"""Objects and functions that make indices, grids and joined arrays by indexing."""

import math
import operator

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core.function_base import linspace
from numoxide._core.multiarray import arange, array, ravel_multi_index, unravel_index
from numoxide._core.numerictypes import issubdtype
from numoxide._core.overrides import public, set_module

__all__ = [
    "ravel_multi_index", "unravel_index", "mgrid", "ogrid", "r_", "c_", "s_", "index_exp", "ix_",
    "ndenumerate", "ndindex", "fill_diagonal", "diag_indices", "diag_indices_from",
]  # fmt: skip


@public("*args")
def ix_(*args):
    """Make an open mesh of index arrays that picks rows times columns."""
    out, nd = [], len(args)
    for k, new in enumerate(args):
        if not isinstance(new, _nx.ndarray):
            new = _nx.asarray(new)
            if new.size == 0:
                # An empty list would be an array of floats.
                new = new.astype(nt.intp)
        if new.ndim != 1:
            raise ValueError("Cross index must be 1 dimensional")
        if issubdtype(new.dtype, nt.bool):
            (new,) = new.nonzero()
        out.append(new.reshape((1,) * k + (new.size,) + (1,) * (nd - k - 1)))
    return tuple(out)


def _slice_line(part):
    """Read one slice as (start, stop, step, number of points or None)."""
    start = 0 if part.start is None else part.start
    step = 1 if part.step is None else part.step
    if isinstance(step, (complex, nt.complexfloating)):
        return start, part.stop, abs(step), int(abs(step))
    return start, part.stop, step, None


class nd_grid:
    """Makes grids out of slices: `mgrid` full ones, `ogrid` open ones.

    An imaginary step counts points, the stop included.
    """

    __slots__ = ("sparse",)

    def __init__(self, sparse=False):
        self.sparse = sparse

    def __getitem__(self, key):
        if isinstance(key, slice):
            return self._line(key)
        lines = [_slice_line(part) for part in key]
        numbers = [x for start, stop, step, _ in lines for x in (start, stop, step) if x is not None]
        if any(count is not None for *_, count in lines):
            numbers.append(1.0)
        kind = _nx.result_type(0, *numbers)
        sizes, scales = [], []
        for start, stop, step, count in lines:
            if count is not None:
                sizes.append(count)
                scales.append((stop - start) / float(count - 1) if count != 1 else step)
            else:
                sizes.append(math.ceil((stop - start) / (step * 1.0)))
                scales.append(step)
        return self._grid(lines, sizes, scales, kind)

    def _line(self, key):
        """Make the one line that a single slice stands for."""
        start, stop, step, count = _slice_line(key)
        if count is None:
            return arange(start, stop, step)
        kind = _nx.result_type(start, stop, step, 1.0)
        step = (stop - start) / float(count - 1) if count > 1 else 1.0
        return arange(0, count, 1, dtype=kind) * step + start

    def _grid(self, lines, sizes, scales, kind):
        """Fill the grids line by line."""
        nd = len(lines)
        if self.sparse:
            out = []
            for k, ((start, *_), size, scale) in enumerate(zip(lines, sizes, scales)):
                line = arange(size, dtype=kind) * kind.type(scale) + kind.type(start)
                shape = (1,) * k + (-1,) + (1,) * (nd - k - 1)
                out.append(line.astype(kind, copy=False).reshape(shape))
            return tuple(out)
        from numoxide._core.numeric import indices

        grid = indices(sizes, kind)
        for k, ((start, *_), scale) in enumerate(zip(lines, scales)):
            grid[k] = grid[k] * scale + start
        return grid


class MGridClass(nd_grid):
    """The class of `mgrid`, which fills a whole grid with coordinates.

    Each slice is an axis; the result has one array of coordinates for each, all of the grid's shape.
    With an imaginary step such as `3j` the slice has that many points, and its stop is one of them.

    >>> np.mgrid[0:2, 0:3]
    array([[[0, 0, 0],
            [1, 1, 1]],
    <BLANKLINE>
           [[0, 1, 2],
            [0, 1, 2]]])
    >>> np.mgrid[0:1:3j]
    array([0. , 0.5, 1. ])
    """

    __slots__ = ()

    def __init__(self):
        super().__init__(sparse=False)


class OGridClass(nd_grid):
    """The class of `ogrid`, which gives the coordinates of a grid as arrays that broadcast.

    >>> [axis.shape for axis in np.ogrid[0:2, 0:3]]
    [(2, 1), (1, 3)]
    """

    __slots__ = ()

    def __init__(self):
        super().__init__(sparse=True)


mgrid, ogrid = MGridClass(), OGridClass()


class AxisConcatenator:
    """Joins arrays, numbers and ranges given as an index."""

    __slots__ = ("axis", "matrix", "ndmin", "trans1d")

    concatenate = staticmethod(_nx.concatenate)

    @classmethod
    def makemat(cls, *args, **kwargs):
        """Make a matrix without its deprecation warning."""
        from numoxide.matrixlib import defmatrix

        return defmatrix.matrix(*args, **kwargs)

    def __init__(self, axis=0, matrix=False, ndmin=1, trans1d=-1):
        self.axis, self.matrix, self.ndmin, self.trans1d = axis, matrix, ndmin, trans1d

    def __getitem__(self, key):
        if isinstance(key, str):
            import sys

            frame = sys._getframe().f_back
            from numoxide.matrixlib.defmatrix import bmat

            return bmat(key, frame.f_globals, frame.f_locals)
        if not isinstance(key, tuple):
            key = (key,)
        state = _Join(self)
        for k, item in enumerate(key):
            state.add(k, item)
        if state.scalars and state.parts:
            kind = _nx.result_type(*state.kinds)
            for k in state.scalars:
                state.parts[k] = array(state.parts[k], dtype=kind, ndmin=state.ndmin)
        result = self.concatenate(tuple(state.parts), axis=state.axis)
        if state.matrix:
            was_1d = result.ndim == 1
            result = self.makemat(result)
            if was_1d and state.column:
                result = result.T
        return result

    def __len__(self):
        return 0


class _Join:
    """The work of one indexing of an `AxisConcatenator`."""

    def __init__(self, owner):
        self.axis, self.matrix, self.ndmin = owner.axis, owner.matrix, owner.ndmin
        self.trans1d, self.column = owner.trans1d, False
        self.parts, self.kinds, self.scalars = [], [], []

    def add(self, k, item):
        """Take one item of the index."""
        if isinstance(item, slice):
            made = self._range(item)
        elif isinstance(item, str):
            if k != 0:
                raise ValueError("special directives must be the first entry.")
            return self._directive(item)
        elif type(item) in nt.ScalarType:
            self.scalars.append(len(self.parts))
            self.parts.append(item)
            self.kinds.append(item)
            return None
        else:
            made = self._array(item)
        self.parts.append(made)
        self.kinds.append(made.dtype)
        return None

    def _range(self, item):
        """Make the points of a slice."""
        start, stop, step, count = _slice_line(item)
        if count is None:
            made = arange(start, stop, step)
        else:
            made = linspace(start, stop, num=count)
        if self.ndmin > 1:
            made = array(made, copy=None, ndmin=self.ndmin)
            if self.trans1d != -1:
                made = made.swapaxes(-1, self.trans1d)
        return made

    def _array(self, item):
        """Make an array of an item, new axes where `trans1d` says."""
        from numoxide._core.fromnumeric import ndim

        nd = ndim(item)
        made = array(item, copy=None, subok=True, ndmin=self.ndmin)
        if self.trans1d != -1 and nd < self.ndmin:
            extra, at = self.ndmin - nd, self.trans1d
            if at < 0:
                at += extra + 1
            axes = list(range(self.ndmin))
            made = made.transpose(axes[:at] + axes[extra:] + axes[at:extra])
        return made

    def _directive(self, item):
        """Read a text such as "r", "c" or "0,2,1"."""
        if item in ("r", "c"):
            self.matrix, self.column = True, item == "c"
            return
        try:
            if "," in item:
                numbers = [int(x) for x in item.split(",")]
                self.axis, self.ndmin = numbers[:2]
                if len(numbers) == 3:
                    self.trans1d = numbers[2]
                return
            self.axis = int(item)
        except (ValueError, TypeError) as error:
            if "," in item:
                raise ValueError(f"unknown special directive {item!r}") from error
            raise ValueError("unknown special directive") from error


class RClass(AxisConcatenator):
    """The class of `r_`, which joins along the first axis."""

    __slots__ = ()

    def __init__(self):
        super().__init__(0)


class CClass(AxisConcatenator):
    """The class of `c_`, which joins columns."""

    __slots__ = ()

    def __init__(self):
        super().__init__(-1, ndmin=2, trans1d=0)


r_, c_ = RClass(), CClass()


@set_module("numpy")
class ndenumerate:
    """Iterate over (index, element) pairs of an array."""

    def __init__(self, arr):
        self.iter = _nx.asarray(arr).flat

    def __next__(self):
        return self.iter.coords, next(self.iter)

    def __iter__(self):
        return self


@set_module("numpy")
class ndindex:
    """Iterate over the indices of a shape, the last one fastest.

    >>> list(np.ndindex(1, 2))
    [(0, 0), (0, 1)]
    """

    def __init__(self, *shape):
        import itertools

        if len(shape) == 1 and isinstance(shape[0], tuple):
            shape = shape[0]
        lengths = tuple(operator.index(n) for n in shape)
        if min(lengths, default=0) < 0:
            raise ValueError("negative dimensions are not allowed")
        self._iter = itertools.product(*map(range, lengths))

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._iter)

    def ndincr(self):
        """Move on by one; deprecated."""
        import warnings

        warnings.warn(
            "`ndindex.ndincr()` is deprecated, use `next(ndindex)` instead",
            DeprecationWarning,
            stacklevel=2,
        )
        next(self)


class IndexExpression:
    """Gives back what it is indexed with, as a tuple if asked."""

    __slots__ = ("maketuple",)

    def __init__(self, maketuple):
        self.maketuple = maketuple

    def __getitem__(self, item):
        alone = self.maketuple and not isinstance(item, tuple)
        return (item,) if alone else item


index_exp, s_ = IndexExpression(maketuple=True), IndexExpression(maketuple=False)


@public("a")
def fill_diagonal(a, val, wrap=False):
    """Write values to the main diagonal in place."""
    nd, columns = a.ndim, a.shape[-1] if a.ndim else 0
    if nd < 2:
        raise ValueError("array must be at least 2-d")
    if nd > 2 and len(set(a.shape)) > 1:
        raise ValueError("All dimensions of input must be of equal length")
    # One step forward along every axis of the flattened array.
    step = columns + 1 if nd == 2 else sum(math.prod(a.shape[:i]) for i in range(nd))
    end = columns * columns if nd == 2 and not wrap else None
    a.flat[:end:step] = val


@set_module("numpy")
def diag_indices(n, ndim=2):
    """Give the indices of a main diagonal."""
    return (arange(n),) * ndim


@public("arr")
def diag_indices_from(arr):
    """Give the indices of an array's main diagonal."""
    if not arr.ndim >= 2:
        raise ValueError("input array must be at least 2-d")
    if len(set(arr.shape)) > 1:
        raise ValueError("All dimensions of input must be of equal length")
    return diag_indices(arr.shape[0], arr.ndim)


