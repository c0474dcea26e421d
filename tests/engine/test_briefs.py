"""Briefs: made of the session's own sentences, sent as what they are, never as the user's words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Text, user
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.engine.briefs import page
from tests.engine.stations import answer, ask, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path


def turn(prompt: str, said: str, state: TurnState = TurnState.DONE) -> Turn:
    return replace(Turn("t", "s", None, TurnKind.PROMPT, user(prompt), 0), state=state, answer=(Text(said),))


def test_a_brief_names_goal_decisions_and_what_is_open() -> None:
    turns = (
        turn("Plan a trap for moths. It must be light.", "**We will** use a sheet.\n```\nlet's not read code\n```"),
        turn("And the lamp?", "The bulb is not yet chosen.", TurnState.INTERRUPTED),
    )

    text = page(Session("s", "Moths \x1b[31m", 0, 0), turns)

    goal, decisions, pending = (
        text.split(f"## {name}\n\n")[1].split("\n\n")[0] for name in ("Goal", "Decisions", "Open points")
    )
    assert goal == "- Plan a trap for moths.\n- It must be light."
    assert decisions == "- We will use a sheet."
    assert pending == "- The bulb is not yet chosen.\n- Not answered (interrupted): And the lamp?"
    assert "no model has read them" in text
    assert "\x1b" not in text


async def test_models_get_a_brief_in_the_system_prompt_only_while_it_is_in_use(home: Path) -> None:
    async with (
        ScriptedServer(*[answer()] * 4) as server,
        station(home, settings(provider("lab", f"{server.url}/v1"))) as opened,
    ):
        first = await ask(opened, "Let's go with lamps.")
        await opened.briefs.make(first.session_id)
        await ask(opened, "not used", first.session_id)
        await opened.briefs.use(first.session_id, is_used=True)
        used = await ask(opened, "used", first.session_id)
        later = await opened.briefs.go_on(first.session_id)
        await ask(opened, "later", later.id)

        bodies = [json.loads(request.body) for request in server.requests]

    systems = [[m["content"] for m in body["messages"] if m["role"] == "system"] for body in bodies]
    assert [len(each) for each in systems] == [0, 0, 1, 1]
    assert "was not written by the user" in systems[2][0]
    assert "Let's go with lamps." in systems[3][0]
    assert [m["content"] for m in bodies[3]["messages"] if m["role"] == "user"] == ["later"]
    assert used.prompt.text == "used"


async def test_what_was_not_said_has_no_brief(home: Path) -> None:
    async with station(home, settings()) as opened:
        session = await opened.sessions.create()

        with pytest.raises(UserError, match="no prompt yet"):
            await opened.briefs.make(session.id)
        with pytest.raises(UserError, match="no brief yet"):
            await opened.briefs.use(session.id, is_used=True)
