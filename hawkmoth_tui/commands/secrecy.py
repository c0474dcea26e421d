"""What of a typed line may be kept: a key has a place of its own, but people paste it where they are."""

from __future__ import annotations

from hawkmoth_tui.settings.masking import is_key


def without_key(text: str) -> str:
    """The text as it may be kept and sent: nothing of a key that stands alone, nor of one behind `/keys set NAME`."""
    words = text.split()
    is_asking = len(words) > 3 and words[0] != "/" and "/keys".startswith(words[0]) and words[1] == "set"
    if is_asking:
        return f"/keys set {words[2]}"
    return "" if is_key(text.strip()) else text
