"""Assertions on warnings, and ways to keep them quiet."""

import contextlib
import warnings
from functools import wraps

_DEPRECATED = (
    "NumPy warning suppression and assertion utilities are deprecated. Use "
    "warnings.catch_warnings, warnings.filterwarnings, pytest.warns, or pytest.filterwarnings "
    "instead. (Deprecated NumPy 2.4)"
)


def _deprecated(stacklevel):
    warnings.warn(_DEPRECATED, DeprecationWarning, stacklevel=stacklevel + 1)


@contextlib.contextmanager
def _expect_warning(warning_class, name=None):
    """Fail unless the block warns."""
    __tracebackhide__ = True
    with suppress_warnings(_warn=False) as sup:
        log = sup.record(warning_class)
        yield
        if not log:
            raise AssertionError("No warning raised" + (f" when calling {name}" if name else ""))


def assert_warns(warning_class, *args, **kwargs):
    """Fail unless a call, or the block of a ``with``, gives a warning of the class."""
    _deprecated(2)
    if not args and not kwargs:
        return _expect_warning(warning_class)
    if not args:
        if "match" in kwargs:
            raise RuntimeError(
                "assert_warns does not use 'match' kwarg, use pytest.warns instead"
            )
        raise RuntimeError("assert_warns(...) needs at least one arg")
    func, *rest = args
    with _expect_warning(warning_class, name=func.__name__):
        return func(*rest, **kwargs)


@contextlib.contextmanager
def _expect_silence(name=None):
    """Fail if the block warns."""
    __tracebackhide__ = True
    with warnings.catch_warnings(record=True) as log:
        warnings.simplefilter("always")
        yield
        if log:
            raise AssertionError("Got warnings" + (f" when calling {name}" if name else "") + f": {log}")


def assert_no_warnings(*args, **kwargs):
    """Fail if a call, or the block of a ``with``, gives any warning."""
    if not args:
        return _expect_silence()
    func, *rest = args
    with _expect_silence(name=func.__name__):
        return func(*rest, **kwargs)


class clear_and_catch_warnings(warnings.catch_warnings):
    """Catch warnings and forget which modules have warned already."""

    class_modules = ()

    def __init__(self, record=False, modules=()):
        self.modules = set(modules).union(self.class_modules)
        self._registries = {}
        super().__init__(record=record)

    def __enter__(self):
        for module in self.modules:
            registry = getattr(module, "__warningregistry__", None)
            if registry is not None:
                self._registries[module] = registry.copy()
                registry.clear()
        return super().__enter__()

    def __exit__(self, *exc_info):
        super().__exit__(*exc_info)
        for module in self.modules:
            registry = getattr(module, "__warningregistry__", None)
            if registry is not None:
                registry.clear()
            if module in self._registries:
                registry.update(self._registries[module])


class suppress_warnings:
    """Hide or record warnings by class, text and module; works in threads and when nested.

    `forwarding_rule` tells which other warnings pass: "always", "module", "once" or "location".
    """

    def __init__(self, forwarding_rule="always", _warn=True):
        if _warn:
            _deprecated(2)
        self._entered = False
        self._rules = []
        self._forwarding_rule = forwarding_rule
        if forwarding_rule not in ("always", "module", "once", "location"):
            raise ValueError("unsupported forwarding rule.")

    def _clear_registries(self):
        """Make Python forget which warnings it has shown."""
        forget = getattr(warnings, "_filters_mutated", None) or warnings._filters_mutated_lock_held
        forget()

    def _add(self, category, message, module, record):
        import re

        log = [] if record else None
        pattern = re.compile(message, re.IGNORECASE)
        rule = (category, message, pattern, module, log)
        if not self._entered:
            self._rules.append(rule)
            return log
        self._block_rules.append(rule)
        self._set_filter(rule)
        self._clear_registries()
        return log

    def _set_filter(self, rule):
        """Let a warning of this rule reach our handler every time."""
        category, message, _, module, _ = rule
        import re

        where = re.escape(module.__name__) + "$" if module is not None else ""
        warnings.filterwarnings("always", category=category, message=message, module=where)

    def filter(self, category=Warning, message="", module=None):
        """Hide warnings of a class whose text starts with a pattern, from a module if given."""
        self._add(category, message, module, record=False)

    def record(self, category=Warning, message="", module=None):
        """Record such warnings instead of showing them; returns the list they go to."""
        return self._add(category, message, module, record=True)

    def __enter__(self):
        if self._entered:
            raise RuntimeError("cannot enter suppress_warnings twice.")
        self._saved_show = warnings.showwarning
        self._saved_impl = getattr(warnings, "_showwarnmsg_impl", None)
        self._saved_filters = warnings.filters
        warnings.filters = self._saved_filters[:]
        self._entered = True
        self._block_rules, self.log = [], []
        self._once = set()
        for rule in self._rules:
            if rule[4] is not None:
                rule[4].clear()
            self._set_filter(rule)
        warnings.showwarning = self._showwarning
        self._clear_registries()
        return self

    def __exit__(self, *exc_info):
        warnings.showwarning = self._saved_show
        warnings.filters = self._saved_filters
        self._clear_registries()
        self._entered = False

    def _matches(self, rule, text, category, filename):
        """Tell whether a rule covers a warning."""
        kind, _, pattern, module, _ = rule
        if not issubclass(category, kind) or pattern.match(text) is None:
            return False
        if module is None:
            return True
        return bool(module.__file__) and module.__file__.startswith(filename)

    def _showwarning(self, message, category, filename, lineno, *args, use_warnmsg=None, **kwargs):
        for rule in (self._rules + self._block_rules)[::-1]:
            if self._matches(rule, str(message.args[0] if message.args else ""), category, filename):
                if rule[4] is not None:
                    made = warnings.WarningMessage(message, category, filename, lineno, **kwargs)
                    self.log.append(made)
                    rule[4].append(made)
                return
        key = {
            "once": (message.args, category),
            "module": (message.args, category, filename),
            "location": (message.args, category, filename, lineno),
        }.get(self._forwarding_rule)
        if key is not None:
            if key in self._once:
                return
            self._once.add(key)
        self._saved_show(message, category, filename, lineno, *args, **kwargs)

    def __call__(self, func):
        @wraps(func)
        def quiet(*args, **kwargs):
            with self:
                return func(*args, **kwargs)

        return quiet


