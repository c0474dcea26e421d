"""Reads the source of the user interface and says where untrusted text or a colour could get in by the wrong door.

An expression is safe in a widget's text when it is a literal, or when all it can be is content: a call of `plain`, something
annotated as `Content`, a local name that only ever holds such values. What cannot be shown to be safe is reported.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual._color_constants import COLOR_NAME_TO_RGB

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TEXT_WIDGETS = frozenset(
    {"Static", "Label", "Button", "Link", "Digits", "Checkbox", "RadioButton", "Collapsible", "Option", "Log"}
)
"""Classes whose first argument is shown, and read as markup when it is a string."""

TEXT_ATTRIBUTES = frozenset({"border_title", "border_subtitle", "tooltip"})
"""Attributes that are shown, and read as markup when they are strings."""

MARKUP_WIDGETS = frozenset({"Markdown", "MarkdownViewer", "RichLog", "DataTable", "Tree", "DirectoryTree"})
"""Widgets that let control sequences, links or markup through."""

CONTENT_TYPES = frozenset({"Content", "Strip", "list[Content]", "tuple[Content, ...]", "Visual"})
CONTENT_CALLS = frozenset({"plain", "Content"})
STYLE_WORDS = frozenset(
    {
        "bold",
        "dim",
        "italic",
        "underline",
        "underline2",
        "reverse",
        "strike",
        "not",
        "on",
        "link",
        "none",
        "auto",
        "blink",
    }
)
STYLE_KEYWORDS = frozenset({"style", "color", "bgcolor", "background", "foreground"})

COLOUR_READERS = frozenset({"theming.py"})
"""Files that read colours from themes, and so may show one in an error's hint."""

_HEX_COLOUR = re.compile(r"(?<![\w&])#(?:[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\b(?:rgba?|hsla?)\(")
_CSS_VALUE = re.compile(r"^\s*[a-z-]+\s*:\s*([^;{}]+);", re.MULTILINE)
_COLOUR_NAMES = frozenset(COLOR_NAME_TO_RGB) - {"transparent"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One place in the source that breaks a rule."""

    path: str
    line: int
    rule: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}"


@dataclass(frozen=True, slots=True)
class Declared:
    """What functions and attributes of the whole user interface are annotated with, by their bare names."""

    returns: dict[str, set[str]]
    attributes: dict[str, set[str]]
    literals: set[str]
    """Names of a module that only ever hold one literal."""

    @classmethod
    def of(cls, trees: Iterable[ast.Module]) -> Declared:
        declared = cls({}, {}, set())
        for tree in trees:
            declared.literals.update(_literals(tree))
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    declared.returns.setdefault(node.name, set()).add(_words(node.returns))
                    if any(_words(decorator).endswith("property") for decorator in node.decorator_list):
                        declared.attributes.setdefault(node.name, set()).add(_words(node.returns))
                elif isinstance(node, ast.AnnAssign):
                    name = node.target.attr if isinstance(node.target, ast.Attribute) else _words(node.target)
                    declared.attributes.setdefault(name, set()).add(_words(node.annotation))
        return declared


def findings(folder: Path) -> list[Finding]:
    """Every broken rule under a folder of Python files."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(folder.rglob("*.py"))}
    declared = Declared.of(trees.values())
    found = [
        finding for path, tree in trees.items() for finding in _in_module(str(path.relative_to(folder)), tree, declared)
    ]
    return found + [
        Finding(str(path.relative_to(folder)), line, rule)
        for path in sorted(folder.rglob("*.tcss"))
        for line, rule in _in_css(path.read_text())
    ]


def _in_module(path: str, tree: ast.Module, declared: Declared) -> Iterator[Finding]:
    ours = frozenset(_our_classes(tree))
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            names = _Names(scope, declared, ours)
            for node in _own_nodes(scope):
                for rule in _broken(node, names):
                    if not (path in COLOUR_READERS and "colour" in rule):
                        yield Finding(path, getattr(node, "lineno", 0), rule)


def _broken(node: ast.AST, names: _Names) -> Iterator[str]:
    match node:
        case ast.Call():
            yield from _broken_by_call(node, names)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                if isinstance(target, ast.Attribute) and target.attr in TEXT_ATTRIBUTES and not names.is_content(value):
                    yield f"a bare string as {target.attr}"
        case ast.ImportFrom(module=str(module), names=imported):
            if module.startswith("textual.widgets"):
                yield from (f"{name.name} shows what it is given" for name in imported if name.name in MARKUP_WIDGETS)
            if module.startswith(("rich.markdown", "rich.text", "rich.markup")):
                yield f"{module} is another door for text"
        case ast.Constant(value=str(text)):
            if _HEX_COLOUR.search(text):
                yield "a colour as a literal"
            if ":" in text and ";" in text and "{" in text:
                yield from (rule for _, rule in _in_css(text))


def _broken_by_call(call: ast.Call, names: _Names) -> Iterator[str]:
    called = _words(call.func).rpartition(".")[2]
    first = call.args[0] if call.args else None
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if called in TEXT_WIDGETS - names.ours and first is not None and not names.is_content(first):
        yield f"a bare string in {called}"
    if called == "update" and first is not None and names.is_string(first):
        yield "a bare string in update"
    if called == "notify" and first is not None and not isinstance(first, ast.Constant):
        if not (isinstance(markup := keywords.get("markup"), ast.Constant) and markup.value is False):
            yield "a notice that may be markup"
        if not (isinstance(first, ast.Call) and _words(first.func) in {"visible", "one_line"}):
            yield "a notice that passed no character map"
    if called == "from_markup" and not isinstance(first, ast.Constant):
        yield "markup that is not a literal"
    if isinstance(markup := keywords.get("markup"), ast.Constant) and markup.value is True:
        yield "markup=True"
    styles = [value for name, value in keywords.items() if name in STYLE_KEYWORDS]
    if called in {"plain", "styled", "stylize"}:
        styles += call.args[:1] if called == "stylize" else call.args[1:2]
    for style in styles:
        yield from _broken_by_style(style)


def _broken_by_style(style: ast.expr) -> Iterator[str]:
    for node in ast.walk(style):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for word in node.value.split():
                if word in _COLOUR_NAMES and word not in STYLE_WORDS:
                    yield f"the colour {word!r} as a literal"


def _in_css(text: str) -> Iterator[tuple[int, str]]:
    for found in _CSS_VALUE.finditer(text):
        line = text.count("\n", 0, found.start(1)) + 1
        if _HEX_COLOUR.search(found[1]):
            yield line, "a colour as a literal"
        for word in found[1].split():
            if word in _COLOUR_NAMES:
                yield line, f"the colour {word!r} as a literal"


class _Names:
    """What is known about the expressions in one function."""

    def __init__(self, scope: ast.AST, declared: Declared, ours: frozenset[str]) -> None:
        self._declared = declared
        self.ours = ours
        """Classes of this module that are our own, whatever Textual calls by the same name."""
        self._annotations: dict[str, str] = {}
        self._values: dict[str, list[ast.expr]] = {}
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef):
            arguments = scope.args
            for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
                self._annotations[argument.arg] = _words(argument.annotation)
        for node in _own_nodes(scope):
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                self._annotations[node.target.id] = _words(node.annotation)
            elif isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self._values.setdefault(target.id, []).append(node.value)

    def is_content(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether the expression can only be a literal or content."""
        match node:
            case ast.Constant():
                return True
            case ast.IfExp(body=body, orelse=otherwise):
                return self.is_content(body) and self.is_content(otherwise)
            case ast.BoolOp(values=values):
                return all(self.is_content(value) for value in values)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.is_content(left) and self.is_content(right)
            case ast.JoinedStr(values=values):
                return all(isinstance(value, ast.Constant) or self.is_content(value) for value in values)
            case ast.FormattedValue(value=value):
                return isinstance(value, ast.Name) and value.id in self._declared.literals
            case ast.Name(id=name) if name in self._declared.literals and name not in self._annotations:
                return True
            case ast.Name(id=name) if name in self._annotations:
                return self._annotations[name] in CONTENT_TYPES
            case ast.Name(id=name) if name in self._values and depth < 3:
                return all(self.is_content(value, depth + 1) for value in self._values[name])
            case ast.Attribute(attr=name):
                return self._declared.attributes.get(name, {"?"}) <= CONTENT_TYPES
            case ast.Call(func=function):
                words = _words(function)
                if words in CONTENT_CALLS or (words.startswith("Content.") and words != "Content.from_markup"):
                    return True
                return self._declared.returns.get(words.rpartition(".")[2], {"?"}) <= CONTENT_TYPES
            case _:
                return False

    def is_string(self, node: ast.expr, depth: int = 0) -> bool:
        """Whether the expression is known to be a string that is not a literal."""
        match node:
            case ast.JoinedStr():
                return True
            case ast.Name(id=name) if name in self._annotations:
                return self._annotations[name] == "str"
            case ast.Name(id=name) if name in self._values and depth < 3:
                return any(self.is_string(value, depth + 1) for value in self._values[name])
            case ast.Attribute(attr=name):
                return self._declared.attributes.get(name) == {"str"}
            case ast.Call(func=function):
                words = _words(function)
                last = words.rpartition(".")[2]
                return (
                    words in {"str", "visible", "one_line"}
                    or self._declared.returns.get(last) == {"str"}
                    or last == "join"
                )
            case ast.BinOp(left=left, right=right):
                return self.is_string(left) or self.is_string(right)
            case _:
                return False


def _our_classes(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        match node:
            case ast.ClassDef(name=name):
                yield name
            case ast.ImportFrom(module=str(source), names=names) if source.startswith("hawkmoth_tui."):
                yield from (name.name for name in names)


def _literals(module: ast.Module) -> Iterator[str]:
    """Constants of a module in capitals: nobody else's words."""
    for node in module.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant()) if name.isupper():
                yield name


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without docstrings and without those of the functions and classes in it."""
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            waiting.extend(node.decorator_list)
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _words(node: ast.AST | None) -> str:
    return "" if node is None else ast.unparse(node)
