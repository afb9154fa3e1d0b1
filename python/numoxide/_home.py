"""The module name that public objects show: "numpy..." under the alias, else "numoxide..."."""

from numoxide._mode import MODULE


def home(module):
    """Give the name that a public object of `module` ("numpy" or "numpy.x") shows."""
    return MODULE + module[5:] if module.startswith("numpy") else module
