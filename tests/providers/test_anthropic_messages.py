"""The anthropic-messages wire: cache marks, thinking, tools, and how its answers are read."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from hawkmoth_tui.core.errors import ProviderError
from hawkmoth_tui.core.events import ThinkingDelta
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult, assistant, user
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.anthropic_messages import AnthropicMessages, MessagesReader, messages_document
from tests.providers.hearing import Heard, gathered

ORIGIN = "anthropic-messages"
MARK = {"cache_control": {"type": "ephemeral"}}
ASKED = ModelRequest("claude-sonnet-4-5", (user("hi"),))
REASONER = frozenset({Capability.REASONING})


def messages_of(*messages: Message) -> list[dict[str, object]]:
    found = messages_document(replace(ASKED, messages=messages))["messages"]
    assert isinstance(found, list)
    return found


def blocks(message: dict[str, object]) -> list[dict[str, object]]:
    content = message["content"]
    assert isinstance(content, list)
    return content


def test_a_plain_request_has_the_limit_that_the_protocol_demands() -> None:
    assert messages_document(ASKED) == {
        "model": "claude-sonnet-4-5",
        "max_tokens": 4096,
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
        "stream": True,
    }


def test_cache_marks_are_on_the_system_prompt_and_the_last_stable_message() -> None:
    request = replace(ASKED, system="Be brief.", messages=(user("one"), assistant("two"), user("three")))

    document = messages_document(request)

    assert document["system"] == [{"type": "text", "text": "Be brief.", **MARK}]
    assert document["messages"] == [
        {"role": "user", "content": [{"type": "text", "text": "one"}]},
        {"role": "assistant", "content": [{"type": "text", "text": "two", **MARK}]},
        {"role": "user", "content": [{"type": "text", "text": "three"}]},
    ]


def test_a_conversation_never_carries_more_marks_than_are_allowed() -> None:
    for length in range(1, 12):
        messages = tuple(user(f"{at}") if at % 2 == 0 else assistant(f"{at}") for at in range(length))
        sent = json.dumps(messages_document(replace(ASKED, system="s", messages=messages)))

        assert sent.count("cache_control") == min(2, length)


def test_thinking_goes_back_with_its_signature_and_is_never_marked() -> None:
    answer = Message(Role.ASSISTANT, (Text("so"), Thinking("why", "seal==", ORIGIN)))

    assert messages_of(user("q"), answer, user("more"))[1]["content"] == [
        {"type": "text", "text": "so", **MARK},
        {"type": "thinking", "thinking": "why", "signature": "seal=="},
    ]


def test_thinking_of_others_and_without_a_seal_stays_here() -> None:
    answer = Message(Role.ASSISTANT, (Thinking("a", "s", "ollama"), Thinking("b", "", ORIGIN), Text("so")))

    assert messages_of(user("q"), answer, user("more"))[1]["content"] == [{"type": "text", "text": "so", **MARK}]


def test_sealed_thinking_makes_the_round_trip() -> None:
    reader = MessagesReader()
    chunks = reader.read(
        {"type": "content_block_start", "index": 0, "content_block": {"type": "redacted_thinking", "data": "xyz"}}
    )
    sealed = chunks[0]
    assert isinstance(sealed, ThinkingDelta)
    answer = Message(Role.ASSISTANT, (Thinking(sealed.text, sealed.signature, sealed.origin), Text("so")))

    assert blocks(messages_of(user("q"), answer)[1])[0] == {"type": "redacted_thinking", "data": "xyz"}


@pytest.mark.parametrize(
    ("model_id", "effort", "limit", "fields"),
    [
        ("claude-sonnet-4-5-20250929", "low", 8192, {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        ("claude-opus-4-1", "high", 64_000, {"thinking": {"type": "enabled", "budget_tokens": 24_576}}),
        ("claude-3-7-sonnet-latest", "medium", None, {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        ("claude-opus-4-6", "high", None, {"thinking": {"type": "adaptive"}, "output_config": {"effort": "high"}}),
        ("claude-opus-5", "low", None, {"thinking": {"type": "adaptive"}, "output_config": {"effort": "low"}}),
        ("kimi-k2", "low", None, {"thinking": {"type": "enabled", "budget_tokens": 2048}}),
        ("claude-sonnet-4-5", "high", 1500, {}),
        ("claude-sonnet-4-5", None, None, {}),
    ],
)
def test_thinking_is_asked_for_only_with_an_effort(
    model_id: str, effort: str | None, limit: int | None, fields: dict[str, object]
) -> None:
    request = replace(ASKED, model_id=model_id, reasoning_effort=effort, max_output_tokens=limit, capabilities=REASONER)

    document = messages_document(request)

    assert {name: document[name] for name in ("thinking", "output_config") if name in document} == fields


def test_thinking_is_not_asked_of_a_model_that_is_not_known_to_reason() -> None:
    assert "thinking" not in messages_document(replace(ASKED, reasoning_effort="high"))


def test_a_temperature_is_sent_unless_the_model_thinks() -> None:
    warm = replace(ASKED, temperature=Decimal("1.5"))

    assert messages_document(warm)["temperature"] == 1.0
    assert "temperature" not in messages_document(replace(warm, reasoning_effort="low", capabilities=REASONER))


def test_tools_and_pictures_become_blocks() -> None:
    sent = messages_of(
        user("look", Image("image/png", b"\x89PNG")),
        Message(Role.ASSISTANT, (ToolCall("call|odd id", "f", '{"a": 1}'), ToolCall("toolu_2", "g", "broken"))),
        Message(Role.TOOL, (ToolResult("call|odd id", "sunny"), ToolResult("toolu_2", "no", is_error=True))),
        user("and now?"),
    )

    picture = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw=="}}
    assert sent[0]["content"] == [{"type": "text", "text": "look"}, picture]
    first, second = blocks(sent[1])
    assert first["input"] == {"a": 1}
    assert second["input"] == {"arguments": "broken"}
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    results = blocks(sent[2])
    assert results[0] == {"type": "tool_result", "tool_use_id": first["id"], "content": "sunny"}
    assert results[1]["is_error"] is True
    assert results[2] == {"type": "text", "text": "and now?"}


def test_a_last_answer_loses_its_trailing_space() -> None:
    assert messages_of(user("go on"), assistant("half  \n"))[1]["content"] == [{"type": "text", "text": "half"}]


def test_keys_and_versions_travel_in_their_headers() -> None:
    wire = AnthropicMessages("https://api.anthropic.com")

    assert wire.key_header("sk-ant-api03-x") == ("x-api-key", "sk-ant-api03-x")
    assert wire.key_header("sk-ant-oat01-x") == ("authorization", "Bearer sk-ant-oat01-x")
    assert wire.ask(ASKED).headers == {"anthropic-version": "2023-06-01"}


@pytest.mark.parametrize(
    "base_url",
    ["https://h", "https://h/", "https://h/v1", "https://h/v1/", "https://h/v1/messages"],
)
def test_the_version_is_never_doubled(base_url: str) -> None:
    wire = AnthropicMessages(base_url)

    assert wire.ask(ASKED).url == "https://h/v1/messages"


def test_a_path_of_a_vendor_is_kept() -> None:
    assert (
        AnthropicMessages("https://api.deepseek.com/anthropic").ask(ASKED).url
        == "https://api.deepseek.com/anthropic/v1/messages"
    )


def read(*documents: dict[str, object]) -> Heard:
    reader = MessagesReader()
    heard = Heard()
    try:
        for document in documents:
            heard.chunks += reader.read(document)
        heard.chunks += reader.assembly.end()
    except ProviderError as error:
        heard.error = error
    return heard


def start(index: int, block: dict[str, object]) -> dict[str, object]:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, fields: dict[str, object]) -> dict[str, object]:
    return {"type": "content_block_delta", "index": index, "delta": fields}


def stop(index: int) -> dict[str, object]:
    return {"type": "content_block_stop", "index": index}


def ended(reason: str = "end_turn", **usage: object) -> tuple[dict[str, object], dict[str, object]]:
    return {"type": "message_delta", "delta": {"stop_reason": reason}, "usage": usage}, {"type": "message_stop"}


def test_the_signature_follows_its_thinking() -> None:
    heard = read(
        start(0, {"type": "thinking", "thinking": "", "signature": ""}),
        delta(0, {"type": "thinking_delta", "thinking": "why"}),
        delta(0, {"type": "signature_delta", "signature": "se"}),
        delta(0, {"type": "signature_delta", "signature": "al"}),
        stop(0),
        *ended(),
    )

    assert heard.chunks[:2] == [ThinkingDelta("why", "", ORIGIN), ThinkingDelta("", "seal", ORIGIN)]


def test_tool_input_is_joined_and_an_empty_one_is_an_object() -> None:
    heard = read(
        start(0, {"type": "tool_use", "id": "a", "name": "f", "input": {}}),
        delta(0, {"type": "input_json_delta", "partial_json": '{"x"'}),
        delta(0, {"type": "input_json_delta", "partial_json": ":1}"}),
        stop(0),
        start(1, {"type": "tool_use", "id": "b", "name": "g", "input": {}}),
        delta(1, {"type": "input_json_delta", "partial_json": ""}),
        stop(1),
        *ended("tool_use"),
    )

    assert [(call.id, call.name, call.arguments) for call in heard.calls] == [("a", "f", '{"x":1}'), ("b", "g", "{}")]
    assert heard.reason == "tool_calls"


def test_a_call_that_was_cut_is_not_handed_on() -> None:
    heard = read(
        start(0, {"type": "tool_use", "id": "a", "name": "rm", "input": {}}),
        delta(0, {"type": "input_json_delta", "partial_json": '{"all'}),
    )

    assert heard.calls == []
    assert heard.error is not None


def test_later_usage_replaces_earlier_and_nulls_replace_nothing() -> None:
    first: dict[str, object] = {
        "input_tokens": 3,
        "cache_read_input_tokens": 100,
        "cache_creation_input_tokens": 7,
        "output_tokens": 1,
    }
    heard = read(
        {"type": "message_start", "message": {"usage": first}},
        start(0, {"type": "text", "text": "so"}),
        *ended(output_tokens=20, input_tokens=None, cache_read_input_tokens=100),
    )

    assert heard.usage == Usage(110, 20, 100, 7)


@pytest.mark.parametrize("said", [{}, {"output_tokens": None}, {"output_tokens": "9"}, {"output_tokens": -9}])
def test_an_output_that_was_only_counted_at_the_start_stays_an_estimate(said: dict[str, object]) -> None:
    first: dict[str, object] = {"usage": {"input_tokens": 3, "output_tokens": 1}}

    closing: dict[str, object] = {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": said}
    heard = read({"type": "message_start", "message": first}, start(0, {"type": "text", "text": "so"}), closing)

    assert heard.usage is None or heard.usage.estimated


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
        ("pause_turn", "pause_turn"),
    ],
)
def test_stop_reasons_are_canonical_or_the_servers_own(said: str, canonical: str) -> None:
    assert read(start(0, {"type": "text", "text": "so"}), *ended(said)).reason == canonical


def test_what_is_not_known_is_passed_over() -> None:
    heard = read(
        {"type": "ping"},
        {"type": "something_new", "index": 0},
        start(0, {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}),
        delta(0, {"type": "input_json_delta", "partial_json": '{"query": "x"}'}),
        stop(0),
        start(1, {"type": "text", "text": ""}),
        delta(1, {"type": "citations_delta", "citation": {}}),
        delta(1, {"type": "text_delta", "text": "so"}),
        {"type": "content_block_delta", "index": None, "delta": None},
        *ended(),
    )

    assert (heard.text, heard.calls, heard.error) == ("so", [], None)


def test_text_that_looks_like_a_thinking_tag_is_text_here() -> None:
    assert read(start(0, {"type": "text", "text": "<think>x</think>y"}), *ended()).text == "<think>x</think>y"


def test_a_whole_answer_is_read() -> None:
    reader = MessagesReader()
    content = [
        {"type": "thinking", "thinking": "why", "signature": "seal"},
        {"type": "text", "text": "so"},
        {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}},
    ]
    document = {
        "type": "message",
        "content": content,
        "stop_reason": None,
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }

    heard = gathered([*reader.read_whole(document), *reader.assembly.end()])

    assert (heard.thinking, heard.text, heard.reason, heard.usage) == ("why", "so", "stop", Usage(1, 2))
    assert heard.calls == [ToolCall("a", "f", '{"x": 1}')]
