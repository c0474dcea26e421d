"""Which prompts need no model: recognised only when the whole prompt is such a question, politeness and punctuation aside.

English. A word in a prompt means nothing here: "update", "know", "capital" and "runtime" never lead anywhere by themselves. A prompt that
could mean something else is left to a model, which costs a fraction of a cent; a wrong answer for free would cost trust.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.core.intents import (
    Calculation,
    Conversion,
    DayAsked,
    NowAsked,
    SelfAsked,
    SpanAsked,
    SpendingAsked,
    WeekdayAsked,
)
from hawkmoth_tui.routing.framing import question

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.intents import Intent
    from hawkmoth_tui.routing.framing import Question


@lru_cache(maxsize=1)
def _readers() -> tuple[Callable[[Question], Intent | None], ...]:
    """One for each kind of question; their patterns are made when the first short prompt comes."""
    from hawkmoth_tui.routing import calendar_questions, own_questions, sum_questions, unit_questions

    return calendar_questions.read, own_questions.read, unit_questions.read, sum_questions.read


def recognise(text: str) -> Intent | None:
    """The question that this prompt plainly is. None: a model should have it."""
    asked = question(text)
    if asked is None:
        return None
    return next((intent for read in _readers() if (intent := read(asked)) is not None), None)


def described(intent: Intent) -> str:
    """What it is, with its article, for the reason of a route: "a calculation"."""
    match intent:
        case NowAsked() | DayAsked() | WeekdayAsked() | SpanAsked():
            return "a question of date and time"
        case Calculation():
            return "a calculation"
        case Conversion():
            return "a conversion of units"
        case SpendingAsked() | SelfAsked():
            return "a question about Hawkmoth itself"
        case _:
            assert_never(intent)
