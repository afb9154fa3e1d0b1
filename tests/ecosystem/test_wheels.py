"""Wheels compiled for NumPy pass their own tests on us, unmodified."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PYTHON = Path(__file__).resolve().parents[2] / "python"
PACKAGES = ["bottleneck", "numexpr"]
OUTCOME = re.compile(r"^(PASSED|FAILED|ERROR) (.*?)(?: - .*)?$", re.MULTILINE)


def _outcomes(package, *, as_numpy):
    """Which of the package's tests pass: its own, run in a process of their own."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("NUMOXIDE", "PYTEST"))}
    env["PYTHONPATH"] = str(PYTHON) if as_numpy else ""
    runner = ["-m", "numoxide"] if as_numpy else []
    options = ["-q", "-rA", "--tb=no", "-p", "no:cacheprovider", "-p", "no:xdist", "-W", "ignore"]
    command = [sys.executable, *runner, "-m", "pytest", *options, "--pyargs", f"{package}.tests"]
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    found = {name.split("::", 1)[-1]: outcome == "PASSED" for outcome, name in OUTCOME.findall(done.stdout)}
    assert found, f"{package}'s tests did not run: {done.stdout[-2000:]}{done.stderr[-2000:]}"
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
