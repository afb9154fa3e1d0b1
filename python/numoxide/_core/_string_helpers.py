"""Case changes for ASCII letters only, whatever the locale says."""

_UPPER, _LOWER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
LOWER_TABLE = "".join(chr(i).lower() if chr(i) in _UPPER else chr(i) for i in range(256))
UPPER_TABLE = "".join(chr(i).upper() if chr(i) in _LOWER else chr(i) for i in range(256))


def english_lower(s):
    """Write ASCII letters in lower case."""
    return s.translate(LOWER_TABLE)


def english_upper(s):
    """Write ASCII letters in upper case."""
    return s.translate(UPPER_TABLE)


def english_capitalize(s):
    """Write the first letter in upper case if it is an ASCII letter."""
    return english_upper(s[0]) + s[1:] if s else s
