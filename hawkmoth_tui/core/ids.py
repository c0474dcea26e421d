"""Text ids that sort by the time they were made, also when the clock jumps back. Lower-case Crockford base32, 26 characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BITS = 80


class IdSource:
    """Makes ids for one process: 48 bits of milliseconds, then 80 random bits; within a millisecond the last id plus one."""

    def __init__(self, now_ms: Callable[[], int], random_bits: Callable[[int], int]) -> None:
        self._now_ms = now_ms
        self._random_bits = random_bits
        self._last = 0

    def next(self) -> str:
        """A new id, greater than every id this source has made."""
        fresh = (self._now_ms() << _RANDOM_BITS) | self._random_bits(_RANDOM_BITS)
        self._last = fresh if fresh >> _RANDOM_BITS > self._last >> _RANDOM_BITS else self._last + 1
        return "".join(_ALPHABET[(self._last >> shift) & 31] for shift in range(125, -1, -5))
