"""How this build was made."""

from enum import Enum

from numoxide._core import _multiarray_umath as _ext
from numoxide._home import home
from numoxide.version import engine, version

__all__ = ["show_config"]
# The sign by which programs know that `show_config` has modes.
_built_with_meson = True


class DisplayModes(Enum):
    """Ways to show the facts."""

    stdout = "stdout"
    dicts = "dicts"


def _facts():
    """Collect what is known about the build and the machine."""
    import platform
    import sys

    features = getattr(_ext, "__cpu_features__", {})
    machine = {
        "cpu": platform.machine(),
        "family": platform.machine(),
        "endian": sys.byteorder,
        "system": platform.system().lower(),
    }
    library = {"name": "numoxide", "found": True, "version": engine}
    return {
        "Engine": {"name": "numoxide", "version": engine, "implements": version},
        "Compilers": {"rust": {"name": "rustc", "linker": "cc", "commands": "rustc"}},
        "Machine Information": {"host": machine, "build": machine},
        "Build Dependencies": {"blas": library, "lapack": library},
        "Python Information": {"path": sys.executable, "version": platform.python_version()},
        "SIMD Extensions": {"found": [name for name, has in features.items() if has]},
    }


CONFIG = _facts()


def _check_pyyaml():
    """Import what prints the facts more readably; an error if it is not installed."""
    import yaml

    return yaml


def show_config(mode=DisplayModes.stdout.value):
    """Print how this build was made; with mode "dicts", return it.

    >>> sorted(np.show_config(mode="dicts"))[0]
    'Build Dependencies'
    """
    modes = [one.value for one in DisplayModes]
    if mode == "dicts":
        return CONFIG
    if mode not in modes:
        raise AttributeError(f"Invalid `mode`, use one of: {', '.join(modes)}")
    try:
        yaml = _check_pyyaml()
    except ModuleNotFoundError:
        import json
        import warnings

        warnings.warn("Install `pyyaml` for better output", stacklevel=1)
        print(json.dumps(CONFIG, indent=2))
    else:
        print(yaml.dump(CONFIG))
    return None


show = show_config
show_config.__module__ = home("numpy")
