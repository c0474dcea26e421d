"""Finding names by parts of them: every word that is typed must be in the name, whole or letter by letter, in any order of words.

Whole words and beginnings come first. Quick: the first letter over 2,500 names takes a few milliseconds, every further one less.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")

MOST_LETTERS = 40
"""Of a typed word that are looked for one by one."""
_WHOLE = 1_000
_AT_START = 400
_SCATTERED = 500


def ranked(typed: str, entries: Iterable[T], text_of: Callable[[T], str]) -> list[T]:
    """The entries that fit, best first, else in their own order. `text_of` gives lower case. Nothing typed: all of them."""
    fitting = _fitting(typed, entries, text_of)
    return [entry for _, entry in sorted(fitting, key=lambda pair: -pair[0])]


class Narrowing(Generic[T]):
    """As `ranked`, for a list that is narrowed letter by letter: what a beginning has ruled out is not looked at again."""

    def __init__(self, entries: Sequence[T], text_of: Callable[[T], str]) -> None:
        self._text_of = text_of
        self._steps: list[tuple[str, Sequence[T]]] = [("", entries)]
        """What was typed and what fitted, in the order of the entries; each step begins with the one before."""

    def ranked(self, typed: str) -> list[T]:
        """The entries that fit, best first, else in their own order."""
        while not typed.startswith(self._steps[-1][0]):
            self._steps.pop()
        fitting = _fitting(typed, self._steps[-1][1], self._text_of)
        self._steps.append((typed, [entry for _, entry in fitting]))
        return [entry for _, entry in sorted(fitting, key=lambda pair: -pair[0])]


def _fitting(typed: str, entries: Iterable[T], text_of: Callable[[T], str]) -> list[tuple[int, T]]:
    """Score and entry of what fits, in their own order."""
    patterns = [(word, _pattern(word)) for word in typed.lower().split()]
    scored = ((_score(patterns, text_of(entry)), entry) for entry in entries)
    return [(score, entry) for score, entry in scored if score or not patterns]


def _pattern(word: str) -> re.Pattern[str]:
    """The letters in their order, never far from each other.

    Each is the next of its kind and no later one is tried (`(?>…)`): with every choice open, a name of one letter many times over, such as
    a rule of dashes in a prompt, would take years.
    """
    first, *others = map(re.escape, word[:MOST_LETTERS])
    return re.compile(first + "".join(rf"(?>[^\s]{{0,12}}?{letter})" for letter in others))


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
