"""The one character map that untrusted text passes before any terminal.

It maps characters, it does not parse sequences: stateless, so that no split over chunks can escape it. The store keeps the original.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

MAX_COMBINING = 4
"""Combining marks kept after one base character; the rest are dropped."""

_TABLE: dict[int, str | None] = {
    **{code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)},
    0x7F: "␡",
    **dict.fromkeys(range(0x80, 0xA0), "�"),
    0x00AD: None,
    0x061C: "⁇",
    0x180E: None,
    0x200B: None,
    0x200E: "⁇",
    0x200F: "⁇",
    0x2028: "\n",
    0x2029: "\n",
    **dict.fromkeys(range(0x202A, 0x202F), "⁇"),
    **dict.fromkeys(range(0x2060, 0x2066), None),
    **dict.fromkeys(range(0x2066, 0x206A), "⁇"),
    **dict.fromkeys(range(0x206A, 0x2070), None),
    0xFEFF: None,
    **dict.fromkeys(range(0xFFF9, 0xFFFC), None),
    **dict.fromkeys(range(0xE0000, 0xE0080), None),
}
"""C0 as control pictures, DEL, C1 and bidi controls visible, zero-width and tag characters dropped."""

_HOSTILE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f\ud800-\udfff]"
)
_SURROGATE = "[\ud800-\udfff]"
_MARK_RUN = "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{5,}"


@cache
def hostile() -> re.Pattern[str]:
    """Finds any character that the map changes, lone surrogates included. None of them is printable, so few texts ever need it."""
    return re.compile(_HOSTILE)


def is_unmapped(text: str) -> bool:
    """Whether the map would change nothing but marks."""
    return text.isprintable() or hostile().search(text) is None


def visible(text: str) -> str:
    """The text with every hostile character mapped; newlines and tabs stay, CR LF is a newline. Harmless ASCII is returned as it is."""
    if not is_unmapped(text):
        text = text.replace("\r\n", "\n").translate(_TABLE)
        text = re.sub(_SURROGATE, "�", text)
    if not text.isascii():
        text = re.sub(_MARK_RUN, lambda run: run.group()[:MAX_COMBINING], text)
    return text


def one_line(text: str, limit: int = 300) -> str:
    """The text on one line for titles, notices and errors: mapped, white space folded, cut at `limit` characters with `…`."""
    folded = " ".join(visible(text).split())
    return folded if len(folded) <= limit else folded[: limit - 1] + "…"


def is_mark(character: str) -> bool:
    """Whether the character takes no cell of its own because it sits on the one before."""
    return unicodedata.category(character) in ("Mn", "Me")
