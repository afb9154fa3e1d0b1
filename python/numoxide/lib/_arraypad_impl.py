"""Padding: arrays grown at their edges, filled by constants, copies, statistics or ramps."""

from numoxide._core import multiarray as _nx
from numoxide._core.fromnumeric import round as _round
from numoxide._core.function_base import linspace
from numoxide._core.overrides import public

__all__ = ["pad"]


def _at(what, axis):
    """Index one axis."""
    return (slice(None),) * axis + (what,) + (...,)


def _roi_view(a, widths, axis):
    """View an array without the part that later axes have yet to fill."""
    later = axis + 1
    index = (slice(None),) * later
    index += tuple(slice(left, size - right) for size, (left, right) in
                   zip(a.shape[later:], widths[later:]))  # fmt: skip
    return a[index]


def _framed(array, widths, fill=None):
    """Make the larger array with the original in its middle."""
    shape = tuple(left + size + right for size, (left, right) in zip(array.shape, widths))
    order = "F" if array.flags.fnc else "C"
    made = _nx.empty(shape, dtype=array.dtype, order=order)
    if fill is not None:
        made.fill(fill)
    inner = tuple(slice(left, left + size) for size, (left, _) in zip(array.shape, widths))
    made[inner] = array
    return made


def _set_both(padded, axis, widths, values):
    """Write the left and the right edge."""
    left, right = widths
    padded[_at(slice(None, left), axis)] = values[0]
    padded[_at(slice(padded.shape[axis] - right, None), axis)] = values[1]


def _edges(padded, axis, widths):
    """Copy the outermost slices of the original."""
    left, right = widths
    last = padded.shape[axis] - right
    return (
        padded[_at(slice(left, left + 1), axis)],
        padded[_at(slice(last - 1, last), axis)],
    )


def _ramps(padded, axis, widths, ends):
    """Make linear ramps from the edges to the end values."""
    left_edge, right_edge = _edges(padded, axis, widths)
    ramps = [
        linspace(
            start=end, stop=edge.squeeze(axis), num=width, endpoint=False, dtype=padded.dtype,
            axis=axis,
        )
        for end, edge, width in zip(ends, (left_edge, right_edge), widths)
    ]  # fmt: skip
    # The right ramp runs outward.
    ramps[1] = ramps[1][_at(slice(None, None, -1), axis)]
    return ramps


def _statistics(padded, axis, widths, lengths, statistic):
    """Compute a statistic of some slices next to each edge."""
    left, right = widths
    stop = padded.shape[axis] - right
    most = stop - left
    lengths = [most if n is None or n > most else n for n in lengths]
    if (lengths[0] == 0 or lengths[1] == 0) and statistic in (_amax, _amin):
        raise ValueError("stat_length of 0 yields no value for padding")
    values = []
    for start, end in ((left, left + lengths[0]), (stop - lengths[1], stop)):
        value = statistic(padded[_at(slice(start, end), axis)], axis=axis, keepdims=True)
        if padded.dtype.kind in "iu":
            value = _round(value)
        values.append(value)
        if lengths[0] == lengths[1] == most:
            return values[0], values[0]
    return values


def _amax(a, axis, keepdims):
    return a.max(axis=axis, keepdims=keepdims)


def _amin(a, axis, keepdims):
    return a.min(axis=axis, keepdims=keepdims)


def _mean(a, axis, keepdims):
    return a.mean(axis=axis, keepdims=keepdims)


def _median(a, axis, keepdims):
    from numoxide.lib._quantile_impl import median

    return median(a, axis=axis, keepdims=keepdims)


_STATISTICS = {"maximum": _amax, "minimum": _amin, "mean": _mean, "median": _median}


def _reflect(padded, axis, widths, method, original, with_edge):
    """Fill what one reflection reaches; return the widths that are still empty."""
    left, right = widths
    size = padded.shape[axis] - left - right
    if with_edge:
        # Only whole periods are mirrored, so that the pattern goes on.
        reach = size // original * original
        shift = 1
    else:
        period = max(original - 1, 1)
        reach = (size - 1) // period * period
        shift = 0
    if left > 0:
        n = min(reach, left)
        stop = left - shift
        start = stop + n
        end = stop if stop >= 0 else None
        chunk = padded[_at(slice(start, end, -1), axis)]
        if method == "odd":
            chunk = 2 * padded[_at(slice(left, left + 1), axis)] - chunk
        padded[_at(slice(left - n, left), axis)] = chunk
        left -= n
    if right > 0:
        n = min(reach, right)
        start = -right + shift - 2
        stop = start - n
        chunk = padded[_at(slice(start, stop, -1), axis)]
        if method == "odd":
            chunk = 2 * padded[_at(slice(-right - 1, -right), axis)] - chunk
        begin = padded.shape[axis] - right
        padded[_at(slice(begin, begin + n), axis)] = chunk
        right -= n
    return left, right


def _wrap(padded, axis, widths, original):
    """Fill what one repetition reaches; return the widths that are still empty."""
    left, right = widths
    size = padded.shape[axis] - left - right
    reach = size // original * original
    new_left, new_right = left, right
    total = padded.shape[axis]
    if left > 0:
        n = min(reach, left)
        end = left + reach
        padded[_at(slice(left - n, left), axis)] = padded[_at(slice(end - n, end), axis)]
        new_left = left - n
    if right > 0:
        n = min(reach, right)
        begin = total - right
        source = begin - reach
        padded[_at(slice(begin, begin + n), axis)] = padded[_at(slice(source, source + n), axis)]
        new_right = right - n
    return new_left, new_right


def _as_pairs(x, ndim, as_index=False):
    """Read a number, a pair or a list of pairs as one pair for each axis."""
    if x is None:
        return ((None, None),) * ndim
    x = _nx.array(x)
    if as_index:
        x = _round(x).astype(_nx.dtype("p"), copy=False)
    if x.ndim < 3:
        if x.size == 1:
            one = x.ravel().tolist()[0] if as_index else x.ravel()[0]
            if as_index and one < 0:
                raise ValueError("index can't contain negative values")
            return ((one, one),) * ndim
        if x.size == 2 and x.shape != (2, 1):
            pair = x.ravel()
            if as_index and (pair < 0).any():
                raise ValueError("index can't contain negative values")
            return ((pair[0], pair[1]),) * ndim
    if as_index and (x < 0).any():
        raise ValueError("index can't contain negative values")
    from numoxide.lib._stride_tricks_impl import broadcast_to

    return broadcast_to(x, (ndim, 2)).tolist()


_ALLOWED = {
    "empty": [],
    "edge": [],
    "wrap": [],
    "constant": ["constant_values"],
    "linear_ramp": ["end_values"],
    "maximum": ["stat_length"],
    "mean": ["stat_length"],
    "median": ["stat_length"],
    "minimum": ["stat_length"],
    "reflect": ["reflect_type"],
    "symmetric": ["reflect_type"],
}


def _check_options(mode, options):
    """Refuse an unknown mode and options that the mode does not have."""
    try:
        unsupported = set(options) - set(_ALLOWED[mode])
    except KeyError:
        raise ValueError(f"mode '{mode}' is not supported") from None
    if unsupported:
        raise ValueError(f"unsupported keyword arguments for mode '{mode}': {unsupported}")


@public("array")
def pad(array, pad_width, mode="constant", **kwargs):
    """Grow an array at its edges.

    >>> np.pad([1, 2], (1, 2), mode="edge")
    array([1, 1, 2, 2, 2])
    """
    array = _nx.asarray(array)
    if isinstance(pad_width, dict):
        seq = [(0, 0)] * array.ndim
        for axis, width in pad_width.items():
            seq[axis] = (width, width) if isinstance(width, int) else width
        pad_width = seq
    pad_width = _nx.asarray(pad_width)
    if not pad_width.dtype.kind == "i":
        raise TypeError("`pad_width` must be of integral type.")
    widths = _as_pairs(pad_width, array.ndim, as_index=True)
    if callable(mode):
        return _pad_by_function(array, widths, mode, kwargs)
    _check_options(mode, kwargs)
    padded = _framed(array, widths)
    axes = range(padded.ndim)
    if mode == "constant":
        values = _as_pairs(kwargs.get("constant_values", 0), padded.ndim)
        for axis in axes:
            _set_both(_roi_view(padded, widths, axis), axis, widths[axis], values[axis])
    elif mode == "empty":
        pass
    elif array.size == 0:
        # Nothing to copy: only axes without padding may be empty.
        for axis, (left, right) in zip(axes, widths):
            if array.shape[axis] == 0 and (left > 0 or right > 0):
                raise ValueError(
                    f"can't extend empty axis {axis} using modes other than 'constant' or 'empty'"
                )
    else:
        for axis in axes:
            _fill_axis(padded, widths, axis, mode, kwargs, array.shape[axis])
    return padded


def _fill_axis(padded, widths, axis, mode, options, original):
    """Fill both edges of one axis."""
    roi, pair = _roi_view(padded, widths, axis), widths[axis]
    if mode == "edge":
        _set_both(roi, axis, pair, _edges(roi, axis, pair))
    elif mode == "linear_ramp":
        ends = _as_pairs(options.get("end_values", 0), padded.ndim)[axis]
        _set_both(roi, axis, pair, _ramps(roi, axis, pair, ends))
    elif mode in _STATISTICS:
        lengths = _as_pairs(options.get("stat_length"), padded.ndim, as_index=True)[axis]
        _set_both(roi, axis, pair, _statistics(roi, axis, pair, lengths, _STATISTICS[mode]))
    elif mode == "wrap":
        left, right = pair
        while left > 0 or right > 0:
            left, right = _wrap(roi, axis, (left, right), original)
    else:
        _fill_mirrored(roi, axis, pair, mode, options.get("reflect_type", "even"), original)


def _fill_mirrored(roi, axis, pair, mode, method, original):
    """Fill both edges by repeated reflection."""
    left, right = pair
    if original == 1 and (left > 0 or right > 0):
        # There is nothing to mirror: the edge goes on.
        _set_both(roi, axis, pair, _edges(roi, axis, pair))
        return
    while left > 0 or right > 0:
        left, right = _reflect(
            roi, axis, (left, right), method, original, with_edge=mode == "symmetric"
        )


def _pad_by_function(array, widths, function, options):
    """Let a function fill each line in turn."""
    from numoxide._core.numeric import moveaxis
    from numoxide.lib._index_tricks_impl import ndindex

    padded = _framed(array, widths, fill=0)
    for axis in range(padded.ndim):
        view = moveaxis(padded, axis, -1)
        for index in ndindex(view.shape[:-1]):
            function(view[index], widths[axis], axis, options)
    return padded


