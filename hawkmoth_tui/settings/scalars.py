"""Plain values: a text, a number, true or false, as TOML gives them or as text from an environment variable or an option."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.settings.source import Place

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,30})?")
_MAX_WHOLE = 10**15
_WORDS_OF_BOOL = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

PLAIN_WORDS: Mapping[object, str] = {
    str: "text in quotes",
    int: "a whole number",
    float: "a number",
    Decimal: "a number",
    bool: "true or false",
}
"""What a type is called in a message."""


def scalar(kind: type, raw: object) -> object:
    """The value as `kind`, or None when it is not one. A bool is never a number; an exact number may be written as text."""
    match raw:
        case bool():
            return raw if kind is bool else None
        case str():
            if kind is Decimal and _NUMBER.fullmatch(raw):
                return Decimal(raw)
            return raw if kind is str else None
        case int() if abs(raw) < _MAX_WHOLE:
            return kind(raw) if kind in (int, float, Decimal) else None
        case Decimal() if raw.is_finite():
            return kind(raw) if kind in (float, Decimal) else None
        case _:
            return None


def loosened(kind: object, text: str, place: Place) -> object:
    """The value that a text without TOML's quotes means; lists are parted by commas or written as TOML."""
    if kind is str:
        return text
    text = text.strip()
    if kind is bool:
        return _WORDS_OF_BOOL.get(text.lower(), text)
    if kind is int:
        return int(text) if _WHOLE.fullmatch(text) else text
    if kind is float:
        return Decimal(text) if _NUMBER.fullmatch(text) else text
    if isinstance(kind, type):
        return text
    if text.startswith(("[", "{")):
        return _toml_value(text, place)
    return [part.strip() for part in text.split(",") if part.strip()]


def hint_for(kind: type) -> str:
    """What helps with a value that is not of this kind."""
    return 'write it with a point and without signs or units, as in "0.25"' if kind is Decimal else ""


def _toml_value(text: str, place: Place) -> object:
    import tomllib

    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except (ValueError, RecursionError, InvalidOperation):
        place.refuse(f"{place.name} is not a list as TOML writes it")
