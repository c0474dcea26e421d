"""The rows on the screen, and which of them look different from the frame before. Knows turns, places and sizes; nothing of widgets."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.pile import Pile
from hawkmoth_tui.ui.transcript.viewport import Place, Viewport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.lines import Line
    from hawkmoth_tui.ui.transcript.turnview import TurnView

HERE = "▐"
"""The mark in the last column beside the part of the session that is on the screen."""


class Sheet:
    """What the transcript shows at one size."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.pile = Pile(clock)
        self.viewport = Viewport(self.pile.view)
        self.shown: list[tuple[Place, Line]] = []
        """The rows on the screen from the top, as of the last `arrange`; there may be fewer than the screen is high."""
        self.marks: list[str] = []
        """What stands in the last column, row by row; empty while it follows."""
        self.badge_row = -1
        """Screen row with the word of something new below; -1: none."""
        self.has_new_below = False
        self.size = 0, 0
        """Width and height that the rows were made for."""

    def load(self, turns: Sequence[Turn]) -> None:
        """Other turns, from their end."""
        self.pile.load(turns)
        self.viewport.count = len(self.pile.turns)
        self.viewport.to_end()
        self.has_new_below = False

    def put(self, turn: Turn) -> None:
        """A turn's newest state. It is laid out when it is in sight."""
        self.pile.put(turn)
        self.viewport.count = len(self.pile.turns)
        if not self.viewport.is_following:
            self.has_new_below = True

    def arrange(self, width: int, height: int) -> list[int]:
        """Brings the rows up to date for rows of `width` cells; which screen rows look different now."""
        self._keep_place(width, height)
        rows = self.viewport.rows()
        if self.viewport.is_following:
            self.has_new_below = False
        marks = self._position_marks(height)
        badge_row = height - 1 if self.has_new_below else -1
        changed = self._differing(rows, marks, badge_row) if self.size == (width, height) else list(range(height))
        self.shown, self.marks, self.badge_row, self.size = rows, marks, badge_row, (width, height)
        return changed

    def paint_code(self, budget_s: float) -> None:
        """Spends some time on the colours of long code in sight."""
        for view in self._unpainted()[:1]:
            view.paint(budget_s)

    @property
    def has_paint_left(self) -> bool:
        """Whether code in sight waits for its colours."""
        return bool(self._unpainted())

    def mark(self, row: int) -> str:
        """What stands in the last column of a screen row."""
        return self.marks[row] if row < len(self.marks) else " "

    def around(self, row: int, *, is_block: bool) -> tuple[Place, Place] | None:
        """First and last row of the block, or of the whole turn, that a screen row belongs to; None where nothing is shown."""
        if not 0 <= row < len(self.shown):
            return None
        turn, middle = self.shown[row][0]
        rows = self.pile.view(turn).rows
        if not is_block:
            return Place(turn, 0), Place(turn, len(rows) - 1)
        first = last = middle
        while first > 0 and rows[first - 1].block == rows[middle].block:
            first -= 1
        while last < len(rows) - 1 and rows[last + 1].block == rows[middle].block:
            last += 1
        return Place(turn, first), Place(turn, last)

    def _unpainted(self) -> list[TurnView]:
        turns = sorted({place.turn for place, _ in self.shown if place.turn < len(self.pile.turns)})
        return [view for turn in turns if (view := self.pile.peek(turn)) and view.has_paint_left]

    def _keep_place(self, width: int, height: int) -> None:
        """Takes over size and news without moving the uppermost row, unless it follows."""
        viewport = self.viewport
        is_same_width = width == self.pile.width
        is_resized = not is_same_width or height != viewport.height
        top = None if viewport.is_following else viewport.top
        view = self.pile.peek(top.turn) if top is not None else None
        stood = view.place(top.row) if top is not None and view is not None else None
        self.pile.width, viewport.height = width, height
        if top is None:
            return
        if top.turn >= len(self.pile.turns):
            viewport.to_end()
            return
        if stood is not None:
            viewport.hold(Place(top.turn, self.pile.view(top.turn).row_at(stood, is_same_width=is_same_width)))
        if is_resized:
            viewport.to(viewport.top)

    def _position_marks(self, height: int) -> list[str]:
        if self.viewport.is_following:
            return []
        start, size = self.viewport.portion()
        first = min(height - 1, int(start * height))
        last = min(height, first + max(1, round(size * height)))
        return [" "] * first + [HERE] * (last - first) + [" "] * (height - last)

    def _differing(self, rows: list[tuple[Place, Line]], marks: list[str], badge_row: int) -> list[int]:
        """Screen rows to paint. A line that looks as before stays the same object, so that its strip is found again."""
        changed = {self.badge_row, badge_row} - {-1} if badge_row != self.badge_row else set()
        for y in range(max(len(rows), len(self.shown))):
            if y >= len(rows) or y >= len(self.shown):
                changed.add(y)
            elif rows[y][1] is not self.shown[y][1]:
                if rows[y][1].looks_like(self.shown[y][1]):
                    rows[y] = rows[y][0], self.shown[y][1]
                else:
                    changed.add(y)
        if marks != self.marks:
            pairs = zip_longest(marks, self.marks, fillvalue=" ")
            changed.update(y for y, (new, old) in enumerate(pairs) if new != old)
        return sorted(changed)
