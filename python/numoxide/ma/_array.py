"""Masked arrays."""

import operator

import numoxide as np
from numoxide._core.multiarray import ndarray
from numoxide.ma import _operations as ops
from numoxide.ma._fill import _check_fill_value
from numoxide.ma._masks import (
    MaskError,
    MaskType,
    getdata,
    getmask,
    getmaskarray,
    make_mask,
    make_mask_descr,
    make_mask_none,
    mask_or,
    nomask,
)
from numoxide.ma._printing import Printing
from numoxide.ma._reductions import Reductions


def get_masked_subclass(*arrays):
    """Find the class of the result of an operation over arrays."""
    kinds = [type(array) if isinstance(array, MaskedArray) else MaskedArray for array in arrays]
    best = kinds[0]
    for kind in kinds[1:]:
        if issubclass(kind, best):
            best = kind
    return MaskedArray if best is MaskedConstant else best


def filled(a, fill_value=None):
    """Put the fill value in place of masked elements.

    >>> np.ma.filled(np.ma.array([1, 2], mask=[0, 1]), 9)
    array([1, 9])
    """
    if hasattr(a, "filled"):
        return a.filled(fill_value)
    return a if isinstance(a, ndarray) else np.array(a, "O") if isinstance(a, dict) else np.array(a)


def _method(name, onmask=True):
    """Make a method that does the same to data and mask."""

    def method(self, *args, **params):
        result = getattr(self._data, name)(*args, **params).view(type(self))
        result._update_from(self)
        if self._mask is nomask:
            return result
        if onmask:
            result.__setmask__(getattr(self._mask, name)(*args, **params))
        else:
            result._mask = self._mask
        return result

    method.__name__ = name
    method.__doc__ = f"Do what `ndarray.{name}` does, to data and mask."
    return method


class MaskedArray(Reductions, Printing, ndarray):
    """An array with a mask: masked elements do not count.

    >>> np.ma.array([1, 2, 3], mask=[0, 1, 0]).sum()
    np.int64(4)
    """

    __array_priority__ = 15
    _defaultmask, _defaulthardmask, _baseclass = nomask, False, ndarray
    _print_width, _print_width_1d = 100, 1500
    _mask, _fill_value, _hardmask, _sharedmask, _isfield = nomask, None, False, False, False

    def __new__(
        cls, data=None, mask=nomask, dtype=None, copy=False, subok=True, ndmin=0, fill_value=None,
        keep_mask=True, hard_mask=None, shrink=True, order=None,
    ):  # fmt: skip
        copy = None if not copy else True
        held = np.array(data, dtype=dtype, copy=copy, order=order, subok=True, ndmin=ndmin)
        base = getattr(data, "_baseclass", type(held))
        if isinstance(data, MaskedArray) and data.shape != held.shape:
            copy = True
        made = held.view(type(data) if isinstance(data, cls) and subok and not isinstance(data, MaskedConstant) else cls)
        if getattr(data, "_mask", None) is not None and not isinstance(data, ndarray):
            made._mask = data._mask
        cls._set_up_mask(made, data, mask, keep_mask, shrink, bool(copy))
        if fill_value is None:
            fill_value = getattr(data, "_fill_value", None)
        if fill_value is not None:
            made._fill_value = _check_fill_value(fill_value, made.dtype)
        made._hardmask = getattr(data, "_hardmask", False) if hard_mask is None else hard_mask
        made._baseclass = base
        return made

    @classmethod
    def _set_up_mask(cls, made, data, mask, keep_mask, shrink, copy):
        """Give a new array its mask: the one asked for, joined with the data's own."""
        kind = make_mask_descr(made.dtype)
        if mask is nomask:
            if not keep_mask:
                made._mask = nomask if shrink else np.zeros(made.shape, dtype=kind)
            elif isinstance(data, (tuple, list)):
                try:
                    found = np.array([getmaskarray(np.asanyarray(m, dtype=made.dtype)) for m in data], dtype=kind)
                except (ValueError, TypeError):
                    found = nomask
                if kind == MaskType and found is not nomask and found.shape == made.shape and found.any():
                    made._mask, made._sharedmask = found, False
            else:
                made._sharedmask = not copy
                if copy and made._mask is not nomask:
                    made._mask = made._mask.copy()
            if made._mask is nomask and kind.names is not None or (not shrink and made._mask is nomask):
                made._mask = np.zeros(made.shape, dtype=kind)
            return
        if mask is None:
            mask = False
        if mask is True or mask is False:
            mask = np.full(made.shape, mask, dtype=kind)
        else:
            mask = cls._read_mask(mask, kind, copy)
        if mask.shape != made.shape:
            if mask.size == 1:
                mask = np.resize(mask, made.shape)
            elif mask.size == made.size:
                mask = np.reshape(mask, made.shape)
            else:
                raise MaskError(
                    f"Mask and data not compatible: data size is {made.size}, mask size is {mask.size}."
                )
        if made._mask is nomask or not keep_mask:
            made._mask, made._sharedmask = mask, not copy
        else:
            made._mask = mask_or(made._mask.view(kind), mask, shrink=False)
            made._sharedmask = False

    @staticmethod
    def _read_mask(mask, kind, copy):
        """Turn what was given as a mask into an array of the mask's dtype."""
        try:
            return np.array(mask, dtype=kind, copy=copy or None)
        except (TypeError, ValueError):
            rows = [tuple([m] * len(kind)) for m in mask]
            return np.array(rows, dtype=kind)

    def _update_from(self, obj):
        """Take over what is neither data nor mask from another array."""
        optinfo = dict(getattr(obj, "_optinfo", None) or {})
        optinfo.update(getattr(obj, "_basedict", None) or {})
        if not isinstance(obj, MaskedArray):
            optinfo.update(getattr(obj, "__dict__", None) or {})
        state = {
            "_fill_value": getattr(obj, "_fill_value", None),
            "_hardmask": getattr(obj, "_hardmask", False),
            "_sharedmask": getattr(obj, "_sharedmask", False),
            "_isfield": getattr(obj, "_isfield", False),
            "_baseclass": getattr(obj, "_baseclass", type(obj) if isinstance(obj, ndarray) else ndarray),
            "_optinfo": optinfo,
            "_basedict": optinfo,
        }
        self.__dict__.update(state)
        self.__dict__.update(optinfo)

    def __array_finalize__(self, obj):
        self._update_from(obj)
        mask = nomask
        if isinstance(obj, ndarray):
            mask = getmaskarray(obj) if obj.dtype.names is not None else getmask(obj)
            if mask is not nomask and obj.__array_interface__["data"][0] != self.__array_interface__["data"][0]:
                kind = make_mask_descr(self.dtype)
                mask = mask.copy() if mask.dtype == kind else mask.astype(kind)
        self._mask = mask
        if mask is not nomask and mask.shape != self.shape:
            try:
                self._mask = mask.reshape(self.shape)
            except ValueError:
                self._mask = nomask
        if self._fill_value is not None:
            try:
                self._fill_value = _check_fill_value(self._fill_value, self.dtype) if self.dtype.names else self._fill_value
            except (TypeError, ValueError):
                self._fill_value = None
        elif self.dtype.names is not None:
            self._fill_value = _check_fill_value(None, self.dtype)

    def __array_wrap__(self, obj, context=None, return_scalar=False):
        made = self if obj is self else obj.view(type(self))
        if obj is not self:
            made._update_from(self)
        if context is None:
            return made
        func, args, _ = context
        inputs = args[: func.nin]
        mask = nomask
        for item in inputs:
            mask = mask_or(mask, getmaskarray(item) if getmask(item) is not nomask else nomask, shrink=False)
        if mask is nomask:
            mask = np.zeros(np.broadcast(*inputs).shape if len(inputs) > 1 else np.shape(inputs[0]), bool)
        domain = ops.ufunc_domain.get(func)
        if domain is not None:
            with np.errstate(divide="ignore", invalid="ignore"):
                bad = filled(domain(*map(getdata, inputs)), True)
            if np.any(bad):
                try:
                    fill = ops.ufunc_fills[func][-1]
                except TypeError:
                    fill = ops.ufunc_fills[func]
                np.copyto(made, fill if np.ndim(fill) == 0 else self.fill_value, where=bad, casting="unsafe")
                mask = mask | bad
        if made is not self and made.shape == () and np.any(mask):
            return masked
        made._mask, made._sharedmask = mask, False
        return made

    def view(self, dtype=None, type=None, fill_value=None):
        """View the data as another dtype or class."""
        if dtype is None:
            made = ndarray.view(self) if type is None else ndarray.view(self, type)
        elif type is None:
            kind = None
            try:
                kind = dtype if issubclass(dtype, ndarray) else None
            except TypeError:
                pass
            made = ndarray.view(self, kind if kind is not None else dtype)
            if kind is not None:
                dtype = None
        else:
            made = ndarray.view(self, dtype, type)
        if getmask(made) is not nomask:
            made._mask = made._mask.view()
            if dtype is not None and made._mask.dtype != make_mask_descr(made.dtype):
                same = made.dtype.names is None and self.dtype.names is None and made.shape == self.shape
                made._mask = made._mask if same else make_mask_none(made.shape, made.dtype)
        if getattr(made, "_fill_value", None) is not None:
            if fill_value is not None:
                made.fill_value = fill_value
            elif dtype is not None:
                made._fill_value = None
        elif fill_value is not None:
            made.fill_value = fill_value
        return made

    def __getitem__(self, indx):
        data = self._data[indx]
        mask = nomask if self._mask is nomask else self._mask[indx]
        if not isinstance(data, ndarray):
            if self.dtype.type is np.object_ and isinstance(data, MaskedArray):
                return masked if np.any(mask) and np.ndim(mask) == 0 else data
            if isinstance(data, np.void) and self.dtype.names is not None:
                return mvoid(data, mask=mask, hardmask=self._hardmask)
            return masked if mask is not nomask and np.all(mask) and np.ndim(mask) == 0 else data
        made = data.view(type(self))
        made._update_from(self)
        if isinstance(indx, str):
            if self._fill_value is not None:
                fill = self._fill_value[indx]
                made._fill_value = np.asarray(fill.flat[0] if fill.ndim else fill, dtype=fill.dtype)
            made._isfield = True
        elif made.dtype != self.dtype:
            made._fill_value = None
        if mask is not nomask:
            made._mask = mask.reshape(made.shape)
            made._sharedmask = True
        return made

    def __setitem__(self, indx, value):
        if self is masked:
            raise MaskError("Cannot alter the masked element.")
        if isinstance(indx, str):
            self._data[indx] = getdata(value)
            if self._mask is nomask:
                self._mask = make_mask_none(self.shape, self.dtype)
            self._mask[indx] = getmaskarray(value) if getmask(value) is not nomask else False
            return
        kind = self.dtype
        if value is masked:
            if self._mask is nomask:
                self._mask = make_mask_none(self.shape, kind)
            self._mask[indx] = tuple([True] * len(kind.names)) if kind.names is not None else True
            return
        data = getattr(value, "_data", value)
        mask = getmask(value)
        if mask is nomask and kind.names is not None:
            mask = tuple([False] * len(kind.names))
        if self._mask is nomask:
            self._data[indx] = data
            if mask is not nomask:
                self._mask = make_mask_none(self.shape, kind)
                self._mask[indx] = mask
        elif not self._hardmask:
            self._data[indx] = data
            self._mask[indx] = mask
        elif hasattr(indx, "dtype") and indx.dtype == MaskType:
            free = indx & ~self._mask
            self._data[free] = data if np.ndim(data) == 0 else np.broadcast_to(data, self.shape)[free] if np.shape(data) == self.shape else data
        else:
            fixed = self._mask[indx]
            part = np.array(self._data[indx], copy=True)
            np.copyto(part, data, where=~np.asarray(fixed))
            self._data[indx] = part
            self._mask[indx] = fixed | mask

    def __setattr__(self, name, value):
        ndarray.__setattr__(self, name, value)
        if name == "dtype" and self._mask is not nomask:
            self._mask = self._mask.view(make_mask_descr(self.dtype), ndarray)
        elif name == "shape" and self._mask is not nomask:
            self._mask.shape = self.shape

    def __setmask__(self, mask, copy=False):
        """Set the mask; one that is hard only grows."""
        kind = make_mask_descr(self.dtype)
        if mask is masked:
            mask = True
        if self._mask is nomask:
            if mask is nomask:
                return
            self._mask = make_mask_none(self.shape, self.dtype)
        held = self._mask
        if kind.names is None:
            given = np.array(mask, dtype=MaskType, copy=copy or None)
        else:
            given = np.asarray(mask)
            if given.dtype.names is None:
                given = np.array([(bool(m),) * len(kind.names) for m in given.ravel()], kind).reshape(given.shape)
            else:
                given = np.array(given, dtype=kind)
        if self._hardmask:
            if kind.names is None:
                held |= given
            else:
                for name in kind.names:
                    held[name] |= given[name]
        elif given.shape == held.shape and not held.shape:
            self._mask = given
        else:
            if given.size == held.size and given.shape != held.shape:
                given = given.reshape(held.shape)
            held[...] = given
        if held.shape and held.shape != self.shape:
            held.shape = self.shape

    _set_mask = __setmask__

    @property
    def mask(self):
        """The mask."""
        return self._mask if self._mask is nomask else self._mask.view()

    @mask.setter
    def mask(self, value):
        self.__setmask__(value)

    @property
    def recordmask(self):
        """The mask of records: true where all fields are masked."""
        mask = self._mask.view(ndarray) if self._mask is not nomask else self._mask
        if mask.dtype.names is None:
            return mask
        return np.all([mask[name] for name in mask.dtype.names], axis=0)

    @recordmask.setter
    def recordmask(self, mask):
        raise NotImplementedError("Coming soon: setting the mask per records!")

    def harden_mask(self):
        """Keep masked elements masked from now on."""
        self._hardmask = True
        return self

    def soften_mask(self):
        """Let assignment unmask elements."""
        self._hardmask = False
        return self

    hardmask = property(lambda self: self._hardmask, doc="Whether assignment leaves masked elements masked.")
    sharedmask = property(lambda self: self._sharedmask, doc="Whether the mask belongs to another array too.")
    baseclass = property(lambda self: self._baseclass, doc="The class of the data.")
    _data = property(lambda self: ndarray.view(self, self._baseclass), doc="The data without the mask.")
    data = property(lambda self: ndarray.view(self, self._baseclass), doc="The data without the mask.")

    def _get_data(self):
        return ndarray.view(self, self._baseclass)

    def unshare_mask(self):
        """Give the array a mask of its own."""
        if self._sharedmask:
            self._mask = self._mask.copy()
            self._sharedmask = False
        return self

    def shrink_mask(self):
        """Drop a mask that masks nothing."""
        if self._mask is not nomask and self._mask.dtype.names is None and not self._mask.any():
            self._mask = nomask
        return self

    @property
    def flat(self):
        """The elements one by one."""
        return MaskedIterator(self)

    @flat.setter
    def flat(self, value):
        self.ravel()[:] = value

    @property
    def fill_value(self):
        """What stands in for masked elements."""
        if self._fill_value is None:
            self._fill_value = _check_fill_value(None, self.dtype)
        return self._fill_value[()] if isinstance(self._fill_value, ndarray) else self._fill_value

    @fill_value.setter
    def fill_value(self, value=None):
        target = _check_fill_value(value, self.dtype)
        if not target.ndim == 0:
            target = target.reshape(())
        held = self._fill_value
        if held is None or held.dtype != target.dtype:
            self._fill_value = target
        else:
            held[()] = target

    def get_fill_value(self):
        """Give what stands in for masked elements."""
        return self.fill_value

    def set_fill_value(self, value=None):
        """Choose what stands in for masked elements."""
        self.fill_value = value

    def filled(self, fill_value=None):
        """Copy the data with the fill value in place of masked elements."""
        mask = self._mask
        if mask is nomask:
            return self._data
        fill_value = self.fill_value if fill_value is None else _check_fill_value(fill_value, self.dtype)[()]
        if self is masked_singleton():
            return np.asanyarray(fill_value)
        made = self._data.copy("K")
        if mask.dtype.names is not None:
            _fill_fields(made, mask, fill_value)
            return made
        if not mask.any():
            return self._data
        try:
            np.copyto(made, fill_value, where=mask)
        except (TypeError, AttributeError):
            made = made.astype(object)
            np.copyto(made, np.array(fill_value, dtype=object), where=mask)
        return made

    def compressed(self):
        """Give the elements that count, in one row."""
        data = ndarray.ravel(self._data)
        if self._mask is not nomask:
            data = data.compress(np.logical_not(ndarray.ravel(self._mask)))
        return data

    def compress(self, condition, axis=None, out=None):
        """Pick elements along an axis where a condition holds."""
        made = self._data.compress(np.asarray(condition), axis=axis, out=out).view(type(self))
        made._update_from(self)
        if self._mask is not nomask:
            made._mask = self._mask.compress(np.asarray(condition), axis=axis)
        return made

    def _comparison(self, other, compare):
        """Compare elements; masked ones are equal only to masked ones, and stay masked."""
        omask, smask = getmask(other), self.mask
        mask = mask_or(smask, omask, copy=True) if getattr(omask, "dtype", None) == smask.dtype else smask
        odata, sdata = getdata(other), self.data
        if mask.dtype.names is not None:
            if compare not in (operator.eq, operator.ne):
                return NotImplemented
            mask = np.broadcast_to(mask, np.broadcast(self, odata).shape).copy()
            sbroad = np.broadcast_to(sdata, mask.shape).copy()
            sbroad[mask.view(ndarray) == np.ones((), mask.dtype)] = np.broadcast_to(odata, mask.shape)[mask == np.ones((), mask.dtype)]
            sdata, mask = sbroad, mask == np.ones((), mask.dtype)
        with np.errstate(all="ignore"):
            check = compare(sdata, odata)
        if isinstance(check, (np.bool, bool)):
            return masked if np.any(mask) else check
        if mask is not nomask:
            if compare in (operator.eq, operator.ne):
                same = compare(smask, omask) if smask.dtype.names is None else check
                check = np.where(mask, same, check)
            if mask.shape != check.shape:
                mask = np.broadcast_to(mask, check.shape).copy()
        check = check.view(type(self))
        check._update_from(self)
        check._mask = mask
        check._fill_value = None
        return check

    def __hash__(self):
        raise TypeError(f"unhashable type: {type(self).__name__!r}")

    def _delegate_binop(self, other):
        if isinstance(other, type(self)):
            return False
        if getattr(other, "__array_ufunc__", False) is None:
            return True
        return self.__array_priority__ < getattr(other, "__array_priority__", -1000000)

    def _inplace(self, other, function, neutral):
        """Compute in place; masked elements keep their data."""
        mask = getmask(other)
        if self._mask is nomask:
            if mask is not nomask and mask.any():
                self._mask = make_mask_none(self.shape, self.dtype)
                self._mask += mask
        elif mask is not nomask:
            self._mask += mask
        data = getdata(other)
        data = np.where(self._mask, np.asarray(data).dtype.type(neutral), data)
        function(self._data, data)
        return self

    def __iadd__(self, other):
        return self._inplace(other, operator.iadd, 0)

    def __isub__(self, other):
        return self._inplace(other, operator.isub, 0)

    def __imul__(self, other):
        return self._inplace(other, operator.imul, 1)

    def _inplace_domained(self, other, function, domain_of):
        data = getdata(other)
        bad = ops.ufunc_domain[domain_of](self._data, data)
        mask = mask_or(getmask(other), bad)
        if bad.any():
            data = np.where(bad, np.asarray(data).dtype.type(ops.ufunc_fills[domain_of][1]), data)
        self._mask |= mask
        data = np.where(self._mask, np.asarray(data).dtype.type(1), data)
        function(self._data, data)
        return self

    def __itruediv__(self, other):
        return self._inplace_domained(other, operator.itruediv, np.true_divide)

    def __ifloordiv__(self, other):
        return self._inplace_domained(other, operator.ifloordiv, np.floor_divide)

    def __ipow__(self, other):
        data = getdata(other)
        data = np.where(self._mask, np.asarray(data).dtype.type(1), data)
        with np.errstate(divide="ignore", invalid="ignore"):
            operator.ipow(self._data, data)
        bad = ~np.isfinite(self._data)
        if bad.any():
            if self._mask is not nomask:
                self._mask |= bad
            else:
                self._mask = bad
            np.copyto(self._data, self.fill_value, where=bad)
        new_mask = mask_or(getmask(other), bad)
        self._mask = mask_or(self._mask, new_mask)
        return self

    def __float__(self):
        if self.size > 1:
            raise TypeError("Only length-1 arrays can be converted to Python scalars")
        if np.any(self._mask):
            import warnings

            warnings.warn("Warning: converting a masked element to nan.", stacklevel=2)
            return np.nan
        return float(self.item())

    def __int__(self):
        if self.size > 1:
            raise TypeError("Only length-1 arrays can be converted to Python scalars")
        if np.any(self._mask):
            raise MaskError("Cannot convert masked element to a Python int.")
        return int(self.item())

    def _part(self, part):
        made = part.view(type(self))
        made.__setmask__(self._mask)
        return made

    imag = property(lambda self: self._part(self._data.imag), doc="The imaginary parts.")
    real = property(lambda self: self._part(self._data.real), doc="The real parts.")

    def get_imag(self):
        """Give the imaginary parts."""
        return self.imag

    def get_real(self):
        """Give the real parts."""
        return self.real

    def ravel(self, order="C"):
        """Lay the elements out in one row."""
        made = ndarray.ravel(self._data, order=order).view(type(self))
        made._update_from(self)
        if self._mask is not nomask:
            made._mask = ndarray.ravel(self._mask, order=order).reshape(made.shape)
        return made

    def reshape(self, *s, **kwargs):
        """Give the elements another shape."""
        kwargs.update(order=kwargs.get("order") or "C")
        made = self._data.reshape(*s, **kwargs).view(type(self))
        made._update_from(self)
        if self._mask is not nomask:
            made._mask = self._mask.reshape(*s, **kwargs)
        return made

    def resize(self, newshape, refcheck=True, order=False):
        """Refuse: a masked array does not own its data."""
        raise ValueError(
            "A masked array does not own its data and therefore cannot be resized.\n"
            "Use the numpy.ma.resize function instead."
        )

    def put(self, indices, values, mode="raise"):
        """Set elements at flat indices."""
        values = np.ma.array(values, copy=False)
        if self._hardmask and self._mask is not nomask:
            free = ~self._mask.ravel()[np.asarray(indices)]
            indices = np.asarray(indices)[free]
            values = np.resize(values, free.shape)[free]
            values = np.ma.array(values, copy=False)
        self._data.put(indices, values._data, mode=mode)
        if self._mask is nomask and getmask(values) is nomask:
            return
        mask = getmaskarray(self)
        mask.put(indices, getmask(values) if getmask(values) is nomask else values._mask, mode=mode)
        self._mask = make_mask(mask, copy=False, shrink=True)

    def ids(self):
        """Give the addresses of data and mask."""
        return self.ctypes.data, id(nomask) if self._mask is nomask else self._mask.ctypes.data

    def iscontiguous(self):
        """Say whether the data lies in one piece, in C order."""
        return self.flags["CONTIGUOUS"]

    def take(self, indices, axis=None, out=None, mode="raise"):
        """Pick elements by index; a masked index gives a masked element."""
        imask = getmask(indices)
        if imask is not nomask:
            indices = indices.filled(0)
        made = self._data.take(indices, axis=axis, mode=mode, out=out)
        if out is not None:
            return out
        scalar = not isinstance(made, ndarray)
        made = np.asanyarray(made).view(type(self))
        mask = nomask if self._mask is nomask else self._mask.take(indices, axis=axis, mode=mode)
        if imask is not nomask:
            mask = imask if mask is nomask else mask | imask
        made.__setmask__(mask)
        return made[()] if scalar else made

    def astype(self, dtype, *args, **kwargs):
        """Convert data; the mask stays."""
        made = ndarray.astype(self, dtype, *args, **kwargs)
        if isinstance(made, MaskedArray):
            made._mask = getmask(self) if self._mask is nomask else self._mask.astype(make_mask_descr(made.dtype))
            if self._fill_value is not None:
                try:
                    made._fill_value = _check_fill_value(self._fill_value[()], made.dtype)
                except (TypeError, ValueError):
                    made._fill_value = None
        return made

    copy, diagonal, flatten = _method("copy"), _method("diagonal"), _method("flatten")
    repeat, squeeze, swapaxes = _method("repeat"), _method("squeeze"), _method("swapaxes")
    transpose = _method("transpose")
    T = property(lambda self: self.transpose(), doc="The transpose.")

    @property
    def mT(self):
        """The array with its last two axes exchanged."""
        if self.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        made = self._data.mT.view(type(self))
        made._update_from(self)
        if self._mask is not nomask:
            made._mask = self._mask.mT
        return made

    def tolist(self, fill_value=None):
        """Give nested lists, None (or a value) for masked elements."""
        if self._mask is nomask:
            return self._data.tolist()
        if fill_value is not None:
            return self.filled(fill_value).tolist()
        if self.dtype.names is not None:
            made = self._data.astype([(name, object) for name in self.dtype.names])
            for name in self.dtype.names:
                made[name][self._mask[name]] = None
            return made.tolist()
        made = np.array(self._data.ravel(), dtype=object)
        made[self._mask.ravel()] = None
        return made.reshape(self.shape).tolist()

    def tobytes(self, fill_value=None, order="C"):
        """Give the bytes of the filled data."""
        return self.filled(fill_value).tobytes(order=order)

    def tofile(self, fid, sep="", format="%s"):
        """Refuse: files hold no masks."""
        raise NotImplementedError("MaskedArray.tofile() not implemented yet.")

    def toflex(self):
        """Give a structured array of data and mask."""
        made = np.ndarray(self.shape, [("_data", self.dtype), ("_mask", make_mask_descr(self.dtype))])
        made["_data"], made["_mask"] = self._data, getmaskarray(self)
        return made

    torecords = toflex

    def __getstate__(self):
        order = "CF"[self.flags.fnc]
        return 1, self.shape, self.dtype, self.flags.fnc, self._data.tobytes(order), getmaskarray(self).tobytes(order), self._fill_value

    def __setstate__(self, state):
        _, shape, kind, fortran, raw, mask, fill = state
        super().__setstate__((shape, kind, fortran, raw))
        self._mask = np.zeros(shape, make_mask_descr(kind))
        self._mask.__setstate__((shape, make_mask_descr(kind), fortran, mask))
        self.fill_value = fill

    def __reduce__(self):
        return _mareconstruct, (self.__class__, self._baseclass, (0,), "b"), self.__getstate__()

    def __deepcopy__(self, memo=None):
        from copy import deepcopy

        made = MaskedArray.__new__(type(self), np.array(self._data, copy=True), mask=nomask if self._mask is nomask else self._mask.copy(), fill_value=self._fill_value)
        (memo if memo is not None else {})[id(self)] = made
        for key, value in self.__dict__.items():
            if key not in ("_mask",):
                made.__dict__[key] = deepcopy(value, memo) if key != "_baseclass" else value
        return made


def _fill_fields(data, mask, fill_value):
    """Fill the masked fields of a structured array."""
    for name in data.dtype.names:
        if mask[name].dtype.names is not None:
            _fill_fields(data[name], mask[name], fill_value[name])
        else:
            np.copyto(data[name], fill_value[name], where=mask[name])


def _mareconstruct(subtype, baseclass, baseshape, basetype):
    """Build the empty array that a pickle fills."""
    data = ndarray.__new__(baseclass, baseshape, basetype)
    return subtype.__new__(subtype, data, mask=np.zeros(baseshape, bool), dtype=basetype)


def _comparing(name):
    compare = getattr(operator, name)

    def method(self, other):
        return self._comparison(other, compare)

    method.__name__ = f"__{name}__"
    return method


for _name in ("eq", "ne", "le", "lt", "ge", "gt"):
    setattr(MaskedArray, f"__{_name}__", _comparing(_name))

def _binary(name, swapped=False):
    def method(self, other):
        if self._delegate_binop(other):
            return NotImplemented
        function = getattr(np.ma, name)
        return function(other, self) if swapped else function(self, other)

    return method


for _name, _operation in (
    ("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "true_divide"),
    ("floordiv", "floor_divide"), ("pow", "power"),
):  # fmt: skip
    setattr(MaskedArray, f"__{_name}__", _binary(_operation))
    setattr(MaskedArray, f"__r{_name}__", _binary(_operation, True))


from numoxide.ma._elements import (  # noqa: E402
    MaskedConstant,
    MaskedIterator,
    masked,
    masked_singleton,
    mvoid,
)
