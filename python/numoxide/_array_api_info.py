"""What the array API standard asks of a namespace: its devices, dtypes and capabilities."""

from numoxide._core.multiarray import dtype
from numoxide._core.numerictypes import bool as bool_
from numoxide._home import home

_SIGNED = ("int8", "int16", "int32", "int64")
_UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
_REAL, _COMPLEX = ("float32", "float64"), ("complex64", "complex128")
_KINDS = {
    "bool": ("bool",),
    "signed integer": _SIGNED,
    "unsigned integer": _UNSIGNED,
    "integral": _SIGNED + _UNSIGNED,
    "real floating": _REAL,
    "complex floating": _COMPLEX,
    "numeric": _SIGNED + _UNSIGNED + _REAL + _COMPLEX,
}


def _check_device(device):
    """Refuse every device but the processor."""
    if device not in ("cpu", None):
        raise ValueError(f'Device not understood. Only "cpu" is allowed, but received: {device}')


class __array_namespace_info__:
    """Facts about this namespace, as the array API standard asks for them.

    >>> np.__array_namespace_info__().default_device()
    'cpu'
    """

    __module__ = home("numpy")

    def capabilities(self):
        """Tell which optional parts of the standard are there."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": 64}

    def default_device(self):
        """Name the device on which arrays are made."""
        return "cpu"

    def default_dtypes(self, *, device=None):
        """Tell the dtypes that functions choose when none is asked for."""
        _check_device(device)
        return {
            "real floating": dtype("float64"),
            "complex floating": dtype("complex128"),
            "integral": dtype("int64"),
            "indexing": dtype("int64"),
        }

    def dtypes(self, *, device=None, kind=None):
        """Tell the dtypes of a kind, or of several, by name."""
        _check_device(device)
        if kind is None:
            return {name: dtype(name) for name in ("bool", *_KINDS["numeric"])}
        found = {}
        for one in kind if isinstance(kind, tuple) else (kind,):
            if one not in _KINDS:
                raise ValueError(f"unsupported kind: {one!r}")
            found.update((name, bool_ if name == "bool" else dtype(name)) for name in _KINDS[one])
        return found

    def devices(self):
        """List the devices on which arrays can be."""
        return ["cpu"]
