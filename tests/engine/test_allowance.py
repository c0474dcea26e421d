"""An answer of unknown length and the money held for it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import StreamBroken
from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.engine.allowance import Allowance
from hawkmoth_tui.routing.tokens import estimate
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path


def answered(words: int) -> Turn:
    return Turn("t", "s", None, TurnKind.PROMPT, user("q"), 0, answer=(Text("word " * words),))


async def test_a_growing_answer_is_never_longer_than_what_is_held_for_it() -> None:
    held = [100]

    async def hold(room_tokens: int) -> str:
        held.append(room_tokens)
        return ""

    allowance = Allowance(hold, 100)
    for words in (1, 50, 90, 96, 99, 105, 106, 180, 220, 1000, 1001):
        await allowance.check(answered(words))

        assert estimate(answered(words).text) <= held[-1]
    assert held == [100, 200, 300, 1100]


async def test_a_refusal_says_why() -> None:
    async def hold(room_tokens: int) -> str:
        return "the day limit is reached"

    with pytest.raises(StreamBroken, match="stopped by the budget: the day limit is reached"):
        await Allowance(hold, 10).check(answered(100))


async def test_the_budget_stops_an_answer_that_outgrows_it_and_keeps_the_text(home: Path) -> None:
    long = answer("word " * 6000, usage=None)
    async with (
        ScriptedServer(long) as server,
        station(home, settings(provider("lab", server.url, model("m", "1", context_tokens=None)))) as opened,
    ):
        turn = await ask(opened, "write a book", max_cost_usd=Decimal("0.02"))

    assert turn.error is not None
    assert (turn.state, turn.error.type) == (TurnState.INTERRUPTED, "StreamBroken")
    assert "turn limit" in turn.error.message
    assert turn.text
