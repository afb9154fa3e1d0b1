"""How public functions take part in the ``__array_function__`` protocol.

A public function is declared with `public` and the names of the arguments whose types matter.
The call itself belongs to `_ArrayFunctionDispatcher`: the extension's type where it has one,
else the Python class below, which behaves the same.
"""

import functools
from types import MethodType

from numoxide._core import _multiarray_umath as _ext
from numoxide._home import home

# Every public function that dispatches, for `numoxide.testing.overrides` and the tests.
ARRAY_FUNCTIONS = set()

_MAX_TYPES = 64
_ndarray = _ext.ndarray
# Arguments of exactly these types never ask for a detour.
_PLAIN = frozenset({_ndarray, int, float, complex, bool, type(None), str, bytes, tuple, list, dict})


def set_module(module):
    """Make a decorator that sets the module name that an object shows."""

    def decorate(func):
        if module is not None:
            if isinstance(func, type):
                func._module_source = getattr(func, "__module__", None)
            func.__module__ = home(module)
        return func

    return decorate


def _get_implementing_args(relevant_args):
    """Collect the arguments to ask, one for each type, subclasses before their bases."""
    types, found = [], []
    for arg in relevant_args:
        kind = type(arg)
        if kind in types or not hasattr(kind, "__array_function__"):
            continue
        if len(types) >= _MAX_TYPES:
            raise TypeError(
                f"maximum number ({_MAX_TYPES}) of distinct argument types "
                "implementing __array_function__ exceeded"
            )
        types.append(kind)
        place = len(found)
        for at, earlier in enumerate(found):
            if issubclass(kind, type(earlier)):
                place = at
                break
        found.insert(place, arg)
    return found


_get_implementing_args = getattr(_ext, "_get_implementing_args", _get_implementing_args)


def _no_implementation(func, types):
    """The error for a call that every argument declined."""
    name = f"{func.__module__}.{func.__name__}" if func.__module__ else func.__name__
    return TypeError(
        f"no implementation found for '{name}' on types that implement "
        f"__array_function__: {list(types)}"
    )


def _ask(func, implementation, asked, args, kwargs):
    """Offer a call to each overriding argument in turn; plain arrays run the implementation."""
    types = tuple(type(arg) for arg in asked)
    default = _ndarray.__array_function__
    for arg in asked:
        method = type(arg).__array_function__
        if method is default and all(issubclass(t, _ndarray) for t in types):
            return implementation(*args, **kwargs)
        result = arg.__array_function__(func, types, args, kwargs)
        if result is not NotImplemented:
            return result
    raise _no_implementation(func, types)


def _relevant_rows(names, implementation):
    """Turn argument names into rows (position or None, name, many?)."""
    code = implementation.__code__
    positional = code.co_varnames[: code.co_argcount]
    rows = []
    for name in names:
        many = name[0] == "*"
        name = name.lstrip("*")
        if name in positional:
            rows.append((positional.index(name), name, many))
        elif code.co_flags & 4 and name == code.co_varnames[code.co_argcount + code.co_kwonlyargcount]:
            rows.append((code.co_argcount, None, many))
        else:
            rows.append((None, name, many))
    return tuple(rows)


def _relevant_values(rows, args, kwargs):
    """Pick the relevant arguments that are not of a plain type out of a call."""
    found = []
    count = len(args)
    for index, name, many in rows:
        if name is None:
            found.extend(arg for arg in args[index:] if type(arg) not in _PLAIN)
            continue
        if index is not None and index < count:
            arg = args[index]
        else:
            arg = kwargs.get(name)
        kind = type(arg)
        if kind is list or kind is tuple:
            if many:
                found.extend(item for item in arg if type(item) not in _PLAIN)
        elif kind not in _PLAIN:
            found.extend(_items(arg) if many else (arg,))
    return found


def _items(arg):
    """List the arrays of an unusual sequence, and itself where it overrides."""
    found = [arg] if hasattr(type(arg), "__array_function__") else []
    if hasattr(type(arg), "__getitem__"):
        try:
            found.extend(item for item in arg if type(item) not in _PLAIN)
        except TypeError:
            # Not iterable after all: a 0-d array, say.
            return found
    return found


class _PyDispatcher:
    """A public function: asks overriding arguments first, then runs its implementation.

    `relevant` is a function with the same arguments that returns those that matter, a tuple of
    rows (position, name, many?), or None when only ``like=`` dispatches.
    """

    def __init__(self, relevant, implementation):
        self._implementation = implementation
        self._relevant = relevant
        functools.update_wrapper(self, implementation)

    def __call__(self, /, *args, **kwargs):
        relevant = self._relevant
        if type(relevant) is tuple:
            values = _relevant_values(relevant, args, kwargs)
        elif relevant is None:
            like, args = (args[0], args[1:]) if args else (None, args)
            if not hasattr(type(like), "__array_function__"):
                raise TypeError(
                    "The `like` argument must be an array-like that implements the "
                    "`__array_function__` protocol."
                )
            values = (like,)
        else:
            values = _named_call(relevant, self, args, kwargs)
        if values:
            asked = _get_implementing_args(values)
            if len(asked) > 1 or (asked and type(asked[0]) is not _ndarray):
                func = self if relevant is not None else self._public()
                return _ask(func, self._implementation, asked, args, kwargs)
        return self._implementation(*args, **kwargs)

    def _public(self):
        """The public function that a ``like=`` call is reported as."""
        import sys

        module = sys.modules.get(self.__module__) or sys.modules["numoxide"]
        return getattr(module, self.__name__, self)

    def __get__(self, obj, owner=None):
        return self if obj is None else MethodType(self, obj)

    def __repr__(self):
        return repr(self._implementation).replace("<function", "<function", 1)

    def __reduce__(self):
        return self.__qualname__

    @property
    def __code__(self):
        return self._implementation.__code__


def _named_call(relevant, func, args, kwargs):
    """Call a dispatcher; an argument error names the public function instead."""
    try:
        return relevant(*args, **kwargs)
    except TypeError as error:
        prefix = f"{relevant.__qualname__}()"
        if error.args and isinstance(error.args[0], str) and error.args[0].startswith(prefix):
            text = f"{func.__qualname__}()" + error.args[0][len(prefix):]
            raise TypeError(text) from None
        raise


# A dispatcher of the extension that also takes rows says so with `accepts_rows`.
_ArrayFunctionDispatcher = getattr(_ext, "_ArrayFunctionDispatcher", _PyDispatcher)
if not getattr(_ArrayFunctionDispatcher, "accepts_rows", False):
    _ArrayFunctionDispatcher = _ext._ArrayFunctionDispatcher = _PyDispatcher


def public(*relevant, module="numpy"):
    """Declare a public function: the arguments that dispatch ("*x": each item) and its module."""

    def decorate(implementation):
        if module is not None:
            implementation.__module__ = home(module)
        func = _ArrayFunctionDispatcher(_relevant_rows(relevant, implementation), implementation)
        ARRAY_FUNCTIONS.add(func)
        return func

    return decorate


def public_builtin(implementation, signature, relevant, module="numpy"):
    """Declare a public function whose body is in the extension; `signature` names its arguments."""
    positional = [part.split("=")[0].strip() for part in signature.strip("()").split("*,")[0].split(",")]
    positional = [name for name in positional if name and name != "/"]
    rows = []
    for name in relevant:
        bare = name.lstrip("*")
        if name.startswith("**"):
            rows.append((0, None, True))
            continue
        index = positional.index(bare) if bare in positional else None
        rows.append((index, bare, name[0] == "*"))
    func = _ArrayFunctionDispatcher(tuple(rows), implementation)
    func.__module__ = home(module)
    if not getattr(implementation, "__text_signature__", None):
        func._signature_text = signature
    ARRAY_FUNCTIONS.add(func)
    return func


def like_call(func, like, args, kwargs):
    """Run a creation function on behalf of its ``like=`` argument."""
    method = getattr(type(like), "__array_function__", None)
    if method is None:
        raise TypeError(
            "The `like` argument must be an array-like that implements the "
            "`__array_function__` protocol."
        )
    if type(like) is _ndarray:
        return func(*args, **kwargs)
    if method is _ndarray.__array_function__:
        return func(*args, **kwargs)
    result = like.__array_function__(func, (type(like),), args, kwargs)
    if result is NotImplemented:
        raise _no_implementation(func, (type(like),))
    return result


def _argument_names(func):
    """Tell the arguments of a Python function: positional, keyword-only, ``*args``, ``**kwargs``."""
    code = func.__code__
    positional, keyword = code.co_argcount, code.co_argcount + code.co_kwonlyargcount
    names = code.co_varnames
    return names[:positional], names[positional:keyword], code.co_flags & 4, code.co_flags & 8


def verify_matching_signatures(implementation, dispatcher):
    """Check that a dispatcher takes its function's arguments, with None for every default."""
    defaults = dispatcher.__defaults__ or ()
    same = _argument_names(implementation) == _argument_names(dispatcher)
    if not same or len(implementation.__defaults__ or ()) != len(defaults):
        raise RuntimeError(
            "implementation and dispatcher for %s have different function signatures"
            % implementation
        )
    if any(default is not None for default in defaults):
        raise RuntimeError("dispatcher functions can only use None for default argument values")


def _check_like(implementation):
    """Check that the last argument of a creation function is ``like``, by keyword only."""
    code = implementation.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    if not code.co_kwonlyargcount or code.co_varnames[count - 1] != "like":
        raise RuntimeError(
            "__array_function__ dispatch without a dispatcher needs `like` as the last keyword-only "
            "argument"
        )


def creation(func):
    """Declare a public function that dispatches on its ``like=`` argument."""
    ARRAY_FUNCTIONS.add(func)
    return set_module("numpy")(func)


def array_function_dispatch(dispatcher=None, module=None, verify=True, docs_from_dispatcher=False):
    """Make a decorator for functions whose relevant arguments a dispatcher function picks."""

    def decorate(implementation):
        if verify and dispatcher is not None:
            verify_matching_signatures(implementation, dispatcher)
        if dispatcher is None:
            _check_like(implementation)
        if docs_from_dispatcher:
            implementation.__doc__ = dispatcher.__doc__
        if module is not None:
            implementation.__module__ = home(module)
        func = _ArrayFunctionDispatcher(dispatcher, implementation)
        ARRAY_FUNCTIONS.add(func)
        return func

    return decorate


def array_function_from_dispatcher(
    implementation, module=None, verify=True, docs_from_dispatcher=True
):
    """The same as `array_function_dispatch`, applied to the dispatcher."""

    def decorate(dispatcher):
        make = array_function_dispatch(dispatcher, module, verify, docs_from_dispatcher)
        return make(implementation)

    return decorate


array_function_like_doc = (
    "like : array_like, optional\n"
    "        An object whose type decides, through ``__array_function__``, what is made."
)


def get_array_function_like_doc(public_api, docstring_template=""):
    """Fill the shared text on ``like=`` into a docstring."""
    ARRAY_FUNCTIONS.add(public_api)
    text = public_api.__doc__ or docstring_template
    return text.replace("${ARRAY_FUNCTION_LIKE}", array_function_like_doc)


def finalize_array_function_like(public_api):
    """Fill the text on ``like=`` into the docstring of `public_api` and return it."""
    public_api.__doc__ = get_array_function_like_doc(public_api)
    return public_api
