"""The reader's place: a marker on one block, moved by block and by turn, and what is done to the block under it.

The marker is held as a turn and a block in it, so that it stays on its words while others come, fold or are laid out anew. While the
transcript follows, the marker is on the newest block.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.ui.transcript.folds import LEAST_ROWS
from hawkmoth_tui.ui.transcript.stops import Stop, name_of, source_of, stops_of
from hawkmoth_tui.ui.transcript.viewport import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.lines import Line
    from hawkmoth_tui.ui.transcript.sheet import Sheet


class Cursor(NamedTuple):
    """The block that the marker is on."""

    turn_id: str
    section: int
    block: int


class Reader:
    """Reads one sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._cursor: Cursor | None = None
        self._known: tuple[list[Line], list[Stop]] = [], []
        """Rows that were looked through last, and their stops."""
        self.is_reading = False
        """Whether the marker is shown."""

    def begin(self) -> None:
        """Shows the marker: where it was when that is in sight, else on the lowest block in sight."""
        self.is_reading = True
        if not self._is_in_sight():
            self._take_from_sight(is_lowest=True)

    def end(self) -> None:
        """Hides the marker. What is at the end follows again."""
        self.is_reading = False
        viewport = self._sheet.viewport
        viewport.to(viewport.top)

    def settle(self) -> None:
        """Puts the marker on the newest block while the newest is what is shown."""
        if self.is_reading and (self._sheet.viewport.is_following or self._here() is None):
            self._put(self._sheet.viewport.count - 1, -1)

    def rows(self) -> tuple[Place, Place] | None:
        """First and last row of the marked block; None while there is no marker."""
        here = self._here() if self.is_reading else None
        return (Place(here[0], here[1].first), Place(here[0], here[1].last)) if here else None

    def put(self, place: Place) -> None:
        """Marks the block of a row."""
        stops = self._stops(place.turn)
        self._put(place.turn, max((n for n, stop in enumerate(stops) if stop.first <= place.row), default=0))
        self._hold()

    def move(self, step: int) -> None:
        """To the next block or the one before. A block that is higher than the screen is first read through, screen by screen."""
        here = self._here()
        if here is None or not self._is_in_sight():
            self._take_from_sight(is_lowest=step < 0)
            return
        if self._read_on(here, step):
            return
        turn, stop = here
        stops = self._stops(turn)
        position = stops.index(stop) + step
        while not 0 <= position < len(self._stops(turn)):
            if not 0 <= turn + step < self._sheet.viewport.count:
                self._reveal()
                return
            turn += step
            position = 0 if step > 0 else len(self._stops(turn)) - 1
        self._put(turn, position)
        self._reveal()

    def move_turn(self, step: int) -> None:
        """To the question of the next turn or of the one before; upwards first to this turn's own question."""
        here = self._here()
        if here is None:
            return
        turn = here[0] if step < 0 and here[1].section > 0 else here[0] + step
        turn = max(0, min(self._sheet.viewport.count - 1, turn))
        self._put(turn, 0)
        self._reveal(is_top=True)

    def to_start(self) -> None:
        """To the first block of the session."""
        self._put(0, 0)
        self._reveal()

    @property
    def place(self) -> tuple[int, int, int] | None:
        """The marked turn, section and block; None without a marker."""
        here = self._here()
        return (here[0], here[1].section, here[1].block) if here else None

    @property
    def turn(self) -> Turn | None:
        """The marked turn; None without a marker."""
        here = self._here() if self.is_reading else None
        return self._sheet.pile.turns[here[0]] if here else None

    def take(self, turn: Turn) -> None:
        """Marks the question of a turn, wherever that stands on the screen."""
        self._cursor = Cursor(turn.id, 0, -1)

    def go_to(self, turn: int, section: int, block: int) -> None:
        """Marks this block, unfolding whatever hides it."""
        sheet = self._sheet
        folds, view = sheet.pile.folds(turn), sheet.pile.view(turn)
        comes_folded = view.comes_folded(section, block)
        if folds.is_whole or folds.is_changed(section, block) != comes_folded:
            sheet.fold(turn, folds.opened(section, block, comes_folded=comes_folded))
        self._cursor = Cursor(sheet.pile.turns[turn].id, section, block)

    def show_rows(self, first: Place, last: Place) -> None:
        """Brings these rows to the screen, in its middle when they are outside, and stays there."""
        viewport, shown = self._sheet.viewport, self._sheet.shown
        if not shown or first < viewport.top or last > shown[-1][0]:
            viewport.put(first, viewport.height // 2)
        self._hold()

    def toggle(self) -> bool:
        """Folds or unfolds the marked block; False when it is too small to fold."""
        here = self._here()
        if here is None:
            return False
        turn, stop = here
        view = self._sheet.pile.view(turn)
        if view.folds.is_whole:
            folds = replace(view.folds, is_whole=False)
        else:
            is_small = stop.last - stop.first + 1 < LEAST_ROWS and not view.folds.is_changed(stop.section, stop.block)
            if is_small and not view.comes_folded(stop.section, stop.block):
                return False
            folds = view.folds.toggled(stop.section, stop.block)
        self._keeping_its_row(turn, lambda: self._sheet.fold(turn, folds))
        return True

    def toggle_turn(self) -> bool:
        """Folds the marked turn to its question and header, or unfolds it."""
        here = self._here()
        if here is None:
            return False
        turn = here[0]
        folds = self._sheet.pile.folds(turn)
        self._put(turn, 0)
        self._reveal(is_top=True)
        self._keeping_its_row(turn, lambda: self._sheet.fold(turn, replace(folds, is_whole=not folds.is_whole)))
        return True

    def source(self) -> tuple[str, str]:
        """The marked block as it was written, and what it is: question, reasoning, block. Empty texts without a marker."""
        here = self._here()
        if here is None:
            return "", ""
        view = self._sheet.pile.view(here[0])
        if view.folds.is_whole:
            return self.turn_source(), "turn"
        return source_of(view, here[1]), name_of(view, here[1])

    def turn_source(self) -> str:
        """The answer of the marked turn as it was written; its question when there is no answer."""
        here = self._here()
        turn = self._sheet.pile.turns[here[0]] if here else None
        return "" if turn is None else turn.text or turn.prompt.text

    def _here(self) -> tuple[int, Stop] | None:
        """The marked block: its turn's place and its rows."""
        if self._cursor is None or (turn := self._sheet.pile.find(self._cursor.turn_id)) is None:
            return None
        stops = self._stops(turn)
        _, section, block = self._cursor
        reached = [stop for stop in stops if (stop.section, stop.block) <= (section, block)]
        return (turn, reached[-1]) if reached else (turn, stops[0]) if stops else None

    def _stops(self, turn: int) -> list[Stop]:
        view = self._sheet.pile.view(turn)
        if self._known[0] is not view.rows:
            self._known = view.rows, stops_of(view)
        return self._known[1]

    def _put(self, turn: int, position: int) -> None:
        if 0 <= turn < self._sheet.viewport.count and (stops := self._stops(turn)):
            stop = stops[position]
            self._cursor = Cursor(self._sheet.pile.turns[turn].id, stop.section, stop.block)

    def _is_in_sight(self) -> bool:
        here = self._here()
        shown = self._sheet.shown
        if here is None or not shown:
            return False
        turn, stop = here
        return Place(turn, stop.first) <= shown[-1][0] and Place(turn, stop.last) >= shown[0][0]

    def _take_from_sight(self, *, is_lowest: bool) -> None:
        """Marks the highest or lowest block in sight."""
        shown = self._sheet.shown
        for place, _ in reversed(shown) if is_lowest else shown:
            stops = self._stops(place.turn)
            for position, stop in enumerate(stops):
                if stop.first <= place.row <= stop.last:
                    self._put(place.turn, position)
                    return

    def _read_on(self, here: tuple[int, Stop], step: int) -> bool:
        """Scrolls on in a block that goes on outside the screen and is higher than it; whether it did."""
        turn, stop = here
        shown, viewport = self._sheet.shown, self._sheet.viewport
        left = Place(turn, stop.last) > shown[-1][0] if step > 0 else Place(turn, stop.first) < shown[0][0]
        if not left or stop.last - stop.first < viewport.height:
            return False
        rest = stop.last - shown[-1][0].row if step > 0 else shown[0][0].row - stop.first
        viewport.scroll(step * min(max(1, viewport.height - 2), rest))
        self._hold()
        return True

    def _reveal(self, *, is_top: bool = False) -> None:
        """Scrolls as little as shows the marked block, its beginning at least; then stays there unless it is the newest."""
        here = self._here()
        if here is None:
            return
        turn, stop = here
        viewport, shown = self._sheet.viewport, self._sheet.shown
        first, last = Place(turn, stop.first), Place(turn, stop.last)
        if is_top or not shown or first < viewport.top:
            viewport.to(first)
        elif last > shown[-1][0]:
            viewport.bring_up(first, last)
        self._hold()

    def _hold(self) -> None:
        """Stays where it is, unless the marker is on the newest block and that is in sight."""
        here, viewport = self._here(), self._sheet.viewport
        is_newest = here is not None and here[0] == viewport.count - 1 and here[1] == self._stops(here[0])[-1]
        if is_newest:
            viewport.to(viewport.top)
        else:
            viewport.stay()

    def _keeping_its_row(self, turn: int, change: Callable[[], None]) -> None:
        """Changes the rows of the marked block so that its first row does not move on the screen."""
        viewport = self._sheet.viewport
        here = self._here()
        above = viewport.rows_between(viewport.top, Place(turn, here[1].first)) if here else 0
        change()
        here = self._here()
        if here is not None:
            viewport.put(Place(turn, here[1].first), above)
        self._hold()
