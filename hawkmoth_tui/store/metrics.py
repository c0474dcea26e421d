"""How providers, models and task types did, over any time range: the stored sums, and the rows where they are exact or not summed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.performance import MetricsBy, Performance, Wins
from hawkmoth_tui.store import feedback, metrics_sums
from hawkmoth_tui.store.metrics_sketch import spread
from hawkmoth_tui.store.metrics_sums import LENGTHS_MS, Key, Tally
from hawkmoth_tui.store.spans import pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    import apsw

Group = tuple[str, str, str]
"""Provider, model as provider/model-id, task; empty where the group is of many."""


def performances(connection: apsw.Connection, by: MetricsBy, since_ms: int, until_ms: int) -> tuple[Performance, ...]:
    """From `since_ms` until before `until_ms`, the most asked first."""
    groups: dict[Group, Tally] = {}
    for key, tally in _sums(connection, since_ms, until_ms).items():
        groups.setdefault(_group(by, key), Tally()).add(tally)
    wins: dict[Group, Wins] = {}
    for key, (good, poor) in feedback.weights(connection, since_ms, until_ms).items():
        before = wins.get(_group(by, key), Wins())
        wins[_group(by, key)] = Wins(before.good + good, before.poor + poor)
    found = [_performance(group, groups.get(group, Tally()), wins) for group in groups | wins]
    return tuple(sorted(found, key=lambda each: (-each.requests, each.provider, each.model, each.task)))


def _sums(connection: apsw.Connection, since_ms: int, until_ms: int) -> dict[Key, Tally]:
    """What is asked for, by key."""
    found: dict[Key, Tally] = {}
    done = metrics_sums.mark(connection)
    for piece in pieces(since_ms, until_ms, len(LENGTHS_MS) - 1, LENGTHS_MS):
        if piece.level is None:
            span = (piece.first, piece.end, done)
            sums = metrics_sums.rows(connection, "at_ms >= ? AND at_ms < ? AND +seq <= ?", span)
        else:
            sums = metrics_sums.summed(connection, piece)
        for key, tally in sums:
            found.setdefault(key, Tally()).add(tally)
    late = (done, since_ms, until_ms)
    for key, tally in metrics_sums.rows(connection, "seq > ? AND +at_ms >= ? AND +at_ms < ?", late):
        found.setdefault(key, Tally()).add(tally)
    return found


def _group(by: MetricsBy, key: Key) -> Group:
    provider, model, task = key
    match by:
        case MetricsBy.PROVIDER:
            return provider, "", ""
        case MetricsBy.MODEL:
            return provider, f"{provider}/{model}", ""
        case MetricsBy.TASK:
            return "", "", task
        case MetricsBy.EACH:
            return provider, f"{provider}/{model}", task


def _performance(group: Group, tally: Tally, wins: Mapping[Group, Wins]) -> Performance:
    provider, model, task = group
    return Performance(
        provider=provider,
        model=model,
        task=task,
        requests=tally["requests"],
        retries=tally["retries"],
        fallbacks=tally["fallbacks"],
        errors=dict(sorted(tally.errors.items())),
        duration_ms=spread(tally.durations, tally["duration_ms"]),
        ttft_ms=spread(tally.ttfts, tally["ttft_ms"]),
        route_us=spread(tally.routes, tally["route_us"]),
        tokens_per_s=1000 * tally["written_tokens"] / tally["writing_ms"] if tally["writing_ms"] else None,
        input_tokens=tally["input_tokens"],
        cached_tokens=tally["cached_tokens"],
        output_tokens=tally["output_tokens"],
        cost_pico=tally["cost_pico"],
        unknown=tally["unknown"],
        wins=wins.get(group, Wins()),
    )
