"""Stand-in until the wheel's own module loads."""

from placeholders import missing_names

__getattr__ = missing_names(__name__)


class rational:
    """A class in place of the registered type, so that files which name it in parameters are collected.

    It has no arithmetic: a case that needs the type fails.
    """

    def __init__(self, *parts):
        self.parts = parts
