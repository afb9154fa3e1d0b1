"""The vectorisation lab: the same task as a Python loop and as array code, timed. Prints JSON lines.

    python lab.py [--loops]     (array code only, unless --loops asks for the Python loops too)
"""

import json
import math
import sys
import time

import numpy as np

N = 1_000_000
WINDOW = 20


def clip_loop(values):
    return [min(max(value, -1.0), 1.0) for value in values]


def branch_loop(values):
    return [value * 10 if value > 0 else value * 0.5 for value in values]


def running_loop(values):
    total, result = 0.0, []
    for value in values:
        total += value
        result.append(total)
    return result


def sum_loop(values):
    total = 0.0
    for value in values:
        total += value
    return total


def rolling_loop(values):
    total, result = sum(values[:WINDOW]), []
    for old, new in zip(values, values[WINDOW:]):
        result.append(total / WINDOW)
        total += new - old
    return result


def rolling(a):
    total = np.cumsum(a)
    return (total[WINDOW:] - total[:-WINDOW]) / WINDOW


def group_loop(values):
    totals = [0.0] * 100
    for index, value in enumerate(values):
        totals[index % 100] += value
    return totals


GROUPS = np.arange(N) % 100
TASKS = {
    "add a constant": (lambda v: [x + 1.0 for x in v], lambda a: a + 1.0),
    "drag force 0.5 v²": (lambda v: [0.5 * x**2 for x in v], lambda a: 0.5 * a**2),
    "sum": (sum_loop, lambda a: a.sum()),
    "running sum": (running_loop, lambda a: np.cumsum(a)),
    "differences": (lambda v: [y - x for x, y in zip(v, v[1:])], lambda a: np.diff(a)),
    "clip to [-1, 1]": (clip_loop, lambda a: np.clip(a, -1.0, 1.0)),
    "two branches": (branch_loop, lambda a: np.where(a > 0, a * 10, a * 0.5)),
    "keep positives": (lambda v: [x for x in v if x > 0], lambda a: a[a > 0]),
    "sine": (lambda v: [math.sin(x) for x in v], lambda a: np.sin(a)),
    "magnitude": (lambda v: [math.sqrt(x**2 + y**2) for x, y in zip(v, v)], lambda a: np.sqrt(a**2 + a**2)),
    "rolling mean": (rolling_loop, rolling),
    "group sums": (group_loop, lambda a: np.bincount(GROUPS, weights=a)),
    "sort": (sorted, lambda a: np.sort(a)),
}


def best_time(function, data, repeats):
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        function(data)
        times.append(time.perf_counter() - began)
    return min(times)


array = np.random.default_rng(42).standard_normal(N)
numbers = array.tolist() if "--loops" in sys.argv else None
for task, (loop, vector) in TASKS.items():
    row = {"task": task, "array": best_time(vector, array, 7), "check": float(np.sum(vector(array)))}
    if numbers:
        row["loop"] = best_time(loop, numbers, 1)
    print(json.dumps(row), flush=True)
