"""A container that holds an array, as a base for classes that are array-like without being arrays."""

import operator

import numoxide as np
from numoxide._home import home

__all__ = ["container"]


def _forward(name, swapped=False):
    """Make an operator that works on the held array and wraps what comes out."""
    function = getattr(operator, name)

    def method(self, other):
        pair = (other, self.array) if swapped else (self.array, other)
        return self._rc(function(*pair))

    return method


def _unary(function):
    """Make an operator of one operand."""
    return lambda self: self._rc(function(self.array))


def _in_place(name):
    """Make an operator that changes the held array."""
    function = getattr(operator, name)

    def method(self, other):
        function(self.array, other)
        return self

    return method


class container:
    """Holds an array in the attribute `array`; operators and functions work on it.

    >>> np.lib.user_array.container([1, 2]) + 1
    container([2, 3])
    """

    __module__ = home("numpy.lib.user_array")

    def __init__(self, data, dtype=None, copy=True):
        self.array = np.array(data, dtype, copy=copy)

    def __repr__(self):
        if self.ndim > 0:
            return self.__class__.__name__ + repr(self.array)[len("array") :]
        return f"{self.__class__.__name__}({self.array!r})"

    def __array__(self, t=None):
        return self.array.astype(t) if t else self.array

    def __len__(self):
        return len(self.array)

    def __getitem__(self, index):
        return self._rc(self.array[index])

    def __setitem__(self, index, value):
        self.array[index] = np.asarray(value, self.dtype)

    __abs__ = _unary(operator.abs)
    __neg__ = _unary(operator.neg)
    __pos__ = _unary(operator.pos)
    __invert__ = _unary(operator.invert)
    for _name in "add sub mul mod pow lshift rshift".split():
        locals()[f"__{_name}__"] = _forward(_name)
        locals()[f"__r{_name}__"] = _forward(_name, swapped=True)
        locals()[f"__i{_name}__"] = _in_place(f"i{_name}")
    for _name in ("and", "or", "xor"):
        locals()[f"__{_name}__"] = _forward(_name + "_" if _name != "xor" else _name)
        locals()[f"__r{_name}__"] = _forward(_name + "_" if _name != "xor" else _name, swapped=True)
        locals()[f"__i{_name}__"] = _in_place(f"i{_name}")
    for _name in ("lt", "le", "eq", "ne", "gt", "ge"):
        locals()[f"__{_name}__"] = _forward(_name)
    del _name

    def __divmod__(self, other):
        return self._rc(divmod(self.array, other))

    def __rdivmod__(self, other):
        return self._rc(divmod(other, self.array))

    def _number(self, kind):
        """Make a Python number of the only item."""
        if self.ndim:
            raise TypeError("only rank-0 arrays can be converted to Python scalars.")
        return kind(self[0])

    def __int__(self):
        return self._number(int)

    def __float__(self):
        return self._number(float)

    def __complex__(self):
        return self._number(complex)

    def copy(self):
        """Copy the container and what it holds."""
        return self._rc(self.array.copy())

    def tobytes(self):
        """The bytes of the held array."""
        return self.array.tobytes()

    def byteswap(self):
        """The held array with the bytes of each item turned round."""
        return self._rc(self.array.byteswap())

    def astype(self, typecode):
        """The held array cast to another dtype."""
        return self._rc(self.array.astype(typecode))

    def _rc(self, a):
        """Wrap a result, scalars excepted."""
        return a if len(np.shape(a)) == 0 else self.__class__(a)

    def __array_wrap__(self, *args):
        return self.__class__(args[0])

    def __setattr__(self, attr, value):
        if attr == "array":
            object.__setattr__(self, attr, value)
            return
        try:
            self.array.__setattr__(attr, value)
        except AttributeError:
            object.__setattr__(self, attr, value)

    def __getattr__(self, attr):
        # Whatever the class lacks is asked of the array.
        if attr == "array":
            return object.__getattribute__(self, attr)
        return self.array.__getattribute__(attr)
