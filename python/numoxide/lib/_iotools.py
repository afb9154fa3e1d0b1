"""Pieces of the reader of tables with missing values: splitting, naming, converting."""

import itertools

from numoxide._core import multiarray as _nx
from numoxide._core import numerictypes as nt
from numoxide._utils import asbytes, asunicode

__docformat__ = "restructuredtext en"


def _decode_line(line, encoding=None):
    """Make text of bytes."""
    if type(line) is bytes:
        return line.decode("latin1" if encoding is None else encoding)
    return line


def _is_string_like(obj):
    """Tell whether an object adds up with text."""
    try:
        obj + ""
    except (TypeError, ValueError):
        return False
    return True


def _is_bytes_like(obj):
    """Tell whether an object adds up with bytes."""
    try:
        obj + b""
    except (TypeError, ValueError):
        return False
    return True


def has_nested_fields(ndtype):
    """Tell whether a field of a record is a record itself."""
    return any(ndtype[name].names is not None for name in ndtype.names or ())


def flatten_dtype(ndtype, flatten_base=False):
    """List the dtypes of a record's simple fields."""
    names = ndtype.names
    if names is None:
        if flatten_base:
            count = 1
            for length in ndtype.shape:
                count *= length
            return [ndtype.base] * count
        return [ndtype.base]
    return [x for name in names for x in flatten_dtype(ndtype.fields[name][0], flatten_base)]


class LineSplitter:
    """Cuts lines at a delimiter, at blanks, or at fixed widths."""

    def __init__(self, delimiter=None, comments="#", autostrip=True, encoding=None):
        delimiter, comments = _decode_line(delimiter), _decode_line(comments)
        self.comments, self.encoding, self.autostrip = comments, encoding, autostrip
        if delimiter is None or isinstance(delimiter, str):
            self.delimiter = delimiter or None
            cut = self._delimited_splitter
        elif hasattr(delimiter, "__iter__"):
            ends = list(itertools.accumulate(int(width) for width in delimiter))
            self.delimiter = [slice(a, b) for a, b in zip([0, *ends], ends)]
            cut = self._variablewidth_splitter
        elif int(delimiter):
            self.delimiter = int(delimiter)
            cut = self._fixedwidth_splitter
        else:
            self.delimiter = None
            cut = self._delimited_splitter
        self._handyman = self.autostrip_with(cut) if autostrip else cut

    def autostrip_with(self, method):
        """Make a splitter that strips the fields."""
        return lambda line: [field.strip() for field in method(line)]

    # The name under which it has always been known.
    autostrip_method = autostrip_with

    def _delimited_splitter(self, line):
        """Cut at a delimiter."""
        if self.comments is not None:
            line = line.split(self.comments)[0]
        line = line.strip(" \r\n")
        return line.split(self.delimiter) if line else []

    def _fixedwidth_splitter(self, line):
        """Cut every so many characters."""
        if self.comments is not None:
            line = line.split(self.comments)[0]
        line = line.strip("\r\n")
        width = self.delimiter
        return [line[i : i + width] for i in range(0, len(line), width)]

    def _variablewidth_splitter(self, line):
        """Cut at given places."""
        if self.comments is not None:
            line = line.split(self.comments)[0]
        return [line[where] for where in self.delimiter] if line else []

    def __call__(self, line):
        return self._handyman(_decode_line(line, self.encoding))


class NameValidator:
    """Makes field names out of texts: no duplicates, no forbidden characters or words."""

    defaultexcludelist = "return", "file", "print"
    defaultdeletechars = frozenset(r"""~!@#$%^&*()-=+~\|]}[{';: /?.>,<""")

    def __init__(
        self, excludelist=None, deletechars=None, case_sensitive=None, replace_space="_"
    ):
        self.excludelist = [*(excludelist or ()), *self.defaultexcludelist]
        self.deletechars = set(self.defaultdeletechars if deletechars is None else deletechars)
        self.deletechars.add('"')
        if case_sensitive is None or case_sensitive is True:
            self.case_converter = lambda x: x
        elif case_sensitive is False or case_sensitive.startswith("u"):
            self.case_converter = lambda x: x.upper()
        elif case_sensitive.startswith("l"):
            self.case_converter = lambda x: x.lower()
        else:
            raise ValueError(f"unrecognized case_sensitive value {case_sensitive}.")
        self.replace_space = replace_space

    def validate(self, names, defaultfmt="f%i", nbfields=None):
        """Make as many valid names as there are fields."""
        if names is None:
            if nbfields is None:
                return None
            names = []
        if isinstance(names, str):
            names = [names]
        if nbfields is not None:
            names = [*names, *([""] * (nbfields - len(names)))][:nbfields]
        made, seen, empty = [], {}, 0
        for raw in names:
            name = self.case_converter(raw).strip()
            if self.replace_space:
                name = name.replace(" ", self.replace_space)
            name = "".join(c for c in name if c not in self.deletechars)
            if name == "":
                name = defaultfmt % empty
                while name in names:
                    empty += 1
                    name = defaultfmt % empty
                empty += 1
            elif name in self.excludelist:
                name += "_"
            count = seen.get(name, 0)
            made.append(f"{name}_{count}" if count else name)
            seen[name] = count + 1
        return tuple(made)

    def __call__(self, names, defaultfmt="f%i", nbfields=None):
        return self.validate(names, defaultfmt=defaultfmt, nbfields=nbfields)


def str2bool(value):
    """Read "True" or "False", whatever the case."""
    word = value.upper()
    if word == "TRUE":
        return True
    if word == "FALSE":
        return False
    raise ValueError("Invalid boolean")


class ConverterError(Exception):
    """A text could not be converted."""


class ConverterLockError(ConverterError):
    """A locked converter would have had to be upgraded."""


class ConversionWarning(UserWarning):
    """A text could not be converted and a default stands for it."""


class StringConverter:
    """Converts texts, moving to a wider type when one does not fit.

    The order is bool, int, float, complex, longdouble, text.
    """

    _mapper = [
        (nt.bool, str2bool, False),
        (nt.intp, int, -1),
        (nt.float64, float, float("nan")),
        (nt.complex128, complex, complex("nan+0j")),
        (nt.longdouble, nt.longdouble, nt.longdouble("nan")),
        # Where a type of another size is asked for.
        (nt.integer, int, -1),
        (nt.floating, float, float("nan")),
        (nt.complexfloating, complex, complex("nan+0j")),
        # Tried when nothing else fits.
        (nt.str_, asunicode, "???"),
        (nt.bytes_, asbytes, b"???"),
    ]
    if _nx.dtype("l").itemsize < _nx.dtype("q").itemsize:
        _mapper.insert(2, (nt.int64, int, -1))

    @classmethod
    def _getdtype(cls, val):
        """The dtype of a value."""
        return _nx.array(val).dtype

    @classmethod
    def _getsubdtype(cls, val):
        """The scalar type of a value."""
        return _nx.array(val).dtype.type

    @classmethod
    def _dtypeortype(cls, dtype):
        """The dtype of dates, which have a unit; else the scalar type."""
        return dtype if dtype.type == nt.datetime64 else dtype.type

    @classmethod
    def upgrade_mapper(cls, func, default=None):
        """Add functions in front of the type for texts."""
        if callable(func):
            cls._mapper.insert(-1, (cls._getsubdtype(default), func, default))
            return
        if isinstance(func[0], (tuple, list)):
            for row in func:
                cls._mapper.insert(-1, row)
            return
        defaults = [None] * len(func) if default is None else list(default)
        defaults += [None] * (len(func) - len(defaults))
        for function, value in zip(func, defaults):
            cls._mapper.insert(-1, (cls._getsubdtype(value), function, value))

    @classmethod
    def _find_map_entry(cls, dtype):
        """Find the row of a type: the same one, else one above it."""
        for test in (lambda row: dtype.type == row[0], lambda row: nt.issubdtype(dtype.type, row[0])):
            for i, row in enumerate(cls._mapper):
                if test(row):
                    return i, row
        raise LookupError

    def __init__(self, dtype_or_func=None, default=None, missing_values=None, locked=False):
        self._locked = bool(locked)
        if dtype_or_func is None:
            self.func, self._status = str2bool, 0
            self.default = default or False
            dtype = _nx.dtype("bool")
        else:
            dtype = self._start_with(dtype_or_func, default)
        if missing_values is None:
            self.missing_values = {""}
        else:
            if isinstance(missing_values, str):
                missing_values = missing_values.split(",")
            self.missing_values = {*missing_values, ""}
        self._callingfunction = self._strict_call
        self.type = self._dtypeortype(dtype)
        self._checked = False
        self._initial_default = default

    def _row_for(self, dtype):
        """Find the row of a type, the last one where nothing fits."""
        try:
            return self._find_map_entry(dtype)
        except LookupError:
            return len(self._mapper) - 1, self._mapper[-1]

    def _start_with(self, dtype_or_func, default):
        """Set the function and the default for a dtype or a function; give the dtype."""
        try:
            self.func = None
            dtype = _nx.dtype(dtype_or_func)
        except TypeError:
            if not callable(dtype_or_func):
                raise TypeError(
                    "The input argument `dtype` is neither a function nor a dtype (got "
                    f"'{type(dtype_or_func)}' instead)"
                ) from None
            self.func = dtype_or_func
            # Ask the function what a missing value is.
            if default is None:
                try:
                    default = self.func("0")
                except ValueError:
                    default = None
            dtype = self._getdtype(default)
        self._status, (_, func, usual) = self._row_for(dtype)
        self.default = usual if default is None else default
        self.func = self.func or func
        # Integers of fixed size are read as text first, so that they can overflow.
        if self.func == int:
            if issubclass(dtype.type, nt.uint64):
                self.func = nt.uint64
            elif issubclass(dtype.type, nt.int64):
                self.func = nt.int64
            else:
                self.func = lambda x: int(float(x))
        return dtype

    def _loose_call(self, value):
        """Convert, or give the default."""
        try:
            return self.func(value)
        except ValueError:
            return self.default

    def _strict_call(self, value):
        """Convert, or give the default for missing values only."""
        try:
            new = self.func(value)
            # Python's integers have no limit: that of the type counts.
            if self.func is int:
                try:
                    _nx.array(value, dtype=self.type)
                except OverflowError:
                    raise ValueError from None
            return new
        except ValueError:
            if value.strip() in self.missing_values:
                if not self._status:
                    self._checked = False
                return self.default
            raise ValueError(f"Cannot convert string '{value}'") from None

    def __call__(self, value):
        return self._callingfunction(value)

    def _do_upgrade(self):
        """Move to the next type."""
        if self._locked:
            raise ConverterLockError("Converter is locked and cannot be upgraded")
        top = len(self._mapper)
        status = self._status
        if status == top - 1:
            raise ConverterError("Could not find a valid conversion function")
        if status < top - 1:
            status += 1
        self.type, self.func, default = self._mapper[status]
        self._status = status
        self.default = default if self._initial_default is None else self._initial_default

    def upgrade(self, value):
        """Move on until a text can be converted, and convert it."""
        self._checked = True
        while True:
            try:
                return self._strict_call(value)
            except ValueError:
                self._do_upgrade()

    def iterupgrade(self, value):
        """Move on until all texts can be converted."""
        self._checked = True
        if not hasattr(value, "__iter__"):
            value = (value,)
        while True:
            try:
                for item in value:
                    self._strict_call(item)
            except ValueError:
                self._do_upgrade()
            else:
                return

    def update(self, func, default=None, testing_value=None, missing_values="", locked=False):
        """Set the function and the default."""
        self.func, self._locked = func, locked
        if default is not None:
            self.default = default
            self.type = self._dtypeortype(self._getdtype(default))
        else:
            try:
                tested = func(testing_value or "1")
            except (TypeError, ValueError):
                tested = None
            self.type = self._dtypeortype(self._getdtype(tested))
        if missing_values is None:
            self.missing_values = set()
        else:
            if not hasattr(missing_values, "__iter__"):
                missing_values = [missing_values]
            if not all(isinstance(v, str) for v in missing_values):
                raise TypeError("missing_values must be strings or unicode")
            self.missing_values.update(missing_values)


def easy_dtype(ndtype, names=None, defaultfmt="f%i", **validationargs):
    """Make a dtype with valid names out of loosely given ones."""
    validate = NameValidator(**validationargs)
    if isinstance(names, str):
        names = names.split(",")
    try:
        ndtype = _nx.dtype(ndtype)
    except TypeError:
        # A sequence of formats without names.
        names = validate(names or [], nbfields=len(ndtype), defaultfmt=defaultfmt)
        return _nx.dtype({"formats": ndtype, "names": names})
    fields = ndtype.names
    if fields is None:
        if names is None:
            return ndtype
        formats = itertools.repeat(ndtype.type)
        return _nx.dtype(list(zip(validate(names, defaultfmt=defaultfmt), formats)))
    if names is None:
        # Names that say nothing are made anew in the wanted form.
        plain = tuple(f"f{i}" for i in range(len(fields)))
        names = [] if fields == plain and defaultfmt != "f%i" else fields
    ndtype.names = validate(names, nbfields=len(fields), defaultfmt=defaultfmt)
    return ndtype
