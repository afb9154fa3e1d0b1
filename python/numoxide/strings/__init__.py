"""Operations on arrays of strings and bytes, element by element."""

from numoxide._core.strings import *  # noqa: F403
from numoxide._core.strings import __all__, __doc__  # noqa: F401
