"""Archives of arrays and sources of data."""

from numoxide.lib._npyio_impl import DataSource, NpzFile  # noqa: F401
