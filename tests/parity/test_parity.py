"""A slice of the differential run: the same calls on NumPy and on numoxide, row by row."""

from collections import defaultdict
from pathlib import Path

import pytest

from . import calls, engine

SEED, PER_FAMILY = 1, 250
# Rows that are known to differ still; the list only ever gets shorter.
PENDING = set((Path(__file__).parent / "pending.txt").read_text().split())


def families():
    """Rows grouped by the function that draws them, so that one test covers one kind of call."""
    groups = defaultdict(list)
    for name in engine.row_names():
        if name not in PENDING:
            groups[calls.ROWS[name][1].__name__].append(name)
    return sorted(groups.items())


@pytest.mark.parametrize("names", [pytest.param(names, id=family) for family, names in families()])
def test_calls_agree_with_numpy(names):
    results = engine.run_isolated(("numoxide", names, SEED, 0, PER_FAMILY))
    wrong = [f"{name} {mismatch}" for name, mismatch in results if mismatch]
    assert not wrong, f"{len(wrong)} of {PER_FAMILY} calls differ\n" + "\n".join(wrong[:20])
