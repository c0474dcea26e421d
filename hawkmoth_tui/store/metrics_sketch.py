"""Sketches of times: how often each length occurred, in bins of DDSketch that keep every quantile within one per cent.

The counts of all bins stand side by side in one long number, 32 bits each, so that sketches are merged by adding two numbers.
"""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import TYPE_CHECKING

from hawkmoth_tui.core.performance import Spread

if TYPE_CHECKING:
    from ddsketch.mapping import LogarithmicMapping

ACCURACY = 0.01
"""Most that a quantile is away from a value that was measured, as a share of it."""
BITS = 32
_RAW = -15
"""Deflate without header and checksum: the file has its own."""


def one(value: int | None) -> int:
    """The sketch of one value; nothing of None. Zero and less are kept as one."""
    return 0 if value is None else 1 << (BITS * _bins().key(max(value, 1)))


def encode(sketch: int) -> bytes | None:
    """As it is stored; None when it is empty."""
    return zlib.compress(_bytes(sketch), 6, wbits=_RAW) if sketch else None


def decode(stored: bytes | None) -> int:
    return int.from_bytes(zlib.decompress(stored, _RAW), "little") if stored else 0


def spread(sketch: int, total: int) -> Spread | None:
    """Mean and quantiles of the values, whose sum is `total`; None when there are none."""
    if not sketch:
        return None
    from ddsketch import DDSketch

    counts = struct.unpack(f"<{-(-sketch.bit_length() // BITS)}I", _bytes(sketch))
    merged, bins = DDSketch(ACCURACY), _bins()
    for key in range(len(counts) - 1, -1, -1):
        if counts[key]:
            merged.add(bins.value(key), counts[key])
    p50, p95, p99 = (merged.get_quantile_value(quantile) or 0.0 for quantile in (0.5, 0.95, 0.99))
    count = sum(counts)
    return Spread(count, total / count, p50, p95, p99)


def _bytes(sketch: int) -> bytes:
    return sketch.to_bytes(-(-sketch.bit_length() // BITS) * (BITS // 8), "little")


@cache
def _bins() -> LogarithmicMapping:
    from ddsketch.mapping import LogarithmicMapping

    return LogarithmicMapping(ACCURACY)
