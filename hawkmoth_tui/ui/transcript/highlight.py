"""Syntax colours by Pygments, loaded when the first code needs them.

Only the languages of the table: each lexer costs a few milliseconds and some megabytes, and looking through installed plug-ins costs more.
Code is given to a lexer in pieces: several lexers take quadratic or cubic time on text that was made for it, and nothing can
interrupt them.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.ui.transcript.lines import Span, join_styles

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

PIECE = 2_000
"""Characters that a lexer is given at once."""
PIECE_LINES = 80
"""Lines that a lexer is given at once."""
LONGEST_LINE = 500
"""Characters of a line above which its piece stays without colours."""

_LEXERS = {
    "python:PythonLexer": "python py python3 pyi",
    "python:PythonConsoleLexer": "pycon",
    "shell:BashLexer": "bash sh shell zsh",
    "shell:BashSessionLexer": "console shell-session",
    "shell:PowerShellLexer": "powershell ps1 pwsh",
    "javascript:JavascriptLexer": "javascript js mjs jsx node",
    "javascript:TypeScriptLexer": "typescript ts tsx",
    "data:JsonLexer": "json jsonc json5",
    "data:YamlLexer": "yaml yml",
    "configs:TOMLLexer": "toml",
    "configs:IniLexer": "ini cfg conf properties",
    "configs:DockerLexer": "dockerfile docker",
    "configs:TerraformLexer": "terraform hcl tf",
    "configs:NginxConfLexer": "nginx",
    "html:HtmlLexer": "html htm vue svelte",
    "html:XmlLexer": "xml svg xhtml",
    "css:CssLexer": "css scss less",
    "c_cpp:CLexer": "c h",
    "c_cpp:CppLexer": "cpp c++ cxx hpp cc",
    "dotnet:CSharpLexer": "csharp cs c#",
    "rust:RustLexer": "rust rs",
    "go:GoLexer": "go golang",
    "jvm:JavaLexer": "java",
    "jvm:KotlinLexer": "kotlin kt",
    "jvm:ScalaLexer": "scala",
    "objective:SwiftLexer": "swift",
    "ruby:RubyLexer": "ruby rb",
    "php:PhpLexer": "php",
    "perl:PerlLexer": "perl pl",
    "scripting:LuaLexer": "lua",
    "javascript:DartLexer": "dart",
    "r:SLexer": "r",
    "julia:JuliaLexer": "julia jl",
    "haskell:HaskellLexer": "haskell hs",
    "ml:OcamlLexer": "ocaml ml",
    "erlang:ElixirLexer": "elixir ex exs",
    "lisp:CommonLispLexer": "lisp common-lisp elisp",
    "zig:ZigLexer": "zig",
    "sql:SqlLexer": "sql sqlite postgres postgresql mysql",
    "graphql:GraphQLLexer": "graphql gql",
    "make:MakefileLexer": "make makefile",
    "diff:DiffLexer": "diff patch udiff",
    "markup:MarkdownLexer": "markdown md",
    "markup:TexLexer": "latex tex",
    "asm:NasmLexer": "nasm asm assembly",
}
"""Pygments module and class, and the names that models write after a fence."""


_WORDS = {
    "Comment": "comment",
    "Keyword": "keyword",
    "Operator.Word": "keyword",
    "Literal.String": "string",
    "Literal.Number": "number",
    "Name.Function": "name",
    "Name.Class": "name",
    "Name.Builtin": "name",
    "Name.Decorator": "name",
    "Name.Tag": "name",
    "Name.Attribute": "name",
    "Generic.Inserted": "string",
    "Generic.Deleted": "keyword",
    "Generic.Subheading": "name",
    "Generic.Heading": "name",
}
"""Beginnings of Pygments' token names, and our style words; what is not here has the colour of code."""


class _Lexer(Protocol):
    """As much of a Pygments lexer as we use; the library has no types."""

    def get_tokens(self, text: str) -> Iterator[tuple[Hashable, str]]: ...


def can_highlight(language: str) -> bool:
    """Whether code of this language gets colours."""
    return language.lower() in _names()


def highlighted(lines: Sequence[str], language: str) -> Iterator[list[Span]]:
    """The lines as spans, one by one as the lexer comes to their ends; as many as there are lines."""
    start = 0
    while start < len(lines):
        end = _piece_end(lines, start)
        yield from _piece(lines[start:end], language.lower())
        start = end


def _piece_end(lines: Sequence[str], start: int) -> int:
    """Where the piece that begins at a line ends: at most so much further on, rather before a new top-level statement."""
    size = 0
    end = start
    last = min(len(lines), start + PIECE_LINES)
    while end < last and (end == start or size + len(lines[end]) < PIECE):
        size += len(lines[end]) + 1
        end += 1
    if end == len(lines):
        return end
    for line in range(end, start + (end - start) // 2, -1):
        if not lines[line - 1].strip() and lines[line][:1].strip():
            return line
    return end


def _piece(lines: Sequence[str], language: str) -> Iterator[list[Span]]:
    if any(len(line) > LONGEST_LINE for line in lines):
        yield from ([(line, "code")] if line else [] for line in lines)
        return
    row: list[Span] = []
    left = len(lines)
    for token, text in _lexer(language).get_tokens("\n".join(lines) + "\n"):
        style = _style(token)
        first, *more = text.split("\n")
        if first:
            row.append((first, style))
        for rest in more:
            if left:
                yield row
                left -= 1
            row = [(rest, style)] if rest else []


@cache
def _names() -> dict[str, str]:
    return {name: place for place, names in _LEXERS.items() for name in names.split()}


@cache
def _lexer(language: str) -> _Lexer:
    module, _, name = _names()[language].partition(":")
    lexer: _Lexer = getattr(import_module(f"pygments.lexers.{module}"), name)(stripnl=False, ensurenl=False)
    return lexer


@cache
def _style(kind: Hashable) -> str:
    """Style words for a kind of token, by its name: `Token.Literal.String.Doc`."""
    name = str(kind).removeprefix("Token.")
    return next((join_styles("code", word) for start, word in _WORDS.items() if name.startswith(start)), "code")
