"""`hawkmoth store` and the end of sessions, as the command line does it."""

from __future__ import annotations

import json
import random
from typing import TYPE_CHECKING

import pytest

from tests.headless.shell import MODEL, answer, configure, hawkmoth
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def lab(home: Path) -> AsyncIterator[ScriptedServer]:
    """A provider that answers every prompt."""
    async with ScriptedServer(answer=lambda _: answer("hello")) as server:
        configure(home, server.url)
        yield server


def ids(text: str) -> list[str]:
    document = json.loads(text)
    return [str(each["id"]) for each in document]


def spoil(home: Path) -> bytes:
    """Noise over one page in the middle; what the file is then."""
    store = bytearray((home / "hawkmoth.db").read_bytes())
    middle = len(store) // 2 // 4096 * 4096
    store[middle : middle + 4096] = random.Random(1).randbytes(4096)
    (home / "hawkmoth.db").write_bytes(store)
    return bytes(store)


def holding(home: Path, words: str) -> list[str]:
    """Names of the files that tell these words."""
    return [file.name for file in home.rglob("*") if file.is_file() and words.encode() in file.read_bytes()]


def aside(home: Path) -> list[bytes]:
    return [file.read_bytes() for file in home.glob("hawkmoth.db.*ed-*") if not file.name.endswith(("-wal", "-shm"))]


async def test_a_damaged_store_comes_back_with_what_was_said_since(lab: ScriptedServer, home: Path) -> None:
    await hawkmoth("ask", "--model", MODEL, "about moths")
    copied = await hawkmoth("store", "backup")
    assert (copied.code, len(holding(home / "backups", "about moths"))) == (0, 1)
    damaged = spoil(home)
    assert (await hawkmoth("store", "check")).code == 1
    listed = await hawkmoth("sessions", "list")
    assert (listed.code, "store restore" in listed.last_line) == (5, True)

    asked = await hawkmoth("ask", "--model", MODEL, "about bats")

    assert (asked.code, "store restore" in asked.said) == (0, True)
    assert aside(home) == [damaged]
    restored = await hawkmoth("store", "restore", "--json")
    assert restored.code == 0, restored.said
    told = (await hawkmoth("sessions", "export", "--all")).text
    assert told.index("about moths") < told.index("about bats")
    assert (await hawkmoth("store", "check", "--full")).code == 0
    assert aside(home) == [damaged]


async def test_a_session_is_deleted_brought_back_and_purged(lab: ScriptedServer, home: Path) -> None:
    await hawkmoth("ask", "--model", MODEL, "a plum secret")
    (session,) = ids((await hawkmoth("sessions", "list", "--json")).text)
    cost = (await hawkmoth("cost", "--json")).document["total_usd"]

    assert (await hawkmoth("sessions", "delete", session)).code == 0

    assert ids((await hawkmoth("sessions", "list", "--deleted", "--json")).text) == [session]
    assert (await hawkmoth("sessions", "show", session)).code == 2
    assert (await hawkmoth("sessions", "undelete", session)).code == 0
    assert "plum" in (await hawkmoth("sessions", "show", session)).text
    await hawkmoth("store", "backup")
    purged = await hawkmoth("sessions", "purge", session)
    assert (purged.code, purged.said) == (0, "")
    assert holding(home, "plum secret") == []
    assert (await hawkmoth("cost", "--json")).document["total_usd"] == cost


@pytest.mark.parametrize(
    "words", [("store", "backup"), ("store", "check"), ("sessions", "purge"), ("sessions", "purge", "x")]
)
async def test_what_cannot_be_done_is_told_in_one_line(words: tuple[str, ...], home: Path) -> None:
    done = await hawkmoth(*words)

    assert (done.code, done.text, len(done.said.splitlines())) == (2, "", 1)


async def test_a_copy_is_made_where_it_is_asked_for(lab: ScriptedServer, home: Path, tmp_path: Path) -> None:
    await hawkmoth("ask", "--model", MODEL, "hi")

    done = await hawkmoth("store", "backup", str(tmp_path / "copy.db"), "--json")

    assert done.document["file"] == str(tmp_path / "copy.db")
    again = await hawkmoth("store", "backup", str(tmp_path / "copy.db"))
    assert (again.code, "exists already" in again.last_line) == (5, True)


async def test_a_check_tells_what_is_kept_and_for_how_long(lab: ScriptedServer, home: Path) -> None:
    await hawkmoth("ask", "--model", MODEL, "hi")
    before = await hawkmoth("store", "check")
    await hawkmoth("store", "backup")
    with (home / "config.toml").open("a") as config:
        config.write("[session]\nretain_days = 365\nkeep_deleted_days = 1\n")
    after = await hawkmoth("store", "check")
    document = (await hawkmoth("store", "check", "--json")).document

    assert "daily copies: none yet" in before.text
    assert "sessions are kept for ever, deleted ones purged after 30 days" in before.text
    assert "daily copies: 1, the newest" in after.text
    assert "deleted when they were not used for 365 days, deleted ones purged after 1 day (" in after.text
    assert (document["retain_days"], document["keep_deleted_days"], len(str(document["copies"]).split(","))) == (
        365,
        1,
        1,
    )
