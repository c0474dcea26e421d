"""A screen as text that people can review: its rows, and below them how its words look, in the names of the theme."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.theming import GROUNDS, TEXT, load_theme

if TYPE_CHECKING:
    from pyte.screens import Char

    from tests.terminal.emulator import Emulator

THEME = "hawkmoth"
SHIPPED = Path(__file__).parents[2] / "themes"
ATTRIBUTES = {
    "bold": "bold",
    "italics": "italic",
    "underscore": "underline",
    "strikethrough": "strike",
    "reverse": "reverse",
}
WORDS_FIRST = ("foreground", "thinking", "route", "cost", "user", "header", "warning", "error", "success")
"""Of several names of one colour, these are used."""


def _names() -> tuple[dict[str, str], dict[str, str]]:
    """What colours of words, and of grounds, are called."""
    theme = load_theme(THEME, [SHIPPED])
    shown = {
        **theme.variables,
        **{name: str(getattr(theme, name)) for name in (*TEXT, *GROUNDS) if hasattr(theme, name)},
    }
    words = {
        shown[name].lstrip("#"): name for name in reversed((*WORDS_FIRST, *TEXT, "rule", *GROUNDS, "selection-text"))
    }
    grounds = {
        shown[name].lstrip("#"): name
        for name in reversed((*GROUNDS, *shown))
        if name in (*GROUNDS, *TEXT, "selection", "rule")
    }
    return words, grounds


WORDS, PLACES = _names()


def snapshot(emulator: Emulator) -> str:
    """The whole screen. Columns are counted from 1; what is not named is in the foreground on the background."""
    rows = [row.rstrip() for row in emulator.lines()]
    screen = emulator.screen
    looks = [(y + 1, _looks([screen.buffer[y][x] for x in range(screen.columns)])) for y in range(screen.lines)]
    lines = [f"{screen.columns}×{screen.lines}", *(f"│{row}" for row in rows), ""]
    for runs, group in groupby(looks, key=lambda found: found[1]):
        numbers = [number for number, _ in group]
        if runs:
            where = f"{numbers[0]}-{numbers[-1]}" if len(numbers) > 1 else f"{numbers[0]}"
            lines.append(f"{where:>5}  {runs}")
    return "\n".join(lines) + "\n"


def _looks(cells: list[Char]) -> str:
    """The runs of one row."""
    runs: list[tuple[int, int, str]] = []
    for column, cell in enumerate(cells, 1):
        look = _look(cell, is_blank=not cell.data.strip())
        if runs and (runs[-1][2] == look or (not cell.data.strip() and _ground(runs[-1][2]) == look)):
            runs[-1] = (runs[-1][0], column, runs[-1][2])
        else:
            runs.append((column, column, look))
    return ", ".join(
        f"{first}-{last} {look}" if last > first else f"{first} {look}" for first, last, look in runs if look
    )


def _look(cell: Char, *, is_blank: bool) -> str:
    """In words; empty for the ordinary."""
    attributes = [word for name, word in ATTRIBUTES.items() if getattr(cell, name)]
    ground = _named(cell.bg, PLACES)
    on = "" if ground == "background" else f"on {ground}"
    if is_blank and not {"underline", "reverse", "strike"} & set(attributes):
        return on
    words = _named(cell.fg, WORDS)
    return " ".join(filter(None, (*attributes, "" if words == "foreground" else words, on)))


@cache
def _shade(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour))


def _named(colour: str, names: dict[str, str]) -> str:
    """The name of a colour, or of one that was rounded to it."""
    if colour in names or len(colour) != 6:
        return names.get(colour, colour)
    for near, name in names.items():
        if all(abs(one - other) < 2 for one, other in zip(_shade(colour), _shade(near), strict=True)):
            return name
    return colour


def _ground(look: str) -> str | None:
    """The look of a blank behind words of this look; None when a blank shows more than its ground."""
    if {"underline", "reverse", "strike"} & set(look.split()):
        return None
    place = look.find("on ")
    return look[place:] if place >= 0 and (place == 0 or look[place - 1] == " ") else ""
