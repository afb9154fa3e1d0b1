"""The module name that public objects show: "numpy..." under the alias, else "numoxide..."."""

from types import FunctionType

from numoxide._mode import module_name as home  # noqa: F401


def adopt(scope, module, private):
    """Let what is defined in `private` modules call `module` its own: functions, classes, methods."""
    prefix, name = home(private), home(module)
    for value in list(scope.values()):
        if isinstance(value, (FunctionType, type)) and str(value.__module__).startswith(prefix):
            value.__module__ = name
            if isinstance(value, type):
                adopt(vars(value), module, private)
