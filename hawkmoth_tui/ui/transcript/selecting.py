"""Selected text: rows are numbered turn by turn, so that a number keeps its meaning while other turns grow or are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Offset
from textual.selection import Selection

from hawkmoth_tui.ui.transcript.painter import MARGIN
from hawkmoth_tui.ui.transcript.viewport import Place

if TYPE_CHECKING:
    from hawkmoth_tui.ui.transcript.lines import Line
    from hawkmoth_tui.ui.transcript.pile import Pile

_STRIDE = 1 << 24
"""Room for so many rows in each turn."""
_FAR = 1 << 20
"""Right of every row's end."""


def row_number(place: Place) -> int:
    """The row's number in offsets of a selection."""
    return place.turn * _STRIDE + place.row


def between(first: Place, last: Place) -> Selection:
    """Whole rows selected."""
    return Selection(Offset(0, row_number(first)), Offset(_FAR, row_number(last)))


def shifted(selection: Selection, turns: int) -> Selection:
    """The same rows after so many turns were put before the first one."""
    start, end = selection
    down = Offset(0, turns * _STRIDE)
    return Selection(start + down if start else None, end + down if end else None)


def characters(line: Line, place: Place, selection: Selection | None) -> tuple[int, int] | None:
    """The characters of a line that are selected; None when none are."""
    span = selection.get_span(row_number(place)) if selection else None
    if span is None:
        return None
    start, end = span
    size = len(line.text)
    return max(0, start - MARGIN), size if end < 0 else min(size, max(0, end - MARGIN))


def selected_text(pile: Pile, selection: Selection) -> str:
    """The selected text as it stood in the source: rows that only the width had broken are whole again, without indents and bars."""
    count = len(pile.turns)
    first = Place(*divmod(selection.start.y, _STRIDE)) if selection.start else Place(0, 0)
    last = Place(*divmod(selection.end.y, _STRIDE)) if selection.end else Place(count - 1, _STRIDE)
    pieces: list[str] = []
    for turn in range(first.turn, min(last.turn + 1, count)):
        for row, line in enumerate(pile.view(turn).rows):
            if first <= (turn, row) <= last and (span := characters(line, Place(turn, row), selection)):
                pieces += [line.joint if pieces else "", line.text[max(span[0], line.lead) : span[1]]]
    return "".join(pieces).strip("\n")
