"""The import finder behind alias mode: `numpy.x.y` is the very module object of `numoxide.x.y`.

The module calls itself by its alias, and so do the functions and classes that it defines.
Loaded by the start-up hook before the package itself, so it names nothing of the package.
"""

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OURS, _ALIAS = "numoxide", "numpy"
# The specs of modules that are just handed over.
_SPECS = {}


class _Loader(SourceFileLoader):
    """Runs one of our modules under the name of its alias."""

    def exec_module(self, module):
        """Rename the module, then run it."""
        rename(module, self.name)
        exec(self.get_code(self.name), module.__dict__)


def rename(module, real):
    """Give a module the name of its alias, and make it known by that."""
    module.__name__ = _ALIAS + real.removeprefix(_OURS)
    sys.modules[module.__name__] = module


class AliasFinder:
    """Finds `numpy` and its submodules in `numoxide`; as a loader, hands over the module that is there."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """The spec of an alias, of our own package (wherever `sys.path` points), or None."""
        head, _, rest = name.partition(".")
        if head == _OURS:
            spec = PathFinder.find_spec(name, path if rest else [_ROOT])
            if spec is not None and type(spec.loader) is SourceFileLoader:
                spec.loader = _Loader(name, spec.loader.path)
            return spec
        if head != _ALIAS:
            return None
        real = f"{_OURS}.{rest}" if rest else _OURS
        if not rest and _OURS in sys.modules:
            # It has its alias from its first import on: somebody took that away.
            raise ImportError("cannot load module more than once per process")
        found = importlib.util.find_spec(real) if rest else cls.find_spec(_OURS)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        spec = ModuleSpec(name, cls, origin=found.origin, loader_state=real)
        spec.submodule_search_locations = found.submodule_search_locations
        return spec

    @staticmethod
    def create_module(spec):
        """Import our module; the import system is about to overwrite its `__spec__`, so keep that."""
        module = importlib.import_module(spec.loader_state)
        _SPECS[spec.name] = module.__spec__
        return module

    @staticmethod
    def exec_module(module):
        """Give the module its own `__spec__` back: it has run already."""
        module.__spec__ = _SPECS.pop(module.__spec__.name, module.__spec__)


def conflict():
    """Why we cannot stand in for NumPy in this process, or None if we can."""
    loaded = sys.modules.get(_ALIAS)
    if loaded is None or loaded is sys.modules.get(_OURS):
        return None
    place = getattr(loaded, "__file__", None) or "an unknown place"
    return (
        f"NumPy is already loaded (from {place}), so `import numpy` cannot resolve to numoxide any more; "
        "nothing may import numpy before numoxide stands in for it"
    )


def install():
    """Let `import numpy` resolve to us from now on; an ImportError if NumPy itself is loaded."""
    if AliasFinder in sys.meta_path:
        return
    reason = conflict()
    if reason:
        raise ImportError(reason, name=_ALIAS)
    sys.meta_path.insert(0, AliasFinder)
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == _OURS:
            rename(module, name)
