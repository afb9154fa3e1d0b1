"""Checks for array programs' tests: assertions that compare arrays and say where they differ."""

from unittest import TestCase

from numoxide.testing import overrides
from numoxide.testing._private import extbuild
from numoxide.testing._private.utils import *  # noqa: F403
from numoxide.testing._private.utils import (  # noqa: F401
    _assert_valid_refcount,
    _gen_alignment_data,
)
from numoxide.testing._private.utils import __all__ as _utils_all

__all__ = [*_utils_all, "TestCase", "overrides"]


def __getattr__(name):
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return [*__all__, "extbuild", "test", *(n for n in globals() if n[:2] == "__")]


_ = extbuild
