"""Every key is found on its line, whatever shape the TOML takes."""

from __future__ import annotations

import string
import tomllib
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.settings.lines import KeyPath, key_lines, line_of

Leaf: TypeAlias = "str | int | float | bool"


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1", ("a",), 1),
        ("# a = 1\n\na = 2", ("a",), 3),
        ("[t]\n[u]\na = 1", ("u", "a"), 3),
        ("[t.'x y'.\"z\"]\na.b = 1", ("t", "x y", "z", "a", "b"), 2),
        ("[[t]]\na=1\n[[t]]\na=2", ("t", 1, "a"), 4),
        ("[[t]]\n[[t.u]]\nx=1\n[[t]]\n[[t.u]]\nx=2", ("t", 1, "u", 0, "x"), 6),
        ("a = [\n  1,\n  [2,\n   3],\n]\nb = 1", ("a", 1, 1), 4),
        ("a = [\n  1,\n]\nb = 1", ("b",), 4),
        ("a = [{x = 1},\n {x = 2, y = 3}]", ("a", 1, "y"), 2),
        ('a = """\nb = 1\n"""\nb = 2', ("b",), 4),
        ("a = '''\n[x]\n'''\nb = 2", ("b",), 4),
        ('a = "# not a comment"\nb = 2', ("b",), 2),
        ('a = "x\\"y"\nb = 2', ("b",), 2),
        ("a = 1979-05-27 07:32:00 # when\nb = 2", ("b",), 2),
        ('"\\u0061" = 1', ("a",), 1),
        ("a = '''x''''\nb = 1", ("b",), 2),
        ('a = ""\nb = ""\nc = 3', ("c",), 3),
        ("3.14 = 1\n\nx = 2", ("x",), 3),
    ],
)
def test_a_key_is_found_on_its_line(text: str, path: KeyPath, line: int) -> None:
    tomllib.loads(text)

    assert key_lines(text)[path] == line


def test_a_key_that_is_not_there_has_the_line_of_what_is_around_it() -> None:
    lines = key_lines("\n[t]\na = 1")

    assert line_of(("t", "missing", 3), lines) == 2
    assert line_of(("other",), lines) is None


def leaves(value: object, path: KeyPath = ()) -> set[KeyPath]:
    """Every path into a parsed document."""
    found = {path} if path else set()
    match value:
        case dict():
            for key, inner in value.items():
                found |= leaves(inner, (*path, key))
        case list():
            for number, inner in enumerate(value):
                found |= leaves(inner, (*path, number))
    return found


def toml_text(value: object) -> str:
    """The value on one line or, for lists, on several."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return (
                '"'
                + "".join(f"\\u{ord(character):04x}" if character in '"\\\n' else character for character in value)
                + '"'
            )
        case list():
            return "[\n" + ",\n".join(map(toml_text, value)) + "\n]"
        case dict():
            return "{" + ", ".join(f"{toml_text(key)} = {toml_text(inner)}" for key, inner in value.items()) + "}"
        case _:
            return str(value)


TEXT = st.text(string.ascii_letters + " #[]{}=,.'\"\\\n-", max_size=6)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9999) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(TEXT, st.dictionaries(TEXT, VALUES, max_size=4), max_size=4))
def test_every_path_of_a_document_has_a_line(document: dict[str, dict[str, object]]) -> None:
    lines_written: dict[KeyPath, int] = {}
    text = ""
    for table, pairs in document.items():
        lines_written[(table,)] = text.count("\n") + 1
        text += f"[{toml_text(table)}]\n"
        for key, value in pairs.items():
            lines_written[(table, key)] = text.count("\n") + 1
            text += f"{toml_text(key)} = {toml_text(value)}  # {key!r}\n"
    found = key_lines(text)

    assert leaves(tomllib.loads(text)) == found.keys()
    assert lines_written == {path: found[path] for path in lines_written}


@given(st.text(string.printable, max_size=80))
def test_no_text_at_all_upsets_the_search(text: str) -> None:
    key_lines(text)
