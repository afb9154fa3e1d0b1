"""Versions: ``version`` is the NumPy release implemented here, ``engine`` is our own."""

version = __version__ = full_version = short_version = "2.4.6"
git_revision = ""
release = True
_engine = "0.1.0"


def __getattr__(name):
    # Not among the names that NumPy's module lists.
    if name == "engine":
        return _engine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
