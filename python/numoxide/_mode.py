"""The name our types and functions go by, `numpy` or `numoxide`: fixed at first import."""

import os

from . import _runner

_runner.take_over()  # `python -m numoxide …` goes no further than this line.

MODULE = "numpy" if os.environ.get("NUMOXIDE_AS_NUMPY") == "1" else "numoxide"

if MODULE == "numpy":
    from . import _alias

    _alias.install()


def module_name(module):
    """The name that public objects of `module` ("numpy" or "numpy.x") show as their module."""
    return MODULE + module.removeprefix("numpy") if module.startswith("numpy") else module
