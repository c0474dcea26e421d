"""Time and chance, passed in so that tests can hold them still."""

from __future__ import annotations

import random
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def _epoch_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Clocks:
    """The machine's own by default."""

    now_ms: Callable[[], int] = _epoch_ms
    """UTC, milliseconds since 1970."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds; never jumps."""
    random: Callable[[], float] = random.random
    """0..1, for the jitter of retries."""
    random_bits: Callable[[int], int] = secrets.randbits
    """For ids."""
