"""`hawkmoth cost reconcile`: the ledger beside a provider's own export."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import decimal_text, money_text
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, tell
from hawkmoth_tui.headless.tables import Column, Give, output_width, paints, table

if TYPE_CHECKING:
    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.engine.reconciling import Comparison, Difference

COST = "cost_pico"
LARGEST_BYTES = 64 * 1024 * 1024
WORDS = {
    "input_tokens": "input tokens",
    "cached_input_tokens": "cached input",
    "cache_write_tokens": "cache written",
    "output_tokens": "output tokens",
    COST: "cost",
}


def document(comparison: Comparison) -> dict[str, Json]:
    """The document of `cost reconcile --json`. Amounts are exact decimal strings in USD, tokens are numbers."""
    return {
        "provider": comparison.provider,
        "first": comparison.first.isoformat(),
        "last": comparison.last.isoformat(),
        "compared": comparison.compared,
        "differences": [
            {
                "date": each.day.isoformat(),
                "model": each.model,
                "what": "cost_usd" if each.figure == COST else each.figure,
                "ours": decimal_text(each.ours) if each.figure == COST else each.ours,
                "theirs": decimal_text(each.theirs) if each.figure == COST else each.theirs,
                "unknown_requests": each.unknown,
            }
            for each in comparison.differences
        ],
    }


def text(comparison: Comparison, width: int, *, is_painted: bool = False) -> str:
    """The differences for people; one sentence where there are none."""
    span = f"{comparison.provider}, {comparison.first} to {comparison.last} in UTC"
    if not comparison.differences:
        return f"{span}: all {comparison.compared:,} figures agree"
    columns = (
        Column("DATE"),
        Column("MODEL", gives=Give.FIRST),
        Column("WHAT"),
        Column("HERE", is_number=True),
        Column("THERE", is_number=True),
        Column("DIFFERENCE", is_number=True),
    )
    drawn = table(columns, [_row(each) for each in comparison.differences], width, is_painted=is_painted)
    return f"{drawn}\n{span}: {len(comparison.differences):,} of {comparison.compared:,} figures differ"


def _row(each: Difference) -> tuple[str, ...]:
    here = "≥ " if each.unknown else ""
    difference = each.theirs - each.ours
    if each.figure == COST:
        figures = (here + money_text(each.ours), money_text(each.theirs), _signed(money_text(difference), difference))
    else:
        figures = (f"{each.ours:,}", f"{each.theirs:,}", _signed(f"{difference:,}", difference))
    return each.day.isoformat(), each.model or "(none)", WORDS[each.figure], *figures


def _signed(shown: str, value: int) -> str:
    return f"+{shown}" if value > 0 else shown


def _read(name: str) -> str:
    """The file's text. Raises UserError."""
    path = Path(name)
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise UserError(f"{one_line(name, 80)} is too large to be a usage export")
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UserError(f"{one_line(name, 80)} cannot be read ({error.strerror})", "give the CSV file") from error
    except UnicodeDecodeError as error:
        raise UserError(f"{one_line(name, 80)} is not UTF-8 text", "give the CSV file as it was exported") from error


@click.command("reconcile")
@click.argument("file", metavar="FILE")
@as_json()
@click.option("--provider", metavar="NAME", help="The provider's name here, where it is not openai or anthropic.")
@click.option(
    "--book", "books", is_flag=True, help="Book differences of cost as rows of their own; nothing is changed."
)
def reconcile(file: str, is_json: bool, provider: str | None, books: bool) -> int:
    """Compare the ledger with FILE, a usage or cost export (CSV) of OpenAI or Anthropic, day by day and model by model."""
    from hawkmoth_tui.engine.bills import read_bill

    bill = read_bill(_read(file), Path(file).name)

    async def compare() -> tuple[Comparison, int]:
        async with workstation(is_about_the_store=True, starts=False) as station:
            found = station.costs.compare(bill, provider or bill.vendor)
            return found, await station.costs.correct(found) if books else 0

    comparison, booked = asyncio.run(compare())
    if is_json:
        emit(dumps(document(comparison), indent=1) + "\n")
    else:
        emit(text(comparison, output_width(), is_painted=paints()) + "\n")
    if books:
        tell(f"hawkmoth: {booked} corrections booked")
    return DONE
