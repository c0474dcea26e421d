"""Orders about keys: where one is stored, what wins over it, and what a list says."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.engine.keys import Keys, Place
from hawkmoth_tui.engine.opening import open_workstation
from hawkmoth_tui.secrets.vault import Vault
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.paths import paths_from
from hawkmoth_tui.settings.schema import Settings
from tests.engine.stations import answer, ask, model, provider, settings
from tests.secrets.rings import acting, ring
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
KEY = Secret("sk-test-0123456789abcdef")
SETTINGS = Settings(providers={spec.name: spec for spec in BUILTIN_PROVIDERS})


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """An empty one that is open."""
    vault = Vault(tmp_path / "keys.vault")
    vault.unlock(Secret("correct horse battery"))
    return vault


def test_a_key_goes_into_the_keyring_where_there_is_one(vault: Vault) -> None:
    entries: dict[str, str] = {}
    keys = Keys(SETTINGS, BUS, vault, ring(entries))

    kept = keys.store("openai", KEY)

    assert (kept.place, kept.host, kept.hidden_by) == (Place.KEYRING, "api.openai.com", "")
    assert entries == {"openai@api.openai.com": KEY.reveal()}
    assert not vault.exists


def test_without_a_keyring_it_goes_into_the_encrypted_file_and_that_is_said(vault: Vault) -> None:
    keys = Keys(SETTINGS, {}, vault, ring({}))

    kept = keys.store("openai", KEY)

    assert kept.place is Place.FILE
    assert "no desktop session bus" in kept.passed_over
    line = next(each for each in keys.lines() if each.provider == "openai")
    assert line.source == "key file"
    assert "no desktop session bus" in line.problem


def test_a_variable_that_wins_is_named(vault: Vault) -> None:
    keys = Keys(SETTINGS, {**BUS, "OPENAI_API_KEY": "sk-other-0123456789"}, vault, ring({}))

    assert keys.store("openai", KEY).hidden_by == "env OPENAI_API_KEY"


def test_only_the_keyring_means_only_the_keyring(vault: Vault) -> None:
    def locked() -> str | None:
        raise OSError

    with pytest.raises(UserError, match="keyring failed"):
        Keys(SETTINGS, BUS, vault, acting(locked)).store("openai", KEY, Place.KEYRING)
    assert not vault.exists


def test_a_key_is_deleted_wherever_it_is(vault: Vault) -> None:
    keys = Keys(SETTINGS, BUS, vault, ring({}))
    keys.store("openai", KEY)
    keys.store("openai", KEY, Place.FILE)

    assert keys.delete("openai") == ((Place.KEYRING, Place.FILE), "")
    assert keys.delete("openai") == ((), "")


@pytest.mark.parametrize("text", ["", "two words", "x" * 9000])
def test_what_cannot_be_a_key_is_refused_unseen(vault: Vault, text: str) -> None:
    with pytest.raises(UserError) as caught:
        Keys(SETTINGS, BUS, vault, ring({})).store("openai", Secret(text))

    assert not text or text not in str(caught.value)


def test_an_unknown_provider_is_told_the_names(vault: Vault) -> None:
    with pytest.raises(UserError, match="there are anthropic, cerebras"):
        Keys(SETTINGS, BUS, vault, ring({})).store("nobody", KEY)


async def test_every_use_of_a_key_is_in_the_audit_log_and_the_key_is_not(home: Path) -> None:
    async with ScriptedServer(answer()) as server:
        spec = replace(provider("lab", server.url, model("m")), api_key="env:LAB_KEY")
        opened = open_workstation(settings(spec), paths_from({"HAWKMOTH_HOME": str(home)}), {"LAB_KEY": KEY.reveal()})
        await opened.start(discover=False)
        await ask(opened, "hi")
        await opened.aclose()

    (file,) = (home / "log").glob("audit-*.jsonl")
    (line,) = [json.loads(line) for line in file.read_text().splitlines()]
    assert (line["what"], line["provider"], line["host"], line["purpose"]) == ("key used", "lab", "127.0.0.1", "answer")
    assert KEY.reveal() not in file.read_text()


@pytest.mark.parametrize(
    ("base_url", "api_key", "places"),
    [
        ("https://models.example/v1", None, (Place.KEYRING, Place.FILE)),
        ("https://models.example/v1", "keyring", (Place.KEYRING,)),
        ("https://models.example/v1", "env:LAB_KEY", ()),
        ("http://127.0.0.1:8000/v1", None, ()),
    ],
)
def test_a_key_is_stored_only_where_it_would_be_found(
    vault: Vault, base_url: str, api_key: str | None, places: tuple[Place, ...]
) -> None:
    spec = replace(provider("lab", base_url), api_key=api_key)
    keys = Keys(settings(spec), {}, vault, ring({}))

    assert keys.looked_at("lab") == places
    if Place.FILE in places:
        assert keys.store("lab", KEY).place is Place.FILE
    else:
        with pytest.raises(UserError):
            keys.store("lab", KEY)
        assert not vault.exists
