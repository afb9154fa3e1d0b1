"""The universal functions over masked arrays, with the domains in which they are defined."""

import numoxide as np
from numoxide._core import umath
from numoxide.ma._masks import getdata, getmask, getmaskarray, nomask

ufunc_domain, ufunc_fills = {}, {}


class _DomainCheckInterval:
    """True outside an interval."""

    def __init__(self, a, b):
        self.low, self.high = sorted((a, b))

    def __call__(self, x):
        with np.errstate(invalid="ignore"):
            return (x > self.high) | (x < self.low)


class _DomainTan:
    """True where the cosine nearly vanishes."""

    def __init__(self, eps):
        self.eps = eps

    def __call__(self, x):
        with np.errstate(invalid="ignore"):
            near = umath.absolute(umath.cos(x))
        return near < self.eps


class _DomainSafeDivide:
    """True where a quotient would overflow."""

    tiny = np.finfo(float).tiny

    def __init__(self, tolerance=None):
        self.tolerance = self.tiny if tolerance is None else tolerance

    def __call__(self, a, b):
        top, bottom = np.asarray(a), np.asarray(b)
        with np.errstate(all="ignore"):
            return umath.absolute(bottom) <= umath.absolute(top) * self.tolerance


class _DomainBound:
    """True on the wrong side of a bound."""

    outside = None

    def __init__(self, critical_value):
        self.critical_value = critical_value

    def __call__(self, x):
        with np.errstate(invalid="ignore"):
            return self.outside(x, self.critical_value)


class _DomainGreater(_DomainBound):
    """True at or below a bound."""

    outside = umath.less_equal


class _DomainGreaterEqual(_DomainBound):
    """True below a bound."""

    outside = umath.less


class _MaskedUFunc:
    """A universal function over masked arrays."""

    def __init__(self, ufunc):
        self.f = ufunc
        self.__doc__ = ufunc.__doc__
        self.__name__ = self.__qualname__ = ufunc.__name__

    def __str__(self):
        return f"Masked version of {self.f}"


def _dress(result, mask, *sources):
    """Turn plain data into a masked array like its sources."""
    from numoxide.ma._array import MaskedArray, get_masked_subclass

    made = result.view(get_masked_subclass(*sources))
    made._mask = mask
    for source in sources:
        if isinstance(source, MaskedArray):
            made._update_from(source)
            break
    return made


def _scalar(result, mask):
    from numoxide.ma._array import masked

    return masked if mask else result


class _MaskedUnaryOperation(_MaskedUFunc):
    """A function of one operand."""

    def __init__(self, mufunc, fill=0, domain=None):
        super().__init__(mufunc)
        self.fill, self.domain = fill, domain
        ufunc_domain[mufunc], ufunc_fills[mufunc] = domain, fill

    def __call__(self, a, *args, **kwargs):
        data = getdata(a)
        if self.domain is None:
            with np.errstate(divide="ignore", invalid="ignore"):
                result = self.f(data, *args, **kwargs)
            mask = getmask(a)
        else:
            with np.errstate(divide="ignore", invalid="ignore"):
                result = self.f(data, *args, **kwargs)
            mask = ~umath.isfinite(result) | self.domain(data) | getmask(a)
        if not result.ndim:
            return _scalar(result, mask)
        if mask is not nomask:
            try:
                np.copyto(result, data, where=mask)
            except TypeError:  # the result is of another kind
                pass
        return _dress(result, mask, a)


class _MaskedBinaryOperation(_MaskedUFunc):
    """A function of two operands."""

    def __init__(self, mbfunc, fillx=0, filly=0):
        super().__init__(mbfunc)
        self.fillx, self.filly = fillx, filly
        ufunc_domain[mbfunc], ufunc_fills[mbfunc] = None, (fillx, filly)

    def __call__(self, a, b, *args, **kwargs):
        da, db = getdata(a), getdata(b)
        with np.errstate(divide="ignore", invalid="ignore"):
            result = self.f(da, db, *args, **kwargs)
        ma, mb = getmask(a), getmask(b)
        if ma is nomask and mb is nomask:
            mask = nomask
        else:
            mask = umath.logical_or(getmaskarray(a), getmaskarray(b))
        if not result.ndim:
            return _scalar(result, mask)
        if mask is not nomask and mask.any():
            try:
                np.copyto(result, da, casting="unsafe", where=mask)
            except Exception:  # data that no cast fits stays as computed
                pass
        return _dress(result, mask, a, b)

    def reduce(self, target, axis=0, dtype=None):
        """Reduce along an axis; masked elements do not count."""
        from numoxide.ma._array import MaskedArray, filled

        kind = type(target) if isinstance(target, MaskedArray) else MaskedArray
        mask, data = getmask(target), filled(target, self.filly)
        if data.shape == ():
            data = data.reshape(1)
            mask = mask if mask is nomask else mask.reshape(1)
        made = self.f.reduce(data, axis, dtype) if dtype is not None else self.f.reduce(data, axis)
        left = nomask if mask is nomask else umath.logical_and.reduce(mask, axis)
        if not getattr(made, "ndim", 0):
            return _scalar(made, left)
        made = made.view(kind)
        made._mask = left
        return made

    def outer(self, a, b):
        """Apply to every pair."""
        ma, mb = getmask(a), getmask(b)
        mask = nomask
        if ma is not nomask or mb is not nomask:
            mask = umath.logical_or.outer(getmaskarray(a), getmaskarray(b))
        da, db = getdata(a), getdata(b)
        made = self.f.outer(da, db)
        if not made.ndim:
            return _scalar(made, mask)
        if mask is not nomask:
            np.copyto(made, np.reshape(da, da.shape + (1,) * np.ndim(db)), casting="unsafe", where=mask)
        return _dress(made, mask, a, b)

    def accumulate(self, target, axis=0):
        """Accumulate along an axis; masked elements count as the identity."""
        from numoxide.ma._array import MaskedArray, filled

        kind = type(target) if isinstance(target, MaskedArray) else MaskedArray
        return self.f.accumulate(filled(target, self.filly), axis).view(kind)


class _DomainedBinaryOperation(_MaskedUFunc):
    """A function of two operands that is not defined everywhere."""

    def __init__(self, dbfunc, domain, fillx=0, filly=0):
        super().__init__(dbfunc)
        self.domain, self.fillx, self.filly = domain, fillx, filly
        ufunc_domain[dbfunc], ufunc_fills[dbfunc] = domain, (fillx, filly)

    def __call__(self, a, b, *args, **kwargs):
        da, db = getdata(a), getdata(b)
        with np.errstate(divide="ignore", invalid="ignore"):
            result = self.f(da, db, *args, **kwargs)
        mask = ~umath.isfinite(result)
        mask |= self.domain(da, db)
        mask |= getmask(a)
        mask |= getmask(b)
        if not mask.ndim:
            return _scalar(result, mask)
        try:
            np.copyto(result, 0, casting="unsafe", where=mask)
            kept = umath.multiply(mask, da)
            if np.can_cast(kept.dtype, result.dtype, casting="safe"):
                result += kept
        except TypeError:
            pass
        return _dress(result, mask, a, b)


def _unary(name, fill=0, domain=None):
    return _MaskedUnaryOperation(getattr(umath, name), fill, domain)


def _declare():
    scope = globals()
    for name in "exp conjugate sin cos arctan arcsinh sinh cosh tanh absolute fabs negative floor ceil logical_not".split():
        scope[name] = _unary(name)
    scope["abs"] = scope["absolute"]
    scope["around"] = _MaskedUnaryOperation(np.around)
    scope["angle"] = _MaskedUnaryOperation(np.angle)
    domains = {
        "sqrt": (0.0, _DomainGreaterEqual(0.0)), "log": (1.0, _DomainGreater(0.0)),
        "log2": (1.0, _DomainGreater(0.0)), "log10": (1.0, _DomainGreater(0.0)),
        "tan": (0.0, _DomainTan(1e-35)), "arcsin": (0.0, _DomainCheckInterval(-1.0, 1.0)),
        "arccos": (0.0, _DomainCheckInterval(-1.0, 1.0)), "arccosh": (1.0, _DomainGreaterEqual(1.0)),
        "arctanh": (0.0, _DomainCheckInterval(-1.0 + 1e-15, 1.0 - 1e-15)),
    }  # fmt: skip
    for name, (fill, domain) in domains.items():
        scope[name] = _unary(name, fill, domain)
    fills = {
        "add": (0, 0), "subtract": (0, 0), "multiply": (1, 1), "arctan2": (0.0, 1.0),
        "equal": (0, 0), "not_equal": (0, 0), "less_equal": (0, 0), "greater_equal": (0, 0),
        "less": (0, 0), "greater": (0, 0), "logical_and": (1, 1), "logical_or": (0, 0),
        "logical_xor": (0, 0), "bitwise_and": (0, 0), "bitwise_or": (0, 0),
        "bitwise_xor": (0, 0), "hypot": (0, 0),
    }  # fmt: skip
    for name, (x, y) in fills.items():
        scope[name] = _MaskedBinaryOperation(getattr(umath, name), x, y)
    for name in "equal not_equal less_equal greater_equal less greater".split():
        scope[name].reduce = None
    scope["alltrue"] = _MaskedBinaryOperation(umath.logical_and, 1, 1).reduce
    scope["sometrue"] = _MaskedBinaryOperation(umath.logical_or, 0, 0).reduce
    for name in "divide floor_divide remainder fmod".split():
        scope[name] = _DomainedBinaryOperation(getattr(umath, name), _DomainSafeDivide(), 0, 1)
    scope["true_divide"], scope["mod"] = scope["divide"], scope["remainder"]


_declare()
