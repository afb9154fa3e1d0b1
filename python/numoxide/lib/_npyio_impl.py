"""Arrays as text, and the functions of the neighbouring modules for files."""

import contextlib
import operator
import os
import re
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core.multiarray import packbits, unpackbits
from numoxide._core.overrides import creation, like_call, public, set_module
from numoxide._utils import asbytes, asunicode
from numoxide.lib._datasource import DataSource  # noqa: F401
from numoxide.lib._genfromtxt_impl import genfromtxt
from numoxide.lib._npz_impl import (
    BagObj,  # noqa: F401
    NpzFile,  # noqa: F401
    load,
    save,
    savez,
    savez_compressed,
    zipfile_factory,  # noqa: F401
)

__all__ = [
    "savetxt", "loadtxt", "genfromtxt", "load", "save", "savez", "savez_compressed", "packbits",
    "unpackbits", "fromregex",
]  # fmt: skip

_load_from_filelike = _nx._load_from_filelike

# Rows read at a time where they are counted or their width is not known.
_loadtxt_chunksize = 50000


def _check_ndmin(ndmin):
    """Refuse numbers of axes that cannot be forced."""
    if ndmin not in (0, 1, 2):
        raise ValueError(f"Illegal value of ndmin keyword: {ndmin}")


_ensure_ndmin_ndarray_check_param = _check_ndmin


def _ensure_ndmin_ndarray(a, *, ndmin):
    """Drop axes of length one, but keep `ndmin` axes."""
    if a.ndim > ndmin:
        a = a.squeeze()
    if a.ndim < ndmin:
        from numoxide._core.shape_base import atleast_1d, atleast_2d

        a = atleast_1d(a) if ndmin == 1 else atleast_2d(a).T
    return a


def _check_nonneg_int(value, name="argument"):
    """Refuse anything but a non-negative integer."""
    if not hasattr(value, "__index__"):
        raise TypeError(f"{name} must be an integer")
    if operator.index(value) < 0:
        raise ValueError(f"{name} must be nonnegative")


def _preprocess_comments(iterable, comments, encoding):
    """Cut comments off lines where their marks are several or long."""
    for line in iterable:
        if isinstance(line, bytes):
            line = line.decode(encoding)
        for mark in comments:
            line = line.split(mark, 1)[0]
        yield line


def _comment_marks(comment):
    """Split comment marks into the one character that the reader knows and all others."""
    if comment is None:
        return None, None
    if "" in comment:
        raise ValueError("comments cannot be an empty string. Use comments=None to disable comments.")
    comments = tuple(comment)
    if len(comments) == 0:
        return None, None
    if len(comments) == 1 and isinstance(comments[0], str) and len(comments[0]) == 1:
        return comments[0], None
    if len(comments) == 1 and len(comments[0]) == 1:
        return comments[0], None
    return None, comments


def _usecols(usecols):
    """Read the wanted columns as a list of integers."""
    if usecols is None:
        return None
    try:
        columns = list(usecols)
    except TypeError:
        columns = [usecols]
    for column in columns:
        try:
            operator.index(column)
        except TypeError as error:
            error.args = (
                "usecols must be an int or a sequence of ints but it contains at least one "
                f"element of type {type(column).__name__}",
            )
            raise
    return [operator.index(column) for column in columns]


def _open_text(fname, encoding):
    """Open a file by name; objects pass as they are. Gives (data, is file, closer)."""
    if isinstance(fname, os.PathLike):
        fname = os.fspath(fname)
    if isinstance(fname, str):
        from numoxide.lib import _datasource

        fh = _datasource.open(fname, "rt", encoding=encoding)
        if encoding is None:
            encoding = getattr(fh, "encoding", "latin1")
        return fh, True, encoding, contextlib.closing(fh)
    return fname, False, encoding, contextlib.nullcontext()


def _read(
    fname, *, delimiter=",", comment="#", quote='"', imaginary_unit="j", usecols=None, skiplines=0,
    max_rows=None, converters=None, ndmin=None, unpack=False, dtype=float, encoding=None,
):  # fmt: skip
    """Read a table of text: what `loadtxt` does once its arguments are plain."""
    byte_converters = encoding == "bytes"
    if byte_converters:
        encoding = None
    if dtype is None:
        raise TypeError("a dtype must be provided.")
    dtype = _nx.dtype(dtype)
    # Widths and units that are not given follow from the values, read as objects first.
    by_value = None
    if dtype.kind in "SUMm" and dtype in (_nx.dtype(code) for code in "SUMm"):
        by_value, dtype = dtype, _nx.dtype(object)
    usecols = _usecols(usecols)
    _check_ndmin(ndmin)
    comment, comments = _comment_marks(comment)
    if comments is not None and quote is not None:
        raise ValueError(
            "when multiple comments or a multi-character comment is given, quotes are not "
            "supported.  In this case quotechar must be set to None."
        )
    if comments is not None and delimiter is not None:
        if any(delimiter in mark for mark in comments if isinstance(mark, str)):
            raise TypeError(
                f"Comment characters '{comments}' cannot include the delimiter '{delimiter}'"
            )
    data, is_file, encoding, closer = _open_text(fname, encoding)
    with closer:
        source, filelike = data, is_file
        if comments is not None:
            if filelike:
                source = iter(data)
                filelike = False
            source = _preprocess_comments(source, comments, encoding or "latin1")
        elif not is_file:
            # Objects are iterated over line by line.
            try:
                source = iter(data)
            except TypeError as error:
                raise ValueError(
                    "fname must be a string, filehandle, list of strings,\nor generator. Got "
                    f"{type(data)} instead."
                ) from error
        arr = _read_chunks(
            source, filelike, dtype, by_value, max_rows, skiplines,
            {
                "delimiter": delimiter, "comment": comment, "quote": quote,
                "imaginary_unit": imaginary_unit, "usecols": usecols, "converters": converters,
                "encoding": encoding, "byte_converters": byte_converters,
                "c_byte_converters": by_value is not None and by_value.kind == "S",
            },
        )  # fmt: skip
    if arr.shape[0] == 0:
        warnings.warn(
            f'loadtxt: input contained no data: "{fname}"', category=UserWarning, stacklevel=4
        )
    if dtype.names is not None or dtype.subdtype is not None:
        # Records have a row's axis only; the axis of a sub-array is their own.
        if ndmin == 2 and dtype.names is not None:
            arr = arr[:, None] if arr.ndim == 1 else arr
    if ndmin is not None:
        arr = _ensure_ndmin_ndarray(arr, ndmin=ndmin)
    if arr.shape and unpack:
        if arr.dtype.names is not None:
            return [arr[name] for name in arr.dtype.names]
        return arr.T
    return arr


def _read_chunks(source, filelike, dtype, by_value, max_rows, skiplines, options):
    """Read all rows, at most so many at a time where rows are counted."""
    if max_rows is None:
        max_rows = -1
    if by_value is None:
        return _load_from_filelike(
            source, max_rows=max_rows, skiplines=skiplines, dtype=dtype, filelike=filelike,
            **options,
        )  # fmt: skip
    if filelike:
        # Pieces are read from an iterator: a reader of files would read ahead.
        source = iter(source)
    parts = []
    while max_rows != 0:
        rows = _loadtxt_chunksize if max_rows < 0 else min(_loadtxt_chunksize, max_rows)
        part = _load_from_filelike(
            source, max_rows=rows, skiplines=skiplines, dtype=dtype, filelike=False, **options
        )
        parts.append(part if by_value is None else part.astype(by_value))
        skiplines = 0
        if max_rows > 0:
            max_rows -= rows
        if len(part) < rows:
            break
    # The last piece may be empty and then has no columns.
    if len(parts) > 1 and len(parts[-1]) == 0:
        parts.pop()
    return parts[0] if len(parts) == 1 else _nx.concatenate(parts, axis=0)


def _as_text(value):
    return value.decode("latin1") if isinstance(value, bytes) else value


@creation
def loadtxt(
    fname, dtype=float, comments="#", delimiter=None, converters=None, skiprows=0, usecols=None,
    unpack=False, ndmin=0, encoding=None, max_rows=None, *, quotechar=None, like=None,
):  # fmt: skip
    """Read a table of numbers from text.

    >>> np.loadtxt(["1 2", "3 4"])
    array([[1., 2.],
           [3., 4.]])
    """
    if like is not None:
        given = {
            "dtype": dtype, "comments": comments, "delimiter": delimiter,
            "converters": converters, "skiprows": skiprows, "usecols": usecols, "unpack": unpack,
            "ndmin": ndmin, "encoding": encoding, "max_rows": max_rows,
        }  # fmt: skip
        return like_call(loadtxt, like, (fname,), given)
    delimiter = _as_text(delimiter)
    if isinstance(comments, (str, bytes)):
        comments = [comments]
    if comments is not None:
        comments = [_as_text(mark) for mark in comments]
    if dtype is None:
        dtype = _nx.dtype(float)
    _check_nonneg_int(skiprows)
    if max_rows is not None:
        _check_nonneg_int(max_rows)
    return _read(
        fname, dtype=dtype, comment=comments, delimiter=delimiter, converters=converters,
        skiplines=skiprows, usecols=usecols, unpack=unpack, ndmin=ndmin, encoding=encoding,
        max_rows=max_rows, quote=quotechar,
    )  # fmt: skip


def _row_format(fmt, delimiter, columns, is_complex):
    """Make the format of one row."""
    if isinstance(fmt, (list, tuple)):
        if len(fmt) != columns:
            raise AttributeError(f"fmt has wrong shape.  {fmt}")
        return delimiter.join(fmt)
    if not isinstance(fmt, str):
        raise ValueError(f"invalid fmt: {fmt!r}")
    marks = fmt.count("%")
    error = ValueError(f"fmt has wrong number of % formats:  {fmt}")
    if marks == 1:
        part = f" ({fmt}+{fmt}j)" if is_complex else fmt
        return delimiter.join([part] * columns)
    if marks != (2 * columns if is_complex else columns):
        raise error
    return fmt


class _BytesOrText:
    """Writes to a file that takes either text or bytes."""

    def __init__(self, fh, encoding):
        self.fh, self.encoding = fh, encoding
        self.write = self._first

    def _first(self, text):
        try:
            self.fh.write(text)
            self.write = self.fh.write
        except TypeError:
            # The file was opened in binary mode.
            self._bytes(text)
            self.write = self._bytes

    def _bytes(self, text):
        self.fh.write(text.encode(self.encoding) if isinstance(text, str) else text)


@public("X")
def savetxt(
    fname, X, fmt="%.18e", delimiter=" ", newline="\n", header="", footer="", comments="# ",
    encoding=None,
):  # fmt: skip
    """Write an array as text, a row a line."""
    fmt, delimiter = _as_text(fmt) if isinstance(fmt, bytes) else fmt, asunicode(delimiter)
    if isinstance(fname, os.PathLike):
        fname = os.fspath(fname)
    own = isinstance(fname, str)
    if own:
        from numoxide.lib import _datasource

        open(fname, "wt").close()
        fh = _datasource.open(fname, "wt", encoding=encoding)
    elif hasattr(fname, "write"):
        fh = _BytesOrText(fname, encoding or "latin1")
    else:
        raise ValueError("fname must be a string or file handle")
    try:
        _write_table(fh, _nx.asarray(X), fmt, delimiter, newline, header, footer, comments)
    finally:
        if own:
            fh.close()


def _write_table(fh, X, fmt, delimiter, newline, header, footer, comments):
    """Write header, rows and footer."""
    if X.ndim == 0 or X.ndim > 2:
        raise ValueError(f"Expected 1D or 2D array, got {X.ndim}D array instead")
    if X.ndim == 1:
        if X.dtype.names is None:
            X = X.reshape(-1, 1)
            columns = 1
        else:
            columns = len(X.dtype.names)
    else:
        columns = X.shape[1]
    is_complex = X.dtype.kind == "c"
    row_format = _row_format(fmt, delimiter, columns, is_complex)
    if len(header) > 0:
        fh.write(comments + header.replace("\n", "\n" + comments) + newline)
    for row in X:
        if is_complex:
            values = tuple(x for number in row for x in (number.real, number.imag))
            fh.write((row_format % values + newline).replace("+-", "-"))
            continue
        try:
            text = row_format % tuple(row) + newline
        except TypeError as error:
            raise TypeError(
                f"Mismatch between array dtype ('{X.dtype}') and format specifier "
                f"('{row_format}')"
            ) from error
        fh.write(text)
    if len(footer) > 0:
        fh.write(comments + footer.replace("\n", "\n" + comments) + newline)


@set_module("numpy")
def fromregex(file, regexp, dtype, encoding=None):
    """Make records out of the groups that a regular expression finds in a text."""
    own = False
    if not hasattr(file, "read"):
        from numoxide.lib import _datasource

        file = _datasource.open(os.fspath(file), "rt", encoding=encoding)
        own = True
    try:
        if not isinstance(dtype, _nx.dtype):
            dtype = _nx.dtype(dtype)
        if dtype.names is None:
            raise TypeError("dtype must be a structured datatype.")
        content = file.read()
        if isinstance(content, bytes) and isinstance(regexp, str):
            regexp = asbytes(regexp)
        if not hasattr(regexp, "match"):
            regexp = re.compile(asbytes(regexp) if isinstance(content, bytes) else asunicode(regexp))
        found = regexp.findall(content)
        if found and not isinstance(found[0], tuple):
            # One group: read as one column, then named.
            single = _nx.dtype(dtype[dtype.names[0]])
            made = _nx.array(found, dtype=single)
            made.dtype = dtype
            return made
        return _nx.array(found, dtype=dtype)
    finally:
        if own:
            file.close()


def recfromtxt(fname, **kwargs):
    """Read a table as records; deprecated."""
    warnings.warn(
        "`recfromtxt` is deprecated, use `numpy.genfromtxt` instead."
        "(deprecated in NumPy 2.0)",
        DeprecationWarning,
        stacklevel=2,
    )
    kwargs.setdefault("dtype", None)
    return _as_records(genfromtxt(fname, **kwargs), kwargs.get("usemask", False))


def recfromcsv(fname, **kwargs):
    """Read comma-separated records with names; deprecated."""
    warnings.warn(
        "`recfromcsv` is deprecated, use `numpy.genfromtxt` with comma as `delimiter` instead. "
        "(deprecated in NumPy 2.0)",
        DeprecationWarning,
        stacklevel=2,
    )
    kwargs.setdefault("case_sensitive", "lower")
    kwargs.setdefault("names", True)
    kwargs.setdefault("delimiter", ",")
    kwargs.setdefault("dtype", None)
    return _as_records(genfromtxt(fname, **kwargs), kwargs.get("usemask", False))


def _as_records(output, masked):
    """View an array as one of records."""
    if masked:
        from numoxide.ma.mrecords import MaskedRecords

        return output.view(MaskedRecords)
    from numoxide._core.records import recarray

    return output.view(recarray)

