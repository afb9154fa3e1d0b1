"""Everything of `numoxide.linalg` under the name that pickles of its results know."""

from numoxide.linalg._decompositions import *  # noqa: F403
from numoxide.linalg._decompositions import EighResult, EigResult, QRResult, SlogdetResult, SVDResult
from numoxide.linalg._products import *  # noqa: F403
from numoxide.linalg._products import _multi_dot_matrix_chain_order
