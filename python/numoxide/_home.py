"""The module name that public objects show: "numpy..." under the alias, else "numoxide..."."""

from numoxide._mode import module_name as home  # noqa: F401
