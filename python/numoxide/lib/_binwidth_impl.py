"""Rules that choose the width of histogram bins from data."""

from numoxide._core import umath as um


def _spread(x):
    """Largest minus smallest value, as an unsigned number for signed integers."""
    from numoxide.lib._histograms_impl import _unsigned_subtract

    return _unsigned_subtract(x.max(), x.min())


def _width_sqrt(x, range):
    """Square root of the number of values."""
    return _spread(x) / um.sqrt(x.size)


def _width_sturges(x, range):
    """Sturges (1926): for small normal samples."""
    return _spread(x) / (um.log2(x.size) + 1.0)


def _width_rice(x, range):
    """Rice: twice the cube root of the number of values."""
    return _spread(x) / (2.0 * x.size ** (1.0 / 3))


def _width_scott(x, range):
    """Scott (1979): least mean square error for normal data."""
    return (24.0 * um.pi**0.5 / x.size) ** (1.0 / 3.0) * x.std()


def _width_stone(x, range):
    """Stone: least estimated squared error by cross-validation."""
    n = x.size
    span = _spread(x)
    if n <= 1 or span == 0:
        return 0

    def loss(count):
        from numoxide.lib._histograms_impl import histogram

        width = span / count
        p = histogram(x, bins=count, range=range)[0] / n
        return (2 - (n + 1) * p.dot(p)) / width

    limit = max(100, int(um.sqrt(n)))
    best = min((i for i in _py_range(1, limit + 1)), key=loss)
    if best == limit:
        import warnings

        warnings.warn(
            "The number of bins estimated may be suboptimal.", RuntimeWarning, stacklevel=3
        )
    return span / best


_py_range = range


def _width_doane(x, range):
    """Doane (1976): Sturges corrected for skewness."""
    if x.size > 2:
        sg1 = um.sqrt(6.0 * (x.size - 2) / ((x.size + 1.0) * (x.size + 3)))
        sigma = x.std()
        if sigma > 0.0:
            # Third standardised moment, in place.
            temp = x - x.mean()
            um.true_divide(temp, sigma, temp)
            um.power(temp, 3, temp)
            g1 = temp.mean()
            return _spread(x) / (1.0 + um.log2(x.size) + um.log2(1.0 + um.absolute(g1) / sg1))
    return 0.0


def _width_fd(x, range):
    """Freedman and Diaconis (1981): from the interquartile range."""
    from numoxide.lib._quantile_impl import percentile

    iqr = um.subtract(*percentile(x, [75, 25]))
    return 2.0 * iqr * x.size ** (-1.0 / 3.0)


def _width_auto(x, range):
    """The smaller of Freedman-Diaconis and Sturges."""
    # A tiny interquartile range would make countless bins: hold it above half the square root's.
    fd = max(_width_fd(x, range), _width_sqrt(x, range) / 2)
    return min(fd, _width_sturges(x, range))


_RULES = {
    "stone": _width_stone,
    "auto": _width_auto,
    "doane": _width_doane,
    "fd": _width_fd,
    "rice": _width_rice,
    "scott": _width_scott,
    "sqrt": _width_sqrt,
    "sturges": _width_sturges,
}


def estimator(name):
    """Look a rule up."""
    if name not in _RULES:
        raise ValueError(f"{name!r} is not a valid estimator for `bins`")
    return _RULES[name]
