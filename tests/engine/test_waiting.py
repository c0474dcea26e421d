"""Waits before a request: told while they last, ended by the user's word, and none of them longer than a server is worth."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.events import TurnEnded, Waiting
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnState, Wait
from hawkmoth_tui.engine.sparing import retries_left
from hawkmoth_tui.settings.schema import RoutingSettings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation

LIMITED = whole({"error": {"message": "slow down"}}, 429, {"retry-after": "25"})
SPENT = {"x-ratelimit-remaining-requests": "0", "x-ratelimit-limit-requests": "60", "x-ratelimit-reset-requests": "25s"}
FIRST, SECOND = ModelRef("first", "m"), ModelRef("second", "m")


async def waited(
    opened: Workstation, act: Callable[[Turn, Wait], None], session_id: str = ""
) -> tuple[Turn, list[Wait]]:
    """One turn to its end; `act` is called whenever it tells that it waits."""
    session = session_id or (await opened.sessions.create()).id
    waits: list[Wait] = []
    async with aclosing(opened.send(session, "hello")) as events:
        async for event in events:
            if isinstance(event, Waiting) and event.wait is not None:
                waits.append(event.wait)
                act(opened.running()[0], event.wait)
            if isinstance(event, TurnEnded):
                break
    return opened.sessions.turns(session)[-1], waits


def switching(opened: Workstation) -> Callable[[Turn, Wait], None]:
    """Takes the next candidate as soon as a turn waits."""

    def act(turn: Turn, wait: Wait) -> None:
        assert opened.switch(turn.id)

    return act


async def test_a_rate_limit_is_waited_for_until_the_user_takes_the_next_candidate(home: Path) -> None:
    async with ScriptedServer(LIMITED) as busy, ScriptedServer(answer("at once")) as free:
        cheap, dear = provider("first", busy.url), provider("second", free.url, model("m", "9"))
        async with station(home, settings(cheap, dear)) as opened:
            turn, (wait,) = await waited(opened, switching(opened))

    assert (wait.reason, wait.then, wait.is_kept) == ("rate limited", SECOND, False)
    assert (turn.state, turn.text, turn.wait) == (TurnState.DONE, "at once ", None)
    assert [(each.model, each.outcome, each.retries) for each in turn.attempts] == [
        (FIRST, Outcome.FAILED, 0),
        (SECOND, Outcome.OK, 0),
    ]
    assert turn.route is not None
    assert turn.route.reason == "first/m is rate limited, you switched"


async def test_who_waits_on_is_not_asked_again_and_may_still_stop(home: Path) -> None:
    async with ScriptedServer(LIMITED) as busy, ScriptedServer(answer()) as free:
        cheap, dear = provider("first", busy.url), provider("second", free.url, model("m", "9"))
        async with station(home, settings(cheap, dear)) as opened:

            def wait_on_then_stop(turn: Turn, wait: Wait) -> None:
                if wait.is_kept:
                    assert not opened.keep_waiting(turn.id)
                    opened.stop(turn.id)
                else:
                    assert opened.keep_waiting(turn.id)

            turn, waits = await waited(opened, wait_on_then_stop)

        assert [wait.is_kept for wait in waits] == [False, True]
        assert waits[0].until_s == waits[1].until_s
        assert turn.state is TurnState.CANCELLED
        assert (len(busy.requests), len(free.requests)) == (1, 0)


async def test_a_pinned_model_is_waited_for_and_nothing_else_is_offered(home: Path) -> None:
    async with ScriptedServer(LIMITED) as busy, ScriptedServer(answer()) as free:
        cheap, dear = provider("first", busy.url), provider("second", free.url)
        chosen = settings(cheap, dear, routing=RoutingSettings(default="first/m"))
        async with station(home, chosen) as opened:

            def stop(turn: Turn, wait: Wait) -> None:
                assert wait.then is None
                assert not opened.switch(turn.id)
                opened.stop(turn.id)

            turn, _ = await waited(opened, stop)

    assert turn.state is TurnState.CANCELLED


async def test_a_used_up_rate_limit_is_waited_for_too_and_costs_nothing_when_passed_over(home: Path) -> None:
    told = answer("slowly")
    async with (
        ScriptedServer(replace(told, headers={**told.headers, **SPENT})) as slow,
        ScriptedServer(answer("at once")) as free,
    ):
        cheap, dear = provider("first", slow.url), provider("second", free.url, model("m", "9"))
        async with station(home, settings(cheap, dear)) as opened:
            first = await ask(opened, "hello")
            turn, (wait,) = await waited(opened, switching(opened), first.session_id)

        assert len(slow.requests) == 1
    assert (wait.reason, wait.then) == ("rate limit used up", SECOND)
    passed_over = turn.attempts[0]
    assert (passed_over.model, passed_over.outcome, passed_over.cost_pico) == (FIRST, Outcome.SKIPPED, 0)
    assert turn.text == "at once "
    assert turn.route is not None
    assert turn.route.reason == "first/m is rate limited, you switched"


async def test_no_provider_is_asked_more_than_three_times_whatever_models_it_has(home: Path) -> None:
    async with ScriptedServer(whole({"error": {"message": "down"}}, 503)) as server:
        models = (model("a", "1"), model("b", "2"), model("c", "3"))
        async with station(home, settings(provider("lab", server.url, *models))) as opened:
            turn = await ask(opened, "hello")

        assert [(each.model.id, each.retries) for each in turn.attempts] == [("a", 1), ("b", 0)]
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("before", "following", "most", "left"),
    [
        ((), (), 2, 2),
        ((), (FIRST,), 2, 1),
        ((), (SECOND,), 2, 2),
        ((), (FIRST,), 0, 0),
        ((2,), (), 2, None),
        ((0, 0), (), 2, 0),
        ((0, 0), (), 0, 0),
        ((3,), (), 5, 1),
    ],
)
def test_retries_are_counted_over_all_models_of_a_provider(
    before: tuple[int, ...], following: tuple[ModelRef, ...], most: int, left: int | None
) -> None:
    attempts = [Attempt("a", FIRST, 0, Outcome.FAILED, retries=count) for count in before]

    assert retries_left(attempts, FIRST, following, most) == left
