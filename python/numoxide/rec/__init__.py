"""Record arrays: structured arrays whose fields are attributes."""

from numoxide._core.records import (  # noqa: F401
    __all__,
    array,
    find_duplicate,
    format_parser,
    fromarrays,
    fromfile,
    fromrecords,
    fromstring,
    recarray,
    record,
)
