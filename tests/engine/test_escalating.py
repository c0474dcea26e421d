"""Answers that show their own fault, and the better model that is asked in the same turn."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.escalation import Trigger
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.settings.schema import BudgetSettings, Escalate, RoutingSettings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import Reply, Request, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings

REFUSAL = "I'm sorry, but I can't help with that."
CHEAP, BETTER = model("minnow", "0.01", quality="0.8"), model("orca", "0.1", quality="0.9")


def served(server: ScriptedServer, escalate: Escalate = Escalate.AUTO, **sections: object) -> Settings:
    routing = replace(RoutingSettings(), escalate=escalate)
    return settings(provider("lab", server.url, CHEAP, BETTER), routing=routing, **sections)


def refusing(request: Request) -> Reply:
    """The cheap model refuses everything."""
    return answer(REFUSAL if request.document["model"] == "minnow" else "here it is")


async def test_a_refusal_goes_to_a_better_model_in_the_same_turn_and_the_session_stays(home: Path) -> None:
    async with ScriptedServer(answer=refusing) as server, station(home, served(server)) as opened:
        turn = await ask(opened, "tell me a fact about whales")
        after = await ask(opened, "another", turn.session_id)
        stored = opened.turn(turn.id)

        assert (turn.state, turn.text.strip(), str(turn.model)) == (TurnState.DONE, "here it is", "lab/orca")
        assert [step.fault.trigger for step in turn.escalations] == [Trigger.REFUSED]
        assert turn.escalations[0].fault.evidence == REFUSAL
        assert any(REFUSAL in notice and "lab/orca answers" in notice for notice in turn.notices)
        assert stored.escalations == turn.escalations
        assert [row.id for row in opened.sessions.turns(turn.session_id)] == [turn.id, after.id]
        assert opened.sessions.get(turn.session_id).model is None
        assert [attempt.cost_pico is not None for attempt in turn.attempts] == [True, True]


async def test_a_pinned_model_keeps_its_turn_and_the_better_one_is_offered_with_its_price(home: Path) -> None:
    async with ScriptedServer(answer=refusing) as server, station(home, served(server)) as opened:
        turn = await ask(opened, "a fact", model=ModelRef("lab", "minnow"))

    assert turn.text.strip() == REFUSAL
    assert any("/stronger lab/orca asks that model, for ~$" in notice for notice in turn.notices)


async def test_switched_off_nothing_is_looked_at_and_offering_only_offers(home: Path) -> None:
    async with ScriptedServer(answer=refusing) as server:
        async with station(home, served(server, Escalate.OFF)) as opened:
            off = await ask(opened, "a fact about whales")
        async with station(home, served(server, Escalate.OFFER)) as opened:
            offered = await ask(opened, "a fact about whales")

    assert (off.notices, off.escalations) == ((), ())
    assert offered.escalations == ()
    assert "/stronger lab/orca" in offered.notices[0]


async def test_a_better_model_that_fails_or_is_over_the_budget_leaves_the_first_answer(home: Path) -> None:
    def failing(request: Request) -> Reply:
        return answer(REFUSAL) if request.document["model"] == "minnow" else Reply((b"{}",), status=400)

    tight = BudgetSettings(turn_usd=Decimal("0.0005"))
    async with ScriptedServer(answer=failing) as server:
        async with station(home, served(server)) as opened:
            failed = await ask(opened, "a fact about whales")
        async with station(home, served(server, budget=tight)) as opened:
            refused = await ask(opened, "a fact about whales")

    assert (failed.state, failed.text.strip(), str(failed.model)) == (TurnState.DONE, REFUSAL, "lab/minnow")
    assert "the first answer stands" in failed.notices[-1]
    assert (refused.state, refused.text.strip()) == (TurnState.DONE, REFUSAL)


async def test_live_data_without_a_model_that_has_the_web_is_said_plainly(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        turn = await ask(opened, "what's the weather in Oslo today?")

    assert "no usable model is known to have web access" in turn.notices[0]


async def test_live_data_goes_to_the_model_that_has_the_web(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server:
        webbed = provider("lab", server.url, CHEAP, replace(BETTER, capabilities=("web",)))
        async with station(home, settings(webbed)) as opened:
            turn = await ask(opened, "what's the weather in Oslo today?")

    assert str(turn.model) == "lab/orca"
