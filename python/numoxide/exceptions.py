"""The exceptions and warnings that array programs catch by name."""

from numoxide import _home

__all__ = [
    "ComplexWarning", "VisibleDeprecationWarning", "ModuleDeprecationWarning", "TooHardError",
    "AxisError", "DTypePromotionError",
]  # fmt: skip


class ComplexWarning(RuntimeWarning):
    """A cast dropped the imaginary part of complex values."""


class ModuleDeprecationWarning(DeprecationWarning):
    """Marks a whole module as deprecated; kept because programs name it."""


class VisibleDeprecationWarning(UserWarning):
    """A deprecation that users see without asking for it."""


class RankWarning(RuntimeWarning):
    """A polynomial fit met a matrix of deficient rank."""


class TooHardError(RuntimeError):
    """A bounded search, as in ``shares_memory``, ran out of its budget."""


class AxisError(ValueError, IndexError):
    """An axis argument was out of range.

    Made either from a finished message or from the axis and the number of dimensions.
    """

    __slots__ = ("_msg", "axis", "ndim")

    def __init__(self, axis, ndim=None, msg_prefix=None):
        if ndim is None and msg_prefix is None:
            self._msg, self.axis, self.ndim = axis, None, None
        else:
            self._msg, self.axis, self.ndim = msg_prefix, axis, ndim

    def __str__(self):
        if self.axis is None or self.ndim is None:
            return self._msg
        text = f"axis {self.axis} is out of bounds for array of dimension {self.ndim}"
        return text if self._msg is None else f"{self._msg}: {text}"


class DTypePromotionError(TypeError):
    """Two dtypes have no common dtype."""


for _name in __all__:
    globals()[_name].__module__ = _home.home("numpy.exceptions")
del _name
