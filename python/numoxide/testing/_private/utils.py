"""All helpers for tests, under the names that test files import."""

from numoxide._home import adopt
from numoxide.testing._private import misc as _misc
from numoxide.testing._private.compare import (
    assert_,
    assert_allclose,
    assert_almost_equal,
    assert_approx_equal,
    assert_array_almost_equal,
    assert_array_compare,
    assert_array_equal,
    assert_array_less,
    assert_equal,
    assert_string_equal,
    print_assert_equal,
)
from numoxide.testing._private.environment import (
    BLAS_SUPPORTS_FPE,
    HAS_LAPACK64,
    HAS_REFCOUNT,
    IS_64BIT,
    IS_EDITABLE,
    IS_INSTALLED,
    IS_MUSL,
    IS_PYPY,
    IS_PYSTON,
    IS_WASM,
    NOGIL_BUILD,
    NUMPY_ROOT,
    _get_mem_available,  # noqa: F401
    _glibc_older_than,  # noqa: F401
    _glibcver,  # noqa: F401
    _parse_size,  # noqa: F401
    check_free_memory,  # noqa: F401
    check_support_sve,
    jiffies,
    memusage,
)
from numoxide.testing._private.messages import build_err_msg
from numoxide.testing._private.misc import (
    IgnoreException,
    KnownFailureException,
    KnownFailureTest,  # noqa: F401
    SkipTest,
    _assert_valid_refcount,  # noqa: F401
    _gen_alignment_data,  # noqa: F401
    _no_tracing,  # noqa: F401
    assert_no_gc_cycles,
    assert_raises,
    assert_raises_regex,
    break_cycles,
    decorate_methods,
    measure,
    requires_memory,  # noqa: F401
    run_threaded,
    rundocs,
    runstring,
    tempdir,
    temppath,
    verbose,
)
from numoxide.testing._private.ulp import (
    assert_array_almost_equal_nulp,
    assert_array_max_ulp,
    integer_repr,  # noqa: F401
    nulp_diff,  # noqa: F401
)
from numoxide.testing._private.warn import (
    assert_no_warnings,
    assert_warns,
    clear_and_catch_warnings,
    suppress_warnings,
)

__all__ = [
    "assert_equal", "assert_almost_equal", "assert_approx_equal", "assert_array_equal",
    "assert_array_less", "assert_string_equal", "assert_array_almost_equal", "assert_raises",
    "build_err_msg", "decorate_methods", "jiffies", "memusage", "print_assert_equal", "rundocs",
    "runstring", "verbose", "measure", "assert_", "assert_array_almost_equal_nulp",
    "assert_raises_regex", "assert_array_max_ulp", "assert_warns", "assert_no_warnings",
    "assert_allclose", "IgnoreException", "clear_and_catch_warnings", "SkipTest",
    "KnownFailureException", "temppath", "tempdir", "IS_PYPY", "HAS_REFCOUNT", "IS_WASM",
    "suppress_warnings", "assert_array_compare", "assert_no_gc_cycles", "break_cycles",
    "HAS_LAPACK64", "IS_PYSTON", "IS_MUSL", "check_support_sve", "NOGIL_BUILD", "IS_EDITABLE",
    "IS_INSTALLED", "NUMPY_ROOT", "run_threaded", "IS_64BIT", "BLAS_SUPPORTS_FPE",
]  # fmt: skip

_assert_no_gc_cycles_context = _misc._no_garbage

adopt(globals(), "numpy.testing._private.utils", "numpy.testing._private.")
