"""Runs generated calls on NumPy and on the subject, in a process that may die."""

import importlib
import json
import random
import subprocess
import sys
from pathlib import Path

from . import calls, more, series, verdict  # noqa: F401 (more and series register rows)

ROOT = Path(__file__).resolve().parents[2]
CALL_SECONDS = 20


def row_names():
    """The rows, in a fixed order."""
    return sorted(calls.ROWS)


def run_isolated(job):
    """Outcomes of a range of calls, run in worker processes that are replaced when they die."""
    subject, names, seed, first, count = job
    results, number = [], first
    while number < first + count:
        worker = Worker(subject, names, seed, number, first + count)
        results += worker.results()
        number = first + len(results)
    return results


class Worker:
    """A child process that prints one line before and one after each call."""

    def __init__(self, subject, names, seed, first, end):
        self.first, self.end = first, end
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.parity.engine"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.process.stdin.write(json.dumps([subject, names, seed, first, end]) + "\n")
        self.process.stdin.close()

    def results(self):
        """The outcomes until the end, or until the process died in a call (the last outcome says so)."""
        results, running = [], None
        for line in self.process.stdout:
            kind, *rest = json.loads(line)
            if kind == "start":
                running = rest
            else:
                results.append(tuple(rest))
                running = None
        status = self.process.wait()
        if running:
            results.append((running[0], f"#{self.first + len(results)} {running[1]}\n        the process died (status {status})"))
        elif self.first + len(results) < self.end:
            raise RuntimeError(f"the worker ended early with status {status}")
        return results


def serve():
    """The worker's loop."""
    import faulthandler

    import numpy

    subject, names, seed, first, end = json.loads(sys.stdin.readline())
    lib = importlib.import_module(subject)
    out = sys.stdout
    for number in range(first, end):
        rng = random.Random(f"{seed}/{number}")
        name, call = calls.draw_call(rng, names)
        out.write(json.dumps(["start", name, repr(call)[:400]]) + "\n")
        out.flush()
        faulthandler.dump_traceback_later(CALL_SECONDS, exit=True)
        theirs = verdict.Outcome(call, numpy)
        mismatch = verdict.compare(call, theirs, verdict.Outcome(call, lib))
        faulthandler.cancel_dump_traceback_later()
        out.write(json.dumps(["end", name, mismatch and f"#{number} {repr(call)[:400]}\n        {mismatch[:400]}"]) + "\n")
        out.flush()


if __name__ == "__main__":
    serve()
