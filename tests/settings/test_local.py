"""The built-in entry that has no server, and a user's own server of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.secrets.chain import find_key
from hawkmoth_tui.settings.builtin import LOCAL_PROVIDER
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import ProviderSettings


def provider(home: Path, text: str, name: str = "local") -> ProviderSettings:
    (home / "config.toml").write_text(text, "utf-8")
    return load({"HAWKMOTH_HOME": str(home)}).settings.providers[name]


def test_it_is_there_without_a_configuration_and_needs_no_key(home: Path) -> None:
    local = load({"HAWKMOTH_HOME": str(home)}).settings.providers["local"]

    assert local is LOCAL_PROVIDER
    assert not find_key(local, {}).is_needed


def test_a_file_about_something_else_leaves_it_in_place(home: Path) -> None:
    assert provider(home, '[routing]\ndefault = "auto"\n') == LOCAL_PROVIDER


def test_a_server_of_that_name_takes_its_place_whole(home: Path) -> None:
    own = provider(home, '[providers.local]\nprotocol = "openai-chat"\nbase_url = "http://127.0.0.1:9000/v1"\n')

    assert (own.protocol, own.api_key, own.models, own.is_builtin) == (Protocol.OPENAI_CHAT, None, (), False)


def test_it_can_be_had_under_another_name_without_an_address(home: Path) -> None:
    own = provider(home, '[providers.me]\nprotocol = "local"\n', "me")

    assert (own.protocol, own.base_url) == (Protocol.LOCAL, "")
    assert not find_key(own, {}).is_needed


OLLAMA = '[providers.ollama]\nprotocol = "ollama"\nbase_url = "http://127.0.0.1:11434"\n'


@pytest.mark.parametrize("stay", ["30m", "0", "-1", "90", "1h30m", "500ms"])
def test_how_long_a_model_stays_loaded_is_taken_as_ollama_writes_it(home: Path, stay: str) -> None:
    assert provider(home, f'{OLLAMA}keep_alive = "{stay}"\n', "ollama").keep_alive == stay


@pytest.mark.parametrize("stay", ["soon", "5 minutes", "-5m", "1.5h", "m"])
def test_what_is_no_time_is_refused(home: Path, stay: str) -> None:
    with pytest.raises(ConfigError, match="keep_alive"):
        provider(home, f'{OLLAMA}keep_alive = "{stay}"\n', "ollama")
