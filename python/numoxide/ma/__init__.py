"""Arrays with masks: masked elements do not count.

    >>> np.ma.array([1, 2, 3], mask=[0, 1, 0]).mean()
    np.float64(2.0)
"""

from numoxide.ma import _array, _fill, _masks, _operations  # noqa: F401, I001
from numoxide.ma import core, extras

globals().update({name: getattr(core, name) for name in core.__all__})
globals().update({name: getattr(extras, name) for name in extras.__all__})

__all__ = ["core", "extras", *core.__all__, *extras.__all__]


def __getattr__(name):
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    if name == "_masks":
        return _masks
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
