"""Errors raised by the engine with their facts; the words are made when they are shown."""

from numoxide._home import home


class UFuncTypeError(TypeError):
    """A universal function cannot work on these types."""

    def __init__(self, ufunc):
        self.ufunc = ufunc


class _UFuncNoLoopError(UFuncTypeError):
    """No loop of the ufunc takes these dtypes."""

    def __init__(self, ufunc, dtypes):
        super().__init__(ufunc)
        self.dtypes = tuple(dtypes)

    def __str__(self):
        nin = self.ufunc.nin
        taken, given = _one_or_tuple(self.dtypes[:nin]), _one_or_tuple(self.dtypes[nin:])
        return (
            f"ufunc {self.ufunc.__name__!r} did not contain a loop with signature matching types "
            f"{taken} -> {given}"
        )


def _one_or_tuple(items):
    """Write one item alone, several as a tuple."""
    return repr(items[0]) if len(items) == 1 else repr(tuple(items))


class _UFuncBinaryResolutionError(_UFuncNoLoopError):
    """A binary ufunc cannot combine these two dtypes."""

    def __init__(self, ufunc, dtypes):
        super().__init__(ufunc, dtypes)
        if len(self.dtypes) != 2:
            raise AssertionError("a binary ufunc takes two types")

    def __str__(self):
        first, second = self.dtypes
        return f"ufunc {self.ufunc.__name__!r} cannot use operands with types {first!r} and {second!r}"


class _UFuncCastingError(UFuncTypeError):
    """An operand cannot be cast as the rule allows."""

    def __init__(self, ufunc, casting, from_, to):
        super().__init__(ufunc)
        self.casting, self.from_, self.to = casting, from_, to


class _UFuncOperandCastingError(_UFuncCastingError):
    """The common part of input and output casting errors: which operand it was."""

    _role = _index_name = _count_name = ""

    def __init__(self, ufunc, casting, from_, to, i):
        super().__init__(ufunc, casting, from_, to)
        setattr(self, self._index_name, i)

    def __str__(self):
        number = getattr(self, self._index_name)
        total = getattr(self.ufunc, self._count_name)
        which = f"{number} " if total != 1 else ""
        return (
            f"Cannot cast ufunc {self.ufunc.__name__!r} {self._role} {which}from "
            f"{self.from_!r} to {self.to!r} with casting rule {self.casting!r}"
        )


class _UFuncInputCastingError(_UFuncOperandCastingError):
    """An input cannot be cast as the rule allows."""

    _role, _index_name, _count_name = "input", "in_i", "nin"


class _UFuncOutputCastingError(_UFuncOperandCastingError):
    """An output cannot be cast as the rule allows."""

    _role, _index_name, _count_name = "output", "out_i", "nout"


class _ArrayMemoryError(MemoryError):
    """There is no memory for an array of this shape and dtype."""

    def __init__(self, shape, dtype):
        self.shape, self.dtype = shape, dtype

    @property
    def _total_size(self):
        """The size in bytes that was asked for."""
        total = self.dtype.itemsize
        for length in self.shape:
            total *= length
        return total

    @staticmethod
    def _size_to_string(num_bytes):
        """Write a size with three digits and a binary unit."""
        units, power = ("bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"), 0
        # Rounding may carry into the next unit.
        while power < len(units) - 1 and round(num_bytes / 1024**power) >= 1024:
            power += 1
        scaled = num_bytes / 1024**power
        if power == 0:
            return f"{num_bytes:.0f} bytes"
        return f"{scaled:#.3g} {units[power]}" if scaled < 1000 else f"{scaled:.0f}. {units[power]}"

    def __str__(self):
        size = self._size_to_string(self._total_size)
        return (
            f"Unable to allocate {size} for an array with shape {self.shape} "
            f"and data type {self.dtype}"
        )


for _value in list(globals().values()):
    if isinstance(_value, type):
        _value.__module__ = home("numpy._core._exceptions")
        if issubclass(_value, UFuncTypeError):
            # Users see one class; its kinds are ours to tell apart.
            _value.__name__ = "UFuncTypeError"
