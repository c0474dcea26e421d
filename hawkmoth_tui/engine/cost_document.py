"""Totals of the ledger as programs read them: one JSON document, or comma-separated values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.engine.document import usd_text

if TYPE_CHECKING:
    from hawkmoth_tui.core.summaries import Compared, CostGroup, CostTotals
    from hawkmoth_tui.engine.document import Json

_COLUMNS = (
    "key",
    "label",
    "cost_usd",
    "unknown_turns",
    "turns",
    "input_tokens",
    "output_tokens",
    "baseline_usd",
    "compared_usd",
    "saved_usd",
)
_FIRST_OF_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cost_document(totals: CostTotals, baseline: str) -> dict[str, Json]:
    """The document of `cost --json`; `unknown_turns` counts what the sums leave out because its price is unknown.

    `baseline` is the model that new requests are compared with; empty: none. `saved_usd` is `baseline_usd` less `compared_usd`.
    """
    return {
        "total_usd": usd_text(totals.total_pico),
        "unknown_turns": totals.unknown_turns,
        "savings": {
            "baseline": baseline or None,
            **_terms(totals.compared),
            "compared_requests": totals.compared.count,
        },
        "groups": [_group(group) for group in totals.groups],
    }


def cost_csv(totals: CostTotals) -> str:
    """RFC 4180 with a header; a label that a spreadsheet would calculate is quoted by an apostrophe."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(_COLUMNS)
    for group in totals.groups:
        found = {**_group(group), "key": _harmless(group.key), "label": _harmless(group.label)}
        writer.writerow([found[column] for column in _COLUMNS])
    return page.getvalue()


def _group(group: CostGroup) -> dict[str, Json]:
    return {
        "key": group.key,
        "label": group.label,
        "cost_usd": usd_text(group.cost_pico),
        "unknown_turns": group.unknown_turns,
        "turns": group.turns,
        "input_tokens": group.input_tokens,
        "output_tokens": group.output_tokens,
        **_terms(group.compared),
    }


def _terms(compared: Compared) -> dict[str, Json]:
    """Both sides of a saving, over the requests of which both are known."""
    return {
        "baseline_usd": usd_text(compared.baseline_pico),
        "compared_usd": usd_text(compared.actual_pico),
        "saved_usd": usd_text(compared.saved_pico),
    }


def _harmless(cell: str) -> str:
    folded = one_line(cell)
    return f"'{folded}" if folded.startswith(_FIRST_OF_FORMULA) else folded
