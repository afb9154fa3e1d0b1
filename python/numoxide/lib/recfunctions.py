"""Functions for structured arrays: their fields, and arrays put together field by field."""

from numoxide.lib._recfields_impl import fieldspec as _get_fieldspec  # noqa: F401
from numoxide.lib._recfields_impl import (  # noqa: F401
    apply_along_fields, assign_fields_by_name, drop_fields, flatten_descr, get_fieldstructure,
    get_names, get_names_flat, rec_drop_fields, recursive_fill_fields, rename_fields,
    repack_fields, require_fields, structured_to_unstructured, unstructured_to_structured,
)  # fmt: skip
from numoxide.lib._recjoin_impl import (  # noqa: F401
    _zip_descr, _zip_dtype, append_fields, find_duplicates, join_by, merge_arrays,
    rec_append_fields, rec_join, stack_arrays,
)  # fmt: skip

__all__ = [
    "append_fields", "apply_along_fields", "assign_fields_by_name", "drop_fields",
    "find_duplicates", "flatten_descr", "get_fieldstructure", "get_names", "get_names_flat",
    "join_by", "merge_arrays", "rec_append_fields", "rec_drop_fields", "rec_join",
    "recursive_fill_fields", "rename_fields", "repack_fields", "require_fields", "stack_arrays",
    "structured_to_unstructured", "unstructured_to_structured",
]  # fmt: skip


def _name_module():
    """Let the plain functions call this module theirs."""
    from numoxide._home import home

    for function in (flatten_descr, get_fieldstructure, get_names, get_names_flat):
        function.__module__ = home("numpy.lib.recfunctions")


_name_module()
