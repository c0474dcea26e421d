"""The copies that are kept beside the store: one a day, the newest seven."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hawkmoth_tui.store import copies, files

if TYPE_CHECKING:
    from pathlib import Path

KEPT = 7
FOLDER = "backups"
_PATTERN = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].db"


def today(path: Path, now_ms: int) -> Path:
    """Where the copy of this day belongs, by the clock of this machine."""
    date = time.strftime("%Y-%m-%d", time.localtime(now_ms / 1000))
    return path.parent / FOLDER / f"{path.stem}-{date}.db"


def kept(path: Path) -> tuple[Path, ...]:
    """The copies that are there, the newest first."""
    return tuple(sorted((path.parent / FOLDER).glob(f"{path.stem}-{_PATTERN}"), reverse=True))


def make(path: Path, now_ms: int) -> Path:
    """Copy the store, in the place of an earlier copy of this day; the oldest beyond `KEPT` go. Raises `StoreError`, apsw.Error."""
    target = today(path, now_ms)
    files.prepare_folder(target.parent)
    copies.copy_over(path, target)
    for old in kept(path)[KEPT:]:
        old.unlink(missing_ok=True)
    return target


def migration_copies(path: Path) -> tuple[Path, ...]:
    """The copies made before the schema changed."""
    return tuple(sorted(path.parent.glob(f"{path.name}.bak-v*")))
