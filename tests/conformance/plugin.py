"""The pytest plugin of the conformance runs: finds NumPy's test files, journals every outcome.

The journal is a file of JSON lines: `["start", id]` before a case, `["end", id, outcome, words]` after it,
`["collected"]` and `["done", status]`; when only collecting, `["nodes", ids]`. A case that started and never ended took the process with it.
"""

import importlib
import json
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

import pytest

SUITE = os.environ["NUMOXIDE_SUITE"]
JOURNAL = os.environ["NUMOXIDE_JOURNAL"]
MARKERS = [
    "slow: a long test",
    "leaks_references: reference counts are not expected to balance",
    "thread_unsafe: not to be run in several threads at once",
    "iterations: how often to repeat",
    "parallel_threads: how many threads to use",
]
# Compiled helpers of the suite: they load unmodified from the wheel, as binary consumers of the C interface.
HELPERS = frozenset("_multiarray_tests _umath_tests _rational_tests _struct_ufunc_tests _operand_flag_tests".split())

class SuiteFinder:
    """Finds `tests` packages and compiled helpers of `numpy.x.y` in the wheel, whoever answers for `numpy` itself."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        head, *rest = name.split(".")
        if head not in ("numpy", "numoxide") or not rest or not ("tests" in rest or rest[-1] in HELPERS):
            return None
        if head == "numoxide":
            # `from numpy._core import _umath_tests` asks for it by our package's own name.
            return ModuleSpec(name, cls, loader_state=".".join(["numpy", *rest]))
        return PathFinder.find_spec(name, [os.path.join(SUITE, *rest[:-1])])

    @staticmethod
    def create_module(spec):
        module = importlib.import_module(spec.loader_state)
        spec.loader_state = module.__spec__
        return module

    @staticmethod
    def exec_module(module):
        module.__spec__ = module.__spec__.loader_state


class Journal:
    """Writes the journal, and leaves out the cases that it already holds."""

    def __init__(self, path):
        self.done = set()
        if os.path.exists(path):
            with open(path) as lines:
                self.done = {entry[1] for entry in map(json.loads, lines) if entry[0] in ("start", "end")}
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.outcome = ("passed", "")

    def write(self, *entry):
        os.write(self.file, (json.dumps(entry) + "\n").encode())

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        if config.option.collectonly:
            self.write("nodes", [item.nodeid for item in items])
        self.write("collected")
        items[:] = [item for item in items if case(item.nodeid) not in self.done]

    def pytest_collectreport(self, report):
        if report.failed:
            self.write("broken", report.nodeid, words(report))

    def pytest_runtest_logstart(self, nodeid, location):
        self.outcome = ("passed", "")
        self.write("start", case(nodeid))

    def pytest_runtest_logreport(self, report):
        if hasattr(report, "wasxfail"):
            self.outcome = ("xfailed", str(report.wasxfail))
        elif report.outcome != "passed" and self.outcome[0] == "passed":
            self.outcome = (report.outcome, words(report))

    def pytest_runtest_logfinish(self, nodeid, location):
        self.write("end", case(nodeid), *self.outcome)

    def pytest_sessionfinish(self, session, exitstatus):
        self.write("done", int(exitstatus))


def case(nodeid):
    """The part of a node id after the file."""
    return nodeid.partition("::")[2]


def words(report):
    """One line that says why a report is not a pass."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(report.longrepr, tuple):
        text = report.longrepr[2]
    else:
        text = crash.message if crash else str(report.longrepr).strip().rpartition("\n")[2] or str(report.longrepr)
    return " ".join(text.split())[:300]


def pytest_configure(config):
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)
    if os.environ["NUMOXIDE_SUBJECT"] == "numoxide":
        sys.meta_path.insert(0, SuiteFinder)
    for helper in sorted(HELPERS):
        # Some files use a helper as an attribute of its package without importing it.
        importlib.import_module(f"numpy._core.{helper}")
    config.pluginmanager.register(Journal(JOURNAL), "journal")
    import hypothesis

    hypothesis.settings.register_profile(
        "conformance",
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=False,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("conformance")
