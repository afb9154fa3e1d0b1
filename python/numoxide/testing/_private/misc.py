"""Assertions on exceptions, garbage and references; temporary files; threads."""

import contextlib
import gc
import os
import re
import sys
import threading
import unittest
from functools import wraps

import numoxide as np
from numoxide.testing._private.environment import HAS_REFCOUNT, IS_PYPY, check_free_memory

verbose = 0
SkipTest = unittest.case.SkipTest


class IgnoreException(Exception):
    """Ignoring this exception due to disabled feature."""


class KnownFailureException(Exception):
    """Raised by a test that is known to fail."""


KnownFailureTest = KnownFailureException


class _Dummy(unittest.TestCase):
    """Lends unittest's assertions."""

    def nop(self):
        """Do nothing."""


_d = _Dummy("nop")


def assert_raises(*args, **kwargs):
    """Fail unless a call, or the block of a ``with``, raises the exception."""
    __tracebackhide__ = True
    return _d.assertRaises(*args, **kwargs)


def assert_raises_regex(exception_class, expected_regexp, *args, **kwargs):
    """Fail unless the exception is raised and its text matches."""
    __tracebackhide__ = True
    return _d.assertRaisesRegex(exception_class, expected_regexp, *args, **kwargs)


def runstring(astr, dict):
    """Run source text in a namespace."""
    exec(astr, dict)


def rundocs(filename=None, raise_on_error=True):
    """Run the doctests of a file."""
    import doctest
    import importlib.util

    filename = filename or sys._getframe(1).f_globals["__file__"]
    name = os.path.splitext(os.path.basename(filename))[0]
    spec = importlib.util.spec_from_file_location(name, filename)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    messages = []
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=messages.append if raise_on_error else None)
    if runner.failures > 0 and raise_on_error:
        raise AssertionError("Some doctests failed:\n" + "\n".join(messages))


def decorate_methods(cls, decorator, testmatch=None):
    """Decorate every public method of a class whose name looks like a test's."""
    import inspect

    found = re.compile(rf"(?:^|[\b_\\.{os.sep}-])[Tt]est" if testmatch is None else testmatch)
    for name, function in list(vars(cls).items()):
        if inspect.isfunction(function) and found.search(name) and name[0] != "_":
            setattr(cls, name, decorator(function))


def measure(code_str, times=1, label=None):
    """Time the run of source text in the caller's namespace, in seconds."""
    import time

    frame = sys._getframe(1)
    code = compile(code_str, f"Test name: {label} ", "exec")
    start = time.process_time()
    for _ in range(times):
        exec(code, frame.f_globals, frame.f_locals)
    return 0.01 * int(100 * (time.process_time() - start))


def _assert_valid_refcount(op):
    """Fail if a ufunc or operation on an array leaks references to its operand."""
    if not HAS_REFCOUNT:
        return True
    b = np.arange(100 * 100).reshape(100, 100)
    i, c = 1, b
    gc.disable()
    try:
        before = sys.getrefcount(i)
        for _ in range(15):
            d = op(b, c)
        assert sys.getrefcount(i) >= before
    finally:
        gc.enable()
    del d
    return True


def _gen_alignment_data(dtype=np.float32, type="binary", max_size=24):
    """Yield (out, inputs..., message) at every alignment and size."""
    count = {"unary": 2, "binary": 3}[type]

    def fresh(size, offset):
        return np.arange(size, dtype=dtype)[offset:]

    for offset in range(3):
        for size in range(offset + 2, max(offset + 3, max_size)):
            name = f"{type} offset={offset}, size={size - offset}, dtype={np.dtype(dtype)}"
            inputs = [fresh(size, offset) for _ in range(count - 1)]
            yield (np.empty(size, dtype=dtype)[offset:], *inputs, name + ", out of place")
            for place in range(count - 1):
                inputs = [fresh(size, offset) for _ in range(count - 1)]
                yield (inputs[place], *inputs, f"{name}, in place {place}")


@contextlib.contextmanager
def tempdir(*args, **kwargs):
    """Make a temporary directory and remove it after the block."""
    import shutil
    import tempfile

    path = tempfile.mkdtemp(*args, **kwargs)
    try:
        yield path
    finally:
        shutil.rmtree(path)


@contextlib.contextmanager
def temppath(*args, **kwargs):
    """Make a closed temporary file and remove it after the block."""
    import tempfile

    handle, path = tempfile.mkstemp(*args, **kwargs)
    os.close(handle)
    try:
        yield path
    finally:
        os.remove(path)


@contextlib.contextmanager
def _no_garbage(name=None):
    """Fail if the block leaves objects that only the collector can free."""
    __tracebackhide__ = True
    if not HAS_REFCOUNT:
        yield
        return
    assert gc.isenabled(), "the collector must be on"
    gc.disable()
    flags = gc.get_debug()
    try:
        for _ in range(100):
            if gc.collect() == 0:
                break
        else:
            raise RuntimeError(
                "Unable to fully collect garbage - perhaps a __del__ method is creating more "
                "reference cycles?"
            )
        gc.set_debug(gc.DEBUG_SAVEALL)
        yield
        found = gc.collect()
        left = gc.garbage[:]
    finally:
        del gc.garbage[:]
        gc.set_debug(flags)
        gc.enable()
    if found:
        import pprint

        items = "".join(
            f"\n  {type(o).__name__} object with id={id(o)}:\n    "
            + pprint.pformat(o).replace("\n", "\n    ")
            for o in left
        )
        when = f" when calling {name}" if name else ""
        raise AssertionError(
            f"Reference cycles were found{when}: {found} objects were collected, "
            f"of which {len(left)} are shown below:{items}"
        )


def assert_no_gc_cycles(*args, **kwargs):
    """Fail if a call, or the block of a ``with``, leaves reference cycles."""
    if not args:
        return _no_garbage()
    func, *rest = args
    with _no_garbage(name=func.__name__):
        func(*rest, **kwargs)
    return None


def break_cycles():
    """Free what only the collector can free."""
    for _ in range(5 if IS_PYPY else 1):
        gc.collect()


def requires_memory(free_bytes):
    """Make a decorator that skips a test where there is too little memory."""
    import pytest

    def decorate(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            reason = check_free_memory(free_bytes)
            if reason is not None:
                pytest.skip(reason)
            try:
                return func(*args, **kwargs)
            except MemoryError:
                return pytest.xfail("MemoryError raised")

        return wrapper

    return decorate


def _no_tracing(func):
    """Make a test run without a trace function, which would hold references."""
    if not hasattr(sys, "gettrace"):
        return func

    @wraps(func)
    def wrapper(*args, **kwargs):
        before = sys.gettrace()
        try:
            sys.settrace(None)
            return func(*args, **kwargs)
        finally:
            sys.settrace(before)

    return wrapper


def run_threaded(
    func, max_workers=8, pass_count=False, pass_barrier=False, outer_iterations=1,
    prepare_args=None,
):  # fmt: skip
    """Run a function in several threads at once; the first error is raised here."""
    from concurrent.futures import ThreadPoolExecutor

    for _ in range(outer_iterations):
        with ThreadPoolExecutor(max_workers=max_workers) as pool:
            args = [] if prepare_args is None else list(prepare_args())
            barrier = threading.Barrier(max_workers) if pass_barrier else None
            if pass_barrier:
                args.append(barrier)
            futures = []
            try:
                for i in range(max_workers):
                    futures.append(pool.submit(func, *([i] if pass_count else []), *args))
            except RuntimeError as error:
                import pytest

                pytest.skip(f"Spawning {max_workers} threads failed with error {error!r}")
            finally:
                if pass_barrier and len(futures) < max_workers:
                    barrier.abort()
            for future in futures:
                future.result()
