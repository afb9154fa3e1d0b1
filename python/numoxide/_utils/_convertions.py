"""Text to bytes and back, always in Latin-1."""

__all__ = ["asunicode", "asbytes"]


def asunicode(s):
    """Return `s` as ``str``; bytes are read as Latin-1."""
    return s.decode("latin1") if isinstance(s, bytes) else str(s)


def asbytes(s):
    """Return `s` as ``bytes``; text is written as Latin-1."""
    return s if isinstance(s, bytes) else str(s).encode("latin1")
