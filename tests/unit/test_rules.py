"""Rules of arrays that NumPy's users rely on, held against NumPy itself: casts, views, flags, integers."""

import os
import pickle
import subprocess
import sys

import numoxide as ours
import numpy as theirs
import pytest


def outcome(np, body):
    """What a call gives as text, or its error."""
    try:
        return repr(body(np)).replace("numoxide", "numpy")
    except Exception as error:
        return f"{type(error).__name__}: {error}".replace("numoxide", "numpy")


def assert_same(body):
    assert outcome(ours, body) == outcome(theirs, body)


@pytest.mark.parametrize("value", [3, 3.0, 3j, 2**70, "a", True])
@pytest.mark.parametrize("casting", ["no", "equiv", "safe", "same_kind"])
def test_copyto_of_python_numbers(value, casting):
    for code in ("u1", "i8", "f4", "f8", "c8", "O", "m8[s]", ">i8", "S3", "?"):
        assert_same(lambda np: np.copyto(np.zeros(3, code), value, casting=casting))


@pytest.mark.parametrize("code", ["i8", ">i8", "S3", "U3", ">U3", "V5", "i,i", "M8[s]", "O"])
def test_promotion_hands_on_metadata(code):
    def kept(np, other):
        first, second = np.dtype(code, metadata={1: 1}), np.dtype(other, metadata={2: 2})
        found = [np.promote_types(first, first), np.result_type(first), np.promote_types(first, second)]
        return [(dtype.metadata, dtype is first, dtype is second) for dtype in found]

    assert_same(lambda np: kept(np, code))


@pytest.mark.parametrize("pair", [("S3", "S5"), ("U5", "S3"), ("i4", "S20"), ("i4", "S11"), ("U20", "i4")])
def test_promoted_text_is_an_operand(pair):
    def kept(np):
        first, second = (np.dtype(code, metadata={i: i}) for i, code in enumerate(pair))
        found = np.promote_types(first, second)
        return found, found.metadata, found is first, found is second

    assert_same(kept)


@pytest.mark.parametrize(
    "body",
    [
        lambda np, a: np.reshape(a, (True, -1)),
        lambda np, a: np.take(a, [0], False),
        lambda np, a: np.sum(a, axis=True),
        lambda np, a: np.sum(a, axis=(True,)),
        lambda np, a: a.transpose(False, 1),
        lambda np, a: np.concatenate([a], axis=False),
        lambda np, a: np.zeros((True, 2)),
        lambda np, a: np.zeros(True),
        lambda np, a: a.swapaxes(False, 1),
        lambda np, a: np.frombuffer(b"ab", "i1", True),
    ],
)
def test_truth_values_are_no_places(body):
    assert_same(lambda np: body(np, np.arange(4).reshape(2, 2)))


@pytest.mark.parametrize(
    "body",
    [
        lambda np: np.datetime64("2000", (b"ms", 5)),
        lambda np: np.datetime64("2000", b"5ms"),
        lambda np: np.array([-1, "NaT", 1234567], dtype=">m8"),
        lambda np: np.isnat(5),
        lambda np: np.isnat(np.zeros(2, bool)),
        lambda np: [np.can_cast("M8[1000ms]", "M8[s]", c) for c in ("no", "equiv", "safe")],
        lambda np: [np.can_cast("M8[60m]", "M8[h]", c) for c in ("no", "safe", "same_kind")],
        lambda np: np.clip(np.arange(4, dtype=object), 1, 2),
        lambda np: np.array([b"1234", b"12345"], dtype="V"),
        lambda np: np.array([], dtype=object).astype("V").dtype,
        lambda np: np.dtype(("O", [("name", "i8")])),
        lambda np: np.dtype((np.record, [("a", "O")])),
        lambda np: np.equal(np.array(["a"], "S"), np.array(["b"], "U"), signature="UU->?"),
        lambda np: np.array([(1, 2)], "i4,i4") ** 2,
        lambda np: np.add(1, 1, casting="same_value"),
    ],
)
def test_odd_calls(body):
    assert_same(body)


def test_flat_assignment_without_axes():
    for index in ((), (Ellipsis,), Ellipsis, slice(None), [1, 2]):
        def assign(np, index=index):
            a = np.arange(4)
            a.flat[index] = 7
            return a

        assert_same(assign)


def test_void_scalars_show_their_array():
    array = ours.array([(1, 2)], "i4,i4")
    view = ours.asarray(array[0])
    view["f0"] = 7
    assert array["f0"][0] == 7
    assert ours.asarray(pickle.loads(pickle.dumps(array[0]))).base is None


def test_objects_that_change_while_they_are_asked():
    class Turning:
        truth = False

        def __bool__(self):
            self.truth = not self.truth
            return not self.truth

    with pytest.raises(RuntimeError, match="changed during function execution"):
        ours.nonzero(ours.array([True, Turning()]))


def test_docstrings_of_ufuncs_can_be_replaced():
    ufunc = ours.frompyfunc(abs, 1, 1)
    before = ufunc.__doc__
    ufunc.__doc__ = "mine"
    assert ufunc.__doc__ == ufunc.__dict__["__doc__"] == "mine"
    del ufunc.__doc__
    assert ufunc.__doc__ == before
    assert "\n" not in before.partition("\n\n")[0]


TANGLED = """
import hashlib
import numoxide as np
values = np.arange(4_000_000.0).reshape(2, -1)
memory = np.zeros(3_000_000)
twice = np.lib.stride_tricks.as_strided(memory, (2, 2_000_000), (8, 8))
np.add.reduce(np.stack([values, values]), axis=0, out=twice)
np.add.accumulate(values, axis=0, out=twice)
np.add(values, 1, out=twice, where=values > 5)
print(hashlib.sha256(memory).hexdigest())
"""


def test_results_on_each_other_do_not_depend_on_threads():
    def digest(threads):
        env = os.environ | {"NUMOXIDE_NUM_THREADS": str(threads)}
        return subprocess.run([sys.executable, "-c", TANGLED], env=env, capture_output=True, check=True).stdout

    assert digest(1) == digest(7)
