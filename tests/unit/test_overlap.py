"""Outputs that share memory with operands: random views of one buffer give what NumPy gives."""

import numpy
import pytest

import numoxide

CODES = "bhilefdFD"
UNARY = ["negative", "square", "invert", "sqrt", "rint", "positive", "logical_not"]
BINARY = ["add", "subtract", "multiply", "maximum", "less", "divide", "bitwise_xor"]
TWO = ["divmod", "modf", "frexp"]
RUNNING = ["accumulate", "reduceat"]


class Views:
    """Views of one buffer, alike in both libraries."""

    def __init__(self, seed):
        self.rng = numpy.random.RandomState(seed)
        self.bytes = self.rng.randint(0, 100, 8192).astype("i1")
        self.buffers = {np: np.array(self.bytes.tolist(), "i1") for np in (numpy, numoxide)}

    def shape(self):
        return tuple(int(n) for n in self.rng.choice([1, 2, 3, 5, 8, 17], self.rng.randint(0, 4)))

    def view(self, code, shape, apart):
        """Type, place, shape and strides: the axes in any order and direction, with gaps."""
        size = numpy.dtype(code).itemsize
        strides, step = [0] * len(shape), size
        for axis in self.rng.permutation(len(shape)):
            gap = int(self.rng.choice([1, 1, 1, 2]))
            strides[axis] = step * gap * int(self.rng.choice([1, 1, -1]))
            step = abs(strides[axis]) * shape[axis]
        if not apart and shape and self.rng.randint(2):
            strides[self.rng.randint(len(shape))] = 0
        reach = [s * (n - 1) for s, n in zip(strides, shape)]
        low, high = sum(min(r, 0) for r in reach), sum(max(r, 0) for r in reach) + size
        if high - low > 4096:
            return None
        last = 4096 - high
        start = min(max(-low, 1536 + size * int(self.rng.randint(-3, 4))), last)
        return code, start, shape, strides

    def stretched(self, shape):
        """The shape of an operand that broadcasts to a shape."""
        cut = shape[self.rng.randint(2) * self.rng.randint(len(shape) + 1) :]
        return tuple(1 if self.rng.randint(4) == 0 else n for n in cut)

    def made(self, np, spec):
        code, start, shape, strides = spec
        return np.ndarray(shape, code, buffer=self.buffers[np], offset=start, strides=strides)

    def agree(self, call, specs, note):
        """Runs `call(np, *views)` in both and compares errors and the whole buffer."""
        before, seen = self.buffers[numpy].tobytes(), []
        for np in (numpy, numoxide):
            with np.errstate(all="ignore"):
                try:
                    call(np, *(self.made(np, s) for s in specs))
                    seen.append(None)
                except Exception as error:
                    seen.append(type(error).__name__)
        theirs, ours = (self.buffers[np].tobytes() for np in (numpy, numoxide))
        assert (seen[0], theirs) == (seen[1], ours), (note, specs, self.why(before, specs, theirs, ours))
        for np in (numpy, numoxide):
            self.buffers[np][...] = self.bytes

    @staticmethod
    def why(before, specs, theirs, ours):
        code, start, shape, strides = specs[-1]
        views = [numpy.ndarray(shape, code, b, start, strides).tolist() for b in (before, theirs, ours)]
        return dict(zip(("before", "numpy", "numoxide"), views))


def name(views, names):
    return names[views.rng.randint(len(names))]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("nin", [1, 2])
def test_calls(nin, seed):
    views = Views(seed)
    for _ in range(400):
        code = name(views, CODES)
        other = code if views.rng.randint(2) else name(views, CODES)
        shape = views.shape()
        ufunc = name(views, UNARY if nin == 1 else BINARY)
        out = views.view(other, shape, True)
        inputs = [views.view(code, views.stretched(shape), False) for _ in range(nin)]
        if views.rng.randint(3) == 0 and out:
            # The output itself, or its first part stretched over it.
            part = tuple(1 if views.rng.randint(2) else n for n in shape)
            inputs[0] = (other, out[1], part, out[3])
        if None in (out, *inputs):
            continue
        where = views.rng.randint(4) == 0
        mask = views.rng.randint(0, 2, shape) > 0

        def call(np, *given, ufunc=ufunc, where=where, mask=mask):
            more = {"where": np.array(mask.tolist(), "?").reshape(mask.shape)} if where else {}
            getattr(np, ufunc)(*given[:-1], out=given[-1], casting="unsafe", **more)

        views.agree(call, [*inputs, out], (ufunc, where))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(4))
def test_two_outputs(seed):
    views = Views(seed)
    for _ in range(300):
        ufunc, shape = name(views, TWO), views.shape()
        code = name(views, "hild" if ufunc == "divmod" else "fd")
        second = "i" if ufunc == "frexp" else code
        inputs = [views.view(code, views.stretched(shape), True) for _ in range(1 + (ufunc == "divmod"))]
        outs = [views.view(code, shape, True), views.view(second, shape, True)]
        if None in (*outs, *inputs):
            continue
        # One output in each half of the buffer.
        far = [views.rng.randint(2) for _ in inputs] + [0, 1]
        specs = [(c, int(at + 4096 * f), *rest) for (c, at, *rest), f in zip([*inputs, *outs], far)]

        def call(np, *given, ufunc=ufunc):
            getattr(np, ufunc)(*given[:-2], out=given[-2:])

        views.agree(call, specs, ufunc)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(8))
def test_reductions(seed):
    views = Views(seed)
    for _ in range(400):
        shape = views.shape() or (5,)
        code = name(views, "bhilfd")
        other = code if views.rng.randint(2) else name(views, "hild")
        axis = int(views.rng.randint(len(shape)))
        kept = shape[:axis] + shape[axis + 1 :]
        given, out = views.view(code, shape, False), views.view(other, kept, True)
        if given is None or out is None:
            continue
        # NumPy loses first items that start a reduction and are cast where the two overlap.
        ufunc = name(views, ["add", "multiply", "maximum" if other == code else "add", "logical_or"])
        more = {"initial": 1} if views.rng.randint(3) == 0 else {}

        def call(np, given, out, ufunc=ufunc, axis=axis, more=more):
            getattr(np, ufunc).reduce(given, axis=axis, out=out, **more)

        views.agree(call, [given, out], (ufunc, axis, more))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("method", RUNNING)
@pytest.mark.parametrize("seed", range(4))
def test_running(method, seed):
    views = Views(seed)
    for _ in range(300):
        shape = views.shape() or (5,)
        code = name(views, "bhilfd")
        other = code if views.rng.randint(2) else name(views, "hild")
        axis = int(views.rng.randint(len(shape)))
        given, out = views.view(code, shape, False), views.view(other, shape, True)
        if given is None or out is None:
            continue
        ufunc = name(views, ["add", "multiply", "maximum", "subtract"])

        def call(np, given, out, ufunc=ufunc, axis=axis):
            more = [range(given.shape[axis])] if method == "reduceat" else []
            getattr(getattr(np, ufunc), method)(given, *more, axis=axis, out=out)

        views.agree(call, [given, out], (ufunc, axis))


def least_work(np, buffer, specs):
    """The least `max_work` that answers, and the answer."""
    a, b = (np.ndarray(shape, "i1", buffer, start, strides) for start, shape, strides in specs)
    for work in range(1, 60):
        try:
            return work, np.shares_memory(a, b, max_work=work)
        except np.exceptions.TooHardError:
            pass
    return None


def test_work_of_exact_answers():
    rng = numpy.random.RandomState(1)
    buffers = {np: np.zeros(2000, "i1") for np in (numpy, numoxide)}
    for _ in range(300):
        ndim = rng.randint(1, 4)
        specs = [
            (int(rng.randint(0, 200)), rng.randint(1, 6, ndim).tolist(), rng.randint(1, 30, ndim).tolist())
            for _ in range(2)
        ]
        ours, theirs = (least_work(np, buffers[np], specs) for np in (numoxide, numpy))
        assert ours == theirs, specs


def test_first_row_over_all():
    for np in (numpy, numoxide):
        table = np.arange(12.0).reshape(4, 3)
        np.add(table[:1], 1, out=table)
        assert table.tolist() == [[1, 2, 3]] * 4
        line = np.arange(1.0, 6)
        line += line[:1]
        assert line.tolist() == [2, 3, 4, 5, 6]


@pytest.mark.parametrize("code", ["h", "d", "D"])
def test_items_of_an_output_on_each_other(code):
    """A call into such an output is the assignment of its results."""
    x = numoxide.arange(91).astype(code).reshape(7, 13)
    for strides in [(0, x.strides[1]), (1, x.strides[1]), (x.strides[1], x.strides[1])]:
        for given in ("x", "y"):
            for call in (numoxide.negative, lambda a, out: numoxide.add.accumulate(a, axis=1, out=out)):
                made = []
                for overlapping in (False, True):
                    base = x.copy()
                    y = numoxide.ndarray(x.shape, code, buffer=base, strides=strides)
                    a = base if given == "x" else y
                    if overlapping:
                        call(a, out=y)
                    else:
                        y[...] = call(a, out=numoxide.empty(x.shape, code))
                    made.append(base.tobytes())
                assert made[0] == made[1], (strides, given)
