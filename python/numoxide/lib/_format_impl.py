"""Reading and writing of .npy files, as NEP 1 describes them.

A file starts with the bytes ``\\x93NUMPY``, two version bytes and the length of the header: two
bytes in version 1.0, four in 2.0 and 3.0. The header is a Python dictionary with the keys descr,
fortran_order and shape, padded with blanks to a multiple of 64 bytes and ended by a newline;
Latin-1, in version 3.0 UTF-8. The elements follow, or a pickle if they are objects.
"""

import io
import math
import os
import pickle
import struct
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core.overrides import set_module
from numoxide.lib._utils_impl import drop_metadata

EXPECTED_KEYS = {"descr", "fortran_order", "shape"}
MAGIC_PREFIX = b"\x93NUMPY"
MAGIC_LEN = len(MAGIC_PREFIX) + 2
ARRAY_ALIGN = 64
BUFFER_SIZE = 2**18
GROWTH_AXIS_MAX_DIGITS = 21
_MAX_HEADER_SIZE = 10000
# How the length of the header is packed, and its encoding.
_VERSIONS = {(1, 0): ("<H", "latin1"), (2, 0): ("<I", "latin1"), (3, 0): ("<I", "utf8")}


def _check_version(version):
    """Refuse versions that do not exist."""
    if version is not None and version not in _VERSIONS:
        raise ValueError(f"we only support format version (1,0), (2,0), and (3,0), not {version}")


@set_module("numpy.lib.format")
def magic(major, minor):
    """Make the first bytes of a file of a version."""
    if not 0 <= major <= 255:
        raise ValueError("major version must be 0 <= major < 256")
    if not 0 <= minor <= 255:
        raise ValueError("minor version must be 0 <= minor < 256")
    return MAGIC_PREFIX + bytes([major, minor])


@set_module("numpy.lib.format")
def read_magic(fp):
    """Read the first bytes and give the version."""
    start = _read_bytes(fp, MAGIC_LEN, "magic string")
    if start[:-2] != MAGIC_PREFIX:
        raise ValueError(
            f"the magic string is not correct; expected {MAGIC_PREFIX!r}, got {start[:-2]!r}"
        )
    return start[-2], start[-1]


@set_module("numpy.lib.format")
def dtype_to_descr(dtype):
    """Describe a dtype by what `descr_to_dtype` reads."""
    plain = drop_metadata(dtype)
    if plain is not dtype:
        warnings.warn(
            "metadata on a dtype is not saved to an npy/npz. Use another format (such as pickle) "
            "to store it.",
            UserWarning,
            stacklevel=2,
        )
    dtype = plain
    if dtype.names is not None:
        return dtype.descr
    if not type(dtype)._legacy:
        warnings.warn(
            "Custom dtypes are saved as python objects using the pickle protocol. Loading "
            "requires allow_pickle=True to be set.",
            UserWarning,
            stacklevel=2,
        )
        return "|O"
    return dtype.str


@set_module("numpy.lib.format")
def descr_to_dtype(descr):
    """Make a dtype from its description; unnamed fields of bytes are padding."""
    if isinstance(descr, str):
        return _nx.dtype(descr)
    if isinstance(descr, tuple):
        return _nx.dtype((descr_to_dtype(descr[0]), descr[1]))
    titles, names, formats, offsets = [], [], [], []
    offset = 0
    for field in descr:
        name, kind = field[0], descr_to_dtype(field[1])
        if len(field) == 3:
            kind = _nx.dtype((kind, field[2]))
        padding = name == "" and kind.type is _nx.dtype("V").type and kind.names is None
        if not padding:
            title, name = name if isinstance(name, tuple) else (None, name)
            titles.append(title)
            names.append(name)
            formats.append(kind)
            offsets.append(offset)
        offset += kind.itemsize
    return _nx.dtype(
        {
            "names": names,
            "formats": formats,
            "titles": titles,
            "offsets": offsets,
            "itemsize": offset,
        }
    )


@set_module("numpy.lib.format")
def header_data_from_array_1_0(array):
    """Collect what a header says about an array."""
    flags = array.flags
    return {
        "shape": array.shape,
        # Data that are in neither order are written in C order.
        "fortran_order": flags.f_contiguous and not flags.c_contiguous,
        "descr": dtype_to_descr(array.dtype),
    }


def _wrap_header(header, version):
    """Put the magic string, the length and the padding round a header."""
    packing, encoding = _VERSIONS[version]
    text = header.encode(encoding)
    fixed = MAGIC_LEN + struct.calcsize(packing)
    padding = ARRAY_ALIGN - (fixed + len(text) + 1) % ARRAY_ALIGN
    try:
        start = magic(*version) + struct.pack(packing, len(text) + padding + 1)
    except struct.error:
        raise ValueError(f"Header length {len(text) + 1} too big for version={version}") from None
    return start + text + b" " * padding + b"\n"


def _wrap_header_guess_version(header):
    """Wrap a header in the oldest version that can hold it."""
    try:
        return _wrap_header(header, (1, 0))
    except ValueError:
        pass
    try:
        wrapped = _wrap_header(header, (2, 0))
    except UnicodeEncodeError:
        pass
    else:
        warnings.warn(
            "Stored array in format 2.0. It can only be read by NumPy >= 1.9", UserWarning,
            stacklevel=2,
        )  # fmt: skip
        return wrapped
    wrapped = _wrap_header(header, (3, 0))
    warnings.warn(
        "Stored array in format 3.0. It can only be read by NumPy >= 1.17", UserWarning,
        stacklevel=2,
    )  # fmt: skip
    return wrapped


def _write_array_header(fp, d, version=None):
    """Write a header, with room for the first axis to grow in place."""
    text = "{" + "".join(f"'{key}': {value!r}, " for key, value in sorted(d.items())) + "}"
    shape = d["shape"]
    if len(shape) > 0:
        digits = len(repr(shape[-1 if d["fortran_order"] else 0]))
        text += " " * (GROWTH_AXIS_MAX_DIGITS - digits)
    if version is None:
        wrapped = _wrap_header_guess_version(text)
    else:
        wrapped = _wrap_header(text, version)
    fp.write(wrapped)


@set_module("numpy.lib.format")
def write_array_header_1_0(fp, d):
    """Write a header of version 1.0."""
    _write_array_header(fp, d, (1, 0))


@set_module("numpy.lib.format")
def write_array_header_2_0(fp, d):
    """Write a header of version 2.0."""
    _write_array_header(fp, d, (2, 0))


@set_module("numpy.lib.format")
def read_array_header_1_0(fp, max_header_size=_MAX_HEADER_SIZE):
    """Read a header of version 1.0: shape, Fortran order, dtype."""
    return _read_array_header(fp, version=(1, 0), max_header_size=max_header_size)


@set_module("numpy.lib.format")
def read_array_header_2_0(fp, max_header_size=_MAX_HEADER_SIZE):
    """Read a header of version 2.0: shape, Fortran order, dtype."""
    return _read_array_header(fp, version=(2, 0), max_header_size=max_header_size)


def _filter_header(s):
    """Drop the L that Python 2 wrote behind long integers."""
    import tokenize

    tokens, after_number = [], False
    for token in tokenize.generate_tokens(io.StringIO(s).readline):
        if after_number and token[0] == tokenize.NAME and token[1] == "L":
            continue
        tokens.append(token)
        after_number = token[0] == tokenize.NUMBER
    return tokenize.untokenize(tokens)


def _read_array_header(fp, version, max_header_size=_MAX_HEADER_SIZE):
    """Read and check a header."""
    import ast

    if version not in _VERSIONS:
        raise ValueError(f"Invalid version {version!r}")
    packing, encoding = _VERSIONS[version]
    size = struct.unpack(packing, _read_bytes(fp, struct.calcsize(packing), "array header length"))
    text = _read_bytes(fp, size[0], "array header").decode(encoding)
    if len(text) > max_header_size:
        raise ValueError(
            f"Header info length ({len(text)}) is large and may not be safe to load securely.\n"
            "To allow loading, adjust `max_header_size` or fully trust the `.npy` file using "
            "`allow_pickle=True`.\nFor safety against large resource use or crashes, sandboxing "
            "may be necessary."
        )
    try:
        d = ast.literal_eval(text)
    except SyntaxError as error:
        if version > (2, 0):
            raise ValueError(f"Cannot parse header: {text!r}") from error
        d = _read_python2_header(text, error)
        warnings.warn(
            "Reading `.npy` or `.npz` file required additional header parsing as it was created "
            "on Python 2. Save the file again to speed up loading and avoid this warning.",
            UserWarning,
            stacklevel=4,
        )
    return _checked_header(d)


def _read_python2_header(text, error):
    """Read a header that Python 2 wrote."""
    import ast

    try:
        return ast.literal_eval(_filter_header(text))
    except SyntaxError:
        raise ValueError(f"Cannot parse header: {text!r}") from error


def _checked_header(d):
    """Check the dictionary of a header; give shape, Fortran order and dtype."""
    if not isinstance(d, dict):
        raise ValueError(f"Header is not a dictionary: {d!r}")
    if EXPECTED_KEYS != d.keys():
        keys = sorted(d.keys())
        raise ValueError(f"Header does not contain the correct keys: {keys!r}")
    shape = d["shape"]
    if not isinstance(shape, tuple) or not all(isinstance(x, int) for x in shape):
        raise ValueError(f"shape is not valid: {shape!r}")
    if not isinstance(d["fortran_order"], bool):
        raise ValueError(f"fortran_order is not a valid bool: {d['fortran_order']!r}")
    try:
        dtype = descr_to_dtype(d["descr"])
    except TypeError as error:
        raise ValueError(f"descr is not a valid dtype descriptor: {d['descr']!r}") from error
    return shape, d["fortran_order"], dtype


@set_module("numpy.lib.format")
def write_array(fp, array, version=None, allow_pickle=True, pickle_kwargs=None):
    """Write an array with its header to a file object."""
    _check_version(version)
    _write_array_header(fp, header_data_from_array_1_0(array), version)
    piece = 0 if array.itemsize == 0 else max(16 * 1024**2 // array.itemsize, 1)
    if array.dtype.hasobject or not type(array.dtype)._legacy:
        if not allow_pickle:
            if array.dtype.hasobject:
                raise ValueError("Object arrays cannot be saved when allow_pickle=False")
            raise ValueError("User-defined dtypes cannot be saved when allow_pickle=False")
        pickle.dump(array, fp, protocol=4, **(pickle_kwargs or {}))
        return
    fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    if isfileobj(fp):
        (array.T if fortran else array).tofile(fp)
        return
    if array.size == 0 or piece == 0:
        return
    for chunk in _nx.nditer(
        array, flags=["external_loop", "buffered", "zerosize_ok"], buffersize=piece,
        order="F" if fortran else "C",
    ):  # fmt: skip
        fp.write(chunk.tobytes("C"))


@set_module("numpy.lib.format")
def read_array(fp, allow_pickle=False, pickle_kwargs=None, *, max_header_size=_MAX_HEADER_SIZE):
    """Read an array from a file object."""
    if allow_pickle:
        # Whoever trusts a pickle trusts a header.
        max_header_size = 2**64
    version = read_magic(fp)
    _check_version(version)
    shape, fortran, dtype = _read_array_header(fp, version, max_header_size=max_header_size)
    count = math.prod(shape) if shape else 1
    if dtype.hasobject:
        if not allow_pickle:
            raise ValueError("Object arrays cannot be loaded when allow_pickle=False")
        try:
            return pickle.load(fp, **(pickle_kwargs or {}))
        except UnicodeError as error:
            raise UnicodeError(
                f"Unpickling a python object failed: {error!r}\nYou may need to pass the encoding= "
                "option to numpy.load"
            ) from error
    if isfileobj(fp):
        array = _nx.fromfile(fp, dtype=dtype, count=count)
    else:
        array = _read_in_pieces(fp, dtype, count)
    if array.size != count:
        raise ValueError(
            f"Failed to read all data for array. Expected {shape} = {count} elements, could only "
            f"read {array.size} elements. (file seems not fully written?)"
        )
    if fortran:
        array.shape = shape[::-1]
        return array.transpose()
    array.shape = shape
    return array


def _read_in_pieces(fp, dtype, count):
    """Read elements from an object that is not a plain file, a piece at a time."""
    array = _nx.ndarray(count, dtype=dtype)
    if dtype.itemsize > 0:
        most = BUFFER_SIZE // min(BUFFER_SIZE, dtype.itemsize)
        for start in range(0, count, most):
            n = min(most, count - start)
            data = _read_bytes(fp, n * dtype.itemsize, "array data")
            array[start : start + n] = _nx.frombuffer(data, dtype=dtype, count=n)
    return array


@set_module("numpy.lib.format")
def open_memmap(
    filename, mode="r+", dtype=None, shape=None, fortran_order=False, version=None, *,
    max_header_size=_MAX_HEADER_SIZE,
):  # fmt: skip
    """Open a .npy file as an array in mapped memory, or make one."""
    if isfileobj(filename):
        raise ValueError(
            "Filename must be a string or a path-like object.  Memmap cannot use existing file "
            "handles."
        )
    if "w" in mode:
        _check_version(version)
        dtype = _nx.dtype(dtype)
        if dtype.hasobject:
            raise ValueError("Array can't be memory-mapped: Python objects in dtype.")
        header = {"descr": dtype_to_descr(dtype), "fortran_order": fortran_order, "shape": shape}
        with open(os.fspath(filename), mode + "b") as fp:
            _write_array_header(fp, header, version)
            offset = fp.tell()
    else:
        with open(os.fspath(filename), "rb") as fp:
            version = read_magic(fp)
            _check_version(version)
            shape, fortran_order, dtype = _read_array_header(
                fp, version, max_header_size=max_header_size
            )
            if dtype.hasobject:
                raise ValueError("Array can't be memory-mapped: Python objects in dtype.")
            offset = fp.tell()
    from numoxide._core.memmap import memmap

    return memmap(
        filename, dtype=dtype, shape=shape, order="F" if fortran_order else "C",
        mode="r+" if mode == "w+" else mode, offset=offset,
    )  # fmt: skip


def _read_bytes(fp, size, error_template="ran out of data"):
    """Read exactly so many bytes, from an object that may give fewer at a time."""
    data = b""
    while len(data) < size:
        try:
            more = fp.read(size - len(data))
        except BlockingIOError:
            continue
        if not more:
            break
        data += more
    if len(data) != size:
        raise ValueError(f"EOF: reading {error_template}, expected {size} bytes got {len(data)}")
    return data


@set_module("numpy.lib.format")
def isfileobj(f):
    """Tell whether an object is a plain binary file with a descriptor."""
    if not isinstance(f, (io.FileIO, io.BufferedReader, io.BufferedWriter)):
        return False
    try:
        # Only files that the system knows can be read past Python.
        f.fileno()
    except OSError:
        return False
    return True
