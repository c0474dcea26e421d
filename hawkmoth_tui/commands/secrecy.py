"""What of a typed line may be kept: a key has a place of its own, but people paste it where they are."""

from __future__ import annotations

from hawkmoth_tui.settings.masking import is_key


def without_key(text: str) -> str:
    """The text as it may be kept and sent: nothing of a key that stands alone, nor of what is behind `/keys set NAME` or `/keys unlock`."""
    words = text.split()
    if len(words) > 2 and words[0] != "/" and "/keys".startswith(words[0]):
        if words[1] == "set" and len(words) > 3:
            return f"/keys set {words[2]}"
        if words[1] == "unlock":
            return "/keys unlock"
    return "" if is_key(text.strip()) else text
