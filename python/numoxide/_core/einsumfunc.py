"""Sums of products after Einstein's convention."""

from string import ascii_letters

from numoxide._core import _einsumpath
from numoxide._core import umath as um
from numoxide._core.multiarray import can_cast, result_type
from numoxide._core.multiarray import dtype as _dtype
from numoxide._core.numeric import asanyarray, asarray, matmul, ndarray, nditer, transpose
from numoxide._core.overrides import public

__all__ = ["einsum", "einsum_path"]

_SYMBOLS = ascii_letters
_RULES = ("no", "equiv", "safe", "same_kind", "unsafe")
_PREFIX = "einstein sum subscripts string "


def _sublist_text(sublist):
    """Turn a list of labels into letters."""
    text = ""
    for item in sublist:
        if item is Ellipsis:
            text += "..."
            continue
        try:
            number = item.__index__()
        except AttributeError:
            raise TypeError("each subscript must be either an integer or an ellipsis") from None
        if not 0 <= number < 52:
            raise ValueError("subscript is not within the valid range [0, 52)")
        # Lists count capitals first.
        text += (_SYMBOLS[26:] + _SYMBOLS[:26])[number]
    return text


def _split_call(operands):
    """Split a call into (subscripts, operands)."""
    if not operands:
        raise ValueError(
            "must specify the einstein sum subscripts string and at least one operand, or at "
            "least one operand and its corresponding subscripts list"
        )
    if isinstance(operands[0], (str, bytes)):
        text = operands[0].decode() if isinstance(operands[0], bytes) else operands[0]
        if len(operands) < 2:
            raise ValueError("must specify the einstein sum subscripts string and at least one operand")
        return "".join(text.split()), [asanyarray(op) for op in operands[1:]]
    if len(operands) < 2:
        raise ValueError("must provide at least an operand and a subscripts list to einsum")
    pairs = len(operands) // 2
    arrays = [asanyarray(operands[2 * i]) for i in range(pairs)]
    text = ",".join(_sublist_text(operands[2 * i + 1]) for i in range(pairs))
    if len(operands) % 2:
        text += "->" + _sublist_text(operands[-1])
    return text, arrays


def _check_letters(text, place):
    """Refuse what is neither a letter nor an ellipsis."""
    plain = text.replace("...", "", 1)
    for char in plain:
        if char == ".":
            raise ValueError(
                f"{_PREFIX}contains a '.' that is not part of an ellipsis ('...') in {place}"
            )
        if char not in _SYMBOLS:
            raise ValueError(
                f"invalid subscript '{char}' in {_PREFIX.rstrip()}, subscripts must be letters"
            )


def _operand_labels(text, array, number):
    """Label the axes of an operand; those of an ellipsis count down from -1 at the last."""
    _check_letters(text, f"operand {number}")
    letters = text.replace("...", "", 1)
    spare = array.ndim - len(letters)
    if spare < 0:
        raise ValueError(f"{_PREFIX}contains too many subscripts for operand {number}")
    if "..." not in text:
        if spare:
            raise ValueError(
                "operand has more dimensions than subscripts given in einstein sum, but no '...' "
                "ellipsis provided to broadcast the extra dimensions."
            )
        return list(text)
    before, after = text.split("...")
    return [*before, *range(-spare, 0), *after]


def _parse(text, arrays):
    """Turn subscripts into labels of each operand and of the output."""
    head, arrow, tail = text.partition("->")
    if not arrow and "-" in text:
        at = text.index("-")
        if text[at + 1 : at + 2] != ">":
            raise ValueError("einstein sum subscript string does not contain proper '->' output specified")
    terms = head.split(",")
    if len(terms) > len(arrays):
        raise ValueError("more operands provided to einstein sum function than specified in the subscripts string")
    if len(terms) < len(arrays):
        raise ValueError("fewer operands provided to einstein sum function than specified in the subscripts string")
    labels = [_operand_labels(term, a, i) for i, (term, a) in enumerate(zip(terms, arrays, strict=True))]
    seen = [label for term in labels for label in term]
    dots = sorted({label for label in seen if isinstance(label, int)})
    if not arrow:
        once = sorted({x for x in seen if isinstance(x, str) and seen.count(x) == 1})
        return labels, [*dots, *once]
    return labels, _output_labels(tail, seen, dots)


def _output_labels(tail, seen, dots):
    """Label the axes of the output as the subscripts ask."""
    _check_letters(tail, "the output")
    letters = tail.replace("...", "", 1)
    for char in letters:
        if letters.count(char) > 1:
            raise ValueError(f"{_PREFIX}includes output subscript '{char}' multiple times")
        if char not in seen:
            raise ValueError(
                f"{_PREFIX}included output subscript '{char}' which never appeared in an input"
            )
    if "..." not in tail:
        if dots:
            raise ValueError(
                "output has more dimensions than subscripts given in einstein sum, but no '...' "
                "ellipsis provided to broadcast the extra dimensions."
            )
        return list(tail)
    before, after = tail.split("...")
    return [*before, *dots, *after]


def _diagonals(array, labels, number):
    """Take diagonals until no label repeats."""
    labels = list(labels)
    writeable = array.flags.writeable
    for label in dict.fromkeys(labels):
        while labels.count(label) > 1:
            first = labels.index(label)
            second = labels.index(label, first + 1)
            n, m = array.shape[first], array.shape[second]
            if n != m and 1 not in (n, m):
                raise ValueError(
                    f"dimensions in operand {number} for collapsing index '{label}' don't match ({n} != {m})"
                )
            if n != m:
                narrow = first if n == 1 else second
                array = array[(*(0 if i == narrow else slice(None) for i in range(array.ndim)), Ellipsis)]
                del labels[narrow]
                continue
            array = array.diagonal(axis1=first, axis2=second)
            array.flags.writeable = writeable
            labels = [x for i, x in enumerate(labels) if i not in (first, second)] + [label]
    return array, labels


def _sizes(arrays, terms, output):
    """Find the length of every label; refuse lengths that do not go together."""
    sizes = {}
    for array, labels in zip(arrays, terms, strict=True):
        for label, n in zip(labels, array.shape, strict=True):
            known = sizes.get(label, 1)
            if known != 1 and n not in (1, known):
                _refuse_shapes(arrays, terms, output)
            if known == 1:
                sizes[label] = n
    return sizes


def _refuse_shapes(arrays, terms, output):
    """Say which shapes do not broadcast."""
    order = [*output, *sorted({x for term in terms for x in term if x not in output}, key=str)]
    shown = []
    for array, labels in zip(arrays, terms, strict=True):
        place = {label: n for label, n in zip(labels, array.shape, strict=True)}
        mapped = [str(place.get(label, "newaxis")) for label in order]
        while mapped and mapped[0] == "newaxis":
            mapped.pop(0)
        one = "," if len(mapped) == 1 else ""
        shape = str(array.shape).replace(" ", "")
        shown.append(f"{shape}->({','.join(mapped)}{one}) ")
    raise ValueError(
        "operands could not be broadcast together with remapped shapes [original->remapped]: "
        + "".join(shown)
    )


def _without(array, labels, drop):
    """Take index 0 along some labels."""
    index = tuple(0 if label in drop else slice(None) for label in labels)
    return array[(*index, Ellipsis)], [label for label in labels if label not in drop]


def _sum_out(array, labels, keep):
    """Add up along the labels that nobody needs any more."""
    axes = tuple(i for i, label in enumerate(labels) if label not in keep)
    if not axes:
        return array, labels
    left = [label for label in labels if label in keep]
    return um.add.reduce(array, axis=axes, dtype=array.dtype.newbyteorder("="), out=...), left


def _arrange(array, labels, order):
    """Put axes in an order."""
    if labels == order:
        return array
    return array.transpose([labels.index(label) for label in order])


def _pair(a, la, b, lb, keep):
    """Multiply two operands and add up along what is not kept: (array, labels)."""
    wide = {x for x, n in zip(la, a.shape, strict=True) if n != 1}
    wide |= {x for x, n in zip(lb, b.shape, strict=True) if n != 1}
    # A length of one against a longer one is a broadcast: the label belongs to the other alone.
    a, la = _without(a, la, {x for x, n in zip(la, a.shape, strict=True) if n == 1 and x in lb and x in wide})
    b, lb = _without(b, lb, {x for x, n in zip(lb, b.shape, strict=True) if n == 1 and x in la and x in wide})
    both = [x for x in la if x in lb]
    a, la = _sum_out(a, la, keep | set(lb))
    b, lb = _sum_out(b, lb, keep | set(la))
    batch = [x for x in both if x in keep]
    inner = [x for x in both if x not in keep]
    left = [x for x in la if x not in both]
    right = [x for x in lb if x not in both]
    a = _arrange(a, la, batch + left + inner)
    b = _arrange(b, lb, batch + inner + right)
    shape = a.shape[: len(batch) + len(left)] + b.shape[len(batch) + len(inner) :]
    nb, nl, ni = len(batch), len(left), len(inner)
    if inner and a.dtype.char in "OgG":  # what matrix products leave to plain loops
        a = a.reshape(a.shape[:nb + nl] + (1,) * len(right) + a.shape[nb + nl :])
        b = b.transpose([*range(nb), *range(nb + ni, b.ndim), *range(nb, nb + ni)])
        b = b.reshape(b.shape[:nb] + (1,) * nl + b.shape[nb:])
        axes = tuple(range(-ni, 0))
        return um.add.reduce(um.multiply(a, b, out=...), axis=axes, out=...), batch + left + right
    if not inner:
        a = a.reshape(a.shape + (1,) * len(right))
        b = b.reshape(b.shape[:nb] + (1,) * nl + b.shape[nb:])
        return um.multiply(a, b, out=...), batch + left + right
    a = a.reshape(a.shape[:nb] + _rows(a.shape, nb, nl))
    b = b.reshape(b.shape[:nb] + _rows(b.shape, nb, ni))
    result = asarray(matmul(a, b))
    return (result if result.shape == shape else result.reshape(shape)), batch + left + right


def _rows(shape, start, count):
    """Merge the axes behind a batch into two: `count` of them, and the rest."""
    first = second = 1
    for n in shape[start : start + count]:
        first *= n
    for n in shape[start + count :]:
        second *= n
    return (first, second)


def _view(array, labels, output):
    """Show the one operand in the order of the output."""
    return transpose(array, [labels.index(label) for label in output])


def _working_dtype(arrays, dtype, out, casting):
    """Find the dtype to compute in; refuse casts that the rule forbids."""
    if casting not in _RULES:
        rules = ", ".join(map(repr, _RULES))
        raise ValueError(f"casting must be one of {rules} (got {casting!r})")
    kind = result_type(*(a.dtype for a in arrays)) if dtype is None else _dtype(dtype)
    for number, array in enumerate(arrays):
        if not can_cast(array.dtype, kind, casting=casting):
            raise TypeError(
                f"Iterator operand {number} dtype could not be cast from {array.dtype!r} to "
                f"{kind!r} according to the rule '{casting}'"
            )
    if out is not None and not can_cast(kind, out.dtype, casting=casting):
        raise TypeError(
            f"Iterator requested dtype could not be cast from {kind!r} to {out.dtype!r}, the "
            f"operand {len(arrays)} dtype, according to the rule '{casting}'"
        )
    return kind


def _is_product(terms, keep):
    """Tell whether two operands make a (stacked) matrix product: they share labels to sum over."""
    if len(terms) != 2 or any(len(set(term)) != len(term) for term in terms):
        return False
    return bool((set(terms[0]) & set(terms[1])) - keep)


def _evaluate_path(arrays, terms, output, path, kind, order):
    """Contract operands along a path; in a step the last of its operands comes first."""
    arrays, terms = list(arrays), [list(term) for term in terms]
    for positions in path:
        picked = [(arrays.pop(i), terms.pop(i)) for i in sorted(positions, reverse=True)]
        some, labels = [array for array, _ in picked], [term for _, term in picked]
        keep = set(output).union(*terms)
        if len(some) == 2:
            # What one operand has alone is added up first, in that operand's own dtype.
            pairs = [_sum_out(x, own, keep | set(other)) for x, own, other in zip(some, labels, labels[::-1])]
            some, labels = [array for array, _ in pairs], [own for _, own in pairs]
        wanted = output if not terms else [x for x in dict.fromkeys(sum(labels, [])) if x in keep]
        product = _is_product(labels, keep)
        fresh = None if product or not wanted else _laid_out(some, labels, wanted, kind, order)
        some = [asarray(array).astype(kind, copy=False) for array in some]
        result, left = _evaluate(some, labels, wanted, [tuple(range(len(some)))])
        if fresh is not None:
            fresh[...] = _arrange(asarray(result), left, wanted)
            result, left = fresh, wanted
        arrays.append(result)
        terms.append(left)
    return arrays[0], terms[0], product


def _evaluate(arrays, terms, output, path):
    """Contract operands along a path; operands stand first in a pair as in the path."""
    arrays, terms = list(arrays), [list(term) for term in terms]
    for positions in path:
        picked = [(arrays.pop(i), terms.pop(i)) for i in sorted(positions, reverse=True)][::-1]
        array, labels = picked[0]
        for number, (other, other_labels) in enumerate(picked[1:], 1):
            later = [term for _, term in picked[number + 1 :]] + terms
            keep = set(output).union(*later)
            array, labels = _pair(array, labels, other, other_labels, keep)
        array, labels = _sum_out(array, labels, set(output).union(*terms))
        arrays.append(array)
        terms.append(labels)
    return arrays[0], terms[0]


def _finish(result, labels, output, sizes, kind, order, out):
    """Bring a result into the output's order, memory and dtype."""
    result = _arrange(asarray(result), labels, output)
    if out is not None:
        if out.ndim != len(output):
            raise ValueError(
                "out parameter does not have the correct number of dimensions, has "
                f"{out.ndim} but should have {len(output)}"
            )
        out[...] = result.astype(kind, copy=False)
        return out
    result = result.astype(kind, copy=False)
    if order in "CF":
        result = asarray(result, order=order)
    return result if output else result[()]


def c_einsum(*operands, out=None, dtype=None, order="K", casting="safe", path=None):
    """Evaluate an Einstein sum, from left to right or along a path."""
    text, arrays = _split_call(operands)
    if not isinstance(order, str) or order.upper() not in ("C", "F", "A", "K"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")
    order = order.upper()
    terms, output = _parse(text, arrays)
    if out is not None and not isinstance(out, ndarray):
        raise TypeError("out must be an array")
    # Along a path the last step is a product of its own, whose casts are not checked here.
    kind = _working_dtype(arrays, dtype, out if path is None else None, casting)
    reduced = [_diagonals(a, term, i) for i, (a, term) in enumerate(zip(arrays, terms, strict=True))]
    arrays, terms = [a for a, _ in reduced], [term for _, term in reduced]
    sizes = _sizes(arrays, terms, output)
    single = len(arrays) == 1 and out is None
    if single and set(terms[0]) == set(output) and kind == arrays[0].dtype and order in "KA":
        shown = _view(arrays[0], terms[0], output)
        return shown if output else shown[()]
    given = arrays
    arrays = [asarray(a).astype(kind, copy=False) for a in arrays]
    if single and set(terms[0]) == set(output):
        arrays = [arrays[0].copy()]
    if path is None:
        path = [tuple(range(len(arrays)))]
        if out is None and output:
            # The order of iteration over the operands decides how the result lies in memory.
            fresh = _laid_out(given, terms, output, kind, order)
            result, labels = _evaluate(arrays, terms, output, path)
            return _finish(result, labels, output, sizes, kind, "K", fresh)
        result, labels = _evaluate(arrays, terms, output, path)
    else:
        result, labels, product = _evaluate_path(given, terms, output, path, kind, order)
        if product and not output and out is None:
            return asarray(result).astype(kind, copy=False).view()  # no scalar out of a product
    return _finish(result, labels, output, sizes, kind, order, out)


def _laid_out(arrays, terms, output, kind, order):
    """Make an array for the result whose axes lie in memory as those of the operands do."""
    labels = [*output, *dict.fromkeys(x for term in terms for x in term if x not in output)]
    axes = [[term.index(x) if x in term else -1 for x in labels] for term in terms]
    axes.append([i if i < len(output) else -1 for i in range(len(labels))])
    flags = ["buffered", "delay_bufalloc", "reduce_ok", "refs_ok", "zerosize_ok"]
    uses = [["readonly"]] * len(arrays) + [["readwrite", "allocate", "no_subtype"]]
    return nditer([*arrays, None], flags, uses, [kind] * (len(arrays) + 1), order, "unsafe", axes).operands[-1]


_KEYWORDS = ("dtype", "order", "casting")
_PRODUCT_CODES = frozenset("?bBhHiIlLqQefdFD")
# What subscripts of two operands with one label in common ask of a matrix product; None for others.
_PRODUCTS = {}


def _read_product(text):
    """Read subscripts: (axes and summed axis of each operand, axes of the output), or None."""
    head, arrow, output = text.partition("->")
    first, comma, second = head.partition(",")
    letters = first + second
    if not (arrow and comma and letters.isascii() and letters.isalpha()):
        return None
    shared = set(first) & set(second)
    simple = len(first) in (1, 2) and len(second) in (1, 2) and len(set(first)) == len(first)
    if not simple or len(set(second)) != len(second) or len(shared) != 1:
        return None
    (label,) = shared
    if output != letters.replace(label, ""):
        return None
    if len(output) == 2 and first[0] == second[1] == label:
        # The result of two transposed matrices lies transposed in memory.
        return None
    return len(first), first.index(label), len(second), second.index(label), len(output)


def _plain_product(text, a, b):
    """Give the sum over the one common label of two plain arrays of one dtype, else None."""
    if type(a) is not ndarray or type(b) is not ndarray or type(text) is not str:
        return None
    try:
        plan = _PRODUCTS[text]
    except KeyError:
        if len(_PRODUCTS) > 1000:
            _PRODUCTS.clear()
        plan = _PRODUCTS[text] = _read_product(text)
    if plan is None or a.dtype is not b.dtype or a.dtype.char not in _PRODUCT_CODES:
        return None
    a_axes, a_sum, b_axes, b_sum, axes = plan
    if a.ndim != a_axes or b.ndim != b_axes or a.shape[a_sum] != b.shape[b_sum]:
        return None
    if axes == 2 and not (a.flags.c_contiguous and b.flags.c_contiguous):
        return None
    return matmul(a if a_sum == a_axes - 1 else a.T, b if b_sum == 0 else b.T)


@public("*operands", "out")
def einsum(*operands, out=None, optimize=False, **kwargs):
    """Add up products of operands' elements along the labels that the subscripts repeat.

    >>> np.einsum("ij,jk->ik", np.eye(2), [[1, 2], [3, 4]])
    array([[1., 2.],
           [3., 4.]])
    """
    if optimize is False and out is None and not kwargs and len(operands) == 3:
        product = _plain_product(*operands)
        if product is not None:
            return product
    unknown = [key for key in kwargs if key not in _KEYWORDS]
    if optimize is False:
        if unknown:
            raise TypeError(f"einsum() got an unexpected keyword argument '{unknown[0]}'")
        return c_einsum(*operands, out=out, **kwargs)
    if unknown:
        raise TypeError(f"Did not understand the following kwargs: {unknown}")
    order = kwargs.pop("order", "K")
    path = _find_path(operands, optimize)[0]
    if order in ("A", "a"):
        arrays = _split_call(operands)[1]
        order = "F" if all(array.flags.f_contiguous for array in arrays) else "C"
    kwargs["order"] = order
    return c_einsum(*operands, out=out, path=path, **kwargs)


def _find_path(operands, optimize):
    """Choose a path: (path, terms as letters, letters of the output, sizes)."""
    if optimize is True:
        optimize = "greedy"
    limit = None
    if optimize is None or optimize is False:
        kind = False
    elif isinstance(optimize, str):
        kind = optimize
    elif optimize and optimize[0] == "einsum_path":
        kind = optimize
    elif len(optimize) == 2 and isinstance(optimize[0], str) and isinstance(optimize[1], (int, float)):
        kind, limit = optimize[0], int(optimize[1])
    else:
        raise TypeError(f"Did not understand the path: {optimize}")
    text, arrays = _split_call(operands)
    if text.partition("->")[0].count(",") + 1 != len(arrays):
        raise ValueError("Number of einsum subscripts must be equal to the number of operands.")
    terms, output = _parse(text, arrays)
    spare = iter(char for char in _SYMBOLS[26:] + _SYMBOLS[:26] if char not in text)
    dots = {n: next(spare) for n in sorted({x for term in terms for x in term if isinstance(x, int)})}
    terms = ["".join(dots.get(x, x) for x in term) for term in terms]
    output = "".join(dots.get(x, x) for x in output)
    sizes = _path_sizes(arrays, terms)
    inputs = [set(term) for term in terms]
    if limit is None:
        limit = max(_einsumpath.size_of(labels, sizes) for labels in [*inputs, set(output)])
    everything = [tuple(range(len(terms)))]
    if isinstance(kind, (list, tuple)):
        path = _explicit_path(kind, len(terms))
    elif kind is False or len(terms) in (1, 2) or set(output) == set().union(*inputs):
        path = everything
    elif kind == "greedy":
        path = _einsumpath.greedy(inputs, set(output), sizes, limit)
    elif kind == "optimal":
        path = _einsumpath.optimal(inputs, set(output), sizes, limit)
    else:
        raise KeyError("Path name %s not found", kind)
    return path, terms, output, sizes


def _explicit_path(given, count):
    """Check a path that the caller made: it must contract all operands."""
    path = list(given[1:])
    for step in path:
        count -= len(step) - 1
    if count != 1:
        raise RuntimeError(f"Invalid einsum_path is specified: {count - 1} more operands has to be contracted.")
    return path


def _path_sizes(arrays, terms):
    """Find the length of every letter, for the sake of a path."""
    sizes = {}
    for number, (array, term) in enumerate(zip(arrays, terms, strict=True)):
        for label, n in zip(term, array.shape, strict=True):
            if sizes.get(label, 1) == 1:
                sizes[label] = n
            elif n not in (1, sizes[label]):
                raise ValueError(
                    f"Size of label '{label}' for operand {number} ({sizes[label]}) does not match "
                    f"previous terms ({n})."
                )
    return sizes


@public("*operands")
def einsum_path(*operands, optimize="greedy", einsum_call=False):
    """Find a cheap order for an Einstein sum, and describe what it costs.

    >>> np.einsum_path("ij,jk,kl->il", np.ones((2, 3)), np.ones((3, 4)), np.ones((4, 2)))[0]
    ['einsum_path', (1, 2), (0, 1)]
    """
    path, terms, output, sizes = _find_path(operands, optimize)
    names = ",".join(terms) + "->" + output
    return ["einsum_path", *path], _einsumpath.report(terms, output, sizes, path, names)
