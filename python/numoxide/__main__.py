"""Entry of `python -m numoxide`; reached only where `_mode` could not see the command line (`runpy`)."""

import sys

from numoxide import _runner

_runner.start([], sys.argv[1:])
