"""Whether two outcomes are the same: the one table of what equal means in the differential tests."""

import warnings

import numpy

from .operands import Array, Scalar

# From NumPy's result; the bound from the true value is checked elsewhere.
MATH_ULP = 4
INEXACT = frozenset(
    "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh arctan2 hypot "
    "sinc cbrt power float_power __pow__ __rpow__ logaddexp logaddexp2 pow asin acos atan asinh acosh atanh atan2 sqrt_complex divide_complex".split()
)
# The magnitude of complex numbers is a hypotenuse.
COMPLEX_INEXACT = frozenset("absolute abs __abs__".split())
# Which of two zeros NumPy's vector loops of these take depends on the place in the array.
EITHER_ZERO = frozenset("fmax fmin".split())
# Products of complex numbers, which NumPy's vector loops fuse; backward they do so only here and there.
FUSED = frozenset("multiply __mul__ __rmul__".split())
# NumPy's own slip: a warning came while an exception was set.
BROKEN = "returned a result with an exception set"
# NumPy keeps what it found for earlier calls: the words with which reductions by comparison fail depend on them.
NO_LOOP = ("No loop matching the specified signature", "did not contain a loop with signature matching types")
NORMWISE = frozenset("convolve correlate matmul dot vdot inner outer_product tensordot einsum matvec vecmat vecdot".split())


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
        self.complex = dtype.kind == "c"
        if dtype.kind == "O":
            self.array, self.bytes = None, text(repr(value.tolist()))
            return
        spec = dtype.descr if dtype.names else dtype.str
        self.bytes = value.tobytes()
        self.array = numpy.frombuffer(self.bytes, numpy.dtype(spec)) if dtype.itemsize else None

    def same(self, other, ulp, normwise, unordered, either_zero=False, rounded=False):
        if self.bytes == other.bytes:
            return True
        if self.array is None or other.array is None or self.array.dtype != other.array.dtype or len(self.array) != len(other.array):
            return False
        ours, theirs = self.array, other.array
        if ours.dtype.names:
            return all(Values(ours[name], ours.dtype[name].base).same(Values(theirs[name], ours.dtype[name].base), ulp, normwise, unordered) for name in ours.dtype.names)
        if self.kind not in "fc":
            return unordered and sorted(ours.tolist()) == sorted(theirs.tolist())
        if unordered and numpy.array_equal(ours, theirs, equal_nan=True):
            return True  # equal keys, such as the two zeros, in any order
        if rounded and close_complex(ours, theirs):
            return True
        if either_zero:
            ours, theirs = ours + 0, theirs + 0  # which makes one of the zeros
        return close(real_parts(ours), real_parts(theirs), ulp, normwise, 2 if self.complex else 1)

    def __repr__(self):
        if self.array is None:
            return str(self.bytes)[:120]
        values = " ".join(repr(self.array[:6].tolist()).split())
        return values + (" …" if len(self.array) > 6 else "")


def real_parts(array):
    native = array.astype(array.dtype.newbyteorder("="))
    return native.view(f"f{native.dtype.itemsize // 2}") if native.dtype.kind == "c" else native


def goes_backward(call):
    """Whether an operand is an array that is walked from its end."""
    operands = [*call.args, *call.kwargs.values()]
    return any(hasattr(operand, "index") or min(getattr(operand, "strides", (0,)), default=0) < 0 for operand in operands)


def close_complex(ours, theirs):
    """Complex numbers apart by the rounding of their size at most; others bit for bit."""
    if ours.dtype.kind != "c":
        return False
    finite = numpy.isfinite(ours) & numpy.isfinite(theirs)
    if ours[~finite].tobytes() != theirs[~finite].tobytes() and not close(real_parts(ours[~finite]), real_parts(theirs[~finite]), 0, False):
        return False
    eps = numpy.finfo(ours.dtype).eps
    ours, theirs = ours[finite].astype("c16"), theirs[finite].astype("c16")
    with numpy.errstate(all="ignore"):
        return bool((numpy.abs(ours - theirs) <= 4 * eps * numpy.abs(theirs)).all())


def reach(call):
    """The largest product of elements of the first two operands: errors of sums of products are measured by it."""
    largest = 1.0
    with numpy.errstate(all="ignore"):
        for operand in call.args:
            operand = operand if isinstance(operand, (Array, Scalar)) else None
            values = numpy.abs(numpy.asarray(operand.build(numpy, {}), "D")) if operand else numpy.zeros(0)
            largest *= values[numpy.isfinite(values)].max(initial=0) or 1.0
    return largest


def close(ours, theirs, ulp, normwise, parts=1):
    """Equal to the bit (any NaN equals any NaN), within `ulp`, or in norm.

    Which infinity or NaN a sum of products ends in depends on the order of its steps.
    """
    with numpy.errstate(all="ignore"):
        nan = numpy.isnan(ours) & numpy.isnan(theirs)
        same = nan | ((ours == theirs) & (numpy.signbit(ours) == numpy.signbit(theirs)))
        if same.all():
            return True
        if normwise:
            finite = numpy.isfinite(theirs)
            scale = max(normwise, numpy.abs(theirs[finite]).max(initial=0)) * 64 * numpy.finfo(theirs.dtype).eps
            wild = ~(numpy.isfinite(ours) & numpy.isfinite(theirs)).reshape(-1, parts).all(axis=1)
            lost = wild & ~numpy.isfinite(ours).reshape(-1, parts).all(axis=1) & ~finite.reshape(-1, parts).all(axis=1)
            return bool((same | (numpy.abs(ours - theirs) <= scale) | numpy.repeat(lost, parts)).all())
        if not ulp:
            return False
        near = numpy.abs(ours - theirs) <= ulp * numpy.spacing(numpy.maximum(numpy.abs(ours), numpy.abs(theirs)))
        return bool((same | (near & numpy.isfinite(ours))).all())


def wild(described):
    """Whether a described result holds an infinity or a NaN."""
    if isinstance(described, (list, tuple)):
        return any(map(wild, described))
    if not isinstance(described, dict):
        return False
    array = described.get("values") and described["values"].array
    return array is not None and array.dtype.kind in "fc" and not numpy.isfinite(array).all()


def heard(call, outcome):
    """The warnings of an outcome that say something about the call.

    The kernels of matrix libraries multiply infinities and NaNs with the zeros that they pad their blocks with, or do
    not, and add with or without rounding in between, as the processor's kernel has it: whether products that end in
    infinity or NaN report an invalid value or an overflow is theirs to decide.
    """
    leaf = call.path.lstrip(".").partition(".")[0]
    if leaf not in NORMWISE or not wild(outcome.results):
        return outcome.warnings
    return [entry for entry in outcome.warnings if not entry[1].startswith(("invalid value encountered in", "overflow encountered in"))]


def compare(call, theirs, ours):
    """None if the outcomes agree, else one line that says in what they do not."""
    if theirs.error and theirs.error[0] == "SystemError" and BROKEN in theirs.error[1]:
        return None
    if theirs.error != ours.error and not same_refusal(call, theirs.error, ours.error):
        return f"error: {theirs.error} but {ours.error or show(ours.results)}"
    if theirs.error is None:
        found = differ(theirs.results, ours.results, call)
        if found:
            return found
    if heard(call, theirs) != heard(call, ours):
        return f"warnings: {theirs.warnings} but {ours.warnings}"
    return None


def same_refusal(call, theirs, ours):
    """Two wordings of one error that NumPy itself chooses between by the calls before."""
    name, _, method = call.path.partition(".")
    compares = name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal")
    if compares and theirs and ours and "to dtype('bool')" in theirs[1]:
        return NO_LOOP[1] in ours[1]  # after a comparison with dtype=bool
    return compares and method and theirs and ours and all(any(words in error[1] for words in NO_LOOP) for error in (theirs, ours))


def tolerance(call):
    """How many units in the last place a function's value may differ from NumPy's."""
    leaf, _, method = call.path.lstrip(".").partition(".")
    kinds = [getattr(getattr(arg, "of", arg), "dtype", None) for arg in call.args]
    inexact = leaf in INEXACT or (leaf in COMPLEX_INEXACT and any(isinstance(kind, str) and kind.startswith("c") for kind in kinds))
    if not inexact:
        return call.ulp
    # A chain of steps adds up their errors.
    chain = max(getattr(call.args[0], "shape", ()) or (1,)) if method else 1
    return MATH_ULP * chain * 2 ** max(0, significand([out_dtype(call)]) - significand(kinds)) if "out" in call.kwargs else MATH_ULP * chain


def out_dtype(call):
    """The dtype of the first output given: results cast to a wider type keep the errors of the type computed in."""
    out = call.kwargs["out"]
    out = out[0] if isinstance(out, tuple) else out
    return getattr(getattr(out, "of", out), "dtype", "f8")


def significand(kinds):
    """Bits of the float type that a function of these dtypes computes in."""
    widths = {"?": 11, "i1": 11, "u1": 11, "f2": 11, "i2": 24, "u2": 24, "f4": 24, "c8": 24}
    return max((widths.get(kind, 53) if isinstance(kind, str) else 53 for kind in kinds if kind is not None), default=53)


def differ(theirs, ours, call, place=""):
    """The first difference between two described results."""
    if type(theirs) is not type(ours):
        return f"{place or 'result'}: {show(theirs)} but {show(ours)}"
    if isinstance(theirs, dict):
        for key, value in theirs.items():
            if key == "values":
                leaf = call.path.lstrip(".").partition(".")[0]
                if not ours.get(key).same(value, tolerance(call), leaf in NORMWISE and reach(call), call.unordered, leaf in EITHER_ZERO, leaf in FUSED and goes_backward(call)):
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
