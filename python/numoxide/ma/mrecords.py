"""Masked record arrays: masked structured arrays whose fields are attributes."""

import numoxide as np
from numoxide import ma
from numoxide._home import home
from numoxide._core.records import fromarrays as _recfromarrays
from numoxide._core.records import fromrecords as _recfromrecords
from numoxide.ma._masks import make_mask_descr, nomask
from numoxide.ma import MaskedArray, masked

__all__ = [
    "MaskedRecords", "mrecarray", "fromarrays", "fromrecords", "fromtextfile", "addfield",
]  # fmt: skip

_MODULE = home("numpy.ma.mrecords")
reserved_fields = ["_data", "_mask", "_fieldmask", "dtype"]


def _checknames(descr, names=None):
    """List the fields of a dtype, under other names where given or where a name is taken."""
    wanted = [n.strip() for n in names.split(",")] if isinstance(names, str) else list(names or ())
    fields = []
    for i, field in enumerate(descr.descr):
        name = wanted[i] if i < len(wanted) else field[0]
        fields.append((f"f{i}" if name in (*reserved_fields, "mask") else name, *field[1:]))
    return fields


def _field_mask(mask, shape, dtype):
    """Read a mask: of records, of each field, or one truth value for all."""
    kind = make_mask_descr(dtype)
    if mask is nomask or mask is False or mask is True:
        return np.full(shape, bool(mask), dtype=kind)
    mask = np.array(mask)
    if mask.dtype.names is not None:
        mask = mask.astype(kind)
    elif mask.shape[len(shape) :] == (len(kind.names),):
        mask = np.array([tuple(row) for row in mask.tolist()], dtype=kind)
    else:
        mask = np.array([(truth,) * len(kind.names) for truth in mask.ravel().astype(bool)], kind)
    if mask.size == 1:
        return np.resize(mask, shape)
    if mask.size != np.zeros(shape, bool).size:
        raise ma.MAError("Mask and data not compatible: the sizes differ")
    return mask.reshape(shape)


class MaskedRecords(MaskedArray):
    """A masked structured array whose fields are attributes.

    >>> fromarrays([np.ma.array([1, 2], mask=[0, 1]), [3, 4]], names="a,b").a
    masked_array(data=[1, --],
                 mask=[False,  True],
           fill_value=999999)
    """

    __module__ = _MODULE

    def __new__(
        cls, shape, dtype=None, buf=None, offset=0, strides=None, formats=None, names=None,
        titles=None, byteorder=None, aligned=False, mask=nomask, hard_mask=False, fill_value=None,
        keep_mask=True, copy=False, **options,
    ):
        data = np.recarray(
            shape, dtype=dtype, buf=buf, offset=offset, strides=strides, formats=formats,
            names=names, titles=titles, byteorder=byteorder, aligned=aligned,
        )  # fmt: skip
        made = data.view(cls)
        found = _field_mask(mask, made.shape, made.dtype)
        if mask is not nomask and not keep_mask:
            made._sharedmask = not copy
        made._mask = found
        made._hardmask = hard_mask
        if fill_value is not None:
            made.fill_value = fill_value
        return made

    def __array_finalize__(self, obj):
        super().__array_finalize__(obj)
        if self._mask is nomask and self.dtype.names is not None:
            self.__dict__["_mask"] = np.zeros(self.shape, dtype=make_mask_descr(self.dtype))
        if self.dtype.names is not None:
            self.__dict__["_baseclass"] = np.recarray

    @property
    def _data(self):
        """The data without the mask, as a record array."""
        return np.ndarray.view(self, np.recarray)

    @property
    def _fieldmask(self):
        """The mask of each field."""
        return self._mask

    @property
    def fieldmask(self):
        """The mask of each field."""
        return self._mask

    def __len__(self):
        return len(self._data) if self.ndim else len(self.dtype.names)

    def __getattr__(self, attr):
        # Only what is no attribute of the class gets here.
        if self.dtype.names is None or attr not in self.dtype.names:
            raise AttributeError(f"record array has no attribute {attr}")
        return self._field(attr)

    def _field(self, name):
        """A field as a masked array that shares memory."""
        data = self._data.view(np.ndarray)[name]
        if self.ndim == 0 and data.shape == () and self._mask[name]:
            return masked
        kind = MaskedRecords if data.dtype.names is not None else MaskedArray
        found = data.view(kind)
        found.__dict__["_mask"] = self._mask[name]
        found.__dict__["_isfield"] = True
        if self._fill_value is not None:
            found.__dict__["_fill_value"] = np.asarray(self._fill_value)[name]
        return found

    def _set_field(self, name, value):
        """Set the data and the mask of a field."""
        data, mask = self._data.view(np.ndarray), self._mask
        if value is masked:
            data[name] = self.fill_value[name]
            mask[name] = True
        else:
            data[name] = ma.getdata(value)
            mask[name] = ma.getmaskarray(value)

    def __setattr__(self, attr, val):
        if attr in ("mask", "fieldmask"):
            self.__setmask__(val)
        elif self.dtype.names is not None and attr in self.dtype.names and not hasattr(type(self), attr):
            self._set_field(attr, val)
        else:
            super().__setattr__(attr, val)

    def __getitem__(self, indx):
        if isinstance(indx, str):
            if indx not in self.dtype.names:
                raise ValueError(f"no field of name {indx}")
            return self._field(indx)
        index = indx if isinstance(indx, tuple) else (indx,)
        if not any(part is Ellipsis for part in index) and not isinstance(indx, list):
            index = (*index, ...)
        else:
            index = indx
        made = self._data.view(np.ndarray)[index].view(type(self))
        made.__dict__["_mask"] = self._mask[index]
        made.__dict__["_hardmask"] = self._hardmask
        made.__dict__["_fill_value"] = self._fill_value
        return made

    def __setitem__(self, indx, value):
        if isinstance(indx, str):
            self._set_field(indx, value)
        else:
            super().__setitem__(indx, value)

    def _shown(self):
        """The fields with the width of their names."""
        width = max((len(name) for name in self.dtype.names), default=0)
        return width, [(name, self._field(name)) for name in self.dtype.names]

    def __str__(self):
        columns = [column for _, column in self._shown()[1]]
        if self.size > 1:
            rows = zip(*columns)
            return "[" + ", ".join(f"({','.join(str(i) for i in row)})" for row in rows) + "]"
        return f"({', '.join(str(column) for column in columns)})"

    def __repr__(self):
        width, columns = self._shown()
        width = max(width + 4, 5)
        lines = ["masked_records("]
        lines += [f"{name:>{width}} : {column}" for name, column in columns]
        lines += [f"    fill_value : {self.fill_value}", "              )"]
        return "\n".join(lines)

    def view(self, dtype=None, type=None):
        """View the memory as another type or dtype; with fields it stays a masked record array."""
        if type is None and dtype is not None:
            if isinstance(dtype, builtin_type) and issubclass(dtype, np.ndarray):
                dtype, type = None, dtype
        if dtype is None:
            if type is None:
                return self._with_mask(np.ndarray.view(self, self.__class__), self._mask)
            made = np.ndarray.view(self, type)
            return self._with_mask(made, self._mask) if issubclass(type, MaskedArray) else made
        dtype = np.dtype(dtype)
        if type is None:
            type = MaskedArray if dtype.names is None else self.__class__
        made = self._data.view(np.ndarray).view(dtype).view(type)
        if issubclass(type, MaskedArray):
            mask = self._mask.view(make_mask_descr(dtype))
            self._with_mask(made, mask.reshape(made.shape))
            made.__dict__["_fill_value"] = None
        return made

    def _with_mask(self, made, mask):
        """Give a view its mask."""
        made.__dict__["_mask"] = mask
        made.__dict__["_hardmask"] = self._hardmask
        return made

    def harden_mask(self):
        """Keep masked elements masked when they are assigned to."""
        self._hardmask = True

    def soften_mask(self):
        """Let assignment unmask elements."""
        self._hardmask = False

    def copy(self):
        """Copy data and mask."""
        made = self._data.copy().view(type(self))
        made.__dict__["_mask"] = self._mask.copy()
        made.__dict__["_hardmask"] = self._hardmask
        made.__dict__["_fill_value"] = self._fill_value
        return made

    def tolist(self, fill_value=None):
        """List the records as tuples, masked elements as None or as `fill_value`."""
        if fill_value is not None:
            return self.filled(fill_value).tolist()
        return _masked_items(self._data.tolist(), self._mask.tolist())

    def __getstate__(self):
        data, mask = self._data, self._mask
        return (
            1, self.shape, self.dtype, data.flags.fnc, data.tobytes(), mask.tobytes(),
            self._fill_value,
        )  # fmt: skip

    def __setstate__(self, state):
        version, shape, dtype, fortran, data, mask, fill_value = state
        np.ndarray.__setstate__(self, (shape, dtype, fortran, data))
        kind = make_mask_descr(self.dtype)
        self.__dict__["_mask"] = np.frombuffer(mask, dtype=kind).reshape(shape).copy()
        self.fill_value = fill_value

    def __reduce__(self):
        return _mrreconstruct, (self.__class__, self._baseclass, (0,), "b"), self.__getstate__()


builtin_type = type
mrecarray = MaskedRecords


def _masked_items(items, mask):
    """Put None in the place of what is masked."""
    if isinstance(items, (list, tuple)) and isinstance(mask, (list, tuple)):
        return type(items)(_masked_items(item, hidden) for item, hidden in zip(items, mask))
    return None if mask is True else items


def _mrreconstruct(subtype, baseclass, baseshape, basetype):
    """Make the empty array that unpickling fills."""
    return np.ndarray.__new__(baseclass, baseshape, basetype).view(subtype)


_mrreconstruct.__module__ = _MODULE


def fromarrays(
    arraylist, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False,
    byteorder=None, fill_value=None,
):
    """Make a masked record array of arrays, one a field."""
    data = [ma.getdata(column) for column in arraylist]
    mask = [np.atleast_1d(ma.getmaskarray(column)) for column in arraylist]
    made = _recfromarrays(
        data, dtype=dtype, shape=shape, formats=formats, names=names, titles=titles,
        aligned=aligned, byteorder=byteorder,
    ).view(mrecarray)  # fmt: skip
    for name, hidden in zip(made.dtype.names, mask):
        made._mask[name] = hidden.reshape(made.shape)
    if fill_value is not None:
        made.fill_value = fill_value
    return made


def fromrecords(
    reclist, dtype=None, shape=None, formats=None, names=None, titles=None, aligned=False,
    byteorder=None, fill_value=None, mask=nomask,
):
    """Make a masked record array of records, given as tuples or as an array."""
    own = getattr(reclist, "_mask", None)
    if isinstance(reclist, np.ndarray):
        # The dtype of an array is known already.
        if isinstance(reclist, MaskedRecords):
            reclist = reclist.filled().view(np.ndarray)
        elif isinstance(reclist, MaskedArray):
            reclist = ma.getdata(reclist)
        dtype = reclist.dtype if dtype is None else dtype
        reclist = reclist.tolist()
    made = _recfromrecords(
        reclist, dtype=dtype, shape=shape, formats=formats, names=names, titles=titles,
        aligned=aligned, byteorder=byteorder,
    ).view(mrecarray)  # fmt: skip
    if fill_value is not None:
        made.fill_value = fill_value
    if mask is not nomask:
        if isinstance(mask, list) and mask and isinstance(mask[0], tuple):
            mask = np.array(mask, dtype=make_mask_descr(made.dtype))
        made._mask[...] = _field_mask(mask, made.shape, made.dtype)
    if own is not None and own is not nomask:
        made._mask[...] = own
    return made


def _guessvartypes(arr):
    """Guess the dtype of each column from the texts in it: integer, float, complex or text."""
    arr = np.asarray(arr)
    if arr.ndim > 2:
        raise ValueError("The array should be 2D at most!")
    row = arr[0] if arr.ndim == 2 else arr
    found = []
    for text in row:
        for kind in (int, float, complex):
            try:
                kind(text)
            except (ValueError, TypeError):
                continue
            found.append(np.dtype(kind))
            break
        else:
            found.append(arr.dtype)
    return found


def openfile(fname):
    """Open a text file by name; an open file is passed on."""
    if hasattr(fname, "readline"):
        return fname
    file = open(fname)
    if file.readline()[:2] == "\\x":
        file.close()
        raise NotImplementedError("Wow, binary file")
    file.seek(0, 0)
    return file


def fromtextfile(fname, delimiter=None, commentchar="#", missingchar="", varnames=None, vartypes=None):
    """Read a masked record array from a text file with the names of the fields in its first line."""
    with openfile(fname) as file:
        header = ""
        while not header:
            line = file.readline()
            if not line:
                break
            header = line.partition(commentchar)[0].strip()
        found = header.split(delimiter)
        names = found if varnames is None else varnames
        count = len(found)
        rows = [row.strip().split(delimiter) for row in file if row[:1] not in (commentchar, "")]
    rows = [row for row in rows if len(row) == count and row[0]]
    table = np.array(rows)
    hidden = table.T == missingchar
    if vartypes is None:
        vartypes = _guessvartypes(table[0])
    else:
        vartypes = [np.dtype(kind) for kind in vartypes]
        if len(vartypes) != count:
            import warnings

            warnings.warn(
                f"Attempting to {len(vartypes)} dtypes for {count} fields!  Reverting to default.",
                stacklevel=2,
            )
            vartypes = _guessvartypes(table[0])
    fields = list(zip(names, vartypes))
    columns = []
    for column, mask, (_, kind) in zip(table.T, hidden, fields):
        fill = ma.default_fill_value(kind)
        columns.append(ma.array(column, mask=mask, dtype=kind, fill_value=fill))
    return fromarrays(columns, dtype=fields)


def addfield(mrecord, newfield, newfieldname=None):
    """Add a field to a masked record array, under the name ``f`` and its number if none is given."""
    data, mask = mrecord._data, mrecord._mask
    if newfieldname is None or newfieldname in reserved_fields:
        newfieldname = f"f{len(data.dtype)}"
    newfield = ma.array(newfield)
    made = np.recarray(data.shape, [*data.dtype.descr, (newfieldname, newfield.dtype)]).view(MaskedRecords)
    for name in data.dtype.names:
        made._data[name][...] = data[name]
        made._mask[name] = mask[name]
    made._data[newfieldname][...] = ma.getdata(newfield)
    made._mask[newfieldname] = ma.getmaskarray(newfield)
    return made


for _function in (fromarrays, fromrecords, fromtextfile, addfield):
    _function.__module__ = _MODULE
