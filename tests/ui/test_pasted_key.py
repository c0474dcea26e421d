"""A key that is pasted into the workstation: tried at once, used until the end, and nowhere to be found afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui.screens.key_entry import KeyScreen
from hawkmoth_tui.ui.startup import Startup
from tests.servers.scripted import Reply, Request, ScriptedServer, sse, whole

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]

KEY = "sekret-word-123456"
CONFIG = """
[providers.lab]
protocol = "openai-chat"
base_url = "{url}/v1"
api_key = "env:LAB_API_KEY"
"""


def answer(request: Request) -> Reply:
    """A server with one model for those who know the key."""
    if request.headers.get("authorization") != f"Bearer {KEY}":
        return whole({"error": {"message": f"no such key: {request.headers.get('authorization')}"}}, status=401)
    if request.target.endswith("/models"):
        return whole({"data": [{"id": "moth-small", "object": "model"}]})
    delta = {"choices": [{"index": 0, "delta": {"content": "from the lab"}, "finish_reason": "stop"}]}
    left = {"x-ratelimit-remaining-requests": "5", "x-ratelimit-limit-requests": "60"}
    return Reply(sse(delta, end="[DONE]"), headers={"content-type": "text/event-stream", **left})


def files_with(words: str, folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and words.encode() in path.read_bytes()]


async def give(sitting: Sitting, key: str) -> None:
    await sitting.send("/keys set lab")
    await sitting.until(lambda: isinstance(sitting.app.screen, KeyScreen))
    await sitting.press(*key)
    assert key not in sitting.screen_text()
    await sitting.press("enter")


async def test_its_models_can_be_picked_and_asked_at_once(sit_down: SitDown, home: Path) -> None:
    async with (
        ScriptedServer(answer=answer) as server,
        sit_down(startup=Startup(), config=CONFIG.format(url=server.url)) as sitting,
    ):
        await give(sitting, KEY)
        await sitting.until(lambda: "lab has 1 model" in sitting.notices)
        assert "lab" in (sitting.app.conversation.welcome.providers or ())
        await sitting.send("/model moth-small")
        await sitting.until(lambda: "pinned to lab/moth-small" in sitting.notices)
        turn = await sitting.ask("hello")
        await sitting.send("/keys")
        await sitting.until(lambda: "lab: typed in, for this run" in sitting.notices)

        assert turn.text == "from the lab"
        assert "left      5/60 requests" in sitting.routing()
        assert KEY not in sitting.screen_text()

    assert not files_with(KEY, home)


async def test_a_wrong_key_is_told_and_not_used(sit_down: SitDown, home: Path) -> None:
    wrong = "wrong-" + KEY
    async with (
        ScriptedServer(answer=answer) as server,
        sit_down(startup=Startup(), config=CONFIG.format(url=server.url)) as sitting,
    ):
        await give(sitting, wrong)
        await sitting.until(lambda: "this key is not used; /keys set lab asks again" in sitting.notices)

        statuses = {status.name: status for status in sitting.desk.workstation.models.providers()}
        assert not statuses["lab"].is_usable
        assert wrong not in sitting.notices

    assert not files_with(wrong, home)


async def test_a_provider_that_cannot_be_asked_has_the_key_all_the_same(sit_down: SitDown) -> None:
    async with ScriptedServer() as server:
        gone = server.url
    async with sit_down(startup=Startup(), config=CONFIG.format(url=gone)) as sitting:
        await give(sitting, KEY)
        await sitting.until(lambda: "lab could not be asked which models it has" in sitting.notices)

        statuses = {status.name: status for status in sitting.desk.workstation.models.providers()}
        assert statuses["lab"].is_usable


@pytest.mark.parametrize(
    "typed", ["sk-ant-api03-abcdefghijklmnopqrstuvwxyz", "  sk-ant-api03-abcdefghijklmnopqrstuvwxyz"]
)
async def test_a_key_in_the_composer_is_neither_sent_nor_kept(sit_down: SitDown, home: Path, typed: str) -> None:
    async with sit_down() as sitting:
        sitting.app.conversation.composer.put(typed)
        await sitting.until(lambda: sitting.app._draft_timer is not None)
        await sitting.until(lambda: sitting.app._draft_timer is None)
        await sitting.press("enter")
        await sitting.until(lambda: "that is a key and no prompt" in sitting.notices)

        assert not sitting.turns
        assert sitting.written == ""
        assert not any("sk-ant" in prompt for prompt in sitting.app.conversation.composer.prompts)

    assert not files_with("sk-ant-api03", home)
