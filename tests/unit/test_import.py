"""What `import numoxide` loads and how long it takes."""

import json
import os
import subprocess
import sys

# Modules of the standard library that are slow to import and that nothing at import needs.
SLOW = ("ast", "dataclasses", "inspect", "json", "pathlib", "pickle", "re", "subprocess", "tempfile", "typing", "unittest")
SUBMODULES = ("lib", "linalg", "ma", "random", "testing", "polynomial", "fft")


def in_new_python(code, *flags):
    """Run code in a plain interpreter that finds the package; what it prints, read as JSON."""
    env = {key: value for key, value in os.environ.items() if key not in ("NUMOXIDE_AS_NUMPY", "PYTHONDONTWRITEBYTECODE")}
    done = subprocess.run([sys.executable, *flags, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_is_loaded():
    code = "import sys; before = set(sys.modules); import numoxide; new = set(sys.modules) - before; import json; print(json.dumps(sorted(new)))"
    loaded = in_new_python(code)
    assert not {name for name in loaded if name.partition(".")[0] == "numpy"}
    assert not set(SLOW) & set(loaded)
    assert not {f"numoxide.{name}" for name in SUBMODULES} & set(loaded)


def seconds(library, runs=7):
    """The processor time of an import, the least of several runs in new interpreters."""
    code = f"import time; began = time.process_time(); import {library}; print(time.process_time() - began)"
    return min(in_new_python(code) for _ in range(runs))


def test_import_takes_less_than_numpys():
    # A third when measured with care; the bound is loose because other work may run meanwhile.
    assert seconds("numoxide") < 0.6 * seconds("numpy")


def test_names_that_are_loaded_when_first_used():
    code = """
import json, pickle, threading
import numoxide as np

lazy = sorted(name for name in dir(np) if name not in vars(np))
scope = {}
exec("from numoxide import *", scope)
starts = threading.Barrier(8)
found = []

def use(name):
    starts.wait()
    found.append(getattr(np, name))

threads = [threading.Thread(target=use, args=("hstack" if i % 2 else "histogram",)) for i in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(json.dumps({
    "unresolved": [name for name in dir(np) if not hasattr(np, name)],
    "starless": sorted(set(np.__all__) - set(scope)),
    "found": len({id(value) for value in found}),
    "pickle": pickle.loads(pickle.dumps(np.histogram)) is np.histogram,
    "lib": np.lib.__name__,
    "lazy": len(lazy),
}))
"""
    result = in_new_python(code)
    assert result.pop("lazy") > 0
    assert result == {"unresolved": [], "starless": [], "found": 2, "pickle": True, "lib": "numoxide.lib"}


def test_extension_alone():
    """The extension without its package is refused, and the package loads all the same afterwards."""
    code = (
        "import importlib.util, json, os\n"
        "[folder] = importlib.util.find_spec('numoxide').submodule_search_locations\n"
        "file = os.path.join(folder, '_core', '_multiarray_umath.so')\n"
        "spec = importlib.util.spec_from_file_location('_multiarray_umath', file)\n"
        "try:\n"
        "    spec.loader.exec_module(importlib.util.module_from_spec(spec))\n"
        "except ImportError:\n"
        "    import numoxide as np\n"
        "    print(json.dumps((np.arange(2) + 1).tolist()))\n"
    )
    assert in_new_python(code) == [1, 2]
