"""Uses the compiled helpers of NumPy's own suite and prints what comes out; the same text is due on NumPy and on us."""

import sys
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import numpy as np


def load(name):
    """A helper from NumPy's wheel, whoever answers for `numpy`."""
    for place in sys.path:
        for found in Path(place, "numpy", "_core").glob(f"{name}.*.so"):
            loader = ExtensionFileLoader(f"numpy._core.{name}", str(found))
            module = module_from_spec(spec_from_loader(loader.name, loader))
            loader.exec_module(module)
            return module
    raise ImportError(name)


def show(text, function):
    """Print a result, or the error."""
    try:
        answer = repr(function())
    except Exception as error:
        answer = f"{type(error).__name__} {error}"
    print(f"{text}: {answer}")


opflag, struct, umath, rat = map(load, ["_operand_flag_tests", "_struct_ufunc_tests", "_umath_tests", "_rational_tests"])

a, b = np.arange(16).reshape(4, 4), np.arange(9).reshape(3, 3)
show("in place", lambda: (opflag.inplace_add(a[:-1, :-1], b), a))
one = np.array(0)
show("in place, 0-d", lambda: (opflag.inplace_add(one, 3), one))
show("in place, reduced", lambda: (opflag.inplace_add(one, [3, 4]), one))

triplet = np.array([(1, 2, 3), (4, 5, 6)], dtype="u8,u8,u8")
show("records", lambda: struct.add_triplet(triplet, triplet))

show("core", lambda: umath.test_signature(3, 1, "(3?),(3?,3?),(n)->(9)"))
show("inner1d", lambda: umath.inner1d(np.arange(6.0).reshape(2, 3), np.arange(3)))
show("inner1d shapes", lambda: umath.inner1d(np.arange(6.0).reshape(2, 3), np.arange(4)))
show("matrices", lambda: umath.matrix_multiply(np.arange(6.0).reshape(2, 3), np.arange(6).reshape(3, 2)))
show("distances", lambda: umath.euclidean_pdist(np.arange(6.0).reshape(3, 2)))
show("convolution", lambda: umath.conv1d_full(np.arange(3.0), np.arange(4.0)))
show("cross", lambda: umath.cross1d([1, 2, 3], [4, 5, 6]))
show("weights", lambda: umath.innerwt([1, 2, 3], [4, 5, 6], [1, 1, 1]))
show("error", lambda: umath.always_error(1, 2))
show("types", lambda: (umath.inner1d.types, umath.inner1d.signature, umath.inner1d.nin, umath.inner1d.ntypes))

rational = rat.rational
d = np.dtype(rational)
show("dtype", lambda: (d, str(d), type(d), d.num, d.kind, d.char, d.byteorder, d.itemsize, d.alignment, d.name, d.str))
show("dtype 2", lambda: (d.isbuiltin, d.hasobject, d.flags, d.descr, d.type, d == d, hash(d) == hash(np.dtype(rational))))
r = np.array([rational(1, 2), rational(3, 4)])
small, nothing = rational(1, 3), rational(0)
m = np.array([[rational(1, 2), rational(1, 3)], [rational(2), rational(3)]])
for text in """
    m @ m; np.matmul(m, m[0]); np.dot(m, m); np.dot(m[0], m); np.dot(m, m[0]); np.inner(m, m); np.vecdot(m, m)
    r; r.dtype; r[0]; r + 1; r * 2.0; r == r; r // small; np.divide(r, nothing); np.sin(r); np.add(r, r, dtype=float)
    r.sum(); r.prod(); r.mean(); r.max(); np.cumsum(r); np.dot(r, r); r.argmax(); r.argmin(); np.sort(r[::-1]); np.unique(r)
    r.astype(float); r.astype(object); r.astype("i1"); r.astype(bool); r.astype("S5"); r.astype("M8[s]"); r.tolist()
    np.array([1, 2]).astype(rational); np.array(["1/2"]).astype(rational); np.array([rational(1), 1]); np.array([small, 1.5])
    np.array(small); np.full(2, small); np.zeros(3, rational); np.arange(nothing, rational(3)); np.empty(2, d).dtype is d
    np.can_cast("i4", d); np.can_cast(d, float); np.can_cast(d, "i4"); np.promote_types(d, "i4"); np.promote_types(d, "f8")
    np.result_type(d, 1); np.result_type(d, 1.0); np.result_type(r, True); d.newbyteorder(">"); np.dtype([("a", d)])
    r.byteswap(); r.nonzero(); r.view("V8"); np.where([1, 0], r, r); np.concatenate([r, r]); r[::-1].copy(); r[[1, 0]]
    rat.test_add; rat.test_add.types; rat.test_add(r, r); rat.test_add_rationals(r, r); rat.numerator(r); rat.gcd(12, 8)
    rat.test_add(np.arange(3), np.arange(3)); rat.matrix_multiply(r.reshape(1, 2), r.reshape(2, 1)); np.dtype("r")
""".replace("\n", ";").split(";"):
    if text.strip():
        show(text.strip(), lambda: eval(text))
