"""`hawkmoth cost`: what was spent, from the ledger."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import money_text, sum_text
from hawkmoth_tui.engine.cost_document import cost_csv, cost_document
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.reconcile import reconcile
from hawkmoth_tui.headless.streams import emit
from hawkmoth_tui.headless.tables import Column, Give, Ink, output_width, paints, table

if TYPE_CHECKING:
    from hawkmoth_tui.core.summaries import CostGroup, CostTotals

GROUPINGS = ("day", "month", "model", "lane", "provider", "session", "cause", "task")
NOT_NAMED = "(none)"
_AGO = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def text(totals: CostTotals, by: str, width: int, *, is_painted: bool = False) -> str:
    """The totals for people."""
    columns = (
        Column(by.upper(), gives=Give.FIRST),
        Column("TURNS", is_number=True),
        Column("IN", is_number=True),
        Column("OUT", is_number=True),
        Column("COST", is_number=True, ink=Ink.COST),
    )
    rows = [_row(group) for group in totals.groups]
    turns = sum(group.turns for group in totals.groups)
    tokens_in = sum(group.input_tokens for group in totals.groups)
    tokens_out = sum(group.output_tokens for group in totals.groups)
    whole = ("≥ " if totals.unknown_turns else "") + sum_text(totals.total_pico, totals.unknown_turns)
    rows.append(("total", f"{turns:,}", f"{tokens_in:,}", f"{tokens_out:,}", whole))
    drawn = table(columns, rows, width, is_painted=is_painted)
    if totals.unknown_turns:
        drawn += f"\ntotal {total_text(totals)}"
    return drawn


def total_text(totals: CostTotals) -> str:
    """`$0.42`, or what is known and what is not: `≥ $0.42 + 3 turns of unknown price`."""
    known = money_text(totals.total_pico)
    if not totals.unknown_turns:
        return known
    turns = "1 turn" if totals.unknown_turns == 1 else f"{totals.unknown_turns:,} turns"
    return f"≥ {known} + {turns} of unknown price"


def _row(group: CostGroup) -> tuple[str, ...]:
    counts = (f"{group.turns:,}", f"{group.input_tokens:,}", f"{group.output_tokens:,}")
    return group.label or group.key or NOT_NAMED, *counts, sum_text(group.cost_pico, group.unknown_turns)


def instant_ms(value: str, *, ends_day: bool = False) -> int:
    """A day, a month or a time in the local zone, or 24h, 7d, 4w ago, as epoch milliseconds; `ends_day` gives the end of the day or month.
    Raises UserError."""
    try:
        if value[-1:] in _AGO and value[:-1].isdecimal():
            return int((datetime.now(UTC) - int(value[:-1]) * _AGO[value[-1]]).timestamp() * 1000)
        if len(value) == len("2026-11"):
            moment = datetime.strptime(value, "%Y-%m")  # local on purpose
            length = timedelta(days=32)
        else:
            moment = datetime.fromisoformat(value)
            length = timedelta(days=1) if len(value) == len("2026-11-20") else timedelta(0)
        end = moment + length
        if len(value) == len("2026-11"):
            end = end.replace(day=1)
        chosen = (end if ends_day else moment).astimezone()
        return int(chosen.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError) as error:
        raise UserError(
            f"{one_line(value, 40)} is not a date", "write it as 2026-11-20, 2026-11, 2026-11-20T15:30 or 7d"
        ) from error


@click.group("cost", invoke_without_command=True)
@as_json()
@click.option("--csv", "is_csv", is_flag=True, help="Print comma-separated values.")
@click.option("--by", type=click.Choice(GROUPINGS), default="day", show_default=True, help="How it is grouped.")
@click.option("--since", metavar="DATE", help="From this day (2026-11-20), month (2026-11) or time on, or 7d ago.")
@click.option("--until", metavar="DATE", help="Up to and including this day or month, or up to this time.")
@click.pass_context
def command(
    ctx: click.Context, is_json: bool, is_csv: bool, by: str, since: str | None, until: str | None
) -> int | None:
    """Totals by day, month, model, lane, provider, session, cause or task type.

    What has no known price is counted, never summed as nothing.
    """
    if ctx.invoked_subcommand is not None:
        return None
    if is_json and is_csv:
        raise UserError("--json and --csv exclude each other", "give one of them")
    since_ms = instant_ms(since) if since else None
    until_ms = instant_ms(until, ends_day=True) if until else None

    async def read() -> tuple[CostTotals, str]:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return station.costs.totals(by, since_ms, until_ms), station.costs.baseline

    totals, baseline = asyncio.run(read())
    if is_json:
        emit(dumps(cost_document(totals, baseline), indent=1) + "\n")
    elif is_csv:
        emit(cost_csv(totals))
    else:
        emit(text(totals, by, output_width(), is_painted=paints()) + "\n")
    return DONE


command.add_command(reconcile)
