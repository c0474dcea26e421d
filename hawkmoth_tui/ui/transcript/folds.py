"""What of a turn is folded, and how folded rows look.

Only what differs from how a turn comes is kept: reasoning and texts beside the question come folded, everything else open.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.lines import Line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDED = "▸ "
UNFOLDED = "▾ "
LEAST_ROWS = 3
"""Rows that a block must have for folding it to gain anything."""


@dataclass(frozen=True, slots=True)
class Folds:
    """The reader's wishes for one turn."""

    is_whole: bool = False
    """Whether the turn is folded to its question and header."""
    blocks: frozenset[tuple[int, int]] = frozenset()
    """Folded blocks, by section of the turn and number of the block in it; for what comes folded: those that are open."""
    is_all_open: bool = False
    """Whether everything is shown whatever else is wished: for looking through the text."""

    def toggled(self, section: int, block: int) -> Folds:
        return replace(self, blocks=self.blocks ^ {(section, block)})

    def opened(self, section: int, block: int, *, comes_folded: bool) -> Folds:
        """With this block to be seen."""
        key = {(section, block)}
        return replace(self, is_whole=False, blocks=self.blocks | key if comes_folded else self.blocks - key)

    def is_changed(self, section: int, block: int) -> bool:
        """Whether the reader wants the block otherwise than it comes."""
        return (section, block) in self.blocks


AS_IT_COMES = Folds()
ALL_OPEN = Folds(is_all_open=True)


def fold_row(count: int, *, block: int = -1) -> Line:
    """`▸ 12 more rows`: stands for rows that are folded, and is no text of the source."""
    words = f"{FOLDED}{count:,} more {'row' if count == 1 else 'rows'}"
    return Line([(words, "dim")], block=block, lead=len(words))


def fold_section(rows: Sequence[Line], number: int, folds: Folds) -> list[Line]:
    """A section with its folded blocks as two rows each."""
    shown: list[Line] = []
    for block, first, last in runs(rows):
        run = rows[first : last + 1]
        if last - first + 1 >= LEAST_ROWS and folds.is_changed(number, block):
            run = [run[0], fold_row(last - first, block=block)]
        shown += run
    return shown


def runs(rows: Sequence[Line]) -> Iterable[tuple[int, int, int]]:
    """The rows in runs of one block each: its number, first and last row."""
    first = 0
    for row in range(1, len(rows) + 1):
        if row == len(rows) or rows[row].block != rows[first].block:
            yield rows[first].block, first, row - 1
            first = row
