"""However a turn ends — well, stopped, cancelled, closed, broken — its attempt, its money and its text are whole in the store."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, closing
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.events import AttemptStarted, TextDelta, TurnStarted
from hawkmoth_tui.core.turn import Outcome, TurnKind, TurnState
from hawkmoth_tui.providers.http_provider import HttpProvider
from hawkmoth_tui.settings.schema import BudgetSettings
from hawkmoth_tui.store.store import Store
from tests.engine.stations import answer, ask, provider, settings, station
from tests.patience import PATIENCE_S
from tests.servers.scripted import Act, Reply, ScriptedServer, sse, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from pathlib import Path

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest
    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.store.rows import Limit, Refusal, Reservation
    from tests.clock import LoopClock

BUSY = whole({"error": {"message": "slow down", "type": "rate_limit"}}, 429)
LIMITED = BudgetSettings(day_usd=Decimal(5))


def delta(text: str) -> object:
    return {"choices": [{"index": 0, "delta": {"content": text}}]}


def stalled(text: str = "so far") -> Reply:
    return Reply((*sse(delta(text)), Act.STALL))


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    """What another process would read."""
    with closing(apsw.Connection(str(home / "hawkmoth.db"))) as connection:
        return list(connection.execute(query))


async def until(holds: Callable[[], object]) -> None:
    """Returns when it holds."""
    async with asyncio.timeout(PATIENCE_S):
        while not holds():  # noqa: ASYNC110  # another thread writes
            await asyncio.sleep(0.002)


async def stop_at_first_text(opened: Workstation, session_id: str) -> None:
    async with aclosing(opened.send(session_id, "long one")) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                return


async def test_an_answer_after_retries_carries_no_error(home: Path) -> None:
    async with (
        ScriptedServer(BUSY, answer("at last")) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        turn = await ask(opened, "hi")

    assert (turn.state, turn.error) == (TurnState.DONE, None)
    assert (turn.attempts[0].outcome, turn.attempts[0].error) == (Outcome.OK, None)


async def test_a_closed_turn_has_its_attempt_priced_as_the_ledger_has_it(home: Path) -> None:
    async with (
        ScriptedServer(stalled()) as server,
        station(home, settings(provider("lab", server.url), budget=LIMITED)) as opened,
    ):
        session = await opened.sessions.create()
        await stop_at_first_text(opened, session.id)
        (turn,) = opened.sessions.turns(session.id)

        assert turn.attempts[0].outcome is Outcome.CANCELLED
        assert turn.attempts[0].duration_ms is not None
        assert turn.cost_pico
        assert rows(home, "SELECT amount_pico FROM ledger") == [(turn.cost_pico,)]
        assert rows(home, "SELECT * FROM reservation") == []


async def test_closing_before_the_request_leaves_holds_no_money_and_costs_none(home: Path) -> None:
    async with (
        ScriptedServer(stalled()) as server,
        station(home, settings(provider("lab", server.url), budget=LIMITED)) as opened,
    ):
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "never mind")) as events:
            async for event in events:
                if isinstance(event, AttemptStarted):
                    break
        (turn,) = opened.sessions.turns(session.id)

        assert server.requests == []
        assert (turn.state, turn.attempts[0].outcome, turn.cost_pico) == (TurnState.CANCELLED, Outcome.CANCELLED, 0)
        assert rows(home, "SELECT * FROM reservation") == []


async def test_a_reservation_that_nobody_waited_for_is_let_go(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held, reserve = asyncio.Event(), Store.reserve

    async def slow(self: Store, reservation: Reservation, limits: Sequence[Limit]) -> Refusal | None:
        await reserve(self, reservation, limits)
        held.set()
        await asyncio.Event().wait()
        return None

    monkeypatch.setattr(Store, "reserve", slow)
    async with station(home, settings(provider("lab", "http://127.0.0.1:9"), budget=LIMITED)) as opened:
        session = await opened.sessions.create()
        task = asyncio.create_task(stop_at_first_text(opened, session.id))
        await held.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        (turn,) = opened.sessions.turns(session.id)

        assert (turn.state, turn.cost_pico) == (TurnState.CANCELLED, 0)
        assert rows(home, "SELECT * FROM reservation") == []


async def test_a_turn_cancelled_while_it_is_being_stored_does_not_stay_live(home: Path) -> None:
    async with (
        ScriptedServer(stalled()) as server,
        station(home, settings(provider("lab", server.url))) as opened,
    ):
        session = await opened.sessions.create(title="named")
        with closing(apsw.Connection(str(home / "hawkmoth.db"))) as other:
            other.execute("BEGIN IMMEDIATE")
            task = asyncio.create_task(stop_at_first_text(opened, session.id))
            await until(opened.running)
            task.cancel()
            await asyncio.sleep(0)
            other.execute("ROLLBACK")
            await asyncio.gather(task, return_exceptions=True)

        assert [turn.state for turn in opened.sessions.turns(session.id)] == [TurnState.CANCELLED]


async def test_text_that_was_kept_but_not_yet_shown_outlives_a_closed_turn(home: Path) -> None:
    shown = asyncio.Event()
    reply = Reply((*sse(delta("one ")), shown, *sse(delta("two ")), Act.STALL))
    async with ScriptedServer(reply) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "count")) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    shown.set()
                    await until(lambda: opened.sessions.turns(session.id)[0].text == "one two ")
                    break

        assert opened.sessions.turns(session.id)[0].text == "one two "


async def test_stop_shows_all_that_had_arrived(home: Path) -> None:
    shown = asyncio.Event()
    reply = Reply((*sse(delta("one ")), shown, *sse(delta("two ")), Act.STALL))
    async with ScriptedServer(reply) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        told = ""
        async with aclosing(opened.send(session.id, "count")) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    told += event.text
                    if not shown.is_set():
                        shown.set()
                        await until(lambda: opened.sessions.turns(session.id)[0].text == "one two ")
                        opened.stop(opened.running()[0].id)
        (turn,) = opened.sessions.turns(session.id)

    assert (turn.state, turn.text, told) == (TurnState.CANCELLED, "one two ", "one two ")


async def test_stopped_before_the_request_leaves_a_turn_costs_nothing(home: Path) -> None:
    async with ScriptedServer(stalled()) as server, station(home, settings(provider("lab", server.url))) as opened:
        session = await opened.sessions.create()
        async with aclosing(opened.send(session.id, "never mind")) as events:
            async for event in events:
                if isinstance(event, TurnStarted):
                    opened.stop(event.turn.id)
        (turn,) = opened.sessions.turns(session.id)

    assert server.requests == []
    assert (turn.state, turn.cost_pico) == (TurnState.CANCELLED, 0)


async def test_a_bug_in_an_adapter_ends_the_attempt_and_holds_no_money(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stream(self: HttpProvider, request: ModelRequest) -> AsyncGenerator[Chunk, None]:
        yield TextDelta("half")
        raise KeyError("oh")

    monkeypatch.setattr(HttpProvider, "stream", stream)
    async with station(home, settings(provider("lab", "http://127.0.0.1:9"), budget=LIMITED)) as opened:
        turn = await ask(opened, "hi")

        assert turn.error is not None
        assert (turn.state, turn.error.type, turn.text) == (TurnState.INTERRUPTED, "Bug", "half")
        assert turn.attempts[0].outcome is Outcome.INTERRUPTED
        assert rows(home, "SELECT amount_pico FROM ledger") == [(turn.cost_pico,)]
        assert rows(home, "SELECT * FROM reservation") == []


async def test_an_answer_cut_by_the_deadline_is_a_broken_stream(home: Path, clock: LoopClock) -> None:
    async with ScriptedServer(stalled()) as server, station(home, settings(provider("lab", server.url))) as opened:
        asking = asyncio.create_task(ask(opened, "hi", timeout_s=PATIENCE_S))
        await until(lambda: any(turn.text for turn in opened.running()))
        clock.jump(PATIENCE_S)
        turn = await asking

    assert turn.error is not None
    assert (turn.state, turn.error.type, turn.text) == (TurnState.INTERRUPTED, "StreamBroken", "so far")


@pytest.mark.parametrize(("first_byte_s", "timeout_s"), [(0.3, 5.0), (5.0, 0.3)])
async def test_a_request_that_was_taken_and_never_answered_is_billed_by_estimate(
    home: Path, first_byte_s: float, timeout_s: float
) -> None:
    async with ScriptedServer(Reply(before_head=(Act.STALL,))) as server:
        lab = provider("lab", server.url)
        slow = replace(lab, timeouts=replace(lab.timeouts, first_byte_s=first_byte_s))
        async with station(home, settings(slow)) as opened:
            turn = await ask(opened, "hi", timeout_s=timeout_s)

    assert turn.error is not None
    assert (turn.state, turn.error.type) == (TurnState.FAILED, "Unreachable")
    assert turn.attempts[0].usage is not None
    assert turn.attempts[0].usage.estimated
    assert turn.cost_pico


async def test_a_request_that_nobody_took_costs_nothing(home: Path) -> None:
    async with ScriptedServer() as server:
        url = server.url
    async with station(home, settings(provider("lab", url))) as opened:
        turn = await ask(opened, "hi")

    assert turn.error is not None
    assert (turn.error.type, turn.cost_pico) == ("Unreachable", 0)


async def test_a_continuation_asked_again_is_still_not_the_users_words(home: Path) -> None:
    async with ScriptedServer(answer("one")) as server, station(home, settings(provider("lab", server.url))) as opened:
        first = await ask(opened, "count")
        second = await ask(opened, "", first.session_id, kind=TurnKind.CONTINUE, of=first.id)
        third = await ask(opened, "", first.session_id, kind=TurnKind.RETRY, of=second.id)

    assert (third.kind, third.parent_id, third.prompt) == (TurnKind.CONTINUE, first.id, second.prompt)


async def test_an_answer_that_a_filter_stopped_before_its_first_word_says_so(home: Path) -> None:
    async with (
        ScriptedServer(answer("", finish="content_filter")) as server,
        station(home, settings(provider("lab", f"{server.url}/v1"))) as opened,
    ):
        turn = await ask(opened, "hello")

    assert turn.state is TurnState.FAILED
    assert turn.error is not None
    assert "the provider's filter stopped the answer" in turn.error.message
