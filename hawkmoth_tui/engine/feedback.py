"""What is thought of answers: said by the user, or seen in what is done next. It makes win rates and the router's record."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StoreError, UserError
from hawkmoth_tui.core.feedback import PLAIN_WORDS, Sign, SignKind
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.engine.metrics import task_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.ids import IdSource
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.performance import Wins
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.store.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the user said of an answer, and what that did to its model's record at the task."""

    kind: SignKind | None
    """None: what was said is taken back."""
    model: ModelRef
    task: str
    """Empty when the router named none."""
    before: Wins
    after: Wins

    def __str__(self) -> str:
        """One line: `too weak · demo/deep now wins 57% at coding (was 80%)`."""
        said = self.kind.replace("_", " ") if self.kind else "taken back"
        at = f" at {self.task}" if self.task else ""
        before, after = self.before.rate, self.after.rate
        if after is None:
            return f"{said} · {self.model} has no record{at} any more"
        was = "its first sign" if before is None else f"was {before:.0%}"
        return f"{said} · {self.model} now wins {after:.0%}{at} ({was})"


class Feedback:
    """Signs about answers."""

    def __init__(
        self,
        store: Callable[[], Store],
        turn: Callable[[str], Turn],
        models: Models,
        ids: IdSource,
        clock_ms: Callable[[], int],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        """`changed` is called when a sign was added or taken back."""
        self._store = store
        self._turn = turn
        self._models = models
        self._ids = ids
        self._clock_ms = clock_ms
        self._changed = changed

    async def add(self, turn_id: str, kind: SignKind) -> str:
        """Keep a sign about a turn's answer; its id, for `undo`. Raises SessionNotFound, or UserError when nothing was answered."""
        turn = self._turn(turn_id)
        if turn.model is None or turn.state.is_live:
            raise UserError("this turn has no answer yet", "wait for it, or choose another turn")
        sign = Sign(self._ids.next(), self._clock_ms(), kind, turn.model, task_of(turn), turn_id)
        await self._store().add_sign(sign)
        self._changed()
        return sign.id

    async def judge(self, turn_id: str, kind: SignKind | None) -> Verdict:
        """The user's plain word about a turn's answer, in place of what was said before; None takes that back.

        Raises SessionNotFound, or UserError when nothing was answered, or nothing was said that could be taken back.
        """
        turn, said = self._turn(turn_id), [(sign, of) for sign, of in self.of(turn_id) if of in PLAIN_WORDS]
        if kind is None and not said:
            raise UserError("nothing was said of this answer", "/good, /weak and /overkill do")
        if turn.model is None or turn.state.is_live:
            raise UserError("this turn has no answer yet", "wait for it, or choose another turn")
        model, task, before = turn.model, task_of(turn), self.wins(turn.model, task_of(turn))
        if [of for _, of in said] != [kind]:
            for sign_id, _ in said:
                await self.undo(sign_id)
            if kind is not None:
                await self.add(turn_id, kind)
        return Verdict(kind, model, task, before, self.wins(model, task))

    def wins(self, model: ModelRef, task: str) -> Wins:
        """What is known of the model's answers to tasks of this type, by all signs that stand."""
        return self._store().wins(model, task)

    async def undo(self, sign_id: str) -> bool:
        """Take a sign back; False when there is none of this id that stands."""
        is_undone = await self._store().undo_sign(sign_id, self._ids.next())
        self._changed()
        return is_undone

    def of(self, turn_id: str) -> tuple[tuple[str, SignKind], ...]:
        """Id and kind of the signs about a turn that stand, the oldest first."""
        known = {kind.value: kind for kind in SignKind}
        return tuple((sign_id, known[kind]) for sign_id, kind in self._store().signs_of(turn_id) if kind in known)

    async def notice(self, options: TurnOptions) -> None:
        """See a sign in a turn that is about to be asked. It costs the turn nothing: a store that takes none is said in the log."""
        earlier = self._turn(options.of) if options.of else None
        if earlier is None or earlier.model is None or earlier.state is not TurnState.DONE:
            return
        kind = self._seen(options, earlier.model)
        if kind is None:
            return
        try:
            await self.add(earlier.id, kind)
        except StoreError as error:
            log.error("a sign about an answer was not kept: %s", error)

    def _seen(self, options: TurnOptions, model: ModelRef) -> SignKind | None:
        match options.kind:
            case TurnKind.RETRY:
                return SignKind.WENT_STRONGER if self._is_stronger(options.model, model) else SignKind.REGENERATED
            case TurnKind.EDIT:
                return SignKind.EDITED
            case TurnKind.PROMPT | TurnKind.CONTINUE:
                return None

    def _is_stronger(self, chosen: ModelRef | None, before: ModelRef) -> bool:
        """Whether the user chose a model of higher quality."""
        if chosen is None:
            return False
        qualities = [model.quality if model else None for model in map(self._models.find, (chosen, before))]
        return qualities[0] is not None and qualities[1] is not None and qualities[0] > qualities[1]
