"""How models did as programs read it: one JSON document, or comma-separated values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hawkmoth_tui.engine.document import iso, usd_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.core.performance import MetricsBy, Performance, Spread
    from hawkmoth_tui.engine.document import Json

SPREADS = ("latency_ms", "ttft_ms", "router_ms")
FIGURES = ("count", "mean", "p50", "p95", "p99")


def metrics_document(
    groups: Mapping[MetricsBy, Sequence[Performance]], since_ms: int | None, until_ms: int | None
) -> dict[str, Json]:
    """The document of `metrics --format json`: lines by what they are grouped by; a figure that is not known is null."""
    return {
        "since": iso(since_ms),
        "until": iso(until_ms),
        **{by.value: [_line_document(line) for line in lines] for by, lines in groups.items()},
    }


def _line_document(line: Performance) -> dict[str, Json]:
    return {
        "provider": line.provider or None,
        "model": line.model or None,
        "task": line.task or None,
        "requests": line.requests,
        "failed": line.failed,
        "errors": dict(line.errors),
        "retries": line.retries,
        "fallbacks": line.fallbacks,
        "latency_ms": _spread_document(line.duration_ms),
        "ttft_ms": _spread_document(line.ttft_ms),
        "router_ms": _spread_document(line.route_us, 1000),
        "tokens_per_s": None if line.tokens_per_s is None else round(line.tokens_per_s, 2),
        "input_tokens": line.input_tokens,
        "cached_input_tokens": line.cached_tokens,
        "output_tokens": line.output_tokens,
        "cache_share": None if line.cache_share is None else round(line.cache_share, 4),
        "win_rate": None if line.wins.rate is None else round(line.wins.rate, 4),
        "signs": (line.wins.good + line.wins.poor) / 100,
        "cost_usd": usd_text(line.cost_pico),
        "unknown_requests": line.unknown,
    }


def _spread_document(spread: Spread | None, per: int = 1) -> Json:
    if spread is None:
        return None
    figures = {"mean": spread.mean, "p50": spread.p50, "p95": spread.p95, "p99": spread.p99}
    return {"count": spread.count, **{name: round(value / per, 3) for name, value in figures.items()}}


def metrics_csv(lines: Sequence[Performance]) -> str:
    """RFC 4180 with a header; a spread has a column for each of its figures, a figure that is not known is empty."""
    page = io.StringIO()
    writer = csv.writer(page)
    header: list[str] = []
    for line in lines:
        cells = dict(_cells(_line_document(line)))
        if not header:
            writer.writerow(header := list(cells))
        writer.writerow(cells.values())
    return page.getvalue()


def _cells(document: Mapping[str, Json]) -> list[tuple[str, Json]]:
    """The document as one row."""
    cells: list[tuple[str, Json]] = []
    for name, value in document.items():
        if name == "errors":
            continue
        if name in SPREADS:
            known = value if isinstance(value, dict) else {}
            cells += [(f"{name}_{figure}", known.get(figure)) for figure in FIGURES]
        else:
            cells.append((name, value))
    return cells
