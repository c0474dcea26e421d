"""The metrics as Prometheus reads them: text format 0.0.4, base units, one family after the other."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import decimal_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.performance import Performance, Spread

QUANTILES = (("0.5", "p50"), ("0.95", "p95"), ("0.99", "p99"))


@dataclass(frozen=True, slots=True)
class _Single:
    """A family with one sample a line; a line without a value has none."""

    name: str
    help: str
    type: str
    value: Callable[[Performance], str | None]


@dataclass(frozen=True, slots=True)
class _Summary:
    """A family of quantiles, in seconds."""

    name: str
    help: str
    spread: Callable[[Performance], Spread | None]
    per_second: int


_SINGLES = (
    _Single("requests_total", "Requests sent to the model.", "counter", lambda line: str(line.requests)),
    _Single("retries_total", "Requests sent again to the same model.", "counter", lambda line: str(line.retries)),
    _Single(
        "fallbacks_total",
        "Requests sent because another model had failed.",
        "counter",
        lambda line: str(line.fallbacks),
    ),
    _Single("input_tokens_total", "Tokens read, cached ones included.", "counter", lambda line: str(line.input_tokens)),
    _Single(
        "cached_input_tokens_total",
        "Tokens read from the provider's cache.",
        "counter",
        lambda line: str(line.cached_tokens),
    ),
    _Single(
        "output_tokens_total", "Tokens written, reasoning included.", "counter", lambda line: str(line.output_tokens)
    ),
    _Single("cost_usd_total", "All known amounts in USD.", "counter", lambda line: decimal_text(line.cost_pico)),
    _Single(
        "unpriced_requests_total",
        "Requests of unknown price, which the cost leaves out.",
        "counter",
        lambda line: str(line.unknown),
    ),
    _Single(
        "output_tokens_per_second",
        "Speed of whole answers from their first token.",
        "gauge",
        lambda line: None if line.tokens_per_s is None else repr(line.tokens_per_s),
    ),
    _Single(
        "win_ratio",
        "Share of the signs about answers that are good ones.",
        "gauge",
        lambda line: None if line.wins.rate is None else repr(line.wins.rate),
    ),
)
_SUMMARIES = (
    _Summary("request_duration_seconds", "Time of whole requests.", lambda line: line.duration_ms, 1000),
    _Summary("first_token_seconds", "Time until the first visible token.", lambda line: line.ttft_ms, 1000),
    _Summary("router_seconds", "Time that the router took to decide.", lambda line: line.route_us, 1_000_000),
)


def exposition(lines: Sequence[Performance]) -> str:
    """The whole text; every sample is labelled with provider, model and task type."""
    written: list[str] = []
    for single in _SINGLES:
        written += _head(single.name, single.help, single.type)
        values = ((line, single.value(line)) for line in lines)
        written += [_sample(single.name, line, value) for line, value in values if value is not None]
    written += _head("errors_total", "Requests that failed, by kind of error.", "counter")
    written += [
        _sample("errors_total", line, str(count), kind=kind) for line in lines for kind, count in line.errors.items()
    ]
    for summary in _SUMMARIES:
        written += _head(summary.name, summary.help, "summary")
        for line in lines:
            written += _summary(summary, line)
    return "\n".join(written) + "\n"


def write_textfile(name: str, text: str) -> None:
    """Put the text in the file's place whole, for everybody to read. Raises UserError."""
    path = Path(name)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_text(text, encoding="utf-8")
        part.chmod(0o644)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"{one_line(name, 80)} cannot be written ({error.strerror})", "check the folder") from error


def _head(name: str, help_text: str, kind: str) -> tuple[str, str]:
    return f"# HELP hawkmoth_{name} {help_text}", f"# TYPE hawkmoth_{name} {kind}"


def _summary(family: _Summary, line: Performance) -> list[str]:
    spread = family.spread(line)
    if spread is None:
        return []
    per = family.per_second
    return [
        *(
            _sample(family.name, line, repr(float(getattr(spread, figure)) / per), quantile=quantile)
            for quantile, figure in QUANTILES
        ),
        _sample(f"{family.name}_sum", line, repr(spread.total / per)),
        _sample(f"{family.name}_count", line, str(spread.count)),
    ]


def _sample(name: str, line: Performance, value: str, **more: str) -> str:
    _, _, model = line.model.partition("/")
    labels = {"provider": line.provider, "model": model, "task": line.task, **more}
    written = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"hawkmoth_{name}{{{written}}} {value}"


def _escaped(text: str) -> str:
    return one_line(text).replace("\\", "\\\\").replace('"', '\\"')
