"""Comparison of NumPy's version numbers."""

import operator
import re

__all__ = ["NumpyVersion"]


class NumpyVersion:
    """Compares versions such as 1.9.0, 1.9.0rc1 and 1.9.0.dev-abc.

    >>> np.lib.NumpyVersion("2.4.0") < "2.4.1"
    True
    """

    __module__ = "numpy.lib"

    def __init__(self, vstring):
        self.vstring = vstring
        main = re.match(r"\d+\.\d+\.\d+", vstring)
        if not main:
            raise ValueError("Not a valid numpy version string")
        self.version = main.group()
        self.major, self.minor, self.bugfix = map(int, self.version.split("."))
        rest = vstring[main.end():]
        pre = re.match(r"(a|b|rc)\d", rest)
        self.pre_release = pre.group() if pre else "final" if not rest else ""
        self.is_devversion = bool(re.search(r".dev", vstring))

    def _key(self):
        """Order: release number, then alpha, beta, candidate, final, then development or not."""
        stage = {"a": 0, "b": 1, "rc": 2}
        pre = self.pre_release
        if pre in ("final", ""):
            # A development version without a stage precedes all stages.
            rank = (3, 0) if pre else (-1, 0)
        else:
            word = pre.rstrip("0123456789")
            rank = (stage[word], int(pre[len(word):]))
        return (self.major, self.minor, self.bugfix, *rank, not self.is_devversion)

    def _compare(self, other):
        """Give -1, 0 or 1."""
        if not isinstance(other, (str, NumpyVersion)):
            raise ValueError("Invalid object to compare with NumpyVersion.")
        if isinstance(other, str):
            other = NumpyVersion(other)
        mine, theirs = self._key(), other._key()
        return (mine > theirs) - (mine < theirs)

    def __repr__(self):
        return f"NumpyVersion({self.vstring})"


def _comparison(operation):
    """Make a comparison method out of an operator on -1, 0, 1."""
    return lambda self, other: operation(self._compare(other), 0)


for _name in ("lt", "le", "eq", "ne", "gt", "ge"):
    setattr(NumpyVersion, f"__{_name}__", _comparison(getattr(operator, _name)))
