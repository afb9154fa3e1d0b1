"""Functions for structured arrays and their dtypes."""

from numoxide._core._multiarray_umath import dtype as _dtype
from numoxide._core._multiarray_umath import ndarray as _ndarray

__all__ = ["repack_fields"]


def repack_fields(a, align=False, recurse=False):
    """Lay the fields of a structured dtype, array or scalar out without gaps, or aligned.

    >>> repack_fields(np.dtype({"names": ["a", "b"], "formats": ["u1", "i4"], "offsets": [0, 4]}))
    dtype([('a', 'u1'), ('b', '<i4')])
    """
    if not isinstance(a, _dtype):
        packed = repack_fields(a.dtype, align, recurse)
        if isinstance(a, _ndarray):
            return a.astype(packed, copy=False)
        return a.astype(packed)
    if a.names is None:
        return a
    parts = []
    for name in a.names:
        part, _, *title = a.fields[name]
        if recurse:
            base, shape = part.subdtype or (part, ())
            part = _dtype((repack_fields(base, align, True), shape))
        parts.append(((title[0], name) if title else name, part))
    return _dtype((a.type, _dtype(parts, align=align)))
