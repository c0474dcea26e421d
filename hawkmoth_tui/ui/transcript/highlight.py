"""Syntax colours by Pygments, loaded when the first code needs them.

Only the languages of the table: each lexer costs a few milliseconds and some megabytes, and looking through installed plug-ins costs more.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.ui.transcript.lines import Span, join_styles

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

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
    row: list[Span] = []
    left = len(lines)
    for token, text in _lexer(language.lower()).get_tokens("\n".join(lines) + "\n"):
        style = _style(token)
        first, *more = text.split("\n")
        if first:
            row.append((first, style))
        for piece in more:
            if left:
                yield row
                left -= 1
            row = [(piece, style)] if piece else []


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
