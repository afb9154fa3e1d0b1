"""What this interpreter, platform and build are like."""

import importlib.metadata
import os
import pathlib
import platform
import sys
import sysconfig

import numoxide as np

IS_WASM = platform.machine() in ("wasm32", "wasm64")
IS_PYPY = sys.implementation.name == "pypy"
IS_PYSTON = hasattr(sys, "pyston_version_info")
HAS_REFCOUNT = getattr(sys, "getrefcount", None) is not None and not IS_PYSTON
IS_64BIT = np.dtype(np.intp).itemsize == 8
NOGIL_BUILD = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
BLAS_SUPPORTS_FPE = True
HAS_LAPACK64 = True
IS_MUSL = "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")
NUMPY_ROOT = pathlib.Path(np.__file__).parent


def _installed():
    """Tell whether the package is installed, and if so in a form that can be edited."""
    for name in ("numoxide", "numpy"):
        try:
            found = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        return True, '"editable": true' in (found.read_text("direct_url.json") or "")
    return False, False


IS_INSTALLED, IS_EDITABLE = _installed()


def check_support_sve(__cache=[]):
    """Tell whether the processor has ARM's scalable vectors."""
    if not __cache:
        try:
            __cache.append(" sve " in pathlib.Path("/proc/cpuinfo").read_text())
        except OSError:
            __cache.append(False)
    return __cache[0]


def _glibc():
    """Give glibc's version as text, or "0.0"."""
    try:
        return os.confstr("CS_GNU_LIBC_VERSION").rsplit(" ")[1]
    except (AttributeError, OSError, ValueError, IndexError):
        return "0.0"


_glibcver = _glibc()


def _glibc_older_than(x):
    """Tell whether glibc is older than a version."""
    return _glibcver != "0.0" and _glibcver < x


def memusage(_proc_pid_stat=None):
    """Give this process's virtual memory in bytes."""
    try:
        return int(pathlib.Path(_proc_pid_stat or "/proc/self/stat").read_text().split()[22])
    except (OSError, IndexError):
        return None


def jiffies(_proc_pid_stat=None, _load_time=None):
    """Give the processor time of this process in hundredths of a second."""
    try:
        return int(pathlib.Path(_proc_pid_stat or "/proc/self/stat").read_text().split()[13])
    except (OSError, IndexError):
        import time

        return int(100 * (time.time() - (_load_time or [0])[0]))


def _parse_size(size_str):
    """Read a size such as "2.5 GB" as a number of bytes."""
    import re

    units = {"": 1, "b": 1}
    for power, letter in enumerate("kmgt", 1):
        units[letter] = units[letter + "b"] = 1000**power
        units[letter + "ib"] = 1024**power
    match = re.match(r"^\s*(\d+|\d+\.\d+)\s*({})\s*$".format("|".join(units)), size_str, re.I)
    if not match:
        raise ValueError(f"value {size_str!r} not a valid size")
    return int(float(match.group(1)) * units[match.group(2).lower()])


def _get_mem_available():
    """Give the memory available in bytes, or None where that is unknown."""
    try:
        lines = pathlib.Path("/proc/meminfo").read_text().splitlines()
    except OSError:
        return None
    sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines}
    if "MemAvailable" in sizes:
        return sizes["MemAvailable"]
    return sizes["MemFree"] + sizes["Cached"]


def check_free_memory(free_bytes):
    """Say why a test that needs so much memory cannot run here; None where it can."""
    wanted = os.environ.get("NPY_AVAILABLE_MEM")
    if wanted is not None:
        try:
            available = _parse_size(wanted)
        except ValueError as error:
            raise ValueError(f"Invalid environment variable NPY_AVAILABLE_MEM: {error}") from None
        text = f"{free_bytes / 1e9} GB memory required, but environment variable NPY_AVAILABLE_MEM={wanted} set"
    else:
        available = _get_mem_available()
        if available is None:
            return "Could not determine available memory; set NPY_AVAILABLE_MEM environment variable (e.g. NPY_AVAILABLE_MEM=16GB) to run the test."
        text = f"{free_bytes / 1e9} GB memory required, but {available / 1e9} GB available"
    return text if available < free_bytes else None
