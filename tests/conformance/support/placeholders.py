"""What stands in for a compiled helper of NumPy's suite: importing works, using what is not written here fails the case."""


class Missing:
    """A function of a helper module that has no stand-in."""

    def __init__(self, module, name):
        self.__name__ = self.__qualname__ = name
        self.__module__ = module

    def __call__(self, *args, **kwargs):
        raise RuntimeError(f"the suite's compiled helper {self.__module__}.{self.__name__} is not loaded")

    def __repr__(self):
        return f"<missing {self.__module__}.{self.__name__}>"


def missing_names(module):
    """The `__getattr__` of a stand-in module."""

    def find(name):
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        return Missing(module, name)

    return find
