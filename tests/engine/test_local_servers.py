"""Model servers on this machine: found, used, gone and back again while the workstation runs."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.catalog import discovery
from hawkmoth_tui.catalog.discovery import LOCAL_SERVERS
from hawkmoth_tui.core.errors import MissingKey
from hawkmoth_tui.core.models import Capability, ModelRef
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.local_search import LocalNews
from hawkmoth_tui.engine.models import Models
from hawkmoth_tui.providers import inquiries
from hawkmoth_tui.secrets.chain import find_key
from hawkmoth_tui.settings.schema import Protocol, Settings
from tests.engine.stations import PATIENT, answer, ask, provider, settings, station
from tests.patience import PATIENCE_S
from tests.servers.scripted import Act, Reply, Request, ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from pathlib import Path

    from hawkmoth_tui.engine.workstation import Workstation
    from tests.clock import LoopClock

LINES = (
    b'{"message": {"role": "assistant", "content": "here"}, "done": false}\n',
    b'{"done": true, "done_reason": "stop", "prompt_eval_count": 9, "eval_count": 2}\n',
)


def ollama(request: Request) -> Reply:
    match request.target:
        case "/api/tags":
            return whole({"models": [{"name": "qwen3:8b"}, {"name": "gpt-oss:120b-cloud"}]})
        case "/api/show":
            return whole({"model_info": {"q.context_length": 40_960}, "capabilities": ["completion", "tools"]})
        case "/api/chat":
            return Reply(LINES, headers={"content-type": "application/x-ndjson"})
    return whole({"error": "not found"}, 404)


def llamacpp(request: Request) -> Reply:
    match request.target:
        case "/v1/models":
            return whole({"data": [{"id": "m.gguf", "owned_by": "llamacpp", "meta": {"n_ctx_train": 131_072}}]})
        case "/props":
            return whole({"default_generation_settings": {"n_ctx": 8_192}})
    return answer()


def vllm(request: Request) -> Reply:
    if request.target == "/v1/models":
        return whole({"data": [{"id": "org/model", "owned_by": "vllm", "max_model_len": 32_768}]})
    return answer()


def lmstudio(request: Request) -> Reply:
    match request.target:
        case "/v1/models":
            return whole({"data": [{"id": "gemma", "object": "model"}]})
        case "/api/v0/models":
            return whole({"data": [{"id": "gemma", "type": "vlm", "max_context_length": 16_384}]})
    return answer()


SHAPES: Mapping[str, Callable[[Request], Reply]] = {
    "ollama": ollama,
    "llamacpp": llamacpp,
    "vllm": vllm,
    "lmstudio": lmstudio,
}


@pytest.fixture(autouse=True)
def questions_may_take_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine finds what a fast one finds."""
    monkeypatch.setattr(discovery, "PROBE_TIMEOUTS", PATIENT)
    monkeypatch.setattr(inquiries, "DEADLINE_S", PATIENCE_S)


def closed_port() -> str:
    return "http://127.0.0.1:9"


@asynccontextmanager
async def looking(home: Path, urls: Mapping[str, str], chosen: Settings | None = None) -> AsyncIterator[Workstation]:
    """A workstation that looks for servers at these addresses instead of the usual ones; the others are closed."""
    async with station(home, chosen or Settings()) as opened:
        usual = tuple(
            replace(server, base_url=urls.get(server.name, closed_port()) + "/v1" * (server.name != "ollama"))
            for server in LOCAL_SERVERS
        )
        opened.models.search.servers = usual
        yield opened


def facts(opened: Workstation) -> dict[str, tuple[str, int | None, str | None, bool]]:
    """Lane, window, price and whether it stays here, of every model."""
    return {
        str(model.ref): (
            model.lane,
            model.context_tokens,
            str(model.prices.input_usd_per_mtok) if model.prices else None,
            model.is_local,
        )
        for model in opened.models.all()
    }


async def test_each_kind_of_server_is_found_described_free_and_private(home: Path) -> None:
    async with AsyncExitStack() as stack:
        running = {
            name: await stack.enter_async_context(ScriptedServer(answer=shape)) for name, shape in SHAPES.items()
        }
        opened = await stack.enter_async_context(looking(home, {name: each.url for name, each in running.items()}))

        news = await opened.models.refresh_local()
        known = facts(opened)
        answers = [
            await ask(opened, "hi", model=ModelRef.parse(name)) for name, told in known.items() if told[0] == "local"
        ]

    assert news == LocalNews(tuple(sorted(SHAPES)), tuple(sorted(SHAPES)), ())
    assert known == {
        "ollama/qwen3:8b": ("local", 40_960, "0", True),
        "ollama/gpt-oss:120b-cloud": ("standard", 40_960, None, False),
        "llamacpp/m.gguf": ("local", 8_192, "0", True),
        "vllm/org/model": ("local", 32_768, "0", True),
        "lmstudio/gemma": ("local", 16_384, "0", True),
    }
    assert [(turn.state, turn.cost_pico) for turn in answers] == [(TurnState.DONE, 0)] * 4


async def test_looking_everywhere_asks_a_server_that_answers_once_and_says_what_is_wrong_with_the_others(
    home: Path,
) -> None:
    asked: list[str] = []

    def counted(request: Request) -> Reply:
        asked.append(request.target)
        return ollama(request)

    broken = provider("lab", "http://127.0.0.1:9")
    async with (
        ScriptedServer(answer=counted) as server,
        looking(home, {"ollama": server.url}, settings(broken)) as opened,
    ):
        news, problems = await opened.models.refresh_all()
        again, _ = await opened.models.refresh_all()

    assert (news.answering, news.appeared, again.appeared) == (("ollama",), ("ollama",), ())
    assert asked.count("/api/tags") == 2
    assert problems.keys() == {"lab"}


async def test_what_lists_were_silent_about_is_learned(home: Path) -> None:
    async with ScriptedServer(answer=ollama) as server, looking(home, {"ollama": server.url}) as opened:
        await opened.models.refresh_local()
        found = opened.models.find(ModelRef("ollama", "qwen3:8b"))

    assert found is not None
    assert found.capabilities == {Capability.TOOLS}


async def test_a_server_that_goes_cannot_be_used_until_it_is_back(home: Path) -> None:
    pin = ModelRef("ollama", "qwen3:8b")
    is_up = True

    def flaky(request: Request) -> Reply:
        return ollama(request) if is_up else Reply(before_head=(Act.RESET,))

    async with ScriptedServer(answer=flaky) as server, looking(home, {"ollama": server.url}) as opened:
        await opened.models.refresh_local()
        is_up = False
        gone = await opened.models.refresh_local()
        listed_without = [str(model.ref) for model in opened.models.all()]
        blocked = await ask(opened, "hi", model=pin)
        with pytest.raises(MissingKey, match="no provider can be used"):
            await ask(opened, "hi")
        is_up = True
        again = await ask(opened, "hi", model=pin)
        listed_with = [str(model.ref) for model in opened.models.all()]

    assert (gone.answering, gone.vanished) == ((), ("ollama",))
    assert listed_without == []
    assert blocked.state is TurnState.BLOCKED
    assert blocked.error is not None
    assert "does not answer any more" in f"{blocked.error.message} {blocked.error.hint}"
    assert (again.state, again.text) == (TurnState.DONE, "here")
    assert "ollama/qwen3:8b" in listed_with


async def test_a_server_that_is_started_later_is_found_by_the_next_prompt(home: Path) -> None:
    async with looking(home, {}) as opened:
        with pytest.raises(MissingKey):
            await ask(opened, "hi")
        async with ScriptedServer(answer=ollama) as server:
            opened.models.search.servers = (replace(LOCAL_SERVERS[0], base_url=server.url),)
            turn = await ask(opened, "hi")

    assert (turn.text, turn.cost_pico) == ("here", 0)


async def test_a_configured_server_keeps_its_models_when_it_does_not_answer(home: Path) -> None:
    async with (
        ScriptedServer(whole({"data": [{"id": "tall"}]}), Reply(before_head=(Act.RESET,))) as server,
        looking(home, {}, settings(provider("lab", server.url))) as opened,
    ):
        first = await opened.models.refresh_local()
        second = await opened.models.refresh_local()
        names = [str(model.ref) for model in opened.models.all()]

    assert (first.answering, second.answering, second.vanished) == (("lab",), (), ())
    assert names == ["lab/m", "lab/tall"]


async def test_what_answers_on_a_usual_port_and_is_no_model_server_is_left_alone(home: Path) -> None:
    async with (
        ScriptedServer(Reply((b"<html><title>My shop</title>",))) as shop,
        ScriptedServer(whole({"data": []})) as empty,
        ScriptedServer(whole({"login": "here"}, 401)) as closed,
        looking(home, {"llamacpp": shop.url, "vllm": empty.url, "lmstudio": closed.url}) as opened,
    ):
        news = await opened.models.refresh_local()

        assert news == LocalNews((), (), ())
        assert opened.models.providers() == ()
        assert all(request.method == "GET" for server in (shop, empty, closed) for request in server.requests)


async def test_a_server_that_never_answers_costs_no_more_than_the_deadline(home: Path, clock: LoopClock) -> None:
    async with ScriptedServer(is_mute=True) as mute, looking(home, {"vllm": mute.url}) as opened:
        looking_for = asyncio.create_task(opened.models.refresh_local())
        async with asyncio.timeout(PATIENCE_S):
            while not mute.connections:  # noqa: ASYNC110  # the server counts
                await asyncio.sleep(0)
        clock.jump(PATIENCE_S)

        assert (await looking_for).answering == ()


async def test_two_looks_at_once_find_a_server_once(home: Path) -> None:
    async with ScriptedServer(answer=vllm) as server, looking(home, {"vllm": server.url}) as opened:
        news = await asyncio.gather(opened.models.refresh_local(), opened.models.refresh_local())

    assert [each.appeared for each in news] == [("vllm",), ()]


async def test_the_room_is_made_on_the_wire(home: Path) -> None:
    async with ScriptedServer(answer=ollama) as server, looking(home, {"ollama": server.url}) as opened:
        turn = await ask(opened, "hi")
        await ask(opened, "word " * 6_000, turn.session_id)
        await ask(opened, "thanks", turn.session_id)

    chats = [json.loads(request.body) for request in server.requests if request.target == "/api/chat"]
    assert [chat["options"]["num_ctx"] for chat in chats] == [8_192, 16_384, 16_384]
    assert all((chat["truncate"], chat["shift"]) == (False, False) for chat in chats)


async def test_a_described_ollama_at_its_usual_place_is_free_like_a_found_one() -> None:
    mine = provider("box", "http://localhost:11434", protocol=Protocol.OLLAMA)
    models = Models(settings(replace(mine, models=())), {}, find_key, lambda: 0.0)

    found = models.find(ModelRef("box", "qwen3:8b"))

    assert found is not None
    assert found.prices is not None
    assert (found.lane, found.prices.source) == ("local", "local")


async def test_a_private_turn_looks_for_a_model_here_even_where_others_have_their_key(home: Path) -> None:
    far = replace(provider("far", "https://models.invalid/v1"), models=(replace(provider("x", "").models[0], id="m"),))
    async with ScriptedServer(answer=ollama) as server, looking(home, {"ollama": server.url}, settings(far)) as opened:
        turn = await ask(opened, "between us", policy="private")

    assert (turn.state, str(turn.model)) == (TurnState.DONE, "ollama/qwen3:8b")
