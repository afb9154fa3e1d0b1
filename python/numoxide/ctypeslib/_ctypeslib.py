"""Arrays and ctypes: pointers for foreign functions, conversions both ways."""

import ctypes
import os
import sysconfig

from numoxide._core._internal import _getintp_ctype
from numoxide._core.multiarray import _flagdict, asarray, frombuffer, ndarray
from numoxide._core.multiarray import dtype as _dtype
from numoxide._core.multiarray import flagsobj
from numoxide._core.overrides import set_module

__all__ = ["load_library", "ndpointer", "c_intp", "as_ctypes", "as_array", "as_ctypes_type"]

c_intp = _getintp_ctype()

_FLAG_NAMES = ["C_CONTIGUOUS", "F_CONTIGUOUS", "OWNDATA", "ALIGNED", "WRITEABLE", "WRITEBACKIFCOPY"]
_pointers = {}


@set_module("numpy.ctypeslib")
def load_library(libname, loader_path):
    """Load a shared library from a folder, with or without its ending in the name."""
    libname, loader_path = os.fsdecode(libname), os.fsdecode(loader_path)
    names = [libname]
    if not os.path.splitext(libname)[1]:
        ending = sysconfig.get_config_var("EXT_SUFFIX")
        names = [f"{libname}.so"] + ([libname + ending] if ending and ending != ".so" else [])
    folder = loader_path
    if not os.path.isdir(os.path.abspath(loader_path)):
        folder = os.path.dirname(os.path.abspath(loader_path))
    for name in names:
        place = os.path.join(folder, name)
        if os.path.exists(place):
            return ctypes.cdll[place]
    raise OSError("no file with expected extension")


def _flag_bits(names):
    """Add up the bits of flags."""
    return sum({_flagdict[name] for name in names})


def _flag_names(bits):
    """Name the flags of which the bits are set."""
    return [name for name in _FLAG_NAMES if _flagdict[name] & bits]


class _ndptr(ctypes.c_void_p):
    """The base of pointer types that check their arrays."""

    @classmethod
    def from_param(cls, obj):
        """Check an argument and give what ctypes passes on."""
        if not isinstance(obj, ndarray):
            raise TypeError("argument must be an ndarray")
        if cls._dtype_ is not None and obj.dtype != cls._dtype_:
            raise TypeError(f"array must have data type {cls._dtype_}")
        if cls._ndim_ is not None and obj.ndim != cls._ndim_:
            raise TypeError(f"array must have {cls._ndim_} dimension(s)")
        if cls._shape_ is not None and obj.shape != cls._shape_:
            raise TypeError(f"array must have shape {cls._shape_}")
        if cls._flags_ is not None and obj.flags.num & cls._flags_ != cls._flags_:
            raise TypeError(f"array must have flags {_flag_names(cls._flags_)}")
        return obj.ctypes


class _concrete_ndptr(_ndptr):
    """A pointer whose dtype and shape are known, so that results become arrays."""

    def _check_retval_(self):
        """Turn a result into an array."""
        return self.contents

    @property
    def contents(self):
        """The memory as an array."""
        full = _dtype((self._dtype_, self._shape_))
        held = ctypes.c_char * full.itemsize
        memory = ctypes.cast(self, ctypes.POINTER(held)).contents
        return frombuffer(memory, dtype=full).squeeze(axis=0)


def _wanted_flags(flags):
    """Turn flags in any of their forms into (bits, names)."""
    if flags is None:
        return None, None
    if isinstance(flags, str):
        flags = flags.split(",")
    elif isinstance(flags, int):
        return flags, _flag_names(flags)
    elif isinstance(flags, flagsobj):
        return flags.num, _flag_names(flags.num)
    try:
        names = [name.strip().upper() for name in flags]
    except Exception as error:
        raise TypeError("invalid flags specification") from error
    return _flag_bits(names), names


@set_module("numpy.ctypeslib")
def ndpointer(dtype=None, ndim=None, shape=None, flags=None):
    """Make a type for `argtypes` and `restype` that accepts arrays of one kind only.

    >>> np.ctypeslib.ndpointer(dtype="f8", ndim=2).__name__
    'ndpointer_<f8_2d'
    """
    if dtype is not None:
        dtype = _dtype(dtype)
    bits, names = _wanted_flags(flags)
    if shape is not None:
        try:
            shape = tuple(shape)
        except TypeError:
            shape = (shape,)
    key = (dtype, ndim, shape, bits)
    if key in _pointers:
        return _pointers[key]
    if dtype is None:
        label = "any"
    elif dtype.names is not None:
        label = str(id(dtype))
    else:
        label = dtype.str
    if ndim is not None:
        label += f"_{ndim}d"
    if shape is not None:
        label += "_" + "x".join(map(str, shape))
    if names is not None:
        label += "_" + "_".join(names)
    base = _concrete_ndptr if shape is not None and dtype is not None else _ndptr
    parts = {"_dtype_": dtype, "_shape_": shape, "_ndim_": ndim, "_flags_": bits}
    made = _pointers[key] = type(f"ndpointer_{label}", (base,), parts)
    return made


def _array_type(element, shape):
    """Nest ctypes arrays: the type for a shape."""
    for length in shape[::-1]:
        element = length * element
        element.__module__ = None
    return element


def _scalar_types():
    """The ctypes type of each dtype that has one."""
    kinds = [
        ctypes.c_byte, ctypes.c_short, ctypes.c_int, ctypes.c_long, ctypes.c_longlong,
        ctypes.c_ubyte, ctypes.c_ushort, ctypes.c_uint, ctypes.c_ulong, ctypes.c_ulonglong,
        ctypes.c_float, ctypes.c_double, ctypes.c_bool,
    ]  # fmt: skip
    return {_dtype(kind): kind for kind in kinds}


def _struct_type(dtype):
    """Make a ctypes struct, or a union where all fields begin at once."""
    fields = []
    for name in dtype.names:
        kind, offset = dtype.fields[name][:2]
        fields.append((offset, name, as_ctypes_type(kind)))
    fields.sort(key=lambda field: field[0])
    if len(fields) > 1 and all(offset == 0 for offset, _, _ in fields):
        size, members = 0, []
        for _, name, kind in fields:
            members.append((name, kind))
            size = max(size, ctypes.sizeof(kind))
        if dtype.itemsize != size:
            members.append(("", ctypes.c_char * dtype.itemsize))
        return type("union", (ctypes.Union,), {"_fields_": members, "_pack_": 1, "__module__": None})
    place, members = 0, []
    for offset, name, kind in fields:
        if offset < place:
            raise NotImplementedError("Overlapping fields")
        if offset > place:
            members.append(("", ctypes.c_char * (offset - place)))
        members.append((name, kind))
        place = offset + ctypes.sizeof(kind)
    if dtype.itemsize > place:
        members.append(("", ctypes.c_char * (dtype.itemsize - place)))
    return type("struct", (ctypes.Structure,), {"_fields_": members, "_pack_": 1, "__module__": None})


@set_module("numpy.ctypeslib")
def as_ctypes_type(dtype):
    """Find the ctypes type that lies in memory as a dtype does.

    >>> np.ctypeslib.as_ctypes_type("int32").__name__
    'c_int'
    """
    dtype = _dtype(dtype)
    if dtype.fields is not None:
        return _struct_type(dtype)
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return _array_type(as_ctypes_type(base), shape)
    native = dtype.newbyteorder("S") if not dtype.isnative else dtype
    try:
        kind = _scalar_types()[native.newbyteorder("=")]
    except KeyError as error:
        raise NotImplementedError(f"Converting {dtype!r} to a ctypes type") from error
    if dtype.byteorder == ">":
        return kind.__ctype_be__
    return kind.__ctype_le__ if dtype.byteorder == "<" else kind


@set_module("numpy.ctypeslib")
def as_array(obj, shape=None):
    """View a ctypes array, or memory at a ctypes pointer, as an array.

    >>> import ctypes
    >>> np.ctypeslib.as_array((ctypes.c_int * 3)(1, 2, 3))
    array([1, 2, 3], dtype=int32)
    """
    if isinstance(obj, ctypes._Pointer):
        if shape is None:
            raise TypeError("as_array() requires a shape argument when called on a pointer")
        obj = ctypes.cast(obj, ctypes.POINTER(_array_type(obj._type_, shape))).contents
    return asarray(obj)


@set_module("numpy.ctypeslib")
def as_ctypes(obj):
    """Make a ctypes object that shares an array's memory."""
    interface = obj.__array_interface__
    if interface["strides"]:
        raise TypeError("strided arrays not supported")
    if interface["version"] != 3:
        raise TypeError("only __array_interface__ version 3 supported")
    address, readonly = interface["data"]
    if readonly:
        raise TypeError("readonly arrays unsupported")
    kind = _array_type(as_ctypes_type(obj.dtype), interface["shape"])
    made = kind.from_address(address)
    made.__keep = obj
    return made
