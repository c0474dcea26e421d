"""`hawkmoth models`: the catalogue as the router sees it."""

from __future__ import annotations

import asyncio
import textwrap
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.counts import short_count
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.exits import DONE
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, tell
from hawkmoth_tui.headless.tables import Column, Give, Ink, output_width, paints, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.engine.models import ProviderStatus
    from hawkmoth_tui.engine.workstation import Workstation

MODEL = Column("MODEL", gives=Give.LAST)
LANE = Column("LANE")
WINDOW = Column("WINDOW", is_number=True)
WRITES = Column("WRITES", is_number=True)
IN = Column("IN", is_number=True, ink=Ink.COST)
OUT = Column("OUT", is_number=True, ink=Ink.COST)
CACHED = Column("CACHED", is_number=True, ink=Ink.COST)
CAN = Column("CAN")
HEALTH = Column("HEALTH", gives=Give.FIRST)
FROM = Column("FROM")
PRICE_FROM = Column("PRICE FROM", gives=Give.FIRST)

NARROW = (MODEL, LANE, WINDOW, IN, OUT, FROM, HEALTH)
MIDDLE = (MODEL, LANE, WINDOW, WRITES, IN, OUT, CACHED, FROM, CAN, HEALTH)
WIDE = (MODEL, LANE, WINDOW, WRITES, IN, OUT, CACHED, CAN, HEALTH, PRICE_FROM)
MIDDLE_WIDTH, WIDE_WIDTH = 110, 150
"""Cells of a line from which on there is room for these columns."""

LETTERS = {Capability.TOOLS: "t", Capability.VISION: "v", Capability.REASONING: "r", Capability.WEB: "w"}
NONE = "–"
LEGEND = "can: t use tools, v see pictures, r reason, w search the web"


def listing(station: Workstation) -> list[tuple[Model, ProviderStatus | None, str]]:
    """Every model with its provider and its health in words; usable ones first, then by name."""
    rows = []
    for model in station.models.all():
        status = station.models.status(model.ref)
        rows.append((model, status, health(station, model, status)))
    return sorted(rows, key=lambda row: (not (row[1] and row[1].is_usable), row[0].ref))


def health(station: Workstation, model: Model, status: ProviderStatus | None) -> str:
    """ok, cooling 12 s, … or why its provider cannot be used."""
    if status is not None and not status.is_usable:
        return status.problem or "no key"
    return station.models.health(model.ref)


def document(model: Model, status: ProviderStatus | None, health_text: str) -> dict[str, Json]:
    """One model; null is unknown."""
    prices = model.prices
    return {
        "model": str(model.ref),
        "provider": model.ref.provider,
        "lane": model.lane,
        "context_tokens": model.context_tokens,
        "max_output_tokens": model.max_output_tokens,
        "input_usd_per_mtok": _plain(prices.input_usd_per_mtok if prices else None),
        "output_usd_per_mtok": _plain(prices.output_usd_per_mtok if prices else None),
        "cached_input_usd_per_mtok": _plain(prices.cached_input_usd_per_mtok if prices else None),
        "cache_write_usd_per_mtok": _plain(prices.cache_write_usd_per_mtok if prices else None),
        "price_source": prices.source if prices else None,
        "price_as_of": (prices.as_of or None) if prices else None,
        "sources": {
            name: {"source": origin.source, "as_of": origin.as_of or None} for name, origin in model.origins.items()
        },
        "capabilities": [capability.value for capability in sorted(model.capabilities)],
        "quality": model.quality,
        "is_local": model.is_local,
        "is_usable": bool(status and status.is_usable),
        "health": health_text,
    }


def text(rows: Sequence[tuple[Model, ProviderStatus | None, str]], width: int, *, is_painted: bool = False) -> str:
    """The catalogue for people; prices in USD per million tokens."""
    if not rows:
        return "no models yet: export a key such as TOGETHER_API_KEY, or start a model server on this machine"
    columns = WIDE if width >= WIDE_WIDTH else MIDDLE if width >= MIDDLE_WIDTH else NARROW
    sources = sorted({_source(model) for model, _, _ in rows} - {""})
    marks = {source: str(place) for place, source in enumerate(sources, start=1)} | {"": ""}
    drawn = []
    for row in rows:
        cells = _row(*row, marks)
        drawn.append([cells[column] for column in columns])
    notes = ["prices in USD per million tokens; ? is unknown, which is not free"]
    if sources:
        named = sources if PRICE_FROM in columns else [f"{marks[source]} {source}" for source in sources]
        notes.append("from: " + one_line(", ".join(named)))
    if CAN in columns:
        notes.append(LEGEND)
    lines = [line for note in notes for line in textwrap.wrap(note, width, subsequent_indent="  ")]
    return "\n".join((table(columns, drawn, width, is_painted=is_painted), "", *lines))


def _row(model: Model, status: ProviderStatus | None, health_text: str, marks: Mapping[str, str]) -> dict[Column, str]:
    prices = model.prices
    cached = prices.cached_input_usd_per_mtok if prices else None
    return {
        MODEL: str(model.ref),
        LANE: model.lane,
        WINDOW: _size(model, model.context_tokens),
        WRITES: _size(model, model.max_output_tokens),
        IN: _price(prices.input_usd_per_mtok if prices else None),
        OUT: _price(prices.output_usd_per_mtok if prices else None),
        CACHED: "" if cached is None else _price(cached),
        CAN: _abilities(model),
        HEALTH: health_text if status is None or status.is_usable else "no key",
        FROM: marks[_source(model)],
        PRICE_FROM: _source(model),
    }


def _size(model: Model, tokens: int | None) -> str:
    """In few characters; Hawkmoth's own answers have no window."""
    return NONE if model.is_facts else short_count(tokens)


def _abilities(model: Model) -> str:
    """A letter each; ? where nobody said anything."""
    if not model.capabilities:
        return NONE if model.is_facts or "capabilities" in model.origins else "?"
    return "".join(letter for ability, letter in LETTERS.items() if ability in model.capabilities)


def _source(model: Model) -> str:
    """Where the prices come from and when they were read; empty when there are none."""
    return f"{model.prices.source} {model.prices.as_of}".strip() if model.prices else ""


def _price(amount: Decimal | None) -> str:
    if amount is None:
        return "?"
    exact = f"{amount:f}"
    whole, _, decimals = exact.partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


async def collect(is_fresh: bool) -> list[tuple[Model, ProviderStatus | None, str]]:
    """The listing, after asking the providers when wanted; one that cannot answer is said on stderr."""
    async with workstation() as station:
        if is_fresh:
            for name, problem in sorted((await station.models.refresh()).items()):
                tell(f"hawkmoth: {name}: {problem}")
        else:
            await station.models.access.look_for_keys()
            await station.models.refresh_local()
            await station.models.complete_prices()
        return listing(station)


@click.command("models")
@as_json("Print a JSON array instead of a table.")
@click.option("--refresh", is_flag=True, help="Ask the providers for their lists first.")
def command(is_json: bool, refresh: bool) -> int:
    """The catalogue: lanes, prices with source and date, windows, health. Servers on this machine are asked what they have."""
    rows = asyncio.run(collect(refresh))
    if is_json:
        emit(dumps([document(*row) for row in rows], indent=1) + "\n")
    else:
        emit(text(rows, output_width(), is_painted=paints()) + "\n")
    return DONE
