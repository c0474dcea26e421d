"""A brief by a model, on the screen: asked for while one goes on, shown when it is there, made here when no model can."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.screens.sheet import Sheet
from hawkmoth_tui.ui.startup import Startup
from tests.servers.scripted import Reply, Request, ScriptedServer, sse

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

CONFIG = """
[providers.lab]
protocol = "openai-chat"
base_url = "{url}/v1"
api_key = "none"
[[providers.lab.models]]
id = "small"
input_usd_per_mtok = "1"
output_usd_per_mtok = "4"
[retries]
max = 0
"""


class Lab:
    """Answers prompts at once, and briefs when it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.is_broken = False

    def answer(self, request: Request) -> Reply:
        is_brief = "You write the brief" in json.loads(request.body)["messages"][0]["content"]
        if is_brief and self.is_broken:
            return Reply((), status=500)
        said = "## Goal\n\n- a lamp by the lab" if is_brief else "yes"
        delta = {"choices": [{"index": 0, "delta": {"content": said}, "finish_reason": "stop"}]}
        steps = sse(delta, end="[DONE]")
        return Reply((self.go, *steps) if is_brief else steps, headers={"content-type": "text/event-stream"})


async def test_one_goes_on_until_it_is_there_and_esc_ends_it(sit_down: SitDown) -> None:
    lab = Lab()
    async with (
        ScriptedServer(answer=lab.answer) as server,
        sit_down(startup=Startup(), config=CONFIG.format(url=server.url)) as sitting,
    ):
        await sitting.ask("a lamp for moths")
        await sitting.send("/brief model")
        await sitting.until(lambda: "lab/small is asked for a brief, for at most $0.00" in sitting.notices)
        await sitting.press("escape")
        await sitting.until(lambda: "no brief was made" in sitting.notices)

        await sitting.send("/brief model")
        await sitting.until(lambda: "is asked for a brief" in sitting.notices)
        await sitting.ask("and for bees?")
        lab.go.set()
        await sitting.until(lambda: isinstance(sitting.app.screen, Sheet))
        await sitting.until(lambda: "a lamp by the lab" in sitting.screen_text())
        assert "Made by lab/small from 1 turn" in sitting.screen_text()


async def test_when_no_model_can_it_is_made_here_and_said(sit_down: SitDown) -> None:
    lab = Lab()
    lab.is_broken = True
    async with (
        ScriptedServer(answer=lab.answer) as server,
        sit_down(startup=Startup(), config=CONFIG.format(url=server.url)) as sitting,
    ):
        await sitting.ask("a lamp for moths")
        await sitting.send("/brief model")
        await sitting.until(lambda: isinstance(sitting.app.screen, Sheet))
        await sitting.until(lambda: "no model has read them" in sitting.screen_text())
        await sitting.press("escape")
        await sitting.until(lambda: sitting.app.screen is sitting.app.conversation)
        assert "the brief was made here, without a model" in sitting.notices
