"""Results have the same bits for any number of threads and, products of matrices aside, at the CPU levels v3 and v4."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTS = {"matmul", "einsum"}


def digests(**settings):
    done = subprocess.run([sys.executable, "-m", "tests.parity.digests"], cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def differing(one, other):
    return sorted(name for name in one if one[name] != other[name])


@pytest.fixture(scope="module")
def alone():
    return digests(NUMOXIDE_NUM_THREADS="1")


@pytest.mark.parametrize("threads", ["2", "7"])
def test_bits_do_not_depend_on_threads(alone, threads):
    assert not differing(alone, digests(NUMOXIDE_NUM_THREADS=threads))


def test_bits_do_not_depend_on_the_vector_level():
    flags = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    if "avx512bw" not in flags:
        pytest.skip("this CPU has one of the two levels only")
    both = [digests(NUMOXIDE_NUM_THREADS="1", NUMOXIDE_CPU=level) for level in ("v3", "v4")]
    assert not set(differing(*both)) - PRODUCTS
