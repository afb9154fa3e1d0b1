"""Order of version texts, as PEP 440 gives it."""

import functools
import re

__all__ = ["InvalidVersion", "Version", "parse"]

_FORM = re.compile(
    r"\s*v?(?:(?P<epoch>\d+)!)?(?P<release>\d+(?:\.\d+)*)"
    r"(?:[-_.]?(?P<pre>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<pre_n>\d*))?"
    r"(?P<post>-(?P<post_bare>\d+)|[-_.]?(?:post|rev|r)[-_.]?(?P<post_n>\d*))?"
    r"(?P<dev>[-_.]?dev[-_.]?(?P<dev_n>\d*))?"
    r"(?:\+(?P<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\s*",
    re.IGNORECASE,
)
_STAGES = {"alpha": "a", "beta": "b", "c": "rc", "pre": "rc", "preview": "rc"}


class InvalidVersion(ValueError):
    """A text that is no version."""


@functools.total_ordering
class Version:
    """A version that compares by meaning.

    >>> Version("1.10") > Version("1.9")
    True
    """

    def __init__(self, version):
        found = _FORM.fullmatch(version)
        if found is None:
            raise InvalidVersion(f"Invalid version: '{version}'")
        part = found.groupdict()
        self._text = version.strip()
        self.epoch = int(part["epoch"] or 0)
        self.release = tuple(map(int, part["release"].split(".")))
        stage = (part["pre"] or "").lower()
        self.pre = (_STAGES.get(stage, stage), int(part["pre_n"] or 0)) if stage else None
        self.post = int(part["post_bare"] or part["post_n"] or 0) if part["post"] else None
        self.dev = int(part["dev_n"] or 0) if part["dev"] else None
        self.local = part["local"]

    @property
    def is_prerelease(self):
        """Whether it comes before the release of its number."""
        return self.pre is not None or self.dev is not None

    def _key(self):
        """What versions sort by: a lone dev release comes before alphas, post releases after all."""
        release = list(self.release)
        while release and release[-1] == 0:
            release.pop()
        endless = float("inf")
        if self.pre is not None:
            stage = self.pre
        else:
            stage = ("",) if self.post is None and self.dev is not None else ("z",)
        local = [
            (1, int(word), "") if word.isdigit() else (0, 0, word.lower())
            for word in re.split("[-_.]", self.local or "")
            if word
        ]
        return (
            self.epoch,
            release,
            stage,
            -1 if self.post is None else self.post,
            endless if self.dev is None else self.dev,
            local,
        )

    def __eq__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self._key() == other._key()

    def __lt__(self, other):
        if not isinstance(other, Version):
            return NotImplemented
        return self._key() < other._key()

    def __hash__(self):
        return hash(str(self._key()))

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"<Version({self._text!r})>"


def parse(version):
    """Read a version text."""
    return Version(version)
