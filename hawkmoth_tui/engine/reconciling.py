"""The ledger beside a provider's own export: where they differ, and the rows that make the ledger agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.bills import Billed, plain_name
from hawkmoth_tui.store.rows import Cause, LedgerRow

if TYPE_CHECKING:
    from datetime import date

    from hawkmoth_tui.engine.bills import Bill
    from hawkmoth_tui.store.rows import Booked
    from hawkmoth_tui.store.store import Store

_FIGURES = ("input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "cost_pico")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of one model on one day in UTC."""

    day: date
    model: str
    """As the ledger names it, without the provider; the export's plain name where the ledger has none."""
    figure: str
    """input_tokens, cached_input_tokens, cache_write_tokens, output_tokens or cost_pico."""
    ours: int
    theirs: int
    unknown: int = 0
    """Attempts of unknown price that our cost leaves out."""
    lane: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was compared, and what differs."""

    provider: str
    first: date
    last: date
    compared: int
    """How many figures there were to compare."""
    differences: tuple[Difference, ...]


def compare(store: Store, bill: Bill, provider: str) -> Comparison:
    """The export beside what is booked for the provider in the days that it covers."""
    ours: dict[tuple[date, str], list[Booked]] = {}
    for row in store.booked_by_day(provider, _start_ms(bill.first), _start_ms(bill.last + _DAY)):
        ours.setdefault((row.day, plain_name(row.model)), []).append(row)
    compared, found = 0, []
    for day, model in sorted(ours.keys() | bill.lines.keys()):
        booked, billed = ours.get((day, model), []), bill.lines.get((day, model), _nothing(bill))
        for figure in _FIGURES:
            theirs = getattr(billed, figure)
            compared += theirs is not None
            mine = sum(int(getattr(row, figure)) for row in booked)
            if theirs is not None and mine != theirs:
                found.append(_difference(day, booked[0] if booked else None, model, figure, mine, theirs))
    return Comparison(provider, bill.first, bill.last, compared, tuple(found))


async def correct(store: Store, comparison: Comparison) -> int:
    """Book what the costs differ by, as rows of their own at the end of their day; how many. Done twice, it adds nothing more."""
    wrong = [each for each in comparison.differences if each.figure == "cost_pico"]
    for each in wrong:
        await store.append_ledger(_correction(comparison.provider, each))
    return len(wrong)


def _difference(day: date, booked: Booked | None, model: str, figure: str, mine: int, theirs: int) -> Difference:
    if booked is None:
        return Difference(day, model, figure, mine, theirs)
    unknown = booked.unknown if figure == "cost_pico" else 0
    return Difference(day, booked.model, figure, mine, theirs, unknown, booked.lane)


def _correction(provider: str, difference: Difference) -> LedgerRow:
    day, model = difference.day, difference.model
    return LedgerRow(
        attempt_id=f"correction {provider} {day} {model} {difference.ours} {difference.theirs}",
        at_ms=_start_ms(day + _DAY) - 1,
        session_id=None,
        turn_id=None,
        model=ModelRef(provider, model),
        lane=difference.lane,
        usage=Usage(),
        prices=None,
        amount_pico=difference.theirs - difference.ours,
        cause=Cause.CORRECTION,
    )


def _nothing(bill: Bill) -> Billed:
    """Of each figure that the export tells, none."""
    has = {name for billed in bill.lines.values() for name in _FIGURES if getattr(billed, name) is not None}
    return Billed(*(0 if name in has else None for name in _FIGURES))


def _start_ms(day: date) -> int:
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)
