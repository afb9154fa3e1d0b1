"""Modules of the Python front: alias names, structured-array functions, masked records, containers."""

import subprocess
import sys

import numoxide as np
from numoxide.lib import recfunctions, user_array
from numoxide.ma import mrecords


def test_modules_go_by_their_alias():
    code = (
        "import sys, numpy as np, numpy.lib.mixins\n"
        "assert np.__name__ == 'numpy' and np.ma.__name__ == 'numpy.ma' and np.linalg is sys.modules['numpy.linalg']\n"
        "assert sys.modules['numoxide.lib.mixins'] is numpy.lib.mixins and np.add.__module__ == 'numpy'\n"
        "for name in [name for name in sys.modules if name.startswith('numpy')]: del sys.modules[name]\n"
        "try: import numpy\n"
        "except ImportError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-m", "numoxide", "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout == "cannot load module more than once per process\n", done.stderr


def test_joins_and_conversion():
    left = np.array([(1, 10), (3, 30)], dtype=[("k", "i8"), ("v", "i8")])
    right = np.array([(3, 0.5), (4, 1.5)], dtype=[("k", "i8"), ("w", "f8")])
    joined = recfunctions.join_by("k", left, right, "outer")
    assert joined.tolist() == [(1, 10, None), (3, 30, 0.5), (4, None, 1.5)]
    pairs = np.zeros(3, "i4,i4")
    plain = recfunctions.structured_to_unstructured(pairs[["f1", "f0"]])
    plain[:, 0] = 7
    assert pairs.tolist() == [(0, 7)] * 3


def test_masked_records():
    records = mrecords.fromarrays([np.ma.array([1, 2], mask=[0, 1]), [0.5, 1.5]], names="a,b")
    records.b[0] = np.ma.masked
    assert records.tolist() == [(1, None), (None, 1.5)]
    assert np.ma.array(np.ones(2, "u1,i2"), mask=True).filled().tolist() == [(63, 16959)] * 2


def test_container():
    held = user_array.container([[1, 2], [3, 4]])
    held += 1
    assert repr(1 - held) == "container([[-1, -2],\n       [-3, -4]])"
    assert (held.shape, len(held), held[0, 0]) == ((2, 2), 2, 2)


def test_every_relevant_argument_of_a_builtin_overrides():
    class Other:
        def __array_function__(self, func, types, args, kwargs):
            return func.__name__, [kind.__name__ for kind in types]

    array, other = np.array([1]), Other()
    assert np.concatenate((array, other)) == ("concatenate", ["ndarray", "Other"])
    assert np.where(other, 1, 2) == ("where", ["Other"])
    assert np.dot(other, array) == ("dot", ["Other", "ndarray"])
    assert np.lexsort(keys=[other]) == ("lexsort", ["Other"])
    assert np.empty_like(other) == ("empty_like", ["Other"])
