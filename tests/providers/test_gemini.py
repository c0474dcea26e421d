"""Google's wire: what is asked, how candidates are read, and its list of models."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import BadResponse, ProviderError, Refused
from hawkmoth_tui.core.exchange import ListedModel, ModelRequest
from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult, user
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.gemini import ORIGIN, Gemini, GeminiReader, contents_document, gemini_page
from hawkmoth_tui.settings.schema import Protocol
from tests.providers.hearing import gathered, hear, opened
from tests.servers.scripted import Reply, ScriptedServer

REASONER = frozenset({Capability.REASONING})
ASKED = ModelRequest("gemini-2.5-flash", (user("hi"),))
if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.providers.door import HttpDoor


def candidate(*parts: Mapping[str, object], finish: str = "STOP") -> dict[str, object]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, "finishReason": finish}]}


def test_a_request_has_contents_and_an_instruction() -> None:
    request = replace(ASKED, system="Be brief.", max_output_tokens=9, temperature=Decimal("0.5"))

    assert contents_document(request) == {
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "generationConfig": {"maxOutputTokens": 9, "temperature": 0.5},
    }


@pytest.mark.parametrize(
    ("model_id", "thinking"),
    [
        ("gemini-2.5-flash", {"includeThoughts": True, "thinkingBudget": 2048}),
        ("gemini-3-pro-preview", {"includeThoughts": True, "thinkingLevel": "low"}),
    ],
)
def test_thinking_is_asked_for_as_the_model_understands_it(model_id: str, thinking: dict[str, object]) -> None:
    request = replace(ASKED, model_id=model_id, reasoning_effort="low", capabilities=REASONER)

    assert contents_document(request)["generationConfig"] == {"thinkingConfig": thinking}
    assert "generationConfig" not in contents_document(replace(request, capabilities=frozenset()))


def test_a_tool_loop_goes_back_with_its_seal_and_the_tools_name() -> None:
    messages = (
        Message(Role.USER, (Text("look"), Image("image/png", b"PNG", "a.png"))),
        Message(
            Role.ASSISTANT,
            (Thinking("hm", "", ORIGIN), Thinking("", "seal", ORIGIN), ToolCall("c1", "look", '{"a": 1}')),
        ),
        Message(Role.TOOL, (ToolResult("c1", "seen"),)),
    )

    assert contents_document(replace(ASKED, messages=messages))["contents"] == [
        {"role": "user", "parts": [{"text": "look"}, {"inlineData": {"mimeType": "image/png", "data": "UE5H"}}]},
        {
            "role": "model",
            "parts": [{"functionCall": {"name": "look", "args": {"a": 1}}, "thoughtSignature": "seal"}],
        },
        {"role": "user", "parts": [{"functionResponse": {"name": "look", "response": {"result": "seen"}}}]},
    ]


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta"),
        ("https://generativelanguage.googleapis.com/v1beta/", "https://generativelanguage.googleapis.com/v1beta"),
        ("https://x.example/v1/projects/p/publishers/google", "https://x.example/v1/projects/p/publishers/google"),
    ],
)
def test_the_model_is_a_part_of_the_path(base_url: str, expected: str) -> None:
    called = Gemini(base_url).ask(replace(ASKED, model_id="models/a b"))

    assert called.url == f"{expected}/models/a%20b:streamGenerateContent?alt=sse"


def test_keys_and_access_tokens_go_into_their_own_headers() -> None:
    wire = Gemini("https://generativelanguage.googleapis.com")

    assert wire.key_header("AIza1") == ("x-goog-api-key", "AIza1")
    assert wire.key_header("ya29.x") == ("authorization", "Bearer ya29.x")


def test_thoughts_are_apart_from_the_text_and_calls_carry_their_seal() -> None:
    reader = GeminiReader()
    parts = ({"text": "hm", "thought": True}, {"text": "so"})
    call = {"functionCall": {"name": "look", "args": {"a": 1}}, "thoughtSignature": "seal"}

    heard = gathered(reader.read(candidate(*parts, call)) + reader.assembly.end())

    assert (heard.thinking, heard.text, heard.reason) == ("hm", "so", "stop")
    assert [(made.name, made.arguments) for made in heard.calls] == [("look", '{"a": 1}')]
    assert "seal" in [getattr(chunk, "signature", "") for chunk in heard.chunks]


def test_equal_calls_of_one_answer_get_different_ids() -> None:
    call = {"functionCall": {"name": "look", "args": {}}}

    heard = gathered(GeminiReader().read(candidate(call, call)))

    assert len({made.id for made in heard.calls}) == 2


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("MAX_TOKENS", "length"), ("SAFETY", "content_filter"), ("RECITATION", "content_filter"), ("OTHER", "OTHER")],
)
def test_finish_reasons_are_canonical_where_they_are_known(reason: str, expected: str) -> None:
    reader = GeminiReader()

    assert gathered(reader.read(candidate({"text": "so"}, finish=reason)) + reader.assembly.end()).reason == expected


def test_a_blocked_prompt_is_a_refusal() -> None:
    with pytest.raises(Refused, match="PROHIBITED_CONTENT"):
        GeminiReader().read({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})


async def test_a_list_of_pieces_is_an_answer_and_a_list_of_errors_an_error(door: HttpDoor) -> None:
    said = [candidate({"text": "a"}, finish=""), candidate({"text": "b"})]
    pieces = json.dumps(said).encode()
    async with ScriptedServer(Reply((pieces,)), Reply((b'[{"error":{"code":400,"message":"no"}}]',))) as server:
        provider = opened(door, server.url, Protocol.GEMINI)
        answered = await hear(provider)
        refused = await hear(provider)

    assert (answered.text, answered.reason) == ("ab", "stop")
    assert isinstance(refused.error, ProviderError)


def test_the_model_list_holds_what_can_generate_and_its_next_page() -> None:
    entries = [
        {
            "name": "models/gemini-x",
            "inputTokenLimit": 1000,
            "outputTokenLimit": 10,
            "supportedGenerationMethods": ["generateContent"],
            "thinking": True,
        },
        {"name": "models/embedding-1", "supportedGenerationMethods": ["embedText"]},
    ]

    page = gemini_page({"models": entries, "nextPageToken": "t&1"}, "https://x.example/v1beta/models?pageSize=9")

    assert page.models == (ListedModel("gemini-x", 1000, 10, capabilities=REASONER),)
    assert page.next_url == "https://x.example/v1beta/models?pageSize=9&pageToken=t%261"
    with pytest.raises(BadResponse):
        gemini_page([], "")
