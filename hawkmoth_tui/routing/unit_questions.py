"""Questions for a quantity in another unit: "5 miles in km", "how many ounces are in 3 pounds". Pure; the factors come from elsewhere."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

from hawkmoth_tui.core.intents import Conversion
from hawkmoth_tui.routing.units import read_pair

if TYPE_CHECKING:
    from hawkmoth_tui.routing.framing import Question

_WORDS: dict[str, int | Fraction] = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "twelve": 12,
    "twenty": 20,
    "fifty": 50,
    "a hundred": 100,
    "one hundred": 100,
    "a thousand": 1000,
    "one thousand": 1000,
    "half a": Fraction(1, 2),
    "half an": Fraction(1, 2),
    "a quarter": Fraction(1, 4),
}
_FIGURES = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_AMOUNT = (
    rf"(?P<amount>(?:-|minus |negative )?(?:{_FIGURES})(?: \d{{1,3}}/\d{{1,3}}|/\d{{1,3}})?|"
    + "|".join(sorted(_WORDS, key=len, reverse=True))
    + r"(?= ))"
)
_UNIT = r"[a-z°µ\"'][a-z0-9°µ²³^/.\"' -]*?"
_LEAD = (
    r"(?:(?:please )?(?:convert|change|turn) |(?:what is|what's|whats|how much is|how much are|how many is"
    r"|how (?:long|far|heavy|hot|cold|warm|tall|high|big|fast) is) )?"
)
_INTO = r" (?:to|into|in|as|=) "

_DIRECT = re.compile(rf"{_LEAD}{_AMOUNT} ?(?P<source>{_UNIT}){_INTO}(?P<target>{_UNIT})", re.IGNORECASE)
_HOW_MANY = re.compile(
    rf"how many (?P<target>{_UNIT}) (?:(?:are|is|does|do)(?: (?:there|it))? |make(?: up)? |fit |equals? |go )?"
    rf"(?:(?:in|into|to|make|make up) )?(?:{_AMOUNT} ?|the )?(?P<source>{_UNIT})(?: (?:have|has|make))?",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    rf"{_LEAD}(?P<big>{_FIGURES}) ?(?P<first>ft|foot|feet|'|lbs?|pounds?|st|stones?|hours?|hrs?|h),? ?(?:and )?"
    rf"(?P<small>{_FIGURES}) ?(?P<second>in|inch|inches|\"|oz|ounces?|lbs?|pounds?|minutes?|mins?|m){_INTO}(?P<target>{_UNIT})",
    re.IGNORECASE,
)


def read(asked: Question) -> Conversion | None:
    """The conversion that is asked for."""
    text = asked.text
    if found := _COMPOUND.fullmatch(text):
        units = read_pair((found["first"], found["second"] if found["second"] != "m" else "min"), found["target"])
        if units:
            (first, second), target = units
            return Conversion(((_figures(found["big"]), first), (_figures(found["small"]), second)), target)
    found = _DIRECT.fullmatch(text) or _HOW_MANY.fullmatch(text)
    if found is None:
        return None
    amount = _amount(found["amount"] or "one")
    units = read_pair((found["source"],), found["target"])
    if amount is None or units is None:
        return None
    (source,), target = units
    return Conversion(((amount, source),), target)


def _amount(text: str) -> Fraction | None:
    """ "1,200.5", "1/2", "2 1/2", "minus 40", "half a". None: a fraction over zero."""
    word = text.lower()
    if word in _WORDS:
        return Fraction(_WORDS[word])
    for sign in ("-", "minus ", "negative "):
        if word.startswith(sign):
            inner = _amount(word.removeprefix(sign))
            return None if inner is None else -inner
    whole, blank, part = word.rpartition(" ")
    if "/" in part:
        over, _, under = part.partition("/")
        if int(under) == 0:
            return None
        share = _figures(over) / int(under)
        return _figures(whole) + share if blank else share
    return _figures(word)


def _figures(text: str) -> Fraction:
    return Fraction(text.replace(",", ""))
