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

from tests.ui.stage.source_names import Declared, Names, our_classes, own_nodes, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT_WIDGETS = frozenset(
    {"Static", "Label", "Button", "Link", "Digits", "Checkbox", "RadioButton", "Collapsible", "Option", "Log"}
)
"""Classes whose first argument is shown, and read as markup when it is a string."""

TEXT_ATTRIBUTES = frozenset({"border_title", "border_subtitle", "tooltip"})
"""Attributes that are shown, and read as markup when they are strings."""

MARKUP_WIDGETS = frozenset({"Markdown", "MarkdownViewer", "RichLog", "DataTable", "Tree", "DirectoryTree"})
"""Widgets that let control sequences, links or markup through."""

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
    ours = frozenset(our_classes(tree))
    for scope in ast.walk(tree):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Module):
            names = Names(scope, declared, ours)
            for node in own_nodes(scope):
                for rule in _broken(node, names):
                    if not (path in COLOUR_READERS and "colour" in rule):
                        yield Finding(path, getattr(node, "lineno", 0), rule)


def _broken(node: ast.AST, names: Names) -> Iterator[str]:
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


def _broken_by_call(call: ast.Call, names: Names) -> Iterator[str]:
    called = source_of(call.func).rpartition(".")[2]
    first = call.args[0] if call.args else None
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if called in TEXT_WIDGETS - names.ours and first is not None and not names.is_content(first):
        yield f"a bare string in {called}"
    if called == "update" and first is not None and names.is_string(first):
        yield "a bare string in update"
    if called == "notify" and first is not None and not isinstance(first, ast.Constant):
        if not (isinstance(markup := keywords.get("markup"), ast.Constant) and markup.value is False):
            yield "a notice that may be markup"
        if not (isinstance(first, ast.Call) and source_of(first.func) in {"visible", "one_line"}):
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
