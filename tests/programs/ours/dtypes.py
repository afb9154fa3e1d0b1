# Dtypes spelled in every way, and what becomes of scalars in them.
import ctypes
import warnings

import numpy as np

warnings.simplefilter("error", DeprecationWarning)


def show(text):
    """Print what an expression gives, or its error."""
    try:
        print(text, "->", repr(eval(text)))
    except Exception as error:
        print(text, "!!", type(error).__name__, error)


class Pair(ctypes.BigEndianStructure):
    _fields_ = [("one", ctypes.c_uint8), ("two", ctypes.c_uint32)]


for text in (
    "np.dtype('int0')",
    "np.dtype(bytes([17]))",
    "np.dtype(b'|')",
    "np.dtype('S1234hello')",
    "np.dtype('2i,')",
    "np.dtype('3S')",
    "np.dtype('(2,)S')",
    "np.dtype('((2))i,')",
    "np.dtype('(2)f4,')",
    "np.dtype(np.dtype('i4,f4').fields)",
    "np.dtype({'names': {'A', 'B'}, 'formats': ['f8', 'i4']})",
    "np.dtype([('a', 'f4', [1, 2, 3])])",
    "np.dtype(('f4', np.array([1, 2])))",
    "np.dtype(('f4', [1, 2.5]))",
    "np.dtype((np.void, np.dtype('i4,i4', metadata={'datum': 1}))).metadata",
    "np.dtypes.StrDType(2**31)",
    "np.dtypes.BytesDType(-1)",
    "np.dtypes.StrDType()",
    "np.array(1, dtype=np.dtype)",
    "np.dtype(ctypes.c_uint16.__ctype_be__)",
    "np.dtype(ctypes.c_uint8 * 3)",
    "np.dtype(Pair)",
    "np.dtype(Pair(1, 2))",
    "np.can_cast('d,i', 'V', 'same_kind')",
    "np.result_type(np.ones(3, 'i,O,i')[['f0', 'f2']].dtype)",
    "np.array([300]).astype('u1', casting='same_value')",
    "np.array([1 + 2j]).astype('i4', casting='same_value')",
    "np.array(np.float16(2.5), dtype='m8[s]')",
    "np.array([np.datetime64(1, 's')], dtype='i8')",
    "np.array(np.datetime64(1, 's'), dtype='i8')",
    "np.array([[], np.empty((0, 1))], dtype=object)",
    "np.complex64(1j, 1)",
    "np.float64[int]",
    "np.number[int, int]",
    "np.int8(1).__array_wrap__(np.array([3]))",
    "np.str_('a') < np.str_('b')",
    "divmod(np.array(7), np.array(2))",
):
    show(text)
