"""A session as a page."""

from __future__ import annotations

from dataclasses import replace

from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnKind, TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.pages import as_text

USED = Usage(10, 5, estimated=True)
TRY = Attempt("a", ModelRef("lab", "m"), 0, Outcome.CANCELLED, usage=USED, cost_pico=4_200_000_000)
TURN = Turn(
    "t", "s", None, TurnKind.PROMPT, user("q"), 0, state=TurnState.CANCELLED, answer=(Text("half"),), attempts=(TRY,)
)


def test_what_we_counted_ourselves_is_marked() -> None:
    counted = as_text(Session("s", "title", 0, 0), (TURN,))
    reported = as_text(
        Session("s", "title", 0, 0), (replace(TURN, attempts=(replace(TRY, usage=replace(USED, estimated=False)),)),)
    )

    assert "· ~$0.0042 ·" in counted
    assert "· $0.0042 ·" in reported
