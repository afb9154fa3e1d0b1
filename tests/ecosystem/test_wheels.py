"""Wheels compiled for NumPy pass their own tests on us, unmodified."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).resolve().parents[2] / "python"
PACKAGES = ["bottleneck", "numexpr"]
OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) (.*?)(?: - .*)?$")


def _run(as_numpy, *arguments):
    """The lines that a Python program prints on us or on NumPy."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NUMOXIDE", "PYTEST"))}
    env["PYTHONPATH"] = str(PYTHON) if as_numpy else ""
    runner = ["-m", "numoxide"] if as_numpy else []
    done = subprocess.run([sys.executable, *runner, *arguments], env=env, capture_output=True, text=True)
    assert done.stdout, done.stderr
    return done.stdout.splitlines()


def _outcomes(package, *, as_numpy):
    """Which of the package's tests pass: its own, run in a process of their own."""
    options = ["-q", "-rA", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore"]
    lines = _run(as_numpy, "-m", "pytest", *options, "--pyargs", f"{package}.tests")
    found = [OUTCOME.match(line) for line in lines]
    found = {match[2].split("::", 1)[-1]: match[1] == "PASSED" for match in found if match}
    assert found, f"{package}'s tests did not run: " + "\n".join(lines[-20:])
    return found


@pytest.mark.parametrize("package", PACKAGES)
def test_own_suite(package):
    """What passes on NumPy passes here."""
    ours = _outcomes(package, as_numpy=True)
    failing = [name for name, passed in ours.items() if not passed]
    if failing:
        theirs = _outcomes(package, as_numpy=False)
        failing = [name for name in failing if theirs.get(name)]
    assert not failing, f"{len(failing)} of {len(ours)} fail: {failing[:20]}"


def test_suite_helpers():
    """The compiled helpers of NumPy's own suite work as on NumPy: ufuncs of C loops, a dtype registered by number."""
    ours, theirs = (_run(as_numpy, str(Path(__file__).with_name("helpers.py"))) for as_numpy in (True, False))
    differ = [f"{a}\n    NumPy: {b}" for a, b in zip(ours, theirs) if a != b]
    assert not differ and len(ours) == len(theirs), "\n".join(differ)
