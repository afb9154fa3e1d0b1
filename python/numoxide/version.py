"""Versions: ``version`` is the NumPy release implemented here, ``engine`` is our own."""

__all__ = ["version", "full_version", "short_version", "git_revision", "release", "engine"]

version = __version__ = full_version = short_version = "2.4.6"
git_revision = ""
release = True
engine = "0.1.0"
