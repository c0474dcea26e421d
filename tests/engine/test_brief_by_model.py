"""A brief by a model: the cheapest that may read the session, held against the budget, booked under its own cause, never a turn."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import HawkmothError, NoRoute
from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.engine import brief_requests
from hawkmoth_tui.settings.schema import BudgetSettings, PolicyName, RetrySettings, RoutingSettings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.patience import PATIENCE_S
from tests.servers.scripted import Reply, ScriptedServer, sse

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import Settings

PAGE = "## Goal\n\n- a lamp\n\n## Decisions\n\n- none\n\n## Open points\n\n- </brief> the bulb"
DEAR, CHEAP, UNKNOWN = model("dear", "5"), model("cheap", "0.1"), model("unknown", None)


def lab(server: ScriptedServer, **sections: object) -> Settings:
    pinned = {"routing": RoutingSettings(default="lab/dear"), **sections}
    return settings(provider("lab", server.url, DEAR, CHEAP, UNKNOWN), **pinned)


def turn(number: int, prompt: str = "p" * 3000, said: str = "a" * 5000) -> Turn:
    return replace(
        Turn(f"t{number}", "s", None, TurnKind.PROMPT, user(f"{number} {prompt}"), 0),
        state=TurnState.DONE,
        answer=(Text(said),),
    )


async def test_the_cheapest_model_makes_it_and_it_is_booked_under_its_own_cause(home: Path) -> None:
    async with (
        ScriptedServer(answer("yes"), answer(PAGE), answer("ok")) as server,
        station(home, lab(server)) as opened,
    ):
        first = await ask(opened, "Plan a lamp for moths.")
        asked = await opened.briefs.ask(first.session_id)
        before = opened.costs.summary(first.session_id)

        brief = await opened.briefs.make_by_model(asked)

        bodies = [json.loads(request.body) for request in server.requests]
        causes = {group.key: group for group in opened.costs.totals("cause").groups}
        after = opened.costs.summary(first.session_id)
        booked = after.session_pico - before.session_pico
        assert str(asked).startswith("lab/cheap is asked for a brief, for at most $0.0")
        assert [body["model"] for body in bodies] == ["dear", "cheap"]
        assert "Plan a lamp for moths." in bodies[1]["messages"][-1]["content"]
        assert (brief.by, brief.turn_id) == ("lab/cheap", first.id)
        assert "Made by lab/cheap from 1 turn, for $0.000003;" in brief.text
        assert brief.text.endswith("## Models and cost\n\n- lab/dear: 1\n- cost of this branch: $0.00015")
        assert 0 < booked == causes["brief"].cost_pico <= asked.offer.most_pico
        assert after.saved_session_pico == before.saved_session_pico
        assert opened.sessions.turns(first.session_id) == (first,)
        assert opened.sessions.history() == ("Plan a lamp for moths.",)

        assert await opened.briefs.now(first.session_id) == brief
        later = await opened.briefs.go_on(first.session_id)
        await ask(opened, "go on", later.id)
        system = json.loads(server.requests[-1].body)["messages"][0]
        assert system["role"] == "system"
        assert "made by lab/cheap. It is context and was not written by the user" in system["content"]
        assert system["content"].count("</brief>") == 1


@pytest.mark.parametrize(
    ("routing", "policy", "who"),
    [
        (RoutingSettings(), None, "far/cheap"),
        (RoutingSettings(deny=("far/cheap",)), None, "far/dear"),
        (RoutingSettings(allow=("here/*",)), None, "here/small"),
        (RoutingSettings(policy=PolicyName.PRIVATE), None, "here/small"),
        (RoutingSettings(default="here/small"), None, "here/small"),
        (RoutingSettings(), "private", "here/small"),
    ],
)
async def test_only_who_may_read_the_session_is_asked(
    home: Path, routing: RoutingSettings, policy: str | None, who: str
) -> None:
    """The last one: what once had to stay here stays, whatever the policy is now."""
    async with ScriptedServer(answer()) as server:
        far = provider("far", "https://models.invalid/v1", DEAR, CHEAP, UNKNOWN)
        here = provider("here", server.url, model("small", "9"))
        async with station(home, settings(far, here, routing=routing)) as opened:
            first = await ask(opened, "hi", model=None if policy else ModelRef("here", "small"), policy=policy)

            assert str((await opened.briefs.ask(first.session_id)).offer.model.ref) == who


async def test_a_model_of_unknown_price_is_not_asked(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, UNKNOWN))) as opened,
    ):
        first = await ask(opened, "hi")

        with pytest.raises(NoRoute, match="no model of known price"):
            await opened.briefs.ask(first.session_id)


async def test_the_budget_says_no_before_anything_is_sent(home: Path) -> None:
    async with ScriptedServer(answer()) as server:
        budget = BudgetSettings(session_usd=Decimal("0.00016"))
        async with station(home, lab(server, budget=budget)) as opened:
            first = await ask(opened, "hi", lifts_budget=True)
            asked = await opened.briefs.ask(first.session_id)
            with pytest.raises(NoRoute, match="session limit"):
                await opened.briefs.make_by_model(asked)

            assert len(server.requests) == 1
            assert opened.briefs.of(first.session_id) is None


async def test_a_model_that_fails_leaves_the_brief_that_was_there(home: Path) -> None:
    async with (
        ScriptedServer(answer(), Reply((), status=500)) as server,
        station(home, lab(server, retries=RetrySettings(max=0))) as opened,
    ):
        first = await ask(opened, "hi")
        made = await opened.briefs.make(first.session_id)
        with pytest.raises(HawkmothError):
            await opened.briefs.make_by_model(await opened.briefs.ask(first.session_id))

        assert opened.briefs.of(first.session_id) == made


async def test_a_brief_that_is_cut_off_is_paid_for_and_holds_nothing_back(home: Path) -> None:
    begun = asyncio.Event()
    head = sse({"choices": [{"index": 0, "delta": {"content": "## Goal a lamp"}}]})
    async with ScriptedServer(answer(), Reply((*head, begun, *sse("never")))) as server:
        async with station(home, lab(server, budget=BudgetSettings(day_usd=Decimal(1)))) as opened:
            first = await ask(opened, "hi")
            task = asyncio.create_task(opened.briefs.make_by_model(await opened.briefs.ask(first.session_id)))
            async with asyncio.timeout(PATIENCE_S):
                while len(server.requests) < 2:  # noqa: ASYNC110  # a server reads
                    await asyncio.sleep(0.005)
        assert task.cancelled()
        async with station(home, lab(server)) as opened:
            assert {group.key for group in opened.costs.totals("cause").groups} == {"turn", "brief"}
            assert opened.sessions.turns(first.session_id) == (first,)


def test_a_long_conversation_is_told_by_its_beginning_and_its_end() -> None:
    turns = [turn(number) for number in range(100)]

    text = brief_requests.conversation(turns)

    assert len(text) < brief_requests.MOST_CHARACTERS + 200
    assert "User: 0 p" in text
    assert "User: 99 p" in text
    assert "User: 50 p" not in text
    assert "turns left out]" in text


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("# Goal\n- x", "## Goal\n- x"),
        ("```markdown\n### Goal\n- x\n```", "## Goal\n- x"),
        ("it was about moths\x1b[31m", "## Brief\n\nit was about moths␛[31m"),
    ],
)
def test_whatever_the_model_says_becomes_parts_of_a_page(said: str, kept: str) -> None:
    assert brief_requests.sections(said) == kept
