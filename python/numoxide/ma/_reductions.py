"""What reduces, sorts and counts masked arrays."""

import warnings

import numoxide as np
from numoxide._globals import _NoValue
from numoxide.ma._fill import maximum_fill_value, minimum_fill_value
from numoxide.ma._masks import MaskedArrayFutureWarning, getmask, getmaskarray, mask_or, nomask


def _keep(keepdims):
    return {} if keepdims is _NoValue else {"keepdims": keepdims}


def _check_mask_axis(mask, axis, keepdims=_NoValue):
    """Mask what consists of masked elements only."""
    return nomask if mask is nomask else mask.all(axis=axis, **_keep(keepdims))


class Reductions:
    """The reductions of masked arrays: masked elements do not count."""

    def _finish(self, result, axis, keepdims, out, mask=None):
        """Dress a reduction, or write its mask into `out`."""
        from numoxide.ma._array import masked

        new = _check_mask_axis(self._mask, axis, keepdims) if mask is None else mask
        if out is not None:
            if isinstance(out, np.ma.MaskedArray):
                if getmask(out) is nomask:
                    out._mask = np.zeros(out.shape, bool)
                out.__setmask__(new)
            return out
        if getattr(result, "ndim", 0):
            result = result.view(type(self))
            result.__setmask__(new)
            return result
        return masked if new is not nomask and np.any(new) else result

    def _reduce(self, name, fill, axis, out, keepdims, **params):
        return self._finish(
            getattr(self.filled(fill), name)(axis, out=out, **_keep(keepdims), **params)
            if out is None or not isinstance(out, np.ma.MaskedArray)
            else getattr(self.filled(fill), name)(axis, out=out._data, **_keep(keepdims), **params),
            axis, keepdims, out,
        )  # fmt: skip

    def sum(self, axis=None, dtype=None, out=None, keepdims=_NoValue):
        """Add up elements."""
        return self._reduce("sum", 0, axis, out, keepdims, dtype=dtype)

    def prod(self, axis=None, dtype=None, out=None, keepdims=_NoValue):
        """Multiply elements."""
        return self._reduce("prod", 1, axis, out, keepdims, dtype=dtype)

    product = prod

    def all(self, axis=None, out=None, keepdims=_NoValue):
        """Say whether all elements are true."""
        return self._reduce("all", True, axis, out, keepdims)

    def any(self, axis=None, out=None, keepdims=_NoValue):
        """Say whether some element is true."""
        return self._reduce("any", False, axis, out, keepdims)

    def _extreme(self, name, fill_value, choose, axis, out, keepdims):
        fill = choose(self) if fill_value is None else fill_value
        result = self._reduce(name, fill, axis, out, keepdims)
        if out is None and getattr(result, "ndim", 0) and getmask(result) is not nomask and result._mask.any():
            np.copyto(result._data, result.fill_value, where=result._mask)
        return result

    def min(self, axis=None, out=None, fill_value=None, keepdims=_NoValue):
        """Find the least element."""
        return self._extreme("min", fill_value, minimum_fill_value, axis, out, keepdims)

    def max(self, axis=None, out=None, fill_value=None, keepdims=_NoValue):
        """Find the greatest element."""
        return self._extreme("max", fill_value, maximum_fill_value, axis, out, keepdims)

    def ptp(self, axis=None, out=None, fill_value=None, keepdims=False):
        """Find the greatest less the least element."""
        high = self.max(axis=axis, out=out, fill_value=fill_value, keepdims=keepdims)
        low = self.min(axis=axis, fill_value=fill_value, keepdims=keepdims)
        if out is not None:
            np.subtract(out, low, out=out, casting="unsafe")
            return out
        return np.ma.subtract(high, low) if getattr(high, "ndim", 0) else high - low

    def cumsum(self, axis=None, dtype=None, out=None):
        """Add up element after element."""
        return self._cumulate("cumsum", 0, axis, dtype, out)

    def cumprod(self, axis=None, dtype=None, out=None):
        """Multiply element after element."""
        return self._cumulate("cumprod", 1, axis, dtype, out)

    def _cumulate(self, name, fill, axis, dtype, out):
        made = getattr(self.filled(fill), name)(axis=axis, dtype=dtype, out=out)
        if out is not None:
            if isinstance(out, np.ma.MaskedArray):
                out.__setmask__(self._mask)
            return out
        made = made.view(type(self))
        made.__setmask__(self._mask if axis is not None or self._mask is nomask else self._mask.ravel())
        return made

    def count(self, axis=None, keepdims=_NoValue):
        """Count the elements that are not masked."""
        mask = getmaskarray(self) if self._mask is nomask else self._mask
        if mask.dtype.names is not None:
            mask = np.all([mask[name] for name in mask.dtype.names], axis=0)
        if self.shape == ():
            if axis not in (None, ()):
                raise np.exceptions.AxisError(axis=axis, ndim=self.ndim)
        return (~np.asarray(mask)).sum(axis=axis, dtype=np.intp, **_keep(keepdims))

    def mean(self, axis=None, dtype=None, out=None, keepdims=_NoValue):
        """Average elements."""
        from numoxide.ma._array import masked

        if self._mask is nomask:
            result = np.ndarray.mean(self._data, axis=axis, dtype=dtype, **_keep(keepdims))[()]
            result = result.view(type(self)) if isinstance(result, np.ndarray) else result
        else:
            if dtype is None and self.dtype.kind in "iub":
                dtype = np.float64
            total = self.sum(axis=axis, dtype=dtype, **_keep(keepdims))
            count = self.count(axis=axis, **_keep(keepdims))
            if np.shape(count) == () and count == 0:
                result = masked
            else:
                result = total * 1.0 / count if self.dtype != np.float16 else (total / count).astype("f2")
        if out is not None:
            out.flat = result
            if isinstance(out, np.ma.MaskedArray):
                if getmask(out) is nomask:
                    out._mask = np.zeros(out.shape, bool)
                out.__setmask__(getmask(result))
            return out
        return result

    def anom(self, axis=None, dtype=None):
        """Give how far elements lie from their average."""
        mean = self.mean(axis, dtype)
        return self - (mean if not axis else np.expand_dims(mean, axis))

    def var(self, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, mean=_NoValue):
        """Find the variance."""
        from numoxide.ma._array import masked

        known = {} if mean is _NoValue else {"mean": mean}
        if self._mask is nomask:
            result = np.ndarray.var(self._data, axis=axis, dtype=dtype, ddof=ddof, **_keep(keepdims), **known)[()]
            result = result.view(type(self)) if isinstance(result, np.ndarray) else result
        else:
            count = self.count(axis=axis, **_keep(keepdims)) - ddof
            middle = mean if known else self.mean(axis, dtype, keepdims=True)
            away = self - middle
            away = np.ma.absolute(away) ** 2 if np.iscomplexobj(self) else away * away
            result = np.ma.divide(away.sum(axis, **_keep(keepdims)), count)
            if getattr(result, "ndim", 0):
                result = result.view(type(self))
                result._mask = mask_or(self._mask.all(axis, **_keep(keepdims)), count <= 0)
                result._update_from(self)
            elif result is masked or np.any(count <= 0):
                result = masked
        if out is not None:
            out.flat = np.nan if result is masked and not isinstance(out, np.ma.MaskedArray) else result
            if isinstance(out, np.ma.MaskedArray):
                out.__setmask__(True if result is masked else getmask(result))
            return out
        return result

    def std(self, axis=None, dtype=None, out=None, ddof=0, keepdims=_NoValue, mean=_NoValue):
        """Find the standard deviation."""
        from numoxide.ma._array import masked

        variance = self.var(axis, dtype, out, ddof, keepdims=keepdims, mean=mean)
        if variance is masked:
            return variance
        if out is not None:
            np.power(out, 0.5, out=out, casting="unsafe")
            return out
        return np.ma.sqrt(variance) if getattr(variance, "ndim", 0) else np.sqrt(variance)

    def round(self, decimals=0, out=None):
        """Round elements."""
        made = self._data.round(decimals=decimals, out=out)
        if out is not None:
            return out
        if not getattr(made, "ndim", 0):
            return np.ma.masked if np.any(self._mask) else made
        made = made.view(type(self))
        made._mask = self._mask
        made._update_from(self)
        return made

    def nonzero(self):
        """Find the elements that are neither zero nor masked."""
        return np.asarray(self.filled(0)).nonzero()

    def trace(self, offset=0, axis1=0, axis2=1, dtype=None, out=None):
        """Add up a diagonal."""
        diagonal = self.diagonal(offset=offset, axis1=axis1, axis2=axis2)
        if self._mask is nomask:
            return diagonal._data.sum(-1, dtype=dtype, out=out)
        return diagonal.astype(dtype or diagonal.dtype).filled(0).sum(axis=-1, out=out)

    def dot(self, b, out=None, strict=False):
        """Multiply matrices; masked elements count as zero."""
        return np.ma.dot(self, b, out=out, strict=strict)

    def _order_fill(self, endwith, fill_value):
        if fill_value is not None:
            return fill_value
        if not endwith:
            return maximum_fill_value(self)
        return np.nan if self.dtype.kind == "f" else minimum_fill_value(self)

    def argsort(self, axis=_NoValue, kind=None, order=None, endwith=True, fill_value=None, *, stable=None):
        """Give the order that sorts; masked elements come last."""
        if axis is _NoValue:
            axis = -1
            if self.ndim > 1:
                warnings.warn(
                    "In the future the default for argsort will be axis=-1, not the current None, "
                    "to match its documentation and np.argsort. Explicitly pass -1 or None to "
                    "silence this warning.",
                    MaskedArrayFutureWarning,
                    stacklevel=2,
                )
                axis = None
        held = self.filled(self._order_fill(endwith, fill_value))
        return held.argsort(axis=axis, kind=kind, order=order)

    def argmin(self, axis=None, fill_value=None, out=None, *, keepdims=_NoValue):
        """Find where the least element is."""
        fill = minimum_fill_value(self) if fill_value is None else fill_value
        return self.filled(fill).argmin(axis, out=out, keepdims=bool(keepdims is not _NoValue and keepdims))

    def argmax(self, axis=None, fill_value=None, out=None, *, keepdims=_NoValue):
        """Find where the greatest element is."""
        fill = maximum_fill_value(self._data) if fill_value is None else fill_value
        return self.filled(fill).argmax(axis, out=out, keepdims=bool(keepdims is not _NoValue and keepdims))

    def sort(self, axis=-1, kind=None, order=None, endwith=True, fill_value=None, *, stable=False):
        """Sort in place; masked elements come last."""
        if self._mask is nomask:
            np.ndarray.sort(self._data, axis=axis, kind=kind, order=order)
            return
        if self is np.ma.masked:
            return
        places = self.argsort(axis=axis, kind=kind, order=order, fill_value=fill_value, endwith=endwith)
        data, mask = np.take_along_axis(self._data, places, axis), np.take_along_axis(self._mask, places, axis)
        self._data[...] = data
        self._mask = mask

    def partition(self, *args, **kwargs):
        """Partition the data, masks left aside."""
        np.ndarray.partition(self._data, *args, **kwargs)

    def argpartition(self, *args, **kwargs):
        """Give the order that partitions the data."""
        return np.ndarray.argpartition(self._data, *args, **kwargs)


