"""Calls that a short way serves give what the general way gives."""

import itertools
import math

import pytest

import numoxide as np


@pytest.mark.parametrize("value", [0, -1, 7, 2**61 - 1, 2**61, -(2**62), 2.5, -1.0, math.inf, 0.1])
def test_scalars_hash_and_convert_as_pythons_numbers(value):
    scalar = np.int64(value) if isinstance(value, int) else np.float64(value)
    assert hash(scalar) == hash(value)
    if math.isfinite(value):
        assert int(scalar) == int(value) and round(scalar) == round(value)


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
def test_integer_scalars_are_keys(kind):
    a = np.arange(12.0).reshape(3, 4)
    assert a[kind(1)].base is not None and a[kind(1), 2] == 6.0
    assert a[kind(1), :].tolist() == a[1].tolist() and a[:, kind(2)].tolist() == [2.0, 6.0, 10.0]
    with pytest.raises(IndexError, match="index 3 is out of bounds for axis 0 with size 3"):
        a[kind(3)]


def test_tuples_of_slices():
    a = np.arange(60).reshape(3, 4, 5)
    b = a.reshape(3, 4, 5, 1, 1)
    parts = [slice(None), slice(1, 3), slice(None, None, -2), 1, -1, None, Ellipsis]
    for key in itertools.product(parts, repeat=3):
        if key.count(Ellipsis) > 1:
            continue
        # Five axes take the general way.
        general = b[(*key, 0, 0)] if Ellipsis in key else b[(*key, Ellipsis, 0, 0)]
        view = a[key]
        assert (view.shape, view.strides, view.tolist()) == (general.shape, general.strides, general.tolist())


def test_positions_that_overlap_their_array():
    a = np.arange(4)
    a[a[1:3]] = 0
    assert a.tolist() == [0, 0, 0, 3]
    a[np.array([-1, 0])] = 9
    assert a.tolist() == [9, 0, 0, 9]
    with pytest.raises(IndexError):
        a[np.array([1, 4])] = 5
    assert a.tolist() == [9, 0, 0, 9]


@pytest.mark.parametrize("subscripts", ["ij,jk->ik", "ij,kj->ik", "ji,jk->ik", "ji,kj->ik", "ij,j->i", "i,ij->j"])
@pytest.mark.parametrize("dtype", ["f8", "i8", "c16"])
def test_einsum_of_two_arrays(subscripts, dtype):
    first, second = subscripts.split("->")[0].split(",")
    sizes = {"i": 3, "j": 4, "k": 5}
    a = np.arange(math.prod(sizes[c] for c in first)).reshape([sizes[c] for c in first]).astype(dtype)
    b = np.arange(math.prod(sizes[c] for c in second)).reshape([sizes[c] for c in second]).astype(dtype)
    quick, general = np.einsum(subscripts, a, b), np.einsum(subscripts, a, b, order="K")
    assert quick.tolist() == general.tolist() and quick.strides == general.strides


@pytest.mark.parametrize("make", [np.random.default_rng, np.random.RandomState])
@pytest.mark.parametrize(
    "name, params",
    [("normal", (1, 2)), ("uniform", (1, 3.5)), ("exponential", (2,)), ("poisson", (3,)), ("binomial", (10, 0.5)), ("beta", (1, 2))],
)
def test_plain_parameters_draw_as_arrays_of_them(make, name, params):
    plain = [getattr(make(5), name)(*params)]
    arrays = getattr(make(5), name)(*(np.array([p]) for p in params))
    assert plain == arrays.tolist()


@pytest.mark.parametrize("shape", [(2, 3, 4), (7, 300, 5), (33, 17, 65), (130, 140, 150), (9, 520, 26)])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_products_of_whole_numbers_are_exact_in_all_layouts(shape, dtype):
    m, k, n = shape
    a, b = np.arange(m * k).reshape(m, k) % 11 - 5, np.arange(k * n).reshape(k, n) % 7 - 3
    want = (a @ b).tolist()
    x, y = a.astype(dtype), b.astype(dtype)
    apart = np.empty((2 * m, 2 * n), dtype)
    for left, right in itertools.product((x, np.asfortranarray(x), x[::-1][::-1]), (y, np.asfortranarray(y))):
        assert (left @ right).tolist() == want
        for out in (np.empty((m, n), dtype), np.empty((n, m), dtype).T, apart[::2, ::2]):
            assert np.matmul(left, right, out=out).tolist() == want


def test_products_raise_no_flag_of_their_own():
    a = np.full((3, 5), math.inf)
    with np.errstate(all="raise"):
        assert np.isinf(a @ np.ones((5, 3))).all()
