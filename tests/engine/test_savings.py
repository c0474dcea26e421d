"""What a turn claims to have saved."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnKind
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.savings import at_baseline

USAGE = Usage(25, 4, estimated=True)
ATTEMPT = Attempt("a", ModelRef("lab", "small"), 0, outcome=Outcome.OK, usage=USAGE)
TURN = Turn("t", "s", None, TurnKind.PROMPT, user("hello"), 0, attempts=(ATTEMPT,))


def test_a_failed_attempt_saves_nothing() -> None:
    failed = replace(ATTEMPT, outcome=Outcome.FAILED)

    assert at_baseline(failed, replace(TURN, attempts=(failed,)), None) == Usage()


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.CANCELLED, Outcome.INTERRUPTED])
def test_an_answer_is_compared_as_far_as_it_came(outcome: Outcome) -> None:
    assert at_baseline(replace(ATTEMPT, outcome=outcome), TURN, None) == USAGE
