"""`hawkmoth metrics`: how providers, models and task types did, for people, for programs and for Prometheus."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import sum_text
from hawkmoth_tui.core.performance import MetricsBy
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.engine.metrics_document import metrics_document
from hawkmoth_tui.headless.cost import instant_ms
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.exposition import exposition, write_textfile
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit
from hawkmoth_tui.headless.tables import Column, Give, Ink, output_width, paints, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.core.performance import Performance, Spread

FORMATS = ("table", "json", "prometheus")
WIDE = 110
"""Cells from which a table has all its columns."""
NARROW_NAME = 20
"""Cells for a name in a narrow table."""
LEGEND = "FIRST: until the first token, TIME: until the end; median, 95 % and 99 %"
SHOWN = (MetricsBy.MODEL, MetricsBy.PROVIDER, MetricsBy.TASK)
"""The tables, and their order, when none is asked for."""
NOT_NAMED = "(none named)"


def text(by: MetricsBy, lines: Sequence[Performance], width: int, *, is_painted: bool = False) -> str:
    """One table for people, and the kinds of errors below it."""
    is_wide, has_signs = width >= WIDE, any(line.wins.rate is not None for line in lines)
    columns = (
        Column(by.value.upper() if by is not MetricsBy.EACH else "MODEL, TASK", gives=Give.FIRST),
        Column("ASKED", is_number=True),
        Column("FAILED", is_number=True),
        *((Column("RETRIED", is_number=True), Column("FELL BACK", is_number=True)) if is_wide else ()),
        Column("FIRST s", is_number=True),
        Column("TIME s", is_number=True),
        Column("TOK/S", is_number=True),
        *((Column("CACHED", is_number=True), Column("ROUTER", is_number=True)) if is_wide else ()),
        *((Column("WON", is_number=True),) if has_signs else ()),
        Column("COST", is_number=True, ink=Ink.COST),
    )
    rows = [_row(line, is_wide=is_wide, has_signs=has_signs) for line in lines]
    drawn = table(columns, rows, width, is_painted=is_painted)
    return "\n".join([drawn, *_errors(lines)])


def _row(line: Performance, *, is_wide: bool, has_signs: bool) -> tuple[str, ...]:
    name = line.model or line.provider or line.task or NOT_NAMED
    if line.model and line.task:
        name = f"{line.model}, {line.task}"
    return (
        name if is_wide else _without_middle(name),
        f"{line.requests:,}",
        f"{line.failed:,}" if line.failed else "-",
        *((f"{line.retries:,}", f"{line.fallbacks:,}") if is_wide else ()),
        _seconds(line.ttft_ms, "p50", "p95"),
        _seconds(line.duration_ms, "p50", "p95", "p99"),
        "-" if line.tokens_per_s is None else f"{line.tokens_per_s:.0f}",
        *((_share(line.cache_share), _router(line.route_us)) if is_wide else ()),
        *((_share(line.wins.rate),) if has_signs else ()),
        sum_text(line.cost_pico, line.unknown),
    )


def _without_middle(name: str) -> str:
    """A long name by its beginning and its end: models of one family differ at the end."""
    return name if len(name) <= NARROW_NAME else f"{name[:8]}…{name[9 - NARROW_NAME :]}"


def _seconds(spread: Spread | None, *names: str) -> str:
    """`0.4/1.2`; one decimal below ten."""
    if spread is None:
        return "-"
    values = [float(getattr(spread, name)) / 1000 for name in names]
    return "/".join(f"{value:.1f}" if value < 10 else f"{value:.0f}" for value in values)


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _router(spread: Spread | None) -> str:
    return "-" if spread is None else f"{spread.p50 / 1000:.1f} ms"


def _errors(lines: Sequence[Performance]) -> list[str]:
    kinds: dict[str, int] = {}
    for line in lines:
        for kind, count in line.errors.items():
            kinds[kind] = kinds.get(kind, 0) + count
    named = ", ".join(f"{one_line(kind, 40)} {count:,}" for kind, count in sorted(kinds.items()))
    return [f"failed with: {named}"] if named else []


@click.command("metrics")
@click.option("--format", "style", type=click.Choice(FORMATS), default="table", show_default=True, help="How to print.")
@as_json("The same as --format json.")
@click.option("--by", type=click.Choice([by.value for by in MetricsBy]), help="One grouping only, instead of all.")
@click.option("--since", metavar="WHEN", help="From this day, month or time on, local time; or 24h, 7d, 4w ago.")
@click.option("--until", metavar="WHEN", help="Up to and including this day or month, or up to this time.")
@click.option(
    "--textfile",
    metavar="FILE",
    help="Write the Prometheus text into FILE at once and whole, for node_exporter's textfile collector.",
)
def command(
    style: str, is_json: bool, by: str | None, since: str | None, until: str | None, textfile: str | None
) -> int:
    """Requests, errors, latency, speed, cache, win rate and cost, by model, provider and task type."""
    if textfile and (style != "table" or is_json):
        raise UserError("--textfile has a format of its own", "leave out --format and --json")
    if is_json and style == "prometheus":
        raise UserError("--json and --format prometheus exclude each other", "give one of them")
    since_ms = instant_ms(since) if since else None
    until_ms = instant_ms(until, ends_day=True) if until else None
    is_exposed = bool(textfile) or style == "prometheus"
    wanted = (MetricsBy.EACH,) if is_exposed else (MetricsBy(by),) if by else SHOWN

    async def read() -> dict[MetricsBy, tuple[Performance, ...]]:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return {each: await station.metrics.read(each, since_ms, until_ms) for each in wanted}

    groups = asyncio.run(read())
    if textfile:
        write_textfile(textfile, exposition(groups[MetricsBy.EACH]))
    elif is_exposed:
        emit(exposition(groups[MetricsBy.EACH]))
    elif is_json or style == "json":
        emit(dumps(metrics_document(groups, since_ms, until_ms), indent=1) + "\n")
    elif not any(groups.values()):
        emit("nothing was asked in this time\n")
    else:
        tables = [text(each, lines, output_width(), is_painted=paints()) for each, lines in groups.items()]
        emit("\n\n".join([*tables, LEGEND]) + "\n")
    return DONE
