"""The text of a failed comparison."""

import contextlib
from functools import partial

import numoxide as np

_MAX_LINES, _MAX_MESSAGE = 3, 70


def build_err_msg(
    arrays, err_msg, header="Items are not equal:", verbose=True, names=("ACTUAL", "DESIRED"),
    precision=8,
):  # fmt: skip
    """Write what was compared and how it failed, one item below the other."""
    lines = ["\n" + header]
    text = str(err_msg)
    if text:
        short = "\n" not in text and len(text) < 79 - len(header)
        lines = [f"{lines[0]} {text}"] if short else [lines[0], text]
    if verbose:
        lines += [f" {name}: {_shown(item, precision)}" for name, item in zip(names, arrays)]
    return "\n".join(lines)


def _shown(item, precision):
    """Write one item, at most three lines of it."""
    show = partial(np.array_repr, precision=precision) if isinstance(item, np.ndarray) else repr
    try:
        text = show(item)
    except Exception as error:
        text = f"[repr failed for <{type(item).__name__}>: {error}]"
    if text.count("\n") > _MAX_LINES:
        text = "\n".join(text.splitlines()[:_MAX_LINES]) + "..."
    return text


def mismatch_indices(bad, x, y, names):
    """Write where the first five mismatches are and what stands there."""
    if not getattr(bad, "ndim", 0):
        return []
    places = np.argwhere(bad)
    shown = places[:5]
    head = (
        "First 5 mismatches are at indices:" if len(places) > 5
        else "Mismatch at index:" if len(places) == 1 else "Mismatch at indices:"
    )  # fmt: skip
    # Subclasses may not know how to broadcast, but know how to show their elements.
    spread = np.broadcast_to._implementation
    x, y = spread(x, bad.shape, subok=True), spread(y, bad.shape, subok=True)
    lines = [head]
    for place in shown:
        at = tuple(place)
        where = ", ".join(str(int(i)) for i in place)
        lines.append(f" [{where}]: {_plain(x[at])} ({names[0]}), {_plain(y[at])} ({names[1]})")
    return lines


def _plain(value):
    """Write one element without its type."""
    return str(value)


def difference_lines(bad, x, y, one_verdict=False):
    """Write the largest absolute and relative difference among the mismatches."""
    formatted = partial(np.array2string, precision=8)
    lines = []
    # Text, records and other things without a difference have no such lines; dates have the first.
    with contextlib.suppress(TypeError, np.exceptions.DTypePromotionError), np.errstate(all="ignore"):
        error = abs(x - y)
        if np.issubdtype(x.dtype, np.unsignedinteger):
            # Unsigned differences wrap: the smaller of both directions is meant.
            error = np.minimum(error, abs(y - x))
        wrong = error[bad] if getattr(bad, "ndim", 0) else np.asarray(error)
        lines.append(f"Max absolute difference among violations: {formatted(np.asarray(np.max(wrong)))}")
        # What gives one verdict for all items gives one about zeros, too.
        nonzero = np.asarray(True if one_verdict else y != 0)
        nonzero = np.broadcast_to(nonzero, np.shape(error)) & bad
        reference = np.broadcast_to(abs(y), np.shape(error))[nonzero]
        relative = np.max(error[nonzero] / reference) if np.any(nonzero) else np.array(np.inf)
        lines.append(f"Max relative difference among violations: {formatted(np.asarray(relative))}")
    return lines
