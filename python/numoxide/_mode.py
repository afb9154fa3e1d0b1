"""The name our types and functions go by, `numpy` or `numoxide`: fixed at first import."""

import os

from . import _runner

_runner.take_over()  # `python -m numoxide …` goes no further than this line.

MODULE = "numpy" if os.environ.get("NUMOXIDE_AS_NUMPY") == "1" else "numoxide"

if MODULE == "numpy":
    from . import _alias

    _alias.install()
