"""Models asked for in words, from the prompt to what holds afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.switching import Scope
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.settings.schema import RoutingSettings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings
    from tests.servers.scripted import Request

CHEAP, DEAR = model("minnow", "1", quality="0.8"), model("orca", "40", quality="0.9")


def served(server: ScriptedServer, **routing: object) -> Settings:
    chosen = replace(RoutingSettings(), **routing)  # type: ignore[arg-type]  # the fields are checked by the class
    return settings(provider("lab", server.url, CHEAP, DEAR), routing=chosen)


def sent(request: Request) -> tuple[object, list[object]]:
    """The model of a request, and what the user said in it."""
    messages = request.document["messages"]
    assert isinstance(messages, list)
    return request.document["model"], [message["content"] for message in messages if message["role"] == "user"]


async def test_the_question_is_answered_by_the_model_that_was_asked_for_and_the_session_keeps_its_own(
    home: Path,
) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        asked = await ask(opened, "ask orca: why is the sky blue?")
        after = await ask(opened, "and the sea?", asked.session_id)

        assert [sent(request) for request in server.requests] == [
            ("orca", ["why is the sky blue?"]),
            ("minnow", ["why is the sky blue?", "and the sea?"]),
        ]
        assert asked.prompt.text == "ask orca: why is the sky blue?"
        assert asked.route is not None
        assert asked.route.reason == "this turn: lab/orca, because you asked for it"
        assert opened.turn(asked.id).asked == asked.asked
        assert opened.sessions.get(asked.session_id).model is None
        assert after.state is TurnState.DONE


async def test_a_switch_with_nothing_to_answer_costs_nothing_and_is_never_sent(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        switched = await ask(opened, "switch to orca")
        after = await ask(opened, "hello", switched.session_id)

        assert switched.state is TurnState.DONE
        assert "This session: lab/orca" in switched.text
        assert switched.cost_pico == 0
        assert [sent(request) for request in server.requests] == [("orca", ["hello"])]
        assert str(after.model) == "lab/orca"
        await opened.switching.take_back(opened.sessions.get(after.session_id))
        back = await ask(opened, "hello again", after.session_id)
        assert str(back.model) == "lab/minnow"


@pytest.mark.parametrize(
    ("words", "first", "later"),
    [
        ("use orca for this", "orca", "minnow"),
        ("use orca until I'm idle", "orca", "orca"),
        ("switch to the best model", "orca", "orca"),
        ("always use orca", "orca", "orca"),
    ],
)
async def test_what_was_asked_for_holds_as_long_as_was_said(home: Path, words: str, first: str, later: str) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        switched = await ask(opened, words)
        one = await ask(opened, "hello there", switched.session_id)
        two = await ask(opened, "hello again", switched.session_id)

    assert (one.model, two.model) != (None, None)
    assert [one.model.id if one.model else "", two.model.id if two.model else ""] == [first, later]


async def test_until_idle_ends_when_nothing_was_asked_for_an_hour(home: Path) -> None:
    now = [1_800_000_000_000]
    clocks = replace(Clocks(), now_ms=lambda: now[0], random=lambda: 0.0)
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server), clocks) as opened:
        switched = await ask(opened, "use orca for now")
        warm = await ask(opened, "hello", switched.session_id)
        now[0] += 61 * 60 * 1000
        cold = await ask(opened, "hello again", switched.session_id)

    assert [str(turn.model) for turn in (warm, cold)] == ["lab/orca", "lab/minnow"]


async def test_always_holds_in_other_sessions_and_another_run(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server:
        async with station(home, served(server)) as opened:
            await ask(opened, "always use orca")
        async with station(home, served(server)) as opened:
            elsewhere = await ask(opened, "hello")
            released = await ask(opened, "let hawkmoth decide: how are you?", elsewhere.session_id)
            after = await ask(opened, "hello again", elsewhere.session_id)

    assert [str(turn.model) for turn in (elsewhere, released, after)] == ["lab/orca", "lab/minnow", "lab/minnow"]


async def test_a_switch_above_the_price_waits_for_a_yes_and_changes_nothing_before(home: Path) -> None:
    routing = {"approve_above_usd": Decimal("0.0001")}
    async with (
        ScriptedServer(answer=lambda _: answer(usage=(2000, 5))) as server,
        station(home, served(server, **routing)) as opened,
    ):
        first = await ask(opened, "hello " * 2000)
        held = await ask(opened, "switch to orca and explain a mutex", first.session_id)
        still = opened.sessions.get(first.session_id).model
        sent_yes = await ask(opened, "", first.session_id, kind=TurnKind.RETRY, of=held.id, approves_switch=True)

        assert held.state is TurnState.BLOCKED
        assert held.needs_approval
        assert held.error is not None
        assert "tokens uncached that lab/minnow holds" in held.error.message
        assert still is None
        assert (str(sent_yes.model), sent_yes.state) == ("lab/orca", TurnState.DONE)
        assert str(opened.sessions.get(first.session_id).model) == "lab/orca"


async def test_try_stronger_asks_the_last_prompt_of_a_better_model_and_says_when_there_is_none(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        weak = await ask(opened, "prove it")
        strong = await ask(opened, "try a stronger model", weak.session_id)

        assert (strong.kind, strong.prompt.text, str(strong.model)) == (TurnKind.RETRY, "prove it", "lab/orca")
        with pytest.raises(UserError, match="better than lab/orca"):
            await ask(opened, "try stronger", weak.session_id)


async def test_asking_again_keeps_the_model_for_that_turn_and_can_leave_the_words_unheard(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, served(server)) as opened:
        asked = await ask(opened, "ask orca: why?")
        again = await ask(opened, "", asked.session_id, kind=TurnKind.RETRY, of=asked.id)
        unheard = await ask(opened, "", asked.session_id, kind=TurnKind.RETRY, of=asked.id, ignores_words=True)

    assert [str(turn.model) for turn in (again, unheard)] == ["lab/orca", "lab/minnow"]
    assert again.asked is not None
    assert again.asked.scope is Scope.TURN
