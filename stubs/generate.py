"""Writes numoxide's type stubs: the pieces in `stubs/<module>/`, completed from the objects themselves.

    python stubs/generate.py [--check]

A piece is plain stub text without imports. What a public module or a class in a piece has at run time and the piece
does not say is added from run-time signatures; `rows.py` gives arguments and results their types.
"""

import ast
import builtins
import collections.abc
import contextlib
import importlib.util
import inspect
import re
import sys
import types
import typing
import warnings
from pathlib import Path

import rows

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "python"
HEAD = (
    "# Written by `make gen` from stubs/ and the objects themselves: change those.\n"
    "# mypy: disable-error-code=\"override, misc, overload-overlap, overload-cannot-match, type-arg, unused-ignore\"\n"
)
PLAIN = (bool, int, float, complex, str, bytes, type(None), tuple, list, dict, set, frozenset)
# What every class has, or what says nothing to a type checker.
SILENT = frozenset(
    "__class__ __dict__ __doc__ __module__ __weakref__ __slots__ __annotations__ __getattribute__ __firstlineno__ "
    "__static_attributes__ __orig_bases__ __parameters__ __abstractmethods__ __match_args__ __type_params__ "
    "__signature__ __text_signature__ __init_subclass__ __subclasshook__ __new__ __init__".split()
)
BASETYPE = 1 << 10  # the flag of classes that can have subclasses
EXTERNAL = {one.__name__: set(one.__all__) for one in (typing, collections.abc, contextlib)}
EXTERNAL["typing"].add("type_check_only")


class Stubs:
    """All stubs: where each public object is defined, and the text of each module."""

    def __init__(self):
        self.modules = {name: importlib.import_module(name) for name in rows.MODULES if exists(name)}
        self.pieces = {name: self.piece(name) for name in [*self.modules, *rows.HAND_WRITTEN]}
        self.homes = {}
        for name, module in self.modules.items():
            by_hand = defined(self.pieces[name])
            for public in public_names(module):
                value = getattr(module, public)
                rank = len(name) * f"{getattr(value, '__module__', '')}.".startswith(f"{name}."), public in by_hand, getattr(value, "__name__", None) == public
                if not isinstance(value, PLAIN) and rank > self.homes.get(id(value), ((),))[0]:
                    self.homes[id(value)] = (rank, name, public)

    @staticmethod
    def piece(name):
        """The statements that are written by hand for a module."""
        texts = [path.read_text() for path in sorted((HERE / name).glob("*.pyi"))]
        return ast.parse(copied("\n".join(texts))).body

    def home(self, value):
        return self.homes.get(id(value), (None, None, None))[1:]

    def text(self, name):
        """The whole stub of a module."""
        body = list(self.pieces[name])
        if name in self.modules:
            body = ast.parse(f"__all__ = {self.all_of(name)!r}").body * hasattr(self.modules[name], "__all__") + body
            Completed(self, name, body).module()
        body = Qualified(body).module()
        lines = ast.unparse(ast.Module(self.imports(name, body) + body, []))
        lines = re.sub(r":\n\s+\.\.\.$", ": ...", lines, flags=re.M)
        lines = lines.replace("__hash__: ClassVar[None]", "__hash__: ClassVar[None]  # type: ignore[assignment]")
        return HEAD + re.sub(r"\n\n+", "\n", lines) + "\n"

    def all_of(self, name):
        return sorted(self.modules[name].__all__) if hasattr(self.modules[name], "__all__") else []

    def imports(self, name, body):
        """Import what the statements use and do not define."""
        names = [node for top in body for node in ast.walk(top) if isinstance(node, ast.Name)]
        setters = {node.value for top in body for node in ast.walk(top) if getattr(node, "attr", None) == "setter"}
        used = {node.id for node in names if isinstance(node.ctx, ast.Load) and node not in setters}
        found = {}
        for word in sorted(used - defined(body)):
            source = self.source(word, name)
            if source:
                found.setdefault(source, []).append(word)
        return ast.parse("\n".join(
            f"import {source}" if source[-1] == " " else f"from {source} import {', '.join(names)}"
            for source, names in sorted(found.items())
        )).body

    def source(self, word, name):
        if word == "builtins":
            return f"{word} "
        if hasattr(builtins, word) and word not in rows.OURS:
            return None
        for source in sorted(self.pieces, key=lambda source: source not in rows.HAND_WRITTEN):
            if source != name and word in defined(self.pieces[source]):
                return source
        for source, names in EXTERNAL.items():
            if word in names:
                return source
        if word in rows.EXTENSIONS:
            return "typing_extensions"
        if word in sys.stdlib_module_names:
            return f"{word} "
        for source in self.modules:
            if source != name and word in public_names(self.modules[source]):
                return source
        raise NameError(f"{word} in the stub of {name}")


class Completed:
    """Adds to the statements of a module what it has at run time and they do not say."""

    def __init__(self, stubs, name, body):
        self.stubs, self.name, self.body = stubs, name, body
        self.runtime = stubs.modules[name]

    def add(self, text):
        self.body += ast.parse(text).body

    def module(self):
        for node in self.body:
            if isinstance(node, ast.ClassDef) and hasattr(self.runtime, node.name):
                complete_class(node, getattr(self.runtime, node.name), f"{self.name}.{node.name}")
        said = defined(self.body)
        for public in public_names(self.runtime):
            if public not in said:
                self.member(public, getattr(self.runtime, public))

    def member(self, public, value):
        home, first = self.stubs.home(value)
        full = f"{self.name}.{public}"
        if isinstance(value, types.ModuleType):
            package, _, last = value.__name__.rpartition(".")
            if package:
                self.add(f"from {package} import {last} as {public}")
            else:
                self.add(f"import {last} as {public}")
        elif home not in (None, self.name):
            self.add(f"from {home} import {first} as {public}")
        elif isinstance(value, type) and not value.__module__.startswith(("numoxide", "numpy")):
            self.add(f"from {value.__module__} import {value.__name__} as {public}")
        elif home and first != public:
            self.add(f"{public} = {first}")
        elif isinstance(value, type):
            self.class_(public, value)
        elif is_function(value):
            self.add(function(full, public, value))
        else:
            self.add(f"{public}: {self.value_type(value)}")

    def class_(self, public, value, decorator=""):
        dtype = self.stubs.modules["numoxide"].dtype
        bases = [dtype] if issubclass(value, dtype) else [base for base in value.__bases__ if base is not object]
        bases = [self.base(value, base) for base in bases]
        node = ast.parse(f"{decorator}class {public}({', '.join(bases)}): ...").body[0]
        complete_class(node, value, f"{self.name}.{value.__name__}")
        self.body.append(node)

    def base(self, value, base):
        home, first = self.stubs.home(base)
        if first == "dtype":
            scalar = "Any" if value.type is None else value.type.__name__
            return f"dtype[{rows.DTYPE_SCALARS.get(scalar, scalar)}]"
        if home is None and hasattr(builtins, base.__name__):
            return base.__name__
        if home is None and base.__module__.startswith(("numoxide", "numpy")):
            return self.private(base)
        return first or f"{base.__module__}.{base.__name__}"

    def private(self, kind):
        """The stub's name of a class without a public one; its text is added at first use."""
        name = "_" + kind.__name__.lstrip("_")
        if not any(name in defined(body) for body in [self.body, *self.stubs.pieces.values()]):
            self.class_(name, kind, "@type_check_only\n" * (not hasattr(self.runtime, name)))
        return name

    def value_type(self, value):
        kind = type(value)
        if kind.__name__ == "ufunc":
            return ufunc_type(value)
        if isinstance(value, PLAIN):
            return {"NoneType": "None", "tuple": "tuple[Any, ...]", "dict": "dict[str, Any]", "list": "list[Any]",
                    "set": "set[Any]"}.get(kind.__name__, kind.__name__)
        home, first = self.stubs.home(kind)
        if first:
            return "bool_" if first == "bool" else first
        return self.private(kind) if kind.__module__.startswith(("numoxide", "numpy")) else "Any"


class Qualified(ast.NodeTransformer):
    """Spells out names of builtins and types that a class or the module has for something else."""

    def __init__(self, body):
        self.body, self.scopes = body, [defined(body)]
        self.aliases = set()
        self.classes = {node.name for node in body if isinstance(node, ast.ClassDef)} | {"dtype", "generic"}

    def module(self):
        body = [self.visit(node) for node in self.body]
        return body + ast.parse("\n".join(f"_{name} = {name}" for name in sorted(self.aliases))).body

    def visit_ClassDef(self, node):
        node.bases = [self.visit(base) for base in node.bases]
        node.decorator_list = [self.visit(one) for one in node.decorator_list]
        self.scopes.append(defined(node.body))
        node.body = [self.visit(one) for one in node.body]
        self.scopes.pop()
        return node

    def visit_Assign(self, node):
        node.value = self.visit(node.value)
        return node

    def visit_FunctionDef(self, node):
        # Decorators such as `@x.setter` and `@property` mean what the class says.
        decorators, node.decorator_list = node.decorator_list, []
        self.generic_visit(node)
        node.decorator_list = decorators
        return node

    def visit_AnnAssign(self, node):
        node.annotation = self.visit(node.annotation)
        if node.value:
            node.value = self.visit(node.value)
        return node

    def visit_Name(self, node):
        inner = len(self.scopes) > 1 and node.id in self.scopes[-1]
        if inner and node.id in self.classes:
            self.aliases.add(node.id)
            return ast.Name("_" + node.id, node.ctx)
        if (inner or node.id in self.scopes[0]) and hasattr(builtins, node.id) and node.id not in rows.OURS:
            return ast.Attribute(ast.Name("builtins", ast.Load()), node.id, node.ctx)
        return node


def copied(text):
    """Write out the definitions that a comment `# as NAME: OTHERS` asks for: copies under other names."""
    while found := re.search(r"^( *)# as (\w+): (.*)\n", text, flags=re.M):
        indent, name, others = found.groups()
        part = rf"(?:^{indent}@[\w.]+\n)*^{indent}def {name}\([^\n]*\n(?:^{indent} [^\n]*\n)*"
        bodies = re.findall(part, text[: found.start()][text[: found.start()].rfind("\nclass "):], flags=re.M)
        copies = [re.sub(rf"\bdef {name}\b", f"def {other}", body) for other in others.split() for body in bodies]
        text = text[: found.start()] + "".join(copies) + text[found.end():]
    return text


def defined(body):
    """The names that statements define."""
    names = set()
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign):
            names.add(node.target.id)
        elif isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update(name.asname or name.name for name in node.names)
    return names


def public_names(module):
    """The names that a module offers."""
    listed = getattr(module, "__all__", None)
    if not listed:
        listed = [name for name, value in vars(module).items() if name[0] != "_" and belongs(module, value)]
    extra = {"numoxide": {"core"}}.get(module.__name__, set())
    return sorted((set(listed) | extra) - {"__version__"} | ({"__version__"} & set(listed)))


def exists(name):
    """Say whether a module is there."""
    parent = name.rpartition(".")[0]
    return (not parent or exists(parent)) and importlib.util.find_spec(name) is not None


def belongs(module, value):
    where = getattr(value, "__module__", None)
    return not isinstance(value, types.ModuleType) and (where is None or where == module.__name__)


def is_function(value):
    """Say whether stubs write a value as a function."""
    if isinstance(value, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return True
    return type(value).__name__ == "_ArrayFunctionDispatcher"


def complete_class(node, kind, full):
    """Add the members of a class that its statements do not have."""
    said = defined(node.body)
    if not kind.__flags__ & BASETYPE and node.name not in rows.SUBCLASSED:
        node.decorator_list.insert(0, ast.Name("final", ast.Load()))
    node.body = [one for one in node.body if not is_ellipsis(one)]
    text = []
    for name, value in sorted(vars(kind).items(), reverse=True):
        private = name[0] == "_" and not (name[:2] == "__" and name[-2:] == "__")
        if name not in said and not private and name not in SILENT and not inherited(kind, name, value):
            text.append(member(f"{full}.{name}", name, value))
    if not said & {"__new__", "__init__"}:
        maker = next((name for name in ("__init__", "__new__") if name in vars(kind)), None)
        if maker and isinstance(vars(kind)[maker], (types.FunctionType, staticmethod)):
            text.insert(0, function(f"{full}.{maker}", maker, getattr(vars(kind)[maker], "__func__", vars(kind)[maker])))
        elif maker:
            text.insert(0, maker_of(full, kind))
    node.body += ast.parse("\n".join(text)).body or ast.parse("...").body * (not node.body)


def inherited(kind, name, value):
    """Say whether a base class has a member just so."""
    for base in kind.__mro__[1:]:
        if name in vars(base):
            if base is object and name in ("__lt__", "__le__", "__gt__", "__ge__"):
                return False
            other = vars(base)[name]
            if callable(value) and callable(other):
                return signature_text(value) == signature_text(other)
            return inspect.isdatadescriptor(value) and inspect.isdatadescriptor(other)
    return False


def maker_of(full, kind):
    """The constructor of a class of the extension."""
    name = "__init__" if "__init__" in vars(kind) else "__new__"
    first = "self" if name == "__init__" else "cls"
    signature = signature_text(kind) or "(*args, **kwargs)"
    return function(f"{full}.{name}", name, None, f"({first}, {signature[1:]}")


def is_ellipsis(node):
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and node.value.value is ...


def member(full, name, value):
    """One member of a class."""
    if name == "__hash__" and value is None:
        return "__hash__: ClassVar[None]"
    if name == "__class_getitem__":
        return "def __class_getitem__(cls, item: Any, /) -> types.GenericAlias: ..."
    if isinstance(value, (staticmethod, classmethod)):
        return f"@{type(value).__name__}\n" + function(full, name, value.__func__)
    if isinstance(value, types.ClassMethodDescriptorType):
        return "@classmethod\n" + function(full, name, value)
    if callable(value) and hasattr(value, "__get__") and not isinstance(value, type):
        return function(full, name, value)
    if isinstance(value, PLAIN) and value is not None:
        return f"{name}: {type(value).__name__.replace('tuple', 'tuple[Any, ...]').replace('dict', 'dict[str, Any]')}"
    return_type = rows.MEMBERS.get(name, "Any")
    if inspect.isdatadescriptor(value):
        text = f"@property\ndef {name}(self) -> {return_type}: ..."
        if value.fset if isinstance(value, property) else name in rows.SETTABLE:
            text += f"\n@{name}.setter\ndef {name}(self, value: Any) -> None: ..."
        return text
    return f"{name}: {return_type}"


def function(full, name, value, text=None):
    """A function with its run-time signature; two overloads where `size` decides between a number and an array."""
    text = text or signature_text(value)
    if text is None:
        text = "(*args, **kwargs)"
    signature = parse_signature(text)
    result = rows.RETURNS.get(full) or rows.RETURNS.get(name) or rows.RESULTS.get(name, "Any")
    if not isinstance(result, tuple):
        return f"def {name}{arguments(full, signature)} -> {result}: ..."
    one, many = result
    single = arguments(full, signature, {"ArrayLike": "float"}, {"size": "None = None"})
    return (
        f"@overload\ndef {name}{single} -> {one}: ...\n"
        f"@overload\ndef {name}{arguments(full, signature)} -> {many}: ..."
    )


def signature_text(value):
    try:
        signature = inspect.signature(value)
    except (TypeError, ValueError):
        return None
    return str(signature.replace(
        parameters=[
            one.replace(annotation=one.empty, default=Default(one.default) if one.default is not one.empty else one.empty)
            for one in signature.parameters.values()
        ],
        return_annotation=signature.empty,
    ))


class Default:
    """A default value as stubs write it."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        plain = type(self.value) in (bool, int, str, bytes, type(None)) or (type(self.value), self.value) == (tuple, ())
        finite = type(self.value) is float and abs(self.value) < float("inf")
        return repr(self.value) if plain or finite else "..."


def parse_signature(text):
    return ast.parse(f"def f{text}: ...").body[0].args


def arguments(full, signature, exchanged=(), fixed=()):
    """The argument list with types."""
    parts, positional = [], [*signature.posonlyargs, *signature.args]
    defaults = [None] * (len(positional) - len(signature.defaults)) + list(signature.defaults)

    def part(argument, default):
        first = not parts and full.rpartition(".")[0] not in rows.MODULES
        if first and (argument.arg in ("self", "cls") or full.endswith(".__new__")):
            return argument.arg
        if argument.arg in fixed:
            return f"{argument.arg}: {fixed[argument.arg]}"
        kind = argument_type(full, argument.arg, default)
        kind = dict(exchanged).get(kind, kind)
        if default is None:
            return f"{argument.arg}: {kind}"
        written = ast.unparse(default)
        if written == "None" and "None" not in kind and kind != "Any":
            kind += " | None"
        return f"{argument.arg}: {kind} = {written}"

    for index, (argument, default) in enumerate(zip(positional, defaults)):
        parts.append(part(argument, default))
        if index + 1 == len(signature.posonlyargs):
            parts.append("/")
    if signature.vararg:
        parts.append(f"*{signature.vararg.arg}: {argument_type(full, '*' + signature.vararg.arg)}")
    elif signature.kwonlyargs:
        parts.append("*")
    parts += [part(argument, default) for argument, default in zip(signature.kwonlyargs, signature.kw_defaults)]
    if signature.kwarg:
        parts.append(f"**{signature.kwarg.arg}: Any")
    return f"({', '.join(parts)})"


def argument_type(full, name, default=None):
    found = rows.ARGUMENTS.get(f"{full}.{name}") or rows.ARGUMENTS.get(name)
    if found is None and isinstance(default, ast.Constant) and isinstance(default.value, (bool, str)):
        return type(default.value).__name__
    return found or "Any"


def ufunc_type(value):
    """The type of a ufunc: its numbers of operands and what its loops make of their input."""
    loops = [loop.split("->") for loop in value.types if not set(loop) & set("OmM")]
    outs = {out for _, out in loops}
    inexact = [(into, out) for into, out in loops if set(into) <= set("efdgFDG")]
    if outs == {"?"}:
        kind = "bool_"
    elif loops and value.nout == 1 and all(set(into) == {out} for into, out in loops):
        kind = "_Keeps" if any(set(into) & set("bhilq") for into, _ in loops) else "_Floats"
    elif inexact and value.nout == 1 and all(set(into) == {out} for into, out in inexact):
        kind = "_Floats"
    else:
        kind = "Any"
    return f"ufunc[Literal[{value.nin}], Literal[{value.nout}], {kind}]"


def main():
    warnings.simplefilter("ignore")
    sys.path.insert(0, str(PACKAGE))
    stubs, outdated = Stubs(), []
    for name in stubs.pieces:
        place = PACKAGE.joinpath(*name.split("."))
        path = place / "__init__.pyi" if place.is_dir() else place.with_suffix(".pyi")
        text = stubs.text(name)
        if "--check" not in sys.argv:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            outdated.append(str(path.relative_to(PACKAGE.parent)))
    sys.exit(f"out of date, run `make gen`: {', '.join(outdated)}" if outdated else 0)


if __name__ == "__main__":
    main()
