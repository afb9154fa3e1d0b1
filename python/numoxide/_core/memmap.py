"""Arrays that live in files."""

import mmap
import operator
import os
from contextlib import nullcontext

from numoxide._core.multiarray import dtype as _dtype
from numoxide._core.multiarray import ndarray
from numoxide._core.numeric import uint8
from numoxide._core.overrides import set_module

__all__ = ["memmap"]

_MODES = {"readonly": "r", "copyonwrite": "c", "readwrite": "r+", "write": "w+"}


@set_module("numpy")
class memmap(ndarray):
    """An array whose memory is a file's.

    >>> import os, tempfile
    >>> place = os.path.join(tempfile.mkdtemp(), "numbers.dat")
    >>> np.memmap(place, dtype="f8", mode="w+", shape=(2, 2)).shape
    (2, 2)
    """

    __array_priority__ = -100.0

    def __new__(subtype, filename, dtype=uint8, mode="r+", offset=0, shape=None, order="C"):
        mode = _MODES.get(mode, mode)
        if mode not in ("r", "c", "r+", "w+"):
            every = list(_MODES.values()) + list(_MODES)
            order_shown = sorted(every, key=["r", "c", "r+", "w+", *_MODES].index)
            raise ValueError(f"mode must be one of {order_shown!r} (got {mode!r})")
        if mode == "w+" and shape is None:
            raise ValueError("shape must be given if mode == 'w+'")
        if hasattr(filename, "read"):
            opened = nullcontext(filename)
        else:
            how = ("r" if mode == "c" else mode) + "b"
            opened = open(os.fspath(filename), how)
        with opened as file:
            return subtype._map(file, filename, _dtype(dtype), mode, offset, shape, order)

    @classmethod
    def _map(subtype, file, filename, kind, mode, offset, shape, order):
        """Map an open file and lay an array over it."""
        file.seek(0, 2)
        length = file.tell()
        if shape is None:
            if (length - offset) % kind.itemsize:
                raise ValueError("Size of the available data is not a multiple of the data-type size.")
            shape = ((length - offset) // kind.itemsize,)
        elif not isinstance(shape, tuple):
            try:
                shape = (operator.index(shape),)
            except TypeError:
                shape = tuple(shape)
        size = 1
        for n in shape:
            size *= int(n)
        total = int(offset + size * kind.itemsize)
        if mode in ("w+", "r+"):
            # An empty mapping is not allowed, so an empty array gets one byte.
            if total == 0:
                total = 1
            if length < total:
                file.seek(total - 1, 0)
                file.write(b"\0")
                file.flush()
        access = {"c": mmap.ACCESS_COPY, "r": mmap.ACCESS_READ}.get(mode, mmap.ACCESS_WRITE)
        start = offset - offset % mmap.ALLOCATIONGRANULARITY
        amount = total - start
        if amount == 0 and size == 0 and start > 0:
            # The array is empty and so would the mapping be: begin a page earlier.
            start -= mmap.ALLOCATIONGRANULARITY
            amount += mmap.ALLOCATIONGRANULARITY
        mapped = mmap.mmap(file.fileno(), amount, access=access, offset=start)
        self = ndarray.__new__(
            subtype, shape, dtype=kind, buffer=mapped, offset=offset - start, order=order
        )
        self._mmap, self.offset, self.mode = mapped, offset, mode
        if isinstance(filename, os.PathLike):
            self.filename = filename.resolve()
        elif isinstance(getattr(file, "name", None), str):
            self.filename = os.path.abspath(file.name)
        else:
            self.filename = None
        return self

    def __array_finalize__(self, obj):
        from numoxide._core.multiarray import may_share_memory

        shared = hasattr(obj, "_mmap") and may_share_memory(self, obj)
        for name in ("_mmap", "filename", "offset", "mode"):
            setattr(self, name, getattr(obj, name) if shared else None)

    def flush(self):
        """Write changes to the file."""
        if self.base is not None and hasattr(self.base, "flush"):
            self.base.flush()

    def __array_wrap__(self, arr, context=None, return_scalar=False):
        arr = super().__array_wrap__(arr, context)
        if self is arr or type(self) is not memmap:
            return arr
        return arr[()] if return_scalar else arr.view(ndarray)

    def __getitem__(self, index):
        found = super().__getitem__(index)
        if type(found) is memmap and found._mmap is None:
            return found.view(type=ndarray)
        return found
