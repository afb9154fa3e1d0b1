"""`make demo`: two programs written for NumPy, run on NumPy and on numoxide."""

import importlib.util
import json
import math
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SERIES = Path(importlib.util.find_spec("vega_datasets").origin).parent / "_data" / "seattle-temps.csv"


def run(program, *arguments, alias):
    """What a program prints on NumPy or, with `alias`, on numoxide."""
    command = [sys.executable, *(["-m", "numoxide"] if alias else []), str(HERE / program), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with status {done.returncode}")
    return done.stdout


def features():
    """The feature pipeline; its output must be NumPy's, to the letter."""
    print("1. Features of the hourly temperatures of Seattle, by `python -m numoxide demo/features.py`\n", flush=True)
    ours, theirs = run("features.py", SERIES, alias=True), run("features.py", SERIES, alias=False)
    print(ours)
    print("NumPy prints the same.\n" if ours == theirs else f"NumPy prints something else:\n{theirs}")
    return ours == theirs


def milliseconds(seconds):
    return f"{seconds * 1e3:.3g} ms"


def lab():
    """Python loop, NumPy and numoxide side by side."""
    print("2. A million numbers: Python loop, NumPy, numoxide (best of 7; the loops once)\n", flush=True)
    theirs, ours = ([json.loads(line) for line in run("lab.py", *flags, alias=alias).splitlines()] for flags, alias in ((["--loops"], False), ([], True)))
    heads = ["task", "Python loop", "NumPy", "numoxide", "NumPy/loop", "numoxide/loop", "numoxide/NumPy"]
    print(f"{heads[0]:20}" + "".join(f"{head:>16}" for head in heads[1:]))
    gains, same = [], True
    for numpy, us in zip(theirs, ours):
        gains.append(numpy["array"] / us["array"])
        same &= math.isclose(numpy["check"], us["check"], rel_tol=1e-9, abs_tol=1e-6)
        cells = [milliseconds(numpy["loop"]), milliseconds(numpy["array"]), milliseconds(us["array"])]
        cells += [f"{numpy['loop'] / numpy['array']:.0f} x", f"{numpy['loop'] / us['array']:.0f} x", f"{gains[-1]:.2f} x"]
        print(f"{numpy['task']:20}" + "".join(f"{cell:>16}" for cell in cells))
    print(f"\nnumoxide against NumPy: {statistics.geometric_mean(gains):.2f} x on average (geometric mean); results {'agree' if same else 'DIFFER'}")
    return same


if __name__ == "__main__":
    sys.exit(not (features() & lab()))
