"""Keys are taken out of every text that came from outside before it becomes a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "…"
SHORTEST_SECRET = 4
"""Shorter texts are not looked for: taking them out would only spoil the message."""

_KEY_SHAPED = re.compile(
    r"(?<![\w-])(?:(?:sk|pk|rk|gsk|xai|tgp|hf|csk|pplx|nvapi|key|r8|fw)[-_](?=[\w*-]*[\d*])[\w*.-]{12,}|AIza[\w-]{20,})(?![\w-])"
)
"""A whole word with a vendor's prefix and at least one digit or star: `sonoma-dusk-alpha` is none."""
_BEARER = re.compile(r"(?i)\b(bearer\s+)[^\s\"',;]{8,}")


def masked(text: str, secrets: Iterable[str]) -> str:
    """The text without the given secrets and without anything that is shaped like a key."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            text = text.replace(secret, MASK)
    return _BEARER.sub(rf"\g<1>{MASK}", _KEY_SHAPED.sub(MASK, text))
