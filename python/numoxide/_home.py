"""The module name that public objects show: "numpy..." under the alias, else "numoxide..."."""

try:
    from numoxide._mode import module_name as home
except ImportError:

    def home(module):
        """Give the name that a public object of `module` ("numpy" or "numpy.x") shows."""
        return "numoxide" + module[5:] if module.startswith("numpy") else module
