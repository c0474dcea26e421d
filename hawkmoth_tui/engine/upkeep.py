"""The care of the store's file: copies, checks, restoring, and the rules by which old sessions go. No workstation is needed for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import Corrupt, StoreError, UserError
from hawkmoth_tui.engine.storing import SMALL_BYTES, StoreFile, damaged

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hawkmoth_tui.settings.schema import SessionSettings
    from hawkmoth_tui.store.store import Store

log = logging.getLogger(__name__)

DAY_MS = 24 * 60 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore has brought."""

    sources: tuple[Path, ...]
    """The files it was taken from."""
    sessions: int
    turns: int
    ledger_rows: int
    set_aside: Path | None
    """Where the damaged store is, when it was moved aside for this."""


def back_up(path: Path, clock_ms: Callable[[], int], target: Path | None = None) -> Path:
    """Copy the store: to `target`, which must not exist yet, or as the copy of the day. Returns the copy. Raises `StoreError`."""
    store = _existing(path, clock_ms)
    try:
        if target is None:
            return store.backup_daily()
        store.backup(target)
        return target
    finally:
        store.close()


def check(path: Path, *, is_thorough: bool = False) -> tuple[str, ...]:
    """What is wrong with the store's file; empty when nothing is. Writes nothing. Raises `StoreError`."""
    from hawkmoth_tui.store import db

    _refuse_missing(path)
    if is_thorough:
        return db.thorough_check(path)
    try:
        return db.check_file(path)
    except Corrupt as error:
        return (error.message,)


async def restore(path: Path, clock_ms: Callable[[], int], source: Path | None = None) -> Restored:
    """Bring every row back that the store has not: from `source`, or from what was damaged and the newest copy.

    A store that is damaged itself is set aside first. Raises `StoreError`, and `UserError` when there is nothing to restore from.
    """
    aside = _out_of_the_way(path, clock_ms)
    chosen = _sources(path, source)
    store = StoreFile(path, clock_ms, log.info).open()
    try:
        brought = [await store.restore(each) for each in chosen]
    finally:
        store.close()
    return Restored(
        chosen,
        sum(each.sessions for each in brought),
        sum(each.turns for each in brought),
        sum(each.ledger_rows for each in brought),
        aside,
    )


def _out_of_the_way(path: Path, clock_ms: Callable[[], int]) -> Path | None:
    """Where the damaged store is now; None when it is sound or not there."""
    from hawkmoth_tui.store import damage, db

    if not path.exists() or not db.is_damaged(path):
        return None
    aside = damage.set_aside(path, clock_ms(), db.is_damaged)
    if aside is None:
        raise StoreError("another Hawkmoth has the damaged store open", "end it, and restore again")
    return aside


def _sources(path: Path, source: Path | None) -> tuple[Path, ...]:
    from hawkmoth_tui.store import restoring

    if source is not None:
        if not source.is_file():
            raise UserError(f"{source} is not there", "name a file")
        return (source,)
    found = restoring.sources(path)
    if not found:
        hint = f"name the copy to restore from; those of the last days are in {path.parent / 'backups'}"
        raise UserError("the store is sound and nothing is set aside", hint)
    return found


def daily_copies(path: Path) -> tuple[Path, ...]:
    """The copies that are made by themselves, the newest first."""
    from hawkmoth_tui.store import backups

    return backups.kept(path)


def rules_text(rules: SessionSettings) -> str:
    """What becomes of old sessions, one line."""
    unused = f"deleted when they were not used for {_days(rules.retain_days)}" if rules.retain_days else "kept for ever"
    return (
        f"sessions are {unused}, deleted ones purged after {_days(rules.keep_deleted_days)}"
        " ([session] retain_days, keep_deleted_days)"
    )


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count:,} days"


async def follow_rules(store: Store, rules: SessionSettings, now_ms: int) -> int:
    """Delete what was not used for `retain_days`, purge what was deleted more than `keep_deleted_days` ago; how many were purged."""
    if rules.retain_days:
        await store.delete_unused(now_ms - rules.retain_days * DAY_MS)
    due = store.deleted_before(now_ms - rules.keep_deleted_days * DAY_MS)
    return (await store.purge(due)).sessions if due else 0


def look_after(file: StoreFile, store: Store) -> None:
    """Once a day: check a store that is too large to be checked at every start, and copy it. Slow: for a thread. Raises `Corrupt`."""
    if store.is_memory or (store.has_backup_of_today() and not store.was_cut):
        return
    if file.size() >= SMALL_BYTES:
        found = store.check()
        if found:
            raise damaged(file.path, found)
    if not store.has_backup_of_today() and store.latest_session() is not None:
        store.backup_daily()


def _existing(path: Path, clock_ms: Callable[[], int]) -> Store:
    _refuse_missing(path)
    return StoreFile(path, clock_ms, log.info).open(is_healing=False)


def _refuse_missing(path: Path) -> None:
    if not path.exists():
        raise UserError(f"there is no store yet: {path}", "it is made with the first session")
