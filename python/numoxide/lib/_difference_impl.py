"""Differences, gradients, integrals, interpolation, unwrapping."""

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core import umath as um
from numoxide._core.fromnumeric import ndim
from numoxide._core.multiarray import asanyarray, asarray, concatenate, normalize_axis_index
from numoxide._core.numeric import normalize_axis_tuple
from numoxide._core.overrides import public
from numoxide._globals import _NoValue

__all__ = ["diff", "gradient", "interp", "trapezoid", "unwrap"]


def _edge(value, a, axis):
    """Make what is put before or after an array, of length one if it is a scalar."""
    value = asanyarray(value)
    if value.ndim == 0:
        from numoxide.lib._stride_tricks_impl import broadcast_to

        shape = list(a.shape)
        shape[axis] = 1
        value = broadcast_to(value, tuple(shape))
    return value


@public("a", "prepend", "append")
def diff(a, n=1, axis=-1, prepend=_NoValue, append=_NoValue):
    """Subtract each element from the next along an axis, `n` times.

    >>> np.diff([1, 4, 9])
    array([3, 5])
    """
    if n == 0:
        return a
    if n < 0:
        raise ValueError("order must be non-negative but got " + repr(n))
    a = asanyarray(a)
    nd = a.ndim
    if nd == 0:
        raise ValueError("diff requires input that is at least one dimensional")
    axis = normalize_axis_index(axis, nd)
    parts = [a]
    if prepend is not _NoValue:
        parts.insert(0, _edge(prepend, a, axis))
    if append is not _NoValue:
        parts.append(_edge(append, a, axis))
    if len(parts) > 1:
        a = concatenate(parts, axis)
    before = (slice(None),) * axis
    later, earlier = before + (slice(1, None),), before + (slice(None, -1),)
    op = um.not_equal if a.dtype.kind == "b" else um.subtract
    for _ in range(n):
        a = op(a[later], a[earlier])
    return a


def _spacings(f, axes, varargs):
    """Read the distances between points: a number or an array of steps for each axis."""
    if not varargs:
        return [1.0] * len(axes)
    if len(varargs) == 1 and ndim(varargs[0]) == 0:
        return [varargs[0]] * len(axes)
    if len(varargs) != len(axes):
        raise TypeError("invalid number of arguments")
    steps = list(varargs)
    for i, distances in enumerate(steps):
        distances = asanyarray(distances)
        if distances.ndim == 0:
            continue
        if distances.ndim != 1:
            raise ValueError("distances must be either scalars or 1d")
        if len(distances) != f.shape[axes[i]]:
            raise ValueError(
                "when 1d, distances must match the length of the corresponding dimension"
            )
        if issubclass(distances.dtype.type, nt.integer):
            # Differences of unsigned or small integers would wrap.
            distances = distances.astype(nt.float64)
        between = diff(distances)
        # Evenly spaced points take the quicker rule.
        steps[i] = between[0] if (between == between[0]).all() else between
    return steps


@public("f", "*varargs")
def gradient(f, *varargs, axis=None, edge_order=1):
    """Estimate derivatives by central differences inside and one-sided ones at the edges."""
    f = asanyarray(f)
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    steps = _spacings(f, axes, varargs)
    if edge_order > 2:
        raise ValueError("'edge_order' greater than 2 not supported")
    kind = f.dtype
    if kind.type is nt.datetime64:
        # Differences of dates are time spans.
        kind = _nx.dtype(kind.name.replace("datetime", "timedelta"))
        f = f.view(kind)
    elif kind.type is nt.timedelta64 or issubclass(kind.type, nt.inexact):
        pass
    else:
        if issubclass(kind.type, nt.integer):
            f = f.astype(nt.float64)
        kind = _nx.dtype(nt.float64)
    results = []
    for ax, step in zip(axes, steps):
        if f.shape[ax] < edge_order + 1:
            raise ValueError(
                "Shape of array too small to calculate a numerical gradient, at least "
                "(edge_order + 1) elements are required."
            )
        out = _nx.empty_like(f, dtype=kind)
        _gradient_axis(f, out, ax, step, edge_order)
        results.append(out)
    return results[0] if len(axes) == 1 else tuple(results)


def _gradient_axis(f, out, ax, step, edge_order):
    """Fill `out` with the derivative along one axis."""
    before = (slice(None),) * ax

    def at(*where):
        return before + (slice(*where) if len(where) > 1 else where[0],)

    uniform = ndim(step) == 0
    if uniform:
        out[at(1, -1)] = (f[at(2, None)] - f[at(None, -2)]) / (2.0 * step)
    else:
        left, right = step[:-1], step[1:]
        shape = [1] * f.ndim
        shape[ax] = -1
        a = (-right / (left * (left + right))).reshape(shape)
        b = ((right - left) / (left * right)).reshape(shape)
        c = (left / (right * (left + right))).reshape(shape)
        out[at(1, -1)] = a * f[at(None, -2)] + b * f[at(1, -1)] + c * f[at(2, None)]
    if edge_order == 1:
        first, last = (step, step) if uniform else (step[0], step[-1])
        out[at(0)] = (f[at(1)] - f[at(0)]) / first
        out[at(-1)] = (f[at(-1)] - f[at(-2)]) / last
        return
    _second_order_edges(f, out, at, step, uniform)


def _second_order_edges(f, out, at, step, uniform):
    """Fill the edges from three points each."""
    if uniform:
        a, b, c = -1.5 / step, 2.0 / step, -0.5 / step
    else:
        d1, d2 = step[0], step[1]
        a, b, c = -(2.0 * d1 + d2) / (d1 * (d1 + d2)), (d1 + d2) / (d1 * d2), -d1 / (d2 * (d1 + d2))
    out[at(0)] = a * f[at(0)] + b * f[at(1)] + c * f[at(2)]
    if uniform:
        a, b, c = 0.5 / step, -2.0 / step, 1.5 / step
    else:
        d1, d2 = step[-2], step[-1]
        a, b, c = d2 / (d1 * (d1 + d2)), -(d2 + d1) / (d1 * d2), (2.0 * d2 + d1) / (d2 * (d1 + d2))
    out[at(-1)] = a * f[at(-3)] + b * f[at(-2)] + c * f[at(-1)]


@public("x", "xp", "fp")
def interp(x, xp, fp, left=None, right=None, period=None):
    """Interpolate linearly between given points.

    >>> np.interp(2.5, [1, 2, 3], [3, 2, 0])
    np.float64(1.0)
    """
    fp = asarray(fp)
    is_complex = fp.dtype.kind == "c"
    compute = _nx.interp_complex if is_complex else _nx.interp
    kind = nt.complex128 if is_complex else nt.float64
    if period is not None:
        if period == 0:
            raise ValueError("period must be a non-zero value")
        period = abs(period)
        left = right = None
        x, xp = asarray(x, dtype=nt.float64), asarray(xp, dtype=nt.float64)
        fp = asarray(fp, dtype=kind)
        if xp.ndim != 1 or fp.ndim != 1:
            raise ValueError("Data points must be 1-D sequences")
        if xp.shape[0] != fp.shape[0]:
            raise ValueError("fp and xp are not of the same length")
        x, xp = x % period, xp % period
        order = xp.argsort()
        xp, fp = xp[order], fp[order]
        # One point more on each side closes the period.
        xp = concatenate((xp[-1:] - period, xp, xp[0:1] + period))
        fp = concatenate((fp[-1:], fp, fp[0:1]))
    return compute(x, xp, fp, left, right)


@public("y", "x")
def trapezoid(y, x=None, dx=1.0, axis=-1):
    """Integrate along an axis with the trapezoidal rule."""
    y = asanyarray(y)
    if x is None:
        d = dx
    else:
        x = asanyarray(x)
        d = diff(x, axis=0 if x.ndim == 1 else axis)
        if x.ndim == 1:
            shape = [1] * y.ndim
            shape[axis] = d.shape[0]
            d = d.reshape(shape)
    nd = y.ndim
    later, earlier = [slice(None)] * nd, [slice(None)] * nd
    later[axis], earlier[axis] = slice(1, None), slice(None, -1)
    try:
        return (d * (y[tuple(later)] + y[tuple(earlier)]) / 2.0).sum(axis)
    except ValueError:
        # Subclasses with their own idea of shape.
        d, y = asarray(d), asarray(y)
        return um.add.reduce(d * (y[tuple(later)] + y[tuple(earlier)]) / 2.0, axis)


@public("p")
def unwrap(p, discont=None, axis=-1, *, period=2 * um.pi):
    """Replace jumps of more than half a period by their complement."""
    p = asarray(p)
    nd = p.ndim
    step = diff(p, axis=axis)
    if discont is None:
        discont = period / 2
    later = [slice(None)] * nd
    later[axis] = slice(1, None)
    later = tuple(later)
    kind = _nx.result_type(step, period)
    if issubclass(kind.type, nt.integer):
        high, odd = divmod(period, 2)
        ambiguous = odd == 0
    else:
        high, ambiguous = period / 2, True
    low = -high
    folded = um.remainder(step - low, period) + low
    if ambiguous:
        # A jump of exactly half a period keeps its sign.
        _nx.copyto(folded, high, where=(folded == low) & (step > 0))
    correction = folded - step
    _nx.copyto(correction, 0, where=um.absolute(step) < discont)
    up = _nx.array(p, copy=True, dtype=kind)
    up[later] = p[later] + correction.cumsum(axis)
    return up


