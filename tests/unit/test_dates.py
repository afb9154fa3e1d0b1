"""Business days, text of dates, hashes and pickles of dates are NumPy's; both libraries run the same calls."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRELUDE = """
import datetime, pickle, sys
from zoneinfo import ZoneInfo
import numpy as np
days = np.arange("2011-06-25", "2011-07-12", dtype="M8[D]")
minutes = np.arange("2002-10-27T04:30", 4 * 60, 60, dtype="M8[m]")
some = np.busdaycalendar("Mon Wed Sat", ["2011-07-04", "2011-06-29", "NaT"])
def show(text):
    try:
        made = eval(text)
        print(text, repr(made), getattr(made, "dtype", None), getattr(made, "strides", None))
    except Exception as error:
        print(text, type(error).__name__, error)
"""
CALLS = {
    "is_busday": """
        np.is_busday(days) | np.is_busday(days, busdaycal=some) | np.is_busday(days.reshape(1, -1).T, "SatSun")
        np.is_busday("2011", out=np.zeros((), "i8")) | np.is_busday(np.array(5)) | np.is_busday("2011", out=np.zeros((), "S1"))
    """,
    "busday_offset": """
        np.busday_offset(days, np.arange(-8, 9), "forward") | np.busday_offset(days, 3, roll="preceding", busdaycal=some)
        np.busday_offset(days, -2, roll="nat", holidays=["2011-07-04"]) | np.busday_offset(days, 0, "modifiedfollowing", "Sun")
        np.busday_offset("2011-06-04", 0) | np.busday_offset("2011-06", 0, roll="x") | np.busday_offset("2011-06", [1], out=[1])
        np.busday_offset("2011-06-03", 1, weekmask="11") | np.busday_offset("2011-06-03", 1, weekmask=[0] * 7)
        np.busday_offset("2011-06-03", 1, holidays="2011-06-06") | np.busday_offset("2011-06-03", np.array([1.5]))
        np.busday_offset("2011-06-03", 1, busdaycal=some, holidays=[]) | np.busday_offset("2011-06-03", 2**62)
    """,
    "busday_count": """
        np.busday_count("2011-06-25", days) | np.busday_count(days, "2011-07-01", busdaycal=some)
        np.busday_count("2011", ["2012", "NaT"]) | np.busday_count("2011", "2012", out=np.zeros((), "f8"))
    """,
    "datetime_as_string": """
        np.datetime_as_string(minutes) | np.datetime_as_string(minutes, "auto") | np.datetime_as_string(minutes, "ns", "UTC")
        np.datetime_as_string(minutes, timezone=ZoneInfo("US/Eastern")) | np.datetime_as_string(minutes, "D", casting="safe")
        np.datetime_as_string(days.reshape(1, -1).T, "h", timezone="UTC") | np.datetime_as_string(days[0], timezone="local")
        np.datetime_as_string(minutes, "zz") | np.datetime_as_string(5) | np.datetime_as_string(minutes, timezone="x")
    """,
    "datetime_data": """
        np.datetime_data("M8") | np.datetime_data("m8[5D]") | np.datetime_data("i4")
    """,
    "correlate": """
        np.correlate([1, 2, 3], [0, 1, 0.5], "full") | np.correlate([1j, 2], [1, 2, 3j], "same") | np.correlate([1], [2], "foo")
        np.convolve(np.array([1, 2], "i1"), np.array([100, 2], "i1")) | np.correlate([True, False], [True, True], "full")
        np.convolve(np.array([1, 2, 3], object), [1, 2]) | np.correlate([], [1])
    """,
}


def outcome(code, ours):
    """What a program prints on one of the two libraries."""
    env = {key: value for key, value in os.environ.items() if key not in ("NUMOXIDE_AS_NUMPY", "PYTHONPATH")}
    if ours:
        env.update(NUMOXIDE_AS_NUMPY="1", PYTHONPATH=str(ROOT / "python" / "numoxide" / "_startup"))
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", CALLS)
def test_same_as_numpy(name):
    calls = [call.strip() for line in CALLS[name].strip().splitlines() for call in line.split(" | ")]
    code = PRELUDE + "".join(f"show({call!r})\n" for call in calls)
    assert outcome(code, True) == outcome(code, False)
