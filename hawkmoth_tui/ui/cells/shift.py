"""Finds text that moved up or down as a whole, so that the terminal can move it itself.

A terminal moves whole rows only, so what stands beside the text moves too and has to be painted again. Both ways are counted in cells, and
the rows for which moving is cheaper are chosen.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.ui.cells.rows import Row

_LEAST_ROWS = 3
"""Rows that must be found again elsewhere."""
_MOST_PLACES = 4
"""Rows with the same text that are looked at; text that is everywhere tells nothing."""
_RUN = 8
"""What it costs to begin to paint in a row, in cells."""
_COST = 20
"""What a shift itself costs."""


class Shift(NamedTuple):
    """Rows `top..bottom` move up by `rows`, down when negative."""

    top: int
    bottom: int
    rows: int


class Span(NamedTuple):
    """Columns of a row that a frame has painted."""

    start: int
    end: int


def find_shift(before: Sequence[Row], after: Sequence[Row], painted: dict[int, Span]) -> Shift | None:
    """The best shift on the way from one screen to the next; None when painting is cheaper. `painted`: widest piece of each row."""
    if len(painted) < _LEAST_ROWS:
        return None
    (span, count), *_ = Counter(painted.values()).most_common(1)
    if count < _LEAST_ROWS:
        return None
    best, most = None, _COST
    for rows in _likely(before, after, [y for y, own in painted.items() if own == span], span):
        saved, top, bottom = _saved(before, after, rows)
        if saved > most:
            best, most = Shift(top, bottom, rows), saved
    return best


def _likely(before: Sequence[Row], after: Sequence[Row], painted: list[int], span: Span) -> list[int]:
    """By how many rows text has moved, most likely first."""
    places: dict[str, list[int]] = {}
    for y, row in enumerate(before):
        text = "".join(row.glyphs[span.start : span.end])
        places.setdefault(text, []).append(y)
    votes: Counter[int] = Counter()
    for y in painted:
        text = "".join(after[y].glyphs[span.start : span.end])
        found = places.get(text, ())
        if y in found or len(found) > _MOST_PLACES:
            continue
        votes.update(place - y for place in found)
    return [rows for rows, count in votes.most_common(2) if count >= _LEAST_ROWS]


def _saved(before: Sequence[Row], after: Sequence[Row], rows: int) -> tuple[int, int, int]:
    """The most that a shift by so many rows saves, with its top and bottom."""
    height = len(after)
    if rows < 0:
        saved, top, bottom = _saved(before[::-1], after[::-1], -rows)
        return saved, height - 1 - bottom, height - 1 - top
    stay = [_cost(after[y], before[y]) for y in range(height)]
    gains = [stay[y] - _cost(after[y], before[y + rows]) for y in range(height - rows)]
    bare = [len(after[y].glyphs) - after[y].glyphs.count(" ") + _RUN - stay[y] for y in range(height)]
    best, best_top, best_bottom = 0, 0, 0
    running, start = 0, 0
    for y, gain in enumerate(gains):
        if running <= 0:
            running, start = 0, y
        running += gain
        saved = running - sum(bare[y + 1 : y + 1 + rows])
        if saved > best:
            best, best_top, best_bottom = saved, start, y + rows
    return best, best_top, best_bottom


def _cost(row: Row, other: Row) -> int:
    distance = row.distance(other)
    return distance + _RUN if distance else 0
