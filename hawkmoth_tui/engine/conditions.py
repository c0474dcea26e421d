"""How models and their providers have behaved in this run, as far as attempts have shown it, and what they let through for now."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.routing.health import PROVIDER_WIDE, Health, describe, joined, observe
from hawkmoth_tui.routing.pacing import Pace, after_sending, left_now, wait_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.exchange import Quota
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.turn import Attempt


class Conditions:
    """The health of each model, joined with that of its provider."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock` is monotonic, in seconds."""
        self._clock = clock
        self._models: dict[ModelRef, Health] = {}
        self._providers: dict[str, Health] = {}
        self._paces: dict[ModelRef, Pace] = {}
        self._probes: dict[ModelRef, str] = {}
        """Attempts that try a model again after its pause, by their model."""

    def of(self, ref: ModelRef) -> Health:
        health = joined(self._models.get(ref, Health()), self._providers.get(ref.provider, Health()))
        is_probed = any(probed.provider == ref.provider for probed in self._probes)
        return replace(health, is_probed=True) if is_probed and health.failures else health

    def described(self, ref: ModelRef) -> str:
        """In words: ok, cooling 12 s, …"""
        return describe(self.of(ref), self._clock())

    def quota(self, ref: ModelRef) -> Quota | None:
        """What is left of what its server lets through, as it last said. None: it never did, or it is full again."""
        pace = self._paces.get(ref)
        return left_now(pace, self._clock()) if pace else None

    def wait_s(self, ref: ModelRef, tokens: int) -> float:
        """How long to wait before a request of so many tokens, so that it is not refused; 0: send it."""
        pace = self._paces.get(ref)
        return wait_s(pace, tokens, self._clock()) if pace else 0.0

    def began(self, attempt_id: str, ref: ModelRef, tokens: int) -> None:
        """A request of so many tokens leaves. After a pause it is the one that finds out whether the server is well again."""
        if ref in self._paces:
            self._paces[ref] = after_sending(self._paces[ref], tokens)
        if self.of(ref).failures:
            self._probes.setdefault(ref, attempt_id)

    def told(self, ref: ModelRef, quota: Quota) -> None:
        """The server said what is left."""
        self._paces[ref] = Pace(quota, self._clock())

    def ended(self, attempt_id: str) -> None:
        """An attempt is over, however it went."""
        self._probes = {ref: probe for ref, probe in self._probes.items() if probe != attempt_id}

    def observe(self, attempt: Attempt, retry_after_s: float | None) -> None:
        """Learn from an ended attempt; what speaks about the whole provider cools all its models."""
        ref, now_s = attempt.model, self._clock()
        self._models[ref] = observe(self._models.get(ref, Health()), attempt, now_s, retry_after_s)
        is_wide = attempt.error is not None and attempt.error.type in PROVIDER_WIDE
        if is_wide or attempt.outcome is Outcome.OK:
            before = self._providers.get(ref.provider, Health())
            self._providers[ref.provider] = observe(before, attempt, now_s, retry_after_s)
