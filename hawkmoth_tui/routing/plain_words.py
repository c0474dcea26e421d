"""A prompt as plain words: small letters, one blank between them, everything quoted or written as code blotted out. Pure.

Patterns are held against `text`; `span` leads back to the prompt as it was typed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache


def words(text: str) -> frozenset[str]:
    """The words of a list."""
    return frozenset(text.split())


BLOT = "\x01"
"""Stands for a quotation or a piece of code."""
OTHER = "\x02"
"""Stands for a sign that is neither a word nor punctuation."""

_BLOTTED = re.compile(
    r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`|^[ \t]*>[^\n]*$"
    r'|"[^"\n]{1,400}"|“[^”]{1,400}”|«[^»]{1,400}»|„[^“”]{1,400}[“”]|‘[^’\n]{2,400}’(?!\w)'
    r"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){2,400}'(?!\w)|<[a-z/][^<>\n]{0,80}>",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
_TOKEN = re.compile(
    rf"[^\W_]+(?:(?:['’./_+-]+|:(?=\d|latest|free))[^\W_]+)*|[.,;:!?()@—–-]|\n|{BLOT}+|[^\s\w]|_", re.IGNORECASE
)
_MENDED = words(
    """
    switch please cheapest cheaper fastest faster strongest stronger smartest question session conversation model models always
    hawkmoth decide choose explain answer default temporarily local anthropic prompt message reasoning private balanced
    """
)
_RIGHT = words("mode modes modal lease chooses chose loose decided cession")
"""Words that are no slip of the pen."""
_SHORT = {
    "uuse": "use",
    "ues": "use",
    "usee": "use",
    "aks": "ask",
    "askk": "ask",
    "plz": "please",
    "pls": "please",
    "fro": "for",
    "htis": "this",
    "thsi": "this",
    "ot": "to",
}
_KEPT = frozenset(".,;:!?()@-")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or sign, where it stands in the plain text and in the prompt."""

    text: str
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Plain:
    """The plain text with the way back."""

    text: str
    words: tuple[Word, ...]
    starts: tuple[int, ...]
    """Where each word begins in `text`."""

    def index(self, at: int) -> int:
        """The number of the first word that begins at or behind this place."""
        return bisect_left(self.starts, at)

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """The part of the prompt that stands for a part of the text."""
        first, last = self.index(begin), bisect_right(self.starts, end - 1) - 1
        return self.words[first].start, self.words[last].end


def plain_words(prompt: str) -> Plain:
    """The prompt as plain words."""
    blotted = _BLOTTED.sub(lambda found: BLOT * len(found[0]), prompt)
    words: list[Word] = []
    parts: list[str] = []
    at = 0
    for found in _TOKEN.finditer(blotted):
        text = _plain(found[0])
        text = "to" if text == "too" and parts[-1:] == ["switch"] else text
        words.append(Word(text, at, found.start(), found.end()))
        parts.append(text)
        at += len(text) + 1
    return Plain(" ".join(parts), tuple(words), tuple(word.at for word in words))


def _plain(sign: str) -> str:
    if sign[0] == BLOT:
        return BLOT
    if sign[0].isalnum():
        word = sign.lower().replace("’", "'")
        return _SHORT.get(word) or _mended().get(word, word)
    if sign in "—–":
        return "-"
    return sign if sign in _KEPT or sign == "\n" else OTHER


@lru_cache(maxsize=1)
def _mended() -> dict[str, str]:
    """Slips of the pen to the words that are meant."""
    right = _MENDED | _RIGHT
    return {slip: word for word in sorted(_MENDED) if len(word) > 4 for slip in slips(word) if slip not in right}


def slips(word: str) -> set[str]:
    """What becomes of a word with two letters swapped, one left out or one doubled."""
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)}
    left_out = {word[:i] + word[i + 1 :] for i in range(1, len(word))}
    doubled = {word[: i + 1] + word[i:] for i in range(len(word))}
    return (swapped | left_out | doubled) - {word}
