"""A server's refusal becomes the narrowest error, with the server's own words, whatever shape they come in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import (
    AuthFailed,
    ContextTooLong,
    Overloaded,
    ProviderError,
    RateLimited,
    Refused,
    StreamBroken,
)
from hawkmoth_tui.providers.complaints import complaint_in
from hawkmoth_tui.providers.failures import RETRYABLE, from_document, from_status
from hawkmoth_tui.providers.retry_after import retry_after_s
from hawkmoth_tui.settings.schema import Protocol
from tests.providers.dialects import CHAT, DIALECTS, TEXT
from tests.providers.hearing import hear, opened
from tests.servers.scripted import Framing, Reply, ScriptedServer, sse, whole

if TYPE_CHECKING:
    from hawkmoth_tui.providers.door import HttpDoor
    from tests.providers.dialects import Dialect

NOW_S = 1_700_000_000.0


def refusal(status: int, document: object, headers: dict[str, str] | None = None) -> ProviderError:
    return from_status(status, headers or {}, json.dumps(document).encode(), NOW_S)


SHAPES: list[tuple[bytes, str]] = [
    (b'{"error": {"message": "no", "type": "x", "code": "y", "param": null}}', "no"),
    (b'{"error": "no"}', "no"),
    (b'{"code": "invalid-argument", "error": "no"}', "no"),
    (b'{"message": "no", "type_": "invalid_request_error"}', "no"),
    (b'{"id": "1", "message": "no"}', "no"),
    (b'{"detail": "no"}', "no"),
    (
        b'{"detail": [{"type": "missing", "loc": ["body", "messages"], "msg": "Field required"}]}',
        "body.messages: Field required",
    ),
    (b'{"object": "error", "message": "no", "code": 400}', "no"),
    (b'{"object": "error", "message": {"detail": [{"loc": ["body", "n"], "msg": "bad"}]}}', "body.n: bad"),
    (b'[{"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}]', "no"),
    (b'{"type": "error", "error": {"type": "api_error", "message": "no"}, "request_id": "r"}', "no"),
    (
        b'{"error": {"message": "Provider returned error", "metadata": {"raw": "{\\"error\\":{\\"message\\":\\"why\\"}}"}}}',
        "Provider returned error: why",
    ),
    (b'{"error": {"message": "{\\"error\\": {\\"message\\": \\"inner\\"}}"}}', "inner"),
    (b'{"errors": [{"message": "first"}, {"message": "second"}]}', "first; second"),
    (b"error code: 524", "error code: 524"),
    (b"  upstream connect error\n or   reset \n", "upstream connect error or reset"),
    (b'{"error": {"message": "half', '{"error": {"message": "half'),
    (b'{"error": {"message": "a \xff b"}}', "a � b"),
    (b'{"error": {"message": "x \\ud83d y"}}', "x � y"),
    (b'{"error": {"message": "\\u001b]0;pwn\\u0007 \\u202eevil"}}', "␛]0;pwn␇ ⁇evil"),
    (b'{"error": null}', "the server answered 400 without saying why"),
    (b'{"error": {}}', "the server answered 400 without saying why"),
    (b'{"error": {"message": 5}}', "the server answered 400 without saying why"),
    (b"", "the server answered 400 without saying why"),
    (b"null", "null"),
    (b"<html><h1>Bad Request</h1></html>", "the server answered 400 with a web page (Bad Request)"),
    (b"<html></html>", "the server answered 400 with a web page"),
]


@pytest.mark.parametrize(("body", "words"), SHAPES)
def test_every_shape_of_error_gives_the_servers_words(body: bytes, words: str) -> None:
    error = from_status(400, {}, body, NOW_S)

    assert error.message == words
    assert error.status == 400
    assert not error.is_retryable


@pytest.mark.parametrize(
    "body",
    [b"[" * 100_000, b'{"error": ' * 50_000, b'{"error": "' + b"x" * 100_000 + b'"}', b'{"a": 1' + b"0" * 9000 + b"}"],
)
def test_hostile_errors_stay_short_words(body: bytes) -> None:
    assert 0 < len(from_status(400, {}, body, NOW_S).message) <= 1000


@given(
    st.binary(max_size=200) | st.text(max_size=50).map(lambda text: json.dumps({"error": {"message": text}}).encode())
)
def test_no_error_body_raises_and_its_words_are_one_printable_line(body: bytes) -> None:
    words = complaint_in(body).words

    assert "\n" not in words
    words.encode()


KINDS: list[tuple[int, object, type[ProviderError], bool]] = [
    (400, {"error": "bad parameter"}, Refused, False),
    (400, {"error": {"message": "Incorrect API key provided: x"}}, AuthFailed, False),
    (
        400,
        [
            {
                "error": {
                    "code": 400,
                    "message": "API key not valid. Please pass a valid API key.",
                    "status": "INVALID_ARGUMENT",
                }
            }
        ],
        AuthFailed,
        False,
    ),
    (
        400,
        {"error": {"message": "This model's maximum context length is 8192 tokens", "code": "context_length_exceeded"}},
        ContextTooLong,
        False,
    ),
    (
        400,
        {
            "type": "error",
            "error": {"type": "invalid_request_error", "message": "prompt is too long: 210000 tokens > 200000 maximum"},
        },
        ContextTooLong,
        False,
    ),
    (
        400,
        {
            "error": {
                "code": 400,
                "type": "exceed_context_size_error",
                "message": "the request exceeds the available context size",
            }
        },
        ContextTooLong,
        False,
    ),
    (
        400,
        {"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}},
        RateLimited,
        False,
    ),
    (401, {"detail": "Invalid API Key"}, AuthFailed, False),
    (402, {"error": {"code": 402, "message": "Insufficient credits"}}, RateLimited, False),
    (403, {"error": {"message": "Your key may not use this model"}}, AuthFailed, False),
    (403, {"error": {"code": 403, "message": "Your input was flagged by moderation"}}, Refused, False),
    (404, {"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}, Refused, False),
    (408, {"error": "timeout"}, Overloaded, True),
    (409, {"error": "conflict"}, Overloaded, True),
    (
        413,
        {
            "error": {
                "type": "tokens",
                "code": "rate_limit_exceeded",
                "message": "Request too large, Limit 6000, Requested 9000",
            }
        },
        RateLimited,
        False,
    ),
    (413, {"error": {"message": "input is too long"}}, ContextTooLong, False),
    (413, {"error": {"message": "payload"}}, Refused, False),
    (429, {"error": {"type": "requests", "code": "rate_limit_exceeded", "message": "slow down"}}, RateLimited, True),
    (429, {"error": {"type": "insufficient_quota", "message": "You exceeded your current quota"}}, RateLimited, False),
    (500, {"error": {"type": "server_error", "message": "Context size has been exceeded."}}, ContextTooLong, False),
    (500, {"error": "oops"}, Overloaded, True),
    (501, {"error": "never"}, Overloaded, False),
    (503, {"error": {"code": 503, "message": "Loading model", "type": "unavailable_error"}}, Overloaded, True),
    (524, "error code: 524", Overloaded, True),
    (529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, Overloaded, True),
]


@pytest.mark.parametrize(("status", "document", "kind", "is_retryable"), KINDS)
def test_status_and_words_choose_the_error(
    status: int, document: object, kind: type[ProviderError], is_retryable: bool
) -> None:
    error = refusal(status, document)

    assert type(error) is kind
    assert error.is_retryable is is_retryable
    assert error.status == status
    assert error.hint or kind is AuthFailed


@given(st.integers(min_value=400, max_value=599))
def test_every_error_status_is_an_error_and_only_some_are_tried_again(status: int) -> None:
    error = from_status(status, {}, b"words", NOW_S)

    assert error.is_retryable is (status in RETRYABLE)
    assert error.message == "words"


def test_a_server_may_say_itself_whether_to_try_again() -> None:
    assert not refusal(503, {"error": "x"}, {"x-should-retry": "false"}).is_retryable
    assert refusal(400, {"error": "x"}, {"x-should-retry": "true"}).is_retryable
    assert not refusal(401, {"error": "x"}, {"x-should-retry": "true"}).is_retryable


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 0.5 "}, 0.5),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "86400"}, 86400.0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "1e309"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon\xe9"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Tue, 14 Nov 2023 22:13:50 GMT"}, 30.0),
        ({"retry-after": "Tue, 14 Nov 2000 22:13:50 GMT"}, 0.0),
        ({"retry-after": "Tue, 99 Nov 99999 22:13:50 GMT"}, None),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({}, None),
    ],
)
def test_how_long_to_wait_is_read_or_ignored(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_s(headers, NOW_S) == seconds
    assert refusal(429, {"error": "x"}, headers).retry_after_s == seconds


@given(st.text(max_size=30))
def test_no_wait_header_raises_or_is_negative(said: str) -> None:
    seconds = retry_after_s({"retry-after": said}, NOW_S)

    assert seconds is None or 0 <= seconds < float("inf")


def test_a_wait_inside_the_body_is_read() -> None:
    document = {"error": {"code": 429, "message": "slow", "details": [{"@type": "x"}, {"retryDelay": "17s"}]}}

    assert refusal(429, document).retry_after_s == 17.0


@pytest.mark.parametrize(
    ("document", "kind", "is_retryable"),
    [
        ({"error": {"code": 502, "message": "Provider returned error"}}, Overloaded, True),
        ({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, Overloaded, True),
        ({"type": "error", "error": {"type": "rate_limit_error", "message": "slow"}}, RateLimited, True),
        ({"type": "error", "error": {"type": "authentication_error", "message": "who"}}, AuthFailed, False),
        ({"type": "error", "error": {"type": "invalid_request_error", "message": "bad"}}, Refused, False),
        ({"error": {"message": "quota exceeded", "type": "insufficient_quota"}}, RateLimited, False),
        (
            {"error": {"message": "Tool choice is required", "code": "tool_use_failed", "status_code": 400}},
            Refused,
            False,
        ),
        ({"error": "The model has crashed"}, Overloaded, True),
    ],
)
def test_an_error_inside_a_200_is_read_by_its_own_code(
    document: object, kind: type[ProviderError], is_retryable: bool
) -> None:
    error = from_document(document)

    assert type(error) is kind
    assert error.is_retryable is is_retryable
    assert error.status == 200


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.protocol.value)
async def test_an_error_instead_of_an_answer_is_an_error_also_with_status_200(dialect: Dialect, door: HttpDoor) -> None:
    for document in ({"error": {"message": "quite broken", "code": 502}}, {"error": "quite broken"}):
        async with ScriptedServer(whole(document)) as server:
            heard = await hear(opened(door, server.url, dialect.protocol))

        assert isinstance(heard.error, Overloaded)
        assert heard.error.message == "quite broken"
        assert heard.chunks == []


@pytest.mark.parametrize(
    ("protocol", "event"),
    [
        (Protocol.OPENAI_CHAT, sse({"error": {"message": "Overloaded", "code": 529}})[0]),
        (
            Protocol.OPENAI_CHAT,
            sse(
                {
                    "error": {"message": "Overloaded", "code": 529},
                    "choices": [{"index": 0, "delta": {}, "finish_reason": "error"}],
                }
            )[0],
        ),
        (Protocol.OPENAI_CHAT, sse({"message": "Overloaded"}, name="error")[0]),
        (Protocol.OPENAI_CHAT, b'error: {"code": 529, "message": "Overloaded"}\n\n'),
        (
            Protocol.ANTHROPIC_MESSAGES,
            sse({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}, name="error")[0],
        ),
        (Protocol.OLLAMA, b'{"error": "Overloaded"}\n'),
    ],
)
async def test_an_error_in_mid_answer_keeps_the_text_and_the_words(
    protocol: Protocol, event: bytes, door: HttpDoor
) -> None:
    dialect = next(dialect for dialect in DIALECTS if dialect.protocol is protocol)

    async with ScriptedServer(Reply((*dialect.unfinished, event, *sse(end="[DONE]")))) as server:
        heard = await hear(opened(door, server.url, protocol))

    assert isinstance(heard.error, Overloaded)
    assert heard.error.message == "Overloaded"
    assert heard.text == TEXT
    assert heard.reason is None


async def test_a_server_that_finishes_with_an_error_did_not_finish(door: HttpDoor) -> None:
    failing = sse(
        {"choices": [{"index": 0, "delta": {}, "finish_reason": "insufficient_system_resource"}]}, end="[DONE]"
    )

    async with ScriptedServer(Reply((*CHAT.unfinished, *failing))) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, StreamBroken)
    assert heard.text == TEXT


async def test_an_error_status_is_read_whatever_its_content_type(door: HttpDoor) -> None:
    reply = Reply(
        sse({"error": {"message": "slow down"}}), 429, {"content-type": "text/event-stream", "retry-after": "3"}
    )

    async with ScriptedServer(reply) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, RateLimited)
    assert heard.error.retry_after_s == 3.0


async def test_a_compressed_error_is_read(door: HttpDoor) -> None:
    reply = Reply((b'{"error": "no such thing"}',), 400, framing=Framing.CHUNKED).compressed()

    async with ScriptedServer(reply) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, Refused)
    assert heard.error.message == "no such thing"


async def test_a_retry_after_on_a_good_answer_means_nothing(door: HttpDoor) -> None:
    async with ScriptedServer(Reply(CHAT.whole.steps, headers={"retry-after": "60"})) as server:
        heard = await hear(opened(door, server.url))

    assert heard.error is None


def test_a_missing_path_points_at_the_base_url() -> None:
    assert "base_url" in from_status(404, {}, b"<html><title>nginx</title>", NOW_S).hint
    assert isinstance(from_status(404, {}, b"", NOW_S), Refused)
    assert "model" in refusal(404, {"error": {"message": "model 'x' not found"}}).hint
