"""A database file read page by page, without SQLite: what can still be had of one that SQLite refuses or loses its way in.

After https://sqlite.org/fileformat2.html: every row stands in a leaf page (section 1.6), so rows are found without the pages above them.
The log beside the file is honoured as far as it is whole (section 4).
"""

from __future__ import annotations

import mmap
import struct
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Value: TypeAlias = "int | float | str | bytes | None"
"""What a column can hold."""
_DEFAULT_PAGE_SIZE = 4096
_MAGIC = b"SQLite format 3\0"
_WAL_MAGICS = (0x377F0682, 0x377F0683)
_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 13, 10, 2
_CELLS_AT: Final = {_TABLE_LEAF: 8, _INDEX_LEAF: 8, _INDEX_INTERIOR: 12}
_INTEGER_BYTES: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}


class Unreadable(ValueError):
    """Bytes that are no row."""


class PageFile:
    """The pages of one file, with what its log says instead of some of them."""

    def __init__(self, data: mmap.mmap | bytes, log: bytes) -> None:
        self._data = data
        self._newer, log_page_size = _committed(log)
        self.page_size = log_page_size or _page_size(bytes(data[:100]))
        self.count = max([len(data) // self.page_size, *self._newer]) if self._newer else len(data) // self.page_size

    def page(self, number: int) -> bytes:
        """Raises `Unreadable` when there is none of this number."""
        if number in self._newer:
            return self._newer[number]
        end = number * self.page_size
        if number < 1 or end > len(self._data):
            raise Unreadable
        return bytes(self._data[end - self.page_size : end])

    def rows(self) -> Iterator[tuple[int | None, tuple[Value, ...]]]:
        """Each row that can be read: its rowid, None in a table without them, and its columns. Entries of indexes come too."""
        unused = self._unused()
        for number in range(1, self.count + 1):
            if number in unused:
                continue
            try:
                page = self.page(number)
            except Unreadable:
                continue
            yield from self._cells(page, 100 if number == 1 else 0)

    def _unused(self) -> frozenset[int]:
        """Pages of the free list, which hold what was deleted; empty where the list cannot be followed."""
        found: set[int] = set()
        try:
            first = self.page(1)
            if not first.startswith(_MAGIC):
                return frozenset()
            (trunk,) = struct.unpack_from(">I", first, 32)
            while trunk and trunk not in found:
                page = self.page(trunk)
                found.add(trunk)
                following, leaves = struct.unpack_from(">II", page)
                found.update(struct.unpack_from(f">{min(leaves, self.page_size // 4 - 2)}I", page, 8))
                trunk = following
        except (Unreadable, struct.error):
            return frozenset()
        return frozenset(found)

    def _cells(self, page: bytes, start: int) -> Iterator[tuple[int | None, tuple[Value, ...]]]:
        kind = page[start]
        if kind not in _CELLS_AT:
            return
        (count,) = struct.unpack_from(">H", page, start + 3)
        places = start + _CELLS_AT[kind]
        for place in range(places, min(places + 2 * count, len(page) - 1), 2):
            try:
                yield self._cell(page, kind, struct.unpack_from(">H", page, place)[0])
            except (Unreadable, struct.error, IndexError, UnicodeDecodeError):
                continue

    def _cell(self, page: bytes, kind: int, place: int) -> tuple[int | None, tuple[Value, ...]]:
        if kind == _INDEX_INTERIOR:
            place += 4
        size, place = _varint(page, place)
        rowid = None
        if kind == _TABLE_LEAF:
            rowid, place = _varint(page, place)
        return rowid, _record(self._payload(page, place, size, is_table=kind == _TABLE_LEAF))

    def _payload(self, page: bytes, place: int, size: int, *, is_table: bool) -> bytes:
        """The whole record, also where it goes on in other pages (section 1.6, "overflow")."""
        usable = self.page_size
        if not 0 < size <= self.count * usable:
            raise Unreadable
        most = usable - 35 if is_table else (usable - 12) * 64 // 255 - 23
        least = (usable - 12) * 32 // 255 - 23
        local = size
        if size > most:
            fitting = least + (size - least) % (usable - 4)
            local = fitting if fitting <= most else least
        pieces, left = [page[place : place + local]], size - local
        following = struct.unpack_from(">I", page, place + local)[0] if left else 0
        while left > 0:
            overflow = self.page(following)
            pieces.append(overflow[4 : 4 + left])
            left -= usable - 4
            (following,) = struct.unpack_from(">I", overflow)
        return b"".join(pieces)


@contextmanager
def open_pages(path: Path) -> Iterator[PageFile]:
    """The file and the log beside it. Raises OSError."""
    log = path.with_name(path.name + "-wal")
    with path.open("rb") as file:
        held = log.read_bytes() if log.exists() else b""
        if path.stat().st_size == 0:
            yield PageFile(b"", held)
            return
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield PageFile(data, held)


def _page_size(header: bytes) -> int:
    if not header.startswith(_MAGIC):
        return _DEFAULT_PAGE_SIZE
    (size,) = struct.unpack_from(">H", header, 16)
    size = 65536 if size == 1 else size
    return size if 512 <= size <= 65536 and size & (size - 1) == 0 else _DEFAULT_PAGE_SIZE


def _committed(log: bytes) -> tuple[dict[int, bytes], int]:
    """The pages that whole transactions have left in the log, and their size; 0 without a log that can be read."""
    if len(log) < 32:
        return {}, 0
    magic, _, size, _, salt1, salt2, sum1, sum2 = struct.unpack_from(">8I", log)
    order = ">" if magic & 1 else "<"
    if magic not in _WAL_MAGICS or _checksum(order, log[:24], (0, 0)) != (sum1, sum2):
        return {}, 0
    pages: dict[int, bytes] = {}
    pending: dict[int, bytes] = {}
    sums = (sum1, sum2)
    for place in range(32, len(log) - size - 23, size + 24):
        number, is_commit, frame1, frame2, *told = struct.unpack_from(">6I", log, place)
        page = log[place + 24 : place + 24 + size]
        sums = _checksum(order, log[place : place + 8] + page, sums)
        if (frame1, frame2) != (salt1, salt2) or sums != tuple(told):
            break
        pending[number] = page
        if is_commit:
            pages.update(pending)
            pending.clear()
    return pages, size


def _checksum(order: str, data: bytes, sums: tuple[int, int]) -> tuple[int, int]:
    one, other = sums
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return one, other


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """The number, and where what follows begins."""
    value = 0
    for length in range(8):
        byte = data[place + length]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + length + 1
    value = value << 8 | data[place + 8]
    return value - (1 << 64) if value >> 63 else value, place + 9


def _record(payload: bytes) -> tuple[Value, ...]:
    """The columns (section 2.1)."""
    header_end, place = _varint(payload, 0)
    if not 0 < header_end <= len(payload):
        raise Unreadable
    kinds = []
    while place < header_end:
        kind, place = _varint(payload, place)
        kinds.append(kind)
    values: list[Value] = []
    for kind in kinds:
        value, place = _value(payload, place, kind)
        values.append(value)
    if place != len(payload):
        raise Unreadable
    return tuple(values)


def _value(payload: bytes, place: int, kind: int) -> tuple[Value, int]:
    if kind in _INTEGER_BYTES:
        end = place + _INTEGER_BYTES[kind]
        return int.from_bytes(payload[place:end], "big", signed=True), end
    match kind:
        case 0:
            return None, place
        case 7:
            return struct.unpack_from(">d", payload, place)[0], place + 8
        case 8 | 9:
            return kind - 8, place
        case _ if kind >= 12:
            end = place + (kind - 12) // 2
            data = payload[place:end]
            return (data.decode() if kind % 2 else data), end
        case _:
            raise Unreadable
