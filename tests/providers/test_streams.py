"""Streams over real sockets, in every wire and however the bytes are cut."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import BadResponse, StreamBroken, Unreachable
from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, UsageReported
from tests.clock import LONG_S
from tests.patience import PATIENCE_S
from tests.providers.dialects import CHAT, DIALECTS, GEMINI, MESSAGES, OLLAMA, TEXT, THOUGHT, USAGE, Dialect
from tests.providers.hearing import REQUEST, hear, opened, quick
from tests.servers.scripted import Act, Framing, Reply, ScriptedServer, sse, whole

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hawkmoth_tui.core.exchange import Chunk
    from hawkmoth_tui.providers.door import HttpDoor
    from tests.clock import LoopClock
    from tests.providers.hearing import Heard
    from tests.servers.scripted import Step

each_dialect = pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.protocol.value)


def assert_whole(heard: Heard, dialect: Dialect) -> None:
    assert heard.error is None
    assert heard.text == TEXT
    assert heard.thinking == THOUGHT
    assert heard.usage == USAGE
    assert heard.reason == "stop"
    origins = {chunk.origin for chunk in heard.chunks if isinstance(chunk, ThinkingDelta)}
    assert origins == {dialect.protocol.value}


WAYS: dict[str, Callable[[Reply], Reply]] = {
    "piece by piece": lambda reply: reply,
    "in one piece": lambda reply: reply.split(10**6),
    "byte by byte": lambda reply: reply.split(1),
    "in threes": lambda reply: reply.split(3),
    "gzip": lambda reply: reply.compressed(),
    "gzip byte by byte": lambda reply: reply.compressed().split(1),
    "deflate": lambda reply: reply.compressed(as_deflate=True),
    "to the end of the connection": lambda reply: replace(reply, framing=Framing.CLOSE),
    "with its length": lambda reply: replace(reply, framing=Framing.LENGTH),
    "under a wrong content type": lambda reply: replace(reply, headers={"content-type": "text/html"}),
}


@each_dialect
@pytest.mark.parametrize("way", WAYS)
async def test_an_answer_is_the_same_however_its_bytes_arrive(dialect: Dialect, way: str, door: HttpDoor) -> None:
    async with ScriptedServer(WAYS[way](dialect.whole)) as server:
        heard = await hear(opened(door, server.url, dialect.protocol))

    assert_whole(heard, dialect)


@pytest.mark.parametrize("dialect", [CHAT, MESSAGES], ids=["chat", "messages"])
@pytest.mark.parametrize(
    "rewritten",
    [
        lambda body: body.replace(b"\n", b"\r\n"),
        lambda body: body.replace(b"\n", b"\r"),
        lambda body: b"\xef\xbb\xbf" + body,
        lambda body: body.replace(b"data: ", b"data:"),
        lambda body: body.replace(b"data: ", b": a comment\nid: 7\nretry: 5\nunknown: x\ndata: "),
        lambda body: body.rstrip(b"\n"),
    ],
    ids=["crlf", "cr", "bom", "no space", "comments and fields", "no last line end"],
)
async def test_every_legal_form_of_events_is_read(
    dialect: Dialect, rewritten: Callable[[bytes], bytes], door: HttpDoor
) -> None:
    body = rewritten(b"".join(step for step in dialect.whole.steps if isinstance(step, bytes)))

    async with ScriptedServer(Reply((body,)), Reply((body,)).split(1)) as server:
        provider = opened(door, server.url, dialect.protocol)

        assert_whole(await hear(provider), dialect)
        assert_whole(await hear(provider), dialect)


@each_dialect
async def test_the_first_delta_is_handed_on_before_the_next_one_is_sent(dialect: Dialect, door: HttpDoor) -> None:
    may_go_on = asyncio.Event()
    reply = Reply((*dialect.head, *dialect.body[:2], may_go_on, *dialect.body[2:], *dialect.tail))

    async with (
        ScriptedServer(reply) as server,
        aclosing(opened(door, server.url, dialect.protocol).stream(REQUEST)) as stream,
        asyncio.timeout(PATIENCE_S),
    ):
        first = await _next_text(stream)
        may_go_on.set()
        rest = "".join([chunk.text async for chunk in stream if isinstance(chunk, TextDelta)])

    assert first + rest == TEXT


async def _next_text(stream: AsyncGenerator[Chunk, None]) -> str:
    async for chunk in stream:
        if isinstance(chunk, TextDelta):
            return chunk.text
    raise AssertionError("the stream ended without text")


@each_dialect
@pytest.mark.parametrize("act", [Act.CUT, Act.RESET, None], ids=["cut", "reset", "clean end"])
async def test_an_answer_without_its_end_is_broken_and_its_text_kept(
    dialect: Dialect, act: Act | None, door: HttpDoor
) -> None:
    for framing in (Framing.CHUNKED, Framing.CLOSE):
        steps: tuple[Step, ...] = (*dialect.unfinished, *([act] if act else []))
        async with ScriptedServer(Reply(steps, framing=framing)) as server:
            heard = await hear(opened(door, server.url, dialect.protocol))

        assert isinstance(heard.error, StreamBroken)
        assert heard.error.provider == "lab"
        assert heard.reason is None
        assert TEXT.startswith(heard.text)
        if act is not Act.RESET:
            assert heard.text == TEXT


@each_dialect
async def test_a_finish_without_the_end_mark_is_a_whole_answer(dialect: Dialect, door: HttpDoor) -> None:
    tail = dialect.tail[:1]

    async with ScriptedServer(Reply((*dialect.unfinished, *tail))) as server:
        heard = await hear(opened(door, server.url, dialect.protocol))

    assert heard.error is None
    assert (heard.text, heard.reason) == (TEXT, "stop")


async def test_a_cut_after_the_finish_reason_costs_nothing(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((*CHAT.unfinished, CHAT.tail[0], Act.CUT))) as server:
        heard = await hear(opened(door, server.url))

    assert heard.error is None
    assert (heard.text, heard.reason) == (TEXT, "stop")


@pytest.mark.parametrize("dialect", [each for each in DIALECTS if each is not GEMINI], ids=lambda each: each.protocol)
async def test_reading_stops_at_the_end_mark(dialect: Dialect, door: HttpDoor) -> None:
    async with ScriptedServer(Reply((*dialect.whole.steps, Act.STALL))) as server, asyncio.timeout(PATIENCE_S):
        assert_whole(await hear(opened(door, server.url, dialect.protocol)), dialect)


@each_dialect
async def test_a_connection_serves_the_next_answer(
    dialect: Dialect, door: HttpDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hawkmoth_tui.providers.answer.DRAIN_S", PATIENCE_S)
    async with ScriptedServer(dialect.whole) as server:
        provider = opened(door, server.url, dialect.protocol)
        for _ in range(3):
            assert_whole(await hear(provider), dialect)

        assert server.connections == 1


@each_dialect
async def test_closing_the_stream_closes_the_connection(dialect: Dialect, door: HttpDoor) -> None:
    reply = Reply((*dialect.unfinished, Act.STALL))

    async with ScriptedServer(reply) as server, asyncio.timeout(PATIENCE_S):
        async with aclosing(opened(door, server.url, dialect.protocol).stream(REQUEST)) as stream:
            await _next_text(stream)
        await server.gone.wait()


async def test_cancelling_the_reader_closes_the_connection(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((*CHAT.unfinished, Act.STALL))) as server, asyncio.timeout(PATIENCE_S):
        seen = asyncio.Event()

        async def read() -> None:
            async for _ in opened(door, server.url).stream(REQUEST):
                seen.set()

        reading = asyncio.create_task(read())
        await seen.wait()
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        await server.gone.wait()


async def test_no_head_within_the_deadline_is_unreachable(door: HttpDoor) -> None:
    async with ScriptedServer(Reply(before_head=(Act.STALL,))) as server:
        heard = await hear(opened(door, server.url, timeouts=quick(first_byte_s=0.1)))

    assert isinstance(heard.error, Unreachable)
    assert "within 0.1 s" in heard.error.message
    assert not heard.error.is_retryable


async def test_a_head_that_dribbles_for_ever_is_no_answer(door: HttpDoor) -> None:
    letters = tuple(b"HTTP/1.1 200 OK\r\nx-slow: " + b"y" for _ in range(1))
    reply = Reply((Act.STALL,), head=letters[0])

    async with ScriptedServer(reply) as server:
        heard = await hear(opened(door, server.url, timeouts=quick(first_byte_s=0.1)))

    assert isinstance(heard.error, Unreachable)


async def test_a_head_without_a_body_is_no_answer(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((Act.STALL,))) as server:
        heard = await hear(opened(door, server.url, timeouts=quick(first_byte_s=0.1)))

    assert isinstance(heard.error, Unreachable)


@each_dialect
async def test_silence_ends_the_answer_and_keeps_its_text(dialect: Dialect, door: HttpDoor, clock: LoopClock) -> None:
    async with ScriptedServer(Reply((*dialect.unfinished, Act.STALL))) as server:
        heard = await hear(opened(door, server.url, dialect.protocol), clock=clock, late_after=TEXT)

    assert isinstance(heard.error, StreamBroken)
    assert "nothing came for 60 s" in heard.error.message
    assert heard.text == TEXT


@pytest.mark.parametrize(
    ("dialect", "noise"),
    [
        (CHAT, b": OPENROUTER PROCESSING\n\n"),
        (CHAT, sse({"choices": [{"index": 0, "delta": {"content": ""}}]})[0]),
        (MESSAGES, sse({"type": "ping"})[0]),
        (OLLAMA, b'{"message":{"role":"assistant","content":""},"done":false}\n'),
    ],
    ids=["comments", "empty deltas", "pings", "empty lines"],
)
async def test_noise_does_not_count_as_an_answer(
    dialect: Dialect, noise: bytes, door: HttpDoor, clock: LoopClock
) -> None:
    reply = Reply((*dialect.unfinished, *([noise] * 100_000)))

    async with ScriptedServer(reply) as server:
        heard = await hear(opened(door, server.url, dialect.protocol), clock=clock, late_after=TEXT)

    assert isinstance(heard.error, StreamBroken)
    assert "nothing came" in heard.error.message
    assert heard.text == TEXT


async def test_an_answer_that_never_ends_is_stopped_by_the_clock_over_all(door: HttpDoor, clock: LoopClock) -> None:
    reply = Reply(CHAT.body * 100_000)

    async with ScriptedServer(reply) as server:
        heard = await hear(
            opened(door, server.url, timeouts=quick(idle_s=LONG_S * 2, total_s=LONG_S)), clock=clock, late_after=TEXT
        )

    assert isinstance(heard.error, StreamBroken)
    assert "longer than 1000 s in all" in heard.error.message
    assert heard.text.startswith(TEXT)


async def test_a_slow_reader_does_not_run_into_the_idle_clock(door: HttpDoor, clock: LoopClock) -> None:
    async with ScriptedServer(CHAT.whole) as server:
        heard_text = ""
        async for chunk in opened(door, server.url).stream(REQUEST):
            if isinstance(chunk, TextDelta):
                heard_text += chunk.text
                clock.jump()

    assert heard_text == TEXT


async def test_usage_that_never_comes_after_the_finish_is_not_waited_for_long(
    door: HttpDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hawkmoth_tui.providers.http_provider.AFTER_FINISH_S", 0.1)

    async with (
        ScriptedServer(Reply((*CHAT.unfinished, CHAT.tail[0], Act.STALL))) as server,
        asyncio.timeout(PATIENCE_S),
    ):
        heard = await hear(opened(door, server.url))

    assert heard.error is None
    assert (heard.text, heard.reason, heard.usage) == (TEXT, "stop", None)


@each_dialect
async def test_a_web_page_is_named_as_one(dialect: Dialect, door: HttpDoor) -> None:
    page = b"\n <!DOCTYPE html><html><head><title>Log in\x1b[2J &amp; pay</title></head>" + b"x" * 200_000

    async with ScriptedServer(Reply((page,))) as server:
        heard = await hear(opened(door, server.url, dialect.protocol))

    assert isinstance(heard.error, BadResponse)
    assert heard.error.message == "a web page came instead of an answer (Log in␛[2J & pay)"
    assert "base_url" in heard.error.hint


@each_dialect
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   \n\n",
        b"\xff\xfed\x00a\x00",
        bytes(range(128, 256)) * 256,
        b"data: {{{{\n\ndata: ]]]\n\n",
        b"[1, 2",
        b"{nothing",
        b"null",
    ],
    ids=["empty", "blank", "utf-16", "binary", "garbage events", "half a list", "half an object", "null"],
)
async def test_a_body_that_is_no_answer_is_one_clear_error(dialect: Dialect, body: bytes, door: HttpDoor) -> None:
    async with ScriptedServer(Reply((body,))) as server:
        heard = await hear(opened(door, server.url, dialect.protocol))

    assert isinstance(heard.error, BadResponse | StreamBroken)
    assert heard.chunks == []
    assert heard.error.message.isprintable()


@pytest.mark.parametrize("status", [204, 205])
async def test_an_answer_without_content_is_said_to_be_empty(status: int, door: HttpDoor) -> None:
    async with ScriptedServer(Reply(status=status, framing=Framing.LENGTH)) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)
    assert "empty" in heard.error.message


async def test_events_that_are_no_objects_are_no_answer(door: HttpDoor) -> None:
    async with ScriptedServer(Reply(sse([], 42, "words", None, True))) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)


async def test_broken_json_among_good_events_breaks_the_answer(door: HttpDoor) -> None:
    reply = Reply((*CHAT.body[:2], b"data: {not json at all\n\n", *CHAT.body[2:], *CHAT.tail))

    async with ScriptedServer(reply) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)
    assert heard.text == "Good mörning, "


async def test_json_that_is_nested_too_deep_is_broken_json(door: HttpDoor) -> None:
    body = b'data: {"choices":' + b"[" * 100_000 + b"]" * 100_000 + b"}\n\n"

    async with ScriptedServer(Reply((body,))) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)


@each_dialect
async def test_a_line_without_an_end_is_stopped_at_a_megabyte(dialect: Dialect, door: HttpDoor) -> None:
    start = b'{"message": "' if dialect is OLLAMA else b"data: "

    async with ScriptedServer(Reply((start, *([b"x" * 65_536] * 40)))) as server:
        heard = await hear(opened(door, server.url, dialect.protocol))

    assert isinstance(heard.error, BadResponse)
    assert "1024 KB" in heard.error.message


async def test_a_small_body_that_unpacks_to_gigabytes_is_stopped_early(door: HttpDoor) -> None:
    bomb = Reply((b"data: ", *([b"x" * 2**20] * 64))).compressed()

    async with ScriptedServer(bomb) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)


async def test_damaged_compression_is_said(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((b"\x1f\x8b\x08damaged" * 20,), headers={"content-encoding": "gzip"})) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)
    assert "compressed" in heard.error.message


async def test_a_compression_that_was_not_offered_is_said(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((b"\x00\x01",), headers={"content-encoding": "br"})) as server:
        heard = await hear(opened(door, server.url))

        assert server.requests[0].headers["accept-encoding"] == "gzip"
    assert isinstance(heard.error, BadResponse)


async def test_text_beyond_eight_megabytes_is_stopped_and_kept(door: HttpDoor) -> None:
    event = sse({"choices": [{"index": 0, "delta": {"content": "w" * 2**19}}]})

    async with ScriptedServer(Reply(event * 20)) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, StreamBroken)
    assert "8 MB" in heard.error.message
    assert len(heard.text) == 8 * 2**20


async def test_a_body_beyond_the_cap_is_stopped(door: HttpDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawkmoth_tui.providers.answer.BODY_BYTES", 100_000)

    async with ScriptedServer(Reply((*CHAT.body, *([b": padding\n\n" * 1000] * 50)))) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, StreamBroken)
    assert "on the wire" in heard.error.message
    assert heard.text == TEXT


async def test_a_model_list_beyond_the_cap_is_stopped(door: HttpDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawkmoth_tui.providers.http_provider.DOCUMENT_BYTES", 100_000)

    async with ScriptedServer(whole({"data": [], "padding": "x" * 200_000})) as server:
        with pytest.raises(BadResponse, match="document of more than"):
            await opened(door, server.url).list_models()


async def test_a_web_page_in_place_of_a_model_list_is_said(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((b"\n<html><title>Log in</title></html>",))) as server:
        with pytest.raises(BadResponse, match="a web page came"):
            await opened(door, server.url).list_models()


async def test_more_calls_than_anybody_makes_are_a_servers_mistake(door: HttpDoor) -> None:
    calls = [
        {"index": index, "id": f"c{index}", "function": {"name": "look", "arguments": "{}"}} for index in range(200)
    ]
    pieces = sse(*({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]} for call in calls))

    async with ScriptedServer(Reply((*pieces, Act.STALL))) as server, asyncio.timeout(PATIENCE_S):
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, StreamBroken)
    assert "128 tool calls" in heard.error.message


async def test_a_document_beyond_its_cap_is_stopped(door: HttpDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hawkmoth_tui.providers.body.DOCUMENT_BYTES", 100_000)

    async with ScriptedServer(whole({"choices": [], "padding": "x" * 200_000})) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse)
    assert "document" in heard.error.message


async def test_tokens_known_before_a_cut_are_reported(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((*MESSAGES.unfinished, Act.CUT))) as server:
        heard = await hear(opened(door, server.url, MESSAGES.protocol))

    reports = [chunk.usage for chunk in heard.chunks if isinstance(chunk, UsageReported)]
    assert [(usage.input_tokens, usage.estimated) for usage in reports] == [(11, True)]
