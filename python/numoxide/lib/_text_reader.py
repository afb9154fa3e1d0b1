"""Tables of text read into arrays where the extension's reader is not there.

It has the interface of `_load_from_filelike`: lines are cut into fields, fields are converted.
"""

import itertools
import math

from numoxide._core import multiarray as _nx


def load_from_filelike(
    file, *, delimiter=",", comment="#", quote='"', imaginary_unit="j", usecols=None, skiplines=0,
    max_rows=-1, converters=None, dtype=None, encoding=None, filelike=True, byte_converters=False,
    c_byte_converters=False,
):  # fmt: skip
    """Read rows of fields from a file object or an iterable of lines."""
    lines = _lines(file, filelike, encoding)
    for _ in range(skiplines):
        next(lines, None)
    tokens = _Tokens(lines, delimiter, comment, quote)
    flat, homogeneous = _flat_types(dtype)
    rows = []
    width = None
    for number, fields in enumerate(itertools.islice(tokens, None if max_rows < 0 else max_rows)):
        if width is None:
            width = len(fields)
            table = _Columns(width, usecols, converters, flat, homogeneous, dtype, byte_converters,
                             c_byte_converters)  # fmt: skip
        elif len(fields) != width and usecols is None:
            raise ValueError(
                f"the number of columns changed from {width} to {len(fields)} at row {number + 1}; "
                "use `usecols` to select a subset and avoid this error"
            )
        rows.append(table.convert(fields, number))
    return _build(rows, dtype, homogeneous, usecols, width)


def _build(rows, dtype, homogeneous, usecols, width):
    """Make the array of the rows."""
    if homogeneous:
        columns = len(usecols) if usecols is not None else (width or 0)
        if not rows:
            return _nx.empty((0, columns or 1), dtype=dtype)
        if dtype.kind in "SU" and dtype.itemsize == 0:
            longest = max((len(x) for row in rows for x in row), default=1)
            dtype = _nx.dtype(f"{dtype.kind}{max(longest, 1)}")
        made = _nx.empty((len(rows), len(rows[0])), dtype=dtype)
        for i, row in enumerate(rows):
            made[i] = row
        return made
    made = _nx.empty(len(rows), dtype=dtype)
    for i, row in enumerate(rows):
        made[i] = _nest(dtype, iter(row))
    return made


def _nest(dtype, values):
    """Arrange flat values as the fields of a record."""
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        count = math.prod(shape)
        flat = _nx.empty(count, dtype=base)
        for i in range(count):
            flat[i] = _nest(base, values)
        return flat.reshape(shape)
    if dtype.names is not None:
        return tuple(_nest(dtype.fields[name][0], values) for name in dtype.names)
    return next(values)


def _flat_types(dtype):
    """List the simple dtypes of one row; also tell whether all columns share one."""
    if dtype.names is None and dtype.subdtype is None:
        return [dtype], True

    def walk(kind):
        if kind.subdtype is not None:
            base, shape = kind.subdtype
            count = math.prod(shape)
            return walk(base) * count
        if kind.names is not None:
            return [x for name in kind.names for x in walk(kind.fields[name][0])]
        return [kind]

    return walk(dtype), False


def _lines(file, filelike, encoding):
    """Yield lines of text without their ends."""
    for line in _raw_lines(file, filelike):
        if isinstance(line, bytes):
            line = line.decode(encoding or "latin1")
        if not isinstance(line, str):
            raise TypeError("non-string returned while reading data")
        yield line


def _raw_lines(file, filelike):
    if not filelike:
        try:
            yield from file
        except TypeError as error:
            if "iterable" in str(error):
                raise TypeError("error reading from object, expected an iterable.") from error
            raise
        return
    rest = ""
    while True:
        chunk = file.read(1 << 20)
        if isinstance(chunk, bytes):
            chunk = chunk.decode("latin1")
        if not isinstance(chunk, str):
            raise TypeError("non-string returned while reading data")
        if not chunk:
            break
        rest += chunk
        # A carriage return at the end may be half of a line end.
        held = "\r" if rest.endswith("\r") else ""
        parts = rest[: len(rest) - len(held)].replace("\r\n", "\n").replace("\r", "\n").split("\n")
        rest = parts.pop() + held
        yield from (part + "\n" for part in parts)
    if rest:
        yield from (part for part in rest.replace("\r", "\n").split("\n") if part)


class _Tokens:
    """Cuts lines into fields; quoted fields may run over several lines."""

    def __init__(self, lines, delimiter, comment, quote):
        self.lines, self.delimiter = lines, delimiter
        self.comment, self.quote = comment, quote

    def __iter__(self):
        for line in self.lines:
            line = line.rstrip("\r\n")
            if self.quote is not None and self.quote in line:
                fields = self._quoted(line)
            else:
                if self.comment is not None:
                    line = line.split(self.comment, 1)[0]
                fields = self._split(line)
            if fields:
                yield fields

    def _split(self, line):
        """Cut a line without quotes."""
        if self.delimiter is None:
            return line.split()
        return line.split(self.delimiter) if line else []

    def _quoted(self, line):
        """Cut a line with quotes, reading on where a quoted field is not closed."""
        fields, field, state = [], [], "start"
        i = 0
        while True:
            if i >= len(line):
                if state != "quoted":
                    break
                more = next(self.lines, None)
                if more is None:
                    break
                field.append("\n")
                line, i = more.rstrip("\r\n"), 0
                continue
            c = line[i]
            if state == "quoted":
                if c == self.quote:
                    if line[i + 1 : i + 2] == self.quote:
                        field.append(c)
                        i += 1
                    else:
                        state = "field"
                else:
                    field.append(c)
            elif c == self.quote and state == "start":
                state = "quoted"
            elif c == self.comment:
                break
            elif c == self.delimiter or (self.delimiter is None and c.isspace()):
                if self.delimiter is not None or state != "start":
                    fields.append("".join(field))
                field, state = [], "start"
            else:
                field.append(c)
                state = "field"
            i += 1
        if state != "start" or (self.delimiter is not None and (fields or field)):
            fields.append("".join(field))
        return fields


class _Columns:
    """Converts the fields of a row."""

    def __init__(self, width, usecols, converters, flat, homogeneous, dtype, as_bytes, c_bytes):
        self.usecols = usecols
        count = len(usecols) if usecols is not None else width
        if not homogeneous and count != len(flat):
            if usecols is not None:
                raise ValueError(_mismatch(flat, count))
            raise ValueError(
                f"the dtype passed requires {len(flat)} columns but {count} were found at row 1; "
                "use `usecols` to select a subset and avoid this error"
            )
        kinds = flat * count if homogeneous else flat
        self.kinds = kinds
        self.convert_with = [_parser(kind) for kind in kinds]
        self.as_bytes = as_bytes
        self._set_converters(converters, count, width)

    def _set_converters(self, converters, count, width):
        """Put the user's functions in place of ours."""
        self.user = [None] * count
        if converters is None:
            return
        if callable(converters):
            self.user = [converters] * count
            return
        for key, function in converters.items():
            if not hasattr(key, "__index__"):
                raise TypeError(
                    "keys of the converters dictionary must be integers; got "
                    f"{key!r}"
                )
            column = key.__index__()
            if self.usecols is not None:
                wanted = [u if u >= 0 else u + width for u in self.usecols]
                position = column if column >= 0 else column + width
                if position not in wanted:
                    continue
                column = wanted.index(position)
            elif not -count <= column < count:
                raise ValueError(
                    f"converter specified for column {column}, which is invalid for the number "
                    f"of fields {count}."
                )
            if not callable(function):
                raise TypeError("values of the converters dictionary must be callable, but the "
                                f"value associated with key {key} is not")  # fmt: skip
            self.user[column] = function

    def convert(self, fields, number):
        """Convert one row."""
        if self.usecols is not None:
            fields = [self._pick(fields, u, number) for u in self.usecols]
        out = []
        for column, (field, parse, function, kind) in enumerate(
            zip(fields, self.convert_with, self.user, self.kinds)
        ):
            if function is not None:
                value = function(field.encode("latin1") if self.as_bytes else field)
                out.append(value)
                continue
            try:
                out.append(parse(field))
            except (ValueError, OverflowError):
                raise ValueError(
                    f"could not convert string {field!r} to {kind} at row {number}, column "
                    f"{column + 1}."
                ) from None
        return out

    def _pick(self, fields, index, number):
        """Pick the field of a column."""
        if not -len(fields) <= index < len(fields):
            raise ValueError(
                f"invalid column index {index} at row {number + 1} with {len(fields)} columns"
            )
        return fields[index]


def _mismatch(flat, count):
    return (
        f"If a structured dtype is used, the number of columns in `usecols` must match the "
        f"effective number of fields. But {count} usecols were given and the number of fields is "
        f"{len(flat)}."
    )


def _parser(kind):
    """Give the function that converts text to one dtype."""
    char = kind.kind
    if char in "iu":
        return _whole_parser(kind)
    if char == "f":
        return _float if kind.char != "g" else lambda s: kind.type(s.strip())
    if char == "c":
        return lambda s: kind.type(complex(s.strip().replace("i", "j").replace("+-", "-")))
    if char == "b":
        return lambda s: bool(int(s.strip()))
    if char == "S":
        return lambda s: s.encode("latin1")
    if char == "U":
        return str
    if char == "O":
        return str
    return lambda s: _nx.array(s).astype(kind)[()] if char in "Mm" else kind.type(s)


def _float(text):
    if "_" in text:
        raise ValueError(text)
    return float(text)


def _whole_parser(kind):
    """Parse integers and refuse what the type cannot hold."""
    from numoxide._core.getlimits import iinfo

    limits = iinfo(kind)
    low, high = limits.min, limits.max

    def parse(text):
        if "_" in text:
            raise ValueError(text)
        value = int(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse

