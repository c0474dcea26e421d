"""Random screens for the model of the terminal: what frames bring, and what a terminal shows of them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tests.terminal.emulator import Emulator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyte.screens import Char

    from hawkmoth_tui.ui.cells.screen import ScreenModel

COLUMNS, ROWS = 30, 10
SIDE = 20
"""Where the column beside the text begins."""

WORDS = (
    *(
        "moth",
        "hawk flies",
        "          ",
        "               ",
        " ",
        "a",
        "─────",
        "│",
        "▌",
        "• item",
        "“quoted”",
        "naïve",
        "Ωμέγα",
        "да",
    ),
    *("漢字かな", "한글", "ｆｕｌｌ", "→"),
)
"""Text whose width every terminal agrees on, or nearly."""
WILD_WORDS = ("🙂", "👩‍👩‍👧", "e\u0301", "❤️", "🇩🇪", "नमस्ते", "עברית", "\u0301", "x\u200dy", "☀️b", "ไทย", "👍🏽")
"""Text that terminals draw as they like."""
STYLES = (
    None,
    Style(),
    Style(bold=True, color="red"),
    Style(dim=True, italic=True, color="bright_blue"),
    Style(bold=True, dim=True),
    Style(color="#e0e0e0", bgcolor="#102030"),
    Style(color="#ff8800", bgcolor="#102030"),
    Style(color="color(120)", bgcolor="color(17)", underline=True),
    Style(reverse=True, color="green"),
    Style(strike=True, bgcolor="blue"),
    Style(overline=True),
    Style(underline2=True),
    Style(blink=True, conceal=False),
)


@dataclass(frozen=True, slots=True)
class Put:
    """Text at a place."""

    row: int
    column: int
    strip: Strip


@dataclass(frozen=True, slots=True)
class Roll:
    """Text in some columns moves up by so many rows, down when negative; what was there before comes again at the other end."""

    start: int
    end: int
    top: int
    bottom: int
    rows: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Somebody wrote over the screen."""


@dataclass(frozen=True, slots=True)
class Resize:
    """The window has another size from here on."""

    columns: int
    rows: int


Step = Put | Roll | Forget | Resize
Frames = list[list[Step]]


class Stories:
    """Screens filled once, then changed and scrolled frame by frame, as a seed will have it.

    Hypothesis chooses the seed and the kind only: drawing every cell through it takes it minutes.
    """

    def __init__(self, seed: int, words: tuple[str, ...], *, resizes: bool = False) -> None:
        self._random = random.Random(seed)
        self._words = words
        self._kinds = (
            self._put,
            self._put,
            self._put,
            self._roll,
            self._roll,
            Forget,
            *([self._resize] if resizes else ()),
        )
        self._choose = self._random.choice

    def frames(self, count: int) -> Frames:
        """One that fills the screen, and `count` that change it."""
        filled: list[Step] = [
            Put(row, start, self._strip(end - start))
            for row in range(ROWS)
            for start, end in ((0, SIDE), (SIDE, COLUMNS))
        ]
        return [
            filled,
            *([self._choose(self._kinds)() for _ in range(self._random.randint(1, 4))] for _ in range(count)),
        ]

    def _strip(self, width: int) -> Strip:
        parts = [Segment(self._choose(self._words), self._choose(STYLES)) for _ in range(self._random.randint(1, 6))]
        return Strip(parts).adjust_cell_length(width, self._choose(STYLES))

    def _put(self) -> Put:
        start = self._choose((0, 0, 0, SIDE, SIDE, 3, COLUMNS - 1))
        end = self._choose([edge for edge in (SIDE, COLUMNS, start + 1) if edge > start])
        return Put(self._random.randrange(ROWS), start, self._strip(end - start))

    def _roll(self) -> Roll:
        start, end = self._choose(((0, SIDE), (0, SIDE), (0, COLUMNS), (SIDE, COLUMNS)))
        top = self._random.randrange(ROWS - 3)
        return Roll(start, end, top, self._random.randint(top + 2, ROWS - 1), self._choose((1, 1, 2, 3, -1, -2)))

    def _resize(self) -> Resize:
        return Resize(self._random.randint(4, COLUMNS), self._random.randint(3, ROWS))


class Drawing:
    """Frames as the program makes them, each shown by one model in turn."""

    def __init__(self) -> None:
        self.size = COLUMNS, ROWS
        self.cells: dict[tuple[int, int], Strip] = {}
        """By row and column: the newest strip there."""
        self.laid: list[tuple[int, int, Strip]] = []

    def take(self, step: Step) -> None:
        """Does a step; what it painted is in `laid`."""
        match step:
            case Put(row, column, strip):
                self._lay(row, column, strip)
            case Roll(start, end, top, bottom, rows):
                held = {
                    key: strip
                    for key, strip in self.cells.items()
                    if top <= key[0] <= bottom and key[1] == start and strip.cell_length == end - start
                }
                span = bottom - top + 1
                for (row, column), strip in held.items():
                    self._lay(top + (row - top - rows) % span, column, strip)
            case Forget():
                pass
            case Resize(columns, rows):
                self.size = columns, rows
                self.cells.clear()

    def _lay(self, row: int, column: int, strip: Strip) -> None:
        self.cells[row, column] = strip
        self.laid.append((row, column, strip))


def fresh(columns: int, rows: int) -> Emulator:
    """A terminal as the driver leaves it: no lines wrap."""
    emulator = Emulator(columns, rows, lambda _: None)
    emulator.feed(b"\x1b[?7l")
    return emulator


def show(model: ScreenModel, laid: Iterable[tuple[int, int, Strip]], cursor: tuple[int, int] = (0, 0)) -> str:
    """What the model sends for a frame."""
    for row, column, strip in laid:
        model.lay(row, column, list(strip))
    model.cursor = cursor
    return model.changes()


def cells_of(emulator: Emulator) -> list[list[tuple[object, ...]]]:
    """Every cell with everything about it that can be seen."""
    screen = emulator.screen
    return [[_seen(screen.buffer[y][x]) for x in range(screen.columns)] for y in range(screen.lines)]


def _seen(cell: Char) -> tuple[object, ...]:
    """The cell without what a blank does not show."""
    if cell.data == " " and not cell.reverse:
        cell = cell._replace(fg="default", bold=False, italics=False, blink=False)
    return tuple(cell)


COLOURS = (ColorSystem.TRUECOLOR, ColorSystem.EIGHT_BIT, ColorSystem.STANDARD)
