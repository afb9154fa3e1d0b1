"""Joining arrays and raising their number of dimensions."""


from numoxide._core import multiarray as _nx
from numoxide._core.fromnumeric import ndim as _ndim
from numoxide._core.multiarray import array, asanyarray, normalize_axis_index
from numoxide._core.overrides import public

__all__ = ["atleast_1d", "atleast_2d", "atleast_3d", "block", "hstack", "stack", "unstack", "vstack"]

_NOT_SEQUENCE = (
    'arrays to stack must be passed as a "sequence" type such as list or tuple.'
)


@public("*arys")
def atleast_1d(*arys):
    """View inputs as arrays with at least one axis."""
    if len(arys) == 1:
        a = asanyarray(arys[0])
        return a if a.ndim else a.reshape(1)
    return tuple(a if a.ndim else a.reshape(1) for a in map(asanyarray, arys))


def _as_2d(a):
    """View one input with at least two axes; new ones stand in front."""
    a = asanyarray(a)
    if a.ndim >= 2:
        return a
    return a[None, :] if a.ndim else a.reshape(1, 1)


@public("*arys")
def atleast_2d(*arys):
    """View inputs as arrays with at least two axes."""
    return _as_2d(arys[0]) if len(arys) == 1 else tuple(map(_as_2d, arys))


def _as_3d(a):
    """View one input with at least three axes: (N,) as (1, N, 1), (M, N) as (M, N, 1)."""
    a = asanyarray(a)
    if a.ndim >= 3:
        return a
    if a.ndim == 2:
        return a[:, :, None]
    return a[None, :, None] if a.ndim else a.reshape(1, 1, 1)


@public("*arys")
def atleast_3d(*arys):
    """View inputs as arrays with at least three axes."""
    return _as_3d(arys[0]) if len(arys) == 1 else tuple(map(_as_3d, arys))


def _arrays_for_stack_dispatcher(arrays):
    """Check that what is to be joined is a sequence."""
    if not hasattr(arrays, "__getitem__"):
        raise TypeError(_NOT_SEQUENCE)
    return tuple(arrays)


@public("*tup")
def vstack(tup, *, dtype=None, casting="same_kind"):
    """Join arrays row upon row."""
    rows = tuple(_as_2d(a) for a in _arrays_for_stack_dispatcher(tup))
    return _concatenate(rows, 0, dtype=dtype, casting=casting)


@public("*tup")
def hstack(tup, *, dtype=None, casting="same_kind"):
    """Join arrays side by side."""
    parts = tuple(atleast_1d(a) for a in _arrays_for_stack_dispatcher(tup))
    # One-dimensional arrays have no columns: they join along their only axis.
    axis = 0 if parts and parts[0].ndim == 1 else 1
    return _concatenate(parts, axis, dtype=dtype, casting=casting)


@public("*arrays", "out")
def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    """Join arrays of one shape along a new axis."""
    arrays = [asanyarray(a) for a in _arrays_for_stack_dispatcher(arrays)]
    if not arrays:
        raise ValueError("need at least one array to stack")
    shape = arrays[0].shape
    for a in arrays:
        if a.shape != shape:
            raise ValueError("all input arrays must have the same shape")
    axis = normalize_axis_index(axis, len(shape) + 1)
    at = (slice(None),) * axis + (None,)
    return _concatenate([a[at] for a in arrays], axis, out=out, dtype=dtype, casting=casting)


@public("x")
def unstack(x, /, *, axis=0):
    """Split an array along an axis into a tuple of arrays without it."""
    if _ndim(x) == 0:
        raise ValueError("Input array must be at least 1-d.")
    from numoxide._core.numeric import moveaxis

    return tuple(moveaxis(x, axis, 0))


def _concatenate(arrays, axis, out=None, dtype=None, casting="same_kind"):
    """Join arrays whose dispatch has been settled."""
    function = getattr(_nx.concatenate, "_implementation", _nx.concatenate)
    return function(arrays, axis, out, dtype=dtype, casting=casting)


# --- block: nested lists of arrays laid out as tiles ---


def _block_format_index(index):
    """Write a position in nested lists for an error message."""
    return "arrays" + "".join(f"[{i}]" for i in index if i is not None)


def _block_check_depths_match(arrays, parent_index=()):
    """Check that all leaves lie at one depth.

    Returns the index of the first leaf (ending in None where a list is empty), the largest
    number of axes, and the total number of elements.
    """
    if type(arrays) is tuple:
        raise TypeError(
            f"{_block_format_index(parent_index)} is a tuple. Only lists can be used to arrange "
            "blocks, and np.block does not allow implicit conversion from tuple to ndarray."
        )
    if type(arrays) is not list:
        size = getattr(arrays, "size", None)
        return parent_index, _ndim(arrays), asanyarray(arrays).size if size is None else size
    if not arrays:
        return parent_index + (None,), 0, 0
    first = None
    deepest = total = 0
    for i, item in enumerate(arrays):
        index, ndim, size = _block_check_depths_match(item, parent_index + (i,))
        total += size
        deepest = max(deepest, ndim)
        if first is None:
            first = index
        elif len(index) != len(first):
            raise ValueError(
                f"List depths are mismatched. First element was at depth {len(first)}, but there "
                f"is an element at depth {len(index)} ({_block_format_index(index)})"
            )
        elif index[-1] is None:
            first = index
    return first, deepest, total


def _atleast_nd(a, ndim):
    """Give an array at least `ndim` axes, new ones in front."""
    return array(a, ndmin=ndim, copy=None, subok=True)


def _block_setup(arrays):
    """Check nested lists; return them with their depth, result's axes and number of elements."""
    bottom, deepest, total = _block_check_depths_match(arrays)
    if bottom and bottom[-1] is None:
        raise ValueError(f"List at {_block_format_index(bottom)} cannot be empty")
    depth = len(bottom)
    return arrays, depth, max(depth, deepest), total


def _joined_shape(shapes, axis):
    """Give the shape that joining `shapes` along `axis` has, and each part's slice of it."""
    first = shapes[0]
    for shape in shapes:
        if shape[:axis] != first[:axis] or shape[axis + 1 :] != first[axis + 1 :]:
            raise ValueError(f"Mismatched array shapes in block along axis {axis}.")
    spans, end = [], 0
    for shape in shapes:
        spans.append(slice(end, end + shape[axis]))
        end += shape[axis]
    return first[:axis] + (end,) + first[axis + 1 :], spans


def _block_places(arrays, depth, ndim, level=0):
    """List the leaves with the place of each in the result: (shape, [(index, array)])."""
    if level == depth:
        leaf = _atleast_nd(arrays, ndim)
        return leaf.shape, [((slice(None),) * ndim, leaf)]
    axis = ndim - depth + level
    parts = [_block_places(item, depth, ndim, level + 1) for item in arrays]
    shape, spans = _joined_shape([part[0] for part in parts], axis)
    leaves = [
        (index[:axis] + (span,) + index[axis + 1 :], leaf)
        for (_, inner), span in zip(parts, spans)
        for index, leaf in inner
    ]
    return shape, leaves


def _block_slicing(arrays, list_ndim, result_ndim):
    """Lay the tiles out by writing each to its place: one copy of every element."""
    shape, leaves = _block_places(arrays, list_ndim, result_ndim)
    kind = _nx.result_type(*[leaf.dtype for _, leaf in leaves])
    in_f = all(leaf.flags["F_CONTIGUOUS"] for _, leaf in leaves)
    in_c = all(leaf.flags["C_CONTIGUOUS"] for _, leaf in leaves)
    result = _nx.empty(shape, dtype=kind, order="F" if in_f and not in_c else "C")
    for index, leaf in leaves:
        result[index] = leaf
    return result


def _block(arrays, max_depth, result_ndim, depth=0):
    """Join nested lists from the inside out."""
    if depth == max_depth:
        return _atleast_nd(arrays, result_ndim)
    parts = [_block(item, max_depth, result_ndim, depth + 1) for item in arrays]
    return _concatenate(parts, axis=depth - max_depth)


def _block_concatenate(arrays, list_ndim, result_ndim):
    """Lay the tiles out by repeated concatenation: faster for few elements."""
    result = _block(arrays, list_ndim, result_ndim)
    return result.copy() if list_ndim == 0 else result


def _block_dispatcher(arrays):
    """Yield every array in the nested lists."""
    if type(arrays) is list:
        for item in arrays:
            yield from _block_dispatcher(item)
    else:
        yield arrays


from numoxide._core.overrides import array_function_dispatch  # noqa: E402


@array_function_dispatch(_block_dispatcher, module="numpy")
def block(arrays):
    """Build an array from nested lists of blocks.

    >>> np.block([[np.eye(2), np.zeros((2, 1))]]).shape
    (2, 3)
    """
    arrays, depth, ndim, size = _block_setup(arrays)
    # Above some 512 x 512 elements per level the single copy wins.
    if depth * size > 2 * 512 * 512:
        return _block_slicing(arrays, depth, ndim)
    return _block_concatenate(arrays, depth, ndim)


