"""Helpers about the package itself: where it is, what it is, what objects in it are."""

from numoxide._core import multiarray as _nx
from numoxide._core.overrides import set_module

__all__ = ["get_include", "info", "show_runtime"]


@set_module("numpy")
def get_include():
    """Give the folder of the C headers."""
    import os

    import numoxide

    return os.path.join(os.path.dirname(numoxide.__file__), "_core", "include")


@set_module("numpy")
def show_runtime():
    """Print facts about the processor, the threads and the versions in use."""
    import platform
    import sys
    from pprint import pprint

    from numoxide._core import _multiarray_umath as ext
    from numoxide.version import engine, version

    features = getattr(ext, "__cpu_features__", {})
    facts = [
        {
            "numpy_version": version,
            "engine": engine,
            "python": sys.version,
            "uname": platform.uname(),
        },
        {
            "simd_extensions": {
                "baseline": list(getattr(ext, "__cpu_baseline__", ())),
                "found": [name for name, has in features.items() if has],
                "not_found": [name for name, has in features.items() if not has],
            }
        },
    ]
    pprint(facts)


def deprecate(message, stacklevel=2):
    """Warn that something is deprecated."""
    import warnings

    warnings.warn(message, DeprecationWarning, stacklevel=stacklevel + 1)


def _describe_array(obj, output):
    """Print the facts of an array."""
    facts = [
        ("class", getattr(obj.__class__, "__name__", type(obj))),
        ("shape", obj.shape),
        ("strides", obj.strides),
        ("itemsize", obj.itemsize),
        ("aligned", bool(obj.flags.aligned)),
        ("contiguous", bool(obj.flags.contiguous)),
        ("fortran", obj.flags.fortran),
    ]
    for name, value in facts:
        print(f"{name}: ", value, file=output)
    pointer = obj.ctypes._as_parameter_.value
    print(f"data pointer: {hex(pointer)}", file=output)
    print("byteorder: ", end=" ", file=output)
    print({"=": _byteorder(), "|": _byteorder(), ">": "big", "<": "little"}[obj.dtype.byteorder],
          file=output)  # fmt: skip
    print(f"byteswap:  {obj.dtype.byteorder == '>'}", file=output)
    print(f"type: {obj.dtype}", file=output)


def _byteorder():
    import sys

    return sys.byteorder


@set_module("numpy")
def info(object=None, maxwidth=76, output=None, toplevel="numpy"):
    """Print help on a function, class, module or array."""
    import inspect
    import sys

    output = sys.stdout if output is None else output
    if object is None:
        info(info, maxwidth, output, toplevel)
        return
    if isinstance(object, _nx.ndarray):
        _describe_array(object, output)
        return
    if isinstance(object, str):
        object = _find_by_name(object, toplevel, output)
        if object is None:
            return
    name = getattr(object, "__name__", "<name>")
    if inspect.isfunction(object) or inspect.isclass(object):
        try:
            arguments = str(inspect.signature(object))
        except Exception:
            arguments = "()"
        print(f" {name}{arguments}\n", file=output)
    print(inspect.getdoc(object), file=output)
    if inspect.isclass(object):
        methods = [
            (key, value) for key, value in inspect.getmembers(object, callable) if key[0] != "_"
        ]
        if methods:
            print("\n\nMethods:\n", file=output)
        for key, value in methods:
            first = (inspect.getdoc(value) or "None").splitlines()[0]
            print(f"  {key}  --  {first}", file=output)


def _find_by_name(name, toplevel, output):
    """Look a name up in the package."""
    import importlib

    try:
        found = importlib.import_module("numoxide")
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError:
        print(f"Help for {name} not found.", file=output)
        return None
    print(f"     *** Found in {toplevel} ***", file=output)
    return found


def safe_eval(source):
    """Evaluate a literal; deprecated."""
    import ast
    import warnings

    warnings.warn(
        "`safe_eval` is deprecated. Use `ast.literal_eval` instead. Be aware of security "
        "implications, such as memory exhaustion based attacks (deprecated in NumPy 2.0)",
        DeprecationWarning,
        stacklevel=2,
    )
    return ast.literal_eval(source)


def _median_nancheck(data, result, axis):
    """Put NaN where the data have one."""
    from numoxide.lib._quantile_impl import _median_nancheck as check

    return check(data, result, axis)


def _opt_info():
    """List CPU features in one line."""
    from numoxide._core import _multiarray_umath as ext

    features = getattr(ext, "__cpu_features__", {})
    baseline = list(getattr(ext, "__cpu_baseline__", ()))
    rest = [f + ("*" if features.get(f) else "?") for f in getattr(ext, "__cpu_dispatch__", ())]
    return " ".join(baseline + rest)


@set_module("numpy.lib.format")
def drop_metadata(dtype, /):
    """Give a dtype without metadata, the same one where it has none."""
    if dtype.fields is not None:
        return _drop_from_fields(dtype)
    if dtype.subdtype is not None:
        base, shape = dtype.subdtype
        plain = drop_metadata(base)
        if dtype.metadata is None and plain is base:
            return dtype
        return _nx.dtype((plain, shape))
    if dtype.metadata is None:
        return dtype
    return _nx.dtype(dtype.str)


def _drop_from_fields(dtype):
    """Drop the metadata of a record and of its fields."""
    changed = dtype.metadata is not None
    names, formats, offsets, titles = [], [], [], []
    for name, field in dtype.fields.items():
        plain = drop_metadata(field[0])
        changed = changed or plain is not field[0]
        formats.append(plain)
        offsets.append(field[1])
        names.append(name)
        titles.append(None if len(field) < 3 else field[2])
    if not changed:
        return dtype
    return _nx.dtype(
        {
            "names": names,
            "formats": formats,
            "offsets": offsets,
            "titles": titles,
            "itemsize": dtype.itemsize,
        },
        align=dtype.isalignedstruct,
    )


