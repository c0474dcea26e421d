"""The kinds of values a setting can hold: a type together with what it must satisfy.

A field of the schema names its kind as its type (`warn_at: Fraction`), so that a new setting is still one field. In the annotation a
function is a check: it takes a value of the right type and returns what it must be instead, empty when it is fine. A text is a mark.
It is loaded when there is a value to check: `settings.hints` looks the names up here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

from hawkmoth_tui.settings.address import base_url_problem, proxy_problem

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_USD = Decimal(10**9)
MAX_DECIMALS = 12
"""Amounts are whole pico-dollars, so that no digit is ever lost."""

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_STAY = r"-?\d{1,9}|(?:\d{1,9}(?:ms|s|m|h))+"

NOT_IN_FILE = "set by Hawkmoth, never by the file"
INLINED = "its fields are keys of the table that holds it"
UNSHOWN = "its value is never repeated in a message"
DOTTED = "names hold dots, quoted or not"


def between(low: int, high: int) -> Callable[..., str]:
    """From `low` to `high`, both included."""
    return lambda value: "" if low <= value <= high else f"from {low} to {high}"


def above(low: int) -> Callable[..., str]:
    """Greater than `low`, and no more than what a timer can hold."""
    return lambda value: "" if low < value <= 10**9 else f"greater than {low}"


def at_least(low: int) -> Callable[..., str]:
    """`low` or more, and no more than what a timer or a window can hold."""
    return lambda value: "" if low <= value <= 10**12 else f"{low} or more"


def one_of(*choices: str) -> Callable[..., str]:
    """One of these words."""
    return lambda value: "" if value in choices else "one of " + ", ".join(choices)


def _amount_problem(value: Decimal) -> str:
    if not 0 <= value <= MAX_USD:
        return "0 or more, in USD"
    digits = value.normalize().as_tuple().exponent
    too_fine = isinstance(digits, int) and -digits > MAX_DECIMALS
    return f"an amount of at most {MAX_DECIMALS} decimals" if too_fine else ""


def _model_problem(value: str) -> str:
    provider, slash, model_id = value.partition("/")
    is_model = slash and provider and model_id and value == value.strip()
    return "" if is_model else "a model as provider/model-id"


def _model_or(*words: str) -> Callable[..., str]:
    def problem(value: str) -> str:
        if value in words or not _model_problem(value):
            return ""
        return f"{', '.join(words)} or a model as provider/model-id"

    return problem


def _key_source_problem(value: str) -> str:
    match value.partition(":"):
        case (("keyring" | "none"), "", ""):
            return ""
        case "env", ":", name if re.fullmatch(_VARIABLE, name):
            return ""
        case "command", ":", command if command.strip():
            return ""
        case _:
            return "env:NAME, command:CMD, keyring or none; a key itself never stands in the file"


def _stay_problem(value: str) -> str:
    return "" if re.fullmatch(_STAY, value) else "a time such as 30m, 0 to unload at once, or -1 to stay for ever"


def _headers_problem(value: Mapping[str, str]) -> str:
    for name, text in value.items():
        if not re.fullmatch(_HEADER_NAME, name):
            return "header names without spaces or colons"
        if not text.isprintable() or not _is_latin(text):
            return f"plain text in the header {name}"
    return ""


def _is_latin(text: str) -> bool:
    return all(ord(character) < 0x100 for character in text)


def unique_ids(models: tuple[object, ...]) -> str:
    seen: set[object] = set()
    for model in models:
        name = getattr(model, "id", None)
        if name in seen:
            return f"models with an id each; {name} is there twice"
        seen.add(name)
    return ""


def _word_problem(value: str) -> str:
    return "" if value and value.isprintable() and value == value.strip() else "a name of printable characters"


Money = Annotated[Decimal, _amount_problem]
"""USD, exact: a decimal string, or a number whose text is taken as it stands."""
Fraction = Annotated[Decimal, between(0, 1)]
Temperature = Annotated[Decimal, between(0, 2)]
Seconds = Annotated[float, above(0)]
SecondsOrZero = Annotated[float, at_least(0)]
Tokens = Annotated[int, at_least(1)]
Days = Annotated[int, between(0, 36_500)]
RetryCount = Annotated[int, between(0, 10)]
Stay = Annotated[str, _stay_problem]
Word = Annotated[str, _word_problem]
ModelName = Annotated[str, _model_problem]
AutoOrModel = Annotated[str, _model_or("auto")]
OffAutoOrModel = Annotated[str, _model_or("off", "auto")]
Effort = Annotated[str, one_of("minimal", "low", "medium", "high")]
Ability = Annotated[str, one_of("tools", "vision", "reasoning", "web")]
KeySource = Annotated[str, _key_source_problem, UNSHOWN]
BaseUrl = Annotated[str, base_url_problem]
ProxyUrl = Annotated[str, proxy_problem]
HeaderTable = Annotated[Mapping[str, str], _headers_problem, UNSHOWN]
