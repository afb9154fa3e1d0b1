"""Run NumPy's own test suite, out of the installed wheel, on numoxide (or on NumPy, as a check of this harness).

    python tests/conformance/run.py [--file PATTERN] [-k EXPR] [--update] [--jobs N] [--subject numpy]

Every file runs in a process of its own. A case that takes the process down counts as failing, and the rest of the
file runs in a fresh process. Fails if a case that the ledger has as passing fails.
"""

import argparse
import fnmatch
import importlib.metadata
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ledger

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
WORK = ROOT / "build" / "conformance"
OUT_OF_SCOPE = {
    "_core/tests/test_simd*": "NumPy's own C vector wrappers, through a private module of its build",
    "_pyinstaller/*": "packaging helper for PyInstaller",
    "distutils/*": "build tool, gone from NumPy for Python 3.12 and later",
    "f2py/*": "Fortran wrapper generator, a separate program",
    "typing/*": "runs a type checker over NumPy's own stub files",
}
CASE_SECONDS, FILE_SECONDS, MAX_CRASHES = 60, 400, 40
MEMORY_LIMIT = 12 << 30


def suite_folder():
    """The folder of the installed NumPy wheel."""
    return Path(importlib.metadata.distribution("numpy").locate_file("numpy"))


def suite_files(suite):
    """The test files in scope, as paths relative to the wheel's folder."""
    found = sorted(str(path.relative_to(suite)) for path in suite.glob("**/tests/test_*.py"))
    return [file for file in found if not any(fnmatch.fnmatch(file, pattern) for pattern in OUT_OF_SCOPE)]


class Runner:
    """Runs files of the suite on one subject and reads their journals."""

    def __init__(self, subject, keyword=None, rescore=False):
        self.subject, self.keyword, self.rescore = subject, keyword, rescore
        self.suite = suite_folder()
        self.folder = WORK / subject
        self.folder.mkdir(parents=True, exist_ok=True)
        self.unusable = "" if rescore else self.import_error()

    def import_error(self):
        """Why the subject cannot be imported at all, or an empty string."""
        command = [sys.executable, "-c", "import numpy; numpy.ndarray"]
        done = subprocess.run(command, env=self.environment(WORK / "none"), capture_output=True, text=True)
        return (done.stderr.strip().rpartition("\n")[2] or "import fails") if done.returncode else ""

    def environment(self, journal):
        env = {key: value for key, value in os.environ.items() if key not in ("NUMOXIDE_AS_NUMPY", "PYTHONPATH")}
        env.update(
            NUMOXIDE_SUITE=str(self.suite),
            NUMOXIDE_JOURNAL=str(journal),
            NUMOXIDE_SUBJECT=self.subject,
            PY_IGNORE_IMPORTMISMATCH="1",
            PYTHONHASHSEED="0",
            NPY_AVAILABLE_MEM="2 GB",
        )
        path = [str(HERE)]
        if self.subject == "numoxide":
            env["NUMOXIDE_AS_NUMPY"] = "1"
            path.insert(0, str(ROOT / "python" / "numoxide" / "_startup"))
        env["PYTHONPATH"] = os.pathsep.join(path)
        return env

    def pytest(self, journal, files, *options, seconds=FILE_SECONDS):
        """One pytest process over `files`; its exit status, or None if it had to be stopped."""
        command = [sys.executable, "-m", "pytest", "-p", "plugin", "-c", str(HERE / "pytest.ini")]
        command += [f"--rootdir={self.suite}", f"--timeout={CASE_SECONDS}", "--timeout-method=thread", *options]
        command += [str(self.suite / file) for file in files]
        with open(journal.with_suffix(".log"), "a") as log:
            process = subprocess.Popen(
                command, env=self.environment(journal), cwd=self.folder, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                preexec_fn=limit_memory, start_new_session=True,
            )  # fmt: skip
            try:
                return process.wait(max(seconds, 5))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, 9)
                process.wait()
                return None

    def run(self, file, cases=None):
        """Outcomes of a file: {case: (outcome, words)}, and why it broke, if it did."""
        journal = self.folder / (file.replace("/", ".") + ".jsonl")
        if self.unusable:
            return {}, self.unusable, 0.0
        if self.rescore:
            outcomes, broken, _ = read_journal(journal, None)
            return outcomes, broken, 0.0
        journal.unlink(missing_ok=True)
        journal.with_suffix(".log").unlink(missing_ok=True)
        options = ["-k", self.keyword] if self.keyword else []
        targets = [f"{file}::{case}" for case in cases] if cases else [file]
        began, outcomes, broken = time.monotonic(), {}, ""
        for _ in range(MAX_CRASHES):
            left = FILE_SECONDS - (time.monotonic() - began)
            if left < 0:
                break
            status = self.pytest(journal, targets, *options, seconds=left)
            before = len(outcomes)
            outcomes, broken, finished = read_journal(journal, status)
            if finished or len(outcomes) == before:
                break
        return outcomes, broken, time.monotonic() - began


def limit_memory():
    """Keep one wild allocation from taking the machine."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_journal(journal, status):
    """(outcomes, why collecting broke, whether the session came to its end)."""
    outcomes, broken, finished, running = {}, "", False, None
    lines = journal.read_text().splitlines() if journal.exists() else []
    for kind, *entry in map(json.loads, lines):
        if kind == "start":
            running = entry[0]
            outcomes[running] = ("crashed", f"took the process down (status {status})")
        elif kind == "end":
            outcomes[entry[0]] = tuple(entry[1:])
        elif kind == "broken":
            broken = entry[1]
        elif kind == "done":
            finished = True
        elif kind == "collected":
            finished = False
    return outcomes, broken, finished


def inventory(files):
    """The cases of every file as NumPy collects them; made once per version of NumPy and Python."""
    version = importlib.metadata.version("numpy")
    path = WORK / f"inventory-{version}-py{sys.version_info.major}.{sys.version_info.minor}.json"
    if not path.exists():
        runner = Runner("numpy")
        journal = runner.folder / "collect.jsonl"
        journal.unlink(missing_ok=True)
        runner.pytest(journal, files, "--collect-only", seconds=600)
        found = {file: [] for file in files}
        for kind, *entry in map(json.loads, journal.read_text().splitlines()):
            if kind == "nodes":
                for node in entry[0]:
                    file, _, case = node.partition("::")
                    found[file].append(case)
        path.write_text(json.dumps(found))
    return json.loads(path.read_text())


def judge(runner, file, cases, update):
    """Run one file and compare with the ledger: a row of the report."""
    entry = ledger.Entry(file)
    outcomes, broken, seconds = runner.run(file)
    if runner.keyword:
        cases = [case for case in cases if case in outcomes]
    passed = {case for case, outcome in outcomes.items() if outcome[0] == "passed"}
    lost = [case for case in cases if entry.expected_to_pass(case) and case not in passed]
    if lost and not update and not (runner.rescore or runner.unusable) and len(lost) <= 50:
        # Once more alone: load on the machine must not look like a defect.
        again, _, _ = runner.run(file, lost)
        passed |= {case for case, outcome in again.items() if outcome[0] == "passed"}
        outcomes.update(again)
        lost = [case for case in lost if case not in passed]
    applicable = [case for case in cases if entry.applies(case)]
    gained = [case for case in applicable if case in passed and not entry.expected_to_pass(case)]
    if update and runner.subject == "numpy":
        reasons = {case: reason(outcomes, case, broken) for case in cases if case not in passed}
        entry.exempt_cases(reasons, cases)
        entry.write([case for case in cases if ledger.covered(case, entry.fails) and entry.applies(case)], cases)
    elif update:
        entry.write([case for case in applicable if case not in passed], cases)
    good, total = ledger.weights(applicable, passed)
    failures = {case: reason(outcomes, case, broken) for case in applicable if case not in passed}
    (runner.folder / (file.replace("/", ".") + ".failures.txt")).write_text(
        "".join(f"{case}\n    {words}\n" for case, words in failures.items())
    )
    return {"file": file, "good": good, "total": total, "seconds": seconds, "lost": lost, "gained": len(gained), "broken": broken, "failures": failures}


def reason(outcomes, case, broken):
    """Why a case does not pass, in the words of the run."""
    outcome, words = outcomes.get(case, ("missing", broken or "not collected"))
    return f"{outcome}: {words.removeprefix('Skipped: ')}" if words else outcome


def report(rows, runner, details):
    """Print the table and the regressions; the exit status."""
    rows.sort(key=lambda row: row["file"])
    for row in rows:
        share = 100 * row["good"] / row["total"] if row["total"] else 100.0
        note = f"  {row['broken'][:90]}" if row["broken"] else ""
        print(f"{row['file']:46} {row['good']:8.1f} /{row['total']:5d} {share:6.1f} % {row['seconds']:6.1f} s{note}")
    if details:
        for row in rows:
            for case, words in row["failures"].items():
                print(f"  {row['file']}::{case}\n      {words}")
    good, total = sum(row["good"] for row in rows), sum(row["total"] for row in rows)
    gained = sum(row["gained"] for row in rows)
    print(f"weight {good:.1f} of {total} ({100 * good / max(total, 1):.1f} %); reasons in {runner.folder}/*.failures.txt")
    lost = [f"{row['file']}::{case}  {row['failures'].get(case, '')}" for row in rows for case in row["lost"]]
    if gained:
        print(f"{gained} cases pass that the ledger has as failing: record them with --update")
    if lost:
        print(f"{len(lost)} cases fail that the ledger has as passing:", *lost[:200], sep="\n  ")
    return bool(lost)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--file", action="append", help="only files whose path contains this (or matches it as a pattern)")
    parser.add_argument("-k", dest="keyword", help="only cases that match this expression of pytest's")
    parser.add_argument("--update", action="store_true", help="write what fails now into the ledger")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--subject", choices=["numoxide", "numpy"], default="numoxide")
    parser.add_argument("--rescore", action="store_true", help="judge the journals of the last run again, running nothing")
    parser.add_argument("--details", action="store_true", help="print every failing case with its reason")
    options = parser.parse_args()
    if options.update and options.keyword:
        parser.error("--update needs whole files")
    WORK.mkdir(parents=True, exist_ok=True)
    runner = Runner(options.subject, options.keyword, options.rescore)
    files = suite_files(runner.suite)
    cases = inventory(files)
    if options.file:
        files = [file for file in files if any(part in file or fnmatch.fnmatch(file, part) for part in options.file)]
    files.sort(key=lambda file: -len(cases[file]))
    with ThreadPoolExecutor(options.jobs) as pool:
        rows = list(pool.map(lambda file: judge(runner, file, cases[file], options.update), files))
    sys.exit(report(rows, runner, options.details) and not options.update)


if __name__ == "__main__":
    main()
