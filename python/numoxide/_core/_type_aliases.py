"""Names of the scalar types: sized names, C names, Python's names."""

from numoxide._core._multiarray_umath import dtype

__all__ = ["sctypeDict", "sctypes", "c_names_dict", "allTypes"]

_C_CODES = {
    "BOOL": "?", "HALF": "e", "FLOAT": "f", "DOUBLE": "d", "LONGDOUBLE": "g", "CFLOAT": "F",
    "CDOUBLE": "D", "CLONGDOUBLE": "G", "STRING": "S", "UNICODE": "U", "VOID": "V", "OBJECT": "O",
    "DATETIME": "M", "TIMEDELTA": "m", "BYTE": "b", "UBYTE": "B", "SHORT": "h", "USHORT": "H",
    "INT": "i", "UINT": "I", "LONG": "l", "ULONG": "L", "LONGLONG": "q", "ULONGLONG": "Q",
}  # fmt: skip
# In the order in which the names are listed; a sized name stands before its C name.
_NAMED = (
    "bool:? float16:e float32:f float64:d longdouble:g complex64:F complex128:D clongdouble:G "
    "bytes_:S str_:U void:V object_:O datetime64:M timedelta64:m byte:b ubyte:B short:h ushort:H "
    "intc:i uintc:I long:l ulong:L longlong:q ulonglong:Q intp:p uintp:P double:d cdouble:D "
    "single:f csingle:F half:e bool_:? int_:p uint:P"
)
_ABSTRACT = (
    "generic number integer signedinteger unsignedinteger inexact floating complexfloating "
    "flexible character"
)
_PYTHON = (
    ("float", "float64"), ("complex", "complex128"), ("object", "object_"), ("bytes", "bytes_"),
    ("a", "bytes_"), ("int", "int_"), ("str", "str_"), ("unicode", "str_"),
)  # fmt: skip


def _concrete():
    """Map every name of a concrete scalar type to the type."""
    names = {}
    for item in _NAMED.split():
        name, code = item.split(":")
        kind = dtype(code)
        if kind.kind in "iu" and code not in "qQ":
            names.setdefault(f"{'u' * (kind.kind == 'u')}int{8 * kind.itemsize}", kind.type)
        names[name] = kind.type
    for name in ("longdouble", "clongdouble"):
        size = 8 * dtype(names[name]).itemsize
        names.setdefault(f"{'float' if name == 'longdouble' else 'complex'}{size}", names[name])
    return names


def _abstract(names):
    """Map the names of the abstract scalar types to the types, found as bases of concrete ones."""
    wanted, found = set(_ABSTRACT.split()), {}
    for concrete in names.values():
        for base in concrete.__mro__:
            if base.__name__ in wanted:
                found.setdefault(base.__name__, base)
    return {name: found[name] for name in _ABSTRACT.split()}


_sized = _concrete()
_abstract_type_names = set(_ABSTRACT.split())
c_names_dict = {name: dtype(code) for name, code in _C_CODES.items()}
allTypes = _abstract(_sized) | _sized
sctypeDict = dict(_sized)
sctypeDict.update((alias, _sized[name]) for alias, name in _PYTHON)
sctypes = {
    "int": [dtype(code).type for code in "bhilq"],
    "uint": [dtype(code).type for code in "BHILQ"],
    "float": [dtype(code).type for code in "efdg"],
    "complex": [dtype(code).type for code in "FDG"],
    "others": [dtype(code).type for code in "SUV?O"],
}
