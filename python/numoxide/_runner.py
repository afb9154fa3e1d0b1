"""`python -m numoxide`: start Python anew, with `import numpy` resolving to us.

The program is not run inside this process. Python is started again in its place (`exec`), with a variable
that the start-up hook obeys. So exit status, arguments, `__main__`, tracebacks, signals and child processes
are plain Python's own.
"""

import os
import sys

USAGE = """\
usage: python -m numoxide script.py [argument ...]
       python -m numoxide -m module [argument ...]
       python -m numoxide -c code [argument ...]
Runs a program written for NumPy on numoxide: `import numpy` resolves to it, in child processes too.
The same for any Python program: set NUMOXIDE_AS_NUMPY=1.
"""

_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "_startup")


def take_over():
    """Replace this process by the program if it is `python -m numoxide` before `__main__` has begun."""
    options = _interpreter_options(sys.argv, sys.orig_argv)
    if options is not None:
        start(options, sys.argv[1:])


def _interpreter_options(argv, orig_argv):
    """Python's own options in `python OPTIONS -m numoxide …`, or None for any other command line."""
    if not argv or argv[0] != "-m":
        return None
    *options, last = orig_argv[1 : len(orig_argv) - len(argv) + 1]
    if last == "numoxide" and options:
        flags = options.pop()  # "-m", or joined to other flags: "-Bm"
    elif last.endswith("mnumoxide"):
        flags = last.removesuffix("numoxide")
    else:
        return None
    flags = flags.removesuffix("m")
    return options if flags == "-" else [*options, flags]


def start(options, arguments):
    """Become `python OPTIONS ARGUMENTS` in alias mode; does not return."""
    if arguments[:1] in (["-h"], ["--help"]):
        sys.stdout.write(USAGE)
        sys.exit(0)
    if sys.flags.ignore_environment or sys.flags.no_site:
        refuse("Python's options -E, -I and -S keep `import numpy` from resolving to numoxide")
    from . import _alias

    conflict = _alias.conflict()
    if conflict:
        refuse(conflict)
    sys.stdout.flush()
    sys.stderr.flush()
    os.execve(sys.executable, [sys.executable, *options, *arguments], environment(os.environ))


def environment(env):
    """A copy of `env` in which every Python process runs in alias mode."""
    path = env.get("PYTHONPATH", "")
    if _STARTUP not in path.split(os.pathsep):
        path = _STARTUP + (os.pathsep + path if path else "")
    return {**env, "NUMOXIDE_AS_NUMPY": "1", "PYTHONPATH": path}


def refuse(reason):
    """Say why the program is not started, and end with status 2."""
    sys.stderr.write(f"numoxide: {reason}\n")
    sys.stderr.flush()
    os._exit(2)
