"""Masks: arrays of booleans that say which elements do not count."""

import numoxide as np
from numoxide._core.multiarray import ndarray
from numoxide._home import home

MaskType = np.bool
nomask = MaskType(0)


class MaskedArrayFutureWarning(FutureWarning):
    """Something about masked arrays will change."""


class MAError(Exception):
    """An error of masked arrays."""


class MaskError(MAError):
    """An error about a mask."""


for _type in (MaskedArrayFutureWarning, MAError, MaskError):
    _type.__module__ = home("numpy.ma.core")


def _bool_dtype(dtype, kind=MaskType):
    if dtype.names is not None:
        fields = []
        for name in dtype.names:
            field = dtype.fields[name]
            label = (field[2], name) if len(field) == 3 else name
            fields.append((label, _bool_dtype(field[0], kind)))
        return np.dtype(fields)
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return np.dtype((_bool_dtype(base, kind), shape))
    return np.dtype(kind)


def make_mask_descr(ndtype):
    """Give the dtype of the mask of a dtype: a boolean for each field.

    >>> np.ma.make_mask_descr(np.dtype("i4,f8"))
    dtype([('f0', '?'), ('f1', '?')])
    """
    return _bool_dtype(np.dtype(ndtype))


def getmask(a):
    """Give the mask of an array, or `nomask`."""
    return getattr(a, "_mask", nomask)


get_mask = getmask


def getmaskarray(arr):
    """Give the mask of an array, all false where it has none.

    >>> np.ma.getmaskarray([1, 2])
    array([False, False])
    """
    mask = getmask(arr)
    if mask is nomask:
        return make_mask_none(np.shape(arr), getattr(arr, "dtype", None))
    return mask


def getdata(a, subok=True):
    """Give the data of an array, masked or not."""
    try:
        data = a._data
    except AttributeError:
        data = np.array(a, copy=None, subok=subok)
    return data if subok else data.view(ndarray)


get_data = getdata


def is_mask(m):
    """Say whether something is a mask."""
    try:
        return m.dtype.type is MaskType
    except AttributeError:
        return False


def _shrink_mask(m):
    return nomask if m.dtype.names is None and not m.any() else m


def make_mask(m, copy=False, shrink=True, dtype=MaskType):
    """Make a mask of anything that is true or false.

    >>> np.ma.make_mask([0, 1])
    array([False,  True])
    """
    if m is nomask:
        return m
    kind = make_mask_descr(dtype)
    if kind == np.bool and getattr(getattr(m, "dtype", None), "names", None):
        # A mask with fields, asked for as plain booleans, masks everything.
        return np.ones(m.shape, kind)
    made = np.array(_filled(m), kind, copy=True if copy else None, subok=True)
    return _shrink_mask(made) if shrink else made


def _filled(m):
    return m.filled(True) if hasattr(m, "filled") else m


def make_mask_none(newshape, dtype=None):
    """Make a mask that masks nothing."""
    return np.zeros(newshape, dtype=MaskType if dtype is None else make_mask_descr(dtype))


def _recursive_mask_or(m1, m2, newmask):
    for name in m1.dtype.names:
        if m1[name].dtype.names is not None:
            _recursive_mask_or(m1[name], m2[name], newmask[name])
        else:
            np.logical_or(m1[name], m2[name], newmask[name])


def mask_or(m1, m2, copy=False, shrink=True):
    """Mask what either of two masks does.

    >>> np.ma.mask_or(np.array([True, False]), np.array([False, False]))
    array([ True, False])
    """
    if m1 is nomask or m1 is False:
        return make_mask(m2, copy=copy, shrink=shrink, dtype=getattr(m2, "dtype", MaskType))
    if m2 is nomask or m2 is False:
        return make_mask(m1, copy=copy, shrink=shrink, dtype=getattr(m1, "dtype", MaskType))
    if m1 is m2 and is_mask(m1):
        return _shrink_mask(m1) if shrink else m1
    kinds = getattr(m1, "dtype", None), getattr(m2, "dtype", None)
    if kinds[0] != kinds[1]:
        raise ValueError(f"Incompatible dtypes '{kinds[0]}'<>'{kinds[1]}'")
    if kinds[0].names is not None:
        made = np.empty(np.broadcast(m1, m2).shape, kinds[0])
        _recursive_mask_or(m1, m2, made)
        return made
    return make_mask(np.logical_or(m1, m2), copy=copy, shrink=shrink)


def flatten_mask(mask):
    """Lay a mask with fields out as plain booleans."""

    def leaves(item):
        if item.dtype.names is not None:
            for name in item.dtype.names:
                yield from leaves(item[name])
        else:
            yield from item.ravel()

    mask = np.asarray(mask)
    if mask.dtype.names is None:
        return mask.ravel()
    return np.array([flag for item in mask.ravel() for flag in leaves(np.asarray(item))], dtype=bool)
