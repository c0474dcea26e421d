"""One candidate's try at a turn: reserve, send, receive, settle. Retries happen here, before the first visible token only."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import BadResponse, HawkmothError, NoRoute, ProviderError, StreamBroken, Unreachable
from hawkmoth_tui.core.events import (
    AttemptEnded,
    AttemptStarted,
    Notice,
    TextDelta,
    ThinkingDelta,
    ToolCallReceived,
)
from hawkmoth_tui.core.exchange import ModelRequest
from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.core.money import cost_pico, list_price_pico
from hawkmoth_tui.core.turn import Attempt, Outcome
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.allowance import Allowance
from hawkmoth_tui.engine.budget import is_limited, limits_now, limits_of, refusal_text
from hawkmoth_tui.engine.context import assemble
from hawkmoth_tui.engine.failures import as_data, bug
from hawkmoth_tui.engine.hearing import Ended, Heard
from hawkmoth_tui.engine.inbox import Inbox
from hawkmoth_tui.engine.metrics import measured
from hawkmoth_tui.engine.savings import at_baseline
from hawkmoth_tui.routing.costs import most_pico, output_limit
from hawkmoth_tui.routing.tokens import estimate
from hawkmoth_tui.settings.schema import Protocol
from hawkmoth_tui.store.rows import LedgerRow, Reservation

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.exchange import Chunk
    from hawkmoth_tui.core.ids import IdSource
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.session import Generation
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.context import Context
    from hawkmoth_tui.engine.flight import Flight
    from hawkmoth_tui.engine.keeper import Keeper
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.past import Past
    from hawkmoth_tui.engine.tokens import Tokens, Yardstick
    from hawkmoth_tui.settings.schema import BudgetSettings

LONGEST_WAIT_S = 30.0
"""A server that asks to wait longer is told about, not waited for."""
FIRST_WAIT_S = 0.5
"""Ceiling of the first random wait; it doubles with every retry up to 8 s."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every attempt of one turn."""

    generation: Generation
    budget: BudgetSettings
    turn_limit_pico: int | None
    """Most the turn may cost over all its attempts. None: no limit."""
    max_retries: int
    is_pinned: bool


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
        self._baseline = baseline

    async def run(self, flight: Flight, model: Model, terms: Terms, ended: Ended) -> AsyncGenerator[TurnEvent, None]:
        """Yields the attempt's events; `ended` tells how it went. Raises nothing of its own."""
        room = output_limit(model, terms.generation.max_output_tokens)
        yardstick = self._tokens.yardstick(model.ref, flight.turn.prompt.text)
        context = assemble(
            () if model.is_facts else self._past.branch(flight.turn.parent_id),
            flight.turn.prompt,
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
            return await self._reserve(flight.turn, attempt, model, most, terms)

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
            async with aclosing(self._pace(flight, model, context.tokens)) as waits:
                async for said in waits:
                    yield said
            self._models.conditions.began(attempt.id, model.ref, context.tokens)
            guard = Allowance(hold, room) if _is_open_ended(model, terms) else None
            async with aclosing(self._tries(flight, request, model, terms, ended, guard)) as events:
                async for event in events:
                    yield event
        except BaseException as cause:
            cut = self._cut(flight, attempt, model, context.tokens, ended, cause)
            await asyncio.shield(self._settle(flight, cut, model, terms) if cut else self._keeper.release(attempt.id))
            if cut and isinstance(cause, Exception):
                yield AttemptEnded(cut)
            raise
        finally:
            self._models.conditions.ended(attempt.id)
            if ended.quota is not None:
                self._models.conditions.told(model.ref, ended.quota)
        closed = self._closed(flight, model, context.tokens, ended)
        await self._settle(flight, closed, model, terms)
        yield AttemptEnded(closed)
        if not model.is_facts and _can_teach(closed, request):
            await self._tokens.learn(yardstick, context.tokens, closed.usage.input_tokens if closed.usage else 0)

    async def _pace(self, flight: Flight, model: Model, tokens: int) -> AsyncGenerator[TurnEvent, None]:
        """Wait until the server will take the request, when it has said that it would refuse it now."""
        wait_s = self._models.conditions.wait_s(model.ref, tokens)
        if wait_s > 0:
            yield Notice(f"{model.ref} takes the next request in {wait_s:.0f} s; waiting so that it is not refused")
            with suppress(TimeoutError):
                await flight.pause(wait_s)

    async def _tries(
        self, flight: Flight, request: ModelRequest, model: Model, terms: Terms, ended: Ended, guard: Allowance | None
    ) -> AsyncGenerator[TurnEvent, None]:
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
                _check_answer(flight.turn, ended)
                return
            except TimeoutError:
                ended.error = _too_late(flight.timeout_s, flight.turn.answer != answer_before)
            except HawkmothError as error:
                ended.error = error
            has_arrived = flight.turn.answer != answer_before
            if _was_refused(ended.error):
                ended.is_billable = was_billable
            ended.outcome = Outcome.INTERRUPTED if has_arrived else Outcome.FAILED
            wait_s = None if has_arrived else retry_wait_s(ended.error, ended.retries, terms.max_retries, self._random)
            if wait_s is None or flight.is_stopped:
                return
            ended.retries += 1
            count = f"{ended.retries} of {terms.max_retries}"
            yield Notice(f"{ended.error.message}; trying {model.ref} again in {wait_s:.1f} s ({count})")
            try:
                was_stopped = await flight.pause(wait_s)
            except TimeoutError:
                return
            if was_stopped:
                ended.outcome, ended.error = Outcome.CANCELLED, None
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
            if isinstance(chunk, TextDelta | ThinkingDelta | ToolCallReceived):
                self._keeper.journal(turn_id, chunk)

        reader = asyncio.create_task(inbox.fill(provider.stream(request), arrived))
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

    async def _reserve(self, turn: Turn, attempt: Attempt, model: Model, most: int | None, terms: Terms) -> str:
        """Hold the most that the attempt can cost. Why the budget refuses; empty when the amount stands reserved."""
        if most == 0 or not is_limited(terms.budget, terms.turn_limit_pico, model):
            return ""
        if most is None:
            return (
                f"{attempt.model} has no known price and a budget limit applies; "
                "set its input_usd_per_mtok and output_usd_per_mtok"
            )
        now_ms = self._clock_ms()
        limits = (
            *limits_now(terms.budget, turn.session_id, now_ms, turn.id, terms.turn_limit_pico),
            *limits_of(terms.budget, model, now_ms),
        )
        reservation = Reservation(attempt.id, most, turn.session_id, turn.id, model.ref.provider, model.lane)
        refusal = await self._keeper.reserve(reservation, limits)
        return f"{attempt.model}: {refusal_text(refusal, most)}" if refusal else ""

    def _closed(self, flight: Flight, model: Model, input_tokens: int, ended: Ended) -> Attempt:
        """The attempt with its outcome, its usage (ours where the provider gave none) and its cost."""
        attempt = flight.turn.attempts[-1]
        error = (
            as_data(ended.error, model.ref.provider) if ended.error and ended.outcome is not Outcome.CANCELLED else None
        )
        yardstick = self._tokens.yardstick(model.ref, flight.turn.text)
        usage = _usage(attempt, flight.turn, input_tokens, ended, yardstick)
        return replace(
            attempt,
            outcome=ended.outcome,
            error=error,
            retries=ended.retries,
            duration_ms=max(0, self._clock_ms() - attempt.started_at_ms),
            usage=usage,
            cost_pico=cost_pico(usage, model.prices) if usage else 0,
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

    async def _settle(self, flight: Flight, attempt: Attempt, model: Model, terms: Terms) -> None:
        usage = attempt.usage or Usage()
        baseline = self._baseline()
        prices = model.prices
        await self._keeper.settle(
            attempt.id,
            LedgerRow(
                attempt_id=attempt.id,
                at_ms=self._clock_ms(),
                session_id=flight.turn.session_id,
                turn_id=flight.turn.id,
                model=attempt.model,
                lane=model.lane,
                usage=usage,
                prices=prices,
                amount_pico=attempt.cost_pico,
                list_pico=list_price_pico(usage, prices),
                baseline=str(baseline.ref) if baseline else "",
                baseline_pico=list_price_pico(at_baseline(attempt, flight.turn, model), baseline.prices)
                if baseline
                else None,
                measured=measured(flight.turn, attempt),
            ),
        )


def _is_open_ended(model: Model, terms: Terms) -> bool:
    """Whether nobody but the budget says how long the answer may get."""
    has_limit = terms.generation.max_output_tokens is not None or model.max_output_tokens is not None
    return is_limited(terms.budget, terms.turn_limit_pico, model) and not has_limit


async def _put_down(reader: asyncio.Task[None]) -> None:
    """Let it read no further. Until then what arrives is stored, and would be missing from the screen."""
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)


def retry_wait_s(error: HawkmothError, retries: int, limit: int, random: Callable[[], float]) -> float | None:
    """Seconds to wait before the same candidate is asked again: full jitter, or what the server asks. None: do not."""
    if not isinstance(error, ProviderError) or not error.is_retryable or retries >= limit:
        return None
    if error.retry_after_s is not None:
        return error.retry_after_s if error.retry_after_s <= LONGEST_WAIT_S else None
    ceiling_s: float = min(8.0, FIRST_WAIT_S * 2**retries)
    return random() * ceiling_s


def _too_late(timeout_s: float, has_arrived: bool) -> ProviderError:
    """The deadline over all attempts has passed."""
    hint = "raise [timeouts] total_s"
    if has_arrived:
        return StreamBroken(f"the answer was not complete within {timeout_s:g} s", hint)
    return Unreachable(f"no complete answer within {timeout_s:g} s", hint)


def _was_refused(error: HawkmothError) -> bool:
    """Whether the request ended before the server took it up, so that it bills nothing."""
    return isinstance(error, Unreachable) or (isinstance(error, ProviderError) and error.status is not None)


def _check_answer(turn: Turn, ended: Ended) -> None:
    """Raises BadResponse when the server calls an answer finished that holds nothing."""
    if ended.outcome is not Outcome.OK or turn.text.strip() or turn.tool_calls:
        return
    if ended.finish_reason == "length" and turn.reasoning:
        raise BadResponse("the whole output limit went into reasoning", "raise max_output_tokens or lower the effort")
    if ended.finish_reason == "content_filter":
        raise BadResponse(
            "the provider's filter stopped the answer before its first word",
            "say it differently, or retry with another model",
        )
    raise BadResponse("the answer is empty", "retry it or choose another model")


def _can_teach(closed: Attempt, request: ModelRequest) -> bool:
    """Whether the provider counted a whole request of text: pictures are counted by each vendor in its own way."""
    is_reported = closed.outcome is Outcome.OK and closed.usage is not None and not closed.usage.estimated
    return is_reported and not any(isinstance(part, Image) for message in request.messages for part in message.parts)


def _usage(attempt: Attempt, turn: Turn, input_tokens: int, ended: Ended, yardstick: Yardstick) -> Usage | None:
    """What the provider reported; for a whole answer without a report and for a cut one, our estimate."""
    reported = attempt.usage
    if reported is not None and ended.finish_reason is not None and not reported.estimated:
        return reported
    if not turn.answer and reported is None:
        return Usage(input_tokens, 0, estimated=True) if ended.is_billable else None
    reasoning = yardstick.tokens(estimate(turn.reasoning))
    written = yardstick.tokens(estimate(turn.text)) + reasoning
    if reported is None:
        return Usage(input_tokens, written, reasoning_tokens=reasoning, estimated=True)
    return replace(reported, output_tokens=max(reported.output_tokens, written), estimated=True)
