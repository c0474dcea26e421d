"""The blocks of a turn that the reader's marker can stand on: the question, every block of the answer, what was thought, how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.messages import Text, Thinking, ToolCall
from hawkmoth_tui.ui.transcript.asked import text_beside
from hawkmoth_tui.ui.transcript.folds import runs
from hawkmoth_tui.ui.transcript.lines import BLANK

if TYPE_CHECKING:
    from hawkmoth_tui.ui.transcript.turnview import TurnView


class Stop(NamedTuple):
    """One block of one turn."""

    section: int
    block: int
    """Its number in the section; -1 for a section that is one block."""
    first: int
    last: int
    """Its rows in the turn."""


def stops_of(view: TurnView) -> list[Stop]:
    """From the top. A turn that is folded is one stop; the header belongs to no block."""
    if view.folds.is_whole:
        return [Stop(0, -1, 0, max(0, len(view.rows) - 2))]
    stops: list[Stop] = []
    for number in range(view.sections):
        rows = view.section(number)
        if number == 1 or not rows:
            continue
        if number == 0 and not view.folds.is_changed(0, -1):
            stops += _asked(view, rows)
        elif isinstance(view.part(number), Text):
            lines = view.rows[rows.start : rows.stop]
            stops += [
                Stop(number, block, rows.start + first, rows.start + last)
                for block, first, last in runs(lines)
                if block >= 0
            ]
        elif filled := [row for row in rows if view.rows[row] is not BLANK]:
            stops.append(Stop(number, -1, filled[0], filled[-1]))
    return stops


def _asked(view: TurnView, rows: range) -> list[Stop]:
    """The words of the question, then what is beside them."""
    lines = [view.rows[row] for row in rows if view.rows[row] is not BLANK]
    return [Stop(0, block, rows.start + first, rows.start + last) for block, first, last in runs(lines)]


def source_of(view: TurnView, stop: Stop) -> str:
    """The block as it was written; for rows of ours what they say."""
    if stop.section == 0:
        return text_beside(view.turn.prompt, stop.block) or view.turn.prompt.text
    match view.part(stop.section):
        case Text():
            return view.block_source(stop.first)
        case Thinking(text):
            return text
        case ToolCall(_, name, arguments):
            return f"{name}({arguments})"
        case _:
            return "\n".join(line.text[line.lead :] for line in view.rows[stop.first : stop.last + 1])


def name_of(view: TurnView, stop: Stop) -> str:
    """What the block is, for the user."""
    if stop.section == 0:
        return "attachment" if text_beside(view.turn.prompt, stop.block) else "question"
    return "reasoning" if isinstance(view.part(stop.section), Thinking) else "block"
