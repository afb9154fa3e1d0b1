"""The core of masked arrays, gathered from the modules beside it."""

from numoxide._core.fromnumeric import amax, amin  # noqa: F401
from numoxide._core.numerictypes import bool_  # noqa: F401
from numoxide._home import adopt
from numoxide.ma import _array, _elements, _fill, _functions, _masks, _operations, _printing

for _module in (_fill, _masks, _printing, _operations, _array, _elements, _functions):
    globals().update({n: v for n, v in vars(_module).items() if n[:2] != "__" and n not in ("np", "inspect")})

masked_array, masked_singleton = _array.MaskedArray, _array.masked
maximum = _functions._extrema_operation(
    _operations.umath.maximum, _operations.greater_equal, _fill.maximum_fill_value
)
minimum = _functions._extrema_operation(
    _operations.umath.minimum, _operations.less_equal, _fill.minimum_fill_value
)
__all__ = (
    "MAError MaskError MaskType MaskedArray abs absolute add all allclose allequal alltrue "
    "amax amin angle anom anomalies any append arange arccos arccosh arcsin arcsinh arctan "
    "arctan2 arctanh argmax argmin argsort around array asanyarray asarray bitwise_and "
    "bitwise_or bitwise_xor bool_ ceil choose clip common_fill_value compress compressed "
    "concatenate conjugate convolve copy correlate cos cosh count cumprod cumsum "
    "default_fill_value diag diagonal diff divide empty empty_like equal exp expand_dims "
    "fabs filled fix_invalid flatten_mask flatten_structured_array floor floor_divide fmod "
    "frombuffer fromflex fromfunction getdata getmask getmaskarray greater greater_equal "
    "harden_mask hypot identity ids indices inner innerproduct isMA isMaskedArray is_mask "
    "is_masked isarray left_shift less less_equal log log10 log2 logical_and logical_not "
    "logical_or logical_xor make_mask make_mask_descr make_mask_none mask_or masked "
    "masked_array masked_equal masked_greater masked_greater_equal masked_inside "
    "masked_invalid masked_less masked_less_equal masked_not_equal masked_object "
    "masked_outside masked_print_option masked_singleton masked_values masked_where max "
    "maximum maximum_fill_value mean min minimum minimum_fill_value mod multiply mvoid ndim "
    "negative nomask nonzero not_equal ones ones_like outer outerproduct power prod product "
    "ptp put putmask ravel remainder repeat reshape resize right_shift round round_ "
    "set_fill_value shape sin sinh size soften_mask sometrue sort sqrt squeeze std subtract "
    "sum swapaxes take tan tanh trace transpose true_divide var where zeros zeros_like "
).split()


def doc_note(initialdoc, note):
    """Put a note at the head of the notes of a docstring.

    >>> np.ma.core.doc_note("Adds.", "Slow.")
    'Adds.\\n\\nNotes\\n-----\\nSlow.\\n'
    """
    if initialdoc is None or note is None:
        return initialdoc
    from inspect import cleandoc

    title = "Notes\n-----\n"
    before, found, after = cleandoc(initialdoc).partition(title)
    return f"{before}{title}{note}\n\n{after}" if found else f"{before}\n\n{title}{note}\n"


adopt(globals(), "numpy.ma.core", "numpy.ma._")
