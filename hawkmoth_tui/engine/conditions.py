"""How models and their providers have behaved in this run, as far as attempts have shown it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.routing.health import PROVIDER_WIDE, Health, describe, joined, observe

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.turn import Attempt


class Conditions:
    """The health of each model, joined with that of its provider."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is monotonic, in seconds."""
        self._clock = clock
        self._models: dict[ModelRef, Health] = {}
        self._providers: dict[str, Health] = {}

    def of(self, ref: ModelRef) -> Health:
        return joined(self._models.get(ref, Health()), self._providers.get(ref.provider, Health()))

    def described(self, ref: ModelRef) -> str:
        """In words: ok, cooling 12 s, …"""
        return describe(self.of(ref), self._clock())

    def observe(self, attempt: Attempt, retry_after_s: float | None) -> None:
        """Learn from an ended attempt; what speaks about the whole provider cools all its models."""
        ref, now_s = attempt.model, self._clock()
        self._models[ref] = observe(self._models.get(ref, Health()), attempt, now_s, retry_after_s)
        is_wide = attempt.error is not None and attempt.error.type in PROVIDER_WIDE
        if is_wide or attempt.outcome is Outcome.OK:
            before = self._providers.get(ref.provider, Health())
            self._providers[ref.provider] = observe(before, attempt, now_s, retry_after_s)
