"""Text operations against the methods of Python's own strings."""

import random

import numoxide as np
import pytest

ALPHABET = "aabbAZ \t-+09éßǅ٣"


def texts(kind, count=60, length=9):
    """Random strings or bytes without trailing NULs; fixed seed."""
    source = random.Random(7)
    letters = ALPHABET if kind == "U" else "".join(c for c in ALPHABET if c.isascii())
    made = ["".join(source.choices(letters, k=source.randrange(length))) for _ in range(count)]
    return made if kind == "U" else [text.encode() for text in made]


def as_kind(kind, text):
    return text if kind == "U" else text.encode()


TESTS = "isalpha isdigit isspace isalnum islower isupper istitle isdecimal isnumeric".split()
CHANGES = "upper lower swapcase capitalize title".split()


@pytest.mark.parametrize("kind", "US")
@pytest.mark.parametrize("name", TESTS + CHANGES)
def test_methods_without_arguments(kind, name):
    if kind == "S" and not hasattr(bytes, name):
        return
    items = texts(kind)
    array = np.array(items)
    wanted = np.array([getattr(item, name)() for item in items]).astype(array.dtype if name in CHANGES else bool)
    assert getattr(np.strings, name)(array).tolist() == wanted.tolist()


@pytest.mark.parametrize("kind", "US")
@pytest.mark.parametrize("name", "find rfind count startswith endswith".split())
@pytest.mark.parametrize("sub", ["a", "ab", "", "bb", " "])
@pytest.mark.parametrize("ends", [(), (1,), (2, 5), (-3, None), (4, 2), (20,)])
def test_searches(kind, name, sub, ends):
    items, sub = texts(kind), as_kind(kind, sub)
    wanted = [getattr(item, name)(sub, *ends) for item in items]
    assert getattr(np.strings, name)(np.array(items), sub, *ends).tolist() == wanted


@pytest.mark.parametrize("kind", "US")
@pytest.mark.parametrize(
    "name, arguments",
    [("strip", ()), ("lstrip", ("ab ",)), ("rstrip", ("ab",)), ("replace", ("a", "xyz")), ("replace", ("", "-", 2)),
     ("center", (12, "*")), ("ljust", (7, "*")), ("rjust", (8, "*")), ("zfill", (6,)), ("expandtabs", (4,)),
     ("replace", ("ab", ""))],
)  # fmt: skip
def test_edits(kind, name, arguments):
    items = texts(kind)
    arguments = [as_kind(kind, a) if isinstance(a, str) else a for a in arguments]
    wanted = [getattr(item, name)(*arguments) for item in items]
    assert getattr(np.strings, name)(np.array(items), *arguments).tolist() == wanted


@pytest.mark.parametrize("kind", "US")
def test_parts_sums_products_and_slices(kind):
    items = texts(kind)
    array, sep = np.array(items), as_kind(kind, "a")
    for name in ("partition", "rpartition"):
        parts = zip(*(part.tolist() for part in getattr(np.strings, name)(array, sep)))
        assert list(parts) == [getattr(item, name)(sep) for item in items]
    assert (array + array).tolist() == [item + item for item in items]
    assert np.strings.multiply(array, 3).tolist() == [item * 3 for item in items]
    assert np.strings.slice(array, -3, None, -2).tolist() == [item[-3::-2] for item in items]
    assert np.strings.str_len(array).tolist() == [len(item) for item in items]


def test_outputs_on_inputs_and_odd_layouts():
    array = np.array(["abc", "d", "", "xyz"])
    assert np._core.umath._slice(array, 2, -4, -1, out=array).tolist() == ["cba", "d", "", "zyx"]
    swapped = np.array(["abc", "d"]).astype(">U5")[::-1]
    assert np.strings.add(swapped, swapped.astype("<U5")).tolist() == ["dd", "abcabc"]


def test_concatenate_of_plain_subclasses_gives_plain_arrays():
    class Plain(np.ndarray):
        pass

    class Proud(np.ndarray):
        __array_priority__ = 1.0

    parts = [np.zeros(2), np.zeros(2).view(Plain)]
    assert type(np.concatenate(parts)) is np.ndarray
    assert type(np.concatenate([*parts, np.zeros(1).view(Proud)])) is Proud


def test_python_scalars_are_cast_by_the_rule():
    for rule, dtype, scalar in [("same_kind", "i8", 0.5), ("no", "f4", 1j), ("safe", "?", 2)]:
        with pytest.raises(TypeError, match="Cannot cast ufunc 'add' input 1"):
            np.add(np.zeros(2, dtype), scalar, dtype=dtype, casting=rule)
    assert np.logical_and.reduce([1, 1, 0]) is np.False_
