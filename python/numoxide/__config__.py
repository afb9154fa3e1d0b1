"""How this build was made."""

__all__ = ["show_config"]


def _facts():
    """Collect what is known about the build and the machine."""
    import platform
    import sys

    from numoxide._core import _multiarray_umath as ext
    from numoxide.version import engine, version

    features = getattr(ext, "__cpu_features__", {})
    return {
        "Engine": {"name": "numoxide", "version": engine, "implements": version},
        "Machine Information": {
            "host": {
                "cpu": platform.machine(),
                "endian": sys.byteorder,
                "system": platform.system().lower(),
            }
        },
        "Build Dependencies": {"blas": {"name": "numoxide"}, "lapack": {"name": "numoxide"}},
        "Python Information": {"version": platform.python_version()},
        "SIMD Extensions": {"found": [name for name, has in features.items() if has]},
    }


CONFIG = _facts()


def show_config(mode="stdout"):
    """Print how this build was made; with mode "dicts", return it."""
    if mode == "dicts":
        return CONFIG
    if mode != "stdout":
        raise AttributeError(f"Invalid `mode`, use one of: stdout, dicts, but got {mode!r}")
    import json

    print(json.dumps(CONFIG, indent=2))


show = show_config
show_config.__module__ = __name__.split(".")[0]
