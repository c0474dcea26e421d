"""Keys on an answer: what it was worth, and sending what the budget has refused."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from hawkmoth_tui.core.feedback import SignKind
from hawkmoth_tui.core.turn import TurnState
from tests.ui.conftest import Sitting

SitDown: TypeAlias = Callable[..., AbstractAsyncContextManager[Sitting]]


async def test_one_key_says_what_an_answer_was_worth_and_one_takes_it_back(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        turn = await sitting.ask("Why do moths fly at night?")
        feedback = sitting.desk.workstation.feedback

        def stands() -> list[SignKind]:
            return [kind for _, kind in feedback.of(turn.id)]

        await sitting.press("ctrl+x", "plus")
        await sitting.until(lambda: "(its first sign)" in sitting.notices)
        assert stands() == [SignKind.GOOD]
        await sitting.press("ctrl+x", "v", "minus")
        await sitting.until(lambda: "(was 100%)" in sitting.notices)
        assert stands() == [SignKind.TOO_WEAK]
        assert f"too weak · {turn.model} now wins 0%" in sitting.notices
        await sitting.press("equals_sign")
        await sitting.until(lambda: stands() == [SignKind.OVERKILL])
        await sitting.press("0")
        await sitting.until(lambda: "has no record" in sitting.notices)
        assert stands() == []


async def test_what_the_budget_refused_is_sent_once_with_a_key(sit_down: SitDown) -> None:
    async with sit_down(config='[budget]\nday_usd = "0.0000001"\n') as sitting:
        refused = await sitting.ask("Why do moths fly at night?")
        await sitting.until(lambda: "Ctrl+X $ send it all the same, this once" in sitting.screen_text())
        await sitting.press("ctrl+x", "dollar_sign")
        await sitting.until(lambda: sitting.turns and sitting.turns[-1].state is TurnState.DONE)
        lifted = sitting.turns[-1]
        again = await sitting.ask("And by day?")

    assert (refused.state, again.state) == (TurnState.BLOCKED, TurnState.BLOCKED)
    assert lifted.prompt.text == refused.prompt.text
