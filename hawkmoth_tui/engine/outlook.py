"""What the next prompt of a session will meet: how full the window of the model is that will answer, and what changing it costs.

Front ends ask for every status line, so nothing is routed here and little is read: of a long session, its last turns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.counts import short_count
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.engine.clocks import Clocks
from hawkmoth_tui.engine.context import is_spoken
from hawkmoth_tui.engine.past import Past
from hawkmoth_tui.engine.planning import incumbent
from hawkmoth_tui.routing.costs import LEAST_CACHED_PROMPT, switch_cost_pico

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.workstation import Workstation


@dataclass(frozen=True, slots=True)
class Gauge:
    """How full a model's window is with what was said."""

    model: ModelRef
    used_tokens: int
    window_tokens: int | None
    """None: unknown."""
    is_estimate: bool
    """False when this model itself reported the figure."""

    @property
    def share(self) -> float | None:
        """Used of the window; may pass 1, then old turns are left out. None: the window is unknown."""
        return self.used_tokens / self.window_tokens if self.window_tokens else None


@dataclass(frozen=True, slots=True)
class Reread:
    """A model must read, uncached, what another one has in its cache."""

    tokens: int
    """An estimate: each model counts its own way."""
    cost_pico: int | None
    """More than if it had them cached. None: price unknown."""

    def __str__(self) -> str:
        """`re-reads ~12k tokens uncached: ~$0.031`."""
        cost = money_text(self.cost_pico, estimated=self.cost_pico is not None)
        return f"re-reads ~{short_count(self.tokens)} tokens uncached: {cost}"


class Outlook:
    """Reads the session's last turns; ended ones are remembered."""

    def __init__(self, workstation: Workstation, clocks: Clocks | None = None) -> None:
        self._models = workstation.models
        self._tokens = workstation.tokens
        self._past = Past(workstation.sessions.before, workstation.tokens.plain)
        self._clocks = clocks or Clocks()

    def gauge(self, session: Session | None, pin: ModelRef | None) -> Gauge | None:
        """For the model that will answer: the pinned one, else the one that answered last. None before the first answer."""
        if session is None or session.head_turn_id is None:
            return None
        ref = pin or incumbent(self._by_models(session), self._clocks.now_ms())[0]
        model = self._models.find(ref) if ref else None
        used, is_estimate = self._used(session, ref)
        return Gauge(ref, used, model.context_tokens if model else None, is_estimate) if ref and used else None

    def reread(self, session: Session | None, target: ModelRef) -> Reread | None:
        """What it costs that `target` answers next. None: it has the context itself, nothing is cached, or it costs no more."""
        if session is None or session.head_turn_id is None:
            return None
        warm, cached_tokens = incumbent(self._by_models(session), self._clocks.now_ms())
        model = self._models.find(target)
        if warm is None or warm == target or cached_tokens < LEAST_CACHED_PROMPT or model is None:
            return None
        own_tokens = self._converted(cached_tokens, warm, target)
        cost = switch_cost_pico(model, own_tokens)
        return None if cost == 0 else Reread(own_tokens, cost)

    def _used(self, session: Session, ref: ModelRef | None) -> tuple[int, bool]:
        """Tokens of the branch, and whether they are an estimate: what the last request was reported to hold, and the turns after it."""
        total, is_estimate = 0, False
        for turn in self._past.branch(session.head_turn_id):
            usage = turn.attempts[-1].usage if turn.attempts else None
            if turn.state is TurnState.DONE and usage is not None and usage.total_tokens:
                reported = self._converted(usage.total_tokens, turn.attempts[-1].model, ref)
                return total + reported, is_estimate or usage.estimated or turn.model != ref
            if is_spoken(turn):
                total += self._converted(self._past.tokens(turn), None, ref)
                is_estimate = True
        return total, is_estimate

    def _converted(self, tokens: int, counted_by: ModelRef | None, target: ModelRef | None) -> int:
        """The tokens of one model in those of another, for ordinary text; None: plain ones."""
        if counted_by == target:
            return tokens
        plain = self._tokens.yardstick(counted_by, "").plain(tokens) if counted_by else tokens
        return self._tokens.yardstick(target, "").tokens(plain) if target else plain

    def _by_models(self, session: Session) -> Iterator[Turn]:
        """Newest first, without what Hawkmoth answered itself: no model has seen that."""
        for turn in self._past.branch(session.head_turn_id):
            model = self._models.find(turn.model) if turn.model else None
            if model is None or not model.is_facts:
                yield turn
