"""The generalised ufuncs that solve and decompose, from the extension."""

from numoxide._core import _multiarray_umath as _ext

globals().update({name: value for name, value in vars(_ext._umath_linalg).items() if name[:2] != "__"})
