"""Iterators: order, indices, buffers and nested levels, against what they are defined as."""

import itertools

import numoxide as np
import pytest


def test_items_come_in_memory_order_whatever_the_view():
    base = np.arange(24).reshape(2, 3, 4)
    for axes in itertools.permutations(range(3)):
        for steps in itertools.product((1, -1), repeat=3):
            view = base.transpose(axes)[tuple(slice(None, None, s) for s in steps)]
            assert [int(x) for x in np.nditer(view)] == list(range(24))
            it = np.nditer(view, ["multi_index", "c_index"])
            flat = view.ravel()
            while not it.finished:
                assert view[it.multi_index] == it[0] == flat[it.index]
                it.iternext()


@pytest.mark.parametrize("size", [1, 3, 5, 7, 100])
@pytest.mark.parametrize("order", ["C", "F", "K"])
def test_buffers_hold_what_the_operands_hold(size, order):
    a, b = np.arange(24.0).reshape(4, 6)[:, ::2], np.arange(3, dtype="f4")
    flags = ["buffered", "external_loop"]
    it = np.nditer([a, b], flags, None, ["f8", "f8"], order, buffersize=size)
    pairs = [(float(x), float(y)) for u, v in it for x, y in zip(u, v, strict=True)]
    plain = [(float(x), float(y)) for x, y in np.nditer([a, b], order=order)]
    assert pairs == plain


@pytest.mark.parametrize("size", [1, 4, 9, 100])
def test_a_buffered_reduction_adds_up(size):
    a, out = np.arange(24, dtype="i4").reshape(4, 6), np.zeros(4, ">f8")
    uses = [["readonly"], ["readwrite"]]
    axes = [[0, 1], [0, -1]]
    with np.nditer([a, out], ["buffered", "reduce_ok"], uses, ["f8", "f8"], op_axes=axes, buffersize=size) as it:
        for x, y in it:
            y[...] += x
    assert out.tolist() == a.sum(1).tolist()


def test_a_jump_writes_back_what_was_changed():
    a = np.arange(10, dtype="i4")
    with np.nditer(a, ["buffered"], ["readwrite"], ["f8"], casting="unsafe", buffersize=4) as it:
        it[0] = 50
        it.iterindex = 8
        it[0] = 60
    assert a.tolist() == [50, 1, 2, 3, 4, 5, 6, 7, 60, 9]


def test_inner_levels_follow_the_outer_ones():
    a = np.arange(12).reshape(2, 3, 2)
    outer, inner = np.nested_iters(a, [[1], [0, 2]])
    assert [[int(x) for x in inner] for _ in outer] == [[0, 1, 6, 7], [2, 3, 8, 9], [4, 5, 10, 11]]


def test_gufuncs_of_linear_algebra():
    lin = pytest.importorskip("numoxide.linalg._umath_linalg")
    rng = np.random.default_rng(1)
    for n, kind in itertools.product((1, 3, 40), ("f4", "f8", "c8", "c16")):
        a = (rng.random((2, n, n)) + (1j * rng.random((2, n, n)) if kind[0] == "c" else 0)).astype(kind)
        b = rng.random((2, n, 3)).astype(kind)
        near = 2e-3 if kind in ("f4", "c8") else 1e-8
        assert np.abs(a @ lin.solve(a, b) - b).max() < near * n
        assert np.abs(a @ lin.inv(a) - np.eye(n)).max() < near * n
        square = a @ np.conj(np.swapaxes(a, 1, 2)) + n * np.eye(n, dtype=kind)
        low, up = lin.cholesky_lo(square), lin.cholesky_up(square)
        assert np.abs(low @ np.conj(np.swapaxes(low, 1, 2)) - square).max() < near * n * n
        assert np.abs(up - np.conj(np.swapaxes(low, 1, 2))).max() < near * n
        sign, log = lin.slogdet(a)
        assert np.abs(sign * np.exp(log) - lin.det(a)).max() <= near * np.abs(lin.det(a)).max()
    with np.errstate(invalid="raise"), pytest.raises(FloatingPointError):
        lin.inv(np.zeros((2, 2)))
