"""Recorded answers priced twice: by the program, and here straight from the price files and the raw usage, sharing no function."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import genai_prices.data
import pytest

from hawkmoth_tui.catalog import builtin, catalogue, pricelist
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.money import cost_pico, list_price_pico
from hawkmoth_tui.providers.door import HttpDoor
from hawkmoth_tui.providers.profiles import PROFILES
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from tests.providers.hearing import hear, opened
from tests.recorded.traffic import FILE, recordings
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.catalog.catalogue import Catalogue

NAMES = {"google": "gemini"}
"""Vendors that the recordings call differently than we do."""
LIST_NAMES = {"gemini": "google", "xai": "x-ai"}
"""And those that the price list does."""
Tokens = tuple[int, int, int, int]
"""Plain input, input from the cache, input written to it, output."""


def raw_tokens(protocol: str, raw: Mapping[str, Any]) -> Tokens:
    """Each vendor's counts, as its pages say that they are billed."""
    if protocol == "anthropic-messages":
        cached, written = raw.get("cache_read_input_tokens") or 0, raw.get("cache_creation_input_tokens") or 0
        return raw["input_tokens"], cached, written, raw["output_tokens"]
    if protocol == "gemini":
        cached = raw.get("cachedContentTokenCount") or 0
        read = raw["promptTokenCount"] + (raw.get("toolUsePromptTokenCount") or 0)
        return read - cached, cached, 0, (raw.get("candidatesTokenCount") or 0) + (raw.get("thoughtsTokenCount") or 0)
    if protocol == "cohere":
        billed = raw["billed_units"]
        return int(billed["input_tokens"]), 0, 0, int(billed["output_tokens"])
    if protocol == "ollama":
        return raw.get("prompt_eval_count") or 0, 0, 0, raw.get("eval_count") or 0
    read, out = ("input", "output") if protocol == "openai-responses" else ("prompt", "completion")
    into, of_output = raw.get(f"{read}_tokens_details") or {}, raw.get(f"{out}_tokens_details") or {}
    names = ("prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens", "cache_read_input_tokens")
    cached = into.get("cached_tokens") or next((raw[name] for name in names if raw.get(name)), 0)
    written = into.get("cache_write_tokens") or raw.get("cache_creation_input_tokens") or 0
    reasoning = of_output.get("reasoning_tokens") or 0
    written_out = raw[f"{out}_tokens"] or 0
    if protocol == "openai-chat" and raw.get("total_tokens") == raw["prompt_tokens"] + written_out + reasoning:
        written_out += reasoning
    return raw[f"{read}_tokens"] - cached - written, cached, written, written_out


def file_prices(provider: str, model: str) -> tuple[Fraction, ...] | None:
    """USD per million tokens of each kind: from the shipped file, else from the price list's own. None: neither tells."""
    document = json.loads(Path(builtin.__file__).with_name("builtin.json").read_text(encoding="utf-8"))
    for row in document["models"].get(provider, ()):
        if row["id"] == model:
            names = ("input", "cached_input", "cache_write", "output")
            return _kinds(*(row.get(f"{name}_usd_per_mtok") for name in names))
    vendor = next(each for each in genai_prices.data.providers if each.id == LIST_NAMES.get(provider, provider))
    found = vendor.find_model(model)
    if found is None:
        return None
    prices = found.get_prices(datetime.now(UTC))
    return _kinds(prices.input_mtok, prices.cache_read_mtok, prices.cache_write_mtok, prices.output_mtok)


def _kinds(*prices: Any) -> tuple[Fraction, ...] | None:
    """What is left out costs what input costs; of a price in tiers the lowest."""
    plain, *_ = values = [None if price is None else Fraction(str(getattr(price, "base", price))) for price in prices]
    return None if plain is None else tuple(plain if value is None else value for value in values)


def raw_reported(provider: str, raw: Mapping[str, Any]) -> Decimal | None:
    """What OpenRouter says it billed; with one's own key its fee and the vendor's bill."""
    if provider != "openrouter" or raw.get("cost") is None:
        return None
    upstream = (raw.get("cost_details") or {}).get("upstream_inference_cost") if raw.get("is_byok") is True else None
    return Decimal(str(raw["cost"])) + Decimal(str(upstream or 0))


@pytest.fixture(scope="module")
def prices() -> Catalogue:
    """The catalogue with the whole price list, as after the first question to an unpriced model."""
    return catalogue.build({each.name: each for each in BUILTIN_PROVIDERS}, {}, price_list=pricelist.read())


async def test_every_recorded_answer_costs_what_the_price_file_says(prices: Catalogue) -> None:
    if not FILE.exists():
        pytest.skip(f"the recorded traffic is not here: {FILE.parent.name}/{FILE.name} beside the project")
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        raws = {each["id"]: each for each in (json.loads(line, parse_float=Decimal) for line in lines)}
    misses, compared = [], 0
    door = HttpDoor({})
    for recording in recordings():
        document = raws[recording.id]
        raw, provider = document["expect"].get("usage_raw"), NAMES.get(recording.provider, recording.provider)
        model = prices.find(ModelRef(provider, document["model"])) if raw and document["model"] else None
        if model is None or document["expect"]["error"] or document["expect"]["incomplete"]:
            continue
        profile = recording.provider if recording.provider in PROFILES else None
        async with ScriptedServer(recording.reply) as server:
            heard = await hear(opened(door, server.url, recording.protocol, profile=profile, key="0f1e2d3c4b5a"))
        reported = raw_reported(provider, raw)
        if heard.usage is None or (model.prices is None and reported is None):
            continue
        compared += 1
        if reported is not None and cost_pico(heard.usage, model.prices) != round(Fraction(reported) * 10**12):
            misses.append(f"{recording.id}: billed {reported}, booked {cost_pico(heard.usage, model.prices)}")
        known = file_prices(provider, document["model"]) if model.prices is not None else None
        if known is not None:
            usd = sum(t * p for t, p in zip(raw_tokens(recording.protocol.value, raw), known, strict=True)) / 10**6
            ours = list_price_pico(heard.usage, model.prices)
            if ours != round(usd * 10**12):
                misses.append(f"{recording.id}: {document['model']} {float(usd)} USD, ours {ours} pico")
    await door.aclose()

    assert misses == []
    assert compared > 400
