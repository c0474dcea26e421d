"""A switch of provider in mid-session, between all protocols: never a refusal, and what is dropped is said."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.messages import Image, Thinking
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.settings.schema import GenerationSettings, Protocol
from tests.engine.stations import ask, model, provider, settings, station
from tests.engine.wires import complaint, refusal, rich_answer
from tests.servers.scripted import Reply, Request, ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

WIRES = (
    Protocol.OPENAI_CHAT,
    Protocol.OPENAI_RESPONSES,
    Protocol.ANTHROPIC_MESSAGES,
    Protocol.OLLAMA,
    Protocol.GEMINI,
    Protocol.COHERE,
)
PICTURE = Image("image/png", b"\x89PNG\r\n\x1a\n", "chart.png")


def strict(protocol: Protocol) -> ScriptedServer:
    """A server that refuses what its vendor would refuse."""

    def judge(request: Request) -> Reply:
        words = complaint(protocol, request)
        return refusal(words) if words else rich_answer(protocol)

    return ScriptedServer(answer=judge)


@pytest.mark.parametrize(("first", "second"), list(product(WIRES, WIRES)), ids=lambda wire: str(wire))
@pytest.mark.parametrize("sees", [True, False], ids=["vision", "text-only"])
async def test_every_switch_is_accepted(home: Path, first: Protocol, second: Protocol, sees: bool) -> None:
    seeing = replace(model("m"), capabilities=("vision", "reasoning", "tools"))
    target = seeing if sees else model("m")
    async with strict(first) as one, strict(second) as two:
        chosen = settings(
            provider("one", one.url, seeing, protocol=first),
            provider("two", two.url, target, protocol=second),
            generation=GenerationSettings(system="be brief"),
        )
        async with station(home, chosen) as opened:
            begun = await ask(opened, "look", model=ModelRef("one", "m"), attachments=(PICTURE,))
            switched = await ask(opened, "and now?", begun.session_id, model=ModelRef("two", "m"))
            back = await ask(opened, "back again", begun.session_id, model=ModelRef("one", "m"))

    for turn in (begun, switched, back):
        assert turn.state is TurnState.DONE, turn.error
        assert turn.text == "so"
        assert turn.reasoning == "hm"
        assert len(turn.tool_calls) == 1
    assert ("be brief" in str(two.requests[0].document)) is True
    assert any("image" in notice for notice in switched.notices) is not sees


async def test_the_store_keeps_reasoning_with_its_seal(home: Path) -> None:
    async with strict(Protocol.ANTHROPIC_MESSAGES) as server:
        chosen = settings(provider("one", server.url, protocol=Protocol.ANTHROPIC_MESSAGES))
        async with station(home, chosen) as opened:
            turn = await ask(opened, "think")

            (stored,) = opened.sessions.branch(turn.session_id)
    (thought,) = (part for part in stored.answer if isinstance(part, Thinking))
    assert thought == Thinking("hm", "seal", Protocol.ANTHROPIC_MESSAGES, took_ms=thought.took_ms)
