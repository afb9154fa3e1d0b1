"""Polynomial series: printing, pickles, names, examples; values are compared with NumPy's in the differential tests."""

import doctest
import importlib
import pickle
import types

import numpy
import pytest

import numoxide as np

FAMILIES = {
    "polynomial": "poly", "chebyshev": "cheb", "legendre": "leg", "laguerre": "lag", "hermite": "herm", "hermite_e": "herme",
}  # fmt: skip
# Linear algebra beneath these is not here yet.
SOLVERS = ("fit", "roots", "gauss")


def modules():
    return [importlib.import_module(f"numoxide.polynomial.{name}") for name in [*FAMILIES, "polyutils"]]


@pytest.mark.parametrize("module", modules(), ids=lambda module: module.__name__)
def test_names_are_numpys(module):
    theirs = importlib.import_module(module.__name__.replace("numoxide", "numpy"))
    assert sorted(module.__all__) == sorted(theirs.__all__)
    for name in module.__all__:
        ours, wanted = getattr(module, name), getattr(theirs, name)
        for attribute in ("__name__", "__qualname__", "__module__"):
            if hasattr(wanted, attribute):
                assert getattr(ours, attribute).replace("numoxide", "numpy") == getattr(wanted, attribute)
        if isinstance(ours, types.FunctionType):
            assert pickle.loads(pickle.dumps(ours)) is ours
            assert ours.__code__.co_name == ours.__name__


def solves(name):
    return any(name.endswith(part) for part in SOLVERS) and name != "chebgauss"


@pytest.mark.parametrize("module", [*modules(), np.polynomial], ids=lambda module: module.__name__)
def test_every_function_has_an_example_that_holds(module):
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner()
    for name in module.__all__:
        value = getattr(module, name)
        if isinstance(value, (np.ndarray, types.ModuleType)):
            continue
        found = finder.find(value, name, module=False, globs={"np": np})
        assert found[0].examples, name
        for test in found:
            if not solves(test.name) or hasattr(np.linalg, "lstsq"):
                runner.run(test)
    assert runner.summarize().failed == 0


def test_a_family_is_one_recurrence():
    x = np.linspace(-1, 1, 7)
    for name, prefix in FAMILIES.items():
        module = getattr(np.polynomial, name)
        value, table = getattr(module, f"{prefix}val"), getattr(module, f"{prefix}vander")(x, 5)
        c = [1, -2, 3, 0.5, -1, 2]
        assert np.allclose(value(x, c), table @ c)
        assert np.allclose(value(x, getattr(module, f"{prefix}mulx")(c)), x * value(x, c))
        assert np.allclose(value(x, getattr(module, f"{prefix}mul")(c, c[:3])), value(x, c) * value(x, c[:3]))
        assert np.allclose(getattr(module, f"{prefix}der")(getattr(module, f"{prefix}int")(c, 2), 2), c)


def test_objects():
    for name in ("Polynomial", "Chebyshev", "Legendre", "Laguerre", "Hermite", "HermiteE"):
        series = getattr(np.polynomial, name)([1, 2, 3], domain=[0, 4], symbol="t")
        assert pickle.loads(pickle.dumps(series)) == series == series.copy()
        theirs = getattr(numpy.polynomial, name)([1, 2, 3], domain=[0, 4], symbol="t")
        for style in ("ascii", "unicode"):
            assert format(series, style) == format(theirs, style)
        with pytest.raises(AttributeError):
            series.symbol = "x"
        assert series(2.5) == theirs(2.5)


def test_style_of_print():
    series = np.polynomial.Chebyshev([1, 2])
    np.polynomial.set_default_printstyle("ascii")
    try:
        assert str(series) == "1.0 + 2.0 T_1(x)"
    finally:
        np.polynomial.set_default_printstyle("unicode")
    assert str(series) == "1.0 + 2.0·T₁(x)"


def test_old_polynomials_pickle_as_numpys():
    p = np.poly1d([1, 2])
    assert list(vars(p)) == list(vars(numpy.poly1d([1, 2])))
    assert not np.shares_memory(np.array(p), p.coeffs)
    with pytest.raises(TypeError):
        np.roots(5)
