"""Requests of Hawkmoth's own beside the turns: to the cheapest model that may read the session, held against the budget, and booked with
their cause.

No turn is stored for them, and nothing of them is ever taken for the user's words.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import NoRoute, ProviderError, Unreachable, UserError
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.session import Generation
from hawkmoth_tui.core.turn import Outcome, Turn, TurnKind
from hawkmoth_tui.engine.attempt import Terms
from hawkmoth_tui.engine.budget import turn_limit_pico
from hawkmoth_tui.engine.flight import Flight
from hawkmoth_tui.engine.hearing import Ended
from hawkmoth_tui.routing.costs import most_pico
from hawkmoth_tui.routing.policy import policy
from hawkmoth_tui.routing.rules import forbids
from hawkmoth_tui.routing.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.core.ids import IdSource
    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.engine.attempt import Attempts
    from hawkmoth_tui.engine.clocks import Clocks
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.settings.schema import Settings
    from hawkmoth_tui.store.rows import Cause

LONGEST_S = 120.0
"""How long one may take over all its tries."""
FRAME_TOKENS = 64
"""What the messages of a request add to their text."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be asked, and of whom."""

    cause: Cause
    """What it is booked under."""
    session_id: str
    """The session that it is about, and that its cost counts for."""
    system: str
    text: str
    most_output_tokens: int
    stays_here: bool
    """Whether only models on this machine may read it."""

    @property
    def input_tokens(self) -> int:
        """An estimate."""
        return estimate(self.system) + estimate(self.text) + FRAME_TOKENS


@dataclass(frozen=True, slots=True)
class Offer:
    """Who would do an errand, and the most that it can cost there."""

    model: Model
    most_pico: int


@dataclass(frozen=True, slots=True)
class Done:
    """What an errand has brought."""

    text: str
    model: ModelRef
    cost_pico: int | None
    """None: unknown."""


class Errands:
    """Finds out who may do an errand, and has it done."""

    def __init__(self, models: Models, attempts: Attempts, settings: Settings, ids: IdSource, clocks: Clocks) -> None:
        self._models = models
        self._attempts = attempts
        self._settings = settings
        self._ids = ids
        self._clocks = clocks
        self._running: set[asyncio.Task[Done]] = set()

    async def offer(self, errand: Errand) -> Offer:
        """The cheapest model that may do it now; of equally cheap ones the best. Raises NoRoute."""
        await self._models.access.look_for_keys()
        if errand.stays_here and not any(model.is_local for model in self._proper()):
            await self._models.refresh_local()
        await self._models.complete_prices(model.ref for model in self._proper())
        offers = [
            Offer(model, most)
            for model in self._proper()
            if self._may_read(model, errand) and (most := self._most(model, errand)) is not None
        ]
        if not offers:
            where = "on this machine " if errand.stays_here else ""
            raise NoRoute(f"no model {where}of known price may be asked now", "see `hawkmoth models`")
        return min(offers, key=lambda each: (each.most_pico, -(each.model.quality or 0.0), each.model.ref))

    async def run(self, errand: Errand, offer: Offer) -> Done:
        """Have it done; the cost is booked however it ends. Raises HawkmothError."""
        task = asyncio.create_task(self._ask(errand, offer.model))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await task

    async def aclose(self) -> None:
        """End what is running; what it has cost so far is booked."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _ask(self, errand: Errand, model: Model) -> Done:
        prompt = user(errand.text)
        turn = Turn(self._ids.next(), errand.session_id, None, TurnKind.PROMPT, prompt, self._clocks.now_ms())
        flight, ended = Flight(turn, LONGEST_S, errand.cause), Ended()
        async with aclosing(self._attempts.run(flight, model, self._terms(errand), ended)) as events:
            async for event in events:
                flight.fold(event)
        retry_after_s = ended.error.retry_after_s if isinstance(ended.error, ProviderError) else None
        self._models.observe(flight.turn.attempts[-1], retry_after_s)
        if ended.outcome is not Outcome.OK or ended.error is not None:
            raise ended.error or Unreachable("the request failed")
        return Done(flight.turn.text, model.ref, flight.turn.cost_pico)

    def _terms(self, errand: Errand) -> Terms:
        budget = self._settings.budget
        return Terms(
            generation=Generation(errand.system, max_output_tokens=errand.most_output_tokens),
            budget=budget,
            turn_limit_pico=turn_limit_pico(budget, None),
            max_retries=self._settings.retries.max,
            is_pinned=True,
        )

    def _proper(self) -> tuple[Model, ...]:
        """The usable models that read and write, without Hawkmoth's own answers and made up ones."""
        return tuple(model for model in self._models.usable() if not model.is_facts and not model.is_simulated)

    def _may_read(self, model: Model, errand: Errand) -> bool:
        routing = self._settings.routing
        room = model.context_tokens
        return (
            not forbids(model.ref, routing.allow, routing.deny)
            and (model.is_local or not errand.stays_here)
            and not self._models.health_of(model.ref).cooling_s(self._clocks.monotonic())
            and (room is None or room >= errand.input_tokens + errand.most_output_tokens)
        )

    @staticmethod
    def _most(model: Model, errand: Errand) -> int | None:
        return most_pico(model, errand.input_tokens, errand.most_output_tokens)


def must_stay(session: Session, turns: Iterable[Turn], models: Models, settings: Settings) -> bool:
    """Whether nothing of the session may leave this machine: by its policy, by what it is pinned to, or because a part of it had to stay.

    A turn that had to stay shows it by its route: the private policy, or the veto of a model elsewhere.
    """
    default = settings.routing.default
    pin = session.model or (models.resolve(default) if default != "auto" else None)
    pinned = models.find(pin) if pin else None
    if (pinned is not None and pinned.is_local) or _is_private(session.policy or settings.routing.policy):
        return True
    return any(_had_to_stay(turn) for turn in turns)


def _had_to_stay(turn: Turn) -> bool:
    route = turn.route
    if route is None:
        return False
    return _is_private(route.policy) or any(each.veto and each.veto.rule == "privacy" for each in route.candidates)


def _is_private(name: str) -> bool:
    """A policy that is not known any more is taken for an open one: what had to stay under it shows in the vetoes."""
    try:
        return policy(name).is_private
    except UserError:
        return False
