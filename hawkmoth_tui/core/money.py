"""Exact money: integers of pico-dollars (1e-12 USD) and Decimal, never a binary float.

A price of 0.10 USD per million tokens is 100,000 pico-dollars per token, so list prices with six decimals stay whole numbers.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import Prices
    from hawkmoth_tui.core.usage import Usage

PICO_PER_USD = 10**12
TOKENS_PER_MTOK = 10**6
_EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)


def pico(amount_usd: Decimal) -> int:
    """USD as pico-dollars, rounded half to even."""
    return int(_EXACT.multiply(amount_usd, Decimal(PICO_PER_USD)).to_integral_value(ROUND_HALF_EVEN))


def usd(amount_pico: int) -> Decimal:
    """Pico-dollars as exact USD."""
    return Decimal(amount_pico).scaleb(-12, context=_EXACT)


def decimal_text(amount_pico: int) -> str:
    """Exact decimal string in USD for documents: "0.000123", "0", "-1.5"; never an exponent."""
    text = f"{usd(amount_pico):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_text(amount_pico: int | None, *, estimated: bool = False) -> str:
    """An amount for people: `$0.0042`, `$1.37`, `?` when unknown, `~` before an estimate, the sign before the dollar.

    At least two significant digits below one dollar, cents above; an amount that is not zero never shows as zero.
    """
    if amount_pico is None:
        return "?"
    sign = ("~" if estimated else "") + ("-" if amount_pico < 0 else "")
    amount = abs(usd(amount_pico))
    if amount == 0:
        return f"{sign}$0.00"
    if amount >= 1:
        return f"{sign}${amount:,.2f}"
    digits = min(12, max(2, 1 - amount.adjusted()))
    rounded = f"{round(amount, digits):f}"
    whole, _, decimals = rounded.partition(".")
    return f"{sign}${whole}.{decimals.rstrip('0').ljust(2, '0')}"


def sum_text(known_pico: int, unknown: int) -> str:
    """A sum for people: `$1.37`, `$1.37 +?` when amounts are missing from it, `?` when nothing else is in it."""
    if not unknown:
        return money_text(known_pico)
    return f"{money_text(known_pico)} +?" if known_pico else "?"


def cost_pico(usage: Usage, prices: Prices | None) -> int | None:
    """What an attempt cost: the provider's own figure when it gave one, else the list price. None: unknown."""
    if usage.reported_cost_usd is not None:
        return pico(usage.reported_cost_usd)
    return list_price_pico(usage, prices)


def list_price_pico(usage: Usage, prices: Prices | None) -> int | None:
    """Tokens times prices: one exact Decimal over all kinds, rounded once, half to even. None: prices unknown."""
    if prices is None:
        return None
    usage = _as_billed(usage)
    cached = min(usage.cached_input_tokens, usage.input_tokens)
    written = min(usage.cache_write_tokens, usage.input_tokens - cached)
    plain = usage.input_tokens - cached - written
    cached_price = (
        prices.input_usd_per_mtok if prices.cached_input_usd_per_mtok is None else prices.cached_input_usd_per_mtok
    )
    write_price = (
        prices.input_usd_per_mtok if prices.cache_write_usd_per_mtok is None else prices.cache_write_usd_per_mtok
    )
    per_mtok = Decimal(0)
    for tokens, price in (
        (plain, prices.input_usd_per_mtok),
        (cached, cached_price),
        (written, write_price),
        (usage.output_tokens, prices.output_usd_per_mtok),
    ):
        per_mtok = _EXACT.add(per_mtok, _EXACT.multiply(Decimal(tokens), price))
    return pico(_EXACT.divide(per_mtok, Decimal(TOKENS_PER_MTOK)))


def _as_billed(usage: Usage) -> Usage:
    """The usage with the tokens that are billed in place of those that were counted; what is billed has no part in the cache."""
    if usage.billed_input_tokens is not None:
        usage = replace(usage, input_tokens=usage.billed_input_tokens, cached_input_tokens=0, cache_write_tokens=0)
    return usage if usage.billed_output_tokens is None else replace(usage, output_tokens=usage.billed_output_tokens)
