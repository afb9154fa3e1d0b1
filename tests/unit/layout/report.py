"""Prints what the compiled probe reads; the same text is due on NumPy and on numoxide."""

import sys

import numpy as np
import probe


def show(name, function, *args):
    try:
        answer = function(*args)
    except Exception as error:
        answer = (type(error).__name__, str(error))
    print(name, repr(answer).replace("numoxide.", "numpy."))


show("versions", probe.versions)
show("bools", lambda: [a is b for a, b in zip(probe.bools(), (np.False_, np.True_))])
for name, have, declared, base, collected in probe.sizes():
    # The ufunc struct may be larger than what the headers declare.
    show(name, lambda: (min(have, declared), declared, base, collected))

base = np.arange(24.0).reshape(2, 3, 4)
record = np.dtype([("a", "<i4"), ("b", "f8", (2,)), (("title", "c"), "S3")])
arrays = {
    "c": base,
    "turned": base[::-1, :, ::2],
    "transposed": base.T,
    "fortran": np.asfortranarray(base),
    "empty": np.empty((0, 3)),
    "0d": np.array(7),
    "broadcast": np.broadcast_to(base[0], (2, 3, 4)),
    "swapped": np.arange(3, dtype=">i2"),
    "records": np.zeros(2, record),
    "field": np.zeros(2, record)["b"],
    "text": np.array(["ab", "c"]),
    "bytes": np.array([b"ab", b"c"]),
    "objects": np.array([1, None]),
    "dates": np.array(["2001-02-03"], "M8[D]"),
    "unaligned": np.zeros(17, "u1")[1:].view("f8"),
}
for name, a in arrays.items():
    show(f"array {name}", probe.array, a)
    show(f"address {name}", lambda: probe.address(a) == a.__array_interface__["data"][0])
    show(f"descr {name}", probe.descr, a.dtype)
    show(f"class {name}", probe.class_of, a.dtype)
    if a.ndim == 1 and a.size > 1 and a.dtype.names is None:
        show(f"item {name}", lambda: (probe.get_and_set(a), a.tolist()))
for code in "?bBhHiIlLqQefdgFDGOSUVMm":
    show(f"descr {code}", probe.descr, np.dtype(code))
    show(f"class {code}", probe.class_of, np.dtype(code))
for text in ("m8[25s]", "M8[ns]", "S7", "U7", "V9", ">f8", "(2,3)i4", "i4,f8"):
    show(f"descr {text}", probe.descr, np.dtype(text))

scalars = [np.True_, np.int8(-3), np.int16(4), np.int32(5), np.int64(6), np.longlong(7), np.uint8(8)]
scalars += [np.uint64(2**63), np.float16(1.5), np.float32(2.5), np.float64(3.5), np.longdouble(4.5)]
scalars += [np.complex64(1 + 2j), np.complex128(3 - 4j), np.datetime64("2001-02-03T04", "h"), np.timedelta64(5, "us")]
scalars += [np.bytes_(b"abc"), np.str_("abc"), np.void(b"xyz"), np.zeros(1, record)[0]]
for s in scalars:
    show(f"scalar {s!r}", probe.scalar, s)

for name in ("add", "sqrt", "divmod", "isnan", "equal", "matmul", "frexp", "logical_and"):
    u = getattr(np, name)
    nin, nout, nargs, ntypes, own, types, core, flags = probe.ufunc(u)
    show(f"ufunc {name}", lambda: (nin, nout, nargs, own, core, flags, types == u.types, ntypes == len(u.types)))
out = np.zeros(4)
show("loop", lambda: (probe.run_loop(np.multiply, np.arange(4.0), np.arange(8.0)[::2], out), out.tolist()))

for name in ("c", "turned", "transposed", "empty", "broadcast"):
    show(f"iterate {name}", probe.iterate, arrays[name])
for axis in (-1, 0, 1, 2):
    show(f"all but axis {axis}", probe.all_but_axis, base, axis)
show("broadcast", probe.broadcast, np.arange(3.0), np.arange(2.0)[:, None])
show("mismatch", probe.broadcast, np.arange(3.0), np.arange(2.0))
for mode in range(5):
    show(f"neighbours {mode}", probe.neighbours, np.arange(6.0).reshape(2, 3), mode)
show("wrap", lambda: (probe.wrap().tolist(), probe.wrap().flags.owndata))

C, F, FORCE, COPY, EXACT, ALIGNED, NATIVE, WRITE = 0x1, 0x2, 0x10, 0x20, 0x40, 0x100, 0x200, 0x400
for name in ("c", "transposed", "swapped", "unaligned", "broadcast", "0d"):
    a = arrays[name]
    for flags in (0, C, F, COPY, ALIGNED, NATIVE, WRITE, C | ALIGNED | WRITE):
        made = probe.from_any(a, -1, 0, 0, flags)
        show(f"from {name} {flags:#x}", lambda: (made is a, made.flags.num, made.strides, made.dtype, made.tolist()))
for ob, num, low, high, flags in [
    ([1, 2], 12, 0, 0, 0), ([1.5], 5, 0, 0, 0), (np.array([1.5]), 5, 0, 0, 0), (np.array([1.5]), 5, 0, 0, FORCE),
    ([[1]], -1, 0, 1, 0), ([1], -1, 2, 0, 0), ("text", -1, 0, 0, 0), (np.ma.array([1]), -1, 0, 0, EXACT),
]:
    show(f"from {ob!r} as {num} {low} {high} {flags:#x}", probe.from_any, ob, num, low, high, flags)

from numpy._core.multiarray import get_handler_name, get_handler_version  # noqa: E402


def under_handler():
    """Small, large, zeroed, resized and copied arrays of the handler in force."""
    made = [np.ones(3), np.zeros(1000), np.arange(5).copy(), np.array("text"), np.empty((2, 0))]
    made[1].resize(2000)
    names = [(get_handler_name(a), get_handler_version(a)) for a in made]
    return names, get_handler_name(), [a.sum() for a in made[:3]]


show("handler", lambda: probe.counted(under_handler))
show("handler later", lambda: (probe.in_use(), get_handler_name(), get_handler_name(np.ones(3))))
kept, _, _ = probe.counted(lambda: np.ones(4))
show("handler kept", lambda: (get_handler_name(kept), get_handler_name(kept[1:]), probe.in_use()))
del kept
show("handler freed", probe.in_use)

for name in ("c", "turned", "transposed", "empty", "broadcast", "swapped", "unaligned", "0d"):
    for size in (0, 1, 5):
        show(f"chunks {name} {size}", probe.chunks, arrays[name], size)
for name in ("c", "turned", "transposed"):
    show(f"places {name}", probe.places, arrays[name][:, :2])
sys.stdout.flush()
