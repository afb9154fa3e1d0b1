"""Make `import numoxide` work in this interpreter's environment, and NUMOXIDE_AS_NUMPY=1 obeyed at start-up."""

import sysconfig
from pathlib import Path

PACKAGES = Path(__file__).resolve().parents[2] / "python"
HOOK = PACKAGES / "numoxide" / "_startup" / "sitecustomize.py"


def main():
    """Write `numoxide.pth`: the package's folder, then the hook, which does nothing without the variable."""
    run = f'exec(compile(open({str(HOOK)!r}).read(), {str(HOOK)!r}, "exec"), {{"__name__": "startup", "__file__": {str(HOOK)!r}}})'
    lines = [str(PACKAGES), f'import os; os.environ.get("NUMOXIDE_AS_NUMPY") == "1" and {run}']
    Path(sysconfig.get_path("purelib"), "numoxide.pth").write_text("\n".join(lines) + "\n")


main()
