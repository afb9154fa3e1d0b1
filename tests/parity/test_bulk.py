"""What works in blocks gives NumPy's bits and warnings at every length and at every CPU level."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("level", ["v2", "v3", "v4"])
def test_blocks_agree_with_numpy(level):
    env = {**os.environ, "NUMOXIDE_CPU": level}
    done = subprocess.run([sys.executable, "-m", "tests.parity.bulk"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["differing"] == []
