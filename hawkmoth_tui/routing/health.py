"""How a model has behaved lately, as a frozen value: `observe` folds one attempt into it. Kept in memory by the engine, per model and per
provider; times are seconds of whatever monotonic clock the caller uses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.core.turn import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.turn import Attempt

SMOOTHING = 0.3
"""Weight of the newest attempt in the running means."""

LONGEST_COOLING_S = 300.0

_COOLING_S: Mapping[str, float] = {
    "RateLimited": 15.0,
    "Overloaded": 5.0,
    "Unreachable": 5.0,
    "StreamBroken": 2.0,
    "BadResponse": 5.0,
    "AuthFailed": 60.0,
}
"""Pause after a first failure by the error's class; it doubles with every further one in a row. Other errors (a refused or too long
request, a bug) are the request's matter and cool nothing."""

PROVIDER_WIDE = frozenset({"RateLimited", "Unreachable", "AuthFailed"})
"""Errors that speak about the whole provider rather than about one of its models."""


@dataclass(frozen=True, slots=True)
class Health:
    """What recent attempts say about a model or a provider. The default is: nothing known, fine."""

    cooling_until_s: float = 0.0
    """No request before this moment of the monotonic clock; 0: at once."""
    failures: int = 0
    """Failed attempts in a row."""
    last_error: str = ""
    """Class of the last failure; empty after a success."""
    ttft_ms: float | None = None
    """Running mean of the time to first token. None: never measured."""
    tokens_per_s: float | None = None
    """Running mean of the output speed after the first token. None: never measured."""
    is_probed: bool = False
    """Whether the first request after a pause is on its way: until it has ended, nothing else is sent there unless it was pinned."""

    def cooling_s(self, now_s: float) -> float:
        """Seconds of pause still to go; 0 when there is none."""
        return max(0.0, self.cooling_until_s - now_s)


def observe(health: Health, attempt: Attempt, now_s: float, retry_after_s: float | None = None) -> Health:
    """The health after an attempt. `retry_after_s` is what the server asked to wait, if it said so."""
    match attempt.outcome:
        case Outcome.OK:
            return _with_speed(replace(health, cooling_until_s=0.0, failures=0, last_error=""), attempt)
        case Outcome.FAILED | Outcome.INTERRUPTED:
            return _after_failure(health, attempt.error.type if attempt.error else "StreamBroken", now_s, retry_after_s)
        case Outcome.CANCELLED | Outcome.SKIPPED | None:
            return health
        case _:
            assert_never(attempt.outcome)


def joined(model: Health, provider: Health) -> Health:
    """One health for a candidate: the longer pause and the more failures of its model and its provider, the model's own speed."""
    worse = max(model, provider, key=lambda health: health.failures)
    return replace(
        model,
        cooling_until_s=max(model.cooling_until_s, provider.cooling_until_s),
        failures=worse.failures,
        last_error=worse.last_error,
    )


def describe(health: Health, now_s: float) -> str:
    """In words for lists: "ok", "cooling 12 s", "2 failures in a row"."""
    cooling_s = health.cooling_s(now_s)
    if cooling_s > 0:
        return f"cooling {cooling_s:.0f} s" if cooling_s >= 1 else "cooling 1 s"
    if health.failures:
        return f"{health.failures} failure{'s' if health.failures > 1 else ''} in a row"
    return "ok"


def _after_failure(health: Health, error: str, now_s: float, retry_after_s: float | None) -> Health:
    pause_s = _COOLING_S.get(error)
    if pause_s is None:
        return health
    failures = health.failures + 1
    backoff_s = min(LONGEST_COOLING_S, pause_s * 2.0 ** min(failures - 1, 10))
    until_s = now_s + (backoff_s if retry_after_s is None else max(0.0, retry_after_s))
    return replace(health, cooling_until_s=max(health.cooling_until_s, until_s), failures=failures, last_error=error)


def _with_speed(health: Health, attempt: Attempt) -> Health:
    if attempt.ttft_ms is None:
        return health
    health = replace(health, ttft_ms=_smoothed(health.ttft_ms, float(attempt.ttft_ms)))
    streaming_ms = (attempt.duration_ms or 0) - attempt.ttft_ms
    tokens = attempt.usage.output_tokens if attempt.usage else 0
    if streaming_ms <= 0 or tokens <= 1:
        return health
    return replace(health, tokens_per_s=_smoothed(health.tokens_per_s, tokens * 1000 / streaming_ms))


def _smoothed(mean: float | None, newest: float) -> float:
    return newest if mean is None else mean + SMOOTHING * (newest - mean)
