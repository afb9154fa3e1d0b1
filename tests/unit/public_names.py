"""Prints, as JSON, the public names of one library's modules: kind, module and signature of each."""

import importlib
import inspect
import json
import sys
import types
import warnings

MODULES = (
    "numpy numpy.char numpy.ctypeslib numpy.dtypes numpy.exceptions numpy.fft numpy.lib numpy.lib.array_utils "
    "numpy.lib.format numpy.lib.introspect numpy.lib.mixins numpy.lib.npyio numpy.lib.recfunctions numpy.lib.scimath "
    "numpy.lib.stride_tricks numpy.lib.user_array numpy.linalg numpy.ma numpy.ma.core numpy.ma.extras "
    "numpy.ma.mrecords numpy.ma.testutils numpy.matlib numpy.matrixlib numpy.polynomial numpy.polynomial.chebyshev "
    "numpy.polynomial.hermite numpy.polynomial.hermite_e numpy.polynomial.laguerre numpy.polynomial.legendre "
    "numpy.polynomial.polynomial numpy.random numpy.rec numpy.strings numpy.testing numpy.testing.overrides "
    "numpy.typing numpy.version"
).split()


def signature(value):
    """The signature as text, without addresses; None where there is none."""
    if not callable(value):
        return None
    try:
        text = str(inspect.signature(value))
    except (TypeError, ValueError):
        return None
    return text if " object at 0x" not in text else None


def describe(library, module):
    """The public names of a module; None if there is no such module."""
    try:
        found = importlib.import_module(module.replace("numpy", library, 1))
    except ImportError:
        return None
    names = {}
    for name in sorted({*getattr(found, "__all__", ()), *dir(found)}):
        if name.startswith("_") or (module != "numpy" and name not in getattr(found, "__all__", [name])):
            continue
        try:
            value = getattr(found, name)
        except AttributeError:
            continue
        if module == "numpy.matlib" and value is getattr(sys.modules[library], name, None):
            continue
        if isinstance(value, types.ModuleType):
            if value.__name__.partition(".")[0] == library:
                names[name] = ["module", None, None]
            continue
        where = getattr(value, "__module__", None) if hasattr(value, "__name__") else None
        facts = ["value", where if isinstance(where, str) else None, signature(value)]
        names[name] = [fact and fact.replace(library, "numpy") for fact in facts]
    return names


warnings.simplefilter("ignore")
print(json.dumps({module: describe(sys.argv[1], module) for module in MODULES}))
