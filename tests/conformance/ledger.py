"""The ledger: per test file of NumPy, the cases that fail on us and those that do not apply; and the weights.

A pattern names a case (`Class::function[param]`), all cases of a function (`Class::function`), all of a class
(`Class::*`) or all of the file (`*`).
"""

import json
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).parent / "ledger"


def function(case):
    """The test function of a case."""
    return case.partition("[")[0]


def patterns(case):
    """Every pattern that covers `case`, widest first."""
    name = function(case)
    scope = name.rpartition("::")[0]
    return ["*", *([f"{scope}::*"] if scope else []), name, case]


def covered(case, chosen):
    """The pattern in `chosen` that covers `case`, or None."""
    return next((pattern for pattern in patterns(case) if pattern in chosen), None)


def collapse(chosen, universe):
    """The shortest list of patterns that covers exactly the cases of `chosen` within `universe`."""
    chosen, left = set(chosen), defaultdict(int)
    for case in universe:
        for pattern in patterns(case):
            left[pattern] += case not in chosen
    return sorted({next(pattern for pattern in patterns(case) if not left[pattern]) for case in chosen})


class Entry:
    """What the ledger says of one file."""

    def __init__(self, file):
        self.path = FOLDER / (file.replace("/", ".").removesuffix(".py").replace("tests.", "") + ".json")
        data = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.fails = set(data.get("fails", ["*"]))
        self.exempt = data.get("does_not_apply", {})

    def applies(self, case):
        return covered(case, self.exempt) is None

    def expected_to_pass(self, case):
        return self.applies(case) and covered(case, self.fails) is None

    def write(self, failing, universe):
        """Record the failing cases; drop the file when it has nothing to say."""
        self.fails = set(collapse(failing, [case for case in universe if self.applies(case)]))
        data = {"fails": sorted(self.fails), "does_not_apply": dict(sorted(self.exempt.items()))}
        FOLDER.mkdir(exist_ok=True)
        self.path.write_text(json.dumps(data, indent=0) + "\n")

    def exempt_cases(self, reasons, universe):
        """Record the cases that NumPy itself does not pass here, with the reason it gives."""
        by_reason = defaultdict(list)
        for case, reason in reasons.items():
            by_reason[reason].append(case)
        self.exempt = {
            pattern: reason for reason, cases in by_reason.items() for pattern in collapse(cases, universe)
        }


def weights(cases, passed):
    """(weight passed, weight in all): a function weighs one, shared over its cases."""
    total, good = defaultdict(int), defaultdict(int)
    for case in cases:
        total[function(case)] += 1
        good[function(case)] += case in passed
    return sum(good[name] / total[name] for name in total), len(total)
