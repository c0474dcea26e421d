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
LACKING = "No model can be reached yet. Any one of these is enough:"
LACKING_IN_SHORT = "No model yet; one of these will do:"
DOES_IN_SHORT = ("pastes a key", "finds a model server here", "opens the demo")
INVENTED = "Everything here is simulated: the answers come from a server inside this program, the money is not real."
INVENTED_IN_SHORT = "Simulated: no model is asked, no money spent."


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
        whole, short = (self._lacking if self.providers == () else self._ready)(width, room)
        return whole if len(whole) <= (self.content_size.height or len(whole)) else short

    def _lacking(self, width: int, room: int) -> tuple[list[Content], list[Content]]:
        """What is missing, with everything said, and with the ways alone."""
        paste, demo, found = (key_name(key_id, self._keymap) for key_id in ("keys.set", "demo.open", "model.pick"))
        title = wrapped(LACKING, STRONG, room)
        rows = (
            (paste, "pastes a key, kept where you say or nowhere"),
            (found, "lists the models that a server here offers"),
            (demo, "opens the demo in this window"),
        )
        whole = [*title, *([EMPTY] if width >= LEAST_CELLS else []), *_ways_in(width), EMPTY, *_table(rows, room)]
        column = max(len(key) for key, _ in rows) + 2
        short = wrapped(LACKING_IN_SHORT, STRONG, room)
        for (key, _), does, (command, _) in zip(rows, DOES_IN_SHORT, WAYS_IN, strict=True):
            instead = words((" " * column + "or ", MUTED), (command.removesuffix("=…"), "$route"))
            short += [*_table([(key, does)], room, column), instead]
        return whole, short

    def _ready(self, width: int, room: int) -> tuple[list[Content], list[Content]]:
        """How to begin, in full and in few lines."""
        name, steps = words(("Hawkmoth", "bold $route")), self._first_steps(room)
        if self.is_simulated:
            short = [*wrapped(INVENTED_IN_SHORT, "$warning", room), EMPTY, *steps]
            return [name, EMPTY, *wrapped(INVENTED, "$warning", room), EMPTY, *steps], short
        ready = wrapped(f"Ready: {', '.join(self.providers or ())}", "$success", room, most=2) if self.providers else []
        return [name, EMPTY, *ready, *([EMPTY] if ready else []), *steps], [*ready[:1], *steps]

    def _first_steps(self, room: int) -> list[Content]:
        send, newline, why, cost, page = (
            key_name(key_id, self._keymap)
            for key_id in ("composer.send", "composer.newline", "route.why", "cost.show", "help.show")
        )
        rows = (
            (send, f"sends; {newline} for a new line"),
            (
                why,
                f"why this model; {cost} its cost"
                if room < LEAST_CELLS
                else f"tells why a model was chosen, {cost} what it cost",
            ),
            (page, "lists every key and command"),
        )
        return _table(rows, room)


def _ways_in(width: int) -> list[Content]:
    if width < LEAST_CELLS:
        lines = ((words((command, "$route")), *wrapped(text, MUTED, width, indent="  ")) for command, text in WAYS_IN)
        return [line for pair in lines for line in pair]
    return [words((f"{command:<27}", "$route"), (text, MUTED)) for command, text in WAYS_IN]


def _table(rows: Iterable[tuple[str, str]], room: int, column: int = 0) -> list[Content]:
    """Keys in a column, what they do beside them; rows without a key are left out."""
    rows = [row for row in rows if row[0]]
    column = column or max((len(key) for key, _ in rows), default=0) + 2
    lines = []
    for key, text in rows:
        first, *rest = wrapped(text, MUTED, max(8, room - column))
        lines += [words((key.ljust(column), "$route")) + first, *(words((" " * column, "")) + line for line in rest)]
    return lines
