"""What an empty conversation shows: how to begin, or what is missing before one can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.ui.keys import key_name
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, words, wrapped
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from textual.content import Content

MOST_CELLS = 72
LEAST_CELLS = 66
"""From so many cells on, a command and what it is for stand beside each other."""
WAYS_IN = (
    ("export TOGETHER_API_KEY=…", "or another vendor's, then start hawkmoth again"),
    ("ollama serve", "or another model server here; then just send"),
    ("hawkmoth demo", "to look around with simulated models"),
)


class Welcome(Pane):
    """Stands where the transcript will be, until there is a turn."""

    def __init__(self, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self._keymap = keymap or {}
        self.providers: tuple[str, ...] | None = None
        """Names of the providers that can be used; None while that is being found out."""
        self.is_simulated = False

    def show(self, providers: tuple[str, ...], *, is_simulated: bool) -> None:
        self.providers, self.is_simulated = providers, is_simulated
        self.refresh()

    def lines(self, width: int) -> list[Content]:
        room = min(width, MOST_CELLS)
        if self.providers == ():
            lacking = "No model can be reached yet. Any one of these is enough:"
            title, ways = wrapped(lacking, STRONG, room), _ways_in(width)
            if len(title) + len(ways) > (self.content_size.height or len(title) + len(ways)):
                ways = [words((command, "$route")) for command, _ in WAYS_IN]
            lines = [*title, *([EMPTY] if width >= LEAST_CELLS else []), *ways]
            here = [EMPTY, *self._ways_from_here(room)]
            return (
                [*lines, *here]
                if len(lines) + len(here) <= (self.content_size.height or len(lines) + len(here))
                else lines
            )
        name = words(("Hawkmoth", "bold $route"))
        if self.is_simulated:
            text = "Everything here is simulated: the answers come from a server inside this program, the money is not real."
            return [name, EMPTY, *wrapped(text, "$warning", room), EMPTY, *self._first_steps(room)]
        if self.providers is None:
            return [name, EMPTY, *self._first_steps(room)]
        ready = f"Ready: {', '.join(self.providers)}"
        return [name, EMPTY, *wrapped(ready, "$success", room, most=2), EMPTY, *self._first_steps(room)]

    def _ways_from_here(self, room: int) -> list[Content]:
        """The same without leaving, one key each."""
        paste, demo, found = (key_name(key_id, self._keymap) for key_id in ("keys.set", "demo.open", "model.pick"))
        rows = (
            (paste, "pastes a key for this run; it is written nowhere"),
            (found, "lists the models that a server here offers"),
            (demo, "opens the demo in this window"),
        )
        return _table(rows, room)

    def _first_steps(self, room: int) -> list[Content]:
        send, newline, why, cost, page = (
            key_name(key_id, self._keymap)
            for key_id in ("composer.send", "composer.newline", "route.why", "cost.show", "help.show")
        )
        rows = (
            (send, f"sends; {newline} makes a new line"),
            (why, f"tells why a model was chosen, {cost} what it cost"),
            (page, "lists every key and command"),
        )
        return _table(rows, room)


def _ways_in(width: int) -> list[Content]:
    if width < LEAST_CELLS:
        lines = ((words((command, "$route")), *wrapped(text, MUTED, width, indent="  ")) for command, text in WAYS_IN)
        return [line for pair in lines for line in pair]
    return [words((f"{command:<27}", "$route"), (text, MUTED)) for command, text in WAYS_IN]


def _table(rows: Iterable[tuple[str, str]], room: int) -> list[Content]:
    """Keys in a column, what they do beside them; rows without a key are left out."""
    rows = [row for row in rows if row[0]]
    column = max((len(key) for key, _ in rows), default=0) + 2
    lines = []
    for key, text in rows:
        first, *rest = wrapped(text, MUTED, max(8, room - column))
        lines += [words((key.ljust(column), "$header")) + first, *(words((" " * column, "")) + line for line in rest)]
    return lines
