"""Cells to be painted, as strokes: runs in one row that one look is enough for. Blanks go with whatever stands beside them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.ui.cells.glyphs import BEHIND, BLANK
from hawkmoth_tui.ui.cells.looks import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hawkmoth_tui.ui.cells.looks import Looks
    from hawkmoth_tui.ui.cells.rows import Row

_WAY = 6
"""About what it costs to go to another place."""


class Stroke(NamedTuple):
    """Cells of one row."""

    look: int
    y: int
    start: int
    stop: int
    is_blank: bool
    """Whether it is nothing but blanks, so that any look with the same ones will do."""
    may_erase: bool
    """Whether long blanks may be erased."""


def strokes_of(y: int, row: Row, columns: Sequence[int], looks: Looks, *, may_erase: bool) -> list[Stroke]:
    """The strokes that paint these columns of a row, from left to right; wide glyphs are painted whole."""
    strokes: list[Stroke] = []
    for start, stop in _runs(row.glyphs, columns):
        strokes += _strokes_of_run(y, row, start, stop, looks, may_erase=may_erase)
    return strokes


def in_best_order(strokes: list[Stroke], worn: int, looks: Looks) -> list[Stroke]:
    """Row by row, or look by look where that changes colours less often than it has to go back; `worn` is the look of the pen."""
    changes = sum(1 for before, after in pairwise(strokes) if before.look != after.look)
    joined = sum(1 for before, after in pairwise(strokes) if before.stop == after.start and before.y == after.y)
    worn_looks = dict.fromkeys((worn, *(stroke.look for stroke in strokes if not stroke.is_blank)))
    if (changes - len(worn_looks)) * looks.cost <= joined * _WAY:
        return strokes
    ranks: dict[tuple[int, bool], int] = {}
    for rank, look in enumerate(worn_looks):
        ranks[look, False] = rank
        if look != UNKNOWN:
            ranks.setdefault((looks.blanks[look], True), rank)
    return sorted(strokes, key=lambda stroke: ranks.get((stroke.look, stroke.is_blank), len(ranks)))


def _runs(glyphs: Sequence[str], columns: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring columns as ranges, widened to whole glyphs."""
    runs: list[tuple[int, int]] = []
    start = stop = -1
    for column in columns:
        if column < stop:
            continue
        if column != stop:
            if stop > start:
                runs.append((start, stop))
            start = column
            while start > max(stop, 0) and glyphs[start] == BEHIND:
                start -= 1
        stop = column + 1
        while stop < len(glyphs) and glyphs[stop] == BEHIND:
            stop += 1
    if stop > start:
        runs.append((start, stop))
    return runs


def _strokes_of_run(y: int, row: Row, start: int, stop: int, looks: Looks, *, may_erase: bool) -> list[Stroke]:
    glyphs, numbers, blanks = row.glyphs, row.looks, looks.blanks
    strokes: list[Stroke] = []
    look, is_blank = numbers[start], glyphs[start] == BLANK
    for column in range(start + 1, stop):
        number = numbers[column]
        if glyphs[column] == BLANK:
            if number in (look, blanks[look]):
                continue
        elif number == look:
            is_blank = False
            continue
        elif is_blank and blanks[number] == look:
            look, is_blank = number, False
            continue
        strokes.append(Stroke(look, y, start, column, is_blank, may_erase))
        start, look, is_blank = column, number, glyphs[column] == BLANK
    strokes.append(Stroke(look, y, start, stop, is_blank, may_erase))
    return strokes
