"""Which theme suits the terminal: its number of colours and whether its background is light or dark.

`theme = "auto"` begins with what the environment tells and lets the terminal's own answer (OSC 11) correct it, so nothing waits for a
terminal that never answers. A terminal of sixteen colours gets the theme that is made of those.
"""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Mapping

AUTO = "auto"
DARK = "hawkmoth"
LIGHT = "paper"
FEW_COLOURS = "ansi"

QUESTION = "\x1b]11;?\x1b\\"
"""Asks the terminal for its background."""
WAITS_S = 2.0
"""How long an answer is looked for among the keys; one that comes later is an answer to somebody else."""

_BEGINNING = "\x1b]"
_ANSWER = r"(?i)\x1b\]11;(?:rgba?:([0-9a-f]{1,4})/([0-9a-f]{1,4})/([0-9a-f]{1,4})(?:/[0-9a-f]{1,4})?|#([0-9a-f]{6}))(?:\x07|\x1b\\)"
_CUT_ANSWER = r"\x1b\](?:1(?:1(?:;[^\x07\x1b]{0,32}\x1b?)?)?)?\Z"
_DARK_ENDS = frozenset({0, 1, 2, 3, 4, 5, 6, 8})
"""Palette numbers that COLORFGBG calls a dark background with."""


class GroundTold(Message):
    """The terminal has said what its background is."""

    def __init__(self, *, is_dark: bool) -> None:
        super().__init__()
        self.is_dark = is_dark


class Hearing:
    """Takes the terminal's answer out of what it sends, so that it is never read as keys."""

    def __init__(self) -> None:
        self._until_s = monotonic() + WAITS_S
        self._tail = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more is listened for."""
        return not self._tail and monotonic() > self._until_s

    def hear(self, data: str) -> tuple[str, bool | None]:
        """What is left for the keys, and whether the background is dark; None while that was not said."""
        data, self._tail = self._tail + data, ""
        if _BEGINNING not in data:
            return data, None
        if answer := re.search(_ANSWER, data):
            self._until_s = 0.0
            return data[: answer.start()] + data[answer.end() :], _is_dark(answer)
        if cut := re.search(_CUT_ANSWER, data):
            data, self._tail = data[: cut.start()], cut.group()
        return data, None


def fitting_theme(chosen: str, env: Mapping[str, str], color_system: str | None) -> str:
    """The theme to begin with. `color_system` is Rich's word for the terminal: "standard" has sixteen colours."""
    if color_system in ("standard", "windows"):
        return FEW_COLOURS
    if chosen != AUTO:
        return chosen
    return DARK if dark_by_environment(env) is not False else LIGHT


def dark_by_environment(env: Mapping[str, str]) -> bool | None:
    """What COLORFGBG says (rxvt, Konsole and others set it, "15;0"); None when it says nothing."""
    last = env.get("COLORFGBG", "").rpartition(";")[2]
    return int(last) in _DARK_ENDS if last.isdecimal() and len(last) < 3 else None


def _is_dark(answer: re.Match[str]) -> bool:
    """Whether the colour is nearer to black than to white, as bright as eyes take it (Rec. 709)."""
    *parts, whole = answer.groups()
    if whole:
        parts = [whole[0:2], whole[2:4], whole[4:6]]
    red, green, blue = (int(part, 16) / int("f" * len(part), 16) for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5
