"""A disk that can lose its power: a VFS that notes every write and sync, and puts together what a disk may hold after any of them.

What was synced is there. What was written since the last sync of its file may be there, or not, or half of it, sector by sector and in
any order, as no disk promises more. Files of the same name are followed through deletion and truncation.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import apsw

if TYPE_CHECKING:
    import random
    from pathlib import Path

SECTOR = 512


@dataclass(frozen=True, slots=True)
class Write:
    """Bytes at a place."""

    name: str
    place: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """A file made shorter."""

    name: str
    length: int


@dataclass(frozen=True, slots=True)
class Gone:
    """A file deleted, in its folder."""

    name: str


@dataclass(frozen=True, slots=True)
class Sync:
    """All of a file so far is on the disk. SQLite syncs the folder with the first sync of a log or a journal that it has made."""

    name: str
    with_folder: bool = False


@dataclass(slots=True)
class Tape:
    """Everything that happened to the disk, in order."""

    events: list[Write | Cut | Gone | Sync] = field(default_factory=list)
    marks: list[tuple[int, str]] = field(default_factory=list)
    """How many events there were when something was promised, and what."""

    def promise(self, what: str) -> None:
        """Note that from now on this may not be lost."""
        self.marks.append((len(self.events), what))

    def promised(self, count: int) -> set[str]:
        """What had been promised when so many events had happened."""
        return {what for place, what in self.marks if place <= count}

    def lay_out(self, folder: Path, count: int, chance: random.Random) -> None:
        """Write the files as the disk may hold them when the power goes after so many events."""
        files: dict[str, bytearray] = {}
        waiting: dict[str, list[Write | Cut | Gone]] = {}
        for event in self.events[:count]:
            if isinstance(event, Sync):
                names = (
                    [name for name, undone in waiting.items() if any(isinstance(each, Gone) for each in undone)]
                    if event.with_folder
                    else []
                )
                for name in (event.name, *names):
                    for done in waiting.pop(name, []):
                        _apply(files, done)
            else:
                waiting.setdefault(event.name, []).append(event)
        for undone in waiting.values():
            for event in _survivors(undone, chance):
                _apply(files, event)
        for name, data in files.items():
            file = folder / name
            file.write_bytes(data)
            file.chmod(0o600)


def _survivors(undone: list[Write | Cut | Gone], chance: random.Random) -> list[Write | Cut | Gone]:
    """Nothing, everything, or any sectors of what was never synced. A length changes with what was written up to it."""
    match chance.randrange(3):
        case 0:
            return []
        case 1:
            return undone
        case _:
            kept: list[Write | Cut | Gone] = []
            for event in undone:
                if not isinstance(event, Write):
                    kept.append(event)
                    continue
                for start in range(0, len(event.data), SECTOR):
                    if chance.random() < 0.5:
                        kept.append(Write(event.name, event.place + start, event.data[start : start + SECTOR]))
            return kept


def _apply(files: dict[str, bytearray], event: Write | Cut | Gone) -> None:
    if isinstance(event, Gone):
        files.pop(event.name, None)
        return
    data = files.setdefault(event.name, bytearray())
    if isinstance(event, Cut):
        del data[event.length :]
        return
    end = event.place + len(event.data)
    if len(data) < end:
        data.extend(bytes(end - len(data)))
    data[event.place : end] = event.data


class RecordingVFS(apsw.VFS):
    """The system's own VFS, with a tape running. Only what is below `folder` is noted, by its name."""

    def __init__(self, name: str, tape: Tape) -> None:
        self._tape = tape
        self._base = apsw.vfs_names()[0]
        super().__init__(name, self._base, makedefault=True)

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  # apsw's name
        return _RecordingFile(self._base, name, flags, self._tape)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(filename, syncdir)
        self._tape.events.append(Gone(_plain(filename)))
        if syncdir:
            self._tape.events.append(Sync(_plain(filename), with_folder=True))


class _RecordingFile(apsw.VFSFile):
    def __init__(self, base: str, name: str | apsw.URIFilename | None, flags: list[int], tape: Tape) -> None:
        self._name = _plain(name.filename() if isinstance(name, apsw.URIFilename) else name or "")
        self._tape = tape
        self._is_new = bool(flags[0] & (apsw.SQLITE_OPEN_WAL | apsw.SQLITE_OPEN_MAIN_JOURNAL))
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._tape.events.append(Write(self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._tape.events.append(Cut(self._name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._tape.events.append(Sync(self._name, with_folder=self._is_new))
        self._is_new = False


def _plain(path: str) -> str:
    return path.rpartition("/")[2]
