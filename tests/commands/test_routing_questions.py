"""/whynot and /whatif: a decision questioned afterwards, with nothing sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.commands.effects import ShowPage
from hawkmoth_tui.commands.registry import CommandContext, run
from hawkmoth_tui.core.errors import UnknownModel, UserError
from hawkmoth_tui.settings.schema import RoutingSettings
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation

APPLES = "Janet has 3 apples and buys twice as many. She gives 2 away. How many are left?"
MODELS = (
    model("gpt-4o-mini", "0.1", quality="0.58"),
    model("claude-3-5-sonnet", "3", quality="0.72"),
    model("tiny", "0.01", quality="0.3"),
)


async def page(opened: Workstation, turn_id: str | None, line: str) -> str:
    turn = opened.turn(turn_id) if turn_id else None
    effect = await run(CommandContext(opened, opened.sessions.get(turn.session_id) if turn else None, turn), line)
    assert isinstance(effect, ShowPage)
    return effect.text


async def test_whynot_tells_vote_by_vote_what_was_missing(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(
            home, settings(provider("lab", server.url, *MODELS), routing=RoutingSettings(deny=("lab/tiny",)))
        ) as opened,
    ):
        turn = await ask(opened, APPLES)
        asked = len(server.requests)
        dearer, chosen, denied = [
            await page(opened, turn.id, f"/whynot {name}") for name in ("claude-3-5-sonnet", "lab/gpt-4o-mini", "tiny")
        ]

    assert dearer.startswith("lab/gpt-4o-mini was chosen before it: cheapest, wins 95 % at math.")
    assert "price 0." in dearer
    assert "lab/claude-3-5-sonnet: wins 96 % here, n=" in dearer
    assert "/once lab/claude-3-5-sonnet takes it for one turn." in dearer
    assert chosen == "lab/gpt-4o-mini was chosen: cheapest, wins 95 % at math."
    assert denied == 'lab/tiny was vetoed by allow: denied by "lab/tiny" in [routing] deny.'
    assert len(server.requests) == asked


async def test_whatif_asks_every_policy_or_one_and_sends_nothing(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        turn = await ask(opened, APPLES)
        asked = len(server.requests)
        every, best = await page(opened, turn.id, "/whatif"), await page(opened, turn.id, "/whatif best")
        with pytest.raises(UserError, match="No policy is named 'wild'"):
            await page(opened, turn.id, "/whatif wild")

    assert [line for line in every.splitlines() if line.startswith("# ")] == [
        "# cheapest",
        "# best",
        "# fast",
        "# private",
    ]
    assert every.startswith("Now balanced · lab/gpt-4o-mini · ~$")
    assert "# best\nlab/claude-3-5-sonnet · ~$" in best
    assert "Nothing was sent" in best
    assert len(server.requests) == asked


async def test_what_was_not_routed_cannot_be_questioned(home: Path) -> None:
    async with (
        ScriptedServer(answer()) as server,
        station(home, settings(provider("lab", server.url, *MODELS))) as opened,
    ):
        with pytest.raises(UserError, match="nothing was routed here yet"):
            await page(opened, None, "/whynot tiny")
        turn = await ask(opened, APPLES)
        with pytest.raises(UserError, match="needs a model"):
            await page(opened, turn.id, "/whynot")
        with pytest.raises(UnknownModel):
            await page(opened, turn.id, "/whynot nobody/has-this")
