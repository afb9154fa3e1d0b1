"""The reader of tables with missing values, names and mixed types."""

import contextlib
import itertools
import operator
import os
import warnings

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._core.overrides import creation, like_call
from numoxide.lib._iotools import (
    ConversionWarning,
    ConverterError,
    ConverterLockError,
    LineSplitter,
    NameValidator,
    StringConverter,
    _decode_line,
    _is_string_like,
    easy_dtype,
    flatten_dtype,
    has_nested_fields,
)

_DELETED = "".join(sorted(NameValidator.defaultdeletechars))


class _Table:
    """What is known of a table while it is read."""

    def __init__(self, **options):
        self.__dict__.update(options)

    def open(self):
        """Open the source; gives the lines and what closes them."""
        fname = self.fname
        if isinstance(fname, os.PathLike):
            fname = os.fspath(fname)
        if isinstance(fname, str):
            from numoxide.lib import _datasource

            fid = _datasource.open(fname, "rt", encoding=self.encoding)
            return iter(fid), contextlib.closing(fid)
        try:
            return iter(fname), contextlib.nullcontext(fname)
        except TypeError as error:
            raise TypeError(
                "fname must be a string, a filehandle, a sequence of strings,\nor an iterator of "
                f"strings. Got {type(fname)} instead."
            ) from error

    def read_head(self, lines):
        """Skip to the first line with fields and read names from it if asked."""
        first, fields = "", None
        try:
            for _ in range(self.skip_header):
                next(lines)
            while not fields:
                first = _decode_line(next(lines), self.encoding)
                if self.names is True and self.comments is not None and self.comments in first:
                    first = "".join(first.split(self.comments)[1:])
                fields = self.split(first)
        except StopIteration:
            first, fields = "", []
            warnings.warn(f'genfromtxt: Empty input file: "{self.fname}"', stacklevel=3)
        if self.names is True:
            name = fields[0].strip() if fields else ""
            if self.comments is not None and name in self.comments:
                del fields[:1]
        return first, fields

    def pick_columns(self, fields):
        """Find which columns are used, and the names of the fields."""
        usecols = self.usecols
        if usecols is not None:
            try:
                usecols = [_.strip() for _ in usecols.split(",")]
            except AttributeError:
                try:
                    usecols = list(usecols)
                except TypeError:
                    usecols = [usecols]
        self.usecols = usecols
        self.n_columns = len(usecols or fields)
        if self.names is True:
            self.names = self.validate([str(_.strip()) for _ in fields])
            self.head_has_names = True
        else:
            self.head_has_names = False
            if _is_string_like(self.names):
                self.names = self.validate([_.strip() for _ in self.names.split(",")])
            elif self.names:
                self.names = self.validate(self.names)
        if self.dtype is not None:
            self.dtype = easy_dtype(
                self.dtype, defaultfmt=self.defaultfmt, names=self.names,
                excludelist=self.excludelist, deletechars=self.deletechars,
                case_sensitive=self.case_sensitive, replace_space=self.replace_space,
            )  # fmt: skip
        if self.names is not None:
            self.names = list(self.names)
        if usecols:
            self._number_columns(fields)
        elif self.names is not None and self.dtype is not None:
            self.names = list(self.dtype.names)

    def _number_columns(self, fields):
        """Turn the names of columns into numbers, and drop what is not used."""
        usecols, names = self.usecols, self.names
        for i, current in enumerate(usecols):
            if _is_string_like(current):
                usecols[i] = names.index(current)
            elif current < 0:
                usecols[i] = current + len(fields)
        if self.dtype is not None and len(self.dtype) > self.n_columns:
            descr = self.dtype.descr
            self.dtype = _nx.dtype([descr[i] for i in usecols])
            self.names = list(self.dtype.names)
        elif names is not None and len(names) > self.n_columns:
            self.names = [names[i] for i in usecols]

    def missing_lists(self):
        """Make a list of texts that mean a missing value for each column."""
        given = self.missing_values or ()
        if isinstance(given, bytes):
            given = given.decode("latin1")
        lists = [[""] for _ in range(self.n_columns)]
        if isinstance(given, dict):
            for key, value in given.items():
                column = self._column_of(key)
                if column is False:
                    continue
                values = [str(v) for v in value] if isinstance(value, (list, tuple)) else [str(value)]
                if column is None:
                    for entry in lists:
                        entry.extend(values)
                else:
                    lists[column].extend(values)
        elif isinstance(given, (list, tuple)):
            for value, entry in zip(given, lists):
                if str(value) not in entry:
                    entry.append(str(value))
        elif isinstance(given, str):
            for entry in lists:
                entry.extend(given.split(","))
        else:
            for entry in lists:
                entry.extend([str(given)])
        return lists

    def _column_of(self, key):
        """Find the column of a key; None for all columns, False for one that is not there."""
        if _is_string_like(key):
            try:
                return self.names.index(key)
            except ValueError:
                return False
        if self.usecols and key is not None:
            try:
                return self.usecols.index(key)
            except ValueError:
                return key
        return key

    def fillings(self):
        """Make a list with what stands for a missing value in each column."""
        given = [] if self.filling_values is None else self.filling_values
        made = [None] * self.n_columns
        if isinstance(given, dict):
            for key, value in given.items():
                column = self._column_of(key)
                if column is not False:
                    made[column] = value
        elif isinstance(given, (list, tuple)):
            n = len(given)
            if n <= self.n_columns:
                made[:n] = given
            else:
                made = given[: self.n_columns]
        else:
            made = [given] * self.n_columns
        return made

    def make_converters(self):
        """Make a converter for each column."""
        missing, filling = self.missing_lists(), self.fillings()
        if self.dtype is None:
            made = [
                StringConverter(None, missing_values=miss, default=fill)
                for miss, fill in zip(missing, filling)
            ]
        else:
            flat = flatten_dtype(self.dtype, flatten_base=True)
            kinds = flat if len(flat) > 1 else [self.dtype] * self.n_columns
            made = [
                StringConverter(kind, locked=True, missing_values=miss, default=fill)
                for kind, miss, fill in zip(kinds, missing, filling)
            ]
        self.converters_used = made
        return missing, filling

    def add_user_converters(self, first_fields, missing, filling):
        """Put the user's functions in."""
        made, updates = self.converters_used, []
        for key, function in (self.user_converters or {}).items():
            column = self._column_of(key) if _is_string_like(key) else None
            if column is False:
                continue
            if column is None and _is_string_like(key) is False:
                if self.usecols:
                    try:
                        column = self.usecols.index(key)
                    except ValueError:
                        continue
                else:
                    column = key
            text = first_fields[key] if self.head_has_names is False and isinstance(
                key, int
            ) and len(first_fields) > key else None  # fmt: skip
            if function is bytes:
                wrapped = _latin1_bytes
            elif self.byte_converters:
                wrapped = _feed_bytes(function)
            else:
                wrapped = function
            made[column].update(
                wrapped, locked=True, testing_value=text, default=filling[column],
                missing_values=missing[column],
            )  # fmt: skip
            updates.append((column, wrapped))
        self.user_columns = updates


def _latin1_bytes(text):
    return text.encode("latin1") if type(text) is not bytes else text


def _feed_bytes(function):
    """Let a function have the bytes that it was written for."""

    def convert(text):
        return function(text) if type(text) is bytes else function(text.encode("latin1"))

    return convert


@creation
def genfromtxt(
    fname, dtype=float, comments="#", delimiter=None, skip_header=0, skip_footer=0,
    converters=None, missing_values=None, filling_values=None, usecols=None, names=None,
    excludelist=None, deletechars=_DELETED, replace_space="_", autostrip=False,
    case_sensitive=True, defaultfmt="f%i", unpack=None, usemask=False, loose=True,
    invalid_raise=True, max_rows=None, encoding=None, *, ndmin=0, like=None,
):  # fmt: skip
    """Read a table from text, with missing values filled in.

    >>> np.genfromtxt(["1,2", "3,"], delimiter=",")
    array([[ 1.,  2.],
           [ 3., nan]])
    """
    if like is not None:
        given = {
            "dtype": dtype, "comments": comments, "delimiter": delimiter,
            "skip_header": skip_header, "skip_footer": skip_footer, "converters": converters,
            "missing_values": missing_values, "filling_values": filling_values,
            "usecols": usecols, "names": names, "excludelist": excludelist,
            "deletechars": deletechars, "replace_space": replace_space, "autostrip": autostrip,
            "case_sensitive": case_sensitive, "defaultfmt": defaultfmt, "unpack": unpack,
            "usemask": usemask, "loose": loose, "invalid_raise": invalid_raise,
            "max_rows": max_rows, "encoding": encoding, "ndmin": ndmin,
        }  # fmt: skip
        return like_call(genfromtxt, like, (fname,), given)
    from numoxide.lib._npyio_impl import _check_ndmin

    _check_ndmin(ndmin)
    if max_rows is not None:
        if skip_footer:
            raise ValueError(
                "The keywords 'skip_footer' and 'max_rows' can not be specified at the same time."
            )
        if max_rows < 1:
            raise ValueError("'max_rows' must be at least 1.")
    if converters is not None and not isinstance(converters, dict):
        raise TypeError(
            "The input argument 'converter' should be a valid dictionary "
            f"(got '{type(converters)}' instead)"
        )
    byte_converters = encoding == "bytes"
    if byte_converters:
        encoding = None
    if isinstance(comments, bytes):
        comments = _decode_line(comments)
    if isinstance(delimiter, bytes):
        delimiter = _decode_line(delimiter)
    if isinstance(names, bytes):
        names = _decode_line(names)
    table = _Table(
        fname=fname, dtype=dtype, comments=comments, skip_header=skip_header,
        skip_footer=skip_footer, user_converters=converters, missing_values=missing_values,
        filling_values=filling_values, usecols=usecols, names=names, excludelist=excludelist,
        deletechars=deletechars, replace_space=replace_space, case_sensitive=case_sensitive,
        defaultfmt=defaultfmt, usemask=usemask, loose=loose, invalid_raise=invalid_raise,
        max_rows=max_rows, encoding=encoding, byte_converters=byte_converters,
        split=LineSplitter(
            delimiter=delimiter, comments=comments, autostrip=autostrip, encoding=encoding
        ),
        validate=NameValidator(
            excludelist=excludelist, deletechars=deletechars, case_sensitive=case_sensitive,
            replace_space=replace_space,
        ),
    )  # fmt: skip
    lines, closer = table.open()
    with closer:
        rows, masks = _read_rows(table, lines)
    output = _assemble(table, rows, masks)
    from numoxide.lib._npyio_impl import _ensure_ndmin_ndarray

    output = _ensure_ndmin_ndarray(output, ndmin=ndmin)
    if unpack:
        fields = output.dtype.names
        if fields is None:
            return output.T
        if len(fields) == 1:
            return output[fields[0]]
        return [output[field] for field in fields]
    return output


def _read_rows(table, lines):
    """Read all lines; give rows of texts and, if asked, where values are missing."""
    first_line, first_fields = table.read_head(lines)
    table.pick_columns(first_fields)
    missing, filling = table.make_converters()
    table.add_user_converters(first_fields, missing, filling)
    rows, masks, invalid = [], [], []
    sources = lines if table.head_has_names else itertools.chain([first_line], lines)
    for number, line in enumerate(sources):
        values = table.split(line)
        count = len(values)
        if count == 0:
            continue
        if table.usecols:
            try:
                values = [values[i] for i in table.usecols]
            except IndexError:
                invalid.append((number + table.skip_header + 1, count))
                continue
        elif count != table.n_columns:
            invalid.append((number + table.skip_header + 1, count))
            continue
        rows.append(tuple(values))
        if table.usemask:
            masks.append(tuple(v.strip() in m for v, m in zip(values, missing)))
        if len(rows) == table.max_rows:
            break
    if table.dtype is None:
        _upgrade_all(table, rows, invalid)
    _report_invalid(table, rows, masks, invalid)
    return rows, masks


def _upgrade_all(table, rows, invalid):
    """Let each column's converter see all its texts."""
    for i, converter in enumerate(table.converters_used):
        column = [operator.itemgetter(i)(row) for row in rows]
        try:
            converter.iterupgrade(column)
        except ConverterLockError:
            message = f"Converter #{i} is locked and cannot be upgraded: "
            for j, value in enumerate(column):
                try:
                    converter.upgrade(value)
                except (ConverterError, ValueError):
                    message += f"(occurred line #{j + 1 + table.skip_header} for value '{value}')"
                    raise ConverterError(message) from None


def _report_invalid(table, rows, masks, invalid):
    """Raise or warn about rows with a wrong number of fields, the footer apart."""
    if invalid:
        total = len(rows) + len(invalid) - table.skip_footer
        template = f"    Line #%i (got %i columns instead of {table.n_columns})"
        if table.skip_footer > 0:
            bad_in_footer = len([1 for i in invalid if i[0] > total + table.skip_header])
            invalid = invalid[: len(invalid) - bad_in_footer]
            table.skip_footer -= bad_in_footer
        if invalid:
            lines = ["Some errors were detected !", *(template % (i, n) for i, n in invalid)]
            message = "\n".join(lines)
            if table.invalid_raise:
                raise ValueError(message)
            warnings.warn(message, ConversionWarning, stacklevel=4)
    if table.skip_footer > 0:
        del rows[-table.skip_footer:]
        if table.usemask:
            del masks[-table.skip_footer:]


def _convert(table, rows):
    """Convert the texts column by column and give rows again."""
    call = "_loose_call" if table.loose else "_strict_call"
    columns = [
        [getattr(converter, call)(row[i]) for row in rows]
        for i, converter in enumerate(table.converters_used)
    ]
    return list(zip(*columns))


def _assemble(table, rows, masks):
    """Make the array of the rows, masked if asked."""
    data = _convert(table, rows)
    if table.dtype is None:
        output, mask_type = _guessed(table, data)
    else:
        output, mask_type = _as_dtype(table, data)
    if not table.usemask:
        return output
    mask = _nx.array(masks, dtype=mask_type)
    from numoxide.ma import MaskedArray

    if output.dtype.names is not None:
        if mask.dtype.names is not None:
            mask = mask.view(_mask_dtype(output.dtype))
        _mark_values(table, output, mask)
    output = output.view(MaskedArray)
    if mask.shape != output.shape:
        mask = mask.reshape(output.shape)
    output._mask = mask
    return output


def _mask_dtype(dtype):
    """Make the dtype of the mask of a record: the same fields, all of truth values."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        return _nx.dtype((_mask_dtype(base), shape))
    if dtype.names is None:
        return _nx.dtype(bool)
    return _nx.dtype([(name, _mask_dtype(dtype.fields[name][0])) for name in dtype.names])


def _mark_values(table, output, mask):
    """Mask numbers that equal a missing value though they are written otherwise."""
    for name, converter in zip(output.dtype.names, table.converters_used):
        for text in converter.missing_values:
            if text != "" and mask[name].dtype == bool:
                mask[name] |= output[name] == converter(text)


def _guessed(table, data):
    """Make an array of the types that the converters ended with."""
    kinds = [converter.type for converter in table.converters_used]
    texts = [i for i, kind in enumerate(kinds) if kind == nt.str_]
    if table.byte_converters:
        data, kinds = _texts_as_bytes(data, kinds, texts)
    sized = list(kinds)
    for i, kind in enumerate(kinds):
        if isinstance(kind, type) and issubclass(kind, (nt.str_, nt.bytes_)):
            longest = max((len(row[i]) for row in data), default=0)
            sized[i] = f"{'U' if issubclass(kind, nt.str_) else 'S'}{longest}"
    names = table.names
    if names is None:
        distinct = {converter.type for converter in table.converters_used if converter._checked}
        if len(distinct) == 1 and len(set(map(str, kinds))) == 1:
            longest = sized
            if kinds and isinstance(kinds[0], type) and issubclass(kinds[0], (nt.str_, nt.bytes_)):
                code = "U" if issubclass(kinds[0], nt.str_) else "S"
                width = max((len(x) for row in data for x in row), default=0)
                return _nx.array(data, dtype=f"{code}{width}"), bool
            return _nx.array(data, dtype=longest[0] if longest else float), bool
        record = [(table.defaultfmt % i, kind) for i, kind in enumerate(sized)]
        if len(distinct) == 1:
            (only,) = distinct
            return _nx.array(data, dtype=only), bool
    else:
        record = list(zip(names, sized))
    masks = [(name, bool) for name, _ in record]
    return _nx.array(data, dtype=record), masks


def _texts_as_bytes(data, kinds, texts):
    """Give texts as bytes, as old programs want them, if Latin-1 can hold them all."""
    if not texts:
        return data, kinds
    warnings.warn(
        "Reading unicode strings without specifying the encoding argument is deprecated. Set the "
        "encoding, use None for the system default.",
        _visible_deprecation(),
        stacklevel=6,
    )
    try:
        rows = [list(row) for row in data]
        for row in rows:
            for i in texts:
                row[i] = row[i].encode("latin1")
    except UnicodeEncodeError:
        return data, kinds
    kinds = [nt.bytes_ if i in texts else kind for i, kind in enumerate(kinds)]
    return [tuple(row) for row in rows], kinds


def _visible_deprecation():
    """The class of warnings that users see."""
    from numoxide.exceptions import VisibleDeprecationWarning

    return VisibleDeprecationWarning


def _as_dtype(table, data):
    """Make an array of the dtype that was asked for."""
    dtype = table.dtype
    if table.names is not None and dtype.names is not None:
        dtype.names = table.names
    flat = flatten_dtype(dtype, flatten_base=True)
    if len(flat) > 1:
        if "O" in (kind.char for kind in flat):
            if has_nested_fields(dtype):
                raise NotImplementedError("Nested fields involving objects are not supported...")
            output = _nx.array(data, dtype=dtype)
        else:
            output = _nx.array(data, dtype=[("", kind) for kind in flat]).view(dtype)
        return output, [("", bool) for _ in flat]
    if table.user_columns:
        dtype = _user_types(table, data, dtype)
    output = _nx.array(data, dtype)
    if dtype.names is not None:
        return output, [(name, bool) for name in dtype.names]
    return output, bool


def _user_types(table, data, dtype):
    """Find the type of the columns that the user's functions make."""
    special = dict(table.user_columns)
    found, same = [], True
    for i, converter in enumerate(table.converters_used):
        if i not in special:
            found.append(dtype)
            continue
        same = same and converter.type == dtype.type
        kind = converter.type
        if kind == nt.bytes_:
            kind = f"|S{max((len(row[i]) for row in data), default=1)}"
        elif kind == nt.str_:
            kind = f"|U{max((len(row[i]) for row in data), default=1)}"
        found.append(kind)
    if same:
        return dtype
    if len(found) > 1:
        return _nx.dtype([(table.defaultfmt % i, kind) for i, kind in enumerate(found)])
    return _nx.dtype(found[0])
