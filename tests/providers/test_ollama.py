"""Ollama's own wire: what is asked and how its lines are read."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import AuthFailed, ContextTooLong, Overloaded, ProviderError, Refused, StreamBroken
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.messages import Image, Message, Role, Thinking, ToolCall, ToolResult, user
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.ollama import Ollama, OllamaReader, chat_document
from hawkmoth_tui.settings.schema import Protocol
from tests.providers.hearing import Heard, hear, opened
from tests.servers.scripted import Reply, Request, ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.providers.door import HttpDoor

ASKED = ModelRequest("qwen3", (user("hi"),))


def test_the_server_is_told_the_room_and_never_cuts_a_prompt_or_the_past() -> None:
    request = replace(ASKED, system="Be brief.", max_output_tokens=100, temperature=Decimal("0.2"))

    assert chat_document(request, 8192) == {
        "model": "qwen3",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}],
        "stream": True,
        "truncate": False,
        "shift": False,
        "options": {"num_ctx": 8192, "num_predict": 100, "temperature": 0.2},
    }


def test_what_nobody_set_is_not_sent() -> None:
    assert set(chat_document(ASKED)) == {"model", "messages", "stream", "truncate", "shift"}


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def asked_room(wire: Ollama, input_tokens: int | None, window: int | None = 131_072, **more: object) -> object:
    request = replace(ASKED, input_tokens=input_tokens, context_tokens=window, **more)  # type: ignore[arg-type]  # checked by the class
    document = wire.ask(request).document
    assert document is not None
    options = document.get("options", {})
    assert isinstance(options, dict)
    return options.get("num_ctx")


@pytest.mark.parametrize(
    ("input_tokens", "window", "room"),
    [
        (20, 131_072, 8_192),
        (2_500, 131_072, 8_192),
        (4_000, 131_072, 16_384),
        (60_000, 131_072, 131_072),
        (60_000, 40_960, 40_960),
        (20, 2_048, 2_048),
        (20, None, 8_192),
        (40_000, None, 65_536),
        (None, 32_768, 32_768),
        (None, None, None),
    ],
)
def test_the_room_is_what_a_request_needs_in_steps_and_never_more_than_the_window(
    input_tokens: int | None, window: int | None, room: int | None
) -> None:
    assert asked_room(Ollama("http://h:1"), input_tokens, window) == room


def test_a_long_answer_and_thinking_get_their_room() -> None:
    thinks = frozenset({Capability.REASONING})

    assert asked_room(Ollama("http://h:1"), 100, max_output_tokens=20_000) == 32_768
    assert asked_room(Ollama("http://h:1"), 100, capabilities=thinks) == 16_384


def test_the_room_stays_while_the_model_is_loaded_and_shrinks_only_afterwards() -> None:
    watch = Watch()
    wire = Ollama("http://h:1", clock=watch)

    grown = [asked_room(wire, tokens) for tokens in (20, 8_000, 20, 10_000)]
    watch.now_s = 299.0
    kept = asked_room(wire, 20)
    watch.now_s = 299.0 + 301.0
    fresh = asked_room(wire, 20)

    assert (grown, kept, fresh) == ([8_192, 16_384, 16_384, 32_768], 32_768, 8_192)


def test_models_have_their_own_room() -> None:
    wire = Ollama("http://h:1")
    asked_room(wire, 50_000)

    assert asked_room(wire, 20, model_id="other") == 8_192


@pytest.mark.parametrize(("stay", "sent"), [("30m", "30m"), ("-1", -1), ("0", 0), ("1h30m", "1h30m")])
def test_how_long_a_model_stays_loaded_is_said_as_the_server_reads_it(stay: str, sent: object) -> None:
    document = Ollama("http://h:1", stay).ask(ASKED).document

    assert document is not None
    assert document["keep_alive"] == sent


def test_thinking_is_asked_for_in_the_models_own_way() -> None:
    effort = replace(ASKED, reasoning_effort="low", capabilities=frozenset({Capability.REASONING}))

    assert chat_document(effort)["think"] is True
    assert chat_document(replace(effort, reasoning_effort="minimal"))["think"] is False
    for level, sent in (("minimal", "low"), ("low", "low"), ("high", "high")):
        asked = replace(effort, model_id="gpt-oss:20b", reasoning_effort=level)
        assert chat_document(asked)["think"] == sent
    assert "think" not in chat_document(replace(effort, capabilities=frozenset()))


def test_pictures_and_tools_take_ollamas_form() -> None:
    call = ToolCall("call_1", "look", '{"a": 1}')
    messages = (
        user("see", Image("image/png", b"\x89PNG")),
        Message(Role.ASSISTANT, (Thinking("hm", origin="ollama"), call)),
        Message(Role.TOOL, (ToolResult("call_1", "sunny"),)),
    )

    assert chat_document(replace(ASKED, messages=messages))["messages"] == [
        {"role": "user", "content": "see", "images": ["iVBORw=="]},
        {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"function": {"name": "look", "arguments": {"a": 1}}}],
            "thinking": "hm",
        },
        {"role": "tool", "content": "sunny", "tool_name": "look"},
    ]


@pytest.mark.parametrize(
    "base_url", ["http://h:1", "http://h:1/", "http://h:1/v1", "http://h:1/api", "http://h:1/api/chat"]
)
def test_the_path_is_joined_to_whatever_the_user_wrote(base_url: str) -> None:
    wire = Ollama(base_url)

    assert wire.ask(ASKED).url == "http://h:1/api/chat"
    assert wire.list_call().url == "http://h:1/api/tags"


def read(*documents: dict[str, object]) -> Heard:
    reader = OllamaReader()
    heard = Heard()
    try:
        for document in documents:
            heard.chunks += reader.read(document)
        heard.chunks += reader.assembly.end()
    except ProviderError as error:
        heard.error = error
    return heard


def line(fields: dict[str, object], **more: object) -> dict[str, object]:
    return {"message": {"role": "assistant", **fields}, "done": False, **more}


DONE: dict[str, object] = {
    "message": {"content": ""},
    "done": True,
    "done_reason": "stop",
    "prompt_eval_count": 3,
    "eval_count": 2,
}


def test_a_chat_is_read() -> None:
    heard = read(line({"content": "", "thinking": "why"}), line({"content": "so"}), DONE)

    assert (heard.thinking, heard.text, heard.reason, heard.usage) == ("why", "so", "stop", Usage(3, 2))


def test_a_generation_is_read() -> None:
    heard = read({"response": "so", "done": False}, {"response": "", "done": True, "context": [1, 2]})

    assert (heard.text, heard.reason, heard.usage) == ("so", "stop", None)


def test_calls_come_as_objects_and_get_an_id() -> None:
    calls = [
        {"function": {"name": "f", "arguments": {"a": 1}}},
        {"id": "x", "function": {"name": "f", "arguments": {"a": 1}}},
    ]

    heard = read(line({"content": "", "tool_calls": calls}), DONE)

    assert [call.arguments for call in heard.calls] == ['{"a": 1}', '{"a": 1}']
    assert heard.calls[0].id.startswith("call_")
    assert heard.calls[1].id == "x"


@pytest.mark.parametrize(
    ("said", "canonical"), [("stop", "stop"), ("length", "length"), ("load", "load"), ("", "stop")]
)
def test_reasons_are_canonical_or_the_servers_own(said: str, canonical: str) -> None:
    assert read(line({"content": "so"}), {**DONE, "done_reason": said}).reason == canonical


def test_lines_without_the_last_one_are_a_broken_answer() -> None:
    heard = read(line({"content": "so"}))

    assert isinstance(heard.error, StreamBroken)
    assert heard.text == "so"


async def test_a_cloud_model_without_its_account_says_how_to_sign_in(door: HttpDoor) -> None:
    refusal = whole({"error": "unauthorized", "signin_url": "https://ollama.com/connect?name=x"}, 401)
    async with ScriptedServer(refusal) as server:
        heard = await hear(opened(door, server.url, Protocol.OLLAMA, key=None))

    assert isinstance(heard.error, AuthFailed)
    assert "ollama signin" in heard.error.hint


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (404, "model 'x' not found, try pulling it first", Refused),
        (400, "the input length exceeds the context length", ContextTooLong),
        (400, '"m" does not support thinking', Refused),
        (503, "server busy, please try again.  maximum pending requests exceeded", Overloaded),
        (500, "model requires more system memory (12.1 GiB) than is available (7.7 GiB)", Overloaded),
    ],
)
async def test_its_refusals_are_told_apart(status: int, words: str, kind: type[ProviderError], door: HttpDoor) -> None:
    async with ScriptedServer(whole({"error": words}, status)) as server:
        heard = await hear(opened(door, server.url, Protocol.OLLAMA, key=None))

    assert type(heard.error) is kind
    assert words[:20] in heard.error.message


async def test_an_error_in_the_middle_keeps_what_came_before(door: HttpDoor) -> None:
    lines = (b'{"message": {"content": "so "}, "done": false}\n', b'{"error": "llama runner process has terminated"}\n')
    async with ScriptedServer(Reply(lines)) as server:
        heard = await hear(opened(door, server.url, Protocol.OLLAMA, key=None))

    assert heard.text == "so "
    assert heard.error is not None
    assert "terminated" in heard.error.message


def refuses_below(room: int) -> Callable[[Request], Reply]:
    """A server whose tokeniser finds more in the prompt than was counted."""

    def answer(request: Request) -> Reply:
        options = request.document["options"]
        assert isinstance(options, dict)
        if options["num_ctx"] < room:
            return whole({"error": "the input length exceeds the context length"}, 400)
        return Reply((b'{"message": {"content": "so"}, "done": true, "done_reason": "stop"}\n',))

    return answer


def rooms(server: ScriptedServer) -> list[int]:
    return [request.document["options"]["num_ctx"] for request in server.requests]  # type: ignore[index]  # a test's own document


async def test_a_prompt_that_was_longer_than_it_seemed_gets_more_room_at_once(door: HttpDoor) -> None:
    asked = replace(ASKED, input_tokens=2_000, context_tokens=40_960)
    async with ScriptedServer(answer=refuses_below(30_000)) as server:
        provider = opened(door, server.url, Protocol.OLLAMA, key=None)
        first, second = await hear(provider, asked), await hear(provider, asked)

        assert (first.text, second.text) == ("so", "so")
        assert rooms(server) == [8_192, 16_384, 32_768, 32_768]


async def test_a_prompt_that_no_room_holds_is_refused_once_the_window_is_reached(door: HttpDoor) -> None:
    asked = replace(ASKED, input_tokens=2_000, context_tokens=20_000)
    async with ScriptedServer(answer=refuses_below(10**9)) as server:
        heard = await hear(opened(door, server.url, Protocol.OLLAMA, key=None), asked)

        assert rooms(server) == [8_192, 16_384, 20_000]
    assert isinstance(heard.error, ContextTooLong)


async def test_without_a_known_window_the_room_has_an_end_too(door: HttpDoor) -> None:
    asked = replace(ASKED, input_tokens=300_000)
    async with ScriptedServer(answer=refuses_below(10**9)) as server:
        heard = await hear(opened(door, server.url, Protocol.OLLAMA, key=None), asked)

        assert rooms(server) == [2**19, 2**20]
    assert isinstance(heard.error, ContextTooLong)
