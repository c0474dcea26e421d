"""English numerals as digits: "twenty-one plus two hundred" becomes "21 plus 200". Pure."""

from __future__ import annotations

import re

_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_VALUES = {
    **{word: value for value, word in enumerate(_UNITS.split())},
    **{word: 20 + 10 * place for place, word in enumerate(_TENS.split())},
}
_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_BEYOND = 10**15
"""Larger than every scale."""

_WORD = "|".join(sorted((*_VALUES, *_SCALES), key=len, reverse=True))
_NUMERAL = re.compile(rf"\b(?:{_WORD})(?:(?:[ -]|(?<=hundred) and )(?:{_WORD}))*\b")
_SCALED = re.compile(r"(\d(?:[\d,.]*\d)?) (" + "|".join(_SCALES) + r")\b")
_SPELLED = re.compile(r"[a-z]+")


def read_numerals(text: str, *, has_digits: bool) -> str:
    """The text with its numerals in digits.

    Empty where a numeral is none ("two three"). Where there are digits already, only scales are read ("2 million"): "one plus 12" may be
    a name.
    """
    if has_digits:
        return _SCALED.sub(lambda found: f"({found[1]} × {_SCALES[found[2]]})", text)
    parts: list[str] = []
    end = 0
    for found in _NUMERAL.finditer(text):
        value = numeral(found[0])
        if value is None:
            return ""
        parts += [text[end : found.start()], str(value)]
        end = found.end()
    return "".join(parts) + text[end:]


def numeral(words: str) -> int | None:
    """The number that these words spell; None when they spell none."""
    total = group = 0
    last = above = _BEYOND
    for word in _SPELLED.findall(words):
        scale = _SCALES.get(word)
        if word == "and":
            continue
        if scale == 100:
            if not 0 < group < 10:
                return None
            group, last = group * 100, 100
        elif scale is not None:
            if not group or scale >= above:
                return None
            total, group, last, above = total + group * scale, 0, scale, scale
        else:
            value = _VALUES.get(word)
            if value is None or not (last >= 100 or (last >= 20 and 0 < value < 10)):
                return None
            group, last = group + value, value if value >= 20 else 1
    return total + group
