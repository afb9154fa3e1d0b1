"""Operators for classes that define ``__array_ufunc__``."""

from numoxide._core import umath as um

__all__ = ["NDArrayOperatorsMixin"]


def _binary(ufunc, name, reflected=False):
    """Make an operator method out of a ufunc of two arguments."""

    def method(self, other):
        # A class that sets __array_ufunc__ to None wants to handle the operation itself.
        try:
            if other.__array_ufunc__ is None:
                return NotImplemented
        except AttributeError:
            pass
        return ufunc(other, self) if reflected else ufunc(self, other)

    method.__name__ = f"__{'r' if reflected else ''}{name}__"
    return method


def _inplace(ufunc, name):
    """Make an in-place operator method."""

    def method(self, other):
        return ufunc(self, other, out=(self,))

    method.__name__ = f"__i{name}__"
    return method


def _unary(ufunc, name):
    """Make an operator method out of a ufunc of one argument."""

    def method(self):
        return ufunc(self)

    method.__name__ = f"__{name}__"
    return method


class NDArrayOperatorsMixin:
    """Defines all arithmetic, comparison and bit operators through ufuncs."""

    __slots__ = ()


_COMPARE = {"lt": "less", "le": "less_equal", "eq": "equal", "ne": "not_equal", "gt": "greater",
            "ge": "greater_equal"}  # fmt: skip
_NUMERIC = {
    "add": "add", "sub": "subtract", "mul": "multiply", "matmul": "matmul",
    "truediv": "true_divide", "floordiv": "floor_divide", "mod": "remainder", "pow": "power",
    "lshift": "left_shift", "rshift": "right_shift", "and": "bitwise_and", "xor": "bitwise_xor",
    "or": "bitwise_or",
}  # fmt: skip
_SINGLE = {"neg": "negative", "pos": "positive", "abs": "absolute", "invert": "invert"}


def _define():
    """Set the methods of the tables."""
    target = NDArrayOperatorsMixin
    for name, ufunc in _COMPARE.items():
        setattr(target, f"__{name}__", _binary(getattr(um, ufunc), name))
    for name, ufunc in _NUMERIC.items():
        ufunc = getattr(um, ufunc)
        setattr(target, f"__{name}__", _binary(ufunc, name))
        setattr(target, f"__r{name}__", _binary(ufunc, name, reflected=True))
        setattr(target, f"__i{name}__", _inplace(ufunc, name))
    target.__divmod__ = _binary(um.divmod, "divmod")
    target.__rdivmod__ = _binary(um.divmod, "divmod", reflected=True)
    for name, ufunc in _SINGLE.items():
        setattr(target, f"__{name}__", _unary(getattr(um, ufunc), name))
    target.__hash__ = None


_define()
