"""The openai-chat wire: what is asked, by vendor, and how its many kinds of answer are read."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import ProviderError, StreamBroken
from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, UsageReported
from hawkmoth_tui.core.exchange import AsReported, Finished, ModelRequest
from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult, assistant, user
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.usage import Reported, Usage
from hawkmoth_tui.providers.openai_chat import ChatReader, OpenAiChat, chat_document
from hawkmoth_tui.providers.profiles import PROFILES, profile_for
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings
from tests.providers.hearing import Heard, gathered

GENERIC = PROFILES["generic"]
REASONER = frozenset({Capability.REASONING})
ASKED = ModelRequest("m", (user("hi"),))


def test_a_plain_request_is_plain() -> None:
    assert chat_document(replace(ASKED, system="Be brief."), GENERIC) == {
        "model": "m",
        "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "hi"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize(
    ("profile", "fields"),
    [
        ("generic", {"max_tokens": 9, "temperature": 0.5, "reasoning_effort": "low"}),
        ("openai", {"max_completion_tokens": 9, "reasoning_effort": "low"}),
        ("azure", {"max_completion_tokens": 9, "reasoning_effort": "low"}),
        ("groq", {"max_completion_tokens": 9, "temperature": 0.5, "reasoning_effort": "low"}),
        (
            "openrouter",
            {"max_tokens": 9, "temperature": 0.5, "reasoning": {"effort": "low"}, "usage": {"include": True}},
        ),
        ("mistral", {"max_tokens": 9, "temperature": 0.5}),
        ("together", {"max_tokens": 9, "temperature": 0.5, "reasoning_effort": "low"}),
    ],
)
def test_each_vendor_is_asked_in_its_own_words(profile: str, fields: dict[str, object]) -> None:
    request = replace(
        ASKED, max_output_tokens=9, temperature=Decimal("0.5"), reasoning_effort="low", capabilities=REASONER
    )

    document = chat_document(request, PROFILES[profile])

    for common in ("model", "messages", "stream", "stream_options"):
        document.pop(common, None)
    assert document == fields


def test_effort_is_asked_only_of_models_that_reason_and_temperature_of_all_others() -> None:
    document = chat_document(replace(ASKED, reasoning_effort="high", temperature=Decimal(1)), PROFILES["openai"])

    assert "reasoning_effort" not in document
    assert document["temperature"] == 1.0


def messages_of(*messages: Message, profile: str = "generic") -> list[dict[str, object]]:
    document = chat_document(replace(ASKED, messages=messages), PROFILES[profile])
    found = document["messages"]
    assert isinstance(found, list)
    return found


def test_pictures_travel_as_data_urls() -> None:
    sent = messages_of(user("look", Image("image/png", b"\x89PNG")))

    assert sent[0]["content"] == [
        {"type": "text", "text": "look"},
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw=="}},
    ]


TOOL_TURN = (
    user("weather?"),
    Message(Role.ASSISTANT, (Thinking("hm", origin="openai-chat"), ToolCall("call_1", "look", '{"a":1}'))),
    Message(Role.TOOL, (ToolResult("call_1", "sunny"),)),
)


def test_tool_calls_and_their_results_keep_their_ids() -> None:
    assert messages_of(*TOOL_TURN)[1:] == [
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": '{"a":1}'}}],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": "sunny"},
    ]


def test_mistral_gets_ids_of_nine_letters_and_the_same_on_both_sides() -> None:
    _, call, result = messages_of(*TOOL_TURN, profile="mistral")

    calls = call["tool_calls"]
    assert isinstance(calls, list)
    assert calls[0]["id"] == result["tool_call_id"]
    assert len(calls[0]["id"]) == 9
    assert calls[0]["id"].isalnum()


def test_deepseek_gets_its_reasoning_back_inside_a_tool_loop_and_nowhere_else() -> None:
    in_loop = messages_of(*TOOL_TURN, profile="deepseek")
    later = messages_of(*TOOL_TURN, assistant("It is sunny."), user("thanks"), profile="deepseek")

    assert in_loop[1]["reasoning_content"] == "hm"
    assert all("reasoning_content" not in message for message in later)
    assert all("reasoning_content" not in message for message in messages_of(*TOOL_TURN))


def test_foreign_thinking_and_empty_messages_are_left_out_and_neighbours_joined() -> None:
    sent = messages_of(
        user("one"),
        Message(Role.ASSISTANT, (Thinking("secret", "sealed", "anthropic-messages"), Text("  "))),
        user("two"),
    )

    assert sent == [{"role": "user", "content": "one\n\ntwo"}]


def test_lone_surrogates_in_a_prompt_can_be_sent() -> None:
    sent = messages_of(user("half \ud83d done"))

    json.dumps(sent, ensure_ascii=False).encode()


@given(
    st.lists(
        st.builds(
            Message,
            st.sampled_from(Role),
            st.lists(
                st.one_of(
                    st.builds(Text, st.text(max_size=5)),
                    st.builds(Thinking, st.text(max_size=5), st.just(""), st.sampled_from(["openai-chat", "ollama"])),
                    st.builds(ToolCall, st.text(max_size=12), st.text(max_size=5), st.text(max_size=5)),
                    st.builds(ToolResult, st.text(max_size=12), st.text(max_size=5)),
                    st.builds(Image, st.just("image/png"), st.binary(max_size=5)),
                ),
                max_size=4,
            ).map(tuple),
        ),
        max_size=6,
    ),
    st.sampled_from(sorted(PROFILES)),
)
def test_every_transcript_becomes_a_request(messages: list[Message], profile: str) -> None:
    document = chat_document(replace(ASKED, messages=tuple(messages)), PROFILES[profile])

    json.dumps(document, ensure_ascii=False).encode()


def read(*documents: dict[str, object], profile: str = "generic") -> Heard:
    """What a stream of these chunks says."""
    reader = ChatReader(PROFILES[profile])
    heard = Heard()
    try:
        for document in documents:
            heard.chunks += reader.read(document)
        heard.chunks += reader.assembly.end()
    except ProviderError as error:
        heard.error = error
    return heard


def delta(fields: object, finish: str | None = None, **more: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish}], **more}


STOP = delta({}, "stop")


def test_what_the_server_said_is_kept_in_its_own_words() -> None:
    usage = {"prompt_tokens": 3, "completion_tokens": 1, "queue_time": 0.25}

    heard = read(delta({"content": "a"}, "eos"), {"choices": [], "usage": usage})

    assert heard.reason == "stop"
    assert heard.reported.finish_reason == "eos"
    assert json.loads(heard.reported.usage) == usage


def test_counts_that_are_not_believed_are_kept_all_the_same() -> None:
    heard = read(delta({"content": "a"}, "stop", usage={"prompt_tokens": -1}))

    assert heard.usage is None
    assert heard.reported == Reported('{"prompt_tokens":-1}', "stop")


@pytest.mark.parametrize(
    "usage",
    [{"note": "x" * 5000}, {"a": [[]] * 60}, {"prompt_tokens": float("nan")}],
    ids=["long", "branching", "no number"],
)
def test_a_usage_that_nobody_would_count_is_not_kept(usage: dict[str, object]) -> None:
    assert read(delta({"content": "a"}, "stop", usage=usage)).reported == Reported("", "stop")


def test_an_end_that_nobody_named_is_not_reported() -> None:
    heard = whole_answer({"choices": [{"message": {"content": "a"}, "finish_reason": None}]})

    assert (heard.reason, heard.reported) == ("stop", Reported())


def test_text_in_the_chunk_that_finishes_counts() -> None:
    heard = read(delta({"content": "a"}), delta({"content": "b"}, "stop"))

    assert (heard.text, heard.reason) == ("ab", "stop")


@pytest.mark.parametrize(
    "chunk",
    [
        {"choices": []},
        {"choices": None},
        {},
        {"choices": [{"index": 0, "delta": None}]},
        {"choices": [{"index": 0, "delta": {}}]},
        {"choices": [{"index": 0}]},
        {"choices": [None, 5, "x"]},
        {"choices": {"0": {}}},
        delta({"role": "assistant"}),
        delta({"role": 5, "content": None}),
        delta({"content": 42}),
        {"choices": [{"index": 1, "delta": {"content": "OTHER"}, "finish_reason": "length"}]},
        {"choices": [{"index": 10**9, "delta": {"content": "OTHER"}}]},
        {"choices": [], "prompt_filter_results": [{"index": 0}]},
        {"usage": None, "choices": []},
        {"error": None, "choices": []},
        delta({"tool_calls": None}),
        delta({"tool_calls": [None, {}]}),
    ],
    ids=repr,
)
def test_odd_chunks_change_nothing(chunk: dict[str, object]) -> None:
    heard = read(delta({"content": "a"}), chunk, delta({"content": "b"}), STOP)

    assert (heard.text, heard.reason, heard.error, heard.calls) == ("ab", "stop", None, [])


@pytest.mark.parametrize(
    "chunk",
    [
        delta({"reasoning_content": "why", "content": None}),
        delta({"reasoning": "why", "content": ""}),
        delta({"reasoning": "why", "reasoning_content": "why"}),
        delta({"reasoning": "why", "reasoning_details": [{"type": "reasoning.text", "text": "why"}]}),
        delta(
            {
                "reasoning_details": [
                    {"type": "reasoning.text", "text": "why"},
                    {"type": "reasoning.encrypted", "data": "x"},
                ]
            }
        ),
        delta({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "why"}]}]}),
        delta({"content": "<think>why</think>"}),
    ],
    ids=["deepseek", "openrouter", "both fields", "details beside", "details alone", "mistral", "tags"],
)
def test_reasoning_is_read_from_one_field(chunk: dict[str, object]) -> None:
    heard = read(chunk, delta({"content": "so", "reasoning_content": None}), STOP)

    assert (heard.thinking, heard.text) == ("why", "so")
    assert ThinkingDelta("why", origin="openai-chat") in heard.chunks


def test_text_in_parts_is_joined() -> None:
    assert read(delta({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}), STOP).text == "ab"


def test_what_together_and_perplexity_repeat_is_read_once() -> None:
    together: dict[str, object] = {
        "choices": [{"index": 0, "text": "a", "delta": {"content": "a"}, "finish_reason": None}]
    }
    perplexity: dict[str, object] = {
        "choices": [{"index": 0, "message": {"content": "ab"}, "delta": {"content": "b"}, "finish_reason": None}]
    }

    assert read(together, perplexity, STOP).text == "ab"


def test_a_refusal_is_shown_as_text() -> None:
    heard = read(delta({"refusal": "I will "}), delta({"refusal": "not."}), STOP)

    assert (heard.text, heard.reason) == ("I will not.", "stop")


@pytest.mark.parametrize(
    ("said", "canonical"),
    [
        ("stop", "stop"),
        ("eos", "stop"),
        ("length", "length"),
        ("tool_calls", "tool_calls"),
        ("tool_call", "tool_calls"),
        ("function_call", "tool_calls"),
        ("content_filter", "content_filter"),
        ("model_length", "model_length"),
        ("x" * 500, "x" * 80),
    ],
)
def test_finish_reasons_are_canonical_or_the_servers_own(said: str, canonical: str) -> None:
    assert read(delta({"content": "a"}, said)).reason == canonical


def test_usage_is_the_last_one_said_and_comes_before_the_finish() -> None:
    counts = {"prompt_tokens": 5, "completion_tokens": 1, "total_tokens": 6}
    heard = read(
        delta({"content": "a"}, usage=counts),
        delta({"content": "b"}, "stop", usage={**counts, "completion_tokens": 2, "total_tokens": 7}),
        {"choices": [], "usage": {**counts, "completion_tokens": 2, "total_tokens": 7}},
        {"choices": [], "usage": None},
    )

    assert heard.usage == Usage(5, 2)
    assert heard.chunks[-1] == Finished("stop")


def test_groqs_own_place_for_usage_is_read() -> None:
    heard = read(
        delta({"content": "a"}), delta({}, "stop", x_groq={"usage": {"prompt_tokens": 3, "completion_tokens": 1}})
    )

    assert heard.usage == Usage(3, 1)


def test_usage_in_a_chunk_with_an_error_is_kept() -> None:
    reader = ChatReader(GENERIC)
    first = delta({"content": "a"}, usage={"prompt_tokens": 41, "completion_tokens": 1})
    failing = {"error": {"code": 502, "message": "gone"}, "usage": {"prompt_tokens": 41, "completion_tokens": 3}}

    reader.read(first)
    with pytest.raises(ProviderError, match="gone"):
        reader.read(failing)

    assert reader.assembly.remains() == [
        UsageReported(Usage(41, 3, estimated=True)),
        AsReported(Reported('{"prompt_tokens":41,"completion_tokens":3}')),
    ]
    assert reader.assembly.remains() == []


def calls_of(*deltas: object) -> list[tuple[str, str, str]]:
    return [(call.id, call.name, call.arguments) for call in read(*(delta(fields) for fields in deltas), STOP).calls]


def piece(
    index: int | None, id_: str | None = None, name: str | None = None, arguments: object = None
) -> dict[str, object]:
    fragment: dict[str, object] = {"id": id_, "type": "function", "function": {"name": name, "arguments": arguments}}
    return fragment if index is None else {"index": index, **fragment}


@pytest.mark.parametrize(
    ("deltas", "expected"),
    [
        (
            [[piece(0, "c", "f", "")], [piece(0, None, None, '{"a"')], [piece(0, "", "", ":1}")]],
            [("c", "f", '{"a":1}')],
        ),
        ([[piece(0, "c", "f", '{"a":1}')]], [("c", "f", '{"a":1}')]),
        ([[piece(0, "c", "f", {"a": 1})]], [("c", "f", '{"a": 1}')]),
        ([[piece(0, "c", "f", None)]], [("c", "f", "{}")]),
        (
            [
                [piece(0, "c", "f", "{")],
                [piece(1, "d", "g", "{")],
                [piece(0, None, None, "}")],
                [piece(1, None, None, "}")],
            ],
            [("c", "f", "{}"), ("d", "g", "{}")],
        ),
        ([[piece(1, "d", "g", "{}")], [piece(0, "c", "f", "{}")]], [("c", "f", "{}"), ("d", "g", "{}")]),
        ([[piece(0, "c", "f", "{}"), piece(0, "d", "g", "{}")]], [("c", "f", "{}"), ("d", "g", "{}")]),
        (
            [[piece(None, "c", "f", "{")], [piece(None, None, None, "}")], [piece(None, "d", "g", "{}")]],
            [("c", "f", "{}"), ("d", "g", "{}")],
        ),
        ([[piece(0, "c", "f", "{")], [piece(0, "c", "f", "}")]], [("c", "f", "{}")]),
        ([[piece(10**9, "c", "f", "{}")]], [("c", "f", "{}")]),
        ([[piece(0, "c", "f", '{"cut')]], [("c", "f", '{"cut')]),
        ([[piece(0, "c", None, "{}")]], []),
    ],
    ids=[
        "fragments",
        "whole",
        "object",
        "no arguments",
        "interleaved",
        "out of order",
        "same index",
        "no index",
        "repeated",
        "huge index",
        "invalid",
        "nameless",
    ],
)
def test_tool_calls_are_joined_whatever_their_form(
    deltas: list[list[object]], expected: list[tuple[str, str, str]]
) -> None:
    assert calls_of(*({"tool_calls": fragments} for fragments in deltas)) == expected


def test_a_call_without_an_id_gets_one_and_two_get_two() -> None:
    first, second = calls_of({"tool_calls": [piece(0, None, "f", "{}"), piece(1, None, "f", "{}")]})

    assert first[0].startswith("call_")
    assert first[0] != second[0]


def test_the_old_form_of_calls_is_read() -> None:
    deltas = [{"function_call": {"name": "f", "arguments": "{"}}, {"function_call": {"arguments": "}"}}]

    assert [(name, arguments) for _, name, arguments in calls_of(*deltas)] == [("f", "{}")]


def test_the_reason_stays_as_it_is_beside_tool_calls() -> None:
    heard = read(delta({"tool_calls": [piece(0, "c", "f", "{}")]}), STOP)

    assert (len(heard.calls), heard.reason) == (1, "stop")


def test_too_many_calls_break_the_answer() -> None:
    heard = read(*(delta({"tool_calls": [piece(index, f"c{index}", "f", "{}")]}) for index in range(1000)), STOP)

    assert isinstance(heard.error, StreamBroken)


def whole_answer(document: dict[str, object]) -> Heard:
    reader = ChatReader(GENERIC)
    return gathered([*reader.read_whole(document), *reader.assembly.end()])


def test_a_whole_answer_is_read_and_finished_also_without_a_reason() -> None:
    message = {"role": "assistant", "content": "<think>why</think>so", "tool_calls": [piece(None, "c", "f", "{}")]}
    heard = whole_answer(
        {
            "choices": [{"index": 0, "message": message, "finish_reason": None}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2},
        }
    )

    assert (heard.thinking, heard.text, heard.reason, heard.usage) == ("why", "so", "stop", Usage(1, 2))
    assert len(heard.calls) == 1


def test_a_whole_answer_of_only_calls_is_finished() -> None:
    message = {"content": None, "tool_calls": [piece(None, "c", "f", "{}")]}

    assert whole_answer({"choices": [{"message": message, "finish_reason": "tool_calls"}]}).reason == "tool_calls"
    assert whole_answer({"choices": [{"message": message}]}).reason == "stop"


def test_halves_of_a_character_in_two_deltas_are_joined() -> None:
    heard = read(delta({"content": "a\ud83d"}), delta({"content": "\ude00"}), delta({"content": "\ud83d"}), STOP)

    assert heard.text == "a😀�"
    assert all(chunk.text.encode() for chunk in heard.chunks if isinstance(chunk, TextDelta))


@pytest.mark.parametrize(
    ("base_url", "profile", "url"),
    [
        ("https://api.openai.com/v1", None, "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", None, "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com", None, "https://api.openai.com/v1/chat/completions"),
        ("https://api.deepseek.com", None, "https://api.deepseek.com/chat/completions"),
        ("https://api.deepseek.com/v1", None, "https://api.deepseek.com/v1/chat/completions"),
        ("https://openrouter.ai", None, "https://openrouter.ai/api/v1/chat/completions"),
        ("https://api.perplexity.ai", None, "https://api.perplexity.ai/chat/completions"),
        ("http://127.0.0.1:8000", None, "http://127.0.0.1:8000/v1/chat/completions"),
        ("http://127.0.0.1:8000/v1/chat/completions", None, "http://127.0.0.1:8000/v1/chat/completions"),
        ("http://127.0.0.1:8000/scenario~tag/v1", None, "http://127.0.0.1:8000/scenario~tag/v1/chat/completions"),
        (
            "https://x.openai.azure.com/openai/deployments/d?api-version=1",
            None,
            "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=1",
        ),
        ("http://[::1]:8080/v1", "llamacpp", "http://[::1]:8080/v1/chat/completions"),
    ],
)
def test_the_base_url_is_joined_as_its_vendor_writes_it(base_url: str, profile: str | None, url: str) -> None:
    spec = ProviderSettings("p", Protocol.OPENAI_CHAT, base_url, profile=profile)

    assert OpenAiChat(base_url, profile_for(spec)).ask(ASKED).url == url


@pytest.mark.parametrize(
    ("base_url", "named", "expected"),
    [
        ("https://api.together.xyz/v1", None, "together"),
        ("https://api.together.ai/v1", None, "together"),
        ("https://api.x.ai/v1", None, "xai"),
        ("https://netflix.ai/v1", None, "generic"),
        ("https://my.openai.azure.com/openai/v1", None, "azure"),
        ("http://127.0.0.1:8000/v1", None, "generic"),
        ("http://127.0.0.1:8000/v1", "vLLM", "vllm"),
        ("https://api.openai.com/v1", "no-such-vendor", "generic"),
        ("https://api.openai.com.evil.example/v1", None, "generic"),
    ],
)
def test_the_profile_is_named_or_guessed_from_the_host(base_url: str, named: str | None, expected: str) -> None:
    assert profile_for(ProviderSettings("p", Protocol.OPENAI_CHAT, base_url, profile=named)).name == expected


def test_an_unknown_profile_is_said_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    profile_for(ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://x", profile="no\x1bsuch"))

    assert "providers.lab: the profile no␛such is not known" in caplog.text


def test_azure_takes_its_key_in_a_header_of_its_own() -> None:
    assert OpenAiChat("https://x", PROFILES["azure"]).key_header("k") == ("api-key", "k")
    assert OpenAiChat("https://x", GENERIC).key_header("k") == ("authorization", "Bearer k")
