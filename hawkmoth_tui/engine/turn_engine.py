"""One turn from its prompt to its stored ending.

    stored → routed → attempt, attempt, … → settled → stored as ended → shown as ended

Fallback happens only before the first visible token; after it a break ends the turn as interrupted with its text kept.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, NeedsApproval, NoRoute, ProviderError, Unreachable
from hawkmoth_tui.core.events import (
    AttemptEnded,
    AttemptStarted,
    Escalated,
    Notice,
    RouteChosen,
    TextDelta,
    TurnEnded,
    TurnStarted,
)
from hawkmoth_tui.core.money import list_price_pico
from hawkmoth_tui.core.route import BUDGET, PINNED
from hawkmoth_tui.core.turn import Outcome, TurnError, TurnState
from hawkmoth_tui.engine.budget import cheaper_text
from hawkmoth_tui.engine.failures import as_data, bug, no_route
from hawkmoth_tui.engine.hearing import Ended
from hawkmoth_tui.engine.sparing import retries_left

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.route import Candidate
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.approval import Decision
    from hawkmoth_tui.engine.attempt import Attempts, Terms
    from hawkmoth_tui.engine.escalating import Escalating
    from hawkmoth_tui.engine.flight import Flight
    from hawkmoth_tui.engine.keeper import Keeper
    from hawkmoth_tui.engine.models import Models

log = logging.getLogger(__name__)

APPROVE = "/approve sends it, `hawkmoth ask --approve` does; /model chooses another"
"""What the user can do about a price that needs a yes."""


@dataclass(slots=True)
class Ending:
    """How the turn ends; filled in while it runs."""

    state: TurnState = TurnState.FAILED
    finish_reason: str | None = None
    error: TurnError | None = None


class TurnEngine:
    """Runs turns, any number at once."""

    def __init__(
        self,
        models: Models,
        keeper: Keeper,
        attempts: Attempts,
        escalating: Escalating,
        baseline: Callable[[], Model | None],
        clock_ms: Callable[[], int],
    ) -> None:
        self._escalating = escalating
        self._models = models
        self._keeper = keeper
        self._attempts = attempts
        self._baseline = baseline
        self._clock_ms = clock_ms

    async def run(
        self, flight: Flight, choose: Callable[[], Decision], terms: Terms
    ) -> AsyncGenerator[TurnEvent, None]:
        """All events of the turn, each already folded into `flight.turn`. The ending is stored before it is yielded.

        Closed or cancelled from outside, the turn is stored as cancelled with what has arrived.
        """
        ending = Ending()
        try:
            await self._keeper.start_turn(flight.turn)
            yield flight.fold(TurnStarted(flight.turn))
            async with aclosing(self._answer(flight, choose, terms, ending)) as events:
                async for event in events:
                    yield flight.fold(event)
                    if isinstance(event, RouteChosen | AttemptStarted | Escalated | AttemptEnded):
                        await self._keeper.save_turn(flight.turn)
        except (asyncio.CancelledError, GeneratorExit):
            await asyncio.shield(self._close(flight, Ending(TurnState.CANCELLED)))
            raise
        except HawkmothError as error:
            ending.error = as_data(error)
            ending.state = TurnState.BLOCKED if isinstance(error, NoRoute) else TurnState.FAILED
        except Exception as error:
            log.exception("a turn failed unexpectedly")
            ending.error = bug(error)
            ending.state = TurnState.INTERRUPTED if flight.turn.answer else TurnState.FAILED
        yield await self._close(flight, ending)

    async def _close(self, flight: Flight, ending: Ending) -> TurnEvent:
        """Store the turn in its final state; the event that tells so."""
        baseline = self._baseline()
        turn = flight.turn
        usage = self._attempts.savings.of_turn(turn)
        ended = flight.fold(
            TurnEnded(
                ending.state,
                self._clock_ms(),
                ending.finish_reason,
                ending.error,
                str(baseline.ref) if baseline else "",
                list_price_pico(usage, baseline.prices) if baseline else None,
            )
        )
        await self._keeper.finish_turn(flight.turn)
        return ended

    async def _answer(
        self,
        flight: Flight,
        choose: Callable[[], Decision],
        terms: Terms,
        ending: Ending,
    ) -> AsyncGenerator[TurnEvent, None]:
        decision = choose()
        route = decision.route
        yield RouteChosen(route)
        if decision.needs_yes:
            raise NeedsApproval(decision.notice, APPROVE)
        if decision.notice:
            yield Notice(decision.notice)
        if decision.reply:
            yield TextDelta(decision.reply)
            ending.state, ending.finish_reason = TurnState.DONE, "stop"
            return
        if route.chosen is None:
            vetoes = sorted((c for c in route.candidates if c.veto), key=_is_unpinned)
            is_over = any(c.veto.rule == BUDGET for c in vetoes if c.veto)
            offer = self._cheaper(decision) if is_over else ""
            reasons = [f"{c.model}: {c.veto.reason}" for c in vetoes if c.veto]
            raise no_route([decision.notice, *reasons] if decision.notice else reasons, offer)
        refusals: list[str] = []
        last: Ended | None = None
        ways = (route.chosen, *route.fallbacks)
        for place, ref in enumerate(ways):
            model, following = self._models.find(ref), ways[place + 1 :]
            retries = retries_left(flight.turn.attempts, ref, following, terms.max_retries)
            if model is None or retries is None:
                continue
            if last is not None:
                yield RouteChosen(replace(route, chosen=ref, reason=f"{flight.turn.attempts[-1].model} {_went(last)}"))
            last, own = Ended(), replace(terms, max_retries=retries)
            async with aclosing(self._attempts.run(flight, model, own, last, self._next(following, own))) as events:
                async for event in events:
                    yield event
            retry_after_s = last.error.retry_after_s if isinstance(last.error, ProviderError) else None
            self._models.observe(flight.turn.attempts[-1], retry_after_s)
            if last.outcome is Outcome.SKIPPED and last.error is not None:
                refusals.append(last.error.message)
                continue
            if not self._may_move_on(last, flight, terms):
                break
        if last is not None and last.outcome is Outcome.OK:
            async with aclosing(self._escalating.run(flight, route, terms, last)) as events:
                async for event in events:
                    yield event
        offer = self._cheaper(decision) if refusals else ""
        _decide(ending, last, [offer, *refusals] if offer else refusals, flight.turn)

    def _cheaper(self, decision: Decision) -> str:
        """What could be taken in place of a pinned model, in words."""
        return cheaper_text(decision.route, decision.unpinned and decision.unpinned(), self._is_model)

    def _next(self, ways: tuple[ModelRef, ...], terms: Terms) -> ModelRef | None:
        """Who takes the turn if this candidate does not. None: nobody."""
        return None if terms.is_pinned else next((ref for ref in ways if self._models.find(ref)), None)

    def _is_model(self, ref: ModelRef) -> bool:
        model = self._models.find(ref)
        return model is not None and not model.is_facts

    def _may_move_on(self, last: Ended, flight: Flight, terms: Terms) -> bool:
        is_out_of_time = asyncio.get_running_loop().time() >= flight.deadline
        return last.outcome is Outcome.FAILED and not terms.is_pinned and not flight.is_stopped and not is_out_of_time


def _is_unpinned(candidate: Candidate) -> bool:
    """Whether the candidate is out only because another one was asked for: that says the least."""
    return candidate.veto is not None and candidate.veto.rule == PINNED


def _went(last: Ended) -> str:
    """The reason for moving on, in few words."""
    if isinstance(last.error, NoRoute):
        return "is over the budget"
    words = {"Unreachable": "is unreachable", "RateLimited": "is rate limited", "Overloaded": "is overloaded"}
    way = "you switched" if last.is_passed_over else "next best"
    return f"{words.get(type(last.error).__name__, 'failed')}, {way}"


def _decide(ending: Ending, last: Ended | None, refusals: list[str], turn: Turn) -> None:
    """The turn's state from its last attempt."""
    if last is None:
        raise NoRoute("no model may take this turn", "see `hawkmoth models`")
    ending.finish_reason = last.finish_reason
    match last.outcome:
        case Outcome.OK:
            ending.state = TurnState.DONE
        case Outcome.CANCELLED:
            ending.state = TurnState.CANCELLED
        case Outcome.INTERRUPTED:
            ending.state = TurnState.INTERRUPTED
        case Outcome.FAILED:
            ending.state = TurnState.FAILED
        case Outcome.SKIPPED:
            failed = [attempt for attempt in turn.attempts if attempt.outcome is Outcome.FAILED]
            if not failed:
                raise NoRoute("the budget allows no model", "; ".join(refusals[:3]))
            ending.state, ending.error = TurnState.FAILED, failed[-1].error
            return
    if last.error is not None and ending.state is not TurnState.CANCELLED:
        ending.error = as_data(last.error, turn.attempts[-1].model.provider)
    elif ending.state not in (TurnState.DONE, TurnState.CANCELLED):
        ending.error = as_data(Unreachable("the request failed"))
