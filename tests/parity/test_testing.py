"""The assertions of `numoxide.testing` fail where NumPy's do, with the same words."""

import itertools
import re
import warnings

import numpy
import pytest

import numoxide

NAN, INF = float("nan"), float("inf")
# Values as text, so that each library makes its own.
VALUES = (
    "1 1.0 2.5 -0.0 nan inf -inf True None 'a' b'a' 1j complex(nan,1) [1,2] [1,2,3] (1,2) {} {'a':1} {'a':2} {'a':1,'b':2} "
    "np.array([1,2]) np.array([1,3]) np.array([1.,2.]) np.array([1,nan]) np.array([inf,2.]) np.array([-inf,2.]) np.array([[1,2],[3,4]]) "
    "np.array([[1,2],[3,5.5]]) np.array(1) np.array([]) np.array([],dtype='i4') np.arange(20) np.arange(20.)*1.1 np.ones((3,4,2)) "
    "np.array(['a','b']) np.array(['a','c']) np.array([True,False]) np.array([1,2],dtype='u1') np.array([2,1],dtype='u1') "
    "np.array([1,2],dtype='f4') np.array([1j,2]) np.array([1+1e-9j,2]) np.array([1,'x'],dtype=object) np.array([None,2],dtype=object) "
    "np.array(['2020','NaT'],dtype='M8[D]') np.array(['2020','2021'],dtype='M8[D]') np.array([1,2],dtype='m8[s]') np.datetime64('NaT') "
    "np.timedelta64('NaT') np.float32(1) np.float64(nan) np.int8(3) np.array([(1,2.)],dtype='i4,f8') np.array([(1,3.)],dtype='i4,f8') "
    "np.ma.array([1,2],mask=[0,1]) np.matrix([[1,2]]) 1e-8 1e300 1.0000001 0 0.0"
).split()
ASSERTIONS = (
    "assert_equal(a, b)",
    "assert_equal([a], [b], 'note')",
    "assert_equal(a, b, strict=True)",
    "assert_array_equal(a, b)",
    "assert_array_equal(a, b, 'note', verbose=False)",
    "assert_array_equal(a, b, strict=True)",
    "assert_almost_equal(a, b)",
    "assert_almost_equal(a, b, 3, 'note')",
    "assert_array_almost_equal(a, b)",
    "assert_array_almost_equal(a, b, decimal=1, err_msg='a longer note of many words, to pass the width of one line')",
    "assert_approx_equal(a, b)",
    "assert_approx_equal(a, b, significant=3)",
    "assert_array_less(a, b)",
    "assert_array_less(a, b, strict=True)",
    "assert_allclose(a, b)",
    "assert_allclose(a, b, rtol=0.1, atol=0.5, equal_nan=False, err_msg='note')",
    "assert_array_almost_equal_nulp(a, b)",
    "assert_array_max_ulp(a, b)",
    "assert_array_max_ulp(a, b, 10, dtype='f4')",
    "assert_string_equal(str(a), str(b))",
    "assert_(a == b, 'note')",
    "print_assert_equal('words', a, b)",
    "build_err_msg([a, b], 'note', header='head', names=('x', 'y'), precision=3)",
)


# Pairs whose difference itself differs from NumPy's: of a date and an object, of a duration and a bool; 2-d indices of matrices.
APART = re.compile(r"(datetime|timedelta)64.* & (\{|None)|(m8|timedelta64).* & .*True|matrix.* & np.matrix")


def outcome(np, expression, a, b):
    """What a call gives, or how it fails; and the warnings."""
    names = {"np": np, "nan": NAN, "inf": INF}
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        names["a"], names["b"] = eval(a, names), eval(b, names)
        del seen[:]
        try:
            said = repr(eval(f"np.testing.{expression}", names))
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        said += "".join(f"\n{one.category.__name__}: {one.message}" for one in seen)
    # A traceback inside a message shows the library's own lines.
    said = re.sub(r"Traceback .*?\n(?=\w+(Error|Exception))", "", said, flags=re.S)
    return said.replace("numoxide", "numpy")


@pytest.mark.parametrize("expression", ASSERTIONS)
def test_same_words(expression):
    for a, b in itertools.product(VALUES, VALUES):
        if APART.search(f"{a} & {b}") or APART.search(f"{b} & {a}"):
            continue
        wanted, found = outcome(numpy, expression, a, b), outcome(numoxide, expression, a, b)
        assert found == wanted, f"a = {a}; b = {b}; {expression}"
