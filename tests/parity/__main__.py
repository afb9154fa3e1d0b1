"""Differential runs: `python -m tests.parity --calls 50000 [--seed N] [--only PATTERN] [--subject numpy]`.

Each call is drawn from its own number, so `--seed S --first I --calls 1` repeats call I. A worker process runs the calls;
one that dies is started again behind the call that it died in.
"""

import argparse
import fnmatch
from multiprocessing.pool import ThreadPool
import sys
import time
from collections import defaultdict

from . import engine


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.parity", description=__doc__)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", help="only rows that match this pattern, such as 'add*' or '.astype'")
    parser.add_argument("--subject", default="numoxide")
    parser.add_argument("--show", type=int, default=2, help="how many mismatches of each row to print")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    names = [name for name in engine.row_names() if not options.only or any(fnmatch.fnmatchcase(name, part) for part in options.only.split(","))]
    began, found, total = time.monotonic(), defaultdict(list), defaultdict(int)
    share = -(-options.calls // options.jobs)
    jobs = [(options.subject, names, options.seed, options.first + share * job, share) for job in range(options.jobs)]
    with ThreadPool(options.jobs) as pool:
        for name, mismatch in (pair for part in pool.imap_unordered(engine.run_isolated, jobs) for pair in part):
            total[name] += 1
            if mismatch:
                found[name].append(mismatch)
    for name in sorted(found, key=lambda name: -len(found[name])):
        print(f"{name}: {len(found[name])} of {total[name]} calls differ")
        for mismatch in found[name][: options.show]:
            print(f"    {mismatch}")
    wrong = sum(map(len, found.values()))
    print(f"{sum(total.values())} calls of {len(total)} rows, {wrong} differ in {len(found)} rows ({time.monotonic() - began:.0f} s)")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
