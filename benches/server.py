"""Times benchmark rows with one library; driven over stdin and stdout by run.py, a JSON line each way."""

import importlib
import json
import sys
import time

import bulk  # noqa: F401  (registers its rows)
import rows


def digest(result):
    """A few numbers that stand for a result, to be compared between the libraries."""
    if isinstance(result, (tuple, list)):
        return [number for part in result for number in digest(part)]
    if result is None or isinstance(result, str):
        return []
    if getattr(result, "size", 1) == 0:
        return [0.0]
    if isinstance(result, (int, float, complex)):
        return [abs(result)]
    if not hasattr(result, "ravel") or result.dtype.kind not in "biufc":
        return []
    flat = abs(result.ravel())
    return [float(flat.size), float(flat[0]), float(flat[-1]), float(flat.astype(float).sum())]


def serve(lib):
    """Answer requests: ["open", row] gives a digest, ["time", loops] the seconds of so many calls."""
    function = None
    for line in sys.stdin:
        kind, value = json.loads(line)
        try:
            if kind == "open":
                function = rows.ROWS[value](lib, value.partition("/")[2])
                answer = digest(function())
            else:
                loop = range(value)
                began = time.perf_counter()
                for _ in loop:
                    function()
                answer = time.perf_counter() - began
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(answer), flush=True)


serve(importlib.import_module(sys.argv[1]))
