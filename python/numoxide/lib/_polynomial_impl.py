"""Polynomials with the highest power first: the older of the two interfaces."""

import re
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import all as _all
from numoxide._core.fromnumeric import nonzero, ravel
from numoxide._core.multiarray import array, asarray
from numoxide._core.numeric import convolve, isscalar, ones, zeros_like
from numoxide._core.overrides import public, set_module
from numoxide._core.shape_base import atleast_1d, hstack
from numoxide.exceptions import RankWarning
from numoxide.lib._edit_impl import trim_zeros
from numoxide.lib._type_check_impl import imag, iscomplex, mintypecode, real

__all__ = [
    "poly", "roots", "polyint", "polyder", "polyadd", "polysub", "polymul", "polydiv", "polyval",
    "poly1d", "polyfit",
]  # fmt: skip


def _check_iterable(values):
    """Refuse a number in the words of the protocol, which looks for overrides among the items."""
    try:
        iter(values)
    except TypeError:
        raise TypeError("dispatcher for __array_function__ did not return an iterable") from None


@public("seq_of_zeros")
def poly(seq_of_zeros):
    """Find the polynomial with given roots, or the characteristic polynomial of a matrix.

    >>> np.poly([1, 2])
    array([ 1., -3.,  2.])
    """
    _check_iterable(seq_of_zeros)
    zeros = atleast_1d(seq_of_zeros)
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] and zeros.shape[0] != 0:
        from numoxide.linalg import eigvals

        zeros = eigvals(zeros)
    elif zeros.ndim == 1:
        if zeros.dtype != object:
            zeros = zeros.astype(mintypecode(zeros.dtype.char))
    else:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    if len(zeros) == 0:
        return 1.0
    kind = zeros.dtype
    a = ones((1,), dtype=kind)
    for zero in zeros:
        a = convolve(a, array([1, -zero], dtype=kind), mode="full")
    if issubclass(a.dtype.type, nt.complexfloating):
        # Conjugate pairs of roots make real coefficients.
        roots = asarray(zeros, complex)
        ordered, mirrored = roots.copy(), roots.conjugate()
        ordered.sort()
        mirrored.sort()
        if _all(ordered == mirrored):
            a = a.real.copy()
    return a


@public("p")
def roots(p):
    """Find the roots of a polynomial, as eigenvalues of its companion matrix.

    >>> np.roots([1, -3, 2]).round(8)
    array([2., 1.])
    """
    _check_iterable(p)
    p = atleast_1d(p)
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    kept = nonzero(ravel(p))[0]
    if len(kept) == 0:
        return array([])
    # Zeros at the end are roots at zero.
    trailing = len(p) - kept[-1] - 1
    p = p[int(kept[0]) : int(kept[-1]) + 1]
    if not issubclass(p.dtype.type, (nt.floating, nt.complexfloating)):
        p = p.astype(float)
    n = len(p)
    if n > 1:
        from numoxide.lib._twodim_base_impl import diag
        from numoxide.linalg import eigvals

        companion = diag(ones((n - 2,), p.dtype), -1)
        companion[0, :] = -p[1:] / p[0]
        found = eigvals(companion)
    else:
        found = array([])
    return hstack((found, _nx.zeros(trailing, found.dtype)))


@public("p")
def polyint(p, m=1, k=None):
    """Integrate a polynomial `m` times.

    >>> np.polyint([2, 1])
    array([1., 1., 0.])
    """
    m = int(m)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    k = _nx.zeros(m, float) if k is None else atleast_1d(k)
    if len(k) == 1 and m > 1:
        k = k[0] * ones(m, float)
    if len(k) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    truepoly = isinstance(p, poly1d)
    p = asarray(p)
    for i in range(m):
        p = _nx.concatenate((p.__truediv__(_nx.arange(len(p), 0, -1)), [k[i]]))
    return poly1d(p) if truepoly else p


@public("p")
def polyder(p, m=1):
    """Differentiate a polynomial `m` times.

    >>> np.polyder([1, 2, 3])
    array([2, 2])
    """
    m = int(m)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    truepoly = isinstance(p, poly1d)
    p = asarray(p)
    for _ in range(m):
        n = len(p) - 1
        p = p[:-1] * _nx.arange(n, 0, -1)
    return poly1d(p) if truepoly else p


@public("x", "y", "w")
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Fit a polynomial to points by least squares.

    >>> np.polyfit([0, 1, 2], [1, 3, 5], 1).round(8)
    array([2., 1.])
    """
    order = int(deg) + 1
    x, y = asarray(x) + 0.0, asarray(y) + 0.0
    if deg < 0:
        raise ValueError("expected deg >= 0")
    for wrong, text in (
        (x.ndim != 1, "expected 1D vector for x"),
        (x.size == 0, "expected non-empty vector for x"),
        (y.ndim not in (1, 2), "expected 1D or 2D array for y"),
        (x.shape[:1] != y.shape[:1], "expected x and y to have same length"),
    ):
        if wrong:
            raise TypeError(text)
    from numoxide._core.getlimits import finfo
    from numoxide.lib._twodim_base_impl import vander
    from numoxide.linalg import inv, lstsq

    if rcond is None:
        rcond = len(x) * finfo(x.dtype).eps
    lhs, rhs = vander(x, order), y
    if w is not None:
        w = asarray(w) + 0.0
        if w.ndim != 1:
            raise TypeError("expected a 1-d array for weights")
        if w.shape[0] != y.shape[0]:
            raise TypeError("expected w and y to have the same length")
        lhs *= w[:, None]
        rhs *= w[:, None] if rhs.ndim == 2 else w
    # Columns of unit norm make the problem better conditioned.
    scale = um.sqrt((lhs * lhs).sum(axis=0))
    lhs /= scale
    c, resids, rank, s = lstsq(lhs, rhs, rcond)
    c = (c.T / scale).T
    if rank != order and not full:
        warnings.warn("Polyfit may be poorly conditioned", RankWarning, stacklevel=3)
    if full:
        return c, resids, rank, s, rcond
    if cov:
        return c, _fit_covariance(inv(_nx.dot(lhs.T, lhs)), scale, resids, x, y, order, cov)
    return c


def _fit_covariance(base, scale, resids, x, y, order, cov):
    """Scale the inverse normal matrix to the covariance of the coefficients."""
    base /= um.multiply.outer(scale, scale)
    if cov == "unscaled":
        factor = 1
    else:
        if len(x) <= order:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        factor = resids / (len(x) - order)
    return base * factor if y.ndim == 1 else base[:, :, None] * factor


@public("p", "x")
def polyval(p, x):
    """Evaluate a polynomial by Horner's rule; `x` may be a polynomial itself.

    >>> np.polyval([1, 2, 3], [0, 1])
    array([3, 6])
    """
    p = asarray(p)
    if isinstance(x, poly1d):
        y = 0
    else:
        x = _nx.asanyarray(x)
        y = zeros_like(x)
    for coefficient in p:
        y = y * x + coefficient
    return y


def _aligned(a1, a2):
    """Bring two polynomials to one length with zeros in front."""
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    a1, a2 = atleast_1d(a1), atleast_1d(a2)
    gap = len(a2) - len(a1)
    if gap > 0:
        a1 = _nx.concatenate((_nx.zeros(gap, a1.dtype), a1))
    elif gap < 0:
        a2 = _nx.concatenate((_nx.zeros(-gap, a2.dtype), a2))
    return a1, a2, truepoly


@public("a1", "a2")
def polyadd(a1, a2):
    """Add two polynomials.

    >>> np.polyadd([1, 2], [1, 0, 0])
    array([1, 1, 2])
    """
    a1, a2, truepoly = _aligned(a1, a2)
    return poly1d(a1 + a2) if truepoly else a1 + a2


@public("a1", "a2")
def polysub(a1, a2):
    """Subtract two polynomials.

    >>> np.polysub([1, 2], [1, 0, 0])
    array([-1,  1,  2])
    """
    a1, a2, truepoly = _aligned(a1, a2)
    return poly1d(a1 - a2) if truepoly else a1 - a2


@public("a1", "a2")
def polymul(a1, a2):
    """Multiply two polynomials.

    >>> np.polymul([1, 2], [1, -2])
    array([ 1,  0, -4])
    """
    truepoly = isinstance(a1, poly1d) or isinstance(a2, poly1d)
    a1, a2 = poly1d(a1), poly1d(a2)
    product = convolve(a1, a2)
    return poly1d(product) if truepoly else product


@public("u", "v")
def polydiv(u, v):
    """Divide polynomials with remainder.

    >>> np.polydiv([1, 0, -3], [1, 2])
    (array([ 1., -2.]), array([1.]))
    """
    truepoly = isinstance(u, poly1d) or isinstance(v, poly1d)
    u, v = atleast_1d(u) + 0.0, atleast_1d(v) + 0.0
    kind = (u[0] + v[0]).dtype
    m, n = len(u) - 1, len(v) - 1
    scale = 1.0 / v[0]
    q = _nx.zeros((max(m - n + 1, 1),), kind)
    r = u.astype(kind)
    for k in range(m - n + 1):
        d = scale * r[k]
        q[k] = d
        r[k : k + n + 1] -= d * v
    from numoxide._core.numeric import allclose

    while allclose(r[0], 0, rtol=1e-14) and r.shape[-1] > 1:
        r = r[1:]
    return (poly1d(q), poly1d(r)) if truepoly else (q, r)


def _raise_power(text, wrap=70):
    """Put the exponents, written as ``**n``, on a line above."""
    output, line1, line2, start = " ", "", "", 0
    for match in re.finditer(r"\*\*([0-9]*)", text):
        before, power = text[start : match.start()], match.group(1)
        start = match.end()
        # An exponent stands over the blank behind its variable.
        above = " " * (len(before) - 1) + power
        below = before + " " * (len(power) - 1)
        if len(line2) + len(above) > wrap or len(line1) + len(below) > wrap:
            output += line1 + "\n" + line2 + "\n "
            line1, line2 = above, below
        else:
            line1, line2 = line1 + above, line2 + below
    return output + line1 + "\n" + line2 + text[start:]


@set_module("numpy")
class poly1d:
    """A polynomial in one variable, the highest power first.

    >>> np.poly1d([1, 0, 2])(3)
    np.int64(11)
    """

    __hash__ = None

    def __init__(self, c_or_r, r=False, variable=None):
        if isinstance(c_or_r, poly1d):
            self._variable = c_or_r._variable
            self._coeffs = c_or_r._coeffs
            if set(c_or_r.__dict__) - set(self.__dict__):
                warnings.warn(
                    "In the future extra properties will not be copied across when constructing "
                    "one poly1d from another",
                    FutureWarning,
                    stacklevel=2,
                )
                self.__dict__.update(c_or_r.__dict__)
            if variable is not None:
                self._variable = variable
            return
        coefficients = atleast_1d(poly(c_or_r) if r else c_or_r)
        if coefficients.ndim > 1:
            raise ValueError("Polynomial must be 1d only.")
        trimmed = trim_zeros(coefficients, trim="f")
        self._coeffs = trimmed if len(trimmed) else array([0], dtype=trimmed.dtype)
        self._variable = "x" if variable is None else variable

    # The attribute is named like the property, for NumPy's pickles.
    @property
    def _coeffs(self):
        return self.__dict__["coeffs"]

    @_coeffs.setter
    def _coeffs(self, coeffs):
        self.__dict__["coeffs"] = coeffs

    @property
    def coeffs(self):
        """The coefficients, the highest power first."""
        return self._coeffs

    @coeffs.setter
    def coeffs(self, value):
        # In-place operators assign the same array back.
        if value is not self._coeffs:
            raise AttributeError("Cannot set attribute")

    c = coef = coefficients = coeffs

    @property
    def variable(self):
        """The name of the variable."""
        return self._variable

    @property
    def order(self):
        """The degree."""
        return len(self._coeffs) - 1

    o = order

    @property
    def roots(self):
        """The roots."""
        return roots(self._coeffs)

    r = roots

    def __array__(self, t=None, copy=None):
        return array(self.coeffs, t, copy=copy)

    def __repr__(self):
        return f"poly1d({repr(self.coeffs)[6:-1]})"

    def __len__(self):
        return self.order

    def __str__(self):
        coefficients = self.coeffs[um.logical_or.accumulate(self.coeffs != 0)]
        top = len(coefficients) - 1
        text = ""
        for k, value in enumerate(coefficients):
            text = _append_term(text, _number_text(value), top - k, top == 0, self.variable)
        return _raise_power(text or "0")

    def __pos__(self):
        return self

    def __neg__(self):
        return poly1d(-self.coeffs)

    def __call__(self, val):
        return polyval(self.coeffs, val)

    def __mul__(self, other):
        mine = self.coeffs
        return poly1d(mine * other if isscalar(other) else polymul(mine, poly1d(other).coeffs))

    def __rmul__(self, other):
        mine = self.coeffs
        return poly1d(other * mine if isscalar(other) else polymul(mine, poly1d(other).coeffs))

    def __add__(self, other):
        return poly1d(polyadd(self.coeffs, poly1d(other).coeffs))

    __radd__ = __add__

    def __sub__(self, other):
        return poly1d(polysub(self.coeffs, poly1d(other).coeffs))

    def __rsub__(self, other):
        return poly1d(polysub(poly1d(other).coeffs, self.coeffs))

    def __pow__(self, val):
        if not isscalar(val) or int(val) != val or val < 0:
            raise ValueError("Power to non-negative integers only.")
        result = [1]
        for _ in range(val):
            result = polymul(self.coeffs, result)
        return poly1d(result)

    def __truediv__(self, other):
        if isscalar(other):
            return poly1d(self.coeffs / other)
        return polydiv(self, poly1d(other))

    def __rtruediv__(self, other):
        if isscalar(other):
            return poly1d(other / self.coeffs)
        return polydiv(poly1d(other), self)

    __div__, __rdiv__ = __truediv__, __rtruediv__

    def __eq__(self, other):
        if isinstance(other, poly1d):
            mine, theirs = self.coeffs, other.coeffs
            return mine.shape == theirs.shape and (mine == theirs).all()
        return NotImplemented

    def __ne__(self, other):
        same = self.__eq__(other)
        return same if same is NotImplemented else not same

    def __getitem__(self, val):
        at = self.order - val
        if val > self.order or val < 0:
            return self.coeffs.dtype.type(0)
        return self.coeffs[at]

    def __setitem__(self, key, val):
        at = self.order - key
        if key < 0:
            raise ValueError("Does not support negative powers.")
        if key > self.order:
            self._coeffs = _nx.concatenate(
                (_nx.zeros(key - self.order, self.coeffs.dtype), self.coeffs)
            )
            at = 0
        self._coeffs[at] = val

    def __iter__(self):
        return iter(self.coeffs)

    def integ(self, m=1, k=0):
        """Integrate `m` times."""
        return poly1d(polyint(self.coeffs, m=m, k=k))

    def deriv(self, m=1):
        """Differentiate `m` times."""
        return poly1d(polyder(self.coeffs, m=m))


def _number_text(value):
    """Write a coefficient with four digits."""

    def short(number):
        text = f"{number:.4g}"
        return text[:-5] if text.endswith(".0000") else text

    if iscomplex(value):
        if real(value) == 0:
            return f"{short(imag(value))}j"
        return f"({short(real(value))} + {short(imag(value))}j)"
    return short(real(value))


def _append_term(text, coefficient, power, alone, variable):
    """Add one term to the text of a polynomial."""
    if power == 0:
        term = coefficient if coefficient != "0" or alone else ""
    elif coefficient == "0":
        term = ""
    else:
        symbol = variable if power == 1 else f"{variable}**{power}"
        term = f"{coefficient} {symbol}"
    if not text:
        return term
    if not term:
        return text
    if term.startswith("-"):
        return f"{text} - {term[1:]}"
    return f"{text} + {term}"

