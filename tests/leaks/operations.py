"""The operations: for every kind of object ways to make, use, fail with and drop it."""

import io
import pickle

OPERATIONS = {
    "array from list": "np.array([1.0, 2.0, 3.0])",
    "array from nested lists": "np.array([[1, 2], [3, 4]])",
    "array of objects": "np.array([obj, None, 'text', 5], dtype=object)",
    "array of text": "np.array(['ab', 'cde'])",
    "array fails": "raises(np.array, [[1, 2], [3]])",
    "array of bad text fails": "raises(np.array, ['x'], dtype=float)",
    "zeros": "np.zeros((3, 4)), np.empty(5), np.ones(3, dtype='i2'), np.full(3, 7)",
    "large array": "np.empty(100_000)",
    "arange and linspace": "np.arange(10), np.linspace(0, 1, 5)",
    "view": "a[2:5], a[...], a[None], a.T, a.reshape(2, 5), a.view('i8')",
    "view of view dropped first": "a[1:][1:][1:]",
    "item": "a[3], a.item(3), m[1, 2], o[0]",
    "item set": "a.__setitem__(3, 1.5), o.__setitem__(0, obj), s.__setitem__('x', 3)",
    "index arrays": "a[[1, 2, 3]], a[a > 3], m[[0, 1], [1, 0]], a.take([1, 2])",
    "index set": "a.__setitem__([1, 2], 0.5), a.__setitem__(a > 100, 1.0)",
    "index fails": "raises(a.__getitem__, 99), raises(a.__getitem__, 'x'), raises(a.__getitem__, ([0], [99]))",
    "iteration": "[x for x in a], [r for r in m], [x for x in m.flat]",
    "flat": "m.flat[3], m.flat[1:3], m.flat.copy()",
    "broadcast": "np.broadcast(m, m[0]), np.broadcast_to(a, (3, 10)), list(np.broadcast(a, 1))",
    "add": "a + a, a + 1, 1 + a, a * 2.5, -a",
    "add in place": "a.__iadd__(0.0), np.add(a, a, out=b), np.add(a, a, out=(b,))",
    "add of mixed dtypes": "a + np.float32(1), i + a, i + 1j",
    "add with where": "np.add(a, a, where=a > 3, out=b)",
    "add fails": "raises(np.add, a, np.ones(7)), raises(np.add, a), raises(np.add, a, 'x', dtype='q')",
    "add of objects": "o2 + 1, o2 * o2, np.add.reduce(o2)",
    "add of objects fails": "raises(np.add, o, o)",
    "comparison": "a < a, a == 3, a != None, o == o",
    "math": "np.sin(a), np.sqrt(a), np.exp(a), np.divmod(a, 2.0), np.modf(a), np.frexp(a)",
    "reduction": "a.sum(), m.sum(axis=0), m.mean(axis=1, keepdims=True), a.max(), a.argmax(), m.std()",
    "reduction fails": "raises(np.max, np.empty(0)), raises(a.sum, axis=5)",
    "accumulate": "np.add.accumulate(a), np.add.reduceat(a, [0, 3]), np.multiply.outer(a, a), np.add.at(b, [0, 1], 1.0)",
    "cast": "a.astype(int), a.astype('S8'), a.astype(object), a.astype('f4').astype('U10')",
    "cast of objects": "o2.astype(float), o2.astype('U5')",
    "copy": "a.copy(), m.T.copy(), np.ascontiguousarray(m.T), a.flatten(), m.ravel('F')",
    "sort": "np.sort(a), np.argsort(a), np.unique(i), np.searchsorted(a, 3), np.partition(a, 3), np.sort(o2)",
    "structured": "s['x'], s[0], s[0]['y'], s[['x']], s.tolist()",
    "structured dtype": "np.dtype([('a', 'i4'), ('b', 'O')]), np.dtype({'names': ['x'], 'formats': ['f8']})",
    "dtype": "np.dtype('f8'), np.dtype('>i4'), np.dtype('M8[us]'), np.dtype(('f4', (2,))), np.dtype('S7')",
    "dtype fails": "raises(np.dtype, 'nonsense'), raises(np.dtype, [('a', 'zz')])",
    "dtype attributes": "f8.name, f8.str, f8.descr, s.dtype.fields, s.dtype.names, f8.newbyteorder(), f8.type, f8.base",
    "promotion": "np.result_type('i4', 'f4'), np.promote_types('i1', 'u1'), np.can_cast('i4', 'i2')",
    "scalars": "np.float64(2.5), np.int32(3), np.bool_(1), np.str_('x'), np.bytes_(b'x'), np.complex64(1j)",
    "scalar arithmetic": "x + x, x * 2, 2 - x, -x, x < 3, np.int8(5) // np.int8(2), x ** 2, abs(x)",
    "scalar methods": "x.item(), x.astype('i4'), x.dtype, x.T, x.reshape(1), x.tobytes(), hash(x), x.real",
    "scalar fails": "raises(np.int8, 'x'), raises(np.float64, [1, [2]]), raises(lambda: x + 'x')",
    "times": "np.datetime64('2020-01-01'), np.timedelta64(3, 'D'), t + np.timedelta64(1, 'D'), t.astype('M8[s]'), str(t[0])",
    "void": "s[0].item(), np.void(b'abc'), s[0] == s[0]",
    "text": "str(a), repr(m), str(x), repr(s), repr(x)",
    "tolist": "a.tolist(), m.tolist(), o.tolist(), a.tobytes()",
    "buffer": "memoryview(a), bytes(memoryview(a)), np.frombuffer(b'12345678'), np.asarray(memoryview(a))",
    "interface": "a.__array_interface__, a.__array_struct__, np.asarray(Interface(a))",
    "dlpack": "np.from_dlpack(a), a.__dlpack__()",
    "pickle": "pickle.loads(pickle.dumps(a)), pickle.loads(pickle.dumps(x)), pickle.loads(pickle.dumps(s.dtype)), "
    "pickle.loads(pickle.dumps(o2, protocol=5))",
    "copy protocol": "copy.copy(a), copy.deepcopy(o), copy.copy(x), copy.deepcopy(s)",
    "save and load": "saved(np, a)",
    "concatenate": "np.concatenate([a, a]), np.stack([a, a]), np.vstack([a, a]), np.append(a, 1), np.tile(a, 2), np.repeat(a, 2)",
    "where": "np.where(a > 3, a, 0), np.where(a > 3), np.nonzero(a), np.select([a > 3], [a])",
    "matmul": "m @ m.T, a @ a, np.dot(m, a[:4]), np.einsum('ij,kj', m, m)",
    "subclass": "Sub(a), a.view(Sub) + 1, a.view(Sub)[2:], a.view(Sub).sum()",
    "override": "np.add(Over(), 1), np.sum(Over())",
    "attributes": "a.shape, a.strides, a.flags, a.ctypes.data, a.base, a[1:].base, a.real, a.flags.writeable",
    "attribute set": "setattr(m.copy(), 'shape', (4, 3)), a.copy().resize(20, refcheck=False)",
    "setflags": "a.copy().setflags(write=False)",
    "ufunc attributes": "np.add.types, np.add.nin, np.add.identity, np.add.__doc__, np.add.__name__, np.add.signature",
    "frompyfunc": "np.frompyfunc(lambda p, q: p, 2, 1)(o, 1), np.vectorize(lambda p: p + 1)(a)",
    "errstate": "errors(np)",
    "random": "rng.random(5), rng.standard_normal(), rng.integers(10, size=3), rng.choice(a), rng.permutation(a)",
    "generators": "np.random.default_rng(3), np.random.RandomState(3).rand(2), np.random.PCG64(1).state",
    "bincount and histogram": "np.bincount(i), np.histogram(a), np.digitize(a, [1, 2]), np.interp(3.5, a, a)",
    "nan functions": "np.nansum(a), np.nanmean(a), np.nanmax(a)",
    "bits": "np.packbits(i > 2), np.unpackbits(np.array([3], dtype='u1')), np.left_shift(i, 1)",
    "printoptions": "printed(np, a)",
    "mask": "np.ma.array(a, mask=a > 3).sum()",
}


def namespace(np):
    """The names that the operations use."""

    class Sub(np.ndarray):
        def __new__(cls, data):
            return np.asarray(data).view(cls)

        def __array_finalize__(self, other):
            self.note = getattr(other, "note", None)

    class Over:
        def __array_ufunc__(self, *args, **kwargs):
            return self

        def __array_function__(self, *args, **kwargs):
            return self

    class Interface:
        def __init__(self, array):
            self.__array_interface__ = array.__array_interface__
            self.held = array

    def raises(function, *args, **kwargs):
        try:
            function(*args, **kwargs)
        except Exception:
            return
        raise AssertionError("no exception")

    def saved(np, array):
        file = io.BytesIO()
        np.save(file, array)
        file.seek(0)
        return np.load(file)

    def errors(np):
        with np.errstate(all="raise"):
            raises(np.divide, np.ones(2), 0.0)
        with np.errstate(all="ignore"):
            np.divide(np.ones(2), 0.0)

    def printed(np, array):
        with np.printoptions(precision=3):
            return str(array)

    import copy

    a = np.arange(10.0)
    return {
        "np": np,
        "pickle": pickle,
        "copy": copy,
        "a": a,
        "b": np.zeros(10),
        "i": np.arange(10),
        "m": np.arange(12.0).reshape(3, 4),
        "o": np.array([object(), None, "text"], dtype=object),
        "o2": np.array([1, 2.5, 10**30], dtype=object),
        "obj": object(),
        "s": np.zeros(3, dtype=[("x", "i4"), ("y", "f8")]),
        "t": np.arange("2020-01-01", "2020-01-05", dtype="M8[D]"),
        "x": np.float64(2.5),
        "f8": np.dtype("f8"),
        "rng": np.random.default_rng(0),
        "Sub": Sub,
        "Over": Over,
        "Interface": Interface,
        **{f.__name__: f for f in (raises, saved, errors, printed)},
    }
