"""The demo server: a real server, honest about being simulated, and failing on request."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio

from hawkmoth_tui.core.errors import (
    AuthFailed,
    BadResponse,
    ContextTooLong,
    Overloaded,
    ProviderError,
    RateLimited,
    Refused,
    StreamBroken,
)
from hawkmoth_tui.core.events import TextDelta
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.messages import assistant, user
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.demo import FAILURES, HELP, DemoServer
from hawkmoth_tui.providers.demo_wishes import Failure, wishes_in
from hawkmoth_tui.settings.schema import Protocol
from tests.patience import PATIENCE_S
from tests.providers.hearing import Heard, hear, opened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from hawkmoth_tui.providers.door import HttpDoor
    from hawkmoth_tui.providers.provider import Provider
    from tests.clock import LoopClock


@pytest_asyncio.fixture
async def server() -> AsyncIterator[DemoServer]:
    """A demo server without pauses."""
    demo = DemoServer(is_paced=False)
    await demo.start()
    yield demo
    await demo.aclose()


@pytest.fixture
def demo(server: DemoServer, door: HttpDoor) -> Provider:
    """The server as a provider."""
    return opened(door, server.base_url, Protocol.DEMO, key=None)


async def ask(demo: Provider, prompt: str, model_id: str = "swift", clock: LoopClock | None = None) -> Heard:
    return await hear(demo, ModelRequest(model_id, (user(prompt),)), clock=clock)


async def test_it_lists_three_priced_models_of_different_worth(demo: Provider, server: DemoServer) -> None:
    listed = await demo.list_models()

    assert [model.id for model in listed] == ["swift", "steady", "deep"]
    for model, described in zip(listed, server.models, strict=True):
        assert model.input_usd_per_mtok == described.input_usd_per_mtok
        assert model.output_usd_per_mtok == described.output_usd_per_mtok
        assert model.context_tokens == described.context_tokens
        assert model.capabilities == frozenset(map(Capability, described.capabilities))
    prices = [model.input_usd_per_mtok for model in listed]
    assert prices == sorted(prices, key=lambda price: price or Decimal(0))


async def test_every_answer_says_that_it_is_simulated_and_repeats_itself(demo: Provider) -> None:
    for model_id in ("swift", "steady", "deep"):
        first, second = await ask(demo, "Explain tides", model_id), await ask(demo, "Explain tides", model_id)

        assert first.text.startswith(f"*Simulated answer of demo/{model_id}")
        assert first.text == second.text
        assert first.reason == "stop"
    assert (await ask(demo, "Explain glaciers")).text != (await ask(demo, "Explain tides")).text


async def test_answers_take_the_form_that_is_asked_for(demo: Provider) -> None:
    assert "```rust\n" in (await ask(demo, "write a rust function")).text
    assert "|---|" in (await ask(demo, "compare tea and coffee in a table")).text
    assert "\n1. **" in (await ask(demo, "how do I plan a garden?")).text


async def test_only_the_deep_model_thinks_first(demo: Provider) -> None:
    deep, swift = await ask(demo, "Explain tides", "deep"), await ask(demo, "Explain tides")

    assert deep.thinking
    assert not swift.thinking
    assert deep.usage is not None
    assert 0 < deep.usage.reasoning_tokens < deep.usage.output_tokens


async def test_a_repeated_beginning_counts_as_cached(demo: Provider) -> None:
    long = (user("one " * 100), assistant("two"), user("three"))
    first = await hear(demo, ModelRequest("swift", long[:1]))
    second = await hear(demo, ModelRequest("swift", long))

    assert first.usage is not None
    assert second.usage is not None
    assert first.usage.cached_input_tokens == 0
    assert second.usage.cached_input_tokens == first.usage.input_tokens < second.usage.input_tokens


async def test_lengths_and_limits_are_kept_exactly(demo: Provider) -> None:
    heard = await ask(demo, "tell me tokens=500 rate=0")
    assert heard.usage is not None
    assert heard.usage.output_tokens == 500
    assert len([chunk for chunk in heard.chunks if isinstance(chunk, TextDelta)]) == 500

    cut = await hear(demo, ModelRequest("deep", (user("tokens=500"),), max_output_tokens=20))
    assert cut.usage is not None
    assert (cut.usage.output_tokens, cut.reason) == (20, "length")


async def test_a_rate_is_kept(demo: Provider) -> None:
    loop = asyncio.get_running_loop()
    start = loop.time()
    await ask(demo, "tokens=50 rate=200")

    assert loop.time() - start >= 0.2


EXPECTED: dict[Failure, tuple[type[ProviderError], int | None]] = {
    Failure.RATE_LIMITED: (RateLimited, 429),
    Failure.SERVER_ERROR: (Overloaded, 500),
    Failure.OVERLOADED: (Overloaded, 503),
    Failure.AUTH: (AuthFailed, 401),
    Failure.CUT: (StreamBroken, None),
    Failure.STALL: (StreamBroken, None),
    Failure.REFUSE: (Refused, 403),
    Failure.CONTEXT: (ContextTooLong, 400),
    Failure.PAGE: (BadResponse, None),
    Failure.ONCE: (Overloaded, 503),
}


@pytest.mark.parametrize("failure", EXPECTED)
async def test_it_fails_as_it_is_asked_to(failure: Failure, demo: Provider, clock: LoopClock) -> None:
    kind, status = EXPECTED[failure]

    heard = await ask(demo, f"please fail {failure.value} now", clock=clock if failure is Failure.STALL else None)

    assert type(heard.error) is kind
    assert heard.error.status == status
    assert bool(heard.text) is (failure in (Failure.CUT, Failure.STALL))


async def test_it_can_be_empty_and_can_fail_only_once(demo: Provider) -> None:
    empty = await ask(demo, "fail empty")
    assert (empty.text, empty.reason, empty.error) == ("", "stop", None)

    assert (await ask(demo, "fail once")).error is not None
    assert (await ask(demo, "fail once")).error is None


async def test_one_model_can_fail_while_the_others_answer(demo: Provider) -> None:
    assert (await ask(demo, "fail 500 on swift", "swift")).error is not None
    assert (await ask(demo, "fail 500 on demo/swift", "steady")).error is None


def test_ordinary_prompts_wish_for_nothing() -> None:
    for prompt in (
        "why did my build fail 3 times",
        "did it fail cutting the wire",
        "tokens = 5",
        "they failed 500 times",
    ):
        wishes = wishes_in(prompt, "swift")
        assert (wishes.failure, wishes.tokens, wishes.rate) == (None, None, None)


def test_every_failure_is_documented() -> None:
    assert set(FAILURES) == set(Failure)
    assert all(f"fail {failure.value}" in HELP for failure in Failure)


async def test_what_it_does_not_know_is_an_error(server: DemoServer, door: HttpDoor) -> None:
    unknown = await hear(opened(door, server.base_url, Protocol.DEMO), ModelRequest("gpt-9", (user("hi"),)))
    astray = await hear(opened(door, server.base_url, Protocol.OLLAMA))

    assert isinstance(unknown.error, Refused)
    assert isinstance(astray.error, Refused)


@pytest.mark.parametrize(
    "sent", [b"nonsense\r\n\r\n", b"POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n", b"GET", b""]
)
async def test_nonsense_hurts_only_its_own_connection(sent: bytes, server: DemoServer, demo: Provider) -> None:
    host, port = server.base_url.removeprefix("http://").removesuffix("/v1").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(sent)
    writer.write_eof()
    await reader.read()
    writer.close()
    await writer.wait_closed()

    assert (await ask(demo, "hi")).error is None


async def test_closing_ends_answers_under_way(door: HttpDoor) -> None:
    server = DemoServer()
    await server.start()
    await server.start()
    request = ModelRequest("swift", (user("fail stall rate=0 delay=0"),))
    stalled = opened(door, server.base_url, Protocol.DEMO).stream(request)
    async with asyncio.timeout(PATIENCE_S), aclosing(stalled):
        await anext(stalled)
        await server.aclose()
        await server.aclose()

        with pytest.raises(ProviderError):
            [chunk async for chunk in stalled]
