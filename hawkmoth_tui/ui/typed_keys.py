"""What a terminal sends for a key, read as Textual reads it but for three things: Escape before a digit is Alt with that key, so is Escape
before Enter, and a paste is taken whole instead of character by character.

Textual 8.2.8 takes the first for what a Mac keyboard types with Option (`¡` for Option+1), and loses the Alt of the second. A terminal
that means `¡` sends `¡`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual._xterm_parser import XTermParser

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from textual.message import Message

ALT_KEYS = {"\x1b\r": "alt+enter", **{f"\x1b{digit}": f"alt+{digit}" for digit in range(10)}}
"""Sequences that xterm, tmux and screen send, by the name of their key."""


PASTE_BEGINS = "\x1b[200~"
PASTE_ENDS = "\x1b[201~"


class KeyParser(XTermParser):
    """The parser of the terminal driver."""

    def __init__(self, debug: bool = False) -> None:
        super().__init__(debug)
        self._paste: list[str] | None = None
        """What has arrived of a bracketed paste; None outside of one."""

    def feed(self, data: str) -> Iterator[Message]:
        """What the characters mean; none at all are the end of the input. A paste costs its length, not a step per character."""
        if not data:
            yield from super().feed(data)
        while data:
            if self._paste is None:
                typed, mark, data = data.partition(PASTE_BEGINS)
                if typed:
                    yield from super().feed(typed)
                if mark:
                    self._paste = []
            else:
                data = self._paste[-1] + data if self._paste else data
                self._paste[-1:] = []
                pasted, mark, rest = data.partition(PASTE_ENDS)
                if mark:
                    yield events.Paste("".join((*self._paste, pasted)).replace("\0", ""))
                    self._paste, data = None, rest
                else:
                    cut = len(data) - len(PASTE_ENDS) + 1
                    self._paste += [data[: max(0, cut)], data[max(0, cut) :]]
                    data = ""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        name = ALT_KEYS.get(sequence)
        return (events.Key(name, None),) if name else super()._sequence_to_key_events(sequence, alt)
