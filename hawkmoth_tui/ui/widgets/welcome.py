"""What an empty conversation shows: how to begin, or what is missing before one can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, words, wrapped
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from textual.content import Content

MOST_CELLS = 72


class Welcome(Pane):
    """Stands where the transcript will be, until there is a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.providers: tuple[str, ...] | None = None
        """Names of the providers that can be used; None while that is being found out."""
        self.is_simulated = False

    def show(self, providers: tuple[str, ...], *, is_simulated: bool) -> None:
        self.providers, self.is_simulated = providers, is_simulated
        self.refresh()

    def lines(self, width: int) -> list[Content]:
        room = min(width, MOST_CELLS)
        if self.providers == ():
            return [
                words(("No model can be reached yet. Any one of these is enough:", STRONG)),
                EMPTY,
                *_ways_in(),
            ]
        title = words(("Hawkmoth", "bold $route"))
        if self.is_simulated:
            text = "Everything here is simulated: the answers come from a server inside this program, the money is not real."
            return [title, EMPTY, *wrapped(text, "$warning", room), EMPTY, *_first_steps()]
        if self.providers is None:
            return [title, EMPTY, *_first_steps()]
        ready = f"Ready: {', '.join(self.providers)}"
        return [title, EMPTY, *wrapped(ready, "$success", room, most=2), EMPTY, *_first_steps()]


def _first_steps() -> list[Content]:
    rows = (
        ("Enter", "sends; Ctrl+J makes a new line"),
        ("F4", "tells why a model was chosen, F5 what it cost"),
        ("F1", "lists every key and command"),
    )
    return [words((key.ljust(7), "$header"), (text, MUTED)) for key, text in rows]


def _ways_in() -> list[Content]:
    rows = (
        ("export TOGETHER_API_KEY=…", "or another vendor's, then start hawkmoth again"),
        ("ollama serve", "or another model server here; then just send"),
        ("hawkmoth demo", "to look around with simulated models"),
    )
    return [words((f"{command:<27}", "$route"), (text, MUTED)) for command, text in rows]
