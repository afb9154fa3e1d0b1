"""The older operations on arrays of strings, and `chararray`; new programs use `numoxide.strings`."""

from numoxide._core.defchararray import *  # noqa: F403
from numoxide._core.defchararray import __all__, __doc__  # noqa: F401
