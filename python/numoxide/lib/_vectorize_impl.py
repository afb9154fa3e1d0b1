"""Functions of scalars called over arrays."""

import re

from numoxide._core import multiarray as _nx
from numoxide._core.multiarray import asanyarray
from numoxide._core.numerictypes import typecodes
from numoxide._core.overrides import set_module
from numoxide._core.umath import frompyfunc
from numoxide._globals import _NoValue

__all__ = ["vectorize"]

# The signature of a generalised ufunc: "(m,n),(n)->(m)".
_NAME = r"\w+"
_DIMENSIONS = rf"(?:{_NAME}(?:,{_NAME})*)?"
_ARGUMENT = rf"\({_DIMENSIONS}\)"
_ARGUMENTS = rf"{_ARGUMENT}(?:,{_ARGUMENT})*"
_SIGNATURE = rf"^{_ARGUMENTS}->{_ARGUMENTS}$"


def _parse_gufunc_signature(signature):
    """Split a signature into the core dimensions of the inputs and of the outputs."""
    signature = re.sub(r"\s+", "", signature)
    if not re.match(_SIGNATURE, signature):
        raise ValueError(f"not a valid gufunc signature: {signature}")
    inputs, outputs = (
        [tuple(re.findall(_NAME, arg)) for arg in re.findall(_ARGUMENT, side)]
        for side in signature.split("->")
    )
    return inputs, outputs


def _match_core(sizes, arg, names):
    """Record the sizes of one operand's core dimensions and check those known already."""
    if not names:
        return
    if arg.ndim < len(names):
        raise ValueError(
            "%d-dimensional argument does not have enough dimensions for all core dimensions %r"
            % (arg.ndim, names)
        )
    for name, size in zip(names, arg.shape[-len(names) :]):
        if sizes.setdefault(name, size) != size:
            raise ValueError(
                f"inconsistent size for core dimension {name!r}: {size!r} vs {sizes[name]!r}"
            )


def _loop_and_core(args, inputs):
    """Find the broadcast shape of the loop and the sizes of the core dimensions."""
    from numoxide.lib._stride_tricks_impl import _broadcast_shape

    stand_ins, sizes = [], {}
    for arg, names in zip(args, inputs):
        _match_core(sizes, arg, names)
        outer = arg.ndim - len(names)
        stand_ins.append(_nx.empty(arg.shape[:outer], dtype=[]))
    return _broadcast_shape(*stand_ins), sizes


def _get_vectorize_dtype(dtype):
    """Give the code of a dtype, or the dtype itself where a code says too little."""
    return dtype.char if dtype.char in "SU" else dtype


@set_module("numpy")
class vectorize:
    """Call a Python function for every element of arrays that broadcast together.

    A convenience, not a way to speed.

    >>> np.vectorize(lambda a, b: a - b if a > b else a + b)([1, 4], 2)
    array([3, 2])
    """

    def __init__(
        self, pyfunc=_NoValue, otypes=None, doc=None, excluded=None, cache=False, signature=None
    ):
        if pyfunc is not _NoValue and not callable(pyfunc):
            raise TypeError("When used as a decorator, only accepts keyword arguments.")
        self.pyfunc = pyfunc
        self.cache = cache
        self.signature = signature
        if pyfunc is not _NoValue:
            self._name_after(pyfunc)
        self._ufunc = {}
        self._doc = None
        self.__doc__ = doc
        if doc is None and hasattr(pyfunc, "__doc__"):
            self.__doc__ = pyfunc.__doc__
        else:
            self._doc = doc
        self.otypes = _read_otypes(otypes)
        if excluded is None:
            excluded = set()
        self.excluded = set(excluded)
        self._in_and_out_core_dims = None
        if signature is not None:
            self._in_and_out_core_dims = _parse_gufunc_signature(signature)

    def _name_after(self, pyfunc):
        """Take over the function's names."""
        if hasattr(pyfunc, "__name__"):
            self.__name__ = pyfunc.__name__
        self.__wrapped__ = pyfunc

    def _init_stage_2(self, pyfunc):
        """Finish a decorator that was given its arguments before the function."""
        self.__name__ = pyfunc.__name__
        self.pyfunc = pyfunc
        if self._doc is None:
            self.__doc__ = pyfunc.__doc__
        else:
            self.__doc__ = self._doc
        self.__wrapped__ = pyfunc

    def __call__(self, *args, **kwargs):
        if self.pyfunc is _NoValue:
            self._init_stage_2(*args, **kwargs)
            return self
        return self._call_as_normal(*args, **kwargs)

    def _call_as_normal(self, *args, **kwargs):
        """Call with the excluded arguments bound."""
        excluded = self.excluded
        if not kwargs and not excluded:
            return self._vectorize_call(self.pyfunc, args)
        # Only positions are looped over: keyword arguments take positions behind the others.
        names = [name for name in kwargs if name not in excluded]
        looped = [i for i in range(len(args)) if i not in excluded]
        fixed = list(args)

        def func(*values):
            for at, i in enumerate(looped):
                fixed[i] = values[at]
            kwargs.update(zip(names, values[len(looped) :]))
            return self.pyfunc(*fixed, **kwargs)

        varying = [args[i] for i in looped] + [kwargs[name] for name in names]
        return self._vectorize_call(func, varying)

    def _get_ufunc_and_otypes(self, func, args):
        """Make the ufunc of a function and find the types of its results."""
        if not args:
            raise ValueError("args can not be empty")
        if self.otypes is not None:
            otypes, nin = self.otypes, len(args)
            if func is not self.pyfunc:
                return frompyfunc(func, nin, len(otypes)), otypes
            key = nin
            if key not in self._ufunc:
                self._ufunc[key] = frompyfunc(func, nin, len(otypes))
            return self._ufunc[key], otypes
        # One call tells the types; it is not repeated if the results are cached.
        args = [asanyarray(a) for a in args]
        if any(a.size == 0 for a in args):
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        outputs = func(*[a.flat[0] for a in args])
        wrapped = _replay_first(func, outputs) if self.cache else func
        nout = len(outputs) if isinstance(outputs, tuple) else 1
        results = outputs if isinstance(outputs, tuple) else (outputs,)
        otypes = "".join(_nx.asarray(result).dtype.char for result in results)
        return frompyfunc(wrapped, len(args), nout), otypes

    def _vectorize_call(self, func, args):
        """Call the function over broadcast arguments."""
        if self.signature is not None:
            return self._vectorize_call_with_signature(func, args)
        if not args:
            return func()
        ufunc, otypes = self._get_ufunc_and_otypes(func=func, args=args)
        # A subclass of array must not see its own methods called by object loops.
        inputs = [asanyarray(a, dtype=object) for a in args]
        outputs = ufunc(*inputs, out=...)
        if ufunc.nout == 1:
            return asanyarray(outputs, dtype=otypes[0])
        return tuple(asanyarray(x, dtype=t) for x, t in zip(outputs, otypes))

    def _vectorize_call_with_signature(self, func, args):
        """Call the function over all but the core dimensions."""
        inputs, outputs = self._in_and_out_core_dims
        if len(args) != len(inputs):
            raise TypeError(
                "wrong number of positional arguments: expected %r, got %r"
                % (len(inputs), len(args))
            )
        args = tuple(asanyarray(arg) for arg in args)
        loop, sizes = _loop_and_core(args, inputs)
        from numoxide.lib._index_tricks_impl import ndindex
        from numoxide.lib._stride_tricks_impl import broadcast_to

        shapes = [loop + tuple(sizes[d] for d in names) for names in inputs]
        args = [broadcast_to(arg, shape, subok=True) for arg, shape in zip(args, shapes)]
        otypes, made, nout = self.otypes, None, len(outputs)
        for index in ndindex(*loop):
            results = func(*(arg[index] for arg in args))
            count = len(results) if isinstance(results, tuple) else 1
            if nout != count:
                raise ValueError(
                    "wrong number of outputs from pyfunc: expected %r, got %r" % (nout, count)
                )
            if nout == 1:
                results = (results,)
            if made is None:
                for result, names in zip(results, outputs):
                    _match_core(sizes, asanyarray(result), names)
                made = _create(loop, sizes, outputs, otypes, results)
            for out, result in zip(made, results):
                out[index] = result
        if made is None:
            made = self._empty_results(loop, sizes, outputs)
        return made[0] if nout == 1 else made

    def _empty_results(self, loop, sizes, outputs):
        """Make the results of a loop that never ran."""
        if self.otypes is None:
            raise ValueError("cannot call `vectorize` on size 0 inputs unless `otypes` is set")
        if any(dim not in sizes for names in outputs for dim in names):
            raise ValueError(
                "cannot call `vectorize` with a signature including new output dimensions on "
                "size 0 inputs"
            )
        return _create(loop, sizes, outputs, self.otypes)


def _create(loop, sizes, outputs, otypes, results=None):
    """Make the arrays that results are written to."""
    otypes = [None] * len(outputs) if otypes is None else otypes
    results = [None] * len(outputs) if results is None else results
    made = []
    for names, otype, result in zip(outputs, otypes, results):
        shape = loop + tuple(sizes[d] for d in names)
        if result is None:
            made.append(_nx.empty(shape, dtype=otype))
        else:
            kind = otype if otype is not None else asanyarray(result).dtype
            made.append(_nx.empty_like(result, shape=shape, dtype=kind))
    return tuple(made)


def _read_otypes(otypes):
    """Check output types, given as codes or as a list of dtypes."""
    if isinstance(otypes, str):
        for char in otypes:
            if char not in typecodes["All"]:
                raise ValueError(f"Invalid otype specified: {char}")
        return otypes
    if otypes is None:
        return None
    try:
        iter(otypes)
    except TypeError:
        raise ValueError("Invalid otype specification") from None
    return [_get_vectorize_dtype(_nx.dtype(x)) for x in otypes]


def _replay_first(func, outputs):
    """Give a function's first result again instead of calling it a second time."""
    first = [outputs]

    def replay(*args):
        return first.pop() if first else func(*args)

    return replay


