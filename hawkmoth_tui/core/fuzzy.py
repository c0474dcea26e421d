"""Finding names by parts of them: every word that is typed must be in the name, whole or letter by letter, in any order of words.

Whole words and beginnings come first. Pure and quick: 2,500 names take a few milliseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")

MOST_LETTERS = 40
"""Of a typed word that are looked for one by one."""
_WHOLE = 1_000
_AT_START = 400
_SCATTERED = 500


def ranked(typed: str, entries: Iterable[T], text_of: Callable[[T], str]) -> list[T]:
    """The entries that fit, best first, else in their own order. `text_of` gives lower case. Nothing typed: all of them."""
    words = typed.lower().split()
    if not words:
        return list(entries)
    patterns = [(word, _pattern(word)) for word in words]
    scored = [(_score(patterns, text_of(entry)), entry) for entry in entries]
    fitting = [(score, entry) for score, entry in scored if score]
    return [entry for _, entry in sorted(fitting, key=lambda pair: -pair[0])]


def _pattern(word: str) -> re.Pattern[str]:
    """The letters in their order, never far from each other."""
    gap = r"[^\s]{0,12}?"
    return re.compile(gap.join(map(re.escape, word[:MOST_LETTERS])))


def _score(patterns: list[tuple[str, re.Pattern[str]]], text: str) -> int:
    """0 when a word is missing."""
    total = 0
    for word, pattern in patterns:
        place = text.find(word)
        if place >= 0:
            is_start = place == 0 or not text[place - 1].isalnum()
            total += _WHOLE + (_AT_START if is_start else 0) - min(place, 100) - min(len(text), 100) // 10
            continue
        found = pattern.search(text) if len(word) > 1 else None
        if found is None:
            return 0
        total += max(1, _SCATTERED - 10 * (found.end() - found.start() - len(word)))
    return total
