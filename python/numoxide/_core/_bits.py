"""Bits packed into bytes along an axis, and back."""

import operator

from numoxide._core import _multiarray_umath as _ext


def _little(bitorder):
    """Whether the first bit of a byte is its lowest."""
    if not isinstance(bitorder, str):
        raise TypeError(f"bitorder must be str, not {type(bitorder).__name__}")
    if bitorder[:1] not in ("b", "l") or bitorder not in ("big", "little"):
        raise ValueError("'order' must be either 'little' or 'big'")
    return bitorder == "little"


def _by_rows(a, axis, work):
    """Apply `work` to an array's lines along an axis, given as rows of a contiguous array."""
    if axis is None or a.ndim == 0:
        a, axis = a.reshape(-1), 0
    axis = _ext.normalize_axis_index(operator.index(axis), a.ndim)
    turned = _ext.ascontiguousarray(a.swapaxes(axis, -1))
    lines = 1
    for length in turned.shape[:-1]:
        lines *= length
    made = work(turned.reshape(lines, turned.shape[-1]))
    made = made.reshape(turned.shape[:-1] + made.shape[1:])
    made = _ext.ascontiguousarray(made.swapaxes(axis, -1))
    return made if made.base is None else made.copy()


def packbits(a, /, axis=None, bitorder="big"):
    """Pack the truth of each element into the bits of bytes along an axis.

    >>> np.packbits([1, 0, 1])
    array([160], dtype=uint8)
    """
    little = _little(bitorder)
    a = _ext.asarray(a)
    if a.dtype.kind not in "biu":
        raise TypeError("Expected an input array of integer or boolean data type")
    return _by_rows(a.astype(bool), axis, lambda rows: _ext._packrows(rows, little))


def unpackbits(a, /, axis=None, count=None, bitorder="big"):
    """Unpack the bits of bytes along an axis; `count` takes that many, or leaves that many out.

    >>> np.unpackbits(np.array([5], dtype=np.uint8), count=-3)
    array([0, 0, 0, 0, 0], dtype=uint8)
    """
    little = _little(bitorder)
    a = _ext.asarray(a)
    if a.dtype != _ext.dtype("u1"):
        raise TypeError("Expected an input array of unsigned byte data type")
    if count is not None:
        count = operator.index(count)

    def work(rows):
        bits = rows.shape[1] * 8
        if count is None:
            taken = bits
        elif count >= 0:
            taken = count
        elif -count > bits:
            raise ValueError("-count larger than number of elements")
        else:
            taken = bits + count
        return _ext._unpackrows(rows, taken, little)

    return _by_rows(a, axis, work)


_ext.packbits, _ext.unpackbits = packbits, unpackbits
