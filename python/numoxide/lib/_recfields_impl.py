"""Fields of structured dtypes and arrays: names, renaming, dropping, layout, conversion."""

import math

import numoxide as np
from numoxide._core.overrides import public as _public

_MODULE = "numpy.lib.recfunctions"


def public(*relevant):
    """Declare a function of `lib.recfunctions`."""
    return _public(*relevant, module=_MODULE)


def fieldspec(dtype):
    """Describe a dtype as a list that `dtype` takes; one without fields as a nameless one."""
    if dtype.names is None:
        return [("", dtype)]
    spec = []
    for name in dtype.names:
        part, _, *title = dtype.fields[name]
        spec.append(((title[0], name) if title else name, part))
    return spec


@public("input", "output")
def recursive_fill_fields(input, output):
    """Copy the fields that `input` has into the start of those of `output`."""
    for name in output.dtype.names:
        if name not in input.dtype.names:
            continue
        part = input[name]
        if part.dtype.names is None:
            output[name][: len(part)] = part
        else:
            recursive_fill_fields(part, output[name])
    return output


def _is_nested(dtype):
    """Say whether a field is a structure itself."""
    return dtype.names is not None


def get_names(adtype):
    """List the names of the fields; nested ones as pairs of a name and a tuple.

    >>> get_names(np.dtype([("a", int), ("b", [("c", int)])]))
    ('a', ('b', ('c',)))
    """
    parts = ((name, adtype[name]) for name in adtype.names)
    return tuple((name, get_names(part)) if _is_nested(part) else name for name, part in parts)


def get_names_flat(adtype):
    """List the names of all fields, each followed by those within it.

    >>> get_names_flat(np.dtype([("a", int), ("b", [("c", int)])]))
    ('a', 'b', 'c')
    """
    names = []
    for name in adtype.names:
        names.append(name)
        if _is_nested(adtype[name]):
            names.extend(get_names_flat(adtype[name]))
    return tuple(names)


def flatten_descr(ndtype):
    """List the innermost fields with their dtypes.

    >>> flatten_descr(np.dtype([("a", "i4"), ("b", [("c", "f8")])]))
    (('a', dtype('int32')), ('c', dtype('float64')))
    """
    found = []
    for name, part in fieldspec(ndtype):
        found.extend(flatten_descr(part) if _is_nested(part) else [(name, part)])
    return tuple(found)


def get_fieldstructure(adtype, lastname=None, parents=None):
    """Tell for each field, nested ones too, the names of the fields around it.

    >>> get_fieldstructure(np.dtype([("a", int), ("b", [("c", int)])]))
    {'a': [], 'b': [], 'c': ['b']}
    """
    found = {} if parents is None else parents
    around = [] if lastname is None else [*found.get(lastname, []), lastname]
    for name in adtype.names:
        found[name] = list(around)
        if _is_nested(adtype[name]):
            get_fieldstructure(adtype[name], name, found)
    return found


def _without(dtype, names):
    """The fields of a dtype that are left when some are dropped, in nested ones too."""
    kept = []
    for name in dtype.names:
        part = dtype[name]
        if name in names:
            continue
        if _is_nested(part):
            inner = _without(part, names)
            if not inner:
                continue
            part = inner
        kept.append((name, part))
    return kept


def fix_output(output, usemask=True, asrecarray=False):
    """Give a result the type that was asked for."""
    if usemask and isinstance(output, np.ma.MaskedArray):
        if not asrecarray:
            return output
        from numoxide.ma.mrecords import MaskedRecords

        return output.view(MaskedRecords)
    output = np.ma.filled(output)
    return output.view(np.recarray) if asrecarray else output


@public("base")
def drop_fields(base, drop_names, usemask=True, asrecarray=False):
    """Leave out fields, nested ones too.

    >>> drop_fields(np.array([(1, 2.0)], dtype="i8,f8"), "f0")
    array([(2.,)], dtype=[('f1', '<f8')])
    """
    names = {drop_names} if isinstance(drop_names, str) else set(drop_names)
    output = np.empty(base.shape, dtype=_without(base.dtype, names))
    return fix_output(recursive_fill_fields(base, output), usemask, asrecarray)


def keep_fields(base, names):
    """Copy some fields, in the order given, into an array of their own."""
    output = np.empty(base.shape, dtype=[(name, base.dtype[name]) for name in names])
    return recursive_fill_fields(base, output)


@public("base")
def rec_drop_fields(base, drop_names):
    """Leave out fields; the result is a record array."""
    return drop_fields(base, drop_names, usemask=False, asrecarray=True)


def _renamed(dtype, mapping):
    """A dtype with other names for some fields."""
    fields = []
    for name in dtype.names:
        part = dtype[name]
        fields.append((mapping.get(name, name), _renamed(part, mapping) if _is_nested(part) else part))
    return fields


@public("base")
def rename_fields(base, namemapper):
    """Give fields other names, nested ones too.

    >>> rename_fields(np.array([(1,)], dtype=[("a", "i8")]), {"a": "b"})
    array([(1,)], dtype=[('b', '<i8')])
    """
    return base.view(_renamed(base.dtype, namemapper))


@public("a")
def repack_fields(a, align=False, recurse=False):
    """Lay the fields of a structured dtype, array or scalar out without gaps, or aligned.

    >>> repack_fields(np.dtype({"names": ["a", "b"], "formats": ["u1", "i4"], "offsets": [0, 4]}))
    dtype([('a', 'u1'), ('b', '<i4')])
    """
    if not isinstance(a, np.dtype):
        return a.astype(repack_fields(a.dtype, align=align, recurse=recurse), copy=False)
    if a.names is None:
        return a
    parts = []
    for name, part in fieldspec(a):
        if recurse:
            base, shape = part.subdtype or (part, ())
            part = np.dtype((repack_fields(base, align=align, recurse=True), shape))
        parts.append((name, part))
    return np.dtype((a.type, np.dtype(parts, align=align)))


def leaves(dtype, offset=0):
    """List (dtype, how many in a row, offset) of all innermost fields."""
    found = []
    for name in dtype.names:
        part, at, *_ = dtype.fields[name]
        count = 1
        while part.subdtype is not None:
            count, part = count * math.prod(part.shape), part.base
        if _is_nested(part):
            for i in range(count):
                found.extend(leaves(part, offset + at + i * part.itemsize))
        else:
            found.append((part, count, offset + at))
    return found


def common_stride(parts):
    """The step from each number of the innermost fields to the next, if it is always the same."""
    places = [at + i * part.itemsize for part, count, at in parts for i in range(count)]
    steps = {after - before for before, after in zip(places, places[1:])}
    if len(steps) > 1:
        return None
    return steps.pop() if steps else parts[0][0].itemsize


@public("arr")
def structured_to_unstructured(arr, dtype=None, copy=False, casting="unsafe"):
    """Turn the fields into a last axis; a view where that is possible.

    >>> structured_to_unstructured(np.array([(1, 2.5)], dtype="i4,f8"))
    array([[1. , 2.5]])
    """
    if arr.dtype.names is None:
        raise ValueError("arr must be a structured array")
    parts = leaves(arr.dtype)
    if not parts and dtype is None:
        raise ValueError("arr has no fields. Unable to guess dtype")
    if not parts:
        raise NotImplementedError("arr has no fields. Unsupported")
    out_dtype = np.result_type(*(part for part, _, _ in parts)) if dtype is None else np.dtype(dtype)
    total = sum(count for _, count, _ in parts)
    stride = common_stride(parts)
    plain = type(arr) in (np.ndarray, np.recarray, np.memmap)
    if not copy and plain and stride is not None and all(p == out_dtype for p, _, _ in parts):
        first = arr.getfield(out_dtype, parts[0][2])
        shape, strides = (*arr.shape, total), (*arr.strides, stride)
        return np.lib.stride_tricks.as_strided(first, shape, strides, subok=True)
    out = np.empty_like(arr, shape=(*arr.shape, total), dtype=out_dtype)
    done = 0
    for part, count, at in parts:
        values = arr.getfield((part, (count,)), at)
        np.copyto(out[..., done : done + count], values, casting=casting)
        done += count
    return out


def _wanted_dtype(arr, dtype, names, align):
    """The structured dtype that the last axis is to become."""
    if dtype is None:
        names = [f"f{i}" for i in range(arr.shape[-1])] if names is None else names
        return np.dtype([(name, arr.dtype) for name in names], align=align)
    if names is not None:
        raise ValueError("don't supply both dtype and names")
    dtype = np.dtype(dtype)
    if sum(count for _, count, _ in leaves(dtype)) != arr.shape[-1]:
        raise ValueError(
            "The length of the last dimension of arr must be equal to the number of fields in dtype"
        )
    if align and not dtype.isalignedstruct:
        raise ValueError("align was True but dtype is not aligned")
    return dtype


@public("arr")
def unstructured_to_structured(
    arr, dtype=None, names=None, align=False, copy=False, casting="unsafe"
):
    """Turn the last axis into fields; a view where that is possible.

    >>> unstructured_to_structured(np.array([[1, 2]]), names=["a", "b"])
    array([(1, 2)], dtype=[('a', '<i8'), ('b', '<i8')])
    """
    if arr.shape == ():
        raise ValueError("arr must have at least one dimension")
    if arr.shape[-1] == 0:
        raise NotImplementedError("last axis with size 0 is not supported")
    dtype = _wanted_dtype(arr, dtype, names, align)
    parts = leaves(dtype)
    names = [f"f{i}" for i in range(len(parts))]
    packed = np.dtype([(name, arr.dtype, (count,)) for name, (_, count, _) in zip(names, parts)])
    flat = np.dtype({
        "names": names,
        "formats": [(part, (count,)) for part, count, _ in parts],
        "offsets": [at for _, _, at in parts],
        "itemsize": dtype.itemsize,
    })  # fmt: skip
    items = np.ascontiguousarray(arr).view(packed).astype(flat, copy=copy, casting=casting)
    return items.view(dtype)[..., 0]


@public("arr")
def apply_along_fields(func, arr):
    """Apply a reduction over the fields of each record.

    >>> apply_along_fields(np.sum, np.array([(1, 2.5)], dtype="i4,f8"))
    array([3.5])
    """
    if arr.dtype.names is None:
        raise ValueError("arr must be a structured array")
    return func(structured_to_unstructured(arr), axis=-1)


@public("dst", "src")
def assign_fields_by_name(dst, src, zero_unassigned=True):
    """Copy fields to those of the same name; the others become zero on demand."""
    if dst.dtype.names is None:
        dst[...] = src
        return
    for name in dst.dtype.names:
        if name in src.dtype.names:
            assign_fields_by_name(dst[name], src[name], zero_unassigned)
        elif zero_unassigned:
            dst[name] = 0


@public("array")
def require_fields(array, required_dtype):
    """Copy the fields that a dtype names; those that are not there are zero."""
    out = np.empty(array.shape, dtype=required_dtype)
    assign_fields_by_name(out, array)
    return out
