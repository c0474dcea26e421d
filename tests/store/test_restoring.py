"""What comes back of a damaged store, whatever page was hit, and in which order it stands then."""

from __future__ import annotations

import asyncio
import random
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.errors import SchemaTooNew
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.store import backups, damage, db, drafts, ledger, sessions, turns
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.salvage import salvage
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SESSIONS, TURNS = 12, 40
TABLES = ("session", "turn", "ledger", "prompt_history", "draft")


def write(path: Path) -> None:
    lengths, here = random.Random(1), this_process()
    database = db.open_database(path)
    with database.writing as connection:
        for session in range(SESSIONS):
            name, before = f"s{session}", None
            sessions.create(connection, samples.session(name, title=f"about {session}"))
            for number in range(TURNS):
                turn = samples.turn(
                    f"{name}-{number}", f"{number} " * lengths.randint(1, 900), session_id=name, parent=before
                )
                turns.start(connection, turn, here, 5000)
                answer = (Text("moth " * lengths.randint(1, 2000)),)
                turns.save(connection, replace(turn, state=TurnState.DONE, answer=answer, ended_at_ms=2000), here)
                ledger.append(connection, samples.row(turn.id, session_id=name, turn_id=turn.id))
                before = turn.id
            drafts.save_draft(connection, name, "half a thought")
    database.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A store of some megabytes."""
    folder = tmp_path_factory.mktemp("whole")
    folder.chmod(0o700)
    write(folder / "hawkmoth.db")
    return (folder / "hawkmoth.db").read_bytes()


def rows(path: Path) -> int:
    connection = apsw.Connection(str(path))
    counts = [next(iter(connection.execute(f"SELECT count(*) FROM {table}")))[0] for table in TABLES]
    connection.close()
    return sum(int(str(count)) for count in counts)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def lay(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    path.chmod(0o600)


def hurt(path: Path, whole: bytes, place: int) -> None:
    damaged = bytearray(whole)
    damaged[place : place + 4096] = random.Random(place).randbytes(4096)
    lay(path, bytes(damaged[: len(whole)]))


@pytest.mark.parametrize("share", [0, 0.0001, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95])
def test_nearly_all_rows_survive_four_kilobytes_of_noise(path: Path, whole: bytes, share: float) -> None:
    path.write_bytes(whole)
    there = rows(path)
    hurt(path, whole, int(len(whole) * share))

    salvage(path, path.with_name("found.db"))

    assert rows(path.with_name("found.db")) >= 0.95 * there


@pytest.mark.full
def test_nearly_all_rows_survive_noise_on_any_page(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)
    there = rows(path)
    for place in range(0, len(whole), 2048):
        hurt(path, whole, place)
        salvage(path, path.with_name("found.db"))
        assert rows(path.with_name("found.db")) >= 0.95 * there


def test_half_a_file_gives_what_it_has(path: Path, whole: bytes) -> None:
    path.write_bytes(whole[: len(whole) // 2])

    found = salvage(path, path.with_name("found.db"))

    assert found > SESSIONS * TURNS / 2


def test_the_log_beside_a_damaged_file_is_read_too(path: Path) -> None:
    async def cut_off() -> None:
        store = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)
        await store.create_session(samples.session(title="only in the log"))
        await store.start_turn(samples.turn())
        for ending in ("", "-wal"):
            path.with_name(f"cut.db{ending}").write_bytes(path.with_name(f"hawkmoth.db{ending}").read_bytes())
        store.close()

    asyncio.run(cut_off())
    cut = path.with_name("cut.db")
    cut.write_bytes(b"noise" * 20 + cut.read_bytes()[100:])

    salvage(cut, path.with_name("found.db"))

    with apsw.Connection(str(path.with_name("found.db"))) as connection:
        assert list(connection.execute("SELECT title FROM session")) == [("only in the log",)]
        assert list(connection.execute("SELECT id FROM turn")) == [("t1",)]


async def test_a_store_begun_anew_gets_back_what_was_set_aside(
    path: Path, whole: bytes, reopen: Callable[[], Store]
) -> None:
    hurt(path, whole, len(whole) // 2)
    aside = damage.set_aside(path, 1_750_000_000_000)
    assert aside == path.with_name("hawkmoth.db.damaged-20250615-150640")
    before = aside.read_bytes()
    store = reopen()
    await store.create_session(samples.session("new"))
    await store.start_turn(samples.turn("new-1", session_id="new"))

    found = await store.restore(aside)

    assert found.sessions == SESSIONS
    assert found.turns >= 0.95 * SESSIONS * TURNS
    assert [summary.session.id for summary in store.sessions()] == [
        "new",
        *(f"s{n}" for n in reversed(range(SESSIONS))),
    ]
    assert len(store.branch("s0")) >= TURNS - 3
    assert store.spent().cost_pico == found.ledger_rows * 1000
    assert store.check() == ()
    (restored,) = damage.restored_files(path)
    assert restored.read_bytes() == before
    assert damage.damaged_files(path) == ()
    assert not await store.restore(restored)


async def test_a_backup_fills_what_a_damaged_store_lost(path: Path, whole: bytes, reopen: Callable[[], Store]) -> None:
    lay(path, whole)
    store = reopen()
    store.backup_daily()
    store.close()
    hurt(path, whole, len(whole) // 2)
    aside = damage.set_aside(path, 0)
    assert aside is not None
    store = Store.open(path, owner=this_process(), clock_ms=lambda: 5000)
    first = await store.restore(aside)

    second = await store.restore(backups.kept(path)[0])

    assert first.turns + second.turns == SESSIONS * TURNS
    for number in range(SESSIONS):
        assert [turn.id for turn in store.branch(f"s{number}")] == [f"s{number}-{turn}" for turn in range(TURNS)]
    store.close()


async def test_restoring_undoes_no_deletion(path: Path, store: Store) -> None:
    await store.create_session(samples.session())
    copy = store.backup_daily()
    await store.delete_session("s1")

    assert not await store.restore(copy)

    assert store.sessions() == ()


async def test_a_store_of_a_newer_hawkmoth_is_not_restored_from(path: Path, store: Store) -> None:
    copy = store.backup_daily()
    with apsw.Connection(str(copy)) as connection:
        connection.pragma("user_version", 999)

    with pytest.raises(SchemaTooNew):
        await store.restore(copy)


def test_a_store_that_somebody_has_open_is_not_moved(path: Path, store: Store) -> None:
    assert damage.set_aside(path, 0) is None
    assert path.exists()


async def test_the_newest_seven_days_are_kept(path: Path, store: Store) -> None:
    (path.parent / "backups").mkdir(mode=0o700)
    for day in range(1, 10):
        (path.parent / "backups" / f"hawkmoth-2025-01-0{day}.db").touch()
    foreign = path.parent / "backups" / "notes.txt"
    foreign.touch()
    assert not store.has_backup_of_today()

    made = store.backup_daily()

    assert store.has_backup_of_today()
    assert [made, *(path.parent / "backups" / f"hawkmoth-2025-01-0{day}.db" for day in range(9, 3, -1))] == list(
        backups.kept(path)
    )
    assert foreign.exists()
    assert modes(made.parent)[made.name] == 0o600
