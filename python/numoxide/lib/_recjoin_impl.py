"""Structured arrays side by side, one behind the other, and joined on keys."""

import numoxide as np
from numoxide.lib._recfields_impl import (
    fieldspec, fix_output, flatten_descr, get_fieldstructure, keep_fields, public,
    recursive_fill_fields,
)  # fmt: skip


def _zip_dtype(seqarrays, flatten=False):
    """The dtype of arrays side by side."""
    fields = []
    for arr in seqarrays:
        if flatten:
            fields.extend(flatten_descr(arr.dtype))
        elif arr.dtype.names is not None and len(arr.dtype.names) == 1:
            fields.extend(fieldspec(arr.dtype))
        else:
            fields.append(("", arr.dtype))
    return np.dtype(fields)


def _zip_descr(seqarrays, flatten=False):
    """The description of arrays side by side."""
    return _zip_dtype(seqarrays, flatten=flatten).descr


def _parts(arr, flatten):
    """The columns that an array gives to a merged one, with their masks."""
    data, mask = np.ma.getdata(arr), np.ma.getmaskarray(arr)
    if arr.dtype.names is None or not (flatten or len(arr.dtype.names) == 1):
        return [(data, mask)]
    found = []
    for name in arr.dtype.names:
        part = np.ma.array(data[name], mask=mask[name])
        found.extend(_parts(part, flatten) if flatten and part.dtype.names is not None
                     else [(data[name], mask[name])])  # fmt: skip
    return found


def _filler(value, dtype):
    """A value for missing items, in every field of a dtype."""
    if dtype.names is None:
        item = str(value) if dtype.base.kind in "US" else value
        return np.full(dtype.shape, item).astype(dtype.base)
    filled = np.zeros((), dtype)
    for name in dtype.names:
        filled[name] = _filler(value, dtype[name])
    return filled


def _merge_one(arr, flatten, usemask, asrecarray):
    """A single array as its own merger, if nothing has to be moved; else None."""
    dtype = arr.dtype if arr.dtype.names is not None else np.dtype([("", arr.dtype)])
    if flatten and _zip_dtype((arr,), flatten=True) != dtype:
        return None
    arr = arr.ravel()
    if not usemask:
        kind = np.recarray if asrecarray else np.ndarray
        return np.ma.getdata(arr).view(np.ndarray).view(dtype=dtype, type=kind)
    masked = np.ma.array(np.ma.getdata(arr).view(dtype), mask=_as_fields(arr, dtype))
    return fix_output(masked, True, asrecarray)


def _as_fields(arr, dtype):
    """The mask of an array under a dtype with fields."""
    return np.ma.getmaskarray(arr).view(np.ma.make_mask_descr(dtype))


@public("*seqarrays")
def merge_arrays(seqarrays, fill_value=-1, flatten=False, usemask=False, asrecarray=False):
    """Put arrays side by side as the fields of one; the shorter ones are filled up.

    >>> merge_arrays((np.array([1, 2]), np.array([10.0, 20.0, 30.0])))
    array([( 1, 10.), ( 2, 20.), (-1, 30.)],
          dtype=[('f0', '<i8'), ('f1', '<f8')])
    """
    if not isinstance(seqarrays, np.ndarray) and len(seqarrays) == 1:
        seqarrays = np.asanyarray(seqarrays[0])
    if isinstance(seqarrays, np.ndarray):
        merged = _merge_one(seqarrays, flatten, usemask, asrecarray)
        if merged is not None:
            return merged
        seqarrays = (seqarrays,)
    arrays = [np.asanyarray(arr).ravel() for arr in seqarrays]
    dtype = _zip_dtype(arrays, flatten=flatten)
    columns = [part for arr in arrays for part in _parts(arr, flatten)]
    size = max(arr.size for arr in arrays)
    data = np.empty(size, dtype)
    mask = np.ones(size, np.ma.make_mask_descr(dtype))
    for name, (values, masked) in zip(dtype.names, columns):
        data[name][len(values) :] = _filler(fill_value, dtype[name])
        data[name][: len(values)] = values
        mask[name][: len(values)] = masked
    if usemask:
        return fix_output(np.ma.array(data, mask=mask), True, asrecarray)
    return fix_output(data, False, asrecarray)


def _new_columns(names, data, dtypes):
    """The arrays to append, each with the one field that it becomes."""
    if isinstance(names, (tuple, list)):
        if len(names) != len(data):
            raise ValueError("The number of arrays does not match the number of names")
    elif isinstance(names, str):
        names, data = [names], [data]
    if dtypes is None:
        dtypes = [None] * len(data)
    elif not isinstance(dtypes, (tuple, list)):
        dtypes = [dtypes]
    if len(dtypes) != len(data):
        if len(dtypes) != 1:
            raise ValueError("The dtypes argument must be None, a dtype, or a list.")
        dtypes = list(dtypes) * len(data)
    arrays = [np.array(a, copy=None, subok=True, dtype=d) for a, d in zip(data, dtypes)]
    return [a.view([(name, a.dtype)]) for name, a in zip(names, arrays)]


@public("base", "*data")
def append_fields(
    base, names, data, dtypes=None, fill_value=-1, usemask=True, asrecarray=False
):
    """Add fields to an array; the shorter ones are filled up.

    >>> append_fields(np.array([(1,)], "i8,"), "b", [2.5], usemask=False)
    array([(1, 2.5)], dtype=[('f0', '<i8'), ('b', '<f8')])
    """
    columns = _new_columns(names, data, dtypes)
    base = merge_arrays(base, usemask=usemask, fill_value=fill_value)
    added = columns[0]
    if len(columns) > 1:
        added = merge_arrays(columns, flatten=True, usemask=usemask, fill_value=fill_value)
    size = max(len(base), len(added))
    output = np.ma.masked_all(size, dtype=fieldspec(base.dtype) + fieldspec(added.dtype))
    recursive_fill_fields(base, output)
    recursive_fill_fields(added, output)
    return fix_output(output, usemask, asrecarray)


@public("base", "*data")
def rec_append_fields(base, names, data, dtypes=None):
    """Add fields to an array; the result is a record array."""
    return append_fields(base, names, data, dtypes=dtypes, asrecarray=True, usemask=False)


def _fix_defaults(output, defaults=None):
    """Put defaults in the place of what is missing."""
    data, mask, fill_value = output.data, output.mask, output.fill_value
    for name, value in (defaults or {}).items():
        if name in output.dtype.names:
            fill_value[name] = value
            data[name][mask[name]] = value
    return output


def _stacked_fields(arrays, autoconvert):
    """The fields of arrays one behind the other."""
    fields = {}
    for arr in arrays:
        for name, part in fieldspec(arr.dtype):
            known = fields.setdefault(name, part)
            if autoconvert:
                fields[name] = max(part, known)
            elif known != part:
                raise TypeError(f"Incompatible type '{known}' <> '{part}'")
    return list(fields.items())


@public("*arrays")
def stack_arrays(arrays, defaults=None, usemask=True, asrecarray=False, autoconvert=False):
    """Put arrays one behind the other, field by field; what an array lacks is masked.

    >>> stack_arrays((np.array([1, 2]), np.array([3])), usemask=False)
    array([1, 2, 3])
    """
    if isinstance(arrays, np.ndarray):
        return arrays
    if len(arrays) == 1:
        return arrays[0]
    arrays = [np.asanyarray(arr).ravel() for arr in arrays]
    fields = _stacked_fields(arrays, autoconvert)
    if len(fields) == 1:
        return fix_output(np.ma.concatenate(arrays), usemask, asrecarray)
    output = np.ma.masked_all(sum(len(arr) for arr in arrays), fields)
    nameless = next((f"f{i}" for i, (name, _) in enumerate(fields) if name == ""), None)
    start = 0
    for arr in arrays:
        stop = start + len(arr)
        for name in arr.dtype.names or (None,):
            output[name or nameless][start:stop] = arr if name is None else arr[name]
        start = stop
    return fix_output(_fix_defaults(output, defaults), usemask, asrecarray)


@public("a")
def find_duplicates(a, key=None, ignoremask=True, return_index=False):
    """Pick the records that stand there more than once, by all fields or by one."""
    a = np.asanyarray(a).ravel()
    base = a
    if key:
        for name in [*get_fieldstructure(a.dtype)[key], key]:
            base = base[name]
    filled = np.ma.filled(base)
    order = np.argsort(filled, kind="stable")
    values = filled[order]
    equal = values[:-1] == values[1:]
    if ignoremask and isinstance(base, np.ma.MaskedArray):
        equal &= ~np.broadcast_to(base.recordmask, base.shape)[order][1:]
    found = np.append(False, equal) | np.append(equal, False)
    index = order[found]
    return (a[index], index) if return_index else a[index]


def _check_join(key, r1, r2, jointype, r1postfix, r2postfix):
    """Refuse joins that have no meaning; the key as a tuple of names."""
    if jointype not in ("inner", "outer", "leftouter"):
        raise ValueError(
            "The 'jointype' argument should be in 'inner', 'outer' or 'leftouter' "
            f"(got '{jointype}' instead)"
        )
    key = (key,) if isinstance(key, str) else tuple(key)
    if len(set(key)) != len(key):
        twice = next(name for i, name in enumerate(key) if name in key[i + 1 :])
        raise ValueError(f"duplicate join key {twice!r}")
    for name in key:
        for label, arr in (("r1", r1), ("r2", r2)):
            if name not in arr.dtype.names:
                raise ValueError(f"{label} does not have key field {name!r}")
    shared = (set(r1.dtype.names) & set(r2.dtype.names)) - set(key)
    if shared and not (r1postfix or r2postfix):
        raise ValueError(
            "r1 and r2 contain common names, r1postfix and r2postfix can't both be empty"
        )
    return key


def _join_fields(key, r1, r2, r1postfix, r2postfix):
    """The fields of a join, and the names that those of either array have in it."""
    fields, names = [], ({}, {})
    for name in sorted(r1.dtype.names, key=lambda name: name not in key):
        part, other = r1.dtype[name], r2.dtype[name] if name in r2.dtype.names else None
        if name in key:
            fields.append((name, max(part, other)))
            names[0][name] = names[1][name] = name
        elif other is None:
            fields.append((name, part))
            names[0][name] = name
        else:
            names[0][name], names[1][name] = name + r1postfix, name + r2postfix
            fields += [(names[0][name], part), (names[1][name], other)]
    for name in r2.dtype.names:
        if name not in names[1]:
            fields.append((name, r2.dtype[name]))
            names[1][name] = name
    return fields, names


def _ranks(key, r1, r2):
    """A number for each record by which the keys sort, the same for equal ones."""
    fields = [(name, max(r1.dtype[name], r2.dtype[name])) for name in key]
    keys = np.concatenate([keep_fields(np.ma.getdata(r), key).astype(fields) for r in (r1, r2)])
    order = np.argsort(keys, kind="stable")
    ranks = np.empty(len(keys), int)
    ranks[order] = np.cumsum(np.append(False, keys[order][1:] != keys[order][:-1])[: len(keys)])
    return ranks[: len(r1)], ranks[len(r1) :]


@public("r1", "r2")
def join_by(
    key, r1, r2, jointype="inner", r1postfix="1", r2postfix="2", defaults=None, usemask=True,
    asrecarray=False,
):
    """Join the records of two arrays that have the same key, as databases do."""
    key = _check_join(key, r1, r2, jointype, r1postfix, r2postfix)
    r1, r2 = r1.ravel(), r2.ravel()
    fields, names = _join_fields(key, r1, r2, r1postfix, r2postfix)
    ranks = _ranks(key, r1, r2)
    # Rows of the result: those with a partner, then the others that the join keeps.
    rows, size = [], 0
    for own, other in (ranks, ranks[::-1]):
        order = np.argsort(own, kind="stable")
        rows.append((order[np.isin(own[order], other)], order[~np.isin(own[order], other)]))
        size = max(size, len(rows[-1][0]))
    keeps = (jointype != "inner", jointype == "outer")
    extra = [len(alone) if keep else 0 for (_, alone), keep in zip(rows, keeps)]
    output = np.ma.masked_all(size + sum(extra), fields)
    position = np.zeros(len(output), int)
    start = size
    for side, (arr, (common, alone), count) in enumerate(zip((r1, r2), rows, extra)):
        taken = np.append(common, alone[:count])
        places = np.append(np.arange(len(common)), np.arange(start, start + count))
        start += count
        position[places] = ranks[side][taken]
        for name, new in names[side].items():
            output[new][places] = arr[name][taken]
    output = output[np.argsort(position, kind="stable")]
    return fix_output(_fix_defaults(output, defaults), usemask, asrecarray)


@public("r1", "r2")
def rec_join(key, r1, r2, jointype="inner", r1postfix="1", r2postfix="2", defaults=None):
    """Join two arrays on keys; the result is a record array."""
    return join_by(
        key, r1, r2, jointype, r1postfix, r2postfix, defaults, usemask=False, asrecarray=True
    )
