# How arrays and scalars print: every kind, summaries, nesting, options.
import numpy as np

print(np.arange(12).reshape(3, 4), repr(np.arange(12.0).reshape(2, 2, 3)))
print(np.array([1e-10, 1.0, 1e10]), np.array([1e200, -1e-200, np.nan, np.inf]), np.array([0.1, 0.25, 1 / 3]))
print(repr(np.array([1.5, 2], np.float32)), repr(np.array([], np.int8)), repr(np.zeros((0, 3))), repr(np.array(7)))
print(np.array([1 + 2j, -0.5j, np.nan]), np.array([True, False]), np.array(["héllo", "w"]), np.array([b"x", b"yy"]))
print(repr(np.array([(1, 2.5, "ab")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")])))
print(np.arange(2000), repr(np.arange(3000).reshape(30, 100) * 1.5), sep="\n")
print(np.array([None, "x", 3, [1]], dtype=object), repr(np.array([object] * 2)))
print(np.float16(1 / 3), np.float32(1 / 3), np.float64(1 / 3), np.float32(16777216), np.float64(1e16), np.float64(1e-5))
print(repr(np.float32(1e20)), repr(np.float64("nan")), repr(np.complex128(1 - 0j)), repr(np.str_("it's")), repr(np.bytes_(b"b")))
for options in (
    {"precision": 3},
    {"suppress": True},
    {"threshold": 5, "edgeitems": 1},
    {"linewidth": 30},
    {"sign": "+"},
    {"floatmode": "fixed", "precision": 2},
    {"formatter": {"float": lambda value: f"<{value:.1f}>"}},
    {"nanstr": "missing", "infstr": "endless"},
):
    with np.printoptions(**options):
        print(options if "formatter" not in options else "formatter")
        print(np.array([1.23456789, -1e-7, 12345.678, np.nan, np.inf, 3.0]), np.linspace(0, 1, 7))
print(np.array2string(np.arange(6) / 7, separator=", ", prefix="    "), np.array_str(np.pi * np.ones(2), precision=2))
print(np.format_float_positional(1e-7), np.format_float_scientific(123456.0, precision=2))
print(np.dtype("i4"), repr(np.dtype([("a", "<f8"), ("b", "S3", 2)])), np.dtype(">u2").str, f"{np.float64(3.14159):.2f}", f"{np.int64(42):05d}")
