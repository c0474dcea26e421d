"""Keys are taken out of every text that came from outside before it becomes a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.masking import MASK, mask

if TYPE_CHECKING:
    from collections.abc import Iterable

SHORTEST_SECRET = 4
"""Shorter texts are not looked for: taking them out would only spoil the message."""

CUT = "…"
"""Where words end that were too long."""

SHORTEST_REMAINS = 3
"""So many letters of a key beside stars are its remains."""

_STARRED = re.compile(r"[\w.-]*\*{3,}[\w.*-]*")
"""A key as servers echo it, its middle replaced by stars."""


def without_keys(words: str, secrets: Iterable[str]) -> str:
    """The text without the secrets that were sent, without their remains, and without anything shaped like a key."""
    sent = [secret for secret in secrets if len(secret) >= SHORTEST_SECRET]
    for secret in sent:
        words = words.replace(secret, MASK)
        words = _without_beginning(words, secret)

    def hidden(starred: re.Match[str]) -> str:
        remains = [part for part in starred.group().strip(".").split("*") if len(part) >= SHORTEST_REMAINS]
        return MASK if any(part in secret for part in remains for secret in sent) else starred.group()

    return mask(_STARRED.sub(hidden, words))


def _without_beginning(words: str, secret: str) -> str:
    """The text without the beginning of a secret that its cut has left at the end."""
    if not words.endswith(CUT):
        return words
    kept = words.removesuffix(CUT)
    beginnings = (secret[:size] for size in range(len(secret) - 1, SHORTEST_SECRET - 1, -1))
    begun = next((beginning for beginning in beginnings if kept.endswith(beginning)), "")
    return f"{kept.removesuffix(begun)}{MASK}{CUT}" if begun else words
