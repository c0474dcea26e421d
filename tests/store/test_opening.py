"""Opening the store: private files, and a clear refusal of everything that is not a store of ours."""

from __future__ import annotations

import asyncio
import os
import random
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.errors import Corrupt, DiskFull, SchemaTooNew, StoreError, StoreLocked
from hawkmoth_tui.store import db, filesystems
from hawkmoth_tui.store.migrations import MIGRATIONS
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.presence import Presence
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def open_store(path: Path) -> Store:
    return Store.open(path, owner=this_process(), clock_ms=lambda: 5000)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def fill(path: Path) -> None:
    async def write() -> None:
        await store.create_session(samples.session())
        for number in range(20):
            await store.start_turn(samples.turn(f"t{number}", "hello " * 1000))

    store = open_store(path)
    asyncio.run(write())
    store.close()


@pytest.fixture
def umask() -> Iterator[Callable[[int], int]]:
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


@pytest.fixture
def filled(path: Path) -> Path:
    """A closed store with a session and twenty turns."""
    fill(path)
    return path


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
async def test_files_and_folders_are_private_under_any_umask(
    tmp_path: Path, umask: Callable[[int], int], mask: int
) -> None:
    umask(mask)
    path = tmp_path / "new" / "deep" / "hawkmoth.db"

    store = open_store(path)
    await store.create_session(samples.session())
    during = modes(path.parent)
    store.backup(path.with_name("copy.db"))
    store.close()

    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert during == dict.fromkeys(["hawkmoth.db", "hawkmoth.db-wal", "hawkmoth.db-shm"], 0o600)
    assert modes(path.parent) == dict.fromkeys(["hawkmoth.db", "copy.db"], 0o600)


def test_a_store_that_others_could_read_is_made_private(filled: Path) -> None:
    filled.chmod(0o644)

    open_store(filled).close()

    assert stat.S_IMODE(filled.stat().st_mode) == 0o600


def test_an_empty_file_is_a_new_store(path: Path) -> None:
    path.touch()

    store = open_store(path)

    assert store.sessions() == ()
    store.close()


def test_the_file_says_whose_it_is_and_uses_a_write_ahead_log(store: Store, path: Path) -> None:
    with apsw.Connection(str(path)) as connection:
        assert connection.pragma("application_id") == 0x686D7468
        assert connection.pragma("user_version") == len(MIGRATIONS)
        assert connection.pragma("journal_mode") == "wal"


def test_a_newer_store_is_left_untouched(filled: Path) -> None:
    with apsw.Connection(str(filled)) as connection:
        connection.pragma("user_version", 999_999)
    before = filled.read_bytes()

    with pytest.raises(SchemaTooNew, match="newer Hawkmoth"):
        open_store(filled)

    assert filled.read_bytes() == before


def test_a_newer_store_with_a_log_beside_it_is_left_untouched(filled: Path) -> None:
    with apsw.Connection(str(filled)) as newer:
        newer.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        newer.execute("PRAGMA user_version = 999999; CREATE TABLE from_the_future (x)")
    newer.close()
    log = filled.with_name("hawkmoth.db-wal")
    before = filled.read_bytes(), log.read_bytes()

    with pytest.raises(SchemaTooNew):
        open_store(filled)

    assert (filled.read_bytes(), log.read_bytes()) == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"hello, I am not a database\n" * 100,
        lambda whole: b"NOT A DATABASE!!" * 6 + whole[96:],
        lambda whole: whole[:100] + random.Random(1).randbytes(len(whole) - 100),
    ],
    ids=["text", "header", "all pages"],
)
def test_a_damaged_file_is_left_as_it_is(filled: Path, damage: Callable[[bytes], bytes]) -> None:
    filled.write_bytes(damage(filled.read_bytes()))
    before = filled.read_bytes()

    with pytest.raises(Corrupt, match="damaged"):
        open_store(filled)

    assert filled.read_bytes() == before


def test_half_a_file_is_found_damaged(filled: Path) -> None:
    os.truncate(filled, filled.stat().st_size // 2)

    with pytest.raises(Corrupt):
        open_store(filled).close()


def test_noise_in_the_middle_is_found_by_the_check(filled: Path) -> None:
    whole = bytearray(filled.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 4096] = random.Random(1).randbytes(4096)
    filled.write_bytes(whole)

    store = open_store(filled)

    assert store.check()
    store.close()


async def test_a_whole_store_passes_the_check(any_store: Store) -> None:
    await any_store.create_session(samples.session())

    assert any_store.check() == ()


def test_a_database_of_another_program_is_left_untouched(path: Path) -> None:
    with apsw.Connection(str(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(StoreError, match="another program"):
        open_store(path)

    assert path.read_bytes() == before


def test_garbage_for_a_log_costs_nothing(filled: Path) -> None:
    filled.with_name("hawkmoth.db-wal").write_bytes(random.Random(2).randbytes(40_000))

    store = open_store(filled)

    assert len(store.turns("s1")) == 20
    assert store.check() == ()
    store.close()


async def test_a_locked_store_says_so(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_TIMEOUT_S", 0.05)
    store = open_store(filled)
    other = apsw.Connection(str(filled))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StoreLocked, match="another process"):
        await store.save_draft("", "hello")

    other.execute("ROLLBACK")
    await store.save_draft("", "hello again")
    assert store.draft("") == "hello again"
    other.close()
    store.close()


@pytest.mark.parametrize(
    ("kind", "journal"), [("nfs4", "delete"), ("fuse.sshfs", "delete"), ("ext4", "wal"), ("", "wal")]
)
async def test_on_a_network_the_store_does_without_a_write_ahead_log(
    path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, journal: str
) -> None:
    open_store(path).close()
    monkeypatch.setattr(filesystems, "_kind", lambda _: kind)
    store = open_store(path)
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())

    with closing(apsw.Connection(str(path))) as connection:
        assert connection.pragma("journal_mode") == journal
    assert len(store.turns("s1")) == 1
    store.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads Linux's list of mounts")
def test_the_deepest_mount_tells_the_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n"
        f"30 22 0:40 / {tmp_path} rw,relatime shared:2 - nfs4 server:/home rw\n"
        f"31 30 0:41 / {tmp_path}/with\\040space rw - cifs //server/share rw\n"
    )
    monkeypatch.setattr(filesystems, "_MOUNTS", mounts)

    assert filesystems.network_of(tmp_path / "home") == "nfs4"
    assert filesystems.network_of(tmp_path / "with space" / "home") == "cifs"
    assert filesystems.network_of(tmp_path.parent) == ""
    monkeypatch.setattr(filesystems, "_MOUNTS", tmp_path / "missing")
    assert filesystems.network_of(tmp_path) == ""


def test_a_symbolic_link_for_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "link").symlink_to("real")

    with pytest.raises(StoreError, match="symbolic link"):
        open_store(tmp_path / "link" / "hawkmoth.db")


def test_a_symbolic_link_for_the_file_is_refused(path: Path, tmp_path: Path) -> None:
    path.symlink_to(tmp_path / "elsewhere.db")

    with pytest.raises(StoreError, match="symbolic link"):
        open_store(path)

    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_folder_that_others_may_write_is_refused(path: Path, mode: int) -> None:
    path.parent.chmod(mode)

    with pytest.raises(StoreError, match="other users may write") as told:
        open_store(path)

    assert "chmod go-w" in told.value.hint


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(path: Path) -> None:
    os.chown(path.parent, 12345, 12345)

    with pytest.raises(StoreError, match="another user"):
        open_store(path)


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError):
        open_store(tmp_path / "file" / "hawkmoth.db")
    with pytest.raises(StoreError):
        open_store(tmp_path / "file" / "deep" / "hawkmoth.db")


def test_a_folder_where_the_file_should_be_is_refused(path: Path) -> None:
    path.mkdir()

    with pytest.raises(StoreError, match="in the way"):
        open_store(path)


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    open_store(small_disk / "hawkmoth.db").close()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)

    with pytest.raises(DiskFull, match="cannot be"):
        open_store(small_disk / "hawkmoth.db")
    with pytest.raises(DiskFull, match="cannot be"):
        open_store(small_disk / "new.db")
    with pytest.raises(DiskFull, match="cannot be"):
        open_store(small_disk / "new" / "hawkmoth.db")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(filled: Path) -> None:
    filled.chmod(0o400)
    filled.parent.chmod(0o500)

    with pytest.raises(DiskFull, match="cannot be"):
        open_store(filled)

    filled.parent.chmod(0o700)


def test_every_refusal_is_one_line_with_something_to_do(path: Path) -> None:
    path.write_text("not a database\n" * 100)

    with pytest.raises(StoreError) as told:
        open_store(path)

    assert "\n" not in str(told.value)
    assert len(str(told.value)) <= 300 + len(str(path))
    assert told.value.hint


async def test_a_backup_is_the_same_store(store: Store, tmp_path: Path) -> None:
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    copy = tmp_path / "copy.db"
    copy.parent.chmod(0o700)

    store.backup(copy)

    backup = open_store(copy)
    assert backup.turns("s1") == store.turns("s1")
    assert backup.check() == ()
    backup.close()
    with pytest.raises(StoreError, match="exists already"):
        store.backup(copy)


async def test_what_is_in_memory_can_be_saved_to_a_file(path: Path) -> None:
    memory = Store.open(None, owner=this_process(), clock_ms=lambda: 5000)
    await memory.create_session(samples.session(title="kept"))

    memory.backup(path)
    memory.close()

    store = open_store(path)
    session = store.session("s1")
    assert session is not None
    assert session.title == "kept"
    store.close()


def test_a_share_of_the_folder_is_given_back_once(tmp_path: Path) -> None:
    share = Presence(tmp_path)
    share.end()
    other = os.open(tmp_path, os.O_RDONLY)
    try:
        share.end()

        assert os.fstat(other).st_ino == tmp_path.stat().st_ino
    finally:
        os.close(other)
