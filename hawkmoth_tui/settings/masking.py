"""Takes keys out of texts: whole words that look like a key, and every secret this process has found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.secret import Secret

MASK = "[key]"

MIN_KNOWN_CHARACTERS = 6
"""Shorter secrets are not looked for: every text holds them by chance."""

_KEY_SHAPED = (
    r"(?<![\w-])(?:"
    r"sk-[\w-]{16,}"
    r"|(?:gsk|hf|tgp_v1|r8|pplx|xai|csk|fw|nvapi|glpat|ghp|github_pat)[_-][\w-]{16,}"
    r"|AIza[\w-]{30,}"
    r"|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}"
    r")(?![\w-])"
)
_AUTHORIZATION = r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"
_URL_USER = r"(?<=://)[^/\s@]+@"

_known: set[str] = set()


def never_show(secret: Secret) -> None:
    """From now on `mask` takes this secret out of every text of this process. Called where a key is found."""
    text = secret.reveal()
    if len(text) >= MIN_KNOWN_CHARACTERS:
        _known.add(text)


def forget() -> None:
    """Take no secret for known any more."""
    _known.clear()


def is_key(text: str) -> bool:
    """Whether the text is a key and nothing else."""
    return text in _known or re.fullmatch(_KEY_SHAPED, text) is not None


def mask(text: str) -> str:
    """The text without keys. Ordinary words that only contain a key's beginning stay as they are."""
    for secret in sorted(_known, key=len, reverse=True):
        if secret in text:
            text = text.replace(secret, MASK)
    text = re.sub(_KEY_SHAPED, MASK, text)
    text = re.sub(_AUTHORIZATION, lambda match: f"{match[1]} {MASK}", text)
    return re.sub(_URL_USER, f"{MASK}@", text)
