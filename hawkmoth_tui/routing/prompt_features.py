"""What the learned part of the router sees of a prompt: hashed pieces of its text and a few counts of its shape.

Pure, whole numbers only, the same on every machine. At most the first 1,200 and the last 800 characters are read, so that no prompt
takes longer than one of 2,000. Letter case is not seen: it says little and changes easily.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zlib import crc32

from hawkmoth_tui.routing.tasks import HEAD_CHARS, TAIL_CHARS

BUCKETS = 1 << 13
"""How many buckets the pieces are hashed into."""

_MASK = BUCKETS - 1
_STEP = 24.0
"""Counts are kept as round(24 · log(1 + count)), at most 255."""
_MOST = 255

_WORDS = re.compile(rb"[a-z0-9_\x80-\xff]{1,40}|[^\sa-z0-9_]")
_DIGITS = re.compile(rb"\d+")
_OPTION = re.compile(rb"\n\(?[a-j][.)]")

_COUNTED = (b"?", b"$", b"\\", b"(", b"{", b"=", b'"', b"_", b",", b".", b":", b"%")
_PHRASES = (
    b" the ", b" not ", b" how ", b" why ", b" what ", b" which ", b" write ", b" if ", b" each ", b" all ",
    b"def ", b"```", b"assert", b"statement 1", b" true", b" prove",
)  # fmt: skip

SHAPES = (
    "characters", "words", "lines", "digits", "numbers", "share of digits", "word length", "options", "not ASCII", "longest line",
    "last line", *(mark.decode() for mark in (*_COUNTED, *_PHRASES)),
)  # fmt: skip
"""What each number of `Reading.shape` counts."""


class Reading(NamedTuple):
    """One prompt as whole numbers."""

    buckets: frozenset[int]
    """Where its words, pairs of words and pieces of 3, 4 and 5 bytes fall; 0 ≤ bucket < BUCKETS. How often is not kept."""
    shape: tuple[int, ...]
    """One number of 0..255 for each of SHAPES."""


def read(text: str) -> Reading:
    """The features of a prompt."""
    text = text.strip()
    sample = capped(text).lower().encode("utf-8", "replace")
    words = _WORDS.findall(sample)
    return Reading(_buckets(words), _shape(len(text), sample, len(words)))


def capped(text: str) -> str:
    """The part of a prompt that is read."""
    if len(text) <= HEAD_CHARS + TAIL_CHARS:
        return text
    return f"{text[:HEAD_CHARS]}\n{text[-TAIL_CHARS:]}"


def _buckets(words: list[bytes]) -> frozenset[int]:
    found = {hashed & _MASK for hashed in map(crc32, map(b" ".join, set(pairwise(words))))}
    found.update(*map(_of_word, set(words)))
    return frozenset(found)


@lru_cache(8192)
def _of_word(word: bytes) -> list[int]:
    """The buckets of a word and of its pieces, its beginning and end marked. Remembered, because few words make most of every text."""
    framed = b"<%b>" % word
    size = len(framed)
    pieces = [
        framed,
        *[framed[at : at + 3] for at in range(size - 2)],
        *[framed[at : at + 4] for at in range(size - 3)],
        *[framed[at : at + 5] for at in range(size - 4)],
    ]
    return [hashed & _MASK for hashed in map(crc32, pieces)]


def _shape(characters: int, sample: bytes, words: int) -> tuple[int, ...]:
    size = max(1, len(sample))
    numbers = _DIGITS.findall(sample)
    digits = sum(map(len, numbers))
    lines = sample.split(b"\n")
    padded = b" " + sample
    counts = (
        characters,
        words,
        len(lines) - 1,
        digits,
        len(numbers),
        100 * digits // size,
        10 * size // max(1, words),
        len(_OPTION.findall(sample)),
        len(sample) - _ascii_bytes(sample),
        max(map(len, lines)),
        len(lines[-1]),
        *map(sample.count, _COUNTED),
        *map(padded.count, _PHRASES),
    )
    return tuple(map(_level, counts))


def _ascii_bytes(sample: bytes) -> int:
    return len(sample) if sample.isascii() else len(sample.translate(None, _HIGH))


_HIGH = bytes(range(128, 256))


def _level(count: int) -> int:
    return _LEVELS[count] if count < len(_LEVELS) else min(_MOST, round(_STEP * math.log1p(count)))


_LEVELS = tuple(min(_MOST, round(_STEP * math.log1p(count))) for count in range(4096))
