"""The learned part of the router in one place: the shipped weights, what is publicly known of the models, and the user's own evidence.

Loaded when it is first asked for, or by `load` in a quiet moment; never before the first frame. Without usable weights the rules decide
alone, and `problem` says why.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StoreError
from hawkmoth_tui.core.models import ModelRef

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.routing.abilities import Abilities
    from hawkmoth_tui.routing.expecting import Evidence, Expectations
    from hawkmoth_tui.routing.weights import Weights
    from hawkmoth_tui.store.store import Store

log = logging.getLogger(__name__)

DAY_MS = 86_400_000


class Learning:
    """What the router has learned, for the models of the moment."""

    def __init__(self, store: Callable[[], Store], clock_ms: Callable[[], int]) -> None:
        self._store = store
        self._clock_ms = clock_ms
        self._parts: tuple[Weights, Abilities] | None = None
        self._evidence: Evidence | None = None
        self._expectations: Expectations | None = None
        self._problem: str | None = None

    @property
    def problem(self) -> str:
        """Why there is no learned part; empty when there is one."""
        self.load()
        return self._problem or ""

    @property
    def is_loaded(self) -> bool:
        return self._problem is not None

    def load(self) -> None:
        """Read the weights now; once."""
        if self.is_loaded:
            return
        from hawkmoth_tui.routing.abilities import load_abilities
        from hawkmoth_tui.routing.weights import WeightsProblem, shipped

        try:
            self._parts = shipped(), load_abilities()
            self._problem = ""
        except WeightsProblem as problem:
            self._problem = str(problem)
            log.warning("the router's learned part cannot be used: %s", problem)

    def refresh(self) -> None:
        """Read the user's own evidence again before the next question: something was said, or a turn is about to begin."""
        self._evidence = None

    def expectations(self, models: Sequence[Model]) -> Expectations | None:
        """What is expected of these models; None without usable weights. Worked out anew only when models or evidence changed."""
        self.load()
        if self._parts is None:
            return None
        if self._evidence is None:
            self._evidence = self._read()
        known = self._expectations
        if known is None or known.models != tuple(models) or known.evidence != self._evidence:
            from hawkmoth_tui.routing.expecting import Expectations

            self._expectations = known = Expectations(*self._parts, models, self._evidence)
        return known

    def _read(self) -> Evidence:
        """The signs that stand, older ones weighing less; a store that cannot be read has none, and that is said in the log."""
        from hawkmoth_tui.routing.expecting import Graded
        from hawkmoth_tui.routing.records import faded

        try:
            rows = self._store().signs_by_day()
        except StoreError as error:
            log.info("the signs about answers cannot be read: %s", error)
            return {}
        today = self._clock_ms() // DAY_MS
        found: Evidence = {}
        for provider, model, task, day, good, poor, count in rows:
            before = found.get((ModelRef(provider, model), task), Graded(0.0, 0.0, 0))
            worth = faded(0.01, today - day)
            found[ModelRef(provider, model), task] = Graded(
                before.good + good * worth, before.bad + poor * worth, before.signs + count
            )
        return found
