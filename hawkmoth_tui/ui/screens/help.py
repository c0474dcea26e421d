"""F1: every key and every command, read from their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import APP, COMPOSER, LEADER, READING, SCREEN, WAITING, held_keys, key_name, shown
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, folded, marked, words, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.content import Content

    from hawkmoth_tui.commands.registry import Command
    from hawkmoth_tui.ui.keys import Key

LEFT_CELLS = 22
NARROW_CELLS = 9
"""Of the left column where there is little room; longer keys get a line of their own."""
LEAST_CELLS = 56
"""From so many cells on, the left column holds every key."""
MOST_LINES = 8
"""Of one explanation: nothing on this page is cut."""
FIXED = (("Up, Down", "earlier prompts, from the first and the last line"),)
"""Keys of the text area that nobody would guess."""


def help_lines(
    commands: Iterable[Command], keymap: Mapping[str, str], width: int, *, is_reading: bool = False
) -> list[Content]:
    """The whole page in `width` cells; the keys of the place where the user is come first."""
    writing = [words(("Writing", STRONG))]
    for key in COMPOSER:
        writing += _row(_keys(key, keymap), key.does, width)
    for key in WAITING:
        writing += _row(_keys(key, keymap), key.does, width)
    for left, right in FIXED:
        writing += _row(left, right, width)
    reading = [words(("Reading the conversation", STRONG))]
    for key in READING:
        reading += _row(_keys(key, keymap), key.does.removeprefix("reading: "), width)
    lines = [*(reading if is_reading else writing), EMPTY, words(("Everywhere", STRONG))]
    for key in (*SCREEN, *APP):
        lines += _row(_keys(key, keymap), key.does, width)
    leader = key_name("leader", keymap)
    for key in LEADER:
        if key.hint:
            lines += _row(f"{leader} {_keys(key, keymap)}", key.does, width)
    lines += _row(f"Alt+1…9 or {leader} 1…9", "use a model slot ([routing] slots)", width)
    lines += [EMPTY, *(writing if is_reading else reading)]
    lines += [EMPTY, words(("Commands", STRONG))]
    for command in commands:
        lines += _row(command.usage, command.help, width)
    note = 'Any key can be changed: [keys] in config.toml, by the name of its action, such as "model.pick" = "f2".'
    return [*lines, EMPTY, *wrapped(note, MUTED, width, most=MOST_LINES)]


def place_lines(keys: Iterable[tuple[str, str]], width: int) -> list[Content]:
    """The keys of one place: (keys, what they do)."""
    return [line for left, right in keys for line in _row(left, right, width)]


def _row(left: str, right: str, width: int) -> list[Content]:
    column = (LEFT_CELLS if width >= LEAST_CELLS else NARROW_CELLS) + 1
    does = folded(marked(right, "$foreground"), width, indent=" " * column, most=MOST_LINES)
    head = words((left, "$route"))
    if head.cell_length < column:
        return [head + does[0][head.cell_length :], *does[1:]]
    return [head, *does]


def _keys(key: Key, keymap: Mapping[str, str]) -> str:
    return " or ".join(shown(name) for name in held_keys(key, keymap)) or "(no key)"
