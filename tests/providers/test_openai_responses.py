"""The openai-responses wire: what is asked, and how items are read, streamed or whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import BadResponse, ProviderError
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult, assistant, user
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.openai_responses import ORIGIN, OpenAiResponses, ResponsesReader, responses_document
from hawkmoth_tui.providers.profiles import PROFILES
from tests.providers.hearing import gathered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.exchange import Chunk
    from tests.providers.hearing import Heard

GENERIC = PROFILES["generic"]
REASONER = frozenset({Capability.REASONING})
ASKED = ModelRequest("m", (user("hi"),))


def whole_answer(*items: Mapping[str, object], **fields: object) -> dict[str, object]:
    return {"object": "response", "status": "completed", "output": list(items), **fields}


def said(*texts: str) -> dict[str, object]:
    return {"type": "message", "content": [{"type": "output_text", "text": text} for text in texts]}


def read(*documents: dict[str, object]) -> Heard:
    reader = ResponsesReader()
    chunks = [chunk for document in documents for chunk in reader.read(document)]
    return gathered(chunks + reader.assembly.end())


def test_a_plain_request_keeps_nothing_on_the_server() -> None:
    assert responses_document(replace(ASKED, system="Be brief."), GENERIC) == {
        "model": "m",
        "input": [{"role": "user", "content": [{"type": "input_text", "text": "hi"}]}],
        "stream": True,
        "store": False,
        "instructions": "Be brief.",
    }


def test_limits_and_effort_have_this_wires_names() -> None:
    request = replace(
        ASKED, max_output_tokens=9, temperature=Decimal("0.5"), reasoning_effort="low", capabilities=REASONER
    )

    document = responses_document(request, GENERIC)

    assert document["max_output_tokens"] == 9
    assert document["temperature"] == 0.5
    assert document["reasoning"] == {"effort": "low"}
    assert "temperature" not in responses_document(request, PROFILES["openai"])
    assert "reasoning" not in responses_document(replace(request, capabilities=frozenset()), GENERIC)


def test_pictures_and_answers_are_typed_parts() -> None:
    messages = (
        Message(Role.USER, (Text("what?"), Image("image/png", b"PNG", "a.png"))),
        assistant("a cat"),
        user("sure?"),
    )

    sent = responses_document(replace(ASKED, messages=messages), GENERIC)["input"]

    assert sent == [
        {
            "role": "user",
            "content": [
                {"type": "input_text", "text": "what?"},
                {"type": "input_image", "image_url": "data:image/png;base64,UE5H"},
            ],
        },
        {"role": "assistant", "content": [{"type": "output_text", "text": "a cat"}]},
        {"role": "user", "content": [{"type": "input_text", "text": "sure?"}]},
    ]


def test_inside_a_tool_loop_the_sealed_reasoning_goes_back_before_its_call() -> None:
    call = ToolCall("call_1", "look", '{"a": 1}')
    messages = (
        user("look"),
        Message(Role.ASSISTANT, (Thinking("hm", "rs_1\nseal", ORIGIN), call)),
        Message(Role.TOOL, (ToolResult("call_1", "seen"),)),
    )

    sent = responses_document(replace(ASKED, messages=messages), GENERIC)["input"]

    assert isinstance(sent, list)
    assert [item.get("type", item.get("role")) for item in sent] == [
        "user",
        "reasoning",
        "function_call",
        "function_call_output",
    ]
    assert sent[1] == {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "seal"}
    assert sent[2]["call_id"] == sent[3]["call_id"] == "call_1"


@pytest.mark.parametrize(
    "base_url", ["https://api.openai.com/v1", "https://api.openai.com/v1/responses", "https://api.openai.com/"]
)
def test_the_path_is_never_doubled(base_url: str) -> None:
    assert OpenAiResponses(base_url, GENERIC).ask(ASKED).url == "https://api.openai.com/v1/responses"


def test_what_was_streamed_is_not_taken_again_from_the_finished_response() -> None:
    item = said("Hello")

    heard = read(
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "Hel"},
        {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "lo"},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole_answer(item, usage={"input_tokens": 3, "output_tokens": 2})},
    )

    assert (heard.text, heard.reason, heard.usage) == ("Hello", "stop", Usage(3, 2))


def test_what_was_never_streamed_is_taken_from_the_finished_response() -> None:
    call = {"type": "function_call", "call_id": "call_1", "name": "look", "arguments": "{}"}

    heard = read({"type": "response.completed", "response": whole_answer(said("one ", "two"), call)})

    assert heard.text == "one two"
    assert [(made.id, made.name, made.arguments) for made in heard.calls] == [("call_1", "look", "{}")]


def test_reasoning_and_its_summary_are_not_added_up() -> None:
    place = {"output_index": 0, "content_index": 0}

    heard = read(
        {"type": "response.reasoning_text.delta", **place, "delta": "because"},
        {"type": "response.reasoning_summary_text.delta", "output_index": 0, "delta": "short"},
        {"type": "response.completed", "response": whole_answer(said("so"))},
    )

    assert (heard.thinking, heard.text) == ("because", "so")


@pytest.mark.parametrize(
    ("reason", "expected"), [("max_output_tokens", "length"), ("content_filter", "content_filter"), ("odd", "odd")]
)
def test_an_incomplete_response_says_why(reason: str, expected: str) -> None:
    response = whole_answer(said("so"), status="incomplete", incomplete_details={"reason": reason})

    assert gathered(_whole(response)).reason == expected


def test_a_refusal_is_the_answer() -> None:
    refused = {"type": "message", "content": [{"type": "refusal", "refusal": "I cannot help."}]}

    assert gathered(_whole(whole_answer(refused))).text == "I cannot help."


@pytest.mark.parametrize(
    "document",
    [
        {"type": "error", "code": "server_error", "message": "it broke"},
        {"type": "response.failed", "response": {"status": "failed", "error": {"code": "x", "message": "it broke"}}},
        {"error": {"message": "it broke"}},
    ],
)
def test_a_failure_inside_the_stream_is_an_error(document: dict[str, object]) -> None:
    with pytest.raises(ProviderError, match="it broke"):
        ResponsesReader().read(document)


def test_a_response_that_is_still_queued_is_no_answer() -> None:
    with pytest.raises(BadResponse, match="queued"):
        _whole(whole_answer(status="queued"))


def _whole(document: dict[str, object]) -> list[Chunk]:
    reader = ResponsesReader()
    return [*reader.read_whole(document), *reader.assembly.end()]
