# Written by `make gen` from stubs/ and the objects themselves: change those.
# mypy: disable-error-code="override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore"
from numoxide import ndarray
from numoxide._typing import ArrayLike, AxisLike, DTypeLike, NDArray, OrderKACF, PathLike, ShapeLike, _DTypeT_co, _ShapeT_co
from typing import Any, IO, Self
__all__ = ['MAError', 'MaskError', 'MaskType', 'MaskedArray', 'abs', 'absolute', 'add', 'all', 'allclose', 'allequal', 'alltrue', 'amax', 'amin', 'angle', 'anom', 'anomalies', 'any', 'append', 'apply_along_axis', 'apply_over_axes', 'arange', 'arccos', 'arccosh', 'arcsin', 'arcsinh', 'arctan', 'arctan2', 'arctanh', 'argmax', 'argmin', 'argsort', 'around', 'array', 'asanyarray', 'asarray', 'atleast_1d', 'atleast_2d', 'atleast_3d', 'average', 'bitwise_and', 'bitwise_or', 'bitwise_xor', 'bool_', 'ceil', 'choose', 'clip', 'clump_masked', 'clump_unmasked', 'column_stack', 'common_fill_value', 'compress', 'compress_cols', 'compress_nd', 'compress_rowcols', 'compress_rows', 'compressed', 'concatenate', 'conjugate', 'convolve', 'copy', 'core', 'corrcoef', 'correlate', 'cos', 'cosh', 'count', 'count_masked', 'cov', 'cumprod', 'cumsum', 'default_fill_value', 'diag', 'diagflat', 'diagonal', 'diff', 'divide', 'dot', 'dstack', 'ediff1d', 'empty', 'empty_like', 'equal', 'exp', 'expand_dims', 'extras', 'fabs', 'filled', 'fix_invalid', 'flatnotmasked_contiguous', 'flatnotmasked_edges', 'flatten_mask', 'flatten_structured_array', 'floor', 'floor_divide', 'fmod', 'frombuffer', 'fromflex', 'fromfunction', 'getdata', 'getmask', 'getmaskarray', 'greater', 'greater_equal', 'harden_mask', 'hsplit', 'hstack', 'hypot', 'identity', 'ids', 'in1d', 'indices', 'inner', 'innerproduct', 'intersect1d', 'isMA', 'isMaskedArray', 'is_mask', 'is_masked', 'isarray', 'isin', 'left_shift', 'less', 'less_equal', 'log', 'log10', 'log2', 'logical_and', 'logical_not', 'logical_or', 'logical_xor', 'make_mask', 'make_mask_descr', 'make_mask_none', 'mask_cols', 'mask_or', 'mask_rowcols', 'mask_rows', 'masked', 'masked_all', 'masked_all_like', 'masked_array', 'masked_equal', 'masked_greater', 'masked_greater_equal', 'masked_inside', 'masked_invalid', 'masked_less', 'masked_less_equal', 'masked_not_equal', 'masked_object', 'masked_outside', 'masked_print_option', 'masked_singleton', 'masked_values', 'masked_where', 'max', 'maximum', 'maximum_fill_value', 'mean', 'median', 'min', 'minimum', 'minimum_fill_value', 'mod', 'mr_', 'multiply', 'mvoid', 'ndenumerate', 'ndim', 'negative', 'nomask', 'nonzero', 'not_equal', 'notmasked_contiguous', 'notmasked_edges', 'ones', 'ones_like', 'outer', 'outerproduct', 'polyfit', 'power', 'prod', 'product', 'ptp', 'put', 'putmask', 'ravel', 'remainder', 'repeat', 'reshape', 'resize', 'right_shift', 'round', 'round_', 'row_stack', 'set_fill_value', 'setdiff1d', 'setxor1d', 'shape', 'sin', 'sinh', 'size', 'soften_mask', 'sometrue', 'sort', 'sqrt', 'squeeze', 'stack', 'std', 'subtract', 'sum', 'swapaxes', 'take', 'tan', 'tanh', 'trace', 'transpose', 'true_divide', 'union1d', 'unique', 'vander', 'var', 'vstack', 'where', 'zeros', 'zeros_like']
class MaskedArray(ndarray[_ShapeT_co, _DTypeT_co]):
    def __new__(cls, data: Any=None, mask: Any=..., dtype: DTypeLike=None, copy: bool=False, subok: bool=True, ndmin: int=0, fill_value: Any=None, keep_mask: bool=True, hard_mask: bool | None=None, shrink: bool=True, order: OrderKACF | None=None) -> Self: ...
    def view(self, dtype: DTypeLike | None=None, type: Any=None, fill_value: Any=None) -> Any: ...
    def unshare_mask(self) -> Any: ...
    def transpose(self, *args: Any, **params: Any) -> Any: ...
    def torecords(self) -> Any: ...
    def tolist(self, fill_value: Any=None) -> Any: ...
    def toflex(self) -> Any: ...
    def tofile(self, fid: PathLike | IO[Any], sep: str='', format: str='%s') -> None: ...
    def tobytes(self, fill_value: Any=None, order: OrderKACF='C') -> bytes: ...
    def take(self, indices: ArrayLike, axis: AxisLike | None=None, out: NDArray[Any] | None=None, mode: str='raise') -> Any: ...
    def swapaxes(self, *args: Any, **params: Any) -> Any: ...
    def squeeze(self, *args: Any, **params: Any) -> Any: ...
    def soften_mask(self) -> Any: ...
    def shrink_mask(self) -> Any: ...
    @property
    def sharedmask(self) -> Any: ...
    def set_fill_value(self, value: Any=None) -> Any: ...
    def resize(self, newshape: ShapeLike, refcheck: bool=True, order: Any=False) -> NDArray[Any]: ...
    def reshape(self, *s: Any, **kwargs: Any) -> Any: ...
    def repeat(self, *args: Any, **params: Any) -> Any: ...
    @property
    def recordmask(self) -> Any: ...
    @recordmask.setter
    def recordmask(self, value: Any) -> None: ...
    def ravel(self, order: OrderKACF='C') -> Any: ...
    def put(self, indices: ArrayLike, values: ArrayLike, mode: str='raise') -> None: ...
    @property
    def mask(self) -> Any: ...
    @mask.setter
    def mask(self, value: Any) -> None: ...
    def iscontiguous(self) -> Any: ...
    def ids(self) -> Any: ...
    @property
    def hardmask(self) -> Any: ...
    def harden_mask(self) -> Any: ...
    def get_real(self) -> Any: ...
    def get_imag(self) -> Any: ...
    def get_fill_value(self) -> Any: ...
    def flatten(self, *args: Any, **params: Any) -> Any: ...
    def filled(self, fill_value: Any=None) -> Any: ...
    @property
    def fill_value(self) -> Any: ...
    @fill_value.setter
    def fill_value(self, value: Any) -> None: ...
    def diagonal(self, *args: Any, **params: Any) -> Any: ...
    def copy(self, *args: Any, **params: Any) -> Any: ...
    def compressed(self) -> Any: ...
    def compress(self, condition: ArrayLike, axis: AxisLike | None=None, out: NDArray[Any] | None=None) -> NDArray[Any]: ...
    @property
    def baseclass(self) -> Any: ...
    def astype(self, dtype: DTypeLike, *args: Any, **kwargs: Any) -> Any: ...
    def __truediv__(self, other: Any) -> Any: ...
    def __sub__(self, other: Any) -> Any: ...
    def __setstate__(self, state: Any) -> None: ...
    def __setmask__(self, mask: Any, copy: bool=False) -> Any: ...
    def __setitem__(self, indx: Any, value: Any) -> None: ...
    def __setattr__(self, name: str, value: Any) -> Any: ...
    def __rtruediv__(self, other: Any) -> Any: ...
    def __rsub__(self, other: Any) -> Any: ...
    def __rpow__(self, other: Any) -> Any: ...
    def __rmul__(self, other: Any) -> Any: ...
    def __rfloordiv__(self, other: Any) -> Any: ...
    def __reduce__(self) -> Any: ...
    def __radd__(self, other: Any) -> Any: ...
    def __pow__(self, other: Any) -> Any: ...
    def __ne__(self, other: Any) -> Any: ...
    def __mul__(self, other: Any) -> Any: ...
    def __lt__(self, other: Any) -> Any: ...
    def __le__(self, other: Any) -> Any: ...
    def __itruediv__(self, other: Any) -> Any: ...
    def __isub__(self, other: Any) -> Any: ...
    def __ipow__(self, other: Any) -> Any: ...
    def __int__(self) -> int: ...
    def __imul__(self, other: Any) -> Any: ...
    def __ifloordiv__(self, other: Any) -> Any: ...
    def __iadd__(self, other: Any) -> Any: ...
    def __hash__(self) -> Any: ...
    def __gt__(self, other: Any) -> Any: ...
    def __getstate__(self) -> Any: ...
    def __getitem__(self, indx: Any) -> Any: ...
    def __ge__(self, other: Any) -> Any: ...
    def __floordiv__(self, other: Any) -> Any: ...
    def __float__(self) -> float: ...
    def __eq__(self, other: Any) -> Any: ...
    def __deepcopy__(self, memo: Any=None) -> Self: ...
    def __array_wrap__(self, obj: ArrayLike, context: Any=None, return_scalar: bool=False) -> Any: ...
    __array_priority__: int
    def __array_finalize__(self, obj: ArrayLike) -> Any: ...
    def __add__(self, other: Any) -> Any: ...
from numoxide.ma.core import MAError as MAError
from numoxide.ma.core import MaskError as MaskError
from numoxide import bool_ as MaskType
from numoxide.ma.core import absolute as abs
from numoxide.ma.core import absolute as absolute
from numoxide.ma.core import add as add
from numoxide.ma.core import all as all
from numoxide.ma.core import allclose as allclose
from numoxide.ma.core import allequal as allequal
from numoxide.ma.core import alltrue as alltrue
from numoxide import amax as amax
from numoxide import amin as amin
from numoxide.ma.core import angle as angle
from numoxide.ma.core import anom as anom
from numoxide.ma.core import anom as anomalies
from numoxide.ma.core import any as any
from numoxide.ma.core import append as append
from numoxide.ma.extras import apply_along_axis as apply_along_axis
from numoxide.ma.extras import apply_over_axes as apply_over_axes
from numoxide.ma.core import arange as arange
from numoxide.ma.core import arccos as arccos
from numoxide.ma.core import arccosh as arccosh
from numoxide.ma.core import arcsin as arcsin
from numoxide.ma.core import arcsinh as arcsinh
from numoxide.ma.core import arctan as arctan
from numoxide.ma.core import arctan2 as arctan2
from numoxide.ma.core import arctanh as arctanh
from numoxide.ma.core import argmax as argmax
from numoxide.ma.core import argmin as argmin
from numoxide.ma.core import argsort as argsort
from numoxide.ma.core import around as around
from numoxide.ma.core import array as array
from numoxide.ma.core import asanyarray as asanyarray
from numoxide.ma.core import asarray as asarray
from numoxide.ma.extras import atleast_1d as atleast_1d
from numoxide.ma.extras import atleast_2d as atleast_2d
from numoxide.ma.extras import atleast_3d as atleast_3d
from numoxide.ma.extras import average as average
from numoxide.ma.core import bitwise_and as bitwise_and
from numoxide.ma.core import bitwise_or as bitwise_or
from numoxide.ma.core import bitwise_xor as bitwise_xor
from numoxide import bool_ as bool_
from numoxide.ma.core import ceil as ceil
from numoxide.ma.core import choose as choose
from numoxide.ma.core import clip as clip
from numoxide.ma.extras import clump_masked as clump_masked
from numoxide.ma.extras import clump_unmasked as clump_unmasked
from numoxide.ma.extras import column_stack as column_stack
from numoxide.ma.core import common_fill_value as common_fill_value
from numoxide.ma.core import compress as compress
from numoxide.ma.extras import compress_cols as compress_cols
from numoxide.ma.extras import compress_nd as compress_nd
from numoxide.ma.extras import compress_rowcols as compress_rowcols
from numoxide.ma.extras import compress_rows as compress_rows
from numoxide.ma.core import compressed as compressed
from numoxide.ma.core import concatenate as concatenate
from numoxide.ma.core import conjugate as conjugate
from numoxide.ma.core import convolve as convolve
from numoxide.ma.core import copy as copy
from numoxide.ma import core as core
from numoxide.ma.extras import corrcoef as corrcoef
from numoxide.ma.core import correlate as correlate
from numoxide.ma.core import cos as cos
from numoxide.ma.core import cosh as cosh
from numoxide.ma.core import count as count
from numoxide.ma.extras import count_masked as count_masked
from numoxide.ma.extras import cov as cov
from numoxide.ma.core import cumprod as cumprod
from numoxide.ma.core import cumsum as cumsum
from numoxide.ma.core import default_fill_value as default_fill_value
from numoxide.ma.core import diag as diag
from numoxide.ma.extras import diagflat as diagflat
from numoxide.ma.core import diagonal as diagonal
from numoxide.ma.core import diff as diff
from numoxide.ma.core import divide as divide
def dot(a: ArrayLike, b: ArrayLike, strict: bool=False, out: NDArray[Any] | None=None) -> Any: ...
from numoxide.ma.extras import dstack as dstack
from numoxide.ma.extras import ediff1d as ediff1d
from numoxide.ma.core import empty as empty
from numoxide.ma.core import empty_like as empty_like
from numoxide.ma.core import equal as equal
from numoxide.ma.core import exp as exp
from numoxide import expand_dims as expand_dims
from numoxide.ma import extras as extras
from numoxide.ma.core import fabs as fabs
from numoxide.ma.core import filled as filled
from numoxide.ma.core import fix_invalid as fix_invalid
from numoxide.ma.extras import flatnotmasked_contiguous as flatnotmasked_contiguous
from numoxide.ma.extras import flatnotmasked_edges as flatnotmasked_edges
from numoxide.ma.core import flatten_mask as flatten_mask
from numoxide.ma.core import flatten_structured_array as flatten_structured_array
from numoxide.ma.core import floor as floor
from numoxide.ma.core import floor_divide as floor_divide
from numoxide.ma.core import fmod as fmod
from numoxide.ma.core import frombuffer as frombuffer
from numoxide.ma.core import fromflex as fromflex
from numoxide.ma.core import fromfunction as fromfunction
from numoxide.ma.core import getdata as getdata
from numoxide.ma.core import getmask as getmask
from numoxide.ma.core import getmaskarray as getmaskarray
from numoxide.ma.core import greater as greater
from numoxide.ma.core import greater_equal as greater_equal
from numoxide.ma.core import harden_mask as harden_mask
from numoxide.ma.extras import hsplit as hsplit
from numoxide.ma.extras import hstack as hstack
from numoxide.ma.core import hypot as hypot
from numoxide.ma.core import identity as identity
from numoxide.ma.core import ids as ids
from numoxide.ma.extras import in1d as in1d
from numoxide.ma.core import indices as indices
from numoxide.ma.core import inner as inner
from numoxide.ma.core import inner as innerproduct
from numoxide.ma.extras import intersect1d as intersect1d
from numoxide.ma.core import isMaskedArray as isMA
from numoxide.ma.core import isMaskedArray as isMaskedArray
from numoxide.ma.core import is_mask as is_mask
from numoxide.ma.core import is_masked as is_masked
from numoxide.ma.core import isMaskedArray as isarray
from numoxide.ma.extras import isin as isin
from numoxide.ma.core import left_shift as left_shift
from numoxide.ma.core import less as less
from numoxide.ma.core import less_equal as less_equal
from numoxide.ma.core import log as log
from numoxide.ma.core import log10 as log10
from numoxide.ma.core import log2 as log2
from numoxide.ma.core import logical_and as logical_and
from numoxide.ma.core import logical_not as logical_not
from numoxide.ma.core import logical_or as logical_or
from numoxide.ma.core import logical_xor as logical_xor
from numoxide.ma.core import make_mask as make_mask
from numoxide.ma.core import make_mask_descr as make_mask_descr
from numoxide.ma.core import make_mask_none as make_mask_none
from numoxide.ma.extras import mask_cols as mask_cols
from numoxide.ma.core import mask_or as mask_or
from numoxide.ma.extras import mask_rowcols as mask_rowcols
from numoxide.ma.extras import mask_rows as mask_rows
from numoxide.ma.core import masked as masked
from numoxide.ma.extras import masked_all as masked_all
from numoxide.ma.extras import masked_all_like as masked_all_like
masked_array = MaskedArray
from numoxide.ma.core import masked_equal as masked_equal
from numoxide.ma.core import masked_greater as masked_greater
from numoxide.ma.core import masked_greater_equal as masked_greater_equal
from numoxide.ma.core import masked_inside as masked_inside
from numoxide.ma.core import masked_invalid as masked_invalid
from numoxide.ma.core import masked_less as masked_less
from numoxide.ma.core import masked_less_equal as masked_less_equal
from numoxide.ma.core import masked_not_equal as masked_not_equal
from numoxide.ma.core import masked_object as masked_object
from numoxide.ma.core import masked_outside as masked_outside
from numoxide.ma.core import masked_print_option as masked_print_option
from numoxide.ma.core import masked as masked_singleton
from numoxide.ma.core import masked_values as masked_values
from numoxide.ma.core import masked_where as masked_where
from numoxide.ma.core import max as max
from numoxide.ma.core import maximum as maximum
from numoxide.ma.core import maximum_fill_value as maximum_fill_value
from numoxide.ma.core import mean as mean
from numoxide.ma.extras import median as median
from numoxide.ma.core import min as min
from numoxide.ma.core import minimum as minimum
from numoxide.ma.core import minimum_fill_value as minimum_fill_value
from numoxide.ma.core import remainder as mod
from numoxide.ma.extras import mr_ as mr_
from numoxide.ma.core import multiply as multiply
from numoxide.ma.core import mvoid as mvoid
from numoxide.ma.extras import ndenumerate as ndenumerate
from numoxide.ma.core import ndim as ndim
from numoxide.ma.core import negative as negative
from numoxide import False_ as nomask
from numoxide.ma.core import nonzero as nonzero
from numoxide.ma.core import not_equal as not_equal
from numoxide.ma.extras import notmasked_contiguous as notmasked_contiguous
from numoxide.ma.extras import notmasked_edges as notmasked_edges
from numoxide.ma.core import ones as ones
from numoxide.ma.core import ones_like as ones_like
from numoxide.ma.core import outer as outer
from numoxide.ma.core import outer as outerproduct
from numoxide.ma.extras import polyfit as polyfit
from numoxide.ma.core import power as power
from numoxide.ma.core import prod as prod
from numoxide.ma.core import prod as product
from numoxide.ma.core import ptp as ptp
from numoxide.ma.core import put as put
from numoxide.ma.core import putmask as putmask
from numoxide.ma.core import ravel as ravel
from numoxide.ma.core import remainder as remainder
from numoxide.ma.core import repeat as repeat
from numoxide.ma.core import reshape as reshape
from numoxide.ma.core import resize as resize
from numoxide.ma.core import right_shift as right_shift
from numoxide.ma.core import round_ as round
from numoxide.ma.core import round_ as round_
from numoxide.ma.extras import vstack as row_stack
from numoxide.ma.core import set_fill_value as set_fill_value
from numoxide.ma.extras import setdiff1d as setdiff1d
from numoxide.ma.extras import setxor1d as setxor1d
from numoxide.ma.core import shape as shape
from numoxide.ma.core import sin as sin
from numoxide.ma.core import sinh as sinh
from numoxide.ma.core import size as size
from numoxide.ma.core import soften_mask as soften_mask
from numoxide.ma.core import sometrue as sometrue
from numoxide.ma.core import sort as sort
from numoxide.ma.core import sqrt as sqrt
from numoxide.ma.core import squeeze as squeeze
from numoxide.ma.extras import stack as stack
from numoxide.ma.core import std as std
from numoxide.ma.core import subtract as subtract
from numoxide.ma.core import sum as sum
from numoxide.ma.core import swapaxes as swapaxes
from numoxide.ma.core import take as take
from numoxide.ma.core import tan as tan
from numoxide.ma.core import tanh as tanh
from numoxide.ma.core import trace as trace
from numoxide.ma.core import transpose as transpose
from numoxide.ma.core import divide as true_divide
from numoxide.ma.extras import union1d as union1d
from numoxide.ma.extras import unique as unique
from numoxide.ma.extras import vander as vander
from numoxide.ma.core import var as var
from numoxide.ma.extras import vstack as vstack
from numoxide.ma.core import where as where
from numoxide.ma.core import zeros as zeros
from numoxide.ma.core import zeros_like as zeros_like
