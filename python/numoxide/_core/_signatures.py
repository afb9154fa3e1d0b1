"""Signatures of functions whose arguments are known as text only."""

import functools
import inspect


@functools.cache
def from_text(text):
    """Make the signature that a text such as ``(a, /, axis=None)`` describes."""
    return inspect.signature(eval(f"lambda {text[1:-1]}: None"))
