"""The provider that is Hawkmoth itself: answers what needs no model, from `Facts`, arithmetic and a table of units. No network, no cost.

It is asked only where `routing.intents` recognised a question; the engine passes both, because siblings do not know each other.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, assert_never

from hawkmoth_tui.core.errors import Refused
from hawkmoth_tui.core.events import TextDelta, UsageReported
from hawkmoth_tui.core.exchange import Finished, ListedModel
from hawkmoth_tui.core.expressions import Binary, Operator
from hawkmoth_tui.core.intents import (
    Calculation,
    Conversion,
    DayAsked,
    NowAsked,
    SelfAsked,
    SpanAsked,
    SpendingAsked,
    WeekdayAsked,
)
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers import local_clock, local_figures, local_numbers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from fractions import Fraction

    from hawkmoth_tui.core.exchange import Chunk, ModelRequest
    from hawkmoth_tui.core.facts import Facts
    from hawkmoth_tui.core.intents import Intent

UNIT_DIGITS = 7
"""Significant digits of a converted amount that has no end."""
SMALL = 1_000_000
"""Numerator and denominator of a fraction that is told beside its decimals."""


class LocalProvider:
    """One model, `facts`. Not kept between turns: `facts` gives the moment and the session of one turn."""

    def __init__(self, name: str, recognise: Callable[[str], Intent | None], facts: Callable[[], Facts]) -> None:
        self._name = name
        self._recognise = recognise
        self._facts = facts

    @property
    def name(self) -> str:
        return self._name

    async def stream(self, request: ModelRequest) -> AsyncGenerator[Chunk, None]:
        """The whole answer as one piece; no tokens were read or written. Raises Refused for anything that needs a model."""
        intent = self._recognise(request.messages[-1].text)
        if intent is None:
            raise Refused(
                f"{self._name}/{request.model_id} answers only dates, arithmetic, units and Hawkmoth's own figures",
                "let the router choose, or pick a model",
                provider=self._name,
            )
        if isinstance(intent, Conversion):
            text = await asyncio.to_thread(tell_conversion, intent)
        else:
            text = tell(intent, self._facts)
        yield TextDelta(text)
        yield UsageReported(Usage())
        yield Finished("stop")

    async def list_models(self) -> tuple[ListedModel, ...]:
        return (ListedModel("facts"),)


def tell(intent: Intent, facts: Callable[[], Facts]) -> str:
    """The answer, as Markdown. `facts` is called only where they are needed."""
    match intent:
        case NowAsked():
            return local_clock.tell_now(intent, facts().now)
        case DayAsked():
            return local_clock.tell_day(intent, facts().now)
        case WeekdayAsked():
            return local_clock.tell_weekday(intent, facts().now)
        case SpanAsked():
            return local_clock.tell_span(intent, facts().now)
        case Calculation():
            return tell_calculation(intent)
        case Conversion():
            return tell_conversion(intent)
        case SpendingAsked(period, is_about_savings):
            return (local_figures.tell_savings if is_about_savings else local_figures.tell_spending)(period, facts())
        case SelfAsked(topic):
            return local_figures.tell_topic(topic, facts())
        case _:
            assert_never(intent)


def tell_calculation(asked: Calculation) -> str:
    """ "17 × 23 = **391**"; ≈ before a rounded result, and the reason where there is none."""
    question = local_numbers.spelled(asked.expression)
    try:
        worked = local_numbers.work_out(asked.expression)
        percent = local_numbers.Worked(worked.value * 100, worked.is_exact)
    except local_numbers.UnworkableError as error:
        return f"{question}: {error}."
    result = percent if asked.is_percentage else worked
    sign = "=" if local_numbers.is_plain(result) else "≈"
    unit = " %" if asked.is_percentage else ""
    return f"{question} {sign} **{local_numbers.shown(result)}{unit}**{_beside(result, asked)}"


def _beside(result: local_numbers.Worked, asked: Calculation) -> str:
    """The exact fraction behind rounded decimals, or how many digits there are."""
    value = result.value
    if local_numbers.is_plain(result):
        digits = len(str(abs(value.numerator))) if value.denominator == 1 else 0
        return f" ({digits:,} digits)" if digits >= local_numbers.LONG_DIGITS else ""
    is_given = (
        isinstance(asked.expression, Binary) and asked.expression.operator is Operator.OVER and _is_given(value, asked)
    )
    if not result.is_exact or asked.is_percentage or is_given or max(abs(value.numerator), value.denominator) >= SMALL:
        return ""
    return f" (exactly {'−' if value < 0 else ''}{abs(value.numerator)}/{value.denominator})"


def _is_given(value: Fraction, asked: Calculation) -> bool:
    """Whether the exact fraction is the question itself: 10 ÷ 3."""
    return local_numbers.spelled(asked.expression) == f"{value.numerator} ÷ {value.denominator}"


def tell_conversion(asked: Conversion) -> str:
    """ "5 ft 11 in = **180.34 cm**". Loads pint the first time: call it in a thread."""
    from hawkmoth_tui.providers.local_units import convert

    result = local_numbers.Worked(convert(asked))
    is_plain = local_numbers.is_plain(result) and len(str(result.value.denominator)) <= UNIT_DIGITS + 1
    amount = local_numbers.shown(
        result if is_plain else local_numbers.Worked(result.value, is_exact=False), UNIT_DIGITS
    )
    given = " ".join(
        f"{local_numbers.shown(local_numbers.Worked(number), UNIT_DIGITS)} {unit.shown}"
        for number, unit in asked.amounts
    )
    return f"{given} {'=' if is_plain else '≈'} **{amount} {asked.target.shown}**"
