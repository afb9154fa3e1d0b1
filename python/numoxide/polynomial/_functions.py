"""The functions that every family has, made from its basis.

Each maker defines functions under their short names; `publish` gives them the family's names and puts them into its
module. What a module defines itself under such a name stays as it is.
"""

import builtins

import numoxide as np
from numoxide._home import home
from numoxide.lib.array_utils import normalize_axis_index
from numoxide.polynomial import polyutils as pu


def _arithmetic(basis):
    def line(off, scl):
        """Make the series of the line ``off + scl*x``.

        >>> np.polynomial.{module}.{name}(3, 0)
        array([3])
        """
        if scl == 0:
            return np.array([off])
        return np.array([off + scl if basis.constant else off, basis.slope(scl)])

    def add(c1, c2):
        """Add two {kind} series.

        >>> np.polynomial.{module}.{name}([1, 2], [3])
        array([4., 2.])
        """
        return pu._add(c1, c2)

    def sub(c1, c2):
        """Subtract a {kind} series from another.

        >>> np.polynomial.{module}.{name}([1, 2], [3])
        array([-2.,  2.])
        """
        return pu._sub(c1, c2)

    def div(c1, c2):
        """Divide {kind} series with remainder.

        >>> np.polynomial.{module}.{name}([2, 4, 6], 2)
        (array([1., 2., 3.]), array([0.]))
        """
        return pu._div(basis.mul, c1, c2)

    def pow(c, pow, maxpower=16):
        """Raise a {kind} series to a power.

        >>> np.polynomial.{module}.{name}([3], 2)
        array([9.])
        """
        return pu._pow(basis.mul, c, pow, maxpower)

    return line, add, sub, div, pow


def _products(basis):
    def mulx(c):
        """Multiply a {kind} series by x.

        >>> series = np.polynomial.{module}.{name}([1, 2, 3])
        >>> bool(np.isclose(np.polynomial.{module}.{prefix}val(2, series), 2 * np.polynomial.{module}.{prefix}val(2, [1, 2, 3])))
        True
        """
        [c] = pu.as_series([c])
        if len(c) == 1 and c[0] == 0:
            return c
        product = np.empty(len(c) + 1, dtype=c.dtype)
        product[0] = c[0] if basis.constant else c[0] * 0
        product[1] = basis.slope(c[0])
        if len(c) == 1:
            return product
        rest, i = c[1:], pu._counter(c, 1, len(c))
        product[2:], level, down = basis.times_x(rest, i)
        if level is not None:
            product[1:-1] += level
        if down is not None:
            product[:-2] += down
        return product

    def mul(c1, c2):
        """Multiply two {kind} series.

        >>> np.polynomial.{module}.{name}([1, 2, 3], [2])
        array([2., 4., 6.])
        """
        [c1, c2] = pu.as_series([c1, c2])
        c, series = (c2, c1) if len(c1) > len(c2) else (c1, c2)
        return basis.series(basis.mulx, lambda i: c[i] * series, len(c))

    def fromroots(roots):
        """Make the {kind} series with given roots whose leading power of x has the coefficient 1.

        >>> series = np.polynomial.{module}.{name}([1, 2])
        >>> bool(np.allclose(np.polynomial.{module}.{prefix}val(np.array([1, 2]), series), 0))
        True
        """
        return pu._fromroots(basis.line, basis.mul, roots)

    return mulx, mul, fromroots


def _evaluation(basis):
    value = basis.value

    def val(x, c, tensor=True):
        """Evaluate a {kind} series at points x; more axes of `c` hold more series.

        >>> float(np.polynomial.{module}.{name}(0.5, [3]))
        3.0
        """
        return pu._evaluate(value, x, c, tensor)

    def val2d(x, y, c):
        """Evaluate a {kind} series in two variables at the points (x, y).

        >>> float(np.polynomial.{module}.{name}(0.5, 2, [[3]]))
        3.0
        """
        return pu._valnd(basis.val, c, x, y)

    def grid2d(x, y, c):
        """Evaluate a {kind} series in two variables on the grid of all x and y.

        >>> np.polynomial.{module}.{name}([0, 1], [2, 3], [[3]])
        array([[3., 3.],
               [3., 3.]])
        """
        return pu._gridnd(basis.val, c, x, y)

    def val3d(x, y, z, c):
        """Evaluate a {kind} series in three variables at the points (x, y, z).

        >>> float(np.polynomial.{module}.{name}(0.5, 2, 1, [[[3]]]))
        3.0
        """
        return pu._valnd(basis.val, c, x, y, z)

    def grid3d(x, y, z, c):
        """Evaluate a {kind} series in three variables on the grid of all x, y and z.

        >>> np.polynomial.{module}.{name}([0, 1], [2, 3], [4], [[[3]]]).shape
        (2, 2, 1)
        """
        return pu._gridnd(basis.val, c, x, y, z)

    return val, val2d, grid2d, val3d, grid3d


def _matrices(basis):
    def vander(x, deg):
        """Make the matrix of the {kind} polynomials of degree 0 to `deg` at points x.

        >>> np.polynomial.{module}.{name}([0.5, 2], 0)
        array([[1.],
               [1.]])
        """
        degree = pu._as_int(deg, "deg")
        if degree < 0:
            raise ValueError("deg must be non-negative")
        x = np.array(x, copy=None, ndmin=1) + 0.0
        rows = np.empty((degree + 1, *x.shape), dtype=x.dtype)
        rows[0] = x * 0 + 1
        basis.fill(rows, x)
        return np.moveaxis(rows, 0, -1)

    def vander2d(x, y, deg):
        """Make the matrix of the products of {kind} polynomials in two variables, to the degrees `deg`.

        >>> np.polynomial.{module}.{name}([0.5], [2], (0, 0))
        array([[1.]])
        """
        return pu._vander_nd_flat((basis.vander, basis.vander), (x, y), deg)

    def vander3d(x, y, z, deg):
        """Make the matrix of the products of {kind} polynomials in three variables, to the degrees `deg`.

        >>> np.polynomial.{module}.{name}([0.5], [2], [1], (0, 1, 1)).shape
        (1, 4)
        """
        return pu._vander_nd_flat((basis.vander,) * 3, (x, y, z), deg)

    def fit(x, y, deg, rcond=None, full=False, w=None):
        """Fit a {kind} series to points by least squares.

        >>> series = np.polynomial.{module}.{name}([0, 1, 2], [1, 3, 5], 1)
        >>> bool(np.isclose(np.polynomial.{module}.{prefix}val(3, series), 7))
        True
        """
        return pu._fit(basis.vander, x, y, deg, rcond, full, w)

    return vander, vander2d, vander3d, fit


def _steps(c, count, axis, what):
    """Check the arguments that derivative and integral share; the number of steps and the axis."""
    count = pu._as_int(count, f"the order of {what}")
    axis = pu._as_int(axis, "the axis")
    if count < 0:
        raise ValueError(f"The order of {what} must be non-negative")
    return count, axis


def _front(c, axis):
    """A view with an axis moved to the front."""
    return c.transpose() if c.ndim == 1 else np.moveaxis(c, axis, 0)


def _back(c, axis):
    """A view with the first axis moved to its place."""
    return c.transpose() if c.ndim == 1 else np.moveaxis(c, 0, axis)


def _calculus(basis):
    def der(c, m=1, scl=1, axis=0):
        """Differentiate a {kind} series `m` times, and multiply by `scl` each time.

        >>> np.polynomial.{module}.{name}([5])
        array([0.])
        """
        c = pu._coefficients(c, copy=True)
        count, axis = _steps(c, m, axis, "derivation")
        axis = normalize_axis_index(axis, c.ndim)
        if count == 0:
            return c
        c = _front(c, axis)
        if count >= len(c):
            zero = c[:1] * 0
            return zero if basis.zero_stays else _back(zero, axis)
        for _ in range(count):
            c *= scl
            c = _derivative(basis, c)
        return _back(c, axis)

    def int(c, m=1, k=[], lbnd=0, scl=1, axis=0):
        """Integrate a {kind} series `m` times from `lbnd` on, with constants `k`, multiplied by `scl` each time.

        >>> series = np.polynomial.{module}.{name}([2], lbnd=1)
        >>> float(np.polynomial.{module}.{prefix}val(3, series))
        4.0
        """
        c = pu._coefficients(c, copy=True)
        constants = list(k) if np.iterable(k) else [k]
        count, axis = _steps(c, m, axis, "integration")
        if len(constants) > count:
            raise ValueError("Too many integration constants")
        for value, name in ((lbnd, "lbnd"), (scl, "scl")):
            if type(value) not in (float, builtins.int) and np.ndim(value) != 0:
                raise ValueError(f"{name} must be a scalar.")
        axis = normalize_axis_index(axis, c.ndim)
        if count == 0:
            return c
        c = _front(c, axis)
        for constant in constants + [0] * (count - len(constants)):
            c *= scl
            if len(c) == 1 and np.all(c[0] == 0):
                c[0] += constant
            else:
                c = _integral(basis, c)
                c[0] += constant - basis.val(lbnd, c)
        return _back(c, axis)

    return der, int


def _derivative(basis, c):
    """The derivative of a series of more than one coefficient, which is overwritten."""
    result = np.empty((len(c) - 1, *c.shape[1:]), dtype=c.dtype)
    if not basis.reach:
        result[...] = basis.lead(c[1:], pu._counter(c, 1, len(c)))
        return result
    for j in range(len(c) - 1, 0, -1):
        result[j - 1] = basis.lead(c[j], j)
        if j > basis.reach:
            c[j - basis.reach] += basis.fold(c[j], j)
    return result


def _integral(basis, c):
    """An integral of a series."""
    result = np.empty((len(c) + 1, *c.shape[1:]), dtype=c.dtype)
    result[0] = c[0] if basis.constant else c[0] * 0
    result[1] = basis.slope(c[0])
    if len(c) > 1:
        result[2:] = basis.rise(c[1:], pu._counter(c, 1, len(c)))
        if basis.constant:
            result[1:-1] += c[1:]
        if len(c) > 2:
            lack = basis.sink(c[2:], pu._counter(c, 2, len(c)))
            if lack is not None:
                result[1:-2] -= lack
    return result


def _roots(basis):
    def companion(c):
        """Make the scaled companion matrix of a {kind} series: its eigenvalues are the roots.

        >>> np.polynomial.{module}.{name}([0, 1, 2]).shape
        (2, 2)
        """
        [c] = pu.as_series([c])
        if len(c) < 2:
            raise ValueError("Series must have maximum degree of at least 1.")
        if len(c) == 2:
            return np.array([[basis.linear_root(c)]])
        n = len(c) - 1
        matrix = np.zeros((n, n), dtype=c.dtype)
        flat = matrix.reshape(-1)
        diagonal, above, below, last = basis.matrix(c, n)
        flat[:: n + 1], flat[1 :: n + 1], flat[n :: n + 1] = diagonal, above, below
        matrix[:, -1] -= last
        return matrix

    def roots(c):
        """Find the roots of a {kind} series, in order.

        >>> series = np.polynomial.{module}.{prefix}fromroots([1, 2])
        >>> bool(np.allclose(np.polynomial.{module}.{name}(series), [1, 2]))
        True
        """
        [c] = pu.as_series([c])
        if len(c) < 2:
            return np.array([], dtype=c.dtype)
        if len(c) == 2:
            return np.array([basis.linear_root(c)])
        found = np.linalg.eigvals(basis.rotate(basis.companion(c)))
        found.sort()
        return found

    return companion, roots


_MAKERS = _arithmetic, _products, _evaluation, _matrices, _calculus, _roots


def _conversions(basis):
    """The functions from and to power series, under their full names."""
    from numoxide.polynomial.polynomial import polymulx

    def to_power(c):
        """Convert a {kind} series to a power series.

        >>> np.polynomial.{module}.{name}([3])
        array([3.])
        """
        [c] = pu.as_series([c])
        if len(c) == 1:
            return c
        result = basis.linear_to_power(c) if len(c) == 2 else None
        return basis.series(polymulx, c.__getitem__, len(c)) if result is None else result

    def from_power(pol):
        """Convert a power series to a {kind} series.

        >>> np.polynomial.{module}.{name}([3])
        array([3.])
        """
        [pol] = pu.as_series([pol])
        result = 0
        for coefficient in pol[::-1]:
            result = basis.add(basis.mulx(result), coefficient)
        return result

    return {f"{basis.prefix}2poly": to_power, f"poly2{basis.prefix}": from_power}


def _named(function, name, basis):
    """Give a function the name, the module and the documentation that it has in a family."""
    function.__name__ = function.__qualname__ = name
    function.__module__ = home(f"numpy.polynomial.{basis.module}")
    code = function.__code__
    function.__code__ = code.replace(co_name=name, co_qualname=name)
    facts = {"module": basis.module, "prefix": basis.prefix, "kind": basis.kind, "name": name}
    for key, value in facts.items():
        function.__doc__ = function.__doc__.replace(f"{{{key}}}", value)
    return function


def publish(basis, scope):
    """Put a family's functions into its module; the names that the module exports by now."""
    prefix = basis.prefix
    names = [prefix + name for name in ("zero", "one", "x", "domain")]
    for make in _MAKERS:
        for function in make(basis):
            short = function.__name__
            name = prefix + short
            if name not in scope:
                scope[name] = _named(function, name, basis)
            setattr(basis, short, scope[name])
            names.append(name)
    if prefix != "poly":
        for name, function in _conversions(basis).items():
            scope[name] = _named(function, name, basis)
            names.append(name)
    scope[f"{prefix}trim"] = pu.trimcoef
    return [*names, f"{prefix}trim"]
