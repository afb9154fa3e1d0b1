"""Operands as recipes: the same bytes, dtype, shape, strides and flags, built in either library.

A recipe is drawn from a `random.Random`, so a call is fixed by its seed. `build(lib, memo)` makes the operand in
`lib`; the memo makes recipes that share memory share it in both libraries.
"""

import math
import struct
from dataclasses import dataclass, field

BOOL, INTS = "?", ["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"]
FLOATS, COMPLEXES = ["f2", "f4", "f8"], ["c8", "c16"]
NUMBERS = [BOOL, *INTS, *FLOATS, *COMPLEXES]
REAL = [BOOL, *INTS, *FLOATS]
TIMES = ["M8[s]", "M8[D]", "m8[s]", "m8[ms]"]
TEXTS = ["S3", "U2"]
RECORDS = [[("a", "i4"), ("b", "f8")], [("x", "u1"), ("y", "i2"), ("z", "f4", (2,))]]
FORMATS = {"f2": "e", "f4": "f", "f8": "d"}
SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, float("nan"), float("inf"), -float("inf"), 1e-300, 1e300, 5e-324, 3.5, 1e5]


def int_bytes(rng, kind, size, count):
    bits, signed = 8 * size, kind == "i"
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    small = rng.random() < 0.7
    values = []
    for _ in range(count):
        if small or rng.random() < 0.5:
            value = rng.randint(max(low, -5), 6)
        else:
            value = rng.choice([low, high, 0, 1, rng.randint(low, high)])
        values.append(value.to_bytes(size, "little", signed=signed))
    return b"".join(values)


def float_bytes(rng, dtype, count):
    special = rng.random() < 0.35
    values = []
    for _ in range(count):
        value = rng.choice(SPECIAL) if special and rng.random() < 0.3 else rng.choice([rng.gauss(0, 3), float(rng.randint(-4, 4)), rng.random()])
        try:
            values.append(struct.pack("<" + FORMATS[dtype], value))
        except OverflowError:
            values.append(struct.pack("<" + FORMATS[dtype], float("inf")))
    return b"".join(values)


def random_bytes(rng, dtype, count):
    """Little-endian bytes of `count` elements of a dtype string."""
    kind, size = dtype[0], dtype[1:].partition("[")[0]
    if kind == "?":
        return bytes(rng.randint(0, 1) for _ in range(count))
    if kind in "iu":
        return int_bytes(rng, kind, int(size), count)
    if kind == "f":
        return float_bytes(rng, dtype, count)
    if kind == "c":
        return float_bytes(rng, f"f{int(size) // 2}", 2 * count)
    if kind in "mM":
        nat = struct.pack("<q", -(1 << 63))
        return b"".join(nat if rng.random() < 0.1 else struct.pack("<q", rng.randint(-10**6, 10**6)) for _ in range(count))
    width = int(size)
    words = ["".join(rng.choice("ab1 é"[: 5 if kind == "U" else 4]) for _ in range(rng.randint(0, width))) for _ in range(count)]
    if kind == "S":
        return b"".join(word.encode().ljust(width, b"\0") for word in words)
    return b"".join(word.encode("utf-32-le").ljust(4 * width, b"\0") for word in words)


ITEMSIZE = {"?": 1, **{name: int(name[1:]) for name in INTS + FLOATS + COMPLEXES}, **dict.fromkeys(TIMES, 8), "S3": 3, "U2": 8}


@dataclass
class Array:
    """An array over its own buffer, with any strides."""

    dtype: object
    shape: tuple
    strides: tuple
    offset: int
    data: bytes
    swapped: bool = False
    writeable: bool = True

    def build(self, lib, memo):
        if id(self) not in memo:
            dtype = lib.dtype(self.dtype)
            if self.swapped:
                dtype = dtype.newbyteorder(">")
            buffer = bytearray(self.data)
            if not self.writeable:
                buffer = bytes(buffer)
            memo[id(self)] = lib.ndarray(self.shape, dtype, buffer, self.offset, self.strides)
        return memo[id(self)]

    def __repr__(self):
        extra = "".join([", swapped" * self.swapped, ", read-only" * (not self.writeable), f", offset {self.offset}" * bool(self.offset)])
        values = ""
        if math.prod(self.shape) <= 8 and len(self.data) <= 200:
            import numpy

            values = " = " + " ".join(repr(self.build(numpy, {}).tolist()).split())
        return f"array({self.dtype}, {self.shape}, strides {self.strides}{extra}){values}"


@dataclass
class View:
    """A view of another operand, to make overlaps."""

    of: object
    index: object

    def build(self, lib, memo):
        return self.of.build(lib, memo)[self.index]


@dataclass
class Scalar:
    """A NumPy scalar of a dtype."""

    of: Array

    def build(self, lib, memo):
        return self.of.build(lib, memo)[()]

    def __repr__(self):
        return f"scalar {self.of!r}"


@dataclass
class Name:
    """An attribute of the library: a ufunc, a type, `newaxis`."""

    path: str

    def build(self, lib, memo):
        value = lib
        for part in self.path.split("."):
            value = getattr(value, part)
        return value

    def __repr__(self):
        return f"np.{self.path}"


@dataclass
class DType:
    """A dtype object."""

    spec: object

    def build(self, lib, memo):
        return lib.dtype(self.spec)

    def __repr__(self):
        return f"dtype({self.spec!r})"


@dataclass
class Call:
    """`np.path(*args, **kwargs)`, or a method of the first argument where the path begins with a dot."""

    path: str
    args: tuple = ()
    kwargs: dict = field(default_factory=dict)
    watch: tuple = ()  # operands whose contents count as results too
    ulp: int = 0
    unordered: bool = False

    def run(self, lib):
        memo = {}
        args = build(list(self.args), lib, memo)
        kwargs = {key: build(value, lib, memo) for key, value in self.kwargs.items()}
        if self.path.startswith("."):
            function = getattr(args.pop(0), self.path[1:])
        else:
            function = Name(self.path).build(lib, memo)
        watched = [build(operand, lib, memo) for operand in self.watch]
        return lambda: (function(*args, **kwargs), watched)

    def __repr__(self):
        parts = [*map(repr, self.args), *(f"{key}={value!r}" for key, value in self.kwargs.items())]
        return f"{self.path}({', '.join(parts)})"


def build(value, lib, memo):
    """`value` with every recipe in it built."""
    if hasattr(value, "build"):
        return value.build(lib, memo)
    if type(value) in (list, tuple):
        return type(value)(build(item, lib, memo) for item in value)
    return value


def draw_shape(rng, ndim=None, limit=4):
    """A small shape; now and then with a 0 or a 1, now and then with a long axis."""
    if ndim is None:
        ndim = rng.choice([0, 1, 1, 1, 2, 2, 2, 3, 3, 4])
    shape = [rng.choice([0, 1, 1, 2, 3, 3, 4, 5, 7][: 9]) if rng.random() < 0.8 else rng.randint(2, 6) for _ in range(ndim)]
    if rng.random() < 0.9:
        shape = [extent or 2 for extent in shape]
    if ndim == 1 and rng.random() < 0.25:
        shape[0] = rng.choice([8, 15, 16, 17, 31, 33, 64, 100, 129, 300, 1025])
    if ndim == 2 and rng.random() < 0.1:
        shape[rng.randrange(2)] = rng.choice([17, 64, 130])
    return tuple(shape)


def draw_array(rng, dtypes=None, shape=None, plain=False):
    """An array of a random dtype in a random layout."""
    dtype = rng.choice(dtypes or NUMBERS)
    shape = draw_shape(rng) if shape is None else tuple(shape)
    if isinstance(dtype, list):
        return draw_record(rng, dtype, shape)
    size = ITEMSIZE[dtype]
    layout = "C" if plain else rng.choice(["C", "C", "C", "F", "step", "reversed", "permuted", "broadcast", "unaligned"])
    order = list(range(len(shape)))
    if layout in ("F", "permuted"):
        order = order[::-1] if layout == "F" else rng.sample(order, len(order))
    extents, factor = list(shape), 2 if layout == "step" else 1
    repeated = {rng.randrange(len(shape))} if layout == "broadcast" and shape else set()
    strides, step = [0] * len(shape), size
    for axis in reversed(order):
        if axis in repeated:
            continue
        strides[axis] = step * factor
        step *= max(extents[axis], 1) * factor
    offset = unaligned = 1 if layout == "unaligned" else 0
    for axis in range(len(shape)):
        if layout == "reversed" and rng.random() < 0.6 and extents[axis] > 0:
            offset += strides[axis] * (extents[axis] - 1)
            strides[axis] = -strides[axis]
    data = b"\0" * unaligned + random_bytes(rng, dtype, step // size + 1)
    swapped = not plain and size > 1 and dtype[0] not in "SU?" and rng.random() < 0.08
    if swapped:
        part = size // 2 if dtype[0] == "c" else size
        body = data[unaligned:]
        data = data[:unaligned] + b"".join(body[at : at + part][::-1] for at in range(0, len(body), part))
    writeable = layout != "broadcast" and rng.random() > 0.04
    return Array(dtype, shape, tuple(strides), offset, data, swapped, writeable)


def draw_record(rng, dtype, shape):
    count, columns = 1, []
    for extent in shape:
        count *= extent
    for _ in range(count):
        for _, kind, *sub in dtype:
            columns.append(random_bytes(rng, kind, sub[0][0] if sub else 1))
    data = b"".join(columns)
    size = sum(ITEMSIZE[kind] * (sub[0][0] if sub else 1) for _, kind, *sub in dtype)
    strides, step = [], size
    for extent in reversed(shape):
        strides.insert(0, step)
        step *= max(extent, 1)
    return Array(dtype, shape, tuple(strides), 0, data + b"\0" * size)


def draw_operand(rng, dtypes=None, shape=None):
    """An array mostly; else a Python number, a list or a NumPy scalar."""
    chance = rng.random()
    if chance < 0.1:
        return draw_python(rng)
    if chance < 0.17:
        return Scalar(draw_array(rng, dtypes, (), plain=True))
    if chance < 0.2:
        return [rng.randint(-3, 9) for _ in range(shape[-1] if shape else 3)]
    return draw_array(rng, dtypes, shape)


def draw_python(rng):
    return rng.choice([0, 1, 2, -1, 3, 7, 100, 300, -200, 1.5, -0.5, 0.0, 1e10, True, False, 2j, 1 + 1j, 2**40, float("nan")])


def broadcastable(rng, shape):
    """A shape that broadcasts with `shape` (or, rarely, does not)."""
    chance = rng.random()
    if chance < 0.55 or not shape:
        return shape
    if chance < 0.6:
        return draw_shape(rng)
    partner = [1 if rng.random() < 0.4 else extent for extent in shape]
    return tuple(partner[rng.randint(0, len(partner)) :])
