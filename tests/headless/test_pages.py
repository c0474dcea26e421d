"""What Hawkmoth tells people to type exists: in its pages, its hints and its errors."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from tests.headless.test_grammar import OPTIONS, commands

PROJECT = Path(__file__).parents[2]
PAGES = [path for path in (PROJECT / "README.md", *sorted((PROJECT / "docs").glob("*.md"))) if path.is_file()]
SOURCES = sorted((PROJECT / "hawkmoth_tui").rglob("*.py"))

_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_COMMAND = re.compile(r"\bhawkmoth((?: +(?:--?[a-z][\w-]*|[a-z]+))+)")
_HINT = re.compile(r"`hawkmoth ([a-z]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_only_commands_and_options_that_exist(page: Path) -> None:
    shown = [found[1] for code in _CODE.findall(page.read_text()) for found in _COMMAND.finditer(code)]

    assert [words for words in shown if not _exists(words.split())] == []


def test_hints_name_only_commands_that_exist() -> None:
    named = {found for source in SOURCES for found in _HINT.findall(source.read_text())}

    assert named
    assert named <= set(commands())


def _exists(words: list[str]) -> bool:
    """Whether the words begin with a command, all options among them are its own, and a group is followed by one of its commands."""
    known = commands()
    name = words[0] if words[0] in known else "" if words[0].startswith("-") else None
    if name is None:
        return False
    if isinstance(known[name], click.Group) and name and len(words) > 1 and not words[1].startswith("-"):
        name = f"{name} {words[1]}"
    options = {each for option in OPTIONS.get(name, ()) for each in option.split("/")} | {"-h", "--help"}
    return name in known and all(word in options for word in words if word.startswith("-"))


@pytest.mark.parametrize(
    ("words", "exists"),
    [
        ("ask --json", True),
        ("sessions export --all", True),
        ("-c", True),
        ("demo --theme paper", True),
        ("config --help", True),
        ("ask --loud", False),
        ("sessions purify", False),
        ("dance", False),
    ],
)
def test_the_check_itself_tells_them_apart(words: str, exists: bool) -> None:
    assert _exists(words.split()) is exists
