"""Every public name of NumPy is here, in the same module, with the same signature.

`public_names.txt` lists what still differs; a line that no longer holds must go, so the list only shrinks.
`PYTHONPATH=python python tests/unit/test_public_names.py` writes it anew.
"""

import json
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PENDING = HERE / "public_names.txt"


def names(library):
    command = [sys.executable, str(HERE / "public_names.py"), library]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout)


def differences():
    """Lines that say what NumPy has and we do not, or have otherwise."""
    found = []
    theirs, ours = names("numpy"), names("numoxide")
    for module, wanted in theirs.items():
        have = ours[module]
        if wanted is not None and have is None:
            found.append(f"{module} missing")
            continue
        for name, (kind, where, signature) in (wanted or {}).items():
            if name not in have:
                found.append(f"{module}.{name} missing")
                continue
            if where is not None and have[name][1] != where:
                found.append(f"{module}.{name} module")
            if signature is not None and have[name][2] != signature:
                found.append(f"{module}.{name} signature")
        found += [f"{module}.{name} not in NumPy" for name in have or () if name not in (wanted or {})]
    return found


def test_public_names():
    pending = PENDING.read_text().splitlines()
    found = differences()
    assert not set(found) - set(pending), "differs, but is not listed in public_names.txt"
    assert not set(pending) - set(found), "agrees now: take it out of public_names.txt"


if __name__ == "__main__":
    PENDING.write_text("\n".join(sorted(set(differences()))) + "\n")
