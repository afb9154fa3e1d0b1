"""How single elements of arrays print: one class for each kind of dtype.

A format is made from the elements that are going to be shown, so that it can line them up. Its
`block` turns an array into a list of strings in C order; calling it turns one element into one.
"""

from numoxide._core import _multiarray_umath as _ext
from numoxide._core import numerictypes as nt
from numoxide._core._multiarray_umath import FloatBlock, array, ndarray

_STRING_KINDS = "SU"


def _native(data):
    """The same elements in the machine's byte order."""
    dtype = data.dtype
    return data if dtype.isnative else data.astype(dtype.newbyteorder("="))


class _Format:
    """What all formats share: `block` is the method to define, or `__call__`."""

    def __call__(self, x):
        return self.block(array(x, self.dtype))[0]

    def block(self, data):
        return [self(x) for x in data.reshape(-1)]


class EachFormat(_Format):
    """Passes each element to a function, such as one from the user's ``formatter``."""

    def __init__(self, function):
        self.function = function

    def __call__(self, x):
        return self.function(x)


class ValueFormat(_Format):
    """The ``repr`` of each element as a plain Python value: strings, bytes and unknown dtypes."""

    def __init__(self, data):
        self.plain = data.dtype.kind in _STRING_KINDS

    def __call__(self, x):
        if self.plain and isinstance(x, (str, bytes)):
            x = str(x) if isinstance(x, str) else bytes(x)
        return repr(x)

    def block(self, data):
        flat = data.reshape(-1)
        return [repr(x) for x in (flat.tolist() if self.plain else flat)]


def _object_text(x):
    """The text of one object; lists are marked, since arrays show brackets too."""
    return f"list({x!r})" if type(x) is list else repr(x)


class BoolFormat(_Format):
    """True and False, as wide as each other unless there is only one."""

    def __init__(self, data):
        self.words = ("False", " True" if data.shape != () else "True")

    def __call__(self, x):
        return self.words[bool(x)]


class IntFormat(_Format):
    """Integers in columns."""

    def __init__(self, data, sign):
        least, most = (data.min(), data.max()) if data.size else (0, 0)
        if sign == "-" or (sign == " " and least < 0):
            sign = ""
        width = max(len(format(int(least), sign)), len(format(int(most), sign)))
        self.spec = f"{sign}{width}d"

    def __call__(self, x):
        return format(x, self.spec)

    def block(self, data):
        spec = self.spec
        return [format(x, spec) for x in data.reshape(-1).tolist()]


class FloatFormat(_Format):
    """Real and complex floats, lined up by the extension."""

    def __init__(self, data, options):
        data = _native(data)
        self.dtype = data.dtype
        self._block = FloatBlock(
            data.tobytes(),
            self.dtype.char,
            options["precision"],
            options["floatmode"],
            bool(options["suppress"]),
            options["sign"],
            options["nanstr"],
            options["infstr"],
            options["legacy"],
        )

    def block(self, data):
        if data.dtype is not self.dtype:
            data = data.astype(self.dtype)
        return self._block.strings(data.tobytes())


class _TimeFormat(_Format):
    """Dates and durations, right-aligned."""

    def __init__(self, data):
        self.dtype = data.dtype
        self.width = max((len(word) for word in self.words(data)), default=0)

    def block(self, data):
        return [word.rjust(self.width) for word in self.words(data)]


class DatetimeFormat(_TimeFormat):
    """Dates in quotes, in the unit of the array."""

    def __init__(self, data, unit=None, timezone=None, casting="same_kind", legacy=False):
        if unit is None:
            unit = _ext.datetime_data(data.dtype)[0] if data.dtype.kind == "M" else "s"
        if timezone is None:
            timezone = "naive"
        self.how = {"unit": unit, "timezone": timezone, "casting": casting}
        super().__init__(data)
        if legacy and legacy <= 113:
            self.width = 0

    def words(self, data):
        texts = _ext.datetime_as_string(_native(data), **self.how).reshape(-1).tolist()
        return [f"'{text}'" for text in texts]


class TimedeltaFormat(_TimeFormat):
    """Counts of a unit; NaT in quotes."""

    def words(self, data):
        counts = _native(data).reshape(-1).view("i8").tolist()
        return [str(n) if n != -(2**63) else "'NaT'" for n in counts]


class SubArrayFormat(_Format):
    """Sub-arrays inside structured elements, in nested brackets on one line."""

    def __init__(self, formatter, options):
        self.formatter = formatter
        self.threshold = options["threshold"]
        self.edge = options["edgeitems"]

    def __call__(self, x):
        return self._text(x, x.size > self.threshold)

    def _text(self, x, shorten):
        if not isinstance(x, ndarray) or x.ndim == 0:
            return self.formatter(x)
        count = len(x)
        if not shorten or count <= 2 * self.edge:
            parts = [self._text(item, shorten) for item in x]
        else:
            tail = range(count - self.edge if self.edge else 0, count)
            edges = [*range(self.edge), None, *tail]
            parts = ["..." if i is None else self._text(x[i], shorten) for i in edges]
        return f"[{', '.join(parts)}]"


class StructFormat(_Format):
    """Structured elements as tuples, each field lined up on its own."""

    def __init__(self, data, options):
        self.formats = []
        for name in data.dtype.names:
            field = data[name]
            form = format_for(field, options)
            if data.dtype[name].shape != ():
                form = SubArrayFormat(form, options)
            self.formats.append(form)

    def __call__(self, x):
        return self._join([form(field) for form, field in zip(self.formats, x)])

    def _join(self, parts):
        return f"({parts[0]},)" if len(parts) == 1 else f"({', '.join(parts)})"

    def block(self, data):
        data = data.reshape(-1)
        if not self.formats:
            return ["()"] * data.size
        columns = []
        for form, name in zip(self.formats, data.dtype.names):
            field = data[name]
            whole = field.ndim == 1 or not isinstance(form, SubArrayFormat)
            columns.append(form.block(field) if whole else [form(item) for item in field])
        return [self._join(parts) for parts in zip(*columns)]


# Which keys of the user's ``formatter`` stand for several kinds.
_KEY_GROUPS = {
    "int_kind": ("int",),
    "float_kind": ("float", "longfloat"),
    "complex_kind": ("complexfloat", "longcomplexfloat"),
    "str_kind": ("numpystr",),
}


def _formatter_key(dtype):
    """The key of the user's ``formatter`` that elements of `dtype` look for."""
    kind = dtype.type
    if issubclass(kind, nt.bool_):
        return "bool"
    if issubclass(kind, nt.integer):
        return "timedelta" if issubclass(kind, nt.timedelta64) else "int"
    if issubclass(kind, nt.floating):
        return "longfloat" if issubclass(kind, nt.longdouble) else "float"
    if issubclass(kind, nt.complexfloating):
        return "longcomplexfloat" if issubclass(kind, nt.clongdouble) else "complexfloat"
    if issubclass(kind, nt.datetime64):
        return "datetime"
    if issubclass(kind, nt.object_):
        return "object"
    if issubclass(kind, nt.void):
        return "void"
    return "numpystr"


def _user_functions(formatter):
    """Spread the keys for groups of kinds over the kinds; later ones win."""
    keys = [key for key in formatter.keys() if formatter[key] is not None]
    found = {}
    if "all" in keys:
        found = dict.fromkeys(_DEFAULTS, formatter["all"])
    for group, members in _KEY_GROUPS.items():
        if group in keys:
            found.update(dict.fromkeys(members, formatter[group]))
    found.update({key: formatter[key] for key in _DEFAULTS if key in keys})
    return found


def _void_format(data, options):
    if data.dtype.names is not None:
        return StructFormat(data, options)
    return EachFormat(str)


_DEFAULTS = {
    "bool": lambda data, options: BoolFormat(data),
    "int": lambda data, options: IntFormat(data, options["sign"]),
    "float": FloatFormat,
    "longfloat": FloatFormat,
    "complexfloat": FloatFormat,
    "longcomplexfloat": FloatFormat,
    "datetime": lambda data, options: DatetimeFormat(data, legacy=options["legacy"]),
    "timedelta": lambda data, options: TimedeltaFormat(data),
    "object": lambda data, options: EachFormat(_object_text),
    "void": _void_format,
    "numpystr": lambda data, options: ValueFormat(data),
}


def format_for(data, options):
    """The format of the elements of `data`."""
    key = _formatter_key(data.dtype)
    formatter = options["formatter"]
    if formatter is not None:
        functions = _user_functions(formatter)
        if key in functions and not (key == "void" and data.dtype.names is not None):
            return EachFormat(functions[key])
    return _DEFAULTS[key](data, options)
