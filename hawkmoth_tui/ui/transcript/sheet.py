"""The rows on the screen, and which of them look different from the frame before. Knows turns, places and sizes; nothing of widgets."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.pile import Pile
from hawkmoth_tui.ui.transcript.reader import Reader
from hawkmoth_tui.ui.transcript.viewport import Place, Viewport

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.folds import Folds
    from hawkmoth_tui.ui.transcript.lines import Line
    from hawkmoth_tui.ui.transcript.turnview import TurnView

HERE = "▐"
"""The mark in the last column beside the part of the session that is on the screen."""


class Sheet:
    """What the transcript shows at one size."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.pile = Pile(clock)
        self.viewport = Viewport(self.pile.view)
        self.reader = Reader(self)
        self.shown: list[tuple[Place, Line]] = []
        """The rows on the screen from the top, as of the last `arrange`; there may be fewer than the screen is high."""
        self.marks: list[str] = []
        """What stands in the last column, row by row; empty while it follows."""
        self.badge_row = -1
        """Screen row with the word of something new below; -1: none."""
        self.has_new_below = False
        self.new_rows = 0
        """Rows that came below since it ceased to follow."""
        self.marked: frozenset[int] = frozenset()
        """Screen rows of the block with the reader's marker."""
        self._seen: Place | None = None
        """The place after the last row when it ceased to follow; None while it follows."""
        self.size = 0, 0
        """Width and height that the rows were made for."""

    def load(self, turns: Sequence[Turn]) -> None:
        """Other turns, from their end."""
        self.pile.load(turns)
        self.viewport.count = len(self.pile.turns)
        self.viewport.to_end()
        self.has_new_below = False
        self._seen = None

    def put_before(self, turns: Sequence[Turn]) -> None:
        """The turns before the first one; nothing moves on the screen."""
        moved = len(turns)
        self.pile.put_before(turns)
        self.viewport.shift(moved)
        self.shown = [(place._replace(turn=place.turn + moved), line) for place, line in self.shown]
        if self._seen is not None:
            self._seen = self._seen._replace(turn=self._seen.turn + moved)

    def put(self, turn: Turn) -> int:
        """A turn's newest state; its place. It is laid out when it is in sight."""
        index = self.pile.put(turn)
        self.viewport.count = len(self.pile.turns)
        if not self.viewport.is_following:
            self.has_new_below = True
        return index

    def branch(self, turns: Sequence[Turn]) -> None:
        """Another branch from the first of these turns on, which stands where the turn stood whose place it takes."""
        if self.size == (0, 0):
            self._take(turns)
            return
        first = self.pile.find(turns[0].parent_id) if turns[0].parent_id else -1
        start = Place(0 if first is None else first + 1, 0)
        top = self.viewport.top
        above = self.viewport.rows_between(top, start) if top.turn >= start.turn - self.viewport.height else 0
        self._take(turns)
        self.viewport.put(start, above if above < self.viewport.height else 0)

    def _take(self, turns: Sequence[Turn]) -> None:
        for turn in turns:
            self.pile.put(turn)
        self.viewport.count = len(self.pile.turns)
        self.viewport.to_end()
        self.has_new_below, self._seen = False, None

    def arrange(self, width: int, height: int) -> list[int]:
        """Brings the rows up to date for rows of `width` cells; which screen rows look different now."""
        self._keep_place(width, height)
        self.reader.settle()
        rows = self.viewport.rows()
        new_rows = self._count_new(rows)
        marks = self._position_marks(height)
        badge_row = height - 1 if self.has_new_below else -1
        marked = self._marked_among(rows)
        if self.size == (width, height):
            changed = self._differing(rows, marks, badge_row) | (marked ^ self.marked)
            if new_rows != self.new_rows and badge_row >= 0:
                changed.add(badge_row)
        else:
            changed = set(range(height))
        self.shown, self.marks, self.badge_row, self.size = rows, marks, badge_row, (width, height)
        self.new_rows, self.marked = new_rows, marked
        return sorted(changed)

    def fold(self, turn: int, folds: Folds) -> None:
        """Folds and unfolds in a turn that is near. What was seen before stays seen."""
        before = self.pile.view(turn).height
        self.pile.fold(turn, folds)
        if self._seen is not None and self._seen.turn == turn:
            after = self.pile.view(turn).height
            self._seen = Place(turn, max(0, min(after, self._seen.row + after - before)))

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

    def _count_new(self, rows: list[tuple[Place, Line]]) -> int:
        """Rows below that came since it ceased to follow; none while it follows or shows the last row."""
        last = self.viewport.count - 1
        if self.viewport.is_following or last < 0:
            self._seen, self.has_new_below = None, False
            return 0
        end = Place(last, self.pile.view(last).height)
        if self._seen is None or self._seen.turn > last:
            self._seen = end
        if rows and rows[-1][0] >= Place(last, end.row - 1):
            self._seen, self.has_new_below = end, False
        return self.viewport.rows_between(self._seen, end) if self.has_new_below else 0

    def _marked_among(self, rows: list[tuple[Place, Line]]) -> frozenset[int]:
        span = self.reader.rows()
        if span is None:
            return frozenset()
        return frozenset(y for y, (place, _) in enumerate(rows) if span[0] <= place <= span[1])

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
        seen_view = self.pile.peek(self._seen.turn) if self._seen is not None and not is_same_width else None
        seen = seen_view.place(max(0, self._seen.row - 1)) if self._seen is not None and seen_view else None
        self.pile.width, viewport.height = width, height
        if self._seen is not None and seen is not None:
            turn = self._seen.turn
            self._seen = Place(turn, self.pile.view(turn).row_at(seen, is_same_width=False) + 1)
        if top is None:
            return
        if top.turn >= len(self.pile.turns):
            viewport.to_end()
            return
        if stood is not None:
            viewport.hold(Place(top.turn, self.pile.view(top.turn).row_at(stood, is_same_width=is_same_width)))
        if is_resized:
            viewport.to(viewport.top)
            if self.reader.is_reading:
                viewport.stay()

    def _position_marks(self, height: int) -> list[str]:
        if self.viewport.is_following:
            return []
        start, size = self.viewport.portion()
        first = min(height - 1, int(start * height))
        last = min(height, first + max(1, round(size * height)))
        return [" "] * first + [HERE] * (last - first) + [" "] * (height - last)

    def _differing(self, rows: list[tuple[Place, Line]], marks: list[str], badge_row: int) -> set[int]:
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
        return changed
