"""A damaged store is moved aside with its log, never written over; what is beside the store bears its name and a word of what it is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hawkmoth_tui.store.presence import alone

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_DAMAGED, _RESTORED = "damaged", "restored"


def set_aside(path: Path, now_ms: int, is_damaged: Callable[[Path], bool] = lambda _: True) -> Path | None:
    """Where the file is now; None when it stays: another process has it open, or has put a good one in its place. Raises OSError."""
    with alone(path.parent) as is_alone:
        if not is_alone or not is_damaged(path):
            return None
        place = _free(path, _DAMAGED, now_ms)
        _move(path, place)
    return place


def damaged_files(path: Path) -> tuple[Path, ...]:
    """What was set aside and is not restored yet, the newest first."""
    return tuple(sorted(_beside(path, _DAMAGED), reverse=True))


def restored_files(path: Path) -> tuple[Path, ...]:
    """What was set aside and has been restored since."""
    return tuple(sorted(_beside(path, _RESTORED), reverse=True))


def mark_restored(damaged: Path) -> Path:
    """Give a file that has nothing more to give the name that says so."""
    place = damaged.with_name(damaged.name.replace(f".{_DAMAGED}-", f".{_RESTORED}-"))
    _move(damaged, place)
    return place


def discard(damaged: Path) -> None:
    """Away with the file and its log."""
    for ending in ("-wal", "-shm", ""):
        damaged.with_name(damaged.name + ending).unlink(missing_ok=True)


def _beside(path: Path, word: str) -> list[Path]:
    return [each for each in path.parent.glob(f"{path.name}.{word}-*") if not each.name.endswith(("-wal", "-shm"))]


def _free(path: Path, word: str, now_ms: int) -> Path:
    at = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now_ms / 1000))
    place, number = path.with_name(f"{path.name}.{word}-{at}"), 1
    while place.exists():
        number += 1
        place = path.with_name(f"{path.name}.{word}-{at}-{number}")
    return place


def _move(path: Path, place: Path) -> None:
    """The log first: alone it is of no use to a new file of the old name, which would take it for its own."""
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        log.rename(place.with_name(place.name + "-wal"))
    path.rename(place)
