"""The largest errors of mathematical functions, in units in the last place, beside NumPy's own.

References are NumPy's functions on the next wider type: 80 bits for float64, 64 bits for the others. A function may be off
by one unit, or by as much as NumPy's where that is more.
"""

import numpy
import numoxide

# Name: the intervals that half of the arguments come from; the other half have any exponent.
UNARY = {
    **dict.fromkeys(("exp", "exp2", "sinh", "cosh"), (-20, 20)),
    **dict.fromkeys(("expm1", "tanh", "arctan", "arcsinh"), (-3, 3)),
    **dict.fromkeys(("log", "log2", "log10"), (0.3, 3)),
    **dict.fromkeys(("sin", "cos", "tan", "cbrt"), (-100, 100)),
    **dict.fromkeys(("arcsin", "arccos", "arctanh"), (-1, 1)),
    "log1p": (-0.9, 3),
    "arccosh": (1, 30),
    "sqrt": (0, 100),
}
BINARY = {"power": ((0.1, 10), (-5, 5)), "arctan2": ((-3, 3), (-3, 3)), "hypot": ((-3, 3), (-3, 3))}
WIDER = {"float64": "longdouble", "float32": "float64", "float16": "float64"}
# Decimal exponents of arguments beyond the interval.
EXPONENTS = {"float64": 300, "float32": 37, "float16": 4.5}
SPECIAL = [0.0, -0.0, 1.0, -1.0, 2.0, 0.5, 3.0, -2.0, 8.0, 1e3, numpy.inf, -numpy.inf, numpy.nan, 1e-3]


def arguments(name, dtype, points):
    """Arrays of arguments of a function."""
    rng = numpy.random.default_rng(len(name))
    intervals = [UNARY[name]] if name in UNARY else BINARY[name]
    limit = EXPONENTS[dtype] * (0.02 if name == "power" else 1)
    out = []
    for low, high in intervals:
        wide = 10 ** rng.uniform(-limit, limit, points - points // 2) * rng.choice((-1, 1), points - points // 2)
        out.append(numpy.concatenate([rng.uniform(low, high, points // 2), wide]).astype(dtype))
    return out


def units(values, exact, dtype):
    """The largest distance from the exact values where both are finite."""
    kind = numpy.finfo(dtype)
    usable = numpy.isfinite(exact) & numpy.isfinite(values) & (abs(exact) <= exact.dtype.type(kind.max))
    values, exact = values[usable].astype(exact.dtype), exact[usable]
    _, exponent = numpy.frexp(numpy.maximum(abs(exact), exact.dtype.type(kind.tiny)))
    return float((abs(values - exact) / numpy.ldexp(exact.dtype.type(1), exponent - 1 - kind.nmant)).max(initial=0))


def errors(name, dtype, points):
    """Our largest error and NumPy's."""
    given = arguments(name, dtype, points)
    with numpy.errstate(all="ignore"), numoxide.errstate(all="ignore"):
        exact = getattr(numpy, name)(*(x.astype(WIDER[dtype]) for x in given))
        ours = numpy.asarray(getattr(numoxide, name)(*map(numoxide.asarray, given)))
        return units(ours, exact, dtype), units(getattr(numpy, name)(*given), exact, dtype)


def failures(points, slack):
    """A line for each function and dtype that is less exact than it may be, and all figures; few points need some slack, for
    NumPy's own largest error is then not found."""
    bad, table = [], []
    for name in (*UNARY, *BINARY):
        for dtype in WIDER:
            ours, theirs = errors(name, dtype, points)
            table.append(f"{name:10} {dtype:8} {ours:7.3f} numpy {theirs:7.3f}")
            if ours > max(1.0, theirs) + slack:
                bad.append(table[-1])
    return bad, table


def special_failures():
    """Special arguments whose results or warnings differ from NumPy's."""
    bad = []
    for name in (*UNARY, *BINARY):
        for dtype in WIDER:
            values = numpy.array(SPECIAL).astype(dtype)
            pairs = [(x,) for x in values] if name in UNARY else [(x, y) for x in values for y in values]
            for pair in pairs:
                (ours, raised), (theirs, expected) = (outcome(lib, name, pair) for lib in (numoxide, numpy))
                # NumPy's vector form of powers reports limits as if they were overflows.
                limit = name == "power" and numpy.isinf(pair).any()
                if not alike(ours, theirs) or raised != expected and not limit:
                    bad.append(f"{name}{tuple(map(float, pair))} {dtype}: {ours} {raised}, numpy {theirs} {expected}")
    return bad


def alike(ours, theirs):
    """Whether two values are the same, or finite and near each other."""
    if numpy.isnan(theirs):
        return numpy.isnan(ours)
    if numpy.signbit(ours) != numpy.signbit(theirs):
        return False
    return ours == theirs or (numpy.isfinite(theirs) and abs(ours - theirs) <= 4 * abs(numpy.spacing(theirs)))


def outcome(lib, name, pair):
    """A value and the floating-point errors that it raised."""
    raised = []
    given = [lib.asarray(x).reshape(1) for x in pair]
    old = lib.seterrcall(lambda kind, flag: raised.append(kind))
    try:
        with lib.errstate(all="call"):
            value = getattr(lib, name)(*given)[0]
    finally:
        lib.seterrcall(old)
    return numpy.asarray(value)[()], sorted(raised)
