"""The marks of Markdown as they stand in one line: what a line may begin with, and what it means."""

from __future__ import annotations

import re

CODE_INDENT = 4
"""Columns that make a line indented code."""
QUOTE = re.compile(r" {0,3}> ?")
FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})(.*)$")
RULE = re.compile(r" {0,3}(?:(?:\*[ ]*){3,}|(?:-[ ]*){3,}|(?:_[ ]*){3,})$")
UNDERLINE = re.compile(r" {0,3}(=+|-+)[ ]*$")
ITEM = re.compile(r" {0,3}([-+*]|(\d{1,9})([.)]))(?= |$)")
_DELIMITERS = re.compile(r"(?!-(?: |$))\|? *:?-+:? *(?:\| *:?-+:? *)*\|?$")
_PIPE = re.compile(r"(?<!\\)\|")


def table_cells(row: str) -> list[str]:
    """The cells of a table row, without the pipes around and between them."""
    row = row.strip(" ").removeprefix("|")
    if row.endswith("|") and not row.endswith("\\|"):
        row = row[:-1]
    return [cell.strip(" ").replace("\\|", "|") for cell in _PIPE.split(row)]


def is_delimiter_row(row: str) -> bool:
    """Whether the line below a table's head says that it is one."""
    return _DELIMITERS.match(row.strip(" ")) is not None


def alignment(cell: str) -> str:
    """`<`, `^` or `>`, as the cell of a delimiter row says."""
    if cell.endswith(":"):
        return "^" if cell.startswith(":") else ">"
    return "<"


def heading(rest: str) -> tuple[int, str] | None:
    """Level and text of a heading with number signs."""
    text = rest.strip(" ")
    level = len(text) - len(text.lstrip("#"))
    if not 1 <= level <= 6 or text[level : level + 1] not in ("", " "):
        return None
    body = text[level:].strip(" ")
    bare = body.rstrip("#")
    return level, bare.rstrip(" ") if not bare or bare.endswith(" ") else body


def indent(text: str) -> int:
    """Leading spaces."""
    return len(text) - len(text.lstrip(" "))


def is_blank(text: str) -> bool:
    """Whether there is nothing but white space."""
    return not text or text.isspace()
