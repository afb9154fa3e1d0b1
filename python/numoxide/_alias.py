"""The import finder behind alias mode: `numpy.x.y` is the very module object of `numoxide.x.y`.

Loaded by the start-up hook before the package itself, so it names nothing of the package.
"""

import importlib.util
import os
import sys
from importlib.machinery import ModuleSpec, PathFinder

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_OURS, _ALIAS = "numoxide", "numpy"


class AliasFinder:
    """Finds `numpy` and its submodules in `numoxide`; as a loader, hands over the module that is there."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        """The spec of an alias, of our own package (wherever `sys.path` points), or None."""
        if name == _OURS:
            return PathFinder.find_spec(name, [_ROOT])
        head, _, rest = name.partition(".")
        if head != _ALIAS:
            return None
        real = f"{_OURS}.{rest}" if rest else _OURS
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
        spec.loader_state = module.__spec__
        return module

    @staticmethod
    def exec_module(module):
        """Give the module its own `__spec__` back: it has run already."""
        module.__spec__ = module.__spec__.loader_state


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
