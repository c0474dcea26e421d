"""Models asked for in words: what a prompt asks for, how long it holds, and what it takes back.

What holds longer than a turn stands in the store. A session's own choice until it is idle lies over its pinned model; a choice for every
session lies under it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.models import Capability, ModelRef
from hawkmoth_tui.core.switching import Scope, Wish
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.routing.rules import forbids

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.switching import Asked
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.engine.sessions import Sessions
    from hawkmoth_tui.routing.naming import Names
    from hawkmoth_tui.settings.schema import Settings
    from hawkmoth_tui.store.store import Store

IDLE_MS = 60 * 60 * 1000
"""So long nothing was asked: the session is idle."""
ALWAYS = "always/choice"
"""Where the choice for every session is kept."""

_HOLDS = {
    Scope.TURN: "this turn",
    Scope.SESSION: "this session",
    Scope.IDLE: "until this session is idle",
    Scope.ALWAYS: "every session",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A model or a policy that holds. Neither: the router decides, by the configured policy."""

    model: ModelRef | None
    policy: str | None
    scope: Scope
    """TURN: for the next prompt alone."""

    @property
    def named(self) -> str:
        return str(self.model) if self.model else self.policy or "the router's choice"


class Switching:
    """Hears, keeps and takes back."""

    def __init__(
        self,
        settings: Settings,
        models: Models,
        sessions: Sessions,
        store: Callable[[], Store],
        clock_ms: Callable[[], int],
    ) -> None:
        self._settings = settings
        self._models = models
        self._sessions = sessions
        self._store = store
        self._clock_ms = clock_ms
        self._names: dict[tuple[ModelRef, ...], Names] = {}

    def hear(self, text: str, options: TurnOptions, earlier: Turn | None) -> Asked | None:
        """What the prompt asks for beside an answer. None: nothing, or a model was chosen for this turn in another way."""
        if options.model is not None or options.ignores_words:
            return None
        if options.kind is TurnKind.RETRY:
            again = earlier.asked if earlier else None
            was_sent = earlier is not None and earlier.state is not TurnState.BLOCKED
            return replace(again, scope=Scope.TURN) if again and was_sent else again
        if options.kind is TurnKind.CONTINUE:
            return None
        from hawkmoth_tui.routing.switching import asked

        return asked(text, self._named(self._models.usable())) or asked(text, self._named(self._models.all()))

    def options(self, options: TurnOptions, asked: Asked) -> TurnOptions:
        """The options of a turn with these words: pinned, restricted to several models, or under another policy."""
        options = replace(options, is_asked=True)
        if asked.wish is Wish.REASONING:
            usable = [model for model in self._models.usable() if Capability.REASONING in model.capabilities]
            if not usable:
                raise UserError("no model is known to reason", 'give one capabilities = ["reasoning"]')
            return replace(options, policy="best", among=tuple(model.ref for model in usable), is_unpinned=True)
        if asked.wish is not None:
            policy = options.policy or _POLICIES.get(asked.wish)
            return replace(options, policy=policy, is_unpinned=True)
        return self._named_options(options, asked.models)

    def held(self, session: Session | None) -> Choice:
        """What takes a prompt of this session now, when neither it nor its options ask for anything else."""
        own = self._kept(_scope(session.id)) if session else None
        if own is not None and session is not None and not self._is_over(own, session):
            return own
        if session is not None and session.model is not None:
            return Choice(session.model, session.policy, Scope.SESSION)
        default = self._settings.routing.default
        policy = session.policy if session else None
        always = self._kept(ALWAYS) if default == "auto" else None
        if always is not None:
            return Choice(always.model, policy or always.policy, Scope.ALWAYS)
        return Choice(None if default == "auto" else self._models.resolve(default), policy, Scope.ALWAYS)

    async def apply(self, session: Session, asked: Asked, model: ModelRef | None, policy: str | None) -> None:
        """Let it hold as long as the words say. `model` is what was chosen of what they name."""
        if asked.wish is Wish.STRONGER or (asked.scope is Scope.TURN and asked.question):
            return
        await self._remember(session)
        chosen = Choice(model if asked.wish in (None, Wish.REASONING) else None, policy, asked.scope)
        default = self._settings.routing.default
        match asked.scope:
            case Scope.TURN | Scope.IDLE:
                await self._keep(_scope(session.id), chosen)
            case Scope.ALWAYS if default == "auto":
                await self._settle(session, None, None)
                await self._keep(ALWAYS, chosen)
            case Scope.ALWAYS | Scope.SESSION:
                await self._settle(session, chosen.model, chosen.policy)
                if chosen.model is None and self.held(self._sessions.get(session.id)).model is not None:
                    await self._keep(_scope(session.id), replace(chosen, scope=Scope.SESSION))

    async def used(self, session: Session, asked: Asked | None) -> None:
        """A prompt was routed: what held for one is used up, and what held until idle has ended when it is."""
        own = self._kept(_scope(session.id))
        if own is not None and (self._is_over(own, session) or (own.scope is Scope.TURN and _is_answered(asked))):
            await self._store().save_draft(_scope(session.id), "")

    async def take_back(self, session: Session) -> str:
        """Undo the last lasting switch that words asked for here; what holds now, in words. Raises UserError."""
        kept = self._store().draft(_before(session.id))
        if not kept:
            raise UserError("no switch was asked for here in words", "/model chooses a model, /model auto the router")
        before = json.loads(kept)
        for scope in (_scope(session.id), ALWAYS):
            await self._store().save_draft(scope, before[scope])
        await self._settle(session, ModelRef.parse(before["model"] or ""), before["policy"], is_kept=True)
        await self._store().save_draft(_before(session.id), "")
        return self.held(self._sessions.get(session.id)).named

    def told(self, asked: Asked, model: ModelRef | None, policy: str | None) -> str:
        """What holds now and why, as one sentence: "this session: lab/big, because you asked for it"."""
        named = Choice(model, policy, asked.scope).named if asked.wish is None or asked.wish is Wish.REASONING else ""
        holds = "the next turn" if asked.scope is Scope.TURN and not asked.question else _HOLDS[asked.scope]
        if asked.scope is Scope.ALWAYS and self._settings.routing.default != "auto":
            holds = "this session (your configuration names another default)"
        wished = f"the {policy} policy" if policy else "the router decides"
        return f"{holds}: {named or wished}, because you asked for it"

    def stronger(self, turn: Turn | None) -> Model | None:
        """The cheapest usable model that is known to be better than the one that answered. None: there is none."""
        before = self._models.find(turn.model) if turn and turn.model else None
        least = before.quality if before and before.quality is not None else 0.0
        routing = self._settings.routing
        better = [
            model
            for model in self._models.usable()
            if not model.is_facts
            and model.quality is not None
            and model.quality > least
            and not forbids(model.ref, routing.allow, routing.deny)
            and not self._models.key_problem(model.ref)
        ]
        return min(better, key=_dearness, default=None)

    def _named_options(self, options: TurnOptions, models: tuple[ModelRef, ...]) -> TurnOptions:
        usable = {model.ref for model in self._models.usable()}
        here = tuple(ref for ref in models if ref in usable)
        if len(here) > 1:
            return replace(options, among=here, is_unpinned=True)
        return replace(options, model=(here or models)[0])

    def _named(self, models: Iterable[Model]) -> Names:
        from hawkmoth_tui.routing.naming import Names

        refs = tuple(model.ref for model in models if not model.is_facts)
        if refs not in self._names:
            if len(self._names) > 3:
                self._names.clear()
            self._names[refs] = Names(refs)
        return self._names[refs]

    def _is_over(self, own: Choice, session: Session) -> bool:
        return own.scope is Scope.IDLE and self._clock_ms() - session.updated_at_ms >= IDLE_MS

    def _kept(self, scope: str) -> Choice | None:
        kept = self._store().draft(scope)
        if not kept:
            return None
        data = json.loads(kept)
        return Choice(ModelRef.parse(data["model"] or ""), data["policy"], Scope(data["scope"]))

    async def _keep(self, scope: str, choice: Choice) -> None:
        data = {"model": str(choice.model) if choice.model else None, "policy": choice.policy, "scope": choice.scope}
        await self._store().save_draft(scope, json.dumps(data))

    async def _remember(self, session: Session) -> None:
        """What holds before a switch, for `take_back`."""
        now = self._sessions.get(session.id)
        before = {scope: self._store().draft(scope) for scope in (_scope(session.id), ALWAYS)}
        facts = {**before, "model": str(now.model) if now.model else None, "policy": now.policy}
        await self._store().save_draft(_before(session.id), json.dumps(facts))

    async def _settle(
        self, session: Session, model: ModelRef | None, policy: str | None, *, is_kept: bool = False
    ) -> None:
        """The session's own model and policy, and nothing over them unless `is_kept`."""
        if not is_kept:
            await self._store().save_draft(_scope(session.id), "")
        await self._sessions.pin(session.id, model)
        await self._sessions.set_policy(session.id, policy)


_POLICIES = {
    Wish.CHEAPEST: "cheapest",
    Wish.BALANCED: "balanced",
    Wish.BEST: "best",
    Wish.FAST: "fast",
    Wish.PRIVATE: "private",
}


def _is_answered(asked: Asked | None) -> bool:
    return asked is None or bool(asked.question)


def _dearness(model: Model) -> tuple[bool, object, ModelRef]:
    price = model.prices.output_usd_per_mtok if model.prices else None
    return price is None and not model.is_local, price or 0, model.ref


def _scope(session_id: str) -> str:
    return f"{session_id}/choice"


def _before(session_id: str) -> str:
    return f"{session_id}/choice-before"
