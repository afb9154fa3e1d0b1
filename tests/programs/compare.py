"""Run a program on NumPy and on numoxide and compare what it prints.

Timings cannot agree, so digits next to `s`, `ms`, `us`, `x` or a percent sign are left out on lines that carry timings; the same for
programs that draw random numbers without a seed, whose digits (and only digits) differ from run to run.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NUMBER = r"[-+]?(?:\d[\d,]*\.?\d*|\.\d+)(?:e[-+]?\d+)?"
TIMING = re.compile(rf"{NUMBER}(?=\s*(?:seconds|sec|s|ms|us|µs|ns|x|×|%)\b)", re.IGNORECASE)


def run(program, alias, env=None, timeout=280):
    """The finished process of `program` on NumPy or, with `alias`, on numoxide."""
    command = [sys.executable, *(["-m", "numoxide"] if alias else []), str(program)]
    clean = {key: value for key, value in os.environ.items() if key != "NUMOXIDE_AS_NUMPY"}
    return subprocess.run(command, env={**clean, **(env or {})}, capture_output=True, text=True, timeout=timeout)


def seeded(source):
    """Whether every random number of a program comes from a seed."""
    draws = re.search(r"random\.(rand|randn|randint|uniform|normal|random|choice|shuffle|permutation)\(", source)
    return "default_rng()" not in source and (not draws or "random.seed(" in source)


def normalised(text, keep_digits):
    """The lines of an output without what may differ."""
    lines = [TIMING.sub("#", line) for line in text.splitlines()]
    if not keep_digits:
        lines = [re.sub(r"\s+", " ", re.sub(NUMBER, "#", line)) for line in lines]
    return lines


def differences(program, env=None):
    """What differs between the two runs, as lines to print; empty if they agree."""
    theirs, ours = run(program, False, env), run(program, True, env)
    keep = seeded(Path(program).read_text())
    if ours.returncode != theirs.returncode:
        return [f"exit status {ours.returncode}, NumPy's {theirs.returncode}", *ours.stderr.splitlines()[-12:]]
    expected, got = (normalised(done.stdout, keep) for done in (theirs, ours))
    import difflib

    found = list(difflib.unified_diff(expected, got, "NumPy", "numoxide", lineterm="", n=1))
    warned, warned_too = (re.sub(r"0x[0-9a-f]+", "0x", done.stderr) for done in (theirs, ours))
    if warned != warned_too:
        found += ["standard error differs", *difflib.unified_diff(warned.splitlines(), warned_too.splitlines(), lineterm="", n=1)]
    return found
