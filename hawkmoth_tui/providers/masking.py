"""Keys are taken out of every text that came from outside before it becomes a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.masking import MASK, mask

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_SECRET = 4
"""Shorter texts are not looked for: taking them out would only spoil the message."""

_STARRED = re.compile(r"[\w.-]*\*{3,}[\w.*-]*")
"""A key as servers echo it, its middle replaced by stars."""


def without_keys(words: str, secrets: Iterable[str]) -> str:
    """The text without the secrets that were sent, without their remains, and without anything shaped like a key."""
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            words = words.replace(secret, MASK)
    return mask(_STARRED.sub(MASK, words))
