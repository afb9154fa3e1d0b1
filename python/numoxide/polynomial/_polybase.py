"""The class of series with a domain, which each family completes with its functions."""

import abc
import numbers

import numoxide as np
from numoxide.polynomial import polyutils as pu
from numoxide.polynomial._printing import Printing

__all__ = ["ABCPolyBase"]

_OPERATIONS = "add sub mul div pow val int der fit line roots fromroots".split()


def _operation(function):
    """Declare a function on coefficients, which each family has its own of."""
    return staticmethod(abc.abstractmethod(function))


def _interval(value, name):
    """Read a domain or window."""
    [value] = pu.as_series([value], trim=False)
    if len(value) != 2:
        raise ValueError(f"{name} has wrong number of elements.")
    return value


def _intervals(kind, domain, window):
    """Fill in the domain and window of a family where none is given."""
    return kind.domain if domain is None else domain, kind.window if window is None else window


def _symbol(symbol):
    """Check the name of a variable."""
    try:
        valid = symbol.isidentifier()
    except AttributeError:
        raise TypeError("Symbol must be a non-empty string") from None
    if not valid:
        raise ValueError("Symbol string must be a valid Python identifier")
    return symbol


class ABCPolyBase(Printing, abc.ABC):
    """An immutable series in one variable, which is mapped from a domain to a window first."""

    __hash__ = None
    # Arrays leave operators with series to the series.
    __array_ufunc__ = None
    maxpower = 100

    def __init_subclass__(cls, basis=None, **keys):
        super().__init_subclass__(**keys)
        if basis is not None:
            for name in _OPERATIONS:
                setattr(cls, f"_{name}", staticmethod(getattr(basis, name)))

    @property
    def symbol(self):
        """The name of the variable."""
        return self._symbol

    @property
    @abc.abstractmethod
    def domain(self):
        """The interval that is mapped to the window."""

    @property
    @abc.abstractmethod
    def window(self):
        """The interval where the family is at home."""

    @property
    @abc.abstractmethod
    def basis_name(self):
        """The letter that stands for a polynomial of the family."""

    @_operation
    def _add(c1, c2):
        """Add two lists of coefficients."""

    @_operation
    def _sub(c1, c2):
        """Subtract coefficients."""

    @_operation
    def _mul(c1, c2):
        """Multiply two series."""

    @_operation
    def _div(c1, c2):
        """Divide series with remainder."""

    @_operation
    def _pow(c, pow, maxpower=None):
        """Raise a series to a power."""

    @_operation
    def _val(x, c):
        """Evaluate a series."""

    @_operation
    def _int(c, m, k, lbnd, scl):
        """Integrate a series."""

    @_operation
    def _der(c, m, scl):
        """Differentiate a series."""

    @_operation
    def _fit(x, y, deg, rcond, full):
        """Fit a series to points."""

    @_operation
    def _line(off, scl):
        """Make the series of a line."""

    @_operation
    def _roots(c):
        """Find the roots of a series."""

    @_operation
    def _fromroots(r):
        """Make the series with given roots."""

    def __init__(self, coef, domain=None, window=None, symbol="x"):
        [self.coef] = pu.as_series([coef], trim=False)
        if domain is not None:
            self.domain = _interval(domain, "Domain")
        if window is not None:
            self.window = _interval(window, "Window")
        self._symbol = _symbol(symbol)

    def _like(self, coef):
        """A series with these coefficients, else like this one."""
        return type(self)(coef, self.domain, self.window, self.symbol)

    def _get_coefficients(self, other):
        """The coefficients of a series that goes with this one; anything else as it is."""
        if not isinstance(other, ABCPolyBase):
            return other
        if not isinstance(other, self.__class__):
            raise TypeError("Polynomial types differ")
        if not self.has_samedomain(other):
            raise TypeError("Domains differ")
        if not self.has_samewindow(other):
            raise TypeError("Windows differ")
        if self.symbol != other.symbol:
            raise ValueError("Polynomial symbols differ")
        return other.coef

    def _combine(self, function, c1, c2):
        """A series of what `function` makes of coefficients; what it cannot take is left to the other operand."""
        try:
            coef = function(c1, c2)
        except Exception:
            return NotImplemented
        return self._like(coef)

    def _quotient(self, c1, c2):
        """Quotient and remainder; what cannot be divided is left to the other operand."""
        try:
            quo, rem = self._div(c1, c2)
        except ZeroDivisionError:
            raise
        except Exception:
            return NotImplemented
        return self._like(quo), self._like(rem)

    def __getstate__(self):
        state = self.__dict__.copy()
        state["coef"] = self.coef.copy()
        state["domain"] = self.domain.copy()
        state["window"] = self.window.copy()
        state["symbol"] = self.symbol
        return state

    def __setstate__(self, dict):
        self.__dict__ = dict

    def __call__(self, arg):
        return self._val(pu.mapdomain(arg, self.domain, self.window), self.coef)

    def __iter__(self):
        return iter(self.coef)

    def __len__(self):
        return len(self.coef)

    def __neg__(self):
        return self._like(-self.coef)

    def __pos__(self):
        return self

    def __add__(self, other):
        return self._combine(self._add, self.coef, self._get_coefficients(other))

    def __sub__(self, other):
        return self._combine(self._sub, self.coef, self._get_coefficients(other))

    def __mul__(self, other):
        return self._combine(self._mul, self.coef, self._get_coefficients(other))

    def __truediv__(self, other):
        if not isinstance(other, numbers.Number) or isinstance(other, bool):
            raise TypeError(f"unsupported types for true division: '{type(self)}', '{type(other)}'")
        return self.__floordiv__(other)

    def __floordiv__(self, other):
        both = self.__divmod__(other)
        return both if both is NotImplemented else both[0]

    def __mod__(self, other):
        both = self.__divmod__(other)
        return both if both is NotImplemented else both[1]

    def __divmod__(self, other):
        return self._quotient(self.coef, self._get_coefficients(other))

    def __pow__(self, other):
        return self._like(self._pow(self.coef, other, maxpower=self.maxpower))

    def __radd__(self, other):
        return self._combine(self._add, other, self.coef)

    def __rsub__(self, other):
        return self._combine(self._sub, other, self.coef)

    def __rmul__(self, other):
        return self._combine(self._mul, other, self.coef)

    def __rtruediv__(self, other):
        return NotImplemented

    def __rfloordiv__(self, other):
        both = self.__rdivmod__(other)
        return both if both is NotImplemented else both[0]

    def __rmod__(self, other):
        both = self.__rdivmod__(other)
        return both if both is NotImplemented else both[1]

    def __rdivmod__(self, other):
        return self._quotient(other, self.coef)

    def __eq__(self, other):
        return (
            isinstance(other, self.__class__)
            and self.has_samedomain(other)
            and self.has_samewindow(other)
            and self.has_samecoef(other)
            and self.symbol == other.symbol
        )

    def __ne__(self, other):
        return not self.__eq__(other)

    def has_samecoef(self, other):
        """Say whether another series has the same coefficients."""
        return len(self.coef) == len(other.coef) and np.all(self.coef == other.coef)

    def has_samedomain(self, other):
        """Say whether another series has the same domain."""
        return np.all(self.domain == other.domain)

    def has_samewindow(self, other):
        """Say whether another series has the same window."""
        return np.all(self.window == other.window)

    def has_sametype(self, other):
        """Say whether another series is of the same family."""
        return isinstance(other, self.__class__)

    def copy(self):
        """Copy the series."""
        return self._like(self.coef)

    def degree(self):
        """Tell the degree, zeros at the end included.

        >>> np.polynomial.Polynomial([1, 2, 0]).degree()
        2
        """
        return len(self) - 1

    def cutdeg(self, deg):
        """Leave out what is of higher degree than `deg`.

        >>> np.polynomial.Polynomial([1, 2, 3]).cutdeg(1).coef
        array([1., 2.])
        """
        return self.truncate(deg + 1)

    def truncate(self, size):
        """Keep the first `size` coefficients.

        >>> np.polynomial.Polynomial([1, 2, 3]).truncate(2).coef
        array([1., 2.])
        """
        length = int(size)
        if length != size or length < 1:
            raise ValueError("size must be a positive integer")
        return self._like(self.coef[:length])

    def trim(self, tol=0):
        """Leave out the last coefficients that are no larger than `tol`.

        >>> np.polynomial.Polynomial([1, 2, 0]).trim().coef
        array([1., 2.])
        """
        return self._like(pu.trimcoef(self.coef, tol))

    def convert(self, domain=None, kind=None, window=None):
        """Write the series in another family, domain or window.

        >>> np.polynomial.Polynomial([0, 0, 2]).convert(kind=np.polynomial.Chebyshev).coef
        array([1., 0., 1.])
        """
        if kind is None:
            kind = self.__class__
        domain, window = _intervals(kind, domain, window)
        return self(kind.identity(domain, window=window, symbol=self.symbol))

    def mapparms(self):
        """Find offset and scale of the map from the domain to the window."""
        return pu.mapparms(self.domain, self.window)

    def integ(self, m=1, k=[], lbnd=None):
        """Integrate `m` times from `lbnd` on, with constants `k`.

        >>> np.polynomial.Polynomial([0, 2]).integ().coef
        array([0., 0., 1.])
        """
        off, scl = self.mapparms()
        lbnd = 0 if lbnd is None else off + scl * lbnd
        return self._like(self._int(self.coef, m, k, lbnd, 1.0 / scl))

    def deriv(self, m=1):
        """Differentiate `m` times.

        >>> np.polynomial.Polynomial([0, 0, 1]).deriv().coef
        array([0., 2.])
        """
        _, scl = self.mapparms()
        return self._like(self._der(self.coef, m, scl))

    def roots(self):
        """Find the roots; those far from the domain are less exact.

        >>> np.polynomial.Polynomial([2, -1]).roots()
        array([2.])
        """
        return pu.mapdomain(self._roots(self.coef), self.window, self.domain)

    def linspace(self, n=100, domain=None):
        """Take n equally spaced points of a domain, and the values there.

        >>> np.polynomial.Polynomial([1, 2]).linspace(2)
        (array([-1.,  1.]), array([-1.,  3.]))
        """
        if domain is None:
            domain = self.domain
        x = np.linspace(domain[0], domain[1], n)
        return x, self(x)

    @classmethod
    def fit(
        cls, x, y, deg, domain=None, rcond=None, full=False, w=None, window=None, symbol="x"
    ):
        """Fit a series to points by least squares; its domain covers the points if none is given.

        >>> np.polynomial.Polynomial.fit([0, 1, 2], [1, 3, 5], 1).convert().coef.round(8)
        array([1., 2.])
        """
        if domain is None:
            domain = pu.getdomain(x)
            if domain[0] == domain[1]:
                domain[0] -= 1
                domain[1] += 1
        elif type(domain) is list and len(domain) == 0:
            domain = None
        domain, window = _intervals(cls, domain, window)
        points = pu.mapdomain(x, domain, window)
        result = cls._fit(points, y, deg, w=w, rcond=rcond, full=full)
        if not full:
            return cls(result, domain=domain, window=window, symbol=symbol)
        coef, status = result
        return cls(coef, domain=domain, window=window, symbol=symbol), status

    @classmethod
    def fromroots(cls, roots, domain=[], window=None, symbol="x"):
        """Make the series with given roots.

        >>> np.polynomial.Polynomial.fromroots([1, 2]).coef
        array([ 2., -3.,  1.])
        """
        [roots] = pu.as_series([roots], trim=False)
        if domain is None:
            domain = pu.getdomain(roots)
        elif type(domain) is list and len(domain) == 0:
            domain = None
        domain, window = _intervals(cls, domain, window)
        off, scl = pu.mapparms(domain, window)
        coef = cls._fromroots(off + scl * roots) / scl ** len(roots)
        return cls(coef, domain=domain, window=window, symbol=symbol)

    @classmethod
    def identity(cls, domain=None, window=None, symbol="x"):
        """Make the series whose values are its arguments.

        >>> np.polynomial.Polynomial.identity().coef
        array([0., 1.])
        """
        domain, window = _intervals(cls, domain, window)
        off, scl = pu.mapparms(window, domain)
        return cls(cls._line(off, scl), domain, window, symbol)

    @classmethod
    def basis(cls, deg, domain=None, window=None, symbol="x"):
        """Make the polynomial of a degree of the family.

        >>> np.polynomial.Legendre.basis(2).coef
        array([0., 0., 1.])
        """
        domain, window = _intervals(cls, domain, window)
        degree = int(deg)
        if degree != deg or degree < 0:
            raise ValueError("deg must be non-negative integer")
        return cls([0] * degree + [1], domain, window, symbol)

    @classmethod
    def cast(cls, series, domain=None, window=None):
        """Convert a series to this family.

        >>> np.polynomial.Chebyshev.cast(np.polynomial.Polynomial([0, 0, 2])).coef
        array([1., 0., 1.])
        """
        domain, window = _intervals(cls, domain, window)
        return series.convert(domain, cls, window)
