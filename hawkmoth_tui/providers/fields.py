"""Narrow looks at JSON that strangers wrote: a field of the wrong type is as good as missing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MOST_TOKENS = 10**9
"""A count beyond it is a server's mistake and is not believed."""

NOTHING: Mapping[str, object] = {}


def record(value: object) -> Mapping[str, object]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else NOTHING


def items(value: object) -> Sequence[object]:
    """The list, or an empty one."""
    return value if isinstance(value, list) else ()


def text(value: object) -> str:
    """The string, or an empty one."""
    return value if isinstance(value, str) else ""


def count(value: object) -> int | None:
    """A token count: a whole number in 0..10^9, no bool, no float. None: there is none."""
    return value if type(value) is int and 0 <= value <= MOST_TOKENS else None


def first_count(*values: object) -> int:
    """The first of the values that is a count; 0 when none is."""
    for value in values:
        found = count(value)
        if found is not None:
            return found
    return 0


def amount(value: object) -> Decimal | None:
    """A price or a cost that is not negative, from a JSON number or a decimal string. None: there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() and 0 <= found <= MOST_TOKENS else None
