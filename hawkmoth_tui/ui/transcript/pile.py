"""The turns of a session and the views of those that are near: far turns hold no rows."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from hawkmoth_tui.ui.transcript.folds import AS_IT_COMES
from hawkmoth_tui.ui.transcript.words import BY_DEFAULT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hawkmoth_tui.core.tree import Standing
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.ui.transcript.folds import Folds
    from hawkmoth_tui.ui.transcript.turnview import TurnView

KEPT_VIEWS = 48
"""Views that are kept besides those of live turns."""


class Pile:
    """Turns from the first to the last of a branch."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.turns: list[Turn] = []
        self.width = 80
        self.names = BY_DEFAULT
        """What the keys are called that the turns name."""
        self.is_writing = False
        """Whether something is being written meanwhile."""
        self._clock = clock
        self._index: dict[str, int] = {}
        self._beginning = ""
        """The turn before which nothing could be read, although it has a parent."""
        self._views: OrderedDict[int, TurnView] = OrderedDict()
        self._stale: set[int] = set()
        self._standings: Mapping[str, Standing] = {}
        """By turn; only those that have siblings."""
        self._folds: dict[str, Folds] = {}
        """By turn; kept when a view is forgotten."""

    def load(self, turns: Sequence[Turn]) -> None:
        """Other turns instead of those before."""
        self.turns = list(turns)
        self._index = {turn.id: index for index, turn in enumerate(self.turns)}
        self._views.clear()
        self._stale.clear()

    @property
    def is_cut(self) -> bool:
        """Whether turns come before the first one here."""
        first = self.turns[0] if self.turns else None
        return first is not None and first.parent_id is not None and first.id != self._beginning

    def put_before(self, turns: Sequence[Turn]) -> None:
        """The turns before the first one; none when there is nothing to be read. All places move by their number."""
        if not turns:
            self._beginning = self.turns[0].id if self.turns else ""
            return
        moved = len(turns)
        self.turns[:0] = turns
        self._index = {turn.id: index for index, turn in enumerate(self.turns)}
        self._views = OrderedDict((index + moved, view) for index, view in self._views.items())
        self._stale = {index + moved for index in self._stale}

    def put(self, turn: Turn) -> int:
        """A newer state of a turn, or a new one after its parent, instead of what followed there; its place."""
        index = self._index.get(turn.id)
        if index is None:
            index = self._place_of_new(turn)
            self._cut(index)
            self.turns.append(turn)
            self._index[turn.id] = index
        else:
            self.turns[index] = turn
        self._stale.add(index)
        return index

    def stand(self, standings: Mapping[str, Standing]) -> None:
        """Which turns have siblings now."""
        before, self._standings = self._standings, standings
        changed = {turn_id for turn_id, _ in before.items() ^ standings.items()}
        self._stale |= {index for turn_id in changed if (index := self._index.get(turn_id)) is not None}

    def has_siblings(self, index: int) -> bool:
        """Whether there are other versions of a turn."""
        return self.turns[index].id in self._standings

    def view(self, index: int) -> TurnView:
        """The view of a turn, made or brought up to date."""
        view = self._views.get(index)
        if view is None:
            from hawkmoth_tui.ui.transcript.turnview import TurnView

            view = self._views[index] = TurnView(
                self.turns[index], self.width, self._clock, self.folds(index), self.names, self._standing(index)
            )
            self._forget(keep=index)
        elif view.width != self.width:
            view.resize(self.width)
        if index in self._stale:
            view.standing, view.is_writing = self._standing(index), self.is_writing
            view.update(self.turns[index])
            self._stale.discard(index)
        self._views.move_to_end(index)
        return view

    def folds(self, index: int) -> Folds:
        """What the reader has folded in a turn."""
        return self._folds.get(self.turns[index].id, AS_IT_COMES)

    def fold(self, index: int, folds: Folds) -> None:
        """Folds and unfolds in a turn."""
        self._folds[self.turns[index].id] = folds
        self.view(index).fold(folds)

    def find(self, turn_id: str) -> int | None:
        """The place of a turn; None when it is not here."""
        return self._index.get(turn_id)

    def peek(self, index: int) -> TurnView | None:
        """The view as it was last shown, when there is one."""
        return self._views.get(index)

    def _standing(self, index: int) -> Standing | None:
        return self._standings.get(self.turns[index].id)

    def _place_of_new(self, turn: Turn) -> int:
        """After its parent; at the end when that is not among the turns, unless it is that of the first one, too."""
        if turn.parent_id is None or (self.turns and turn.parent_id == self.turns[0].parent_id):
            return 0
        parent = self._index.get(turn.parent_id)
        return len(self.turns) if parent is None else parent + 1

    def _cut(self, index: int) -> None:
        """Takes off the turns from `index` on: they belong to another branch."""
        for gone in range(index, len(self.turns)):
            del self._index[self.turns[gone].id]
            self._views.pop(gone, None)
            self._stale.discard(gone)
        del self.turns[index:]

    def _forget(self, keep: int) -> None:
        """Lets the views go that were not looked at for the longest time."""
        for index in list(self._views)[: max(0, len(self._views) - KEPT_VIEWS)]:
            if index != keep and not self.turns[index].state.is_live:
                del self._views[index]
