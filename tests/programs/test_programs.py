"""Whole NumPy programs print on numoxide what they print on NumPy."""

from pathlib import Path

import pytest

from . import compare

OURS = sorted((Path(__file__).parent / "ours").glob("*.py"))
# Programs that are known to differ still; the list only ever gets shorter.
PENDING = set((Path(__file__).parent / "pending.txt").read_text().split())
SHARED = sorted((compare.ROOT.parent / "shared" / "programs").glob("*.py"))


@pytest.mark.parametrize("program", [path for path in OURS + SHARED if path.stem not in PENDING], ids=lambda path: path.stem)
def test_output_equals_numpys(program, tmp_path):
    found = compare.differences(program, {"TMPDIR": str(tmp_path), "N": "100000"})
    assert not found, "\n".join(found)
