"""What a terminal sends for a key, read as Textual reads it but for two things: Escape before a digit or before Enter is Alt with that key.

Textual 8.2.8 takes the first for what a Mac keyboard types with Option (`¡` for Option+1), and loses the Alt of the second. A terminal
that means `¡` sends `¡`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Iterable

ALT_KEYS = {"\x1b\r": "alt+enter", **{f"\x1b{digit}": f"alt+{digit}" for digit in range(10)}}
"""Sequences that xterm, tmux and screen send, by the name of their key."""


class KeyParser(XTermParser):
    """The parser of the terminal driver."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        name = ALT_KEYS.get(sequence)
        return (events.Key(name, None),) if name else super()._sequence_to_key_events(sequence, alt)
