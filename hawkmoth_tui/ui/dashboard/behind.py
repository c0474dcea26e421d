"""The turns behind one bar, newest or dearest first; the chosen one is opened in its session."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.ui.columns import Column, fitting_columns, table_line, title_line
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, fitting, spread, words
from hawkmoth_tui.ui.panes.cost_lines import signed
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.pick import MOVING, PickScreen
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.content import Content

    from hawkmoth_tui.core.summaries import Charge
    from hawkmoth_tui.ui.screens.pick import Way

COLUMNS = (Column("when", 12, 1, is_number=False), Column("cost", 10, 0))
LEAST_NAME = 18


class TurnsBehind(PickScreen):
    """Returns the place of the chosen turn. One that is gone, or was none, cannot be chosen."""

    KEYS: ClassVar[dict[str, str]] = {**PickScreen.KEYS, "tab": "order"}
    KEYS_HERE: ClassVar[Sequence[tuple[str, str]]] = (
        ("Enter", "open the turn in its session"),
        ("Tab", "the dearest first, or the newest"),
        *(key for key in MOVING if key[0] != "Enter"),
    )
    SHEET_CLASSES = "sheet -broad"
    PLACEHOLDER = "type words of the prompt, its session or its model"

    def __init__(self, name: str, charges: Sequence[Charge]) -> None:
        self._charges = charges
        self._is_dearest_first = False
        self._problem = ""
        rows = [_row(place, charge) for place, charge in enumerate(charges)]
        super().__init__(plain("Turns of ") + words((name, STRONG)), rows, nothing="nothing was asked here")

    def head(self, width: int) -> list[Content]:
        return [title_line("prompt", COLUMNS, width, LEAST_NAME)]

    def details(self, width: int) -> list[Content]:
        row = self.list.row
        charge = self._charges[int(row.key)] if row else None
        told = words((self._problem, "$error")) if self._problem else _session_line(charge) if charge else EMPTY
        return [_facts_line(charge, width) if charge else EMPTY, spread(told, self.count("turn"), width)]

    def hints(self) -> Sequence[str]:
        first = "newest" if self._is_dearest_first else "dearest"
        return ("Enter opens it", f"Tab {first} first", *self.help_hint, "Esc closes")

    def ordered(self, rows: list[Row]) -> list[Row]:
        if self._is_dearest_first:
            return sorted(rows, key=lambda row: -self._charges[int(row.key)].cost_pico)
        return sorted(rows, key=lambda row: int(row.key))

    def do(self, what: str) -> None:
        if what == "order":
            self._is_dearest_first = not self._is_dearest_first
            self.list.fill(self._fitting())
            self.tell_hints()
        else:
            super().do(what)

    def narrow(self, typed: str) -> None:
        self._problem = ""
        super().narrow(typed)

    def choose(self, way: Way) -> None:
        row = self.list.row
        charge = self._charges[int(row.key)] if row else None
        if charge is not None and (charge.session_id is None or not charge.prompt):
            self._problem = "this turn is gone, its amount stays" if charge.turn_id else "this is of no turn"
            self._details.redraw()
        else:
            super().choose(way)


def _row(place: int, charge: Charge) -> Row:
    name = one_line(" ".join(charge.prompt.split())) or ("(gone)" if charge.turn_id else f"({charge.cause})")
    cost = ("≥ " if charge.is_unknown and charge.cost_pico else "") + money_text(
        None if charge.is_unknown and not charge.cost_pico else charge.cost_pico
    )
    cells = {"when": (f"{datetime.fromtimestamp(charge.at_ms / 1000):%b %d %H:%M}", MUTED), "cost": (cost, "$cost")}
    searched = f"{charge.prompt} {charge.session_title} {charge.model} {charge.task}".lower()

    def draw(width: int) -> Content:
        shown = words((name, "$foreground" if charge.prompt else MUTED))
        return table_line(shown, cells, fitting_columns(COLUMNS, width, LEAST_NAME), width)

    return Row(str(place), searched, draw)


def _facts_line(charge: Charge, width: int) -> Content:
    segments = [
        words((charge.model, "$route")),
        *([words((charge.task, "$foreground"))] if charge.task else []),
        words((f"{charge.input_tokens:,} in · {charge.output_tokens:,} out", MUTED)),
        *([words(("saved ", MUTED)) + signed(charge.compared.saved_pico)] if charge.compared.count else []),
    ]
    return fitting(segments, width, words((" · ", MUTED)))


def _session_line(charge: Charge) -> Content:
    title = one_line(charge.session_title)
    return words(("in ", MUTED), (title, "$foreground")) if title else EMPTY
