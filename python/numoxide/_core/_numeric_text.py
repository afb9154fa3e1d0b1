"""Integers written in a base."""

import operator

from numoxide._core.overrides import set_module

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@set_module("numpy")
def binary_repr(num, width=None):
    """Write an integer in binary; a width gives negative numbers in two's complement.

    >>> np.binary_repr(-3, width=5)
    '11101'
    """
    num = operator.index(num)
    if num >= 0:
        digits = f"{num:b}"
        if width is None:
            return digits
        _check_width(len(digits), width)
        return digits.zfill(width)
    if width is None:
        return f"-{-num:b}"
    need = (-num - 1).bit_length() + 1
    # One more bit is free for the power of two, as the sign alone already tells.
    size = max(need, width)
    _check_width(need, width)
    return f"{(1 << size) + num:b}".rjust(size, "1")


def _check_width(need, width):
    """Refuse a width that the digits do not fit in."""
    if need > width:
        raise ValueError(
            f"Insufficient bit width={width} provided for binwidth={need}"
        )


@set_module("numpy")
def base_repr(number, base=2, padding=0):
    """Write an integer in a base from 2 to 36, with extra zeros in front if asked.

    >>> np.base_repr(6, 3)
    '20'
    """
    if base > len(_DIGITS):
        raise ValueError("Bases greater than 36 not handled in base_repr.")
    if base < 2:
        raise ValueError("Bases less than 2 not handled in base_repr.")
    rest, out = abs(int(number)), []
    while rest:
        rest, digit = divmod(rest, base)
        out.append(_DIGITS[digit])
    if padding:
        out.append("0" * padding)
    if number < 0:
        out.append("-")
    return "".join(reversed(out or "0"))
