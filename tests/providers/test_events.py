"""Bytes to events: SSE, newline-delimited JSON, and what a body is. Any re-chunking gives the same events."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import BadResponse, ProviderError
from hawkmoth_tui.providers.anthropic_messages import MessagesReader
from hawkmoth_tui.providers.body import WHOLE, BodyReader
from hawkmoth_tui.providers.http_provider import read_events
from hawkmoth_tui.providers.ndjson import NdjsonReader
from hawkmoth_tui.providers.ollama import OllamaReader
from hawkmoth_tui.providers.openai_chat import ChatReader
from hawkmoth_tui.providers.profiles import PROFILES
from hawkmoth_tui.providers.sse import SseReader
from tests.providers.dialects import DIALECTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.exchange import Chunk
    from hawkmoth_tui.providers.body import EventReader
    from hawkmoth_tui.providers.sse import Event
    from hawkmoth_tui.providers.wire import Reader

PIECES = [
    "\n",
    "\r",
    "\r\n",
    "data:",
    "data: ",
    "event: ",
    ":",
    "id",
    " ",
    "\ufeff",
    "x",
    "é",
    "日",
    "\u2028",
    "\x85",
    "{}",
    "\x00",
    "data",
]
LINES = st.lists(st.sampled_from(PIECES), max_size=40).map("".join).map(str.encode)
CUTS = st.lists(st.integers(min_value=0, max_value=200), max_size=20)


def cut(body: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(body), *(place for place in cuts if place < len(body))})
    return [body[start:end] for start, end in pairwise(places)]


def events_of(reader: EventReader, pieces: list[bytes]) -> list[Event]:
    found: list[Event] = []
    for piece in pieces:
        found += reader.feed(piece)
    return found + reader.end()


def reference(body: bytes) -> list[Event]:
    """The events by the standard's words, line by line over the whole text."""
    text = body.removeprefix(b"\xef\xbb\xbf").decode()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    events: list[Event] = []
    name = ""
    data: list[str] = []
    for line in [*lines, ""]:
        if not line:
            if "\n".join(data):
                events.append((name, "\n".join(data)))
            name, data = "", []
            continue
        field, colon, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "data" and colon:
            data.append(value)
        elif field == "event":
            name = value.strip()
    return events


@given(LINES, CUTS)
@example(b"data: 1\r\n\r\ndata: 2\n\n", [8, 9, 10])
@example(b"event: a\r\ndata: 1\r\n\r\n", [9])
@example(b"data: 1\ndata: 2\n\n", [])
@example(b"\xef\xbb\xbfdata: 1\r\rdata: 2\r\r", [1, 2, 9])
def test_events_are_those_of_the_standard_however_the_bytes_are_cut(body: bytes, cuts: list[int]) -> None:
    expected = reference(body)

    assert events_of(SseReader(), [body]) == expected
    assert events_of(SseReader(), cut(body, cuts)) == expected
    assert events_of(SseReader(), cut(body, list(range(len(body))))) == expected


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9), max_size=3), max_size=6), CUTS, st.booleans())
def test_lines_are_the_same_however_the_bytes_are_cut(
    documents: list[dict[str, str]], cuts: list[int], is_indented: bool
) -> None:
    texts = [json.dumps(document, ensure_ascii=False, indent=2 if is_indented else None) for document in documents]
    body = "\n".join(texts).encode("utf-8", "replace")

    for pieces in ([body], cut(body, cuts), cut(body, list(range(len(body))))):
        events = events_of(NdjsonReader(), pieces)

        assert [json.loads(data) for _, data in events] == [
            json.loads(text.encode("utf-8", "replace")) for text in texts
        ]


def test_unicode_line_ends_inside_json_cut_nothing() -> None:
    body = 'data: {"a": "one\u2028two\u0085three\u000bfour"}\n\n'.encode()

    assert events_of(SseReader(), [body]) == [("", '{"a": "one\u2028two\u0085three\u000bfour"}')]


def test_a_field_called_error_is_an_error_event() -> None:
    assert events_of(SseReader(), [b'error: {"message": "gone"}\n\n']) == [("error", '{"message": "gone"}')]


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    assert events_of(SseReader(), [b"data: a\xff\xc3b\n\n"]) == [("", "a��b")]


@pytest.mark.parametrize(
    "pieces",
    [[b"data: " + b"x" * 200], [b"data: xxxxxxxxx\n"] * 20, [b"x"] * 200, [b"event: " + b"x" * 200 + b"\n"]],
    ids=["one line", "many lines", "no line end", "a name"],
)
def test_events_beyond_the_limit_are_refused(pieces: list[bytes]) -> None:
    with pytest.raises(BadResponse):
        events_of(SseReader(limit=100), [*pieces, b"\n\n"])


@pytest.mark.parametrize("pieces", [[b"x" * 200], [b"{\n", *([b'  "aaaaa": 1,\n'] * 20)], [b"x" * 200 + b"\n"]])
def test_lines_beyond_the_limit_are_refused(pieces: list[bytes]) -> None:
    with pytest.raises(BadResponse):
        events_of(NdjsonReader(limit=100), pieces)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'\n\n  {"a": 1}', [(WHOLE, '{"a": 1}')]),
        (b"\xef\xbb\xbf[1]", [(WHOLE, "[1]")]),
        (b"data: 1\n\n", [("", "1")]),
        (b": comment\n\ndata: 1", [("", "1")]),
    ],
)
def test_a_body_is_judged_by_its_first_bytes(body: bytes, expected: list[Event]) -> None:
    for pieces in ([body], cut(body, list(range(len(body))))):
        assert events_of(BodyReader(), pieces) == expected


def test_json_lines_are_lines_where_the_wire_has_them_and_events_are_events_also_there() -> None:
    assert events_of(BodyReader(NdjsonReader()), [b'{"a":1}\n{"b":2}\n']) == [("", '{"a":1}'), ("", '{"b":2}')]
    assert events_of(BodyReader(NdjsonReader()), [b'data: {"a":1}\n\n']) == [("", '{"a":1}')]


READERS: list[Callable[[], Reader]] = [lambda: ChatReader(PROFILES["generic"]), MessagesReader, OllamaReader]


def chunks_of(make: Callable[[], Reader], pieces: list[bytes]) -> list[Chunk] | str:
    """What a whole pipeline yields, joined; or the class of its error."""
    reader = make()
    body = BodyReader(NdjsonReader() if make is OllamaReader else None)
    chunks: list[Chunk] = []
    try:
        for piece in pieces:
            chunks += read_events(body.feed(piece), reader, is_last=False)
        chunks += read_events(body.end(), reader, is_last=True)
        chunks += reader.assembly.end()
    except ProviderError as error:
        return type(error).__name__
    return chunks


FIELDS = re.findall(
    r"\w+",
    """choices delta message content index finish_reason usage type error tool_calls function name arguments id reasoning prompt_tokens
    completion_tokens text thinking content_block input partial_json stop_reason done done_reason response input_tokens output_tokens
    prompt_eval_count eval_count signature data details metadata raw detail loc""",
)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["", "\ud83d", "stop", "<think>"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(FIELDS),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
TYPES = st.sampled_from(
    [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
        "error",
        "ping",
    ]
)


@given(st.binary(max_size=300) | LINES, st.sampled_from(READERS))
def test_no_bytes_at_all_raise_anything_but_a_provider_error(body: bytes, make: Callable[[], Reader]) -> None:
    chunks_of(make, [body])
    chunks_of(make, [b"data: ", body, b"\n\n"])


@given(st.lists(JSON_VALUES, max_size=5), TYPES, st.sampled_from(READERS))
def test_no_json_at_all_raises_anything_but_a_provider_error(
    values: list[object], kind: str, make: Callable[[], Reader]
) -> None:
    typed = [{"type": kind, "index": 0, **value} if isinstance(value, dict) else value for value in values]
    for document in (*values, *typed):
        line = json.dumps(document).encode()
        chunks_of(make, [line])
        chunks_of(make, [b"data: " + line + b"\n\n"])
    chunks_of(make, [json.dumps(value).encode() + b"\n" for value in typed])


@given(CUTS, st.sampled_from(range(3)))
def test_chunks_are_the_same_however_the_bytes_are_cut(cuts: list[int], at: int) -> None:
    body = b"".join(step for step in DIALECTS[at].whole.steps if isinstance(step, bytes))

    assert chunks_of(READERS[at], cut(body, [place * 7 for place in cuts])) == chunks_of(READERS[at], [body])
