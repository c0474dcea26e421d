"""Text for the clipboard of the terminal: OSC 52, wrapped so that tmux and GNU screen pass it on.

No answer ever comes back, so nobody can know whether it arrived; what the user is told says no more than that it was sent. Nothing is
written here: the text leaves through the app's driver like every frame.
"""

from __future__ import annotations

import base64
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_COPY = 75_000
"""Bytes of text that one clipboard sequence carries; many terminals drop a longer one whole."""

_SCREEN_PIECE = 76
"""Characters of a control string that GNU screen takes at once (it keeps at most 256); the pieces arrive outside as one."""


class Carrier(Enum):
    """What stands between us and the terminal that has the clipboard."""

    NONE = "the terminal's clipboard"
    TMUX = "the terminal's clipboard through tmux"
    SCREEN = "the terminal's clipboard through GNU screen"


def carrier(env: Mapping[str, str]) -> Carrier:
    """What the environment says; TERM alone tells it on the far side of ssh, where TMUX is not handed down."""
    term = env.get("TERM", "")
    if env.get("TMUX") or term.startswith("tmux"):
        return Carrier.TMUX
    if env.get("STY") or term.startswith("screen"):
        return Carrier.SCREEN
    return Carrier.NONE


def fits(text: str) -> bool:
    """Whether one sequence carries the whole text."""
    return len(text) <= LONGEST_COPY and len(text.encode("utf-8", "replace")) <= LONGEST_COPY


def sequence(text: str, way: Carrier) -> str:
    """What the terminal is sent so that the text is on its clipboard.

    tmux gets it twice: plain, which it takes itself with `set-clipboard on`, and wrapped, which it passes on with `allow-passthrough on`.
    """
    encoded = base64.b64encode(text.encode("utf-8", "replace")).decode("ascii")
    plain = f"\x1b]52;c;{encoded}\x07"
    match way:
        case Carrier.NONE:
            return plain
        case Carrier.TMUX:
            return f"{plain}\x1bPtmux;\x1b{plain}\x1b\\"
        case Carrier.SCREEN:
            pieces = [plain[start : start + _SCREEN_PIECE] for start in range(0, len(plain), _SCREEN_PIECE)]
            return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def sent(size: int, way: Carrier, save_key: str) -> str:
    """What the user is told after `size` characters were sent."""
    need = " (needs set-clipboard or allow-passthrough)" if way is Carrier.TMUX else ""
    unit = "character" if size == 1 else "characters"
    return f"{size:,} {unit} sent to {way.value} with OSC 52{need}; if nothing arrives, {save_key} saves the text"


def too_long(size: int, save_key: str) -> str:
    """What the user is told instead of sending a part."""
    return f"{size:,} characters are more than a terminal's clipboard takes; nothing was copied, {save_key} saves them to a file"
