"""The assertions that compare values."""

import contextlib
import operator

import numoxide as np
from numoxide import isfinite, isnan
from numoxide.testing._private.messages import build_err_msg, difference_lines, mismatch_indices


def _is_nat(x):
    """Tell whether a scalar is NaT."""
    try:
        return bool(np.isnat(x))
    except (TypeError, ValueError):
        return False


def _ndim(a):
    """Give the number of axes without asking a subclass."""
    return getattr(a, "ndim", 0)


def _fail(actual, desired, err_msg, verbose, **more):
    raise AssertionError(build_err_msg([actual, desired], err_msg, verbose=verbose, **more))


def assert_(val, msg=""):
    """Fail unless `val` is true; also when Python runs with -O."""
    __tracebackhide__ = True
    if not val:
        raise AssertionError(msg() if callable(msg) else msg)


def assert_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    """Fail unless two objects are equal; NaNs are equal, 0.0 and -0.0 are not."""
    __tracebackhide__ = True
    if isinstance(desired, dict):
        return _equal_dicts(actual, desired, err_msg, verbose)
    if isinstance(desired, (list, tuple)) and isinstance(actual, (list, tuple)):
        assert_equal(len(actual), len(desired), err_msg, verbose)
        for k in range(len(desired)):
            assert_equal(actual[k], desired[k], f"item={k!r}\n{err_msg}", verbose)
        return None
    if isinstance(actual, np.ndarray) or isinstance(desired, np.ndarray):
        return assert_array_equal(actual, desired, err_msg, verbose, strict=strict)
    if _has_parts(actual) or _has_parts(desired):
        return _equal_parts(actual, desired, err_msg, verbose)
    if np.isscalar(desired) != np.isscalar(actual):
        _fail(actual, desired, err_msg, verbose)
    if _is_nat(desired) and _is_nat(actual):
        if np.array(desired).dtype.type == np.array(actual).dtype.type:
            return None
        _fail(actual, desired, err_msg, verbose)
    if not _equal_scalars(actual, desired):
        _fail(actual, desired, err_msg, verbose)
    return None


def _equal_dicts(actual, desired, err_msg, verbose):
    """Compare dictionaries key by key."""
    __tracebackhide__ = True
    if not isinstance(actual, dict):
        raise AssertionError(repr(type(actual)))
    assert_equal(len(actual), len(desired), err_msg, verbose)
    for key in desired:
        if key not in actual:
            raise AssertionError(repr(key))
        assert_equal(actual[key], desired[key], f"key={key!r}\n{err_msg}", verbose)


def _has_parts(x):
    """Tell whether something is complex."""
    try:
        return np.iscomplexobj(x)
    except (ValueError, TypeError):
        return False


def _equal_parts(actual, desired, err_msg, verbose):
    """Compare complex numbers by their parts."""
    __tracebackhide__ = True
    try:
        for mine, theirs in zip(_parts(actual), _parts(desired)):
            assert_equal(mine, theirs)
    except AssertionError:
        _fail(actual, desired, err_msg, verbose)


def _parts(x):
    """Give the real and the imaginary part."""
    return (np.real(x), np.imag(x)) if _has_parts(x) else (x, 0)


def _equal_scalars(actual, desired):
    """Compare scalars: NaN equals NaN, signs of zeros count."""
    with contextlib.suppress(TypeError, ValueError, NotImplementedError):
        if isnan(desired) and isnan(actual):
            return True
    with contextlib.suppress(TypeError, ValueError, NotImplementedError):
        if desired == 0 and actual == 0:
            return bool(np.signbit(desired) == np.signbit(actual))
    return bool(desired == actual)


def print_assert_equal(test_string, actual, desired):
    """Fail unless two objects are equal, with a message that shows both."""
    __tracebackhide__ = True
    import pprint

    if not (actual == desired):
        text = f"{test_string} failed\nACTUAL: \n{pprint.pformat(actual)}\n"
        raise AssertionError(f"{text}DESIRED: \n{pprint.pformat(desired)}\n")


def assert_almost_equal(actual, desired, decimal=7, err_msg="", verbose=True):
    """Fail unless two values differ by less than 1.5 * 10**-decimal."""
    __tracebackhide__ = True
    arrays = (np.ndarray, tuple, list)
    header = f"Arrays are not almost equal to {decimal} decimals"
    if _has_parts(actual) or _has_parts(desired):
        try:
            for mine, theirs in zip(_parts(actual), _parts(desired)):
                assert_almost_equal(mine, theirs, decimal=decimal)
        except AssertionError:
            _fail(actual, desired, err_msg, verbose, header=header)
        return None
    if isinstance(actual, arrays) or isinstance(desired, arrays):
        return assert_array_almost_equal(actual, desired, decimal, err_msg)
    with contextlib.suppress(NotImplementedError, TypeError):
        if not (isfinite(desired) and isfinite(actual)):
            if isnan(desired) or isnan(actual):
                if not (isnan(desired) and isnan(actual)):
                    _fail(actual, desired, err_msg, verbose, header=header)
            elif desired != actual:
                _fail(actual, desired, err_msg, verbose, header=header)
            return None
    if abs(desired - actual) >= np.float64(1.5 * 10.0 ** (-decimal)):
        _fail(actual, desired, err_msg, verbose, header=header)
    return None


def assert_approx_equal(actual, desired, significant=7, err_msg="", verbose=True):
    """Fail unless two numbers agree to a number of significant digits."""
    __tracebackhide__ = True
    actual, desired = map(float, (actual, desired))
    if desired == actual:
        return
    with np.errstate(invalid="ignore"):
        scale = 0.5 * (abs(desired) + abs(actual))
        scale = np.power(10, np.floor(np.log10(scale)))
    header = f"Items are not equal to {significant} significant digits:"
    first, second = (x / scale if scale else 0.0 for x in (desired, actual))
    if not (isfinite(desired) and isfinite(actual)):
        if isnan(desired) or isnan(actual):
            if not (isnan(desired) and isnan(actual)):
                _fail(actual, desired, err_msg, verbose, header=header)
        elif desired != actual:
            _fail(actual, desired, err_msg, verbose, header=header)
        return
    if abs(first - second) >= 10.0 ** -(significant - 1):
        _fail(actual, desired, err_msg, verbose, header=header)


def _differs(result):
    """Tell whether a comparison fails somewhere; a masked verdict is no failure.

    Subclasses may give a bool, or an array that knows `all` only as a method.
    """
    verdict = result if isinstance(result, bool) else result.all()
    return bool(verdict != True)  # noqa: E712


class _Comparison:
    """One comparison of two arrays: the words for its failure, and its steps."""

    def __init__(self, x, y, err_msg, verbose, header, precision, names):
        self.x, self.y, self.err_msg = x, y, err_msg
        self.more = {"verbose": verbose, "header": header, "names": names, "precision": precision}

    def fail(self, text):
        """Raise the failure with one more line of explanation."""
        __tracebackhide__ = True
        message = build_err_msg([self.x, self.y], f"{self.err_msg}\n{text}", **self.more)
        raise AssertionError(message)

    def same_places(self, test, kind):
        """Check that a property holds at the same places; return these places."""
        __tracebackhide__ = True
        at_x, at_y = test(self.x), test(self.y)
        if _differs(at_x == at_y):
            self.fail(f"{kind} location mismatch:")
        if isinstance(at_x, bool) or _ndim(at_x) == 0:
            return np.bool(at_x)
        if isinstance(at_y, bool) or _ndim(at_y) == 0:
            return np.bool(at_y)
        return at_y

    def check_layout(self, strict):
        """Check shapes, and dtypes where the comparison is strict."""
        __tracebackhide__ = True
        x, y = self.x, self.y
        if strict:
            ok = x.shape == y.shape and x.dtype == y.dtype
        else:
            ok = x.shape == () or y.shape == () or x.shape == y.shape
        if ok:
            return
        if x.shape != y.shape:
            self.fail(f"(shapes {x.shape}, {y.shape} mismatch)")
        self.fail(f"(dtypes {x.dtype}, {y.dtype} mismatch)")

    def special_places(self, equal_nan, equal_inf):
        """Check NaNs, infinities and NaTs; return where they are: these count as equal."""
        __tracebackhide__ = True
        x, y = self.x, self.y
        flagged = np.bool(False)
        if _is_number(x) and _is_number(y):
            if equal_nan:
                flagged = self.same_places(isnan, "nan")
            if equal_inf:
                flagged = flagged | self.same_infinities(flagged)
        elif _is_time(x) and _is_time(y) and equal_nan and x.dtype.type == y.dtype.type:
            flagged = self.same_places(np.isnat, "NaT")
        return flagged

    def same_infinities(self, apart):
        """Check that infinities, those `apart` left out, stand at the same places with the same sign."""
        __tracebackhide__ = True
        infinite = self.same_places(np.isinf, "inf") & ~apart
        x, y = _at(self.x, infinite), _at(self.y, infinite)
        if infinite.any() and _differs(x == y):
            self.x, self.y = x, y
            self.fail("inf values mismatch:")
        return infinite


def _at(a, places):
    """Take the elements at places; a scalar stands for all of them."""
    return a[places] if _ndim(a) and _ndim(places) else a


def _is_number(x):
    return x.dtype.char in "?bhilqpBHILQPefdgFDG"


def _is_time(x):
    return x.dtype.char in "Mm"


def assert_array_compare(
    comparison, x, y, err_msg="", verbose=True, header="", precision=6, equal_nan=True,
    equal_inf=True, *, strict=False, names=("ACTUAL", "DESIRED"),
):  # fmt: skip
    """Fail unless a comparison holds everywhere, NaNs and infinities apart."""
    __tracebackhide__ = True
    x, y = np.asanyarray(x), np.asanyarray(y)
    original = x, y
    case = _Comparison(x, y, err_msg, verbose, header, precision, names)
    try:
        case.check_layout(strict)
        flagged = case.special_places(equal_nan, equal_inf)
        if _ndim(flagged) > 0:
            x = np.broadcast_to(x, flagged.shape, subok=True)[~flagged] if x.ndim == 0 else x[~flagged]
            y = np.broadcast_to(y, flagged.shape, subok=True)[~flagged] if y.ndim == 0 else y[~flagged]
            if x.size == 0:
                return
        elif flagged:
            return
        result = comparison(x, y)
        _check_result(case, result, x, y, flagged, original, names)
    except ValueError:
        import traceback

        text = f"error during assertion:\n\n{traceback.format_exc()}\n\n{header}"
        message = build_err_msg(
            original, err_msg, verbose=verbose, header=text, names=names, precision=precision
        )
        raise ValueError(message) from None


def _check_result(case, result, x, y, flagged, original, names):
    """Fail with the list of mismatches unless the result is true everywhere."""
    __tracebackhide__ = True
    if not _differs(result):
        return
    one_verdict = isinstance(result, bool)
    bad = np.asarray(not result) if one_verdict else np.asarray(~np.asarray(result, dtype=bool))
    count = int(bad.sum()) if one_verdict else int(result.size - result.sum())
    total = bad.size if _ndim(flagged) == 0 else flagged.size
    lines = [f"Mismatched elements: {count} / {total} ({100 * count / total:.3g}%)"]
    whole = bad
    if _ndim(flagged) and not one_verdict:
        whole = np.zeros(flagged.shape, dtype=bool)
        whole[~np.asarray(flagged)] = bad
    shape = np.broadcast_shapes(original[0].shape, original[1].shape)
    if whole.shape == shape:
        lines += mismatch_indices(whole, *original, names)
    lines += difference_lines(bad, x, y, one_verdict)
    case.fail("\n".join(lines))


def assert_array_equal(actual, desired, err_msg="", verbose=True, *, strict=False):
    """Fail unless two arrays are equal; NaNs at the same places are equal."""
    __tracebackhide__ = True
    assert_array_compare(
        operator.__eq__, actual, desired, err_msg=err_msg, verbose=verbose,
        header="Arrays are not equal", strict=strict,
    )  # fmt: skip


def assert_array_almost_equal(actual, desired, decimal=6, err_msg="", verbose=True):
    """Fail unless the elements of two arrays differ by less than 1.5 * 10**-decimal."""
    __tracebackhide__ = True

    def near(x, y):
        if _is_number(x) and _is_number(y) and (np.any(np.isinf(x)) or np.any(np.isinf(y))):
            at_x, at_y = np.isinf(x), np.isinf(y)
            if not np.array_equal(at_x, at_y):
                return False
            if np.all(at_x):
                return x == y
            x, y = x[~at_x], y[~at_y]
        # The limit is computed in the values' own precision, at least double.
        kind = np.result_type(y, 1.0)
        y = np.asanyarray(y, dtype=kind)
        z = abs(x - y)
        if not np.issubdtype(z.dtype, np.number):
            z = z.astype(np.float64)
        return z < 1.5 * 10.0 ** (-decimal)

    assert_array_compare(
        near, actual, desired, err_msg=err_msg, verbose=verbose, precision=decimal,
        header=f"Arrays are not almost equal to {decimal} decimals",
    )  # fmt: skip


def assert_array_less(x, y, err_msg="", verbose=True, *, strict=False):
    """Fail unless each element is smaller than its counterpart."""
    __tracebackhide__ = True
    assert_array_compare(
        operator.__lt__, x, y, err_msg=err_msg, verbose=verbose, equal_inf=False, strict=strict,
        header="Arrays are not strictly ordered `x < y`", names=("x", "y"),
    )  # fmt: skip


def assert_allclose(
    actual, desired, rtol=1e-07, atol=0, equal_nan=True, err_msg="", verbose=True, *, strict=False
):
    """Fail unless ``|actual - desired| <= atol + rtol * |desired|`` everywhere."""
    __tracebackhide__ = True

    def near(x, y):
        return np.isclose(x, y, rtol=rtol, atol=atol, equal_nan=equal_nan)

    assert_array_compare(
        near, np.asanyarray(actual), np.asanyarray(desired), err_msg=str(err_msg),
        verbose=verbose, equal_nan=equal_nan, strict=strict,
        header=f"Not equal to tolerance rtol={rtol:g}, atol={atol:g}",
    )  # fmt: skip


def assert_string_equal(actual, desired):
    """Fail unless two texts are equal, and show the lines that differ."""
    __tracebackhide__ = True
    import difflib

    for text in (actual, desired):
        if not isinstance(text, str):
            raise AssertionError(repr(type(text)))
    if actual == desired:
        return
    lines, changed = [], difflib.Differ().compare(actual.splitlines(True), desired.splitlines(True))
    changed = [line for line in changed if not line.startswith("  ")]
    while changed:
        lines += _changed_line(changed)
    if lines:
        raise AssertionError(f"Differences in strings:\n{''.join(lines).rstrip()}")


def _changed_line(changed):
    """Take a line as it was and as it is, each with its marks below; anything else is an error by itself."""
    pair = []
    for sign in "-+":
        line = changed.pop(0)
        if not line.startswith(f"{sign} "):
            raise AssertionError(repr(line))
        pair.append(line)
        if changed and changed[0].startswith("? "):
            pair.append(changed.pop(0))
    return pair
