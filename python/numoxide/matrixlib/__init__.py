"""Matrices: arrays that always have two dimensions."""

from numoxide.matrixlib import defmatrix
from numoxide.matrixlib.defmatrix import asmatrix, bmat, matrix  # noqa: F401

__all__ = defmatrix.__all__


def __getattr__(name):
    if name == "test":
        from numoxide._pytesttester import PytestTester

        return PytestTester(__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
