"""A provider's own usage export, read: what OpenAI and Anthropic offer for download as CSV.

Columns are found by their documented names, whatever their order; further ones are left alone. Four kinds are known:
- OpenAI usage: start_time or start_time_iso, model, input_tokens (cached included), input_cached_tokens, output_tokens
- OpenAI costs: start_time or start_time_iso, amount_value, amount_currency, line_item ("MODEL, input")
- Anthropic usage: usage_date_utc, model_version, usage_input_tokens_no_cache, …_cache_write_5m, …_cache_write_1h, …_cache_read,
  usage_output_tokens
- Anthropic costs: usage_date_utc, model, token_type, cost_usd
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import pico

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DATED = re.compile(r"-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$")
_WRITES = (
    "usage_input_tokens_cache_write_5m",
    "usage_input_tokens_cache_write_1h",
    "usage_input_tokens_cache_write",
)


@dataclass(frozen=True, slots=True)
class Billed:
    """What one model used, or cost, on one day in UTC. None: the export does not tell."""

    input_tokens: int | None = None
    """All input, cached and cache-write included, whatever the vendor's own way of counting."""
    cached_input_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    cost_pico: int | None = None

    def plus(self, other: Billed) -> Billed:
        return Billed(
            _sum(self.input_tokens, other.input_tokens),
            _sum(self.cached_input_tokens, other.cached_input_tokens),
            _sum(self.cache_write_tokens, other.cache_write_tokens),
            _sum(self.output_tokens, other.output_tokens),
            _sum(self.cost_pico, other.cost_pico),
        )


@dataclass(frozen=True, slots=True)
class Bill:
    """An export."""

    vendor: str
    """openai or anthropic."""
    first: date
    last: date
    lines: Mapping[tuple[date, str], Billed]
    """By day and plain name of the model; empty where the line is of none, such as a fee."""


def plain_name(model: str) -> str:
    """A model's name as exports and requests have in common: "Claude Haiku 4.5" and claude-haiku-4-5-20251001 are one."""
    return _DATED.sub("", re.sub(r"[\s._]+", "-", model.strip().lower()))


def read_bill(text: str, name: str) -> Bill:
    """The export in `text`, which came from the file `name`. Raises UserError that names the line."""
    rows = csv.reader(text.removeprefix("\ufeff").splitlines(), strict=False)
    header = next((row for row in rows if any(cell.strip() for cell in row)), [])
    columns = [cell.strip().lower() for cell in header]
    vendor, read = _kind(set(columns), name)
    found: dict[tuple[date, str], Billed] = {}
    days: list[date] = []
    try:
        for cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            row = _Row(dict(zip(columns, (cell.strip() for cell in cells), strict=False)), rows.line_num, name)
            days.append(row.day())
            key = (days[-1], plain_name(row.model()))
            found[key] = found.get(key, Billed()).plus(read(row))
    except csv.Error as error:
        raise UserError(f"line {rows.line_num} of {one_line(name, 60)} is not CSV ({error})") from error
    if not days:
        raise UserError(f"{one_line(name, 60)} has no lines below its header", "export a longer time")
    return Bill(vendor, min(days), max(days), found)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line by the names of its columns."""

    cells: Mapping[str, str]
    line: int
    file: str

    def count(self, column: str) -> int | None:
        """A whole number; None where the column is missing, 0 where the cell is empty."""
        if column not in self.cells:
            return None
        number = self._number(column)
        if number != number.to_integral_value() or number < 0:
            raise self.wrong(column, "a whole number")
        return int(number)

    def usd(self, column: str) -> int:
        return pico(self._number(column))

    def model(self) -> str:
        cells = self.cells
        if "line_item" in cells:
            return cells["line_item"].partition(",")[0]
        return cells.get("model_version") or cells.get("model", "")

    def day(self) -> date:
        """The day in UTC."""
        for column in ("usage_date_utc", "start_time_iso", "start_time", "date"):
            if value := self.cells.get(column, ""):
                try:
                    return _day(value)
                except (ValueError, OverflowError, OSError) as error:
                    raise self.wrong(column, "a date") from error
        raise UserError(f"line {self.line} of {one_line(self.file, 60)} has no date")

    def wrong(self, column: str, wanted: str) -> UserError:
        shown = one_line(self.cells.get(column, ""), 40)
        return UserError(f'line {self.line} of {one_line(self.file, 60)}: {column} must be {wanted}, not "{shown}"')

    def _number(self, column: str) -> Decimal:
        try:
            number = Decimal(self.cells.get(column, "").replace(",", "").lstrip("$") or 0)
        except InvalidOperation as error:
            raise self.wrong(column, "a number") from error
        if not number.is_finite() or abs(number) > 10**15:
            raise self.wrong(column, "a number")
        return number


def _kind(columns: set[str], name: str) -> tuple[str, Callable[[_Row], Billed]]:
    if {"usage_date_utc", "usage_output_tokens"} <= columns:
        return "anthropic", _anthropic_usage
    if {"usage_date_utc", "cost_usd"} <= columns:
        return "anthropic", _anthropic_cost
    if "amount_value" in columns:
        return "openai", _openai_cost
    if {"input_tokens", "output_tokens"} <= columns and columns & {"start_time", "start_time_iso"}:
        return "openai", _openai_usage
    raise UserError(
        f"{one_line(name, 60)} has not the columns of a usage or cost export of OpenAI or Anthropic",
        "export it as CSV from the provider's usage or cost page, grouped by model",
    )


def _openai_usage(row: _Row) -> Billed:
    return Billed(row.count("input_tokens"), row.count("input_cached_tokens"), None, row.count("output_tokens"))


def _openai_cost(row: _Row) -> Billed:
    if row.cells.get("amount_currency", "usd").lower() not in ("usd", ""):
        raise row.wrong("amount_currency", "usd")
    return Billed(cost_pico=row.usd("amount_value"))


def _anthropic_usage(row: _Row) -> Billed:
    written = sum(row.count(column) or 0 for column in _WRITES)
    cached = row.count("usage_input_tokens_cache_read") or 0
    plain = row.count("usage_input_tokens_no_cache") or 0
    return Billed(plain + written + cached, cached, written, row.count("usage_output_tokens"))


def _anthropic_cost(row: _Row) -> Billed:
    return Billed(cost_pico=row.usd("cost_usd"))


def _day(value: str) -> date:
    if value.isdigit():
        return datetime.fromtimestamp(int(value), UTC).date()
    moment = datetime.fromisoformat(value)
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _sum(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)
