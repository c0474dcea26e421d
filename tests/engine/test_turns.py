"""One turn from its prompt to its stored ending, over real sockets and a real store."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import MissingKey, UnknownModel, UserError
from hawkmoth_tui.core.events import Notice, RouteChosen, TextDelta, TurnEnded, TurnStarted
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Outcome, TurnKind, TurnState
from hawkmoth_tui.settings.schema import BudgetSettings, RetrySettings, Settings
from tests.engine.stations import answer, ask, model, provider, settings, station, watch
from tests.servers.scripted import Act, Reply, ScriptedServer, sse, whole

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = whole({"error": {"message": "no such parameter", "type": "invalid_request_error"}}, 400)
BUSY = whole({"error": {"message": "slow down", "type": "rate_limit"}}, 429)
HALF = Reply((*sse({"choices": [{"index": 0, "delta": {"content": "half an "}}]}), Act.CUT))


async def test_a_turn_is_routed_streamed_priced_and_stored(home: Path) -> None:
    async with (
        ScriptedServer(answer("hello world")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        turn, events = await watch(opened, "hi")

        assert (turn.state, turn.text, turn.finish_reason) == (TurnState.DONE, "hello world ", "stop")
        assert turn.cost_pico == 10 * 1_000_000 + 5 * 4_000_000
        assert turn.route is not None
        assert turn.route.chosen == ModelRef("lab", "m")
        assert opened.turn(turn.id) == turn
        assert opened.sessions.branch(turn.session_id) == (turn,)
        assert isinstance(events[0], TurnStarted)
        assert isinstance(events[-1], TurnEnded)


async def test_the_prompt_is_stored_before_the_request_leaves(home: Path) -> None:
    seen: list[int] = []

    async with ScriptedServer(answer()) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "keep me")) as events:
            async for event in events:
                if isinstance(event, TurnStarted):
                    seen.append(len(server.requests))
                    assert opened.sessions.turns(session.id)[0].prompt.text == "keep me"

    assert seen == [0]


async def test_the_next_turn_gets_the_context(home: Path) -> None:
    async with ScriptedServer(answer("four")) as server, station(home, settings(provider("lab", server.url))) as opened:
        first = await ask(opened, "2+2?")
        await ask(opened, "and doubled?", first.session_id)

        messages = server.requests[1].document["messages"]
        assert isinstance(messages, list)
        assert [message["role"] for message in messages] == ["user", "assistant", "user"]


async def test_stop_ends_the_turn_with_its_text_kept(home: Path) -> None:
    stalled = Reply((*sse({"choices": [{"index": 0, "delta": {"content": "so far"}}]}), Act.STALL))
    async with ScriptedServer(stalled) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "long one")) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    opened.stop(opened.running()[0].id)
        (turn,) = opened.sessions.turns(session.id)
        await server.gone.wait()

        assert (turn.state, turn.text, turn.error) == (TurnState.CANCELLED, "so far", None)
        assert turn.attempts[0].usage is not None
        assert turn.attempts[0].usage.estimated
        assert turn.cost_pico


async def test_closing_the_generator_stores_the_turn_as_cancelled(home: Path) -> None:
    stalled = Reply((*sse({"choices": [{"index": 0, "delta": {"content": "so far"}}]}), Act.STALL))
    async with ScriptedServer(stalled) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "long one")) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    break
        (turn,) = opened.sessions.turns(session.id)

        assert (turn.state, turn.text) == (TurnState.CANCELLED, "so far")
        assert opened.running() == ()


async def test_a_cancelled_consumer_leaves_a_cancelled_turn(home: Path) -> None:
    stalled = Reply((*sse({"choices": [{"index": 0, "delta": {"content": "so far"}}]}), Act.STALL))
    async with ScriptedServer(stalled) as server, station(home, settings(provider("lab", server.url))) as opened:
        session, seen = await opened.sessions.create(), asyncio.Event()

        async def consume() -> None:
            async with aclosing(opened.send(session.id, "long one")) as events:
                async for event in events:
                    if isinstance(event, TextDelta):
                        seen.set()

        task = asyncio.create_task(consume())
        await seen.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

        assert opened.sessions.turns(session.id)[0].state is TurnState.CANCELLED


async def test_before_the_first_token_another_candidate_takes_over(home: Path) -> None:
    async with ScriptedServer(REFUSED) as broken, ScriptedServer(answer("here")) as good:
        cheap = provider("cheap", broken.url, model("a", "0.1"))
        dear = provider("dear", good.url, model("b", "2"))
        async with station(home, settings(cheap, dear)) as opened:
            turn, events = await watch(opened, "hi")

    assert (turn.state, turn.text, turn.model) == (TurnState.DONE, "here ", ModelRef("dear", "b"))
    assert [attempt.outcome for attempt in turn.attempts] == [Outcome.FAILED, Outcome.OK]
    assert turn.attempts[0].error is not None
    assert turn.attempts[0].cost_pico == 0
    routes = [event.route for event in events if isinstance(event, RouteChosen)]
    assert [route.chosen for route in routes] == [ModelRef("cheap", "a"), ModelRef("dear", "b")]
    assert "cheap/a" in routes[1].reason


async def test_after_the_first_token_a_break_keeps_the_text_and_moves_nowhere(home: Path) -> None:
    async with ScriptedServer(HALF) as broken, ScriptedServer(answer()) as good:
        cheap, dear = provider("cheap", broken.url, model("a", "0.1")), provider("dear", good.url, model("b", "2"))
        async with station(home, settings(cheap, dear)) as opened:
            turn = await ask(opened, "hi")

    assert (turn.state, turn.text) == (TurnState.INTERRUPTED, "half an ")
    assert turn.error is not None
    assert turn.error.type == "StreamBroken"
    assert good.requests == []


async def test_a_pinned_model_never_moves(home: Path) -> None:
    async with ScriptedServer(REFUSED) as broken, ScriptedServer(answer()) as good:
        cheap, dear = provider("cheap", broken.url, model("a", "0.1")), provider("dear", good.url, model("b", "2"))
        async with station(home, settings(cheap, dear)) as opened:
            turn = await ask(opened, "hi", model=ModelRef("cheap", "a"))

    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert (turn.error.type, turn.error.status, turn.error.provider) == ("Refused", 400, "cheap")
    assert good.requests == []


async def test_a_busy_server_is_asked_again_and_the_retries_are_counted(home: Path) -> None:
    async with (
        ScriptedServer(BUSY, BUSY, answer("at last")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "hi")

    assert (turn.state, turn.text) == (TurnState.DONE, "at last ")
    assert (len(turn.attempts), turn.attempts[0].retries) == (1, 2)
    assert len(turn.notices) == 2


async def test_retries_end_at_their_limit(home: Path) -> None:
    chosen = settings(provider("lab", ""), retries=RetrySettings(max=1))
    async with ScriptedServer(BUSY) as server:
        chosen = replace(chosen, providers={"lab": provider("lab", server.url)})
        async with station(home, chosen) as opened:
            turn = await ask(opened, "hi")

    assert turn.state is TurnState.FAILED
    assert len(server.requests) == 2


@pytest.mark.parametrize("body", ["", "   "])
async def test_an_answer_without_text_is_no_success(home: Path, body: str) -> None:
    async with ScriptedServer(answer(body)) as server, station(home, settings(provider("lab", server.url))) as opened:
        turn = await ask(opened, "hi")

    assert turn.state is not TurnState.DONE
    assert turn.error is not None
    assert turn.error.type == "BadResponse"


async def test_usage_that_the_server_does_not_report_is_estimated(home: Path) -> None:
    async with (
        ScriptedServer(answer("some words here", usage=None)) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "hi")

    assert turn.usage.estimated
    assert turn.usage.output_tokens > 0


async def test_an_unknown_price_is_not_zero(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, model("m", None)))) as opened,
    ):
        turn = await ask(opened, "hi")
        summary = opened.costs.summary(turn.session_id)

    assert turn.cost_pico is None
    assert (summary.session_pico, summary.unknown_session) == (0, 1)


async def test_a_retry_is_a_sibling_and_both_answers_stay(home: Path) -> None:
    async with (
        ScriptedServer(answer("one"), answer("two")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        first = await ask(opened, "hi")
        second = await ask(opened, "", first.session_id, kind=TurnKind.RETRY, of=first.id)

        assert (second.prompt, second.parent_id) == (first.prompt, first.parent_id)
        assert [turn.text for turn in opened.sessions.turns(first.session_id)] == ["one ", "two "]
        assert [turn.text for turn in opened.sessions.branch(first.session_id)] == ["two "]


async def test_continue_goes_on_after_the_cut_answer(home: Path) -> None:
    async with (
        ScriptedServer(HALF, answer("whole")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        first = await ask(opened, "hi")
        second = await ask(opened, "", first.session_id, kind=TurnKind.CONTINUE, of=first.id)

        assert (second.parent_id, second.kind) == (first.id, TurnKind.CONTINUE)
        messages = server.requests[-1].document["messages"]
        assert isinstance(messages, list)
        assert messages[1]["content"] == "half an "
        assert second.route is not None
        assert (second.model, second.route.reason) == (first.model, "goes on with its own answer")


async def test_two_sessions_stream_at_once(home: Path) -> None:
    gate = asyncio.Event()
    slow = Reply((gate, *answer("slow").steps))
    both: list[str] = []

    def choose(request: object) -> Reply:
        both.append("asked")
        if len(both) == 2:
            gate.set()
        return slow

    async with ScriptedServer(answer=choose) as server, station(home, settings(provider("lab", server.url))) as opened:
        one, two = await asyncio.gather(ask(opened, "a"), ask(opened, "b"))

    assert one.session_id != two.session_id
    assert (one.state, two.state) == (TurnState.DONE, TurnState.DONE)


async def test_one_session_answers_one_prompt_at_a_time(home: Path) -> None:
    stalled = Reply((*sse({"choices": [{"index": 0, "delta": {"content": "so far"}}]}), Act.STALL))
    async with ScriptedServer(stalled) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "long one")) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    with pytest.raises(UserError, match="still answering"):
                        await ask(opened, "second", session.id)
                    break


async def test_the_next_prompt_may_be_sent_as_soon_as_the_ending_is_told(home: Path) -> None:
    async with (
        ScriptedServer(answer(), answer()) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "first")) as events:
            async for event in events:
                if isinstance(event, TurnEnded):
                    assert (await ask(opened, "second", session.id)).state is TurnState.DONE


async def test_an_empty_prompt_makes_no_turn_and_no_session(home: Path) -> None:
    async with ScriptedServer(answer()) as server, station(home, settings(provider("lab", server.url))) as opened:
        with pytest.raises(UserError, match="empty"):
            await ask(opened, "  \n ")

        assert opened.sessions.list() == ()


async def test_without_any_key_the_error_names_a_variable_and_a_command(home: Path) -> None:
    async with station(home, Settings()) as opened:
        with pytest.raises(MissingKey) as caught:
            await ask(opened, "hi")

    assert "TOGETHER_API_KEY" in caught.value.hint
    assert "hawkmoth demo" in caught.value.hint


async def test_a_pinned_provider_without_its_key_names_the_variable(home: Path) -> None:
    spec = replace(provider("lab", "https://lab.invalid/v1"), api_key="env:LAB_KEY")
    async with station(home, settings(spec)) as opened:
        with pytest.raises(MissingKey, match="lab") as caught:
            await ask(opened, "hi", model=ModelRef("lab", "m"))

    assert "LAB_KEY" in caught.value.hint


async def test_an_unconfigured_provider_is_an_unknown_model(home: Path) -> None:
    async with ScriptedServer(answer()) as server, station(home, settings(provider("lab", server.url))) as opened:
        with pytest.raises(UnknownModel):
            await ask(opened, "hi", model=ModelRef("nowhere", "m"))


async def test_the_turn_budget_blocks_before_anything_is_sent(home: Path) -> None:
    chosen_budget = BudgetSettings(turn_usd=Decimal("0.000001"))
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url), budget=chosen_budget)) as opened,
    ):
        turn = await ask(opened, "hi")

    assert turn.state is TurnState.BLOCKED
    assert turn.error is not None
    assert turn.error.type == "NoRoute"
    assert server.requests == []


async def test_the_day_budget_counts_what_was_spent_before(home: Path) -> None:
    chosen_budget = BudgetSettings(day_usd=Decimal("0.02"))
    async with (
        ScriptedServer(answer("x", usage=(10, 1000))) as server,
        station(home, settings(provider("lab", server.url), budget=chosen_budget)) as opened,
    ):
        first = await ask(opened, "hi")
        second = await ask(opened, "again", first.session_id)

    assert (first.state, second.state) == (TurnState.DONE, TurnState.BLOCKED)
    assert len(server.requests) == 1


async def test_under_a_limit_a_model_of_unknown_price_is_refused_naming_the_field(home: Path) -> None:
    chosen_budget = BudgetSettings(day_usd=Decimal(1))
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, model("m", None)), budget=chosen_budget)) as opened,
    ):
        turn = await ask(opened, "hi", model=ModelRef("lab", "m"))

    assert turn.state is TurnState.BLOCKED
    assert turn.error is not None
    assert "input_usd_per_mtok" in turn.error.message + turn.error.hint


async def test_the_deadline_covers_all_attempts(home: Path) -> None:
    async with (
        ScriptedServer(Reply((Act.STALL,))) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "hi", timeout_s=0.3)

    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert turn.error.type == "Unreachable"


async def test_the_ledger_equals_the_turns(home: Path) -> None:
    async with ScriptedServer(REFUSED, answer("a b c")) as server:
        broken = provider("first", server.url, model("a", "0.1"))
        good = provider("second", server.url, model("b", "0.3"))
        async with station(home, settings(broken, good)) as opened:
            turn = await ask(opened, "hi")
            summary = opened.costs.summary(turn.session_id)

    assert summary.session_pico == turn.cost_pico
    assert summary.today_pico == turn.cost_pico


async def test_savings_are_signed_and_name_their_baseline(home: Path) -> None:
    async with ScriptedServer(answer("x", usage=(1000, 1000))) as server:
        lab = provider("lab", server.url, model("cheap", "0.1"), model("dear", "10", quality="0.61"))
        async with station(home, settings(lab)) as opened:
            turn = await ask(opened, "hi", model=ModelRef("lab", "cheap"))

    assert turn.baseline == "lab/dear"
    assert turn.saved_pico == (50_000 - 500) * 1_000_000


async def test_an_unwritable_store_costs_no_answer(home: Path) -> None:
    (home / "hawkmoth.db").mkdir()
    async with (
        ScriptedServer(answer("still here")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "hi")

        assert turn.text == "still here "
        assert opened.is_in_memory
        assert len(opened.warnings) == 1


async def test_the_next_start_finds_everything(home: Path) -> None:
    async with ScriptedServer(answer("kept")) as server:
        chosen = settings(provider("lab", server.url))
        async with station(home, chosen) as opened:
            turn = await ask(opened, "my question")
        async with station(home, chosen) as reopened:
            session = reopened.sessions.latest()

            assert session is not None
            assert session.title == "my question"
            assert reopened.sessions.branch(session.id) == (turn,)
            assert reopened.costs.summary(session.id).session_pico == turn.cost_pico


async def test_notices_are_said_once(home: Path) -> None:
    async with ScriptedServer(REFUSED, answer()) as server:
        small = provider("a", server.url, model("m", "0.1", context_tokens=900), model("n", "0.2", context_tokens=900))
        async with station(home, settings(small)) as opened:
            _, events = await watch(opened, "hi")

    notices = [event.message for event in events if isinstance(event, Notice)]
    assert len(notices) == len(set(notices))
