"""Operations of every kind of object leave memory and reference counts where they were."""

import subprocess
import sys
from pathlib import Path


def test_nothing_leaks():
    command = [sys.executable, "-m", "tests.leaks", "--calls", "100000"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
