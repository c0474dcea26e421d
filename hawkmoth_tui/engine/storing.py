"""The store's file as the engine opens it: checked, and a damaged one moved aside so that what comes next can be saved."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import Corrupt, DiskFull, StoreError
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)

SMALL_BYTES = 32 * 1024 * 1024
"""A store below this is checked whenever it is opened."""
CHECKED_BYTES = 8 * SMALL_BYTES
"""One below this is checked when it is opened after an unclean end; every larger one in idle time."""

IMPATIENT_S = 0.5
"""How long a file that took nothing before is waited for, when it is tried again."""


class StoreFile:
    """Opens one file, again and again when it has to."""

    def __init__(self, path: Path, clock_ms: Callable[[], int], warn: Callable[[str], None]) -> None:
        self.path = path
        self._clock_ms = clock_ms
        self._warn = warn

    def open_soon(self) -> Store:
        """The same as `open` for one that failed before: checked whatever its size, and not waited for.

        It is to be patient again when it has what was missing.
        """
        return self._open(is_healing=True, patience_s=IMPATIENT_S, largest_checked=None)

    def open(self, *, is_healing: bool = True) -> Store:
        """A store that is whole as far as it was checked.

        When it is damaged: with `is_healing` it is set aside and a new one is begun. Raises `StoreError`.
        """
        return self._open(is_healing=is_healing, patience_s=None, largest_checked=SMALL_BYTES)

    def _open(self, *, is_healing: bool, patience_s: float | None, largest_checked: int | None) -> Store:
        try:
            return self._open_whole(patience_s, largest_checked)
        except Corrupt as error:
            log.error("the store is damaged: %s", error)
            if not is_healing:
                raise Corrupt(error.message, "`hawkmoth store restore` mends it") from error
            self._set_aside()
            return self._open_whole(patience_s, largest_checked)

    def _open_whole(self, patience_s: float | None, largest_checked: int | None) -> Store:
        store = Store.open(self.path, owner=this_process(), clock_ms=self._clock_ms, patience_s=patience_s)
        try:
            limit = CHECKED_BYTES if store.was_cut and largest_checked is not None else largest_checked
            if limit is None or self.size() < limit:
                damage = store.check()
                if damage:
                    raise damaged(self.path, damage)
        except BaseException:
            with suppress(StoreError):
                store.close()
            raise
        return store

    def size(self) -> int:
        """In bytes; 0 when it cannot be told."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    def _set_aside(self) -> None:
        """Does nothing when another process has done it meanwhile, or still has the file open."""
        from hawkmoth_tui.store import damage, db

        try:
            place = damage.set_aside(self.path, self._clock_ms(), db.is_damaged)
        except OSError as refused:
            raise DiskFull(
                f"the damaged store {self.path} cannot be moved aside ({refused.strerror})", "check its folder"
            ) from refused
        if place is not None:
            self._warn(
                f"the store was damaged: `hawkmoth store restore` brings back what is whole of it; it is kept as {place.name}"
            )


def damaged(path: Path, found: tuple[str, ...]) -> Corrupt:
    """The error of a store that a check has found damaged."""
    return Corrupt(f"the store {path} is damaged ({one_line(found[0], 120)})", "`hawkmoth store restore` mends it")
