"""Print the table of errors: `python -m tests.accuracy --points 1000000`; the status tells whether all are within the bound."""

import argparse
import sys

from tests.accuracy import failures

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--points", type=int, default=1_000_000)
bad, table = failures(parser.parse_args().points, slack=0.05)
print(*table, sep="\n")
print(*bad, sep="\n", file=sys.stderr)
sys.exit(bool(bad))
