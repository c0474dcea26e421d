"""Conversions of units by pint, which is loaded when the first one is asked for: about a third of a second, so call it in a thread."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.intents import Conversion


def convert(asked: Conversion) -> Fraction:
    """The exact amount in the target unit."""
    factor = _factors()
    return sum((factor(amount, unit.name, asked.target.name) for amount, unit in asked.amounts), Fraction(0))


@lru_cache(maxsize=1)
def _factors() -> Callable[[Fraction, str, str], Fraction]:
    """(amount, from, to) to the amount there; the names are those of our own table, never the user's words."""
    from pint import UnitRegistry

    registry: UnitRegistry[Fraction] = UnitRegistry(non_int_type=Fraction, cache_folder=None)

    def converted(amount: Fraction, source: str, target: str) -> Fraction:
        return Fraction(registry.Quantity(amount, source).to(target).magnitude)

    return converted
