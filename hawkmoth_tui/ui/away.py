"""Says at the start what was answered after the terminal of an earlier run was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import TurnState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.engine.absence import Unseen

LONGEST_TITLE = 48


def away_words(unseen: Sequence[Unseen], here: str, list_key: str) -> str:
    """One line about all of them; `here` is the session on the screen, `list_key` opens the others. Empty when there are none."""
    opens = f"{list_key or '/sessions'} opens" if any(one.session.id != here for one in unseen) else ""
    if not unseen:
        return ""
    if len(unseen) > 1:
        finished = sum(one.turn.state is TurnState.DONE for one in unseen)
        rest = len(unseen) - finished
        cut = f", {rest} did not" if rest else ""
        return f"{finished} answers finished while you were away{cut}; {opens} them"
    (one,) = unseen
    what = "the last answer here" if one.session.id == here else "an answer"
    line = f"{what} {_how_it_ended(one.turn.state)} while you were away"
    return f'{line}: "{_short(one.session.title)}"; {opens} it' if opens else line


def _how_it_ended(state: TurnState) -> str:
    match state:
        case TurnState.DONE | TurnState.WAITING | TurnState.STREAMING:
            return "finished"
        case TurnState.CANCELLED:
            return "was stopped and its part kept"
        case TurnState.INTERRUPTED:
            return "was cut off"
        case TurnState.FAILED | TurnState.BLOCKED:
            return "failed"


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rstrip()}…"
