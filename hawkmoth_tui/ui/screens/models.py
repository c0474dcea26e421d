"""F2: the models, found by a few letters; Enter pins one for the session, another key takes it for one turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from hawkmoth_tui.ui.lines import EMPTY, spread
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import PickScreen, Way
from hawkmoth_tui.ui.shelf import AUTO

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from hawkmoth_tui.ui.shelf import Shelf


class ModelPicker(PickScreen):
    """Returns a model, or `auto`, and whether it is for one turn only."""

    KEYS: ClassVar[dict[str, str]] = {**PickScreen.KEYS, "alt+enter": "once", "tab": "once"}
    SHEET_CLASSES = "sheet -broad"
    PLACEHOLDER = "type a few letters of provider, model or lane"

    def __init__(self, shelf: Shelf, current: str) -> None:
        self._shelf = shelf
        super().__init__(plain("Model of this session"), shelf.rows(), nothing="no models are known", current=current)

    def head(self, width: int) -> list[Content]:
        return [self._shelf.head(width)]

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        facts, record, switch = self._shelf.details(row.key, width) if row else [EMPTY] * 3
        return [facts, record, spread(switch, self.count(), width)]

    def hints(self) -> Sequence[str]:
        return ("Enter pins", "Tab or Alt+Enter for one turn", "Esc closes")

    def do(self, what: str) -> None:
        """For one turn a model is taken; the router needs no turn of its own."""
        row = self.list.row
        if what == "once":
            self.choose(Way.USE if row is not None and row.key == AUTO else Way.ONCE)
        else:
            super().do(what)
