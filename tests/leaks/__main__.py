"""Repeat every operation and report those after which memory or reference counts have grown.

    python -m tests.leaks [--calls N] [--only PATTERN] [--library numpy]

`--calls` counts operations in all; a million is the long run.
"""

import argparse
import fnmatch
import gc
import importlib
import sys
import warnings

from .operations import OPERATIONS, namespace

WARM, BLOCKS_ALLOWED, BYTES_A_CALL = 40, 60, 4


def resident():
    """Bytes of memory of this process."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def watched(names):
    """Reference counts of the objects that the operations share."""
    shared = {"None": None, **{key: value for key, value in names.items() if not callable(value)}}
    np = names["np"]
    shared.update({key: getattr(np, key) for key in ("float64", "int64", "ndarray", "add", "dtype")})
    shared.update({f"dtype {kind}": np.dtype(kind) for kind in ("f8", "i8", "?", "O", "f4", "c16", "U1")})
    return {key: sys.getrefcount(value) for key, value in shared.items()}


def grown(run, names, calls):
    """What has grown after so many calls, as text; an empty text if nothing has."""
    for _ in range(WARM):
        run()
    gc.collect()
    counts, blocks, bytes_before = watched(names), sys.getallocatedblocks(), resident()
    for _ in range(calls):
        run()
    gc.collect()
    blocks, bytes_after = sys.getallocatedblocks() - blocks, resident()
    after = watched(names)
    found = [f"references of {key}: {after[key] - n:+d}" for key, n in counts.items() if abs(after[key] - n) > max(30, calls // 4)]
    if blocks > max(BLOCKS_ALLOWED, calls // 4):
        found.append(f"Python blocks: {blocks:+d}")
    if calls >= 5000 and bytes_after - bytes_before > (1 << 20) + BYTES_A_CALL * calls:
        found.append(f"bytes: {bytes_after - bytes_before:+d}")
    return "; ".join(found)


def leaks(library, calls, pattern="*"):
    """The operations that leak, with what they leak."""
    names = namespace(library)
    chosen = {name: code for name, code in OPERATIONS.items() if fnmatch.fnmatch(name, pattern)}
    each = max(WARM, calls // len(chosen))
    found = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, code in chosen.items():
            run = eval(f"lambda: ({code}, None)[1]", names)
            # Growth that a second look does not see was a cache that filled.
            try:
                text = grown(run, names, each) and grown(run, names, each)
            except Exception as error:
                text = f"{type(error).__name__}: {error}"
            if text:
                found[name] = f"{text} in {each} calls"
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=100_000)
    parser.add_argument("--only", default="*")
    parser.add_argument("--library", default="numoxide")
    args = parser.parse_args()
    found = leaks(importlib.import_module(args.library), args.calls, args.only)
    for name, text in found.items():
        print(f"{name}: {text}")
    print(f"{len(OPERATIONS)} operations, {len(found)} leak")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
