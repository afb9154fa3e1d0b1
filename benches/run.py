"""Time the same Python code on NumPy and on numoxide, in turn, in one run.

    python benches/run.py [--only PATTERN] [--threads 1,all] [--seconds S] [--below RATIO] [--subject numoxide]

Prints for every row both times and the ratio (above 1: numoxide is faster), then geometric means and the worst row.
The results go to `benches/results/` as JSON and Markdown, with a description of the machine.
"""

import argparse
import fnmatch
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import bulk  # noqa: F401  (registers its rows)
import rows

HERE = Path(__file__).resolve().parent
WINDOW_SECONDS = 0.02


class Server:
    """A process that times rows with one library, at a number of threads."""

    def __init__(self, lib, threads):
        env = {key: value for key, value in os.environ.items() if key not in ("OPENBLAS_CORETYPE", "NUMOXIDE_AS_NUMPY")}
        for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMOXIDE_NUM_THREADS"):
            env[variable] = str(threads)
        command = [sys.executable, str(HERE / "server.py"), lib]
        self.lib = lib
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, kind, value):
        """One request; raises RowError with the library's own words."""
        try:
            self.process.stdin.write(json.dumps([kind, value]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise RowError(f"{self.lib} ended with status {self.process.wait()}")
        answer = json.loads(line)
        if isinstance(answer, dict):
            raise RowError(f"{self.lib}: {answer['error']}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class RowError(Exception):
    """A row that could not be measured, with the reason."""


def loops_for(server, window):
    """How many calls fill a window."""
    loops = 1
    while True:
        seconds = server.ask("time", loops)
        if seconds >= window / 2:
            return max(1, round(loops * window / seconds))
        loops *= max(2, min(100, int(window / max(seconds, 1e-7))))


def shown(result, below):
    """The line of a result; none for one that is not asked for."""
    if "error" in result:
        return f"{result['row']:42} {result['error']}"
    if below is not None and result["ratio"] >= below and result["agree"]:
        return None
    note = "" if result["agree"] else "  RESULTS DIFFER"
    bandwidth = "  {:.1f} and {:.1f} GB/s".format(*result["gigabytes_per_second"]) if "gigabytes_per_second" in result else ""
    times = f"{seconds_text(result['numpy']):>9} {seconds_text(result['ours']):>9} {result['ratio']:7.2f}"
    return f"{result['row']:42} {times}{bandwidth}{note}"


def measure(name, pair, seconds):
    """Times per call of both libraries in alternating windows: a result row."""
    digests = [server.ask("open", name) for server in pair]
    agree = len(digests[0]) == len(digests[1]) and all(
        math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-6) or (a != a and b != b) for a, b in zip(*digests)
    )
    loops = [loops_for(server, min(WINDOW_SECONDS, seconds)) for server in pair]
    windows, began = ([], []), time.monotonic()
    while len(windows[0]) < 5 or time.monotonic() - began < seconds:
        for server, count, times in zip(pair, loops, windows):
            times.append(server.ask("time", count) / count)
        if len(windows[0]) >= 5 and time.monotonic() - began > 6 * seconds:
            break
    theirs, ours = (statistics.median(times) for times in windows)
    result = {"row": name, "numpy": theirs, "ours": ours, "ratio": theirs / ours, "windows": len(windows[0]), "agree": agree}
    if name.startswith("stream/"):
        moved = rows.STREAM_BYTES[name.partition("/")[2]] * rows.STREAM_LENGTH
        result["gigabytes_per_second"] = [moved / theirs / 1e9, moved / ours / 1e9]
    return result


def machine():
    """What a reader must know to compare: processor, cores, memory, versions."""
    facts = {"system": platform.platform(), "python": platform.python_version(), "processor": platform.processor()}
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() in ("model name", "cache size"):
                facts[key.strip()] = value.strip()
        facts["memory"] = Path("/proc/meminfo").read_text().splitlines()[0].split(":")[1].strip()
        facts["load"] = Path("/proc/loadavg").read_text().split()[0]
    except OSError:
        pass
    facts["cores"] = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return facts


def seconds_text(value):
    for unit, scale in (("s", 1), ("ms", 1e-3), ("us", 1e-6)):
        if value >= scale:
            return f"{value / scale:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"


def geomean(values):
    return math.exp(statistics.fmean(map(math.log, values))) if values else float("nan")


def run(names, threads, options):
    """All rows at one number of threads."""
    results = []
    pair = [Server("numpy", threads), Server(options.subject, threads)]
    for name in names:
        try:
            result = measure(name, pair, options.seconds)
        except RowError as error:
            result = {"row": name, "error": str(error)}
            if "ended with status" in str(error):
                pair = [Server("numpy", threads), Server(options.subject, threads)]
        results.append(result | {"threads": threads})
        if line := shown(result, options.below):
            print(line, flush=True)
    for server in pair:
        server.close()
    return results


def summary(results):
    """Lines with geometric means by group and the worst row."""
    lines = []
    for threads in sorted({result["threads"] for result in results}):
        good = [result for result in results if result["threads"] == threads and "ratio" in result]
        for group in dict.fromkeys(result["row"].partition("/")[0] for result in good):
            ratios = {result["row"]: result["ratio"] for result in good if result["row"].startswith(group + "/")}
            worst = min(ratios, key=ratios.get)
            lines.append(f"{threads} threads, {group}: geomean {geomean(list(ratios.values())):.2f} over {len(ratios)} rows, worst {ratios[worst]:.2f} ({worst})")
        failed = [result["row"] for result in results if result["threads"] == threads and ("error" in result or not result["agree"])]
        if failed:
            lines.append(f"{threads} threads: {len(failed)} rows without a valid result: {', '.join(failed)}")
    return lines


def save(results, lines, facts):
    """Write the result files; their name carries the date."""
    folder = HERE / "results"
    folder.mkdir(exist_ok=True)
    stem = folder / f"local-{time.strftime('%Y%m%d-%H%M%S')}"
    stem.with_suffix(".json").write_text(json.dumps({"machine": facts, "results": results}, indent=1))
    table = ["| row | threads | NumPy | numoxide | ratio |", "|---|---|---|---|---|"]
    for result in results:
        if "ratio" in result:
            cells = [result["row"], result["threads"], seconds_text(result["numpy"]), seconds_text(result["ours"]), f"{result['ratio']:.2f}"]
            table.append("| " + " | ".join(map(str, cells)) + " |")
    text = ["# Benchmark", "", *(f"- {key}: {value}" for key, value in facts.items()), "", *(f"- {line}" for line in lines), "", *table, ""]
    stem.with_suffix(".md").write_text("\n".join(text))
    return stem


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only",
        default="programs/*,small/*,import/*,stream/*",
        help="rows that match one of these patterns, separated by commas; a whole family ('elementwise/*', 'masks/*') takes minutes",
    )
    parser.add_argument("--threads", default="1,all")
    parser.add_argument("--seconds", type=float, default=0.4, help="time for each row and number of threads")
    parser.add_argument("--below", type=float, help="print only rows whose ratio is below this one")
    parser.add_argument("--subject", default="numoxide")
    options = parser.parse_args()
    facts = machine()
    patterns = options.only.split(",")
    names = [name for name in rows.ROWS if any(fnmatch.fnmatch(name, pattern) for pattern in patterns)]
    counts = dict.fromkeys(facts["cores"] if part == "all" else int(part) for part in options.threads.split(","))
    results = []
    for threads in counts:
        print(f"--- {threads} thread{'s' * (threads > 1)}: time of NumPy, of {options.subject}, ratio", flush=True)
        results += run(names, threads, options)
    lines = summary(results)
    print(*lines, sep="\n")
    print(f"written: {save(results, lines, facts).relative_to(HERE.parent)}.md and .json")


if __name__ == "__main__":
    main()
