"""Builds small C extensions for tests."""

import pathlib
import subprocess
import sys
import sysconfig
import textwrap

__all__ = ["build_and_import_extension", "compile_extension_module"]


def build_and_import_extension(
    modname, functions, *, prologue="", build_dir=None, include_dirs=None, more_init=""
):
    """Build a module out of snippets of C, each (name, flags, body), and import it."""
    import importlib.util

    table = "\n".join(
        f'    {{"{name}", (PyCFunction)c_{name}, {flags}, NULL}},' for name, flags, _ in functions
    )
    bodies = "\n".join(
        f"static PyObject *c_{name}(PyObject *self, PyObject *args) {{{body}\n}}"
        for name, _, body in functions
    )
    init = "PyObject *mod = PyModule_Create(&moduledef);" if not more_init else (
        "PyObject *mod = PyModule_Create(&moduledef);\n" + textwrap.indent(more_init, "    ")
    )
    source = f"""#include <Python.h>
{prologue}
{bodies}
static PyMethodDef methods[] = {{
{table}
    {{NULL, NULL, 0, NULL}}
}};
static struct PyModuleDef moduledef = {{PyModuleDef_HEAD_INIT, "{modname}", NULL, -1, methods}};
PyMODINIT_FUNC PyInit_{modname}(void) {{
    {init}
    return mod;
}}
"""
    path = compile_extension_module(modname, build_dir, include_dirs or [], source)
    spec = importlib.util.spec_from_file_location(modname, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def compile_extension_module(name, builddir, include_dirs, source_string, libraries=None,
                             library_dirs=None):  # fmt: skip
    """Compile the text of a C module and return the path of the library."""
    folder = pathlib.Path(builddir or ".") / name
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "source.c"
    source.write_text(source_string, encoding="utf-8")
    target = folder / (name + sysconfig.get_config_var("EXT_SUFFIX"))
    includes = [f"-I{path}" for path in (*include_dirs, sysconfig.get_path("include"))]
    command = ["cc", "-shared", "-fPIC", "-O1", str(source), "-o", str(target), *includes]
    command += [f"-L{path}" for path in library_dirs or ()] + [f"-l{x}" for x in libraries or ()]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return target
