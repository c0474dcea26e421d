"""Counts tokens: exactly where the model's tokeniser is known and loaded, else by o200k or an estimate times the family's factor.

The engine owns one `Counter`. Nothing is loaded until `load` is called; until then, and whenever the shipped file cannot be used, the
estimate that the engine passes in stands for o200k.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import vocabulary
from hawkmoth_tui.catalog.families import FACTORS, Family, correction

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hawkmoth_tui.catalog.vocabulary import Vocabulary

log = logging.getLogger(__name__)

NEWEST_WEIGHT = 0.2
"""Least weight of one new observation, 0..1; the first ones weigh more."""

LEAST_RATIO, MOST_RATIO = 0.5, 3.0
"""Reported over expected tokens that can be a tokeniser's doing; anything else is a hidden prompt or another way of counting."""


@dataclass(frozen=True, slots=True)
class Count:
    """Tokens of one text."""

    tokens: int
    is_exact: bool
    """False: an estimate, shown with `~`."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a model's reports have taught."""

    factor: float
    """Its reported input over what we expected by its family, framing included."""
    samples: int
    """How many reports it rests on."""


class Counter:
    """Counts by o200k once it is loaded, by the estimate before."""

    def __init__(self, estimate: Callable[[str], int], file: Path = vocabulary.FILE) -> None:
        self._estimate = estimate
        self._file = file
        self._vocabulary: Vocabulary | None = None
        self._lock = threading.Lock()
        self.problem = ""
        """Why counts stay estimates, one line; empty as long as nothing is known to be wrong."""

    @property
    def is_loaded(self) -> bool:
        return self._vocabulary is not None

    def load(self) -> None:
        """Load the vocabulary, once. Blocks for a third of a second: call it in a thread. What is wrong with it is logged once."""
        with self._lock:
            if self.is_loaded or self.problem:
                return
            try:
                self._vocabulary = vocabulary.load(self._file)
            except vocabulary.VocabularyUnusable as unusable:
                self.problem = unusable.message
                log.warning("tokens are estimated: %s", unusable)

    def plain(self, text: str) -> int:
        """Tokens by o200k, estimated for a text so long that counting it would hold up the screen."""
        if self._vocabulary is None or len(text) > vocabulary.PIECE_CHARS:
            return self._estimate(text)
        return self._vocabulary.count(text)[0]

    def count(self, text: str, family: Family) -> Count:
        """The text as a model of this family counts it. Milliseconds for 64 kB; a longer one is estimated."""
        if not text:
            return Count(0, True)
        if family is Family.OPENAI and self.is_loaded and len(text) <= vocabulary.PIECE_CHARS:
            return self.count_whole(text, family)
        return Count(_scaled(self.plain(text), default_factor(family, text)), False)

    def count_whole(self, text: str, family: Family) -> Count:
        """As `count`, of a text of any length, the vocabulary loaded if need be: for a thread."""
        self.load()
        if self._vocabulary is None:
            return self.count(text, family)
        tokens, is_whole = self._vocabulary.count(text)
        is_exact = is_whole and family is Family.OPENAI
        return Count(_scaled(tokens, default_factor(family, text)), is_exact)


def default_factor(family: Family, text: str) -> float:
    """Tokens of the family per o200k token of this text, before anything was learned."""
    return FACTORS[family] * correction(family, text)


def learned(before: Learned | None, expected: int, reported: int) -> Learned | None:
    """What is known after one more report: a mean in which a new report never weighs less than `NEWEST_WEIGHT`.

    `expected` are the tokens by the family's factor alone, which counts as the first sample. None: this report teaches nothing.
    """
    if expected <= 0 or not LEAST_RATIO <= reported / expected <= MOST_RATIO:
        return None
    known = before or Learned(1.0, 0)
    weight = max(NEWEST_WEIGHT, 1 / (known.samples + 2))
    return Learned(known.factor + weight * (reported / expected - known.factor), known.samples + 1)


def _scaled(tokens: int, factor: float) -> int:
    return max(1, round(tokens * factor))
