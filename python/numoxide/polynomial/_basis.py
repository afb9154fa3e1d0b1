"""What is to be known of a family of polynomials: its recurrence, its derivative and its matrix.

A family states its recurrence once, in `first`, `grow` and `back`:

    P_1 = first(P_0),    P_n = grow(P_{n-1}, n) - back(P_{n-2}, n)

with the products by x left to an algebra. Evaluation sums a series by Clenshaw's way with numbers, multiplication and
conversion do the same with whole series, and Vandermonde matrices run the recurrence upwards.
"""

import operator

import numoxide as np
from numoxide.polynomial import polyutils as pu


class One:
    """The coefficient 1, exact in products with infinities too."""

    def __mul__(self, other):
        return other


class Numbers:
    """Coefficients that are numbers (or arrays of them), and a point `x`."""

    add, sub = operator.add, operator.sub

    def __init__(self, x):
        self.point = x
        self.twice = None

    def x(self, c):
        """x times c."""
        return c * self.point

    def twice_x(self, c):
        """2x times c."""
        if self.twice is None:
            self.twice = self.point * 2
        return c * self.twice

    def from_x(self, c, k):
        """k - x times c."""
        return c * (k - self.point)

    def over(self, c, p, q):
        """The fraction p/q of c."""
        return c * (p / q)

    def div(self, c, q):
        """c divided by q."""
        return c / q


class Rows(Numbers):
    """Rows of a Vandermonde matrix: what is to be divided by n is divided once, after the difference."""

    divided = False

    def over(self, c, p, q):
        """p times c, to be divided."""
        self.divided = True
        return c * p

    def div(self, c, q):
        """c, to be divided."""
        self.divided = True
        return c


class Series:
    """Coefficients that are series themselves; `mulx` multiplies one by x."""

    add, sub = staticmethod(pu._add), staticmethod(pu._sub)

    def __init__(self, mulx):
        self.x = mulx

    def twice_x(self, c):
        """2x times c."""
        return self.x(c) * 2

    def from_x(self, c, k):
        """k - x times c."""
        return pu._sub(c if k == 1 else k * c, self.x(c))

    def over(self, c, p, q):
        """The fraction p/q of c."""
        return (c * p) / q

    def div(self, c, q):
        """c divided by q."""
        return c / q


class Basis:
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

    def __init__(self, module, prefix, kind):
        self.module, self.prefix, self.kind = module, prefix, kind

    def slope(self, c):
        """The coefficient of P_1 in c times x."""
        return c

    def first(self, algebra, c):
        """P_1 times c."""
        return algebra.x(c)

    def grow(self, algebra, c, n):
        """What P_n has of P_{n-1}, times c."""
        raise NotImplementedError

    def back(self, algebra, c, n):
        """What P_n lacks of P_{n-2}, times c; None if nothing."""
        return None

    def times_x(self, c, i):
        """The coefficients of P_{i+1}, P_i and P_{i-1} in c x P_i; None for those that are all 0."""
        raise NotImplementedError

    def lead(self, c, j):
        """The coefficient of P_{j-1} in the derivative of c P_j; j is a number if `reach` is not 0."""
        raise NotImplementedError

    def fold(self, c, j):
        """What c P_j adds to the coefficient of P_{j-reach} before the derivative is taken term by term."""
        return c

    def rise(self, c, j):
        """The coefficients of P_{j+1} in the integral of c P_j."""
        raise NotImplementedError

    def sink(self, c, j):
        """What the integral of c P_j (j > 1) lacks of P_{j-1}, or None."""
        return None

    def linear_to_power(self, c):
        """The power series of two coefficients, or None for the general way."""
        return c

    def linear_root(self, c):
        """The root of a series of two coefficients."""
        return -c[0] / c[1]

    def matrix(self, c, n):
        """The scaled companion matrix: its diagonal, both off-diagonals, and what its last column lacks."""
        raise NotImplementedError

    def clenshaw(self, algebra, term, n):
        """Sum n terms of a series, of which `term(i)` is the i-th coefficient."""
        add, sub, grow, back = algebra.add, algebra.sub, self.grow, self.back
        if n == 1:
            c0, c1 = term(0), 0
        else:
            c0, c1 = term(n - 2), term(n - 1)
        for degree in range(n - 1, 1, -1):
            below = sub(term(degree - 2), back(algebra, c1, degree))
            c0, c1 = below, add(c0, grow(algebra, c1, degree))
        return add(c0, self.first(algebra, c1))

    def rotate(self, matrix):
        """Turn a companion matrix by half a turn, which makes its eigenvalues more exact."""
        return matrix[::-1, ::-1]


def hermite_matrix(n, scale):
    """What the companion matrices of both Hermite families have beside the diagonal, and the scale of their rows."""
    scales = np.hstack((1.0, 1.0 / np.sqrt(scale * np.arange(n - 1, 0, -1))))
    return np.sqrt(np.arange(1, n) / scale), np.multiply.accumulate(scales)[::-1]
