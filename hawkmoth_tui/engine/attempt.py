"""One candidate's try at a turn: reserve, send, receive, settle. Retries happen here, before the first visible token only."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, NoRoute, RateLimited, StreamBroken
from hawkmoth_tui.core.events import (
    AttemptEnded,
    AttemptStarted,
    Notice,
    TextDelta,
    ThinkingDelta,
    ToolCallReceived,
)
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.money import cost_pico
from hawkmoth_tui.core.turn import Attempt, Outcome
from hawkmoth_tui.engine.allowance import Allowance
from hawkmoth_tui.engine.books import Books, is_open_ended
from hawkmoth_tui.engine.context import assemble
from hawkmoth_tui.engine.failures import as_data, bug
from hawkmoth_tui.engine.flight import Woken
from hawkmoth_tui.engine.hearing import Ended, Heard
from hawkmoth_tui.engine.inbox import Inbox
from hawkmoth_tui.engine.pondering import timed
from hawkmoth_tui.engine.savings import Savings
from hawkmoth_tui.engine.verdicts import can_teach, check_answer, retry_wait_s, too_late, usage_of, was_refused
from hawkmoth_tui.engine.waiting import Pause, why
from hawkmoth_tui.routing.costs import most_pico, output_limit
from hawkmoth_tui.settings.schema import Protocol
from hawkmoth_tui.store.rows import Cause

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.exchange import Chunk
    from hawkmoth_tui.core.ids import IdSource
    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.session import Generation
    from hawkmoth_tui.engine.context import Context
    from hawkmoth_tui.engine.flight import Flight
    from hawkmoth_tui.engine.keeper import Keeper
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.past import Past
    from hawkmoth_tui.engine.tokens import Tokens
    from hawkmoth_tui.settings.schema import BudgetSettings


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every attempt of one turn."""

    generation: Generation
    budget: BudgetSettings
    turn_limit_pico: int | None
    """Most the turn may cost over all its attempts. None: no limit."""
    max_retries: int
    is_pinned: bool
    is_lifted: bool = False
    """Whether `budget` holds no limits because the user lifted them for this turn."""


class Attempts:
    """Runs attempts; joins the providers, the ledger and the health of the models."""

    def __init__(
        self,
        models: Models,
        keeper: Keeper,
        past: Past,
        tokens: Tokens,
        ids: IdSource,
        clock_ms: Callable[[], int],
        random: Callable[[], float],
        baseline: Callable[[], Model | None],
    ) -> None:
        self._models = models
        self._keeper = keeper
        self._past = past
        self._tokens = tokens
        self._ids = ids
        self._clock_ms = clock_ms
        self._random = random
        self.savings = Savings(past, models.find)
        self._books = Books(keeper, clock_ms, baseline, self.savings)

    async def run(
        self, flight: Flight, model: Model, terms: Terms, ended: Ended, then: ModelRef | None = None
    ) -> AsyncGenerator[TurnEvent, None]:
        """Yields the attempt's events; `ended` tells how it went. Raises nothing of its own.

        `then` is who takes the turn when the user does not want to wait for this model. None: nobody can.
        """
        room = output_limit(model, terms.generation.max_output_tokens)
        yardstick = self._tokens.yardstick(model.ref, flight.turn.prompt.text)
        context = assemble(
            () if model.is_facts else self._past.branch(flight.turn.parent_id),
            flight.turn.said,
            model,
            self._models.protocol(model.ref),
            system=terms.generation.system,
            room_tokens=room,
            count=lambda messages: yardstick.tokens(self._tokens.plain(messages)),
            tokens=lambda turn: yardstick.tokens(self._past.tokens(turn)),
        )
        attempt = Attempt(self._ids.next(), model.ref, self._clock_ms())
        request = self._request(model, context, terms)

        async def hold(room_tokens: int) -> str:
            most = most_pico(model, context.tokens, room_tokens)
            return await self._books.reserve(flight.turn, attempt, model, most, terms)

        try:
            refusal = await hold(room)
            if refusal:
                ended.error = NoRoute(refusal, "raise the limit in [budget] or choose a cheaper model")
                error = as_data(ended.error)
                yield AttemptStarted(replace(attempt, outcome=Outcome.SKIPPED, error=error, cost_pico=0, duration_ms=0))
                return
            for notice in context.notices:
                if notice not in flight.turn.notices:
                    yield Notice(notice)
            yield AttemptStarted(attempt)
            async with aclosing(self._pace(flight, model, context.tokens, then, ended)) as waits:
                async for said in waits:
                    yield said
            if not ended.is_passed_over:
                self._models.conditions.began(attempt.id, model.ref, context.tokens)
                guard = Allowance(hold, room) if is_open_ended(model, terms) else None
                tries = self._tries(flight, request, model, terms, ended, guard, lambda: hold(room), then)
                async with aclosing(tries) as events:
                    async for event in events:
                        yield event
        except BaseException as cause:
            cut = self._cut(flight, attempt, model, context.tokens, ended, cause)
            await asyncio.shield(
                self._books.settle(flight.turn, cut, model, flight.cause) if cut else self._books.release(attempt.id)
            )
            if cut and isinstance(cause, Exception):
                yield AttemptEnded(cut)
            raise
        finally:
            self._models.conditions.ended(attempt.id)
            if ended.quota is not None:
                self._models.conditions.told(model.ref, ended.quota)
        closed = self._closed(flight, model, context.tokens, ended)
        if closed.outcome is Outcome.SKIPPED:
            await self._books.release(attempt.id)
        else:
            await self._books.settle(flight.turn, closed, model, flight.cause)
        yield AttemptEnded(closed)
        if not model.is_facts and can_teach(closed, request):
            await self._tokens.learn(yardstick, context.tokens, closed.usage.input_tokens if closed.usage else 0)

    async def _pace(
        self, flight: Flight, model: Model, tokens: int, then: ModelRef | None, ended: Ended
    ) -> AsyncGenerator[TurnEvent, None]:
        """Wait until the server will take the request, when it has said that it would refuse it now."""
        wait_s = self._models.conditions.wait_s(model.ref, tokens)
        if wait_s <= 0:
            return
        told = f"{model.ref} takes the next request in {max(wait_s, 0.1):.1f} s"
        yield Notice(f"{told}; waiting so that it is not refused")
        pause = Pause(flight, "rate limit used up", wait_s, then)
        async with aclosing(pause.events()) as waits:
            async for event in waits:
                yield event
        if pause.woken is Woken.SWITCHED:
            ended.is_passed_over, ended.error = True, RateLimited(told)

    async def _tries(
        self,
        flight: Flight,
        request: ModelRequest,
        model: Model,
        terms: Terms,
        ended: Ended,
        guard: Allowance | None,
        hold: Callable[[], Awaitable[str]],
        then: ModelRef | None,
    ) -> AsyncGenerator[TurnEvent, None]:
        """`hold` looks again whether the budget allows the request: others may have spent while this one waited."""
        if flight.is_stopped:
            ended.outcome = Outcome.CANCELLED
            return
        while True:
            answer_before, was_billable = flight.turn.answer, ended.is_billable
            ended.error = ended.finish_reason = None
            try:
                async with aclosing(self._receive(flight, request, model, ended, guard)) as events:
                    async for event in events:
                        yield event
                check_answer(flight.turn, ended)
                return
            except TimeoutError:
                ended.error = too_late(flight.timeout_s, flight.turn.answer != answer_before)
            except HawkmothError as error:
                ended.error = error
            has_arrived = flight.turn.answer != answer_before
            if was_refused(ended.error):
                ended.is_billable = was_billable
            ended.outcome = Outcome.INTERRUPTED if has_arrived else Outcome.FAILED
            wait_s = None if has_arrived else retry_wait_s(ended.error, ended.retries, terms.max_retries, self._random)
            if wait_s is None or flight.is_stopped:
                return
            count = f"{ended.retries + 1} of {terms.max_retries}"
            yield Notice(f"{ended.error.message}; trying {model.ref} again in {wait_s:.1f} s ({count})")
            pause = Pause(flight, why(ended.error), wait_s, then)
            async with aclosing(pause.events()) as waits:
                async for event in waits:
                    yield event
            if pause.woken is Woken.STOPPED:
                ended.outcome, ended.error = Outcome.CANCELLED, None
                return
            if pause.woken in (Woken.TOO_LATE, Woken.SWITCHED):
                ended.is_passed_over = pause.woken is Woken.SWITCHED
                return
            ended.retries += 1
            if refusal := await hold():
                ended.outcome, ended.error = Outcome.FAILED, NoRoute(refusal, "raise the limit in [budget]")
                return

    async def _receive(
        self, flight: Flight, request: ModelRequest, model: Model, ended: Ended, guard: Allowance | None
    ) -> AsyncGenerator[TurnEvent, None]:
        async with asyncio.timeout_at(flight.deadline):
            provider = await self._models.provider(model.ref.provider, flight.turn.session_id)
        inbox = Inbox(flight.wake)
        heard = Heard(flight.turn.attempts[-1].started_at_ms, self._clock_ms, ended)
        turn_id = flight.turn.id

        def arrived(chunk: Chunk) -> None:
            if flight.cause in (Cause.TURN, Cause.ESCALATION) and isinstance(
                chunk, TextDelta | ThinkingDelta | ToolCallReceived
            ):
                self._keeper.journal(turn_id, chunk)

        reader = asyncio.create_task(inbox.fill(timed(provider.stream(request), self._clock_ms), arrived))
        try:
            while inbox.has_more and not flight.is_stopped:
                ended.is_billable = True
                async with asyncio.timeout_at(flight.deadline):
                    has_more = heard.take(await inbox.take())
                while heard.events:
                    yield heard.events.popleft()
                if guard and has_more and ended.finish_reason is None:
                    await guard.check(flight.turn)
            if flight.is_stopped:
                await _put_down(reader)
                heard.take(inbox.rest())
                while heard.events:
                    yield heard.events.popleft()
                ended.outcome = Outcome.CANCELLED
                return
        finally:
            await _put_down(reader)
            heard.take(inbox.rest())
            for event in heard.events:
                flight.fold(event)
        if ended.finish_reason is None:
            raise StreamBroken("the answer ended without a finish mark", "continue or retry it")

    def _request(self, model: Model, context: Context, terms: Terms) -> ModelRequest:
        return ModelRequest(
            model_id=model.ref.id,
            messages=context.messages,
            system=terms.generation.system,
            max_output_tokens=terms.generation.max_output_tokens or self._demanded_limit(model),
            temperature=terms.generation.temperature,
            reasoning_effort=terms.generation.reasoning_effort,
            capabilities=model.capabilities,
            context_tokens=model.context_tokens,
            input_tokens=context.tokens,
        )

    def _demanded_limit(self, model: Model) -> int | None:
        """The model's own output limit where the protocol demands one; elsewhere servers hold a large one against the rate limit."""
        return model.max_output_tokens if self._models.protocol(model.ref) == Protocol.ANTHROPIC_MESSAGES else None

    def _closed(self, flight: Flight, model: Model, input_tokens: int, ended: Ended) -> Attempt:
        """The attempt with its outcome, its usage (ours where the provider gave none) and its cost."""
        attempt = flight.turn.attempts[-1]
        error = (
            as_data(ended.error, model.ref.provider) if ended.error and ended.outcome is not Outcome.CANCELLED else None
        )
        yardstick = self._tokens.yardstick(model.ref, flight.turn.text)
        usage = usage_of(attempt, flight.turn, input_tokens, ended, yardstick)
        return replace(
            attempt,
            outcome=ended.outcome,
            error=error,
            retries=ended.retries,
            duration_ms=max(0, self._clock_ms() - attempt.started_at_ms),
            usage=usage,
            cost_pico=cost_pico(usage, model.prices) if usage else 0,
            reported=ended.reported,
        )

    def _cut(
        self, flight: Flight, attempt: Attempt, model: Model, input_tokens: int, ended: Ended, cause: BaseException
    ) -> Attempt | None:
        """The attempt that a bug or a closed generator ended in the middle, folded. None: it had not begun, or has ended."""
        running = flight.turn.attempt
        if running is None or running.id != attempt.id or running.outcome is not None:
            return None
        if isinstance(cause, Exception):
            ended.outcome = Outcome.INTERRUPTED if flight.turn.answer else Outcome.FAILED
            closed = replace(self._closed(flight, model, input_tokens, ended), error=bug(cause))
        else:
            ended.outcome = Outcome.CANCELLED
            closed = self._closed(flight, model, input_tokens, ended)
        flight.fold(AttemptEnded(closed))
        return closed


async def _put_down(reader: asyncio.Task[None]) -> None:
    """Let it read no further. Until then what arrives is stored, and would be missing from the screen."""
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
