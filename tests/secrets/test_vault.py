"""The encrypted key file: what it keeps, how it opens, and what it refuses."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.vault import Vault

if TYPE_CHECKING:
    from pathlib import Path

KEY = Secret("sk-test-0123456789abcdef")
PASSPHRASE = Secret("correct horse battery")


@pytest.fixture
def passphrase_file(tmp_path: Path) -> Path:
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery\nnotes\n")
    file.chmod(0o600)
    return file


def made(folder: Path) -> Vault:
    """A vault with one key."""
    vault = Vault(folder / "data" / "keys.vault")
    vault.unlock(PASSPHRASE)
    vault.store("openai@api.openai.com", KEY)
    return vault


def test_a_stored_key_is_found_by_the_next_process_with_the_passphrase(tmp_path: Path, passphrase_file: Path) -> None:
    made(tmp_path)

    later = Vault(tmp_path / "data" / "keys.vault", str(passphrase_file))

    assert later.key("openai@api.openai.com").secret == KEY
    assert later.key("openai@api.openai.com").source == "key file"
    assert later.key("openai@evil.example").secret is None


def test_no_byte_of_a_key_is_on_the_disk_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made(tmp_path)
    finally:
        os.umask(before)

    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert all(KEY.reveal().encode() not in path.read_bytes() for path in files)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


def test_without_a_passphrase_it_is_locked_and_says_what_to_do(tmp_path: Path) -> None:
    made(tmp_path)

    finding = Vault(tmp_path / "data" / "keys.vault").key("openai@api.openai.com")

    assert finding.secret is None
    assert finding.problem == (
        "the encrypted key file is locked: /keys unlock in the workstation opens it, or name [secrets] passphrase_file"
    )


def test_an_absent_file_is_no_problem(tmp_path: Path) -> None:
    assert Vault(tmp_path / "keys.vault").key("a@b").problem == ""


def test_a_wrong_passphrase_changes_nothing(tmp_path: Path) -> None:
    made(tmp_path)
    file = tmp_path / "data" / "keys.vault"
    before = file.read_bytes()
    vault = Vault(file)

    with pytest.raises(UserError, match="does not open"):
        vault.unlock(Secret("something else"))
    with pytest.raises(UserError, match="locked"):
        vault.store("a@b", KEY)

    assert file.read_bytes() == before


def test_a_deleted_key_is_gone_and_the_others_stay(tmp_path: Path) -> None:
    vault = made(tmp_path)
    vault.store("groq@api.groq.com", Secret("gsk_0123456789abcdef0123"))

    assert vault.delete("openai@api.openai.com") is True
    assert vault.delete("openai@api.openai.com") is False
    assert vault.key("openai@api.openai.com").secret is None
    assert vault.key("groq@api.groq.com").secret is not None


def test_two_windows_that_store_lose_neither_key(tmp_path: Path, passphrase_file: Path) -> None:
    one = made(tmp_path)
    other = Vault(tmp_path / "data" / "keys.vault", str(passphrase_file))

    other.store("groq@api.groq.com", Secret("gsk_0123456789abcdef0123"))
    one.store("mistral@api.mistral.ai", KEY)

    for account in ("groq@api.groq.com", "mistral@api.mistral.ai", "openai@api.openai.com"):
        assert one.key(account).secret is not None


def test_a_short_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="at least 8"):
        Vault(tmp_path / "keys.vault").unlock(Secret("short"))


def test_a_passphrase_that_others_may_read_is_refused(tmp_path: Path, passphrase_file: Path) -> None:
    made(tmp_path)
    passphrase_file.chmod(0o644)

    finding = Vault(tmp_path / "data" / "keys.vault", str(passphrase_file)).key("openai@api.openai.com")

    assert finding.problem.startswith("others may read")


def test_a_wrong_passphrase_file_is_worked_on_once(tmp_path: Path, passphrase_file: Path) -> None:
    made(tmp_path)
    passphrase_file.write_text("something else")
    vault = Vault(tmp_path / "data" / "keys.vault", str(passphrase_file))

    first = vault.key("openai@api.openai.com").problem
    passphrase_file.write_text("correct horse battery")
    second = vault.key("openai@api.openai.com").problem

    assert "does not open" in first
    assert "does not open" in second


def test_damage_and_links_are_told_and_left_alone(tmp_path: Path, passphrase_file: Path) -> None:
    file = tmp_path / "keys.vault"
    file.write_text("{}")
    vault = Vault(file, str(passphrase_file))

    with pytest.raises(UserError, match="cannot be read"):
        vault.store("a@b", KEY)
    link = tmp_path / "link.vault"
    link.symlink_to(file)

    assert file.read_text() == "{}"
    assert "cannot be read" in Vault(link, str(passphrase_file)).key("a@b").problem
