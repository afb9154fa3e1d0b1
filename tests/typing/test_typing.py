"""The type stubs say what is there at run time, and type checkers make of typical programs what users expect."""

import os
import re
import shutil
import subprocess
import sys
import typing
from pathlib import Path

import pytest

import numoxide as np
import numoxide.typing as npt

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / "python"


@pytest.fixture
def run(tmp_path):
    """Run a module of mypy that sees the stubs alone."""
    for stub in PACKAGES.rglob("*.pyi"):
        copy = tmp_path / stub.relative_to(PACKAGES)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(stub, copy)

    def call(*arguments):
        env = dict(os.environ, MYPYPATH=str(tmp_path), PYTHONPATH=str(PACKAGES), MYPY_CACHE_DIR=str(tmp_path / "cache"))
        done = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, env=env, cwd=tmp_path)
        return done.returncode, done.stdout + done.stderr

    return call


def test_stubs_agree_with_the_objects(run):
    arguments = ["--concise", "--ignore-disjoint-bases", "--allowlist", str(HERE / "allowlist.txt")]
    code, output = run("mypy.stubtest", "numoxide", *arguments)
    assert code == 0, output


def test_examples(run):
    code, output = run("mypy", "--strict", str(HERE / "examples.py"))
    assert code == 0, output


def test_mistakes_are_found(run, tmp_path):
    lines = [
        "np.zeros(3).no_such_name",
        "np.zeros('3')",
        "np.sum()",
        "np.float64(1) + [[]] + np.no_such_name",
        "x: npt.NDArray[np.int64] = np.zeros(3)",
        "y: npt.NDArray[int]",
        "np.array([1.5]).astype(np.int8).item().upper()",
        "np.concatenate([np.zeros(2)], order='C')",
    ]
    program = tmp_path / "program.py"
    program.write_text("\n".join(["import numoxide as np, numoxide.typing as npt", *lines]))
    _, output = run("mypy", "--strict", str(program))
    found = {int(line) for line in re.findall(r"program\.py:(\d+): error", output)}
    assert found == set(range(2, 2 + len(lines))), output


def test_annotations_exist_at_run_time():
    alias = npt.NDArray[np.float64]
    assert typing.get_origin(alias) is np.ndarray
    assert typing.get_args(alias) == (tuple[typing.Any, ...], np.dtype[np.float64])
    assert np.ndarray[tuple[int, ...], np.dtype[np.float64]].__origin__ is np.ndarray
    assert np.floating[typing.Any].__origin__ is np.floating
    assert typing.get_args(npt.ArrayLike | None) and typing.get_args(npt.DTypeLike | None)
    assert np.typing.ArrayLike is npt.ArrayLike

    def function(x: "npt.NDArray[np.int8]", kind: "npt.DTypeLike" = None) -> "npt.ArrayLike": ...

    assert set(typing.get_type_hints(function)) == {"x", "kind", "return"}
