"""Arrays that satisfy requirements on memory."""

from numoxide._core.multiarray import array, asanyarray
from numoxide._core.overrides import creation, like_call

__all__ = ["require"]

_FLAGS = {
    "C": "C", "C_CONTIGUOUS": "C", "CONTIGUOUS": "C", "F": "F", "F_CONTIGUOUS": "F",
    "FORTRAN": "F", "A": "A", "ALIGNED": "A", "W": "W", "WRITEABLE": "W", "O": "O",
    "OWNDATA": "O", "E": "E", "ENSUREARRAY": "E",
}  # fmt: skip


@creation
def require(a, dtype=None, requirements=None, *, like=None):
    """Make an array of a dtype that has the flags asked for, copying only if it must.

    >>> np.require(np.arange(6).reshape(2, 3), requirements="F").flags.f_contiguous
    True
    """
    if like is not None:
        return like_call(require, like, (a,), {"dtype": dtype, "requirements": requirements})
    if not requirements:
        return asanyarray(a, dtype=dtype)
    wanted = {_FLAGS[flag.upper()] for flag in requirements}
    subok = "E" not in wanted
    wanted.discard("E")
    if wanted >= {"C", "F"}:
        raise ValueError('Cannot specify both "C" and "F" order')
    order = "F" if "F" in wanted else "C" if "C" in wanted else "A"
    wanted -= {"C", "F"}
    made = array(a, dtype=dtype, order=order, copy=None, subok=subok)
    if any(not made.flags[flag] for flag in wanted):
        return made.copy(order)
    return made
