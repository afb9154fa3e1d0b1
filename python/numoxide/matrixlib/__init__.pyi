# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
__all__ = ['asmatrix', 'bmat', 'matrix']
from numoxide import asmatrix as asmatrix
from numoxide import bmat as bmat
from numoxide import matrix as matrix
