"""The preview of a prompt's route in the status line: who would answer it now, at what cost, and who takes it instead with one key."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.ui.lines import EMPTY, MUTED, cut, words

if TYPE_CHECKING:
    from textual.content import Content

    from hawkmoth_tui.engine.foretaste import Foretaste, Prospect


class Preview(NamedTuple):
    """What is shown."""

    foretaste: Foretaste
    key: str
    """What the key is called that takes the other model."""


def preview_text(preview: Preview, width: int) -> Content:
    """`→ haiku · ~$0.0004 · 92 % · translation; Tab for opus ~$0.006`; what does not fit is left out, the task first."""
    told = preview.foretaste
    if told.chosen is None:
        return cut(words(("✗ no model may take this · ", "$error"), (told.reason, MUTED)), width)
    head = words(("→ ", "$route"), (_name(told.chosen), "bold $route"))
    price = words((" · ", MUTED), (_price(told.chosen), "$cost"))
    chance = words((" · ", MUTED), (_chance(told), "$foreground")) if told.win is not None else EMPTY
    task = words((" · ", MUTED), (told.task, "$foreground"))
    other = brief = EMPTY
    if told.other is not None and preview.key:
        brief = words(("; ", MUTED), (preview.key, "$header"), (f" for {_name(told.other)}", MUTED))
        other = brief + words((f" {_price(told.other)}", "$cost"))
    shapes = (
        (head, price, chance, task, other),
        (head, price, chance, other),
        (head, price, chance, brief),
        (head, price, chance),
        (head, price),
    )
    lines = [EMPTY.join(shape) for shape in shapes]
    return next((line for line in lines if line.cell_length <= width), cut(head, width))


def _name(prospect: Prospect) -> str:
    return one_line(prospect.model.id.rsplit("/", 1)[-1])


def _price(prospect: Prospect) -> str:
    return money_text(prospect.cost_pico, estimated=prospect.cost_pico is not None)


def _chance(told: Foretaste) -> str:
    """`92 %`; `~75 %` where that is only a rating."""
    return f"{'' if told.is_graded else '~'}{100 * (told.win or 0.0):.0f} %"
