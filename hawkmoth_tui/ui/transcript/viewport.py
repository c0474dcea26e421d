"""Which rows of which turns are on the screen.

The place is held as a turn and a row in it, never as a distance from the top: turns that nobody has looked at need no height, and when one
far away is laid out nothing on the screen moves. At the end it follows: the last row stays at the bottom whatever comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.ui.transcript.lines import Line
    from hawkmoth_tui.ui.transcript.turnview import TurnView


class Place(NamedTuple):
    """One row: which turn, and which of its rows."""

    turn: int
    row: int


class Viewport:
    """A window of so many rows over the turns' views."""

    def __init__(self, view_of: Callable[[int], TurnView]) -> None:
        self._view_of = view_of
        self.count = 0
        """Turns."""
        self.height = 0
        """Rows on the screen."""
        self.is_following = True
        self.stride = 1
        """Rows by which it moves at once while it follows: more leave empty rows below the last one for what comes, 1 leaves none."""
        self._top = Place(0, 0)
        """The uppermost row while it does not follow."""
        self._held = Place(0, 0)
        """The uppermost row while it follows in strides."""

    @property
    def top(self) -> Place:
        """The uppermost row on the screen."""
        return self._followed() if self.is_following else self._top

    def rows(self) -> list[tuple[Place, Line]]:
        """The rows on the screen, at most `height`; fewer when there is no more."""
        shown: list[tuple[Place, Line]] = []
        turn, first = self.top
        while turn < self.count and len(shown) < self.height:
            rows = self._view_of(turn).rows[first : first + self.height - len(shown)]
            shown += [(Place(turn, first + offset), line) for offset, line in enumerate(rows)]
            turn, first = turn + 1, 0
        return shown

    def scroll(self, rows: int) -> bool:
        """Moves down by so many rows, up when negative; whether anything moved. Reaching the end means following."""
        before = self.top
        self._top = self._moved(before, rows)
        self.is_following = rows > 0 and self._top >= self._end()
        return self.top != before

    def to_end(self) -> bool:
        """Follows from now on; whether anything moved."""
        before = self.top
        self.is_following = True
        self._held = self._end()
        return self.top != before

    def to(self, place: Place) -> None:
        """Puts a row at the top, as far as what follows fills the screen."""
        self._top = place
        self.is_following = place >= self._end()

    def put(self, place: Place, rows_above: int) -> None:
        """Puts a row so far below the top, as far as what comes before and after it fills the screen."""
        self._top = self._moved(place, -rows_above)
        self.is_following = self._top >= self._end()

    def stay(self) -> None:
        """Follows no more: what is on the screen stays there."""
        self._top = self.top
        self.is_following = False

    def bring_up(self, first: Place, last: Place) -> None:
        """Moves down until the rows from `first` to `last` are on the screen, or as many of them as fit."""
        missing = self.rows_between(self.top, last) - self.height + 1
        self.scroll(max(0, min(missing, self.rows_between(self.top, first))))

    def rows_between(self, start: Place, end: Place) -> int:
        """Rows from one place down to another; 0 when that is not below. Lays out the turns between them."""
        if end <= start:
            return 0
        heights = sum(self._view_of(turn).height for turn in range(start.turn, end.turn))
        return heights - start.row + end.row

    def shift(self, turns: int) -> None:
        """So many turns were put before the first one: the same rows stay on the screen."""
        self.count += turns
        self._top = self._top._replace(turn=self._top.turn + turns)
        self._held = self._held._replace(turn=self._held.turn + turns)

    def hold(self, place: Place) -> None:
        """Keeps the uppermost row when its turn's rows were counted anew; never begins to follow."""
        self._top = place

    @property
    def fills_screen(self) -> bool:
        """Whether there is more than the screen shows."""
        return self._end() > Place(0, 0)

    def portion(self) -> tuple[float, float]:
        """Where the screen begins and how much of everything it shows, 0..1 each, counted in turns: nothing far is laid out for it."""
        if not self.count:
            return 0.0, 1.0
        shown = self.rows()
        if not shown:
            return 0.0, 1.0
        first, last = shown[0][0], shown[-1][0]
        start = first.turn + first.row / max(1, self._view_of(first.turn).height)
        end = last.turn + (last.row + 1) / max(1, self._view_of(last.turn).height)
        return start / self.count, (end - start) / self.count

    def _followed(self) -> Place:
        """The uppermost row while it follows: it stays where it is as long as there is room below the last one."""
        end = self._end()
        stride = min(self.stride, self.height // 2)
        if stride <= 1 or end == Place(0, 0):
            self._held = end
        elif not (end <= self._held and self._held.turn < self.count and self.rows_between(end, self._held) < stride):
            self._held = self._below(end, stride - 1)
        return self._held

    def _below(self, place: Place, rows: int) -> Place:
        turn, row = place.turn, place.row + rows
        while turn < self.count - 1 and row >= (height := self._view_of(turn).height):
            row -= height
            turn += 1
        return Place(turn, row)

    def _end(self) -> Place:
        """The uppermost row when the last one is at the bottom."""
        missing = self.height
        for turn in range(self.count - 1, -1, -1):
            height = self._view_of(turn).height
            if height >= missing:
                return Place(turn, height - missing)
            missing -= height
        return Place(0, 0)

    def _moved(self, place: Place, rows: int) -> Place:
        turn, row = place.turn, place.row + rows
        while row < 0 and turn > 0:
            turn -= 1
            row += self._view_of(turn).height
        while turn < self.count - 1 and row >= (height := self._view_of(turn).height):
            row -= height
            turn += 1
        return min(Place(turn, max(0, row)), self._end())
