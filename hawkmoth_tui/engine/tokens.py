"""Tokens as this process counts them: the catalogue's counter, the router's estimate, and what models have taught by their reports.

Exact are only texts of OpenAI's models, once the vocabulary is loaded; everything else is shown with `~`. Whole requests are never exact:
framing, tools and pictures are each vendor's own, so the provider's report always stands above our count.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog.counting import Count, Counter, Learned, default_factor, learned
from hawkmoth_tui.catalog.families import Family, family_of
from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.routing.tokens import estimate, estimate_messages
from hawkmoth_tui.store.rows import TokenFactor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hawkmoth_tui.core.messages import Message
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.store.store import Store

log = logging.getLogger(__name__)

LEAST_LEARNED_FROM = 300
"""Tokens of a request below which its framing, and a prompt that the vendor adds, say more than its tokeniser."""

COUNTED, ESTIMATED = "o200k", "estimate"
"""How plain tokens came about; models teach a factor for each."""


@dataclass(frozen=True, slots=True)
class Yardstick:
    """How one model's tokens follow from plain ones, for texts like one text."""

    model: ModelRef
    basis: str
    family_factor: float
    learned_factor: float
    """1 as long as nothing was learned."""

    def tokens(self, plain: int) -> int:
        """The model's tokens for so many plain ones."""
        return round(plain * self.factor)

    def plain(self, tokens: int) -> int:
        """The plain tokens behind so many of the model's."""
        return round(tokens / self.factor)

    @property
    def factor(self) -> float:
        """The model's tokens for each plain one."""
        return self.family_factor * self.learned_factor


class Tokens:
    """Counts and learns."""

    def __init__(self, store: Callable[[], Store], clock_ms: Callable[[], int], counter: Counter | None = None) -> None:
        self._store = store
        self._clock_ms = clock_ms
        self._counter = counter or Counter(estimate)
        self._learned: dict[tuple[ModelRef, str], Learned] = {}
        self._recall()

    @property
    def is_loaded(self) -> bool:
        """Whether counts can be exact."""
        return self._counter.is_loaded

    @property
    def problem(self) -> str:
        """Why counts stay estimates, one line; empty as long as nothing is known to be wrong."""
        return self._counter.problem

    def load(self) -> None:
        """Load the vocabulary, once: a third of a second and 45 MB. For a thread, in a moment when nobody types."""
        self._counter.load()

    def count(self, text: str, ref: ModelRef | None = None) -> Count:
        """The text as the model counts it; None: as most do. For every key press: up to some milliseconds, longer texts are estimated."""
        return self._taught(self._counter.count(text, _family(ref)), ref)

    async def count_whole(self, text: str, ref: ModelRef | None = None) -> Count:
        """As `count`, for a text of any length and with the vocabulary loaded if need be, in a thread."""
        return self._taught(await asyncio.to_thread(self._counter.count_whole, text, _family(ref)), ref)

    def plain(self, messages: Iterable[Message], system: str = "") -> int:
        """Tokens of messages before any model's factor, framing included."""
        return estimate_messages(messages, system, self._counter.plain)

    def yardstick(self, ref: ModelRef, text: str) -> Yardstick:
        """How the model counts; `text` stands for what the request consists of."""
        known = self._learned.get((ref, self._basis))
        return Yardstick(ref, self._basis, default_factor(_family(ref), text), known.factor if known else 1.0)

    async def learn(self, yardstick: Yardstick, counted: int, reported: int) -> None:
        """Take a provider's report of a request for which the yardstick gave `counted`; kept over restarts, if the store can be written."""
        if counted < LEAST_LEARNED_FROM:
            return
        key = yardstick.model, yardstick.basis
        expected = round(counted / yardstick.learned_factor)

        def update(before: TokenFactor | None) -> TokenFactor | None:
            known = learned(Learned(before.factor, before.samples) if before else None, expected, reported)
            return TokenFactor(*key, known.factor, known.samples, self._clock_ms()) if known else None

        try:
            stored = await self._store().change_token_factor(*key, update)
        except StoreError as error:
            log.info("a token factor was not kept: %s", error)
            return
        if stored is not None:
            self._learned[key] = Learned(stored.factor, stored.samples)

    @property
    def _basis(self) -> str:
        return COUNTED if self.is_loaded else ESTIMATED

    def _taught(self, count: Count, ref: ModelRef | None) -> Count:
        known = self._learned.get((ref, self._basis)) if ref and not count.is_exact else None
        return Count(round(count.tokens * known.factor), False) if known else count

    def _recall(self) -> None:
        try:
            rows = self._store().token_factors()
        except StoreError as error:
            log.info("the learned token factors cannot be read: %s", error)
            return
        self._learned = {(row.model, row.basis): Learned(row.factor, row.samples) for row in rows}


def _family(ref: ModelRef | None) -> Family:
    return family_of(ref.id) if ref else Family.OTHER
