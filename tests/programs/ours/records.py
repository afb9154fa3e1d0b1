# Records: comparison, padding, sub-arrays, void scalars.
import warnings

import numpy as np

warnings.simplefilter("error", DeprecationWarning)


def show(text):
    """Print what an expression gives, or its error."""
    try:
        print(text, "->", repr(eval(text)))
    except Exception as error:
        print(text, "!!", type(error).__name__, error)


a = np.array([(1, 2), (3, 4)], "i4,f8")
b = np.array([(1, 2), (3, 5)], "i8,f4")
c = np.array([(1, 2)], [("x", "i4"), ("y", "f8")])
s = np.array([(1, [1, 2, 3]), (2, [4, 5, 6])], [("a", "i4"), ("b", "f8", 3)])
v = np.array([b"ab"], "V2")
sparse = {"names": ["a"], "formats": ["i4"], "offsets": [4], "itemsize": 8}
filled = np.frombuffer(bytearray(b"\xff" * 16), sparse)
filled[...] = np.zeros(2, sparse)
print(filled.tobytes())
for text in (
    "a == b",
    "a != b",
    "a == c",
    "a == a[0]",
    "a[0] == a",
    "a[0] == b[0]",
    "a[0] == (1, 2)",
    "a == 1",
    "a == None",
    "a[0] == None",
    "a[0] == object()",
    "a < b",
    "s == s",
    "s != s[:, None]",
    "a[:1] == a",
    "v == v",
    "v == np.zeros(1, 'V3')",
    "v == b'ab'",
    "np.void(b'ab') == np.void(b'ab')",
    "a == np.zeros(2, 'V12')",
    "np.zeros(2, []) == np.zeros(2, [])",
    "a == a.astype([('f0', '>i4'), ('f1', '>f8')])",
    "np.zeros(2, [('a', 'S3')]) == np.zeros(2, [('a', 'i4')])",
    "np.zeros(2, [(('t', 'a'), 'i4')]) == np.zeros(2, [(('u', 'a'), 'i4')])",
    "hash(a[0])",
    "s.item(0)[1].base is s",
    "np.void([1, 2])",
    "np.void(np.float32(2))",
    "np.void(bytearray(b'ab'))",
    "np.void(3, dtype='i4,i4')",
    "np.array(a[0], dtype='V4')",
    "np.array([1, 2]).astype('2i')",
    "np.array([[(1,), (2,)], np.array([3, 4])], dtype='2i')",
):
    show(text)
