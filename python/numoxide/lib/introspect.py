"""What the loops of ufuncs were compiled for."""

import re

__all__ = ["opt_func_info"]


def opt_func_info(func_name=None, signature=None):
    """Tell for each function and signature which CPU levels its loops exist for and which runs."""
    from numoxide._core._multiarray_umath import __cpu_targets_info__ as targets
    from numoxide._core._multiarray_umath import dtype

    def readable(char):
        return (char, dtype(char).name)

    found = targets
    if func_name is not None:
        pattern = re.compile(func_name)
        found = {name: rows for name, rows in targets.items() if pattern.search(name)}
    if signature is None:
        return found
    pattern = re.compile(signature)
    result = {}
    for name, rows in found.items():
        kept = {
            chars: row
            for chars, row in rows.items()
            if any(pattern.search(text) for char in chars for text in readable(char))
        }
        if kept:
            result[name] = kept
    return result
