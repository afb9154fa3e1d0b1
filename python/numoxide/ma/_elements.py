"""Single elements: rows with masked fields, and the masked element itself."""

import numoxide as np
from numoxide._core.multiarray import ndarray
from numoxide._home import home
from numoxide.ma._array import MaskedArray
from numoxide.ma._masks import getdata, getmaskarray, make_mask_descr, nomask
from numoxide.ma._printing import masked_print_option


class MaskedIterator:
    """Goes over the elements of a masked array one by one."""

    def __init__(self, ma):
        self.ma, self.dataiter = ma, ma._data.flat
        self.maskiter = None if ma._mask is nomask else ma._mask.flat

    def __iter__(self):
        return self

    def __getitem__(self, indx):
        found = self.dataiter[indx]
        if self.maskiter is None:
            return found.view(type(self.ma)) if isinstance(found, ndarray) else found
        mask = self.maskiter[indx]
        if isinstance(found, ndarray):
            found = found.view(type(self.ma))
            found._mask = mask
            return found
        if isinstance(mask, np.void):
            return mvoid(found, mask=mask, hardmask=self.ma._hardmask)
        return masked if mask else found

    def __setitem__(self, index, value):
        self.dataiter[index] = getdata(value)
        if self.maskiter is not None:
            self.maskiter[index] = getmaskarray(value)

    def __next__(self):
        value = next(self.dataiter)
        if self.maskiter is None:
            return value
        mask = next(self.maskiter)
        if isinstance(mask, np.void):
            return mvoid(value, mask=mask, hardmask=self.ma._hardmask)
        return masked if mask else value


class mvoid(MaskedArray):
    """One row of a masked array with fields."""

    def __new__(self, data, mask=nomask, dtype=None, fill_value=None, hardmask=False, copy=False, subok=True):
        made = np.array(data, copy=copy or None, subok=subok, dtype=dtype).view(self)
        made._hardmask = hardmask
        if mask is not nomask:
            if isinstance(mask, np.void):
                made._mask = np.array(mask)
            else:
                made._mask = np.array(mask, dtype=make_mask_descr(made.dtype))
        if fill_value is not None:
            made.fill_value = fill_value
        return made

    _data = property(lambda self: ndarray.view(self, ndarray)[()], doc="The row without the mask.")

    def __getitem__(self, indx):
        mask = self._mask
        if isinstance(mask[indx], ndarray) and np.ndim(mask[indx]):
            return MaskedArray(self._data[indx], mask=mask[indx], hard_mask=self._hardmask)
        if mask is not nomask and mask[indx].dtype.names is None and mask[indx]:
            return masked
        found = self._data[indx]
        if isinstance(found, np.void) and found.dtype.names is not None:
            return mvoid(found, mask=mask[indx])
        return found

    def __setitem__(self, indx, value):
        self._data[indx] = getdata(value)
        if self._hardmask:
            self._mask[indx] |= getattr(value, "_mask", False)
        else:
            self._mask[indx] = getattr(value, "_mask", False)

    def __str__(self):
        items = [
            str(masked_print_option) if np.all(m) and masked_print_option.enabled() else str(d)
            for d, m in zip(self._data.item() if self._mask is nomask else [self._data[n] for n in self.dtype.names],
                            [self._mask[n] for n in self.dtype.names], strict=True)
        ]
        return f"({', '.join(items)}{',' if len(items) == 1 else ''})"

    __repr__ = __str__

    def __iter__(self):
        for name in self.dtype.names:
            yield self[name]

    def __len__(self):
        return len(self._data)

    def filled(self, fill_value=None):
        """Fill the masked fields."""
        return np.asarray(MaskedArray(np.asarray(self._data), mask=self._mask).filled(fill_value))[()]

    def tolist(self):
        """Give a tuple, None for masked fields."""
        return tuple(None if np.all(self._mask[n]) else self._data[n].item() for n in self.dtype.names)


class MaskedConstant(MaskedArray):
    """The masked element itself: there is only one."""

    __singleton = None

    def __new__(cls):
        if cls.__singleton is None:
            data, mask = np.array(0.0), np.array(True)
            data.flags.writeable = mask.flags.writeable = False
            made = MaskedArray(data, mask=mask).view(cls)
            made._mask = mask
            cls.__singleton = made
        return cls.__singleton

    def __array_finalize__(self, obj):
        only = MaskedConstant.__singleton
        if only is not None and self is not only:
            # A view or a copy of the constant is an ordinary masked array.
            self.__class__ = MaskedArray
        MaskedArray.__array_finalize__(self, obj)

    def __array_wrap__(self, obj, context=None, return_scalar=False):
        return self.view(MaskedArray).__array_wrap__(obj, context)

    def __format__(self, format_spec):
        if format_spec:
            import warnings

            warnings.warn(
                "Format strings passed to MaskedConstant are ignored, but in future may error or "
                "produce different behavior",
                FutureWarning,
                stacklevel=2,
            )
        return str(self)

    def __reduce__(self):
        return type(self), ()

    def _itself(self, other=None):
        return self

    def __str__(self):
        return str(masked_print_option._display)

    def __repr__(self):
        return "masked" if self is type(self).__singleton else object.__repr__(self)

    __iadd__ = __isub__ = __imul__ = __ifloordiv__ = __itruediv__ = __ipow__ = _itself

    def copy(self, *args, **kwargs):
        """Give the one masked element again."""
        return self

    __copy__ = __deepcopy__ = _itself

    def __setattr__(self, attr, value):
        if type(self).__singleton is None or self is not type(self).__singleton:
            return super().__setattr__(attr, value)
        if attr in ("_fill_value", "_hardmask", "_sharedmask"):
            return super().__setattr__(attr, value)
        raise AttributeError(f"attributes of {self!r} are not writeable")


for _type in (MaskedArray, mvoid, MaskedConstant, MaskedIterator):
    _type.__module__ = home("numpy.ma" if _type is MaskedArray else "numpy.ma.core")

masked = MaskedConstant()


def masked_singleton():
    """Give the one masked element."""
    return masked


