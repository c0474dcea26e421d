"""A better model for an answer that shows its own fault: inside the same turn, bounded, budgeted, and visible with what gave it away.

Automatic where it is cheap and the model was the router's choice; offered with its price elsewhere. The session's model does not change.
"""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.escalation import Escalation, Trigger
from hawkmoth_tui.core.events import AnswerRestored, Escalated, Notice, RouteChosen
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.money import PICO_PER_USD, money_text, pico
from hawkmoth_tui.core.route import PINNED
from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.engine.hearing import Ended
from hawkmoth_tui.settings.schema import Escalate
from hawkmoth_tui.store.rows import Cause

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hawkmoth_tui.core.escalation import Fault
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.route import Candidate, Route
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.attempt import Attempts, Terms
    from hawkmoth_tui.engine.flight import Flight
    from hawkmoth_tui.engine.keeper import Keeper
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.settings.schema import RoutingSettings

MOST_STEPS = 2
"""Better models that are asked in one turn."""
CHEAP_PICO = PICO_PER_USD // 100
"""Expected cost of a step that is taken unasked, where `approve_above_usd` sets no other."""


class Escalating:
    """Looks at answers and asks better models."""

    def __init__(self, models: Models, keeper: Keeper, attempts: Attempts, routing: RoutingSettings) -> None:
        self._models = models
        self._keeper = keeper
        self._attempts = attempts
        self._routing = routing

    async def run(self, flight: Flight, route: Route, terms: Terms, last: Ended) -> AsyncGenerator[TurnEvent, None]:
        """The steps after a whole answer; `last` tells how the answer that stands has ended."""
        if self._routing.escalate is Escalate.OFF or flight.turn.tool_calls:
            return
        from hawkmoth_tui.routing.answer_checks import fault

        for _ in range(MOST_STEPS):
            found = fault(flight.turn.said.text, flight.turn.text)
            if found is None or flight.is_stopped or last.outcome is not Outcome.OK:
                return
            better = self._better(flight.turn, route, found)
            if better is None:
                if found.trigger is Trigger.NO_ACCESS:
                    yield Notice("the answer says it has no access, and no other usable model is known to have web")
                return
            if not self._is_automatic(better, terms):
                yield Notice(_offer(flight.turn, found, better))
                return
            async with aclosing(self._step(flight, route, terms, last, found, better)) as events:
                async for event in events:
                    yield event
            if not flight.turn.escalations:
                return

    async def _step(
        self, flight: Flight, route: Route, terms: Terms, last: Ended, found: Fault, better: Candidate
    ) -> AsyncGenerator[TurnEvent, None]:
        model, left = self._models.find(better.model), flight.turn.model
        if model is None or left is None:
            return
        step = Escalated(Escalation(found, left, better.model, flight.turn.answer))
        self._keeper.journal(flight.turn.id, step)
        yield step
        yield Notice(str(step.escalation))
        yield RouteChosen(replace(route, chosen=better.model, reason=f"{left} {found.trigger}"))
        ended = Ended()
        flight.cause = Cause.ESCALATION
        try:
            async with aclosing(self._attempts.run(flight, model, terms, ended)) as events:
                async for event in events:
                    yield event
        finally:
            flight.cause = Cause.TURN
        self._models.observe(flight.turn.attempts[-1], None)
        if ended.outcome is Outcome.OK or flight.turn.answer:
            last.outcome, last.error, last.finish_reason = ended.outcome, ended.error, ended.finish_reason
            return
        why = f": {ended.error.message}" if ended.error else ""
        yield AnswerRestored()
        yield Notice(f"{better.model} did not answer{why}; the first answer stands")

    def _better(self, turn: Turn, route: Route, found: Fault) -> Candidate | None:
        """The cheapest candidate that can be expected to do better. None: there is none."""
        now = route.candidate(turn.model) if turn.model else None
        least = now.expected_quality if now and now.expected_quality is not None else 0.0
        tried = {attempt.model for attempt in turn.attempts}
        fitting = [each for each in route.candidates if each.model not in tried and self._may(each)]
        if found.trigger is Trigger.NO_ACCESS:
            fitting = [each for each in fitting if self._has_web(each)]
        else:
            fitting = [each for each in fitting if (each.expected_quality or 0.0) > least]
        return min(fitting, key=_dearness, default=None)

    def _may(self, candidate: Candidate) -> bool:
        model = self._models.find(candidate.model)
        is_free = candidate.veto is None or candidate.veto.rule == PINNED
        return is_free and model is not None and not model.is_facts

    def _has_web(self, candidate: Candidate) -> bool:
        model = self._models.find(candidate.model)
        return model is not None and Capability.WEB in model.capabilities

    def _is_automatic(self, better: Candidate, terms: Terms) -> bool:
        above = self._routing.approve_above_usd
        most = CHEAP_PICO if above is None else pico(above)
        is_cheap = better.expected_cost_pico is not None and better.expected_cost_pico <= most
        return self._routing.escalate is Escalate.AUTO and is_cheap and not terms.is_pinned and better.veto is None


def _offer(turn: Turn, found: Fault, better: Candidate) -> str:
    price = money_text(better.expected_cost_pico, estimated=better.expected_cost_pico is not None)
    return f"{turn.model} {found.trigger}: “{found.evidence}”; /stronger {better.model} asks that model, for {price}"


def _dearness(candidate: Candidate) -> tuple[bool, int, float]:
    return candidate.expected_cost_pico is None, candidate.expected_cost_pico or 0, -candidate.score
