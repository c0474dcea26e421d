"""Questions that need no model, asked of a real workstation: routed, answered, stored and booked like every other turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import MissingKey, UnknownModel
from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.settings.builtin import LOCAL_PROVIDER
from hawkmoth_tui.settings.schema import BudgetSettings, RoutingSettings, Settings
from tests.engine.stations import answer, ask, model, provider, settings, station, watch
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

FACTS = ModelRef("local", "facts")
NOON = Clocks(now_ms=lambda: int(datetime(2026, 11, 20, 12, 5, tzinfo=UTC).timestamp() * 1000), random=lambda: 0.0)
ALONE = settings(LOCAL_PROVIDER)


async def test_a_calculation_costs_nothing_and_is_stored_and_booked(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        turn, _ = await watch(opened, "What is 17 * 23?")
        totals = opened.costs.totals("model")

        assert (turn.state, turn.text, turn.finish_reason) == (TurnState.DONE, "17 × 23 = **391**", "stop")
        assert (turn.model, turn.cost_pico, turn.usage) == (FACTS, 0, Usage())
        assert turn.route is not None
        assert turn.route.reason == "a calculation needs no model"
        assert opened.turn(turn.id) == turn
        assert [(group.key, group.cost_pico, group.turns) for group in totals.groups] == [("local/facts", 0, 1)]
    assert server.requests == []


async def test_what_the_baseline_would_have_cost_counts_as_saved(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "What is 17 * 23?")
        summary = opened.costs.summary(turn.session_id)

    assert turn.baseline == "lab/m"
    assert turn.saved_pico is not None
    assert turn.saved_pico > 0
    assert summary.saved_session_pico == turn.saved_pico


async def test_any_other_prompt_goes_to_a_model(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "explain 2+2=4 in Peano arithmetic")

    assert turn.model == ModelRef("lab", "m")
    assert len(server.requests) == 1


async def test_without_any_key_such_a_question_is_answered(home: Path) -> None:
    async with station(home, ALONE, NOON) as opened:
        turn = await ask(opened, "What time is it in Tokyo?")
        listed = await ask(opened, "which models can I use?", turn.session_id)

    assert turn.text == "In Tokyo it is **21:05** on Friday, 20 November 2026 (JST, UTC+9)."
    assert (turn.state, turn.cost_pico) == (TurnState.DONE, 0)
    assert "TOGETHER_API_KEY" in listed.text


async def test_without_any_key_any_other_prompt_still_says_what_is_missing(home: Path) -> None:
    async with station(home, ALONE) as opened:
        with pytest.raises(MissingKey, match="no provider"):
            await ask(opened, "hi")

        assert opened.sessions.list() == ()


async def test_denied_own_answers_leave_the_key_missing(home: Path) -> None:
    async with station(home, replace(ALONE, routing=RoutingSettings(deny=("local/*",)))) as opened:
        with pytest.raises(MissingKey):
            await ask(opened, "2 + 2")


async def test_a_pin_elsewhere_wins(home: Path) -> None:
    async with (
        ScriptedServer(answer("four")) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "2 + 2", model=ModelRef("lab", "m"))

    assert turn.text == "four "


async def test_pinned_own_answers_refuse_what_needs_a_model(home: Path) -> None:
    async with station(home, ALONE) as opened:
        answered = await ask(opened, "2 + 2", model=FACTS)
        blocked = await ask(opened, "write a poem", model=FACTS)

    assert answered.text == "2 + 2 = **4**"
    assert blocked.state is TurnState.BLOCKED
    assert blocked.error is not None
    assert "answers only dates, arithmetic, units" in f"{blocked.error.message} {blocked.error.hint}"


async def test_hawkmoth_answers_under_one_name_only(home: Path) -> None:
    async with station(home, ALONE) as opened:
        with pytest.raises(UnknownModel, match="local/other"):
            await ask(opened, "2 + 2", model=ModelRef("local", "other"))


async def test_a_retry_of_such_a_question_needs_no_key_either(home: Path) -> None:
    async with station(home, ALONE) as opened:
        first = await ask(opened, "2 + 2")
        again = await ask(opened, "", first.session_id, kind=TurnKind.RETRY, of=first.id)

    assert (again.text, again.parent_id) == (first.text, first.parent_id)


async def test_a_picture_beside_it_needs_a_model(home: Path) -> None:
    async with station(home, ALONE) as opened:
        turn = await ask(opened, "2 + 2", attachments=(Image("image/png", b"png"),), model=FACTS)

    assert turn.state is TurnState.BLOCKED


async def test_an_overspent_budget_does_not_keep_the_figures_back(home: Path) -> None:
    tight = BudgetSettings(day_usd=Decimal("0.00002"))
    async with ScriptedServer(answer(usage=(100, 5))) as server:
        lab = provider("lab", server.url, model("m", "0.1", max_output_tokens=10))
        async with station(home, settings(LOCAL_PROVIDER, lab, budget=tight), NOON) as opened:
            spent = await ask(opened, "hi")
            turn = await ask(opened, "how much have I spent today?", spent.session_id)

    assert spent.state is TurnState.DONE
    assert turn.text.startswith("Today you have spent **$0.000012**.")


async def test_the_session_knows_its_own_cost_and_turns(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        first = await ask(opened, "hi")
        cost = await ask(opened, "what did this session cost?", first.session_id)
        status = await ask(opened, "session status", first.session_id)

    assert cost.text.startswith("This session has cost **$0.00003**.")
    assert f"`{first.session_id}`" in status.text
    assert "3 turns in" in status.text


async def test_the_next_model_reads_the_own_answer_and_stays_the_one_that_answered_last(home: Path) -> None:
    async with (
        ScriptedServer(answer("hello")) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        first = await ask(opened, "hi")
        await ask(opened, "what is 17 * 23?", first.session_id)
        last = await ask(opened, "and why?", first.session_id)

        messages = server.requests[-1].document["messages"]
        assert isinstance(messages, list)
        assert messages[3]["content"] == "17 × 23 = **391**"
    chosen = last.route.candidate(ModelRef("lab", "m")) if last.route else None
    assert chosen is not None
    assert any(vote.rule == "sticky" and "answered last" in vote.reason for vote in chosen.votes)


async def test_a_units_question_is_worked_out_off_the_loop(home: Path) -> None:
    async with station(home, ALONE) as opened:
        turn = await ask(opened, "how many feet are in a mile?")

    assert turn.text == "1 mi = **5,280 ft**"


async def test_own_answers_are_no_baseline(home: Path) -> None:
    async with station(home, ALONE) as opened:
        await ask(opened, "2 + 2")

        assert opened.baseline() is None


async def test_without_the_provider_nothing_is_answered_here(home: Path) -> None:
    async with station(home, Settings()) as opened:
        with pytest.raises(MissingKey):
            await ask(opened, "2 + 2")


async def test_own_answers_stand_in_the_list_of_models_and_are_no_server(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(LOCAL_PROVIDER, provider("lab", server.url))) as opened,
    ):
        await opened.models.access.look_for_keys()

        assert [str(model.ref) for model in opened.models.all()] == ["local/facts", "lab/m"]
        assert [status.name for status in opened.models.providers()] == ["lab"]
        assert FACTS in {model.ref for model in opened.models.usable()}
        assert opened.models.resolve("local/facts") == FACTS
        own, status = opened.models.find(FACTS), opened.models.status(FACTS)

    assert status is not None
    assert (status.is_usable, status.problem) == (True, "")
    assert own is not None
    assert own.prices is not None
    assert (own.lane, own.is_local, own.is_facts) == ("local", True, True)
    assert own.prices.input_usd_per_mtok == own.prices.output_usd_per_mtok == Decimal(0)
