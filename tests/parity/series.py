"""Rows of the table of calls: the six families of polynomial series, their functions and their classes.

Coefficients are small whole numbers where products are summed, so that the order of the sums does not show.
"""

from .calls import Nested, draw_axis, maybe, rows
from .operands import Call, DType, Name

FAMILIES = {
    "polynomial": ("poly", "Polynomial"), "chebyshev": ("cheb", "Chebyshev"), "legendre": ("leg", "Legendre"),
    "laguerre": ("lag", "Laguerre"), "hermite": ("herm", "Hermite"), "hermite_e": ("herme", "HermiteE"),
}  # fmt: skip
# These sum products in one call.
CONVOLVING = ("polynomial", "chebyshev")
DTYPES = ["f8", "f8", "f8", "f4", "c16", "c8", "i8", "u1", "?", "longdouble", "O"]


def draw_number(rng, whole=False):
    if whole or rng.random() < 0.3:
        return rng.randint(-4, 5)
    return round(rng.gauss(0, 2), rng.randint(1, 12))


def draw_nested(rng, shape, whole):
    if not shape:
        return draw_number(rng, whole)
    return [draw_nested(rng, shape[1:], whole) for _ in range(shape[0])]


def draw_coefficients(rng, ndim=1, whole=False, dtypes=DTYPES):
    """A list of coefficients, or an array of them."""
    values = draw_nested(rng, (rng.randint(1, 7), 2, 3)[:ndim], whole)
    if rng.random() < 0.4:
        return values
    dtype = rng.choice(dtypes)
    values = Nested(Call("abs", (values,))) if dtype == "u1" else values
    return Nested(Call("asarray", (values,), {"dtype": DType(dtype)}))


def draw_points(rng):
    shape = rng.choice([(), (1,), (4,), (2, 3), (40,)])
    values = draw_nested(rng, shape, rng.random() < 0.2)
    return values if rng.random() < 0.3 else Nested(Call("asarray", (values,), {"dtype": DType(rng.choice(["f8", "f4", "c16", "i8"]))}))


def draw_family(rng, name):
    """A module, and the path of one of its functions."""
    module = rng.choice(sorted(FAMILIES))
    return module, f"polynomial.{module}.{FAMILIES[module][0]}{name.partition('_')[2]}"


@rows("series_line series_add series_sub series_mulx series_mul series_div series_pow series_fromroots series_trim", 0.5)
def draw_arithmetic(rng, name):
    module, path = draw_family(rng, name)
    whole = module in CONVOLVING
    first = draw_coefficients(rng, whole=whole)
    if name == "series_line":
        return Call(path, (draw_number(rng), draw_number(rng)))
    if name in ("series_add", "series_sub", "series_mul", "series_div"):
        second = draw_coefficients(rng, whole=whole)
        return Call(path, (second, first) if rng.random() < 0.5 else (first, second))
    if name == "series_pow":
        return Call(path, (first, rng.choice([0, 1, 2, 3, 4, 1.5, -1] + [17] * (module != "polynomial"))), maybe(rng, 0.1, maxpower=3))
    return Call(path, (first,), maybe(rng, 0.5 * (name == "series_trim"), tol=rng.choice([0, 1, 2.5, -1])))


@rows("series_val series_val2d series_val3d series_grid2d series_grid3d", 0.5)
def draw_values(rng, name):
    _, path = draw_family(rng, name)
    count = 1 if name == "series_val" else int(name[-2])
    points = draw_points(rng)
    points = tuple(points if rng.random() < 0.8 else draw_points(rng) for _ in range(count))
    c = draw_coefficients(rng, rng.choice([1, 2, 3]) if count == 1 else count, dtypes=[kind for kind in DTYPES if not kind.startswith("c")])
    return Call(path, (*points, c), maybe(rng, 0.3 * (count == 1), tensor=rng.random() < 0.5))


@rows("series_der series_int", 1)
def draw_calculus(rng, name):
    _, path = draw_family(rng, name)
    ndim = rng.randint(1, 3)
    keys = maybe(rng, 0.5, m=rng.choice([0, 1, 2, 3, -1])) | maybe(rng, 0.3, scl=draw_number(rng)) | maybe(rng, 0.4, axis=draw_axis(rng, ndim, none=False))
    if name == "series_int":
        keys |= maybe(rng, 0.3, k=rng.choice([2, [1], [1.5, 2]])) | maybe(rng, 0.3, lbnd=draw_number(rng))
    return Call(path, (draw_coefficients(rng, ndim),), keys)


@rows("series_vander series_vander2d series_vander3d series_companion series_convert", 0.5)
def draw_tables(rng, name):
    module, path = draw_family(rng, name)
    if name == "series_convert":
        module = rng.choice(sorted(FAMILIES)[:-1])  # all but power series
        prefix = FAMILIES[module][0]
        return Call(f"polynomial.{module}.{rng.choice([f'{prefix}2poly', f'poly2{prefix}'])}", (draw_coefficients(rng),))
    if name == "series_companion":
        return Call(path, (draw_coefficients(rng, dtypes=[kind for kind in DTYPES if kind != "O"]),))
    count = 1 if name == "series_vander" else int(name[-2])
    degrees = [rng.randint(0, 3) for _ in range(count)]
    return Call(path, (*[draw_points(rng)] * count, degrees[0] + rng.randint(-1, 4) if count == 1 else degrees))


def draw_series(rng, family=None):
    """An object of one of the classes."""
    keys = maybe(rng, 0.3, domain=[-2, rng.randint(0, 3)]) | maybe(rng, 0.2, window=[0, 2]) | maybe(rng, 0.2, symbol="t")
    family = family or rng.choice(sorted(FAMILIES))
    return family, Nested(Call(f"polynomial.{FAMILIES[family][1]}", (draw_coefficients(rng, whole=True),), keys))


METHODS = "__call__ __add__ __rsub__ __mul__ __divmod__ __truediv__ __pow__ __eq__ __neg__ __len__ __str__ __repr__ _repr_latex_ __format__ degree cutdeg truncate trim integ deriv mapparms linspace convert has_samecoef has_samedomain"  # fmt: skip


@rows(" ".join(f"series_object_{method}" for method in METHODS.split()), 0.2)
def draw_object(rng, name):
    method = name.removeprefix("series_object_")
    family, series = draw_series(rng)
    other = draw_series(rng, family if rng.random() < 0.8 else None)[1]
    operand = other if rng.random() < 0.6 else draw_coefficients(rng, whole=True)
    if method in ("__neg__", "__len__", "__str__", "__repr__", "_repr_latex_", "degree", "mapparms"):
        return Call(f".{method}", (series,))
    if method in ("__add__", "__rsub__", "__mul__", "__divmod__", "__eq__"):
        return Call(f".{method}", (series, operand))
    choices = {
        "__call__": [0.5, 2, [1, 2], -1j], "__truediv__": [2, 0.5, 0, [1], True], "__pow__": [0, 1, 2, 3, -1, 1.5], "__format__": ["", "ascii", "unicode", "x"],
        "cutdeg": [0, 1, 5, -1], "truncate": [0, 1, 5, 1.5], "trim": [0, 1, -1], "integ": [0, 1, 2], "deriv": [0, 1, 2, -1], "linspace": [0, 1, 5],
        "has_samecoef": [other], "has_samedomain": [other],
    }  # fmt: skip
    if method == "convert":
        return Call(".convert", (series,), {"kind": Name(f"polynomial.{rng.choice(list(FAMILIES.values()))[1]}")} | maybe(rng, 0.5, domain=[0, 4]))
    return Call(f".{method}", (series, rng.choice(choices[method])))
