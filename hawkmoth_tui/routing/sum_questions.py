"""Questions for a calculation: what leads up to it, percentages in words, sums of lists. The grammar itself is `arithmetic`. Pure."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from hawkmoth_tui.core.expressions import Binary, Gathered, Gathering, Number, Operator, Percent
from hawkmoth_tui.core.intents import Calculation
from hawkmoth_tui.routing.arithmetic import increased, number, parse

if TYPE_CHECKING:
    from hawkmoth_tui.core.expressions import Expression
    from hawkmoth_tui.routing.framing import Question

_ORDER = re.compile(
    r"(?:calculate|compute|work out|evaluate|figure out|solve|add up|calc|do the maths?)(?: what(?: is|'s))?(?: for)?:? "
)
_ASKING = re.compile(r"(?:what is|what's|whats|what are|what does|what do|how much is|how much are|how much does) ")
_INDIRECT = re.compile(r"what (.+) (?:is|equals|makes)")
"""As it stands behind "tell me"."""
_RESULT = re.compile(r"the (?:result|value|answer) (?:of|to) ")
_ENDING = re.compile(r" ?(?:=|equals?|equal to|is equal to|makes?|come to)$")
_RANGE = re.compile(r"(?:1\d|20)\d\d ?- ?(?:1\d|20)\d\d")
"""Two years: a span of time, not a difference."""
_DATE = re.compile(r"\b(?:1\d|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b")
"""A day in ISO form: what is added to it or taken from it is time."""
_SCORE = re.compile(r"\d+ - \d+")
_HAS_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|twelve|[a-z]+teen|[a-z]+ty)\b"
)

_NUM = r"[$€£¥]?(-?\d[\d,]*(?:\.\d+)?)"
_PCT = r"(\d[\d,]*(?:\.\d+)?) ?(?:%|percent|per cent)"
_SHARE = r"(?:percent|percentage|per cent|%)"

_FRACTIONS = (
    (re.compile(rf"what {_SHARE} of {_NUM} is {_NUM}"), True),
    (re.compile(rf"{_NUM} is what {_SHARE} of {_NUM}"), False),
    (re.compile(rf"what {_SHARE} is {_NUM} (?:out )?of {_NUM}"), False),
    (re.compile(rf"(?:what is |what's )?{_NUM} as an? {_SHARE} of {_NUM}"), False),
    (re.compile(rf"(?:what is |what's )?{_NUM} (?:out of|/|of) {_NUM} (?:as an?|in) {_SHARE}"), False),
)
"""Part and whole, or the other way round where True."""
_CHANGE = re.compile(
    rf"(?:what is |what's )?(?:the )?{_SHARE} (?:change|increase|decrease|growth) (?:from|between) {_NUM} (?:to|and) {_NUM}"
)
_MORE = (
    re.compile(rf"(?:increase|raise) {_NUM} by {_PCT}"),
    re.compile(rf"{_NUM} (?:increased|raised) by {_PCT}"),
    re.compile(rf"{_NUM} (?:plus|\+) {_PCT}"),
)
_LESS = (
    re.compile(rf"(?:decrease|reduce|lower) {_NUM} by {_PCT}"),
    re.compile(rf"{_NUM} (?:decreased|reduced|lowered|discounted) by {_PCT}"),
    re.compile(rf"{_NUM} (?:minus|-) {_PCT}"),
)
_ADDED = re.compile(rf"add {_PCT} to {_NUM}")
_OFF = (
    re.compile(rf"{_PCT} off(?: of)? {_NUM}"),
    re.compile(rf"(?:subtract|take) {_PCT} (?:from|off(?: of)?) {_NUM}"),
    re.compile(rf"{_NUM} with an? {_PCT} discount"),
)
_PORTION = (re.compile(rf"(?:an? )?{_PCT} of {_NUM}"), re.compile(rf"(?:an? )?{_PCT} tip (?:on|for|of) {_NUM}"))
_LIST = re.compile(r"(?:the )?(?P<how>sum|total|product|average|mean) of (?P<items>.+)")
_SPLIT = re.compile(r",? and |, ?(?!\d{3}(?:\D|$))|, ")
_GATHERINGS = {
    "sum": Gathering.SUM,
    "total": Gathering.SUM,
    "product": Gathering.PRODUCT,
    "average": Gathering.AVERAGE,
    "mean": Gathering.AVERAGE,
}
_VERBS = (
    (re.compile(rf"add {_NUM} (?:and|to|with) {_NUM}"), Operator.PLUS, False),
    (re.compile(rf"subtract {_NUM} from {_NUM}"), Operator.MINUS, True),
    (re.compile(rf"multiply {_NUM} (?:by|and|with) {_NUM}"), Operator.TIMES, False),
    (re.compile(rf"divide {_NUM} by {_NUM}"), Operator.OVER, False),
)
"""Verb, what it does, and whether its operands stand the other way round."""


def read(asked: Question) -> Calculation | None:
    """The calculation that is asked for."""
    text = asked.lower
    if not _HAS_NUMBER.search(text):
        return None
    return _percentage(text) or _worked(asked)


def _worked(asked: Question) -> Calculation | None:
    text = asked.lower
    order = _ORDER.match(text)
    asking = None if order else _ASKING.match(text)
    lead = order or asking
    rest = text[lead.end() :] if lead else text
    if asked.is_requested and lead is None and (indirect := _INDIRECT.fullmatch(text)):
        rest = indirect[1]
    if result := _RESULT.match(rest):
        rest, asking = rest[result.end() :], result
    ending = _ENDING.search(rest)
    if ending:
        rest = rest[: ending.start()].rstrip()
    is_ordered = order is not None or ending is not None
    is_asked = is_ordered or asking is not None or asked.is_requested
    expression = _portion(rest) or _verb(rest) or (_list(rest) if is_asked else None)
    if expression is None and _is_plain(rest, is_asked=is_asked, is_ordered=is_ordered):
        bang = "!" if asked.ends_with_bang else ""
        expression = parse(rest + bang, is_asked=is_asked, is_ordered=is_ordered)
    return Calculation(expression) if expression else None


def _is_plain(text: str, *, is_asked: bool, is_ordered: bool) -> bool:
    """Whether it could not as well be a date, a span of years or, with nothing before it, a score."""
    if _DATE.search(text):
        return False
    if is_ordered:
        return True
    return not _RANGE.fullmatch(text) and (is_asked or not _SCORE.fullmatch(text))


def _percentage(text: str) -> Calculation | None:
    """One number as a percentage of another, or the change between them."""
    for pattern, is_whole_first in _FRACTIONS:
        if found := pattern.fullmatch(text):
            first, second = _numbers(found)
            part, whole = (second, first) if is_whole_first else (first, second)
            return Calculation(Binary(Operator.OVER, part, whole), is_percentage=True)
    if found := _CHANGE.fullmatch(text):
        before, after = _numbers(found)
        return Calculation(Binary(Operator.OVER, Binary(Operator.MINUS, after, before), before), is_percentage=True)
    return None


def _portion(text: str) -> Expression | None:
    """A share of a number, or a number with a share more or less."""
    if "%" not in text and "cent" not in text:
        return None
    for pattern in _PORTION:
        if found := pattern.fullmatch(text):
            share, whole = _numbers(found)
            return Binary(Operator.OF, Percent(share), whole)
    for patterns, operator in ((_MORE, Operator.PLUS), (_LESS, Operator.MINUS)):
        for pattern in patterns:
            if found := pattern.fullmatch(text):
                start, share = _numbers(found)
                return increased(start, share, operator)
    if found := _ADDED.fullmatch(text):
        share, start = _numbers(found)
        return increased(start, share, Operator.PLUS)
    for pattern in _OFF:
        if found := pattern.fullmatch(text):
            first, second = _numbers(found)
            share, start = (second, first) if "discount" in text else (first, second)
            return increased(start, share, Operator.MINUS)
    return None


def _verb(text: str) -> Expression | None:
    for pattern, operator, is_reversed in _VERBS:
        if found := pattern.fullmatch(text):
            first, second = _numbers(found)
            return Binary(operator, second, first) if is_reversed else Binary(operator, first, second)
    return None


def _list(text: str) -> Expression | None:
    found = _LIST.fullmatch(text)
    if found is None:
        return None
    values = [number(item) for item in _SPLIT.split(found["items"])]
    items = tuple(Number(value) for value in values if value is not None)
    return Gathered(_GATHERINGS[found["how"]], items) if len(items) == len(values) >= 2 else None


def _numbers(found: re.Match[str]) -> tuple[Number, Number]:
    first, second = (Number(Fraction(group.replace(",", ""))) for group in found.groups())
    return first, second
