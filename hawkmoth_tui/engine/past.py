"""Past turns, newest first, as far as somebody wants to read: from memory where possible, from the store page by page.

Ended turns never change, so they and their token counts are kept, bounded by their size. A long session costs its context, not its length.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from hawkmoth_tui.engine.context import turn_tokens
from hawkmoth_tui.routing.tokens import estimate_messages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.context import Count

FIRST_PAGE_TURNS = 2
"""Turns read from the store at first: of a branch that was read before, only the head is new, and read each time while it is live."""
PAGE_TURNS = 64
"""Turns read from the store at a time after that."""
MOST_CHARACTERS = 32_000_000
"""Text kept in memory; beyond it the turns used longest ago are let go."""


class Past:
    """Reads branches backwards."""

    def __init__(self, ancestors: Callable[[str, int], Sequence[Turn]], count: Count = estimate_messages) -> None:
        self._ancestors = ancestors
        """(turn id, limit) to that turn and the ones before it, newest first."""
        self._count = count
        self._kept: OrderedDict[str, tuple[Turn, int]] = OrderedDict()
        self._characters = 0

    def branch(self, turn_id: str | None) -> Iterator[Turn]:
        """The branch that ends in `turn_id`, newest first; nothing for None."""
        page_turns = FIRST_PAGE_TURNS
        while turn_id is not None:
            turn = self._kept_turn(turn_id)
            if turn is None:
                turn = self._read(turn_id, page_turns)
                page_turns = PAGE_TURNS
            if turn is None:
                return
            yield turn
            turn_id = turn.parent_id

    def tokens(self, turn: Turn) -> int:
        """Tokens of the turn in a later request, before any model's factor; counted once."""
        kept = self._kept.get(turn.id)
        return kept[1] if kept and kept[0] is turn else turn_tokens(turn, self._count)

    def _kept_turn(self, turn_id: str) -> Turn | None:
        if turn_id not in self._kept:
            return None
        self._kept.move_to_end(turn_id)
        return self._kept[turn_id][0]

    def _read(self, turn_id: str, page_turns: int) -> Turn | None:
        page = self._ancestors(turn_id, page_turns)
        for turn in reversed(page):
            if not turn.state.is_live:
                self._keep(turn)
        return page[0] if page else None

    def _keep(self, turn: Turn) -> None:
        if turn.id in self._kept:
            return
        self._kept[turn.id] = (turn, turn_tokens(turn, self._count))
        self._characters += _characters(turn)
        while self._characters > MOST_CHARACTERS and len(self._kept) > 1:
            _, (dropped, _) = self._kept.popitem(last=False)
            self._characters -= _characters(dropped)


def _characters(turn: Turn) -> int:
    return len(turn.prompt.text) + len(turn.text) + len(turn.reasoning) + 1000
