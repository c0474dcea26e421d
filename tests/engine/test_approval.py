"""A switch above the user's limit never happens by itself, and below it always may."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.route import Candidate, Route, Veto
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.approval import approved
from hawkmoth_tui.settings.schema import PolicyName, RoutingSettings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings

CHEAP, DEAR, OTHER = (ModelRef("lab", name) for name in ("cheap", "dear", "other"))
USD = 10**12


def candidate(ref: ModelRef, cost_pico: int | None, veto: str = "") -> Candidate:
    return Candidate(ref, 0.0, None, cost_pico, veto=Veto(veto, "") if veto else None)


def route(*candidates: Candidate, **facts: object) -> Route:
    fitting = [each.model for each in candidates if each.veto is None]
    made = Route(fitting[0], tuple(fitting[1:]), candidates, "balanced", "", "coding", 1.0, "best", 0.1)
    return replace(made, **facts)  # type: ignore[arg-type]  # the fields are checked by the class


TO_DEAR = route(candidate(DEAR, 4 * USD), candidate(OTHER, 5 * USD), candidate(CHEAP, USD))


def test_a_dearer_switch_waits_for_a_yes_and_says_its_price() -> None:
    decision = approved(TO_DEAR, CHEAP, Decimal("2.5"))

    assert (decision.route.chosen, decision.route.fallbacks) == (CHEAP, ())
    assert decision.notice.startswith("lab/dear would cost ~$3.00 more than lab/cheap, above approve_above_usd = $2.50")


@pytest.mark.parametrize("above", [None, Decimal(3), Decimal(4)])
def test_up_to_the_limit_nothing_is_asked(above: Decimal | None) -> None:
    decision = approved(TO_DEAR, CHEAP, above)

    assert (decision.route.chosen, decision.notice) == (DEAR, "")
    assert (OTHER in decision.route.fallbacks) is (above != Decimal(3))


@pytest.mark.parametrize(
    ("chosen", "incumbent"),
    [
        (TO_DEAR, None),
        (TO_DEAR, DEAR),
        (replace(TO_DEAR, is_pinned=True), CHEAP),
        (route(candidate(DEAR, None), candidate(CHEAP, USD)), CHEAP),
    ],
    ids=["a new session", "no switch", "the user's own choice", "a price that nobody knows"],
)
def test_what_is_no_dear_switch_is_let_pass(chosen: Route, incumbent: ModelRef | None) -> None:
    assert approved(chosen, incumbent, Decimal("1.5")).route.chosen == DEAR


def test_with_nobody_else_left_nothing_is_sent() -> None:
    decision = approved(route(candidate(DEAR, 4 * USD), candidate(CHEAP, USD, "health")), CHEAP, Decimal(1))

    assert decision.route.chosen is None
    assert decision.needs_yes
    assert "lab/dear would cost ~$3.00 more than lab/cheap" in decision.notice


def lab(url: str) -> Settings:
    spec = provider("lab", url, model("cheap", "0.1", quality="0.2"), model("dear", "900", quality="0.95"))
    return settings(spec, routing=RoutingSettings(policy=PolicyName.BEST, approve_above_usd=Decimal("0.05")))


async def test_a_session_stays_until_the_user_says_yes(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer()) as server, station(home, lab(server.url)) as opened:
        first = await ask(opened, "write a poem", model=CHEAP)
        stayed = await ask(opened, "prove that there are infinitely many primes", first.session_id)
        switched = await ask(opened, "prove it once more", first.session_id, approves_switch=True)

    assert (stayed.state, stayed.model, switched.model) == (TurnState.DONE, CHEAP, DEAR)
    assert any("approve_above_usd = $0.05" in notice for notice in stayed.notices)
    assert switched.notices == ()
