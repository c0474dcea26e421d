"""Cohere's wire: what is asked, how its events are read, and what it bills."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from hawkmoth_tui.core.errors import BadResponse, ProviderError, StreamBroken
from hawkmoth_tui.core.exchange import ListedModel, ModelRequest
from hawkmoth_tui.core.messages import Message, Role, Text, ToolCall, ToolResult, user
from hawkmoth_tui.core.models import Capability, Prices
from hawkmoth_tui.core.money import list_price_pico
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.cohere import Cohere, CohereReader, chat_document, cohere_page
from tests.providers.hearing import gathered

ASKED = ModelRequest("command", (user("hi"),))
USAGE = {
    "billed_units": {"input_tokens": 135.0, "output_tokens": 21},
    "tokens": {"input_tokens": 1645, "output_tokens": 33.0, "reasoning_tokens": 4},
    "cached_tokens": 1600,
}


def event(kind: str, message: dict[str, object]) -> dict[str, object]:
    return {"type": kind, "index": 0, "delta": {"message": message}}


def ended(reason: str, **fields: object) -> dict[str, object]:
    return {"type": "message-end", "delta": {"finish_reason": reason, **fields}}


def test_a_request_speaks_version_two() -> None:
    request = replace(
        ASKED,
        system="Be brief.",
        max_output_tokens=9,
        temperature=Decimal(2),
        reasoning_effort="low",
        capabilities=frozenset({Capability.REASONING}),
    )

    assert chat_document(request) == {
        "model": "command",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}],
        "stream": True,
        "max_tokens": 9,
        "temperature": 1.0,
        "thinking": {"type": "enabled", "token_budget": 2048},
    }


def test_a_tool_loop_goes_back_call_and_result() -> None:
    messages = (
        user("look"),
        Message(Role.ASSISTANT, (Text("well"), ToolCall("c1", "look", '{"a": 1}'))),
        Message(Role.TOOL, (ToolResult("c1", "seen"),)),
    )

    sent = chat_document(replace(ASKED, messages=messages))["messages"]

    assert sent == [
        {"role": "user", "content": "look"},
        {
            "role": "assistant",
            "content": [{"type": "text", "text": "well"}],
            "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}],
        },
        {"role": "tool", "tool_call_id": "c1", "content": "seen"},
    ]


@pytest.mark.parametrize(
    "base_url", ["https://api.cohere.com", "https://api.cohere.com/v2", "https://api.cohere.com/v2/chat/"]
)
def test_the_path_is_never_doubled(base_url: str) -> None:
    wire = Cohere(base_url)

    assert wire.ask(ASKED).url == "https://api.cohere.com/v2/chat"
    assert wire.list_call().url.startswith("https://api.cohere.com/v1/models?")


def test_billed_tokens_are_kept_beside_the_counted_ones_and_are_what_is_priced() -> None:
    reader = CohereReader()

    heard = gathered(
        reader.read(event("content-delta", {"content": {"text": "so"}}))
        + reader.read(ended("COMPLETE", usage=USAGE))
        + reader.assembly.end()
    )

    assert heard.usage == Usage(1645, 33, 1600, 0, 4, billed_input_tokens=135, billed_output_tokens=21)
    prices = Prices(Decimal(1), Decimal(10), cached_input_usd_per_mtok=Decimal("0.1"))
    assert list_price_pico(heard.usage, prices) == 135 * 10**6 + 21 * 10**7


def test_sums_of_usage_keep_what_is_billed() -> None:
    billed = Usage(10, 5, billed_input_tokens=2, billed_output_tokens=1)

    assert billed + Usage(3, 4) == Usage(13, 9, billed_input_tokens=5, billed_output_tokens=5)
    assert (Usage(1, 1) + Usage(1, 1)).billed_input_tokens is None


def test_fragments_of_a_call_are_joined() -> None:
    reader = CohereReader()
    start = {"id": "look_1", "function": {"name": "look", "arguments": ""}}
    reader.read(event("tool-call-start", {"tool_calls": start}))
    reader.read(event("tool-call-delta", {"tool_calls": {"function": {"arguments": '{"a"'}}}))
    reader.read(event("tool-call-delta", {"tool_calls": {"function": {"arguments": ": 1}"}}}))

    heard = gathered(reader.read(ended("TOOL_CALL")) + reader.assembly.end())

    assert [(made.id, made.name, made.arguments) for made in heard.calls] == [("look_1", "look", '{"a": 1}')]
    assert heard.reason == "tool_calls"


@pytest.mark.parametrize("reason", ["ERROR", "TIMEOUT"])
def test_a_failed_end_is_no_success(reason: str) -> None:
    with pytest.raises(StreamBroken):
        CohereReader().read(ended(reason))


def test_the_servers_words_about_a_failed_end_are_kept() -> None:
    with pytest.raises(StreamBroken, match="invalid tool generation"):
        CohereReader().read(ended("ERROR", error="your request resulted in an invalid tool generation"))


def test_an_error_in_place_of_an_answer_is_an_error() -> None:
    with pytest.raises(ProviderError, match="no such model"):
        CohereReader().read_whole({"id": "x", "message": "no such model"})


def test_a_whole_answer_is_read_like_a_stream() -> None:
    content = [{"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "so"}]
    reader = CohereReader()

    heard = gathered(
        reader.read_whole({"id": "x", "message": {"content": content}, "finish_reason": "COMPLETE", "usage": USAGE})
        + reader.assembly.end()
    )

    assert (heard.thinking, heard.text, heard.reason) == ("hm", "so", "stop")


def test_the_model_list_holds_what_chats() -> None:
    entries = [
        {"name": "command", "context_length": 128000, "endpoints": ["chat"], "features": ["tools", "vision"]},
        {"name": "embed", "context_length": 512, "endpoints": ["embed"]},
    ]

    assert cohere_page({"models": entries}).models == (
        ListedModel("command", 128000, capabilities=frozenset({Capability.TOOLS, Capability.VISION})),
    )
    with pytest.raises(BadResponse):
        cohere_page({"data": []})
