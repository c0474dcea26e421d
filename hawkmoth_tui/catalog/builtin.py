"""The curated list of current cloud models that ships as `builtin.json`: read when first asked for, checked by the tests.

A model is kept here when it is current, sold by list price and worth routing to; everything else a server lists can be chosen by name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping


class Row(TypedDict, total=False):
    """One model in the file."""

    id: str
    lane: str
    quality: float
    context_tokens: int
    flat_price_tokens: int
    max_output_tokens: int
    capabilities: list[str]
    input_usd_per_mtok: str
    output_usd_per_mtok: str
    cached_input_usd_per_mtok: str
    cache_write_usd_per_mtok: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One model of a list; None where the list does not say."""

    id: str
    lane: str | None
    quality: float | None
    """Our prior by size, tier and age, 0..1."""
    context_tokens: int | None
    flat_price_tokens: int | None
    """Input above which every token costs more than the price given. None: the price holds over the whole window."""
    max_output_tokens: int | None
    capabilities: tuple[str, ...]
    input_usd_per_mtok: Decimal | None
    output_usd_per_mtok: Decimal | None
    cached_input_usd_per_mtok: Decimal | None
    cache_write_usd_per_mtok: Decimal | None


@dataclass(frozen=True, slots=True)
class Builtin:
    """The whole file."""

    source: str
    """Where the prices come from."""
    as_of: str
    """ISO date of the prices."""
    models: Mapping[str, tuple[Entry, ...]]
    """By provider."""
    output_limits: Mapping[str, Mapping[str, int]]
    """By vendor and beginning of the id, for models that are not in the list: only where the protocol demands a limit in every request."""

    def output_limit(self, vendor: str, model_id: str) -> int | None:
        """Most tokens of one answer, by the longest beginning that fits. None: not known."""
        limits = self.output_limits.get(vendor, {})
        fitting = [beginning for beginning in limits if model_id.startswith(beginning)]
        return limits[max(fitting, key=len)] if fitting else None


@lru_cache(maxsize=1)
def builtin() -> Builtin:
    """The shipped list. Read once; 14 kB."""
    document = json.loads(Path(__file__).with_name("builtin.json").read_text(encoding="utf-8"))
    rows: Mapping[str, list[Row]] = document["models"]
    return Builtin(
        source=str(document["source"]),
        as_of=str(document["as_of"]),
        models={provider: tuple(map(_entry, listed)) for provider, listed in rows.items()},
        output_limits=document["output_limits"],
    )


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        lane=row["lane"],
        quality=row.get("quality"),
        context_tokens=row.get("context_tokens"),
        flat_price_tokens=row.get("flat_price_tokens"),
        max_output_tokens=row.get("max_output_tokens"),
        capabilities=tuple(row.get("capabilities", ())),
        input_usd_per_mtok=_decimal(row.get("input_usd_per_mtok")),
        output_usd_per_mtok=_decimal(row.get("output_usd_per_mtok")),
        cached_input_usd_per_mtok=_decimal(row.get("cached_input_usd_per_mtok")),
        cache_write_usd_per_mtok=_decimal(row.get("cache_write_usd_per_mtok")),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
