"""Whether two outcomes are the same: the one table of what equal means in the differential tests."""

import warnings

import numpy

# From NumPy's result; the bound from the true value is checked elsewhere.
MATH_ULP = 4
INEXACT = frozenset(
    "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh arctan2 hypot "
    "cbrt power float_power logaddexp logaddexp2 pow asin acos atan asinh acosh atanh atan2 sqrt_complex divide_complex".split()
)
NORMWISE = frozenset("matmul dot vdot inner outer_product tensordot einsum matvec vecmat vecdot".split())


class Outcome:
    """What a call gave: results or an exception, and the warnings on the way."""

    def __init__(self, call, lib):
        self.error = self.results = None
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                run = call.run(lib)
            except Exception as error:
                self.error = ("while building operands", type(error).__name__, text(error))
                run = None
            if run:
                try:
                    self.results = [describe(value) for value in run()]
                except Exception as error:
                    self.error = (type(error).__name__, text(error))
        self.warnings = sorted({(entry.category.__name__, text(entry.message)) for entry in caught})


def text(value):
    """The words of an exception or warning, with the package's name made NumPy's."""
    return str(value).replace("numoxide", "numpy")


def describe(value):
    """A value as plain data: what must agree."""
    kind = type(value)
    if isinstance(value, (list, tuple)):
        return (kind.__name__, [describe(item) for item in value])
    if isinstance(value, dict):
        return ("dict", [(key, describe(item)) for key, item in value.items()])
    module = kind.__module__.replace("numoxide", "numpy").partition(".")[0]
    if module == "numpy" and hasattr(value, "dtype") and hasattr(value, "tobytes"):
        return describe_array(value, kind)
    if value is None or kind in (bool, int, float, complex, str, bytes):
        return (kind.__name__, text(repr(value)))
    return (f"{module}.{kind.__name__}", text(repr(value)))


def describe_array(value, kind):
    dtype = value.dtype
    facts = {"type": kind.__name__, "dtype": text(repr(dtype)), "shape": tuple(value.shape)}
    if hasattr(value, "strides") and kind.__name__ == "ndarray":
        facts["strides"] = tuple(value.strides) if value.size > 1 else None
        flags = value.flags
        facts["flags"] = (flags.c_contiguous, flags.f_contiguous, flags.writeable, flags.aligned)
        facts["owns"] = value.base is None
    facts["values"] = Values(value, dtype)
    return facts


class Values:
    """The elements of an array: bytes in C order, compared by the dtype's rule."""

    def __init__(self, value, dtype):
        self.kind = dtype.kind
        if dtype.kind == "O":
            self.array, self.bytes = None, text(repr(value.tolist()))
            return
        spec = dtype.descr if dtype.names else dtype.str
        self.bytes = value.tobytes()
        self.array = numpy.frombuffer(self.bytes, numpy.dtype(spec)) if dtype.itemsize else None

    def same(self, other, ulp, normwise, unordered):
        if self.bytes == other.bytes:
            return True
        if self.array is None or other.array is None or self.array.dtype != other.array.dtype or len(self.array) != len(other.array):
            return False
        ours, theirs = self.array, other.array
        if ours.dtype.names:
            return all(Values(ours[name], ours.dtype[name].base).same(Values(theirs[name], ours.dtype[name].base), ulp, normwise, unordered) for name in ours.dtype.names)
        if self.kind not in "fc":
            return unordered and sorted(ours.tolist()) == sorted(theirs.tolist())
        return close(real_parts(ours), real_parts(theirs), ulp, normwise)

    def __repr__(self):
        if self.array is None:
            return str(self.bytes)[:120]
        values = " ".join(repr(self.array[:6].tolist()).split())
        return values + (" …" if len(self.array) > 6 else "")


def real_parts(array):
    native = array.astype(array.dtype.newbyteorder("="))
    return native.view(f"f{native.dtype.itemsize // 2}") if native.dtype.kind == "c" else native


def close(ours, theirs, ulp, normwise):
    """Equal to the bit (any NaN equals any NaN), within `ulp`, or in norm."""
    with numpy.errstate(all="ignore"):
        nan = numpy.isnan(ours) & numpy.isnan(theirs)
        same = nan | ((ours == theirs) & (numpy.signbit(ours) == numpy.signbit(theirs)))
        if same.all():
            return True
        if normwise:
            finite = numpy.isfinite(theirs)
            scale = numpy.abs(theirs[finite]).max(initial=0) * 64 * numpy.finfo(theirs.dtype).eps
            return bool((same | (numpy.abs(ours - theirs) <= scale)).all())
        if not ulp:
            return False
        near = numpy.abs(ours - theirs) <= ulp * numpy.spacing(numpy.maximum(numpy.abs(ours), numpy.abs(theirs)))
        return bool((same | (near & numpy.isfinite(ours))).all())


def compare(call, theirs, ours):
    """None if the outcomes agree, else one line that says in what they do not."""
    if theirs.error != ours.error:
        return f"error: {theirs.error} but {ours.error or show(ours.results)}"
    if theirs.error is None:
        found = differ(theirs.results, ours.results, call)
        if found:
            return found
    if theirs.warnings != ours.warnings:
        return f"warnings: {theirs.warnings} but {ours.warnings}"
    return None


def differ(theirs, ours, call, place=""):
    """The first difference between two described results."""
    if type(theirs) is not type(ours):
        return f"{place or 'result'}: {show(theirs)} but {show(ours)}"
    if isinstance(theirs, dict):
        for key, value in theirs.items():
            if key == "values":
                leaf = call.path.partition(".")[0] if not call.path.startswith(".") else call.path[1:]
                ulp = MATH_ULP if leaf in INEXACT else call.ulp
                if not ours.get(key).same(value, ulp, leaf in NORMWISE, call.unordered):
                    return f"values: {value!r} but {ours[key]!r}"
            elif ours.get(key) != value:
                return f"{key}: {value} but {ours.get(key)}"
        return None
    if isinstance(theirs, (list, tuple)) and theirs and not isinstance(theirs[0], (str, int)) or isinstance(theirs, list):
        if len(theirs) != len(ours):
            return f"{len(theirs)} results but {len(ours)}"
        return next((found for pair in zip(theirs, ours) if (found := differ(*pair, call, place))), None)
    if isinstance(theirs, tuple) and len(theirs) == 2 and isinstance(theirs[1], list):
        return f"type: {theirs[0]} but {ours[0]}" if theirs[0] != ours[0] else differ(theirs[1], ours[1], call, place)
    return None if theirs == ours else f"{place or 'result'}: {show(theirs)} but {show(ours)}"


def show(described):
    return repr(described)[:200]
