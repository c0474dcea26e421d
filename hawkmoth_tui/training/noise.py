"""The same prompt typed a little differently: a router should not change its mind for it. Seeded."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WORD = re.compile(r"[A-Za-z]{4,}")
TYPOS = 0.05
"""Share of the longer words that get a slip."""


def typos(text: str, seed: int) -> str:
    """Two neighbouring letters swapped in some of the longer words."""
    draw = random.Random(seed)

    def slipped(word: re.Match[str]) -> str:
        letters = word.group()
        if draw.random() >= TYPOS:
            return letters
        at = draw.randrange(1, len(letters) - 1)
        return letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]

    return _WORD.sub(slipped, text)


def shouted(text: str, seed: int) -> str:
    """All capitals, or none."""
    return text.upper() if seed % 2 else text.lower()


def spaced(text: str, seed: int) -> str:
    """Some spaces doubled, and a newline at the end."""
    draw = random.Random(seed)
    return re.sub(" ", lambda _: "  " if draw.random() < TYPOS else " ", text) + "\n"


NOISES: Mapping[str, Callable[[str, int], str]] = {"typos": typos, "case": shouted, "spaces": spaced}
"""Name to what it does with a text and a seed."""
