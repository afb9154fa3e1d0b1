"""Signatures of functions whose arguments are known as text only."""

import functools
import inspect

from numoxide._globals import _NoValue


@functools.cache
def from_text(text):
    """Make the signature that a text such as ``(a, /, axis=None)`` describes."""
    code = f"lambda {text[1:-1]}: None".replace("<no value>", "_NoValue")
    return inspect.signature(eval(code, {"_NoValue": _NoValue}))
