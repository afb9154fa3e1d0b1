"""What is to be known of a family of polynomials: its recurrence, its derivative and its matrix.

A family states its recurrence once, by `argument` and `weights`:

    d P_n = q t P_{n-1} - p P_{n-2}    with t = x, 2x or 2n-1-x

Evaluation sums a series by Clenshaw's way, multiplication and conversion do the same with whole series for numbers, and
Vandermonde matrices run the recurrence upwards.
"""

import abc

import numoxide as np
from numoxide.polynomial import polyutils as pu


class One:
    """The coefficient 1, exact in products with infinities too."""

    def __mul__(self, other):
        return other


class Points:
    """Products with numbers at points `x`; what is to be divided by n waits until all terms are together."""

    def __init__(self, x):
        self.point = x

    def x(self, c):
        """x times c."""
        return c * self.point

    def twice_x(self, c):
        """2x times c."""
        return c * (self.point * 2)

    def from_x(self, c, k):
        """k - x times c."""
        return c * (k - self.point)

    def over(self, c, p, d):
        """p times c, to be divided by d."""
        return c if p is None else c * p


class Series:
    """Products with whole series; `mulx` multiplies one by x."""

    def __init__(self, mulx):
        self.x = mulx

    def twice_x(self, c):
        """2x times c."""
        return self.x(c) * 2

    def from_x(self, c, k):
        """k - x times c."""
        return pu._sub(c if k == 1 else k * c, self.x(c))

    def over(self, c, p, d):
        """p/d times c."""
        if p is not None:
            c = c * p
        return c if d is None else c / d


class Basis(abc.ABC):
    """The facts of a family; `publish` adds its functions as `basis.add`, `basis.mul` and so on.

    The coefficients that a method gets are an array of several rows with the array `i` of their degrees, unless it
    says otherwise.
    """

    # x is slope(P_1), and has a part in P_0 or not.
    constant = False
    # By how many degrees `fold` moves what the derivative of P_j has beside its leading term.
    reach = 0
    # NumPy leaves the axis of a HermiteE derivative that vanishes in front.
    zero_stays = False

    # Whether t is 2x, and whether P_1 is.
    twice = first_twice = False

    def __init__(self, module, prefix, kind):
        self.module, self.prefix, self.kind = module, prefix, kind

    def slope(self, c):
        """The coefficient of P_1 in c times x."""
        return c

    @abc.abstractmethod
    def weights(self, n):
        """p, q and d of the recurrence; None for 1."""

    def argument(self, algebra, c, n):
        """t times c."""
        return algebra.twice_x(c) if self.twice else algebra.x(c)

    def first(self, algebra, c):
        """P_1 times c."""
        return algebra.twice_x(c) if self.first_twice else algebra.x(c)

    @abc.abstractmethod
    def times_x(self, c, i):
        """The coefficients of P_{i+1}, P_i and P_{i-1} in c x P_i; None for those that are all 0."""

    @abc.abstractmethod
    def lead(self, c, j):
        """The coefficient of P_{j-1} in the derivative of c P_j; j is a number if `reach` is not 0."""

    def fold(self, c, j):
        """What c P_j adds to the coefficient of P_{j-reach} before the derivative is taken term by term."""
        return c

    @abc.abstractmethod
    def rise(self, c, j):
        """The coefficients of P_{j+1} in the integral of c P_j."""

    def sink(self, c, j):
        """What the integral of c P_j (j > 1) lacks of P_{j-1}, or None."""
        return None

    def linear_to_power(self, c):
        """The power series of two coefficients, or None for the general way."""
        return c

    def linear_root(self, c):
        """The root of a series of two coefficients."""
        return -c[0] / c[1]

    @abc.abstractmethod
    def matrix(self, c, n):
        """The scaled companion matrix: its diagonal, both off-diagonals, and what its last column lacks."""

    def value(self, x, c):
        """Sum a series at points x."""
        t = x * 2 if self.twice else x
        c0, c1 = (c[-2], c[-1]) if len(c) != 1 else (c[0], 0)
        for n in range(len(c) - 1, 1, -1):
            p, q, d = self.weights(n)
            below = c[n - 2] - (c1 if p is None else c1 * p if d is None else c1 * (p / d))
            c1 = c0 + (c1 * t if q is None else (c1 * t) * (q / d))
            c0 = below
        return c0 + c1 * (t if self.first_twice else x)

    def series(self, mulx, term, n):
        """Sum n terms that are series: P_i times `term(i)`."""
        algebra = Series(mulx)
        c0, c1 = (term(n - 2), term(n - 1)) if n > 1 else (term(0), 0)
        for degree in range(n - 1, 1, -1):
            p, q, d = self.weights(degree)
            below = pu._sub(term(degree - 2), algebra.over(c1, p, d))
            c1 = pu._add(c0, algebra.over(self.argument(algebra, c1, degree), q, d))
            c0 = below
        return pu._add(c0, self.first(algebra, c1))

    def fill(self, rows, x):
        """Fill the rows of a Vandermonde matrix, of which the first is 1."""
        algebra = Points(x)
        if len(rows) > 1:
            rows[1] = self.first(algebra, One())
        for n in range(2, len(rows)):
            p, q, d = self.weights(n)
            row = algebra.over(self.argument(algebra, rows[n - 1], n), q, d)
            lack = algebra.over(rows[n - 2], p, d)
            if d is None:
                np.subtract(row, lack, out=rows[n])
            else:
                row -= lack
                np.true_divide(row, d, out=rows[n])

    def rotate(self, matrix):
        """Turn a companion matrix by half a turn, which makes its eigenvalues more exact."""
        return matrix[::-1, ::-1]


def hermite_matrix(n, scale):
    """What the companion matrices of both Hermite families have beside the diagonal, and the scale of their rows."""
    scales = np.hstack((1.0, 1.0 / np.sqrt(scale * np.arange(n - 1, 0, -1))))
    return np.sqrt(np.arange(1, n) / scale), np.multiply.accumulate(scales)[::-1]
