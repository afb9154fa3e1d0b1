"""Stand-in until the wheel's own module loads."""

from placeholders import missing_names

__getattr__ = missing_names(__name__)
