"""F2: the models, found by a few letters; Enter pins one for the session, another key takes it for one turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hawkmoth_tui.ui.lines import EMPTY, MUTED, spread, words
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import MOVING, PickScreen, Way
from hawkmoth_tui.ui.shelf import AUTO

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from textual.content import Content

    from hawkmoth_tui.ui.shelf import Shelf
    from hawkmoth_tui.ui.widgets.picklist import Row


LEAST_ROWS = 16
"""Rows of the terminal from which on a line parts the list from what is said below it."""


class ModelPicker(PickScreen):
    """Returns a model, or `auto`, and whether it is for one turn only. Asks servers and changes the effort without closing."""

    KEYS: ClassVar[dict[str, str]] = {
        **PickScreen.KEYS,
        "alt+enter": "once",
        "tab": "once",
        "ctrl+r": "ask",
        "ctrl+t": "effort",
    }
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("Enter", "pin the model to this session, for good; `auto` gives it back to the router"),
        ("Tab, Alt+Enter", "take the model for the next turn only"),
        ("Ctrl+T", "how long reasoning models think in this session: low, medium, high, as they like"),
        ("Ctrl+R", "look for servers on this machine again, and ask every server what it has"),
        *(key for key in MOVING if key[0] != "Enter"),
        ("● and 1", "mark what is pinned, and what is taken for the next turn only"),
        ("in, out", "US dollars per million tokens; ? is a price that nobody knows"),
        ("uses", "turns that the model has answered for you; `tok/s` is how fast"),
    )
    SHEET_CLASSES = "sheet -broad"
    PLACEHOLDER = "type a few letters of provider, model or lane"

    def __init__(
        self,
        shelf: Shelf,
        current: str,
        *,
        ask_servers: Callable[[], Awaitable[str]] | None = None,
        next_effort: Callable[[], Awaitable[str]] | None = None,
        effort: str = "",
    ) -> None:
        """`ask_servers` returns what came of it, `next_effort` the effort after the change; empty is the model's own."""
        self._shelf = shelf
        self._ask_servers = ask_servers
        self._next_effort = next_effort
        self._effort = effort
        self._said = ""
        """What came of the last key that did not close the list."""
        super().__init__(
            self._headline(), shelf.rows(), nothing="no models are known", current=current, key_id="model.pick"
        )

    def head(self, width: int) -> list[Content]:
        return [self._shelf.head(width)]

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        facts, record, switch = self._shelf.details(row.key, width) if row else [EMPTY] * 3
        told = words((self._said, "$route")) if self._said else switch
        rule = [words(("─" * width, "$rule"))] if self.app.size.height >= LEAST_ROWS else []
        return [*rule, facts, record, spread(told, self.count("model"), width)]

    def hints(self) -> Sequence[str]:
        return ("Enter pins", "Tab for one turn", "Ctrl+T effort", "Ctrl+R asks servers", *self.help_hint, "Esc closes")

    def ordered(self, rows: list[Row]) -> list[Row]:
        """What can be used comes first, however well another name fits."""
        return sorted(rows, key=lambda row: not self._shelf.is_usable(row.key))

    def do(self, what: str) -> None:
        """For one turn a model is taken; the router needs no turn of its own."""
        self._said, row = "", self.list.row
        match what:
            case "once":
                self.choose(Way.USE if row is not None and row.key == AUTO else Way.ONCE)
            case "ask" if self._ask_servers is not None:
                self.run_worker(self._ask(self._ask_servers), exclusive=True, group="ask")
            case "effort" if self._next_effort is not None:
                self.run_worker(self._change_effort(self._next_effort), exclusive=True, group="effort")
            case _:
                super().do(what)

    def read_again(self) -> None:
        """The catalogue has changed: show it, without moving what is highlighted."""
        self.replace_rows(self._shelf.rows())

    def narrow(self, typed: str) -> None:
        self._said = ""
        super().narrow(typed)

    async def _ask(self, ask_servers: Callable[[], Awaitable[str]]) -> None:
        self._say("asking the servers …")
        said = await ask_servers()
        self.read_again()
        self._say(said)

    async def _change_effort(self, next_effort: Callable[[], Awaitable[str]]) -> None:
        self._effort = await next_effort()
        title: Content = self._headline()
        self.query_one(".sheet").border_title = title

    def _say(self, text: str) -> None:
        self._said = text
        self._details.redraw()

    @staticmethod
    def _counted(rows: Sequence[Row]) -> int:
        return sum(row.key != AUTO for row in rows)

    def _headline(self) -> Content:
        effort = words((f" · effort {self._effort}", MUTED)) if self._effort else EMPTY
        return plain("Model of this session") + effort
