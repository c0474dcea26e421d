"""The small pure parts: proxies, decompression, masking, tool ids."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import BadResponse
from hawkmoth_tui.providers.decoding import PIECE_BYTES, decoder_for
from hawkmoth_tui.providers.door import Letter
from hawkmoth_tui.providers.masking import without_keys
from hawkmoth_tui.providers.proxies import proxy_for
from hawkmoth_tui.providers.tool_calls import ANTHROPIC_ID, ANY_ID, MISTRAL_ID, arguments_record
from hawkmoth_tui.settings.schema import Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("url", "env", "proxy"),
    [
        ("https://api.example/v1", {"HTTPS_PROXY": PROXY}, PROXY),
        ("https://api.example/v1", {"https_proxy": PROXY}, PROXY),
        ("https://api.example/v1", {"HTTPS_PROXY": "proxy.example:3128"}, PROXY),
        ("https://api.example/v1", {"HTTP_PROXY": PROXY}, None),
        ("http://api.example/v1", {"HTTP_PROXY": PROXY}, PROXY),
        ("https://api.example/v1", {"ALL_PROXY": PROXY}, PROXY),
        ("https://api.example/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "*"}, None),
        ("https://api.example/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "other, api.example"}, None),
        ("https://a.api.example/v1", {"HTTPS_PROXY": PROXY, "no_proxy": ".api.example"}, None),
        ("https://a.api.example/v1", {"HTTPS_PROXY": PROXY, "no_proxy": "*.api.example"}, None),
        ("https://myapi.example/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example"}, PROXY),
        ("https://10.1.2.3/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "10.0.0.0/8"}, None),
        ("https://api.example:8443/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example:8443"}, None),
        ("https://api.example/v1", {"HTTPS_PROXY": PROXY, "NO_PROXY": "api.example:8443"}, PROXY),
        ("http://127.0.0.1:8000/v1", {"HTTP_PROXY": PROXY, "ALL_PROXY": PROXY}, None),
        ("http://localhost:8000/v1", {"HTTP_PROXY": PROXY}, None),
        ("http://[::1]:8000/v1", {"HTTP_PROXY": PROXY}, None),
        ("https://api.example/v1", {}, None),
    ],
)
def test_the_proxy_is_the_environments_unless_it_is_exempt_or_here(
    url: str, env: dict[str, str], proxy: str | None
) -> None:
    assert proxy_for(url, env) == proxy


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "raw deflate": lambda body: zlib.compress(body, wbits=-15),
    "two members": lambda body: gzip.compress(body[:7]) + gzip.compress(body[7:]),
}


@given(st.binary(max_size=300), st.sampled_from(sorted(COMPRESSED)), st.integers(min_value=1, max_value=50))
def test_compressed_bodies_come_out_as_they_went_in(body: bytes, form: str, size: int) -> None:
    packed = COMPRESSED[form](body)
    decoder = decoder_for("deflate" if "deflate" in form else "gzip")

    pieces = [piece for at in range(0, len(packed), size) for piece in decoder.pieces(packed[at : at + size])]

    assert b"".join(pieces) == body


def test_what_unpacks_to_much_comes_in_bounded_pieces() -> None:
    pieces = list(decoder_for("gzip").pieces(gzip.compress(b"x" * 10**6)))

    assert max(len(piece) for piece in pieces) <= PIECE_BYTES
    assert b"".join(pieces) == b"x" * 10**6


@pytest.mark.parametrize("encoding", ["br", "zstd", "x-fault-42", "gzip, br"])
def test_other_compressions_are_refused(encoding: str) -> None:
    with pytest.raises(BadResponse):
        decoder_for(encoding)


@given(st.binary(max_size=200), st.sampled_from(["gzip", "deflate", ""]))
def test_no_bytes_raise_anything_but_a_provider_error(data: bytes, encoding: str) -> None:
    try:
        list(decoder_for(encoding).pieces(data))
    except BadResponse:
        return


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("key hunter2hunter2 refused", "key [key] refused"),
        ("Incorrect API key provided: hunt********************er2.", "Incorrect API key provided: [key]"),
        ("Your key ****-key is invalid", "Your key ****-key is invalid"),
        ("model sonoma-dusk-alpha is busy", "model sonoma-dusk-alpha is busy"),
        ("use **bold** here", "use **bold** here"),
    ],
)
def test_keys_and_their_remains_are_taken_out_and_nothing_else(words: str, left: str) -> None:
    assert without_keys(words, ["hunter2hunter2", "abc"]) == left


def test_a_letter_shows_neither_its_key_nor_its_words() -> None:
    headers = {"authorization": "Bearer hunter2hunter2"}
    letter = Letter("POST", "https://api.example/v1", headers, b"a secret prompt", None, None, Timeouts())

    assert "hunter2" not in repr(letter)
    assert "secret" not in repr(letter)


def test_a_key_across_the_place_where_words_are_cut_is_taken_out() -> None:
    words = one_line("x" * 90 + " hunter2hunter2 is no key", 100)

    assert words.endswith(" hunter2h…")
    assert without_keys(words, ["hunter2hunter2"]) == "x" * 90 + " [key]…"


@given(st.text(max_size=80))
def test_ids_always_fit_their_target_and_stay_the_same(id_: str) -> None:
    for form, pattern_length in ((ANY_ID, 40), (MISTRAL_ID, 9), (ANTHROPIC_ID, 64)):
        fitted = form.fit(id_)

        assert 1 <= len(fitted) <= pattern_length
        assert fitted.isascii()
        assert form.fit(id_) == fitted
        assert form.fit(fitted) == fitted


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ('{"a": 1}', {"a": 1}),
        ("", {}),
        ("[1]", {"arguments": "[1]"}),
        ('{"cut', {"arguments": '{"cut'}),
        ("[" * 9999, {"arguments": "[" * 9999}),
    ],
)
def test_arguments_become_an_object(arguments: str, expected: dict[str, object]) -> None:
    assert arguments_record(arguments) == expected
