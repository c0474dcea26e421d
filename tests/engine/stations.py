"""Workstations over a real store file and scripted loopback servers."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import advance
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.opening import open_workstation
from hawkmoth_tui.engine.options import TurnOptions
from hawkmoth_tui.settings.paths import paths_from
from hawkmoth_tui.settings.schema import ModelSettings, Protocol, ProviderSettings, Settings, Timeouts
from tests.patience import PATIENCE_S
from tests.servers.scripted import Reply, sse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.workstation import Workstation

PATIENT = Timeouts(PATIENCE_S, PATIENCE_S, PATIENCE_S, 2 * PATIENCE_S)


def model(name: str, price: str | None = "1", *, quality: str = "0.6", **more: object) -> ModelSettings:
    """A described model; `price` is for input, output costs four times that. None: unknown."""
    prices = {} if price is None else {"input_usd_per_mtok": Decimal(price), "output_usd_per_mtok": Decimal(price) * 4}
    described = ModelSettings(name, context_tokens=32_000, quality=Decimal(quality))
    return replace(described, **prices, **more)  # type: ignore[arg-type]  # the fields are checked by the class


def provider(
    name: str, base_url: str, *models: ModelSettings, protocol: Protocol = Protocol.OPENAI_CHAT
) -> ProviderSettings:
    return ProviderSettings(name, protocol, base_url, api_key="none", timeouts=PATIENT, models=models or (model("m"),))


def settings(*providers: ProviderSettings, **sections: object) -> Settings:
    chosen = Settings(providers={spec.name: spec for spec in providers}, timeouts=PATIENT)
    return replace(chosen, **sections)  # type: ignore[arg-type]  # the fields are checked by the class


@asynccontextmanager
async def station(home: Path, chosen: Settings, clocks: Clocks | None = None) -> AsyncIterator[Workstation]:
    """A started workstation whose retries wait no time worth mentioning."""
    clocks = clocks or replace(Clocks(), random=lambda: 0.0)
    opened = open_workstation(chosen, paths_from({"HAWKMOTH_HOME": str(home)}), {}, clocks=clocks)
    try:
        await opened.start(discover=False)
        yield opened
    finally:
        await opened.aclose()


def answer(text: str = "hello", *, finish: str = "stop", usage: tuple[int, int] | None = (10, 5)) -> Reply:
    """A streamed openai-chat answer, one event a word."""
    words = [f"{word} " for word in text.split(" ")] if text else []
    events: list[object] = [{"choices": [{"index": 0, "delta": {"content": word}}]} for word in words]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    if usage:
        events.append({"choices": [], "usage": {"prompt_tokens": usage[0], "completion_tokens": usage[1]}})
    return Reply(sse(*events, end="[DONE]"), headers={"content-type": "text/event-stream"})


async def ask(opened: Workstation, text: str, session_id: str | None = None, **options: object) -> Turn:
    """One turn to its end."""
    turn, _ = await watch(opened, text, session_id, **options)
    return turn


async def watch(
    opened: Workstation, text: str, session_id: str | None = None, **options: object
) -> tuple[Turn, list[TurnEvent]]:
    """One turn to its end, folded by hand, and its events."""
    chosen = TurnOptions(**options)  # type: ignore[arg-type]  # the fields are checked by the class
    session = await opened.prepare(text, session_id, chosen)
    turn: Turn | None = None
    events: list[TurnEvent] = []
    async with aclosing(opened.send(session.id, text, chosen)) as stream:
        async for event in stream:
            events.append(event)
            turn = getattr(event, "turn", None) or turn
            assert turn is not None
            turn = advance(turn, event)
    assert turn is not None
    return turn, events
