"""Start-up hook of alias mode: found through PYTHONPATH, or run by the `.pth` file of an installation."""

import os
import sys


def _hook():
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [entry for entry in sys.path if entry != here]
    if os.environ.get("NUMOXIDE_AS_NUMPY") != "1":
        return
    name = "numoxide._alias"
    if name in sys.modules:
        return
    from importlib.util import module_from_spec, spec_from_file_location

    spec = spec_from_file_location(name, os.path.join(os.path.dirname(here), "_alias.py"))
    alias = module_from_spec(spec)
    spec.loader.exec_module(alias)
    try:
        alias.install()
    except ImportError as error:
        sys.stderr.write(f"numoxide: {error}\n")
        os._exit(2)
    sys.modules[name] = alias


def _next_sitecustomize():
    """Run the `sitecustomize` that this one hides, if there is one."""
    ours = sys.modules.pop(__name__)
    try:
        import sitecustomize  # noqa: F401
    except ImportError as error:
        if error.name != __name__:
            raise
    finally:
        sys.modules.setdefault(__name__, ours)


_hook()
if __name__ == "sitecustomize":
    _next_sitecustomize()
