"""Stand-in until the wheel's own module loads: the functions that are plain calls of Python's C API."""

import ctypes

from placeholders import missing_names

__getattr__ = missing_names(__name__)
_api, _object = ctypes.pythonapi, ctypes.py_object
_get_item = ctypes.PYFUNCTYPE(_object, _object, ctypes.c_ssize_t)(("PySequence_GetItem", _api))
_set_item = ctypes.PYFUNCTYPE(ctypes.c_int, _object, ctypes.c_ssize_t, _object)(("PySequence_SetItem", _api))


def array_indexing(as_mapping, array, index, *value):
    """Read or write one item through the sequence protocol or, with `as_mapping`, the mapping protocol."""
    if as_mapping:
        return array.__setitem__(index, *value) if value else array[index]
    if value:
        _set_item(array, index, *value)
        return None
    return _get_item(array, index)
