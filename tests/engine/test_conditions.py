"""One request finds out whether a server is well again, and a burst keeps to what the server lets through."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import Notice
from hawkmoth_tui.core.exchange import Allotment, Quota
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Attempt, Outcome, TurnError, TurnState
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.conditions import Conditions
from tests.engine.stations import answer, ask, model, provider, settings, station, watch
from tests.patience import PATIENCE_S
from tests.servers.scripted import Reply, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

REF = ModelRef("lab", "small")
OTHER = ModelRef("lab", "other")


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def ended(outcome: Outcome, error: str = "") -> Attempt:
    return Attempt("a", REF, 0, outcome, TurnError(error, "no") if error else None)


def test_after_a_pause_one_request_probes_and_the_others_keep_away() -> None:
    clock = Clock()
    conditions = Conditions(clock)
    conditions.observe(ended(Outcome.FAILED, "Unreachable"), None)
    clock.now_s += 60

    assert not conditions.of(REF).is_probed
    conditions.began("first", REF, 10)
    assert conditions.of(REF).is_probed
    assert conditions.of(OTHER).is_probed
    conditions.ended("first")
    assert not conditions.of(REF).is_probed


def test_a_probe_that_succeeds_closes_the_circuit_for_the_whole_provider() -> None:
    conditions = Conditions(Clock())
    conditions.observe(ended(Outcome.FAILED, "Unreachable"), None)
    conditions.began("first", REF, 10)

    conditions.ended("first")
    conditions.observe(ended(Outcome.OK), None)

    assert conditions.of(OTHER).failures == 0
    assert not conditions.of(REF).is_probed


def test_a_well_server_is_never_probed() -> None:
    conditions = Conditions(Clock())
    conditions.began("first", REF, 10)

    assert not conditions.of(REF).is_probed


def test_what_a_server_says_is_left_paces_the_next_requests() -> None:
    clock = Clock()
    conditions = Conditions(clock)
    conditions.told(REF, Quota(Allotment(1, 2, 4.0)))

    assert conditions.wait_s(REF, 10) == 0
    conditions.began("first", REF, 10)
    assert conditions.wait_s(REF, 10) == 4
    clock.now_s += 1
    assert conditions.quota(REF) == Quota(Allotment(0, 2, 3.0))
    clock.now_s += 4
    assert conditions.wait_s(REF, 10) == 0
    assert conditions.quota(REF) is None
    assert conditions.quota(OTHER) is None


async def test_a_turn_waits_for_the_next_period_and_says_so(home: Path) -> None:
    full = Reply(answer().steps, headers={"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"})
    still = replace(Clocks(), monotonic=Clock())
    async with (
        ScriptedServer(full, answer("again")) as server,
        station(home, settings(provider("lab", server.url, model("m"))), still) as opened,
        asyncio.timeout(PATIENCE_S),
    ):
        await ask(opened, "first")
        turn, events = await watch(opened, "second")

    assert turn.state is TurnState.DONE
    waits = [
        event.message for event in events if isinstance(event, Notice) and "so that it is not refused" in event.message
    ]
    assert len(waits) == 1
    assert "in 1.0 s" in waits[0]
    assert len(server.requests) == 2
