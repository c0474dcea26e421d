"""From a session and a prompt to a decision: gathers what the router needs and asks it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Image
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.engine.approval import approved
from hawkmoth_tui.engine.context import is_spoken
from hawkmoth_tui.routing.features import Circumstances, extract
from hawkmoth_tui.routing.live_data import needs_live_data
from hawkmoth_tui.routing.policy import policy
from hawkmoth_tui.routing.router import Contender, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from hawkmoth_tui.core.messages import Message
    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.approval import Decision
    from hawkmoth_tui.engine.attempt import Terms
    from hawkmoth_tui.engine.clocks import Clocks
    from hawkmoth_tui.engine.costs import Costs
    from hawkmoth_tui.engine.learning import Learning
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.engine.past import Past
    from hawkmoth_tui.engine.tokens import Tokens
    from hawkmoth_tui.settings.schema import Settings

NO_WEB = "this asks for live data, and no usable model is known to have web access: the answer may be out of date"
WARM_CACHE_MS = 5 * 60 * 1000
"""How long a provider's prompt cache is taken to stay warm (Anthropic's default lifetime)."""


def history_tokens(
    past: Iterable[Turn], tokens: Callable[[Turn], int], plain: Callable[[ModelRef, int], int] = lambda _, count: count
) -> int:
    """Estimated tokens of the branch: what the last request to a model was reported to hold, and the turns after it. `plain` turns the
    tokens of a model into those that `tokens` counts."""
    total = 0
    for turn in past:
        usage = turn.attempts[-1].usage if turn.attempts else None
        if turn.state is TurnState.DONE and usage is not None and usage.total_tokens:
            return total + plain(turn.attempts[-1].model, usage.total_tokens)
        if is_spoken(turn):
            total += tokens(turn)
    return total


def incumbent(past: Iterable[Turn], now_ms: int) -> tuple[ModelRef | None, int]:
    """The model that answered last, and how many tokens of the context, by its own count, it probably still has cached."""
    for turn in past:
        if turn.state is TurnState.DONE and turn.attempts:
            usage = turn.attempts[-1].usage
            is_warm = now_ms - (turn.ended_at_ms or 0) < WARM_CACHE_MS
            return turn.model, usage.total_tokens if usage and is_warm else 0
    return None, 0


def also_cached(past: Iterable[Turn], now_ms: int) -> dict[ModelRef, int]:
    """By model, how many tokens of the context, by its own count, it probably still has cached."""
    held: dict[ModelRef, int] = {}
    for turn in past:
        if now_ms - (turn.ended_at_ms or now_ms) >= WARM_CACHE_MS:
            break
        usage = turn.attempts[-1].usage if turn.attempts else None
        if turn.state is TurnState.DONE and turn.model is not None and usage is not None:
            held.setdefault(turn.model, usage.total_tokens)
    return held


class Planner:
    """Asks the router."""

    def __init__(
        self,
        settings: Settings,
        models: Models,
        past: Past,
        tokens: Tokens,
        clocks: Clocks,
        costs: Costs,
        learning: Learning,
    ) -> None:
        self._settings = settings
        self._costs = costs
        self._models = models
        self._past = past
        self._tokens = tokens
        self._clocks = clocks
        self._learning = learning

    def choose(
        self,
        prompt: Message,
        head_id: str | None,
        session: Session | None,
        options: TurnOptions,
        pin: ModelRef | None,
        terms: Terms,
        left_pico: int | None,
        unread_tokens: int = 0,
    ) -> Decision:
        """The decision for this prompt now. Pure but for the clocks; `head_id` is the turn that it follows, `unread_tokens` are those of
        a part that was left out of the prompt because nobody reads it to decide."""
        routing = self._settings.routing
        now_ms = self._clocks.now_ms()
        warm, cached = incumbent(self._by_models(head_id), now_ms)
        held = also_cached(self._by_models(head_id), now_ms)
        required = self._tokens.plain((prompt,), terms.generation.system) + unread_tokens

        def plain(ref: ModelRef, count: int) -> int:
            return self._tokens.yardstick(ref, prompt.text).plain(count)

        about = Circumstances(
            prompt_tokens=required + history_tokens(self._past.branch(head_id), self._past.tokens, plain),
            required_tokens=required,
            has_images=any(isinstance(part, Image) for part in prompt.parts),
            incumbent=warm,
            cached_tokens=plain(warm, cached) if warm else 0,
            also_cached=tuple((ref, plain(ref, count)) for ref, count in held.items() if ref != warm),
            pinned=pin,
            is_going_on=options.kind is TurnKind.CONTINUE and options.model is None and pin is not None,
            output_limit_tokens=terms.generation.max_output_tokens,
            budget_left_pico=left_pico,
            allow=routing.allow,
            deny=routing.deny,
            among=options.among,
            preferences=routing.prefer,
        )
        name = options.policy or (session.policy if session else None) or routing.policy
        room = self._costs.rooms(terms.budget)
        contenders = tuple(
            Contender(
                model,
                self._models.health_of(model.ref),
                self._models.key_problem(model.ref),
                self._tokens.yardstick(model.ref, prompt.text).factor,
                room(model),
            )
            for model in self._contenders(pin)
        )
        records = self._learning.expectations([each.model for each in contenders if not each.model.is_facts])
        features = extract(prompt.text, about, records)
        wants_web = pin is None and features.intent is None and needs_live_data(prompt.text)
        if wants_web and any(Capability.WEB in each.model.capabilities for each in contenders):
            features, wants_web = replace(features, needs=features.needs | {Capability.WEB}), False
        if records is None:
            features = replace(features, note=f"{self._learning.problem}: the rules decide alone")

        def route(pinned: ModelRef | None) -> Route:
            asked = replace(features, pinned=pinned, is_going_on=features.is_going_on and pinned is not None)
            return decide(asked, contenders, options.trial or policy(name), self._clocks.monotonic)

        above_usd = None if options.approves_switch else routing.approve_above_usd
        is_asked = options.is_asked
        decision = approved(route(pin), warm, above_usd, about.cached_tokens, is_asked=is_asked)
        if wants_web and not decision.notice:
            decision = replace(decision, notice=NO_WEB)
        return replace(decision, unpinned=partial(route, None)) if pin else decision

    def _by_models(self, head_id: str | None) -> Iterator[Turn]:
        """The branch without what Hawkmoth answered itself, newest first."""
        return (turn for turn in self._past.branch(head_id) if not self._is_own_answer(turn))

    def _is_own_answer(self, turn: Turn) -> bool:
        """Whether Hawkmoth answered itself, so that no model has seen the turn."""
        model = self._models.find(turn.model) if turn.model else None
        return model is not None and model.is_facts

    def _contenders(self, pin: ModelRef | None) -> tuple[Model, ...]:
        """All usable models, and the pinned one also when it cannot be used."""
        usable = self._models.usable()
        if pin is None or any(model.ref == pin for model in usable):
            return usable
        pinned = self._models.find(pin)
        return (*usable, pinned) if pinned else usable
