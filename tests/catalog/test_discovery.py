"""Where model servers are looked for on this machine."""

from __future__ import annotations

import pytest

from hawkmoth_tui.catalog.discovery import LOCAL_SERVERS, address, is_own_ollama, servers, unknown
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings

USUAL = "http://127.0.0.1:11434"


def spec(name: str, base_url: str, protocol: Protocol = Protocol.OLLAMA) -> ProviderSettings:
    return ProviderSettings(name, protocol, base_url)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("", USUAL),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("localhost", "http://localhost:11434"),
        ("0.0.0.0", USUAL),
        ("0.0.0.0:5000", "http://127.0.0.1:5000"),
        (":5000", "http://127.0.0.1:5000"),
        ("[::]:5000", "http://127.0.0.1:5000"),
        ("[::1]:5000", "http://[::1]:5000"),
        ('"http://127.0.0.1:5000"', "http://127.0.0.1:5000"),
        ("https://localhost", "https://localhost:443"),
        ("gpu.example.com:11434", USUAL),
        ("10.0.0.7", USUAL),
        ("ftp://127.0.0.1", USUAL),
        ("127.0.0.1:many", USUAL),
        ("http://[broken", USUAL),
    ],
)
def test_ollamas_own_variable_moves_it_on_this_machine_only(said: str, asked: str) -> None:
    looked_at = {server.name: server.base_url for server in servers({"OLLAMA_HOST": said})}

    assert looked_at.pop("ollama") == asked
    assert looked_at == {server.name: server.base_url for server in LOCAL_SERVERS if server.name != "ollama"}


def test_names_and_addresses_that_are_taken_are_not_tried() -> None:
    mine = spec("mine", "http://localhost:8000/v1", Protocol.OPENAI_CHAT)
    same_name = spec("lmstudio", "http://127.0.0.1:9999/v1", Protocol.OPENAI_CHAT)

    tried = unknown(LOCAL_SERVERS, {each.name: each for each in (mine, same_name)})

    assert [each.name for each in tried] == ["ollama", "llamacpp"]


def test_all_names_of_this_machine_are_one_address() -> None:
    urls = ("http://127.0.0.1:80/v1", "http://localhost/", "http://[::1]:80", "http://127.9.9.9")

    assert {address(url) for url in urls} == {("127.0.0.1", 80)}
    assert address("https://models.example/v1") == ("models.example", 443)
    assert address("http://[broken") != address("http://127.0.0.1:80")


@pytest.mark.parametrize(
    ("mine", "is_own"),
    [
        (spec("ollama", "http://localhost:11434"), True),
        (spec("box", "http://127.0.0.1:11434/v1"), True),
        (spec("ollama", "http://127.0.0.1:11435"), False),
        (spec("ollama", "http://10.0.0.7:11434"), False),
        (spec("ollama", "http://127.0.0.1:11434/v1", Protocol.OPENAI_CHAT), False),
    ],
)
def test_an_ollama_that_the_user_describes_is_the_one_that_would_be_found(mine: ProviderSettings, is_own: bool) -> None:
    assert is_own_ollama(mine) is is_own
