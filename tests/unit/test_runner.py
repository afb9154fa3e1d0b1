"""Alias mode and `python -m numoxide`, on a stand-in package with the real start-up files and no engine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "python" / "numoxide"
# Without the hook of the environment that runs these tests.
BARE_PYTHON = getattr(sys, "_base_executable", sys.executable)
STARTUP_FILES = ["_mode.py", "_runner.py", "_alias.py", "__main__.py", "_startup"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A folder with a package `numoxide` that has our start-up files and a trivial engine."""
    root = tmp_path_factory.mktemp("site")
    package = root / "numoxide"
    package.mkdir()
    for name in STARTUP_FILES:
        copy = shutil.copytree if (SOURCE / name).is_dir() else shutil.copy
        copy(SOURCE / name, package / name)
    (package / "__init__.py").write_text("from ._mode import MODULE\nmarker = 'ours'\n")
    (package / "linalg").mkdir()
    (package / "linalg" / "__init__.py").write_text("loads = globals().get('loads', 0) + 1\n")
    (package / "linalg" / "deep.py").write_text("")
    return root


def plain_env(site):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NUMOXIDE"))}
    return {**env, "PYTHONPATH": str(site)}


def python(site, *arguments, cwd=None, env=None, stdin=None):
    env = {**plain_env(site), **(env or {})}
    command = [BARE_PYTHON, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd or site, env=env, input=stdin, capture_output=True, text=True, timeout=60)


def run(site, *arguments, **options):
    return python(site, "-m", "numoxide", *arguments, **options)


def both(site, *arguments, **options):
    """The runner's result, checked to be what plain Python gives for the same arguments."""
    ours, plain = run(site, *arguments, **options), python(site, *arguments, **options)
    assert (ours.returncode, ours.stdout, ours.stderr) == (plain.returncode, plain.stdout, plain.stderr)
    return ours


def test_numpy_is_the_same_module_object(site):
    code = """
import numpy, numpy.linalg.deep, numoxide, numoxide.linalg.deep, sys
from numpy import linalg
assert numpy is numoxide and numpy.marker == "ours" and numpy.MODULE == "numpy"
assert numpy.linalg is numoxide.linalg is linalg and linalg.loads == 1
assert numpy.linalg.deep is numoxide.linalg.deep
assert numoxide.__spec__.name == "numoxide" and linalg.__spec__.name == "numoxide.linalg"
print("fine")
"""
    assert run(site, "-c", code).stdout == "fine\n"


def test_missing_submodule_is_named_as_the_program_named_it(site):
    done = run(site, "-c", "import numpy.nowhere")
    assert done.returncode == 1
    assert done.stderr.endswith("ModuleNotFoundError: No module named 'numpy.nowhere'\n")


def test_looking_for_numpy_does_not_load_it(site):
    code = "import importlib.util as u, sys; print(u.find_spec('numpy').origin); print('numoxide' in sys.modules)"
    origin, loaded = run(site, "-c", code).stdout.split()
    assert origin == str(site / "numoxide" / "__init__.py") and loaded == "False"


def test_script_sees_plain_python(site, tmp_path):
    script = tmp_path / "program.py"
    script.write_text(
        "import sys, os\n"
        "print(__name__, __file__, __spec__, __package__, sys.argv, sys.path[0], sys.flags.optimize)\n"
        "print(sorted(globals()), sys.stdin.read())\n"
        "sys.exit(7)\n"
    )
    assert both(site, script, "one", "--two", "-m", "numoxide", stdin="text").returncode == 7


def test_module_and_code_see_plain_python(site, tmp_path):
    (tmp_path / "mod.py").write_text("import sys\nprint(__name__, __spec__.name, sys.argv[1:], sys.path[0])\n")
    both(site, "-m", "mod", "x", cwd=tmp_path)
    both(site, "-c", "import sys; print(sys.argv, repr(sys.path[0]))", "x", "y")


@pytest.mark.parametrize("failure", ["1 / 0", "raise SystemExit('words')", "raise KeyboardInterrupt", "import os; os.abort()"])
def test_failures_look_like_plain_python(site, tmp_path, failure):
    script = tmp_path / "failing.py"
    script.write_text(f"def f():\n    {failure}\n\nf()\n")
    assert both(site, script).returncode != 0


def test_interpreter_options_are_kept(site):
    code = "import sys; print(sys.flags.optimize, sys.flags.dont_write_bytecode, sys.warnoptions, sys.flags.dev_mode)"
    for options in (["-O", "-W", "error", "-m", "numoxide"], ["-OBm", "numoxide"], ["-OO", "-mnumoxide"], ["-X", "dev", "-m", "numoxide"]):
        plain = [option.replace("mnumoxide", "") for option in options]
        plain = [option for option in plain if option not in ("-m", "numoxide", "-")]
        plain = [option.replace("Bm", "B") for option in plain]
        assert python(site, *options, "-c", code).stdout == python(site, *plain, "-c", code).stdout != ""


def test_child_processes(site, tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(
        "import multiprocessing, subprocess, sys\n"
        "def child(queue):\n"
        "    import numpy\n"
        "    queue.put(numpy.marker)\n"
        "if __name__ == '__main__':\n"
        "    for method in ('spawn', 'forkserver', 'fork'):\n"
        "        context = multiprocessing.get_context(method)\n"
        "        queue = context.Queue()\n"
        "        process = context.Process(target=child, args=(queue,))\n"
        "        process.start()\n"
        "        print(method, queue.get(timeout=30), flush=True)\n"
        "        process.join()\n"
        "    code = 'import numpy; print(numpy.marker)'\n"
        "    subprocess.run([sys.executable, '-c', code], cwd='/', check=True)\n"
    )
    done = run(site, script)
    assert done.stdout.split() == "spawn ours forkserver ours fork ours ours".split(), done.stderr


def test_a_sitecustomize_of_the_user_still_runs(site, tmp_path):
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.customized = True\n")
    env = {"PYTHONPATH": os.pathsep.join([str(site), str(tmp_path)])}
    code = "import sys; print(sys.customized, any('_startup' in p for p in sys.path)); import numpy; print(numpy.marker)"
    done = run(site, "-c", code, env=env)
    assert done.stdout.split() == ["True", "False", "ours"], done.stderr


def test_refuses_where_numpy_is_already_loaded(site, tmp_path):
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "numpy.py").write_text("")
    early = "import sys; sys.path.insert(0, sys.argv[1]); import numpy; sys.argv = ['-m']; import runpy; runpy.run_module('numoxide', run_name='__main__')"
    done = python(site, "-c", early, tmp_path / "fake")
    assert done.returncode == 2 and "NumPy is already loaded (from " in done.stderr
    late = "import sys; sys.path.insert(0, sys.argv[1]); import numpy, os; os.environ['NUMOXIDE_AS_NUMPY'] = '1'; import numoxide"
    done = python(site, "-c", late, tmp_path / "fake")
    assert "ImportError: NumPy is already loaded" in done.stderr


def test_refuses_options_that_hide_the_hook(site):
    done = python(site, "-S", "-m", "numoxide", "-c", "print('never')")
    assert done.returncode == 2 and done.stdout == "" and "-S" in done.stderr


def test_variable_without_the_runner(site):
    env = {"NUMOXIDE_AS_NUMPY": "1", "PYTHONPATH": os.pathsep.join([str(site / "numoxide" / "_startup"), str(site)])}
    assert python(site, "-c", "import numpy; print(numpy.marker, numpy.MODULE)", env=env).stdout == "ours numpy\n"


def test_mode_without_the_variable(site):
    code = "import numoxide, sys; print(numoxide.MODULE, any('numpy' == m.split('.')[0] for m in sys.modules))"
    assert python(site, "-c", code).stdout == "numoxide False\n"


def test_usage(site):
    done = run(site, "--help")
    assert done.returncode == 0 and done.stdout.startswith("usage: python -m numoxide")
