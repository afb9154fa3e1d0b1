"""Iteration over large arrays in blocks."""

import math
import operator

__all__ = ["Arrayterator"]


class Arrayterator:
    """Reads an array in blocks of at most `buf_size` elements.

    Indexing it narrows what is read without reading anything.
    """

    __module__ = "numpy.lib"

    def __init__(self, var, buf_size=None):
        self.var, self.buf_size = var, buf_size
        self.start = [0] * len(var.shape)
        self.stop = list(var.shape)
        self.step = [1] * len(var.shape)

    def __getattr__(self, attr):
        return getattr(self.var, attr)

    def __getitem__(self, index):
        index = list(index) if isinstance(index, tuple) else [index]
        full, ndim = [], len(self.var.shape)
        for at, part in enumerate(index):
            if part is Ellipsis:
                full.extend([slice(None)] * (ndim - len(index) + 1))
            elif isinstance(part, slice):
                full.append(part)
            else:
                full.append(slice(part, part + 1, 1))
        full.extend([slice(None)] * (ndim - len(full)))
        made = type(self)(self.var, self.buf_size)
        made.start, made.stop, made.step = [], [], []
        for part, start, stop, step in zip(full, self.start, self.stop, self.step):
            first = start + (part.start or 0)
            last = stop if part.stop is None else min(stop, start + part.stop)
            made.start.append(first)
            made.stop.append(last)
            made.step.append(step * (part.step or 1))
        return made

    def __array__(self, dtype=None, copy=None):
        where = tuple(slice(*part) for part in zip(self.start, self.stop, self.step))
        return self.var[where]

    @property
    def flat(self):
        """Iterate over single elements."""
        for block in self:
            yield from block.flat

    @property
    def shape(self):
        """The shape of what is read."""
        return tuple(
            (stop - start - 1) // step + 1
            for start, stop, step in zip(self.start, self.stop, self.step)
        )

    def __iter__(self):
        if any(length <= 0 for length in self.shape):
            return
        lengths = self._block_lengths()
        yield from self._blocks(lengths)

    def _block_lengths(self):
        """Give a block as many whole trailing axes as fit into the buffer."""
        room = self.buf_size or math.prod(self.shape)
        lengths = []
        for length in reversed(self.shape):
            n = max(1, min(length, room))
            room = operator.floordiv(room, n) if n == length else 0
            lengths.insert(0, n)
        return lengths

    def _blocks(self, lengths):
        """Read the blocks in order."""
        import itertools

        axes = []
        for length, n, start, stop, step in zip(
            self.shape, lengths, self.start, self.stop, self.step
        ):
            axes.append(
                [
                    slice(start + i * step, min(stop, start + (i + n) * step), step)
                    for i in range(0, length, n)
                ]
            )
        for where in itertools.product(*axes):
            yield self.var[where]
