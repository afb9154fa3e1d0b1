"""How masked arrays look."""

import numoxide as np
from numoxide._core.arrayprint import dtype_is_implied, dtype_short_repr
from numoxide.ma._masks import nomask


class _MaskedPrintOption:
    """What is printed for a masked element."""

    def __init__(self, display):
        self._display, self._enabled = display, True

    def display(self):
        """Give the text for masked elements."""
        return self._display

    def set_display(self, s):
        """Choose the text for masked elements."""
        self._display = s

    def enabled(self):
        """Say whether masked elements are shown so."""
        return self._enabled

    def enable(self, shrink=1):
        """Show masked elements so, or not."""
        self._enabled = shrink

    def __str__(self):
        return str(self._display)

    __repr__ = __str__


masked_print_option = _MaskedPrintOption("--")


def _put_marks(data, mask):
    """Put the mark in place of masked elements and fields."""
    if data.dtype.names is not None:
        for name in data.dtype.names:
            _put_marks(data[name], mask[name])
    else:
        np.copyto(data, masked_print_option, where=mask)


def _object_fields(dtype):
    if dtype.names is not None:
        return np.dtype([(name, _object_fields(dtype[name])) for name in dtype.names])
    if dtype.subdtype is not None:
        return np.dtype((_object_fields(dtype.subdtype[0]), dtype.subdtype[1]))
    return np.dtype(object)


class Printing:
    """The text of masked arrays."""

    def _insert_masked_print(self):
        """Give the data as objects with the mark for masked elements."""
        mask = self._mask
        if not masked_print_option.enabled():
            return self.filled(self.fill_value)
        if mask is nomask:
            return self._data
        data = self._data
        width = self._print_width if self.ndim > 1 else self._print_width_1d
        for axis in range(self.ndim):
            if data.shape[axis] > width:
                half = width // 2
                parts = np.split(data, (half, -half), axis=axis)
                data = np.concatenate((parts[0], parts[2]), axis=axis)
                parts = np.split(mask, (half, -half), axis=axis)
                mask = np.concatenate((parts[0], parts[2]), axis=axis)
        shown = np.asarray(data).astype(_object_fields(self.dtype))
        _put_marks(shown, mask)
        return shown

    def __str__(self):
        return str(self._insert_masked_print())

    def __repr__(self):
        name = "array" if self._baseclass is np.ndarray else self._baseclass.__name__
        implied = dtype_is_implied(self.dtype) and self.size and not np.all(self.mask)
        prefix = f"masked_{name}("
        fill = self.fill_value
        same = fill.dtype == self.dtype and fill.dtype.names is None and hasattr(fill, "item")
        rows = {"data": None, "mask": None, "fill_value": repr(fill.item()) if same else str(fill) if fill.dtype.names else repr(fill)}
        if fill.dtype.kind in "mM":
            rows["fill_value"] = repr(fill)
        if not implied:
            rows["dtype"] = dtype_short_repr(self.dtype)
        one_row = self.ndim < 2
        indents = {}
        for index, key in enumerate(rows):
            if one_row:
                indents[key] = prefix if index == 0 else " " * (len(prefix) + 4 - len(key))
            else:
                indents[key] = " " * 2
        rows["data"] = np.array2string(
            self._insert_masked_print(), separator=", ",
            prefix=indents["data"] + "data=", suffix=",",
        )  # fmt: skip
        rows["mask"] = np.array2string(
            np.asarray(self._mask), separator=", ", prefix=indents["mask"] + "mask=", suffix=",",
        )  # fmt: skip
        if one_row:
            return ",\n".join(f"{indents[key]}{key}={text}" for key, text in rows.items()) + ")"
        return prefix + "\n" + ",\n".join(f"{indents[key]}{key}={text}" for key, text in rows.items()) + ")"
