"""C code compiled with NumPy's own headers reads our objects as it reads NumPy's."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent / "layout"
PYTHON = Path(__file__).resolve().parents[2] / "python"


def _headers():
    """Where NumPy's wheel keeps its headers, without importing it."""
    for place in sys.path:
        found = Path(place, "numpy", "_core", "include")
        if found.is_dir():
            return found
    pytest.fail("NumPy's headers are not installed")


@pytest.fixture(scope="session")
def probe(tmp_path_factory):
    """A folder with the compiled probe."""
    folder = tmp_path_factory.mktemp("probe")
    built = folder / ("probe" + sysconfig.get_config_var("EXT_SUFFIX"))
    compiler = os.environ.get("CC", "cc")
    include = [f"-I{_headers()}", f"-I{sysconfig.get_path('include')}"]
    flags = ["-shared", "-fPIC", "-O1", "-w"]
    subprocess.run([compiler, *flags, *include, str(HERE / "probe.c"), "-o", str(built)], check=True)
    return folder


def _report(probe, *, as_numpy):
    env = {k: v for k, v in os.environ.items() if not k.startswith("NUMOXIDE")}
    env["PYTHONPATH"] = os.pathsep.join([str(probe), str(PYTHON)] if as_numpy else [str(probe)])
    command = [sys.executable, *(["-m", "numoxide"] if as_numpy else []), str(HERE / "report.py")]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_fields_and_macros(probe):
    """Every line that the probe prints is the one that it prints on NumPy."""
    ours, theirs = _report(probe, as_numpy=True), _report(probe, as_numpy=False)
    differ = [f"{a}\n    NumPy: {b}" for a, b in zip(ours, theirs) if a != b]
    assert not differ and len(ours) == len(theirs), "\n".join(differ[:40])
