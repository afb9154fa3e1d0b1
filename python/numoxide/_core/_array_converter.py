"""Inputs of a function made arrays together, their common dtype, and results wrapped as they ask."""

from numoxide._core import _multiarray_umath as _ext

_PYTHON = (int, float, complex)
_MODES = ("convert", "preserve", "convert_if_no_array")


class _array_converter:
    """The arguments of one call: as arrays, as a dtype, and as the type that results take.

    >>> conv = _array_converter([1, 2], 3.0)
    >>> conv.scalar_input
    (False, True)
    """

    def __init__(self, *args):
        self._given = args
        self._arrays = tuple(_ext.asanyarray(arg) for arg in args)
        self._weak = tuple(type(arg) in _PYTHON for arg in args)
        self.scalar_input = tuple(
            array.ndim == 0 and not isinstance(arg, _ext.ndarray) for arg, array in zip(args, self._arrays)
        )

    def __len__(self):
        return len(self._given)

    def __getitem__(self, index):
        return self._arrays[index]

    def as_arrays(self, *, subok=True, pyscalars="convert_if_no_array"):
        """All inputs as arrays; Python numbers may stay what they are."""
        if pyscalars not in _MODES:
            raise ValueError(
                "invalid pyscalar mode, must be 'convert', 'preserve', or 'convert_if_no_array' (default)"
            )
        keep = pyscalars == "preserve" or (pyscalars == "convert_if_no_array" and not all(self._weak))
        return tuple(
            given if keep and weak else array if subok else _ext.asarray(array)
            for given, weak, array in zip(self._given, self._weak, self._arrays)
        )

    def result_type(self, extra_dtype=None, ensure_inexact=False):
        """The common dtype of the inputs and one more; a float dtype at least if asked."""
        parts = [given if weak else array.dtype for given, weak, array in zip(self._given, self._weak, self._arrays)]
        if extra_dtype is not None:
            parts.append(extra_dtype)
        found = _ext.result_type(*parts)
        if ensure_inexact and found.kind in "biu":
            return _ext.result_type(1.0, *parts)
        strong = [array.dtype for array, weak in zip(self._arrays, self._weak) if not weak]
        if extra_dtype is not None:
            strong.append(_ext.dtype(extra_dtype))
        # One dtype among Python numbers that change nothing keeps its byte order.
        return strong[0] if len(strong) == 1 and strong[0].newbyteorder("=") == found else found

    def _wrap_of(self):
        """The `__array_wrap__` of the input with the highest priority, if it is not a plain one."""
        best, found = None, None
        for given in self._given:
            kind = type(given)
            if kind is _ext.ndarray or isinstance(given, (_ext.generic, *_PYTHON)) or not hasattr(kind, "__array_wrap__"):
                continue
            priority = getattr(given, "__array_priority__", 0.0)
            if best is None or priority > best:
                best, found = priority, given.__array_wrap__
        return found

    def wrap(self, arr, /, to_scalar=None):
        """A result as the inputs ask: a scalar if all of them were, else wrapped by the leading input."""
        if to_scalar is None:
            to_scalar = bool(self.scalar_input) and all(self.scalar_input)
        wrap = self._wrap_of()
        if wrap is not None:
            return wrap(arr, None, to_scalar)
        if to_scalar and type(arr) is _ext.ndarray and arr.ndim == 0:
            return arr[()]
        return arr


_ext._array_converter = _array_converter
