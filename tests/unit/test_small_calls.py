"""Small calls take short ways of their own: they give what NumPy gives, for every pair of classes."""

import itertools
import operator
import warnings

import numpy
import pytest

import numoxide

DTYPES = "?bBhHiIlLefdFD"
OPERATORS = [
    "add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and_", "or_", "xor", "lshift", "rshift",
    "lt", "le", "eq", "ne", "gt", "ge", "matmul",
]  # fmt: skip
UFUNCS = ["maximum", "fmin", "logical_and", "copysign", "nextafter", "ldexp", "gcd"]
PYTHON = [0, 1, -1, 3, 255, 256, 2**31, -(2**63), 2**64, 0.0, 1.5, -2.5, 1e300, float("nan"), True, 2j]


def outcome(call):
    """Class, dtype, shape, layout and bytes of a result, or its error, with the warnings on the way."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        try:
            made = call()
            facts = [type(made).__name__]
            if hasattr(made, "dtype"):
                facts += [made.dtype.str, made.shape, made.strides, repr(made.tolist())]
            else:
                facts.append(repr(made))
        except Exception as error:
            facts = [type(error).__name__]
    return facts, sorted({str(w.message) for w in seen})


def same(make):
    """Whether both libraries agree on `make(np)()`."""
    ours, theirs = outcome(make(numoxide)), outcome(make(numpy))
    assert ours == theirs


def operands(np, code):
    """Operands of one class: arrays of some shapes and layouts, and a scalar."""
    line = np.array([0, 1, 2, 3, 5, 7]).astype(code)
    table = np.array([[1, 0, 3], [4, 5, 6]]).astype(code)
    return [line, line[::-1], line[:1], line[1], np.array(line[2]), table, table.T, table[:, :1], table[0]]


def apply(np, name):
    return getattr(operator, name, None) or getattr(np, name)


@pytest.mark.parametrize("name", [*OPERATORS, *UFUNCS])
def test_pairs_of_classes(name):
    for a, b in itertools.product(DTYPES, repeat=2):
        for i, j in ((0, 0), (0, 3), (4, 1), (5, 8), (3, 3), (5, 7)):
            same(lambda np: lambda: apply(np, name)(operands(np, a)[i], operands(np, b)[j]))


@pytest.mark.parametrize("name", [*OPERATORS[:6], *OPERATORS[7:], *UFUNCS[:2]])
def test_python_numbers(name):
    # Dividing complex scalars by zero warns in other words.
    codes = DTYPES[:-2] if name == "truediv" else DTYPES
    for code, value in itertools.product(codes, PYTHON):
        for i in (0, 3, 4):
            same(lambda np: lambda: apply(np, name)(operands(np, code)[i], value))
            same(lambda np: lambda: apply(np, name)(value, operands(np, code)[i]))


@pytest.mark.parametrize("name", ["negative", "sqrt", "absolute", "invert", "isnan", "square", "logical_not"])
def test_one_operand(name):
    for code, i in itertools.product(DTYPES, range(9)):
        same(lambda np: lambda: getattr(np, name)(operands(np, code)[i]))


def filled(np, call, code, i):
    out = operands(np, code)[i]
    call(np, out)
    return out


@pytest.mark.parametrize("code", "?Bild")
def test_outputs(code):
    calls = [
        lambda np, out: np.add(out, out, out),
        lambda np, out: np.add(out, 1, out=out),
        lambda np, out: np.multiply(out, out.T if out.ndim == 1 else out, out=(out,)),
        lambda np, out: operator.iadd(out, 2),
        lambda np, out: operator.isub(out, out[..., :1]),
        lambda np, out: operator.itruediv(out, 2),
        lambda np, out: np.less(out, 1.5, out=out),
        lambda np, out: np.add(out[1:], out[:-1], out=out[:-1]),
        lambda np, out: np.add(out[1:], out[:-1], out=out[1:]),
        lambda np, out: np.clip(out, 1, 4, out=out),
        lambda np, out: out.fill(3),
        lambda np, out: out.__setitem__(1, 2.5),
        lambda np, out: out.__setitem__(slice(1, None), 7),
        lambda np, out: out.__setitem__(slice(1, None), out[:-1]),
    ]
    for call, i in itertools.product(calls, (0, 1, 5, 6)):
        same(lambda np: lambda: filled(np, call, code, i))


METHODS = [
    "sum", "prod", "max", "min", "any", "all", "mean", "std", "argmax", "argmin", "cumsum", "cumprod", "copy",
    "ravel", "nonzero", "tolist", "item", "__float__", "__int__", "__bool__",
]  # fmt: skip


@pytest.mark.parametrize("name", METHODS)
def test_methods(name):
    for code, i in itertools.product(DTYPES, range(9)):
        same(lambda np: lambda: getattr(operands(np, code)[i], name)())
        if name in METHODS[:12]:
            for axis in (None, 0, -1, 1):
                same(lambda np: lambda: getattr(operands(np, code)[i], name)(axis=axis))
                same(lambda np: lambda: getattr(operands(np, code)[i], name)(axis))


@pytest.mark.parametrize("code", DTYPES)
def test_casts(code):
    for other, i in itertools.product(DTYPES, range(9)):
        same(lambda np: lambda: operands(np, code)[i].astype(other))
        same(lambda np: lambda: np.array(operands(np, code)[i], dtype=other))
    for value in PYTHON:
        same(lambda np: lambda: np.dtype(code).type(value))
        same(lambda np: lambda: np.array(value, dtype=code))


@pytest.mark.parametrize("code", "?bHild")
def test_orders(code):
    for i in (0, 1, 5, 6, 8):
        for axis in ((), (-1,), (0,), (None,)):
            same(lambda np: lambda: filled(np, lambda np, out: out.sort(*axis), code, i))
            same(lambda np: lambda: operands(np, code)[i].argsort(*axis))
            same(lambda np: lambda: np.sort(operands(np, code)[i], *axis))
        for indices in ([0, 1], 1, [5, -1], [9]):
            same(lambda np: lambda: operands(np, code)[i].take(np.array(indices)))
            same(lambda np: lambda: np.take(operands(np, code)[i], np.array(indices), mode="clip"))
        same(lambda np: lambda: np.clip(operands(np, code)[i], 1, 5))
        same(lambda np: lambda: np.clip(operands(np, code)[i], 1.5, None))
        same(lambda np: lambda: np.expand_dims(operands(np, code)[i], 0))
        same(lambda np: lambda: np.cross(operands(np, code)[i][..., :3], operands(np, code)[i][..., :3]))


KEYS = [0, -1, 6, -7, slice(1, 3), slice(None, None, -2), slice(4, 4), ..., None, (0,), (0, 1), (1, -1), (2, 0),
        (slice(None), 0), (None, 0), [0, 1], [1, -1, 0], [0, 9], [True, False], [], (..., 0), (0, ...), True]  # fmt: skip


@pytest.mark.parametrize("i", range(9))
def test_keys(i):
    # A bool is no key of our scalars yet.
    keys = KEYS[:-1] if i == 3 else KEYS
    for key, code in itertools.product(keys, "?ldD"):
        same(lambda np: lambda: operands(np, code)[i][key])


SHAPES = [(2, 3), ((3, 2),), (-1,), (6,), ((1, 6),), (2, -1), (-1, -1), (4,), (0,), ((),), (1, 1, 6), (2, 1, 3, 1, 1)]


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes(shape):
    for i in range(9):
        same(lambda np: lambda: operands(np, "d")[i].reshape(*shape))
    for dtype in (None, int, float, bool, "i2", "float32", complex):
        same(lambda np: lambda: np.zeros(shape[0], dtype))
        same(lambda np: lambda: np.zeros(shape[0], dtype=dtype))
