"""Promises that a chat program breaks easily: a fallback is for one turn, sessions do not share choices, keys are never written down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.opening import open_workstation
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.settings.log import open_log
from tests.engine.stations import answer, ask, model, provider, settings, station
from tests.servers.scripted import Reply, Request, ScriptedServer, whole

if TYPE_CHECKING:
    from pathlib import Path

REFUSED = whole({"error": {"message": "unsupported", "type": "invalid_request_error"}}, 400)


async def test_a_fallback_stores_the_turn_once_and_changes_no_session(home: Path) -> None:
    async with ScriptedServer(REFUSED) as broken, ScriptedServer(answer("here")) as good:
        cheap, dear = provider("cheap", broken.url, model("a", "0.1")), provider("dear", good.url, model("b", "2"))
        async with station(home, settings(cheap, dear)) as opened:
            turn = await ask(opened, "hi")

            assert opened.sessions.turns(turn.session_id) == (turn,)
            assert opened.sessions.get(turn.session_id).model is None
            assert opened.sessions.history() == ("hi",)


async def test_a_model_for_one_turn_is_gone_with_the_next(home: Path) -> None:
    async with ScriptedServer(answer()) as server:
        lab = provider("lab", server.url, model("cheap", "0.1"), model("dear", "5"))
        async with station(home, settings(lab)) as opened:
            first = await ask(opened, "hi", model=ModelRef("lab", "dear"))
            second = await ask(opened, "hi again", first.session_id)

    assert first.model == ModelRef("lab", "dear")
    assert second.model == ModelRef("lab", "cheap")


async def test_what_one_session_chooses_no_other_session_sees(home: Path) -> None:
    async with ScriptedServer(answer()) as server:
        lab = provider("lab", server.url, model("cheap", "0.1"), model("dear", "5"))
        async with station(home, settings(lab)) as opened:
            one, other = await opened.sessions.create(), await opened.sessions.create()
            await opened.sessions.pin(one.id, ModelRef("lab", "dear"))
            await opened.sessions.set_policy(one.id, "best")

            pinned = await ask(opened, "hi", one.id)
            free = await ask(opened, "hi", other.id)

    assert pinned.model == ModelRef("lab", "dear")
    assert free.model == ModelRef("lab", "cheap")
    assert pinned.route is not None
    assert free.route is not None
    assert (pinned.route.policy, free.route.policy) == ("best", "balanced")


async def test_a_key_is_sent_and_written_nowhere(home: Path) -> None:
    key = "sk-test-0123456789abcdefABCDEF"
    sent: list[str] = []

    def echo(request: Request) -> Reply:
        sent.append(request.headers["authorization"])
        return whole({"error": {"message": f"Incorrect API key provided: {key}", "type": "auth"}}, 401)

    async with ScriptedServer(answer=echo) as server:
        (home / "config.toml").write_text(
            f'[providers.lab]\nprotocol = "openai-chat"\nbase_url = "{server.url}"\napi_key = "env:LAB_KEY"\n'
            '[[providers.lab.models]]\nid = "m"\n'
        )
        env = {"HAWKMOTH_HOME": str(home), "LAB_KEY": key}
        loaded = load(env)
        open_log(loaded.paths)
        opened = open_workstation(loaded.settings, loaded.paths, env)
        await opened.start(discover=False)
        turn = await ask(opened, "hi", model=ModelRef("lab", "m"))
        await opened.aclose()

    assert sent == [f"Bearer {key}"]
    assert turn.state is TurnState.FAILED
    assert key not in repr(turn)
    assert not files_with(home, key)


def files_with(folder: Path, text: str) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file() and text.encode() in file.read_bytes()]
