"""The line over a list: letters narrow it, every other key goes to the list, in the order in which they are pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events


class PickLine(Input):
    """One line of text without a blinking cursor."""

    def __init__(self, placeholder: str, act: Callable[[str], bool]) -> None:
        super().__init__(placeholder=placeholder, compact=True)
        self.cursor_blink = False
        self._act = act
        """Takes a key; False when it means nothing to the list."""

    async def _on_key(self, event: events.Key) -> None:
        """Comes before the input's own, which Textual calls next."""
        if self._act(event.key):
            event.stop()
            event.prevent_default()
