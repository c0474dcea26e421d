"""What every front end talks to: two verbs, `send` and `stop`, and nouns to read from.

A front end receives a `Workstation`, it never builds one; `engine.opening` does. One per process, used from one event loop.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, MissingKey, SessionNotFound, StoreError, UserError
from hawkmoth_tui.core.events import RouteChosen, TurnEnded
from hawkmoth_tui.core.messages import Message, Role, Text, user
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.session import Generation
from hawkmoth_tui.core.switching import Scope, Wish
from hawkmoth_tui.core.turn import Turn, TurnKind
from hawkmoth_tui.engine.attempt import Attempts, Terms
from hawkmoth_tui.engine.briefs import Briefs
from hawkmoth_tui.engine.budget import turn_limit_pico
from hawkmoth_tui.engine.chronicle import Chronicle
from hawkmoth_tui.engine.demo import demo_spec
from hawkmoth_tui.engine.errands import Errands, must_stay
from hawkmoth_tui.engine.escalating import Escalating
from hawkmoth_tui.engine.feedback import Feedback
from hawkmoth_tui.engine.flight import Flight, Woken
from hawkmoth_tui.engine.learning import Learning
from hawkmoth_tui.engine.metrics import Metrics
from hawkmoth_tui.engine.options import TurnOptions
from hawkmoth_tui.engine.past import Past
from hawkmoth_tui.engine.planning import Planner
from hawkmoth_tui.engine.switching import Switching
from hawkmoth_tui.engine.titles import title_of_prompt
from hawkmoth_tui.engine.tokens import Tokens
from hawkmoth_tui.engine.tree import Tree
from hawkmoth_tui.engine.trials import Trials
from hawkmoth_tui.engine.turn_engine import TurnEngine
from hawkmoth_tui.routing.intents import recognise
from hawkmoth_tui.routing.policy import policy
from hawkmoth_tui.routing.rules import forbids
from hawkmoth_tui.settings.schema import BudgetSettings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.ids import IdSource
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.switching import Asked
    from hawkmoth_tui.engine.approval import Decision
    from hawkmoth_tui.engine.clocks import Clocks
    from hawkmoth_tui.engine.costs import Costs
    from hawkmoth_tui.engine.foretaste import Foretaste
    from hawkmoth_tui.engine.keeper import Keeper, Keeping
    from hawkmoth_tui.engine.keys import Keys
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.sessions import Sessions
    from hawkmoth_tui.engine.trials import Trial
    from hawkmoth_tui.providers.demo import DemoServer
    from hawkmoth_tui.routing.policy import Policy
    from hawkmoth_tui.settings.audit import AuditLog
    from hawkmoth_tui.settings.paths import Paths
    from hawkmoth_tui.settings.schema import Settings

log = logging.getLogger(__name__)

CONTINUE_PROMPT = "Go on exactly where your last answer stopped. Do not repeat anything, do not comment on the break."
"""Sent as the prompt of a turn that continues a cut answer; never shown as the user's words."""
NO_OPTIONS = TurnOptions()


class Workstation:
    """The whole of Hawkmoth below the screen."""

    def __init__(
        self,
        settings: Settings,
        paths: Paths,
        *,
        models: Models,
        sessions: Sessions,
        costs: Costs,
        keys: Keys,
        keeper: Keeper,
        ids: IdSource,
        clocks: Clocks,
        demo: DemoServer | None = None,
        audit: AuditLog | None = None,
    ) -> None:
        self.settings = settings
        self.paths = paths
        self.models = models
        self.keys = keys
        """Where keys are stored; its methods block: call them in a thread."""
        self.sessions = sessions
        self.tree = Tree(lambda: keeper.store, sessions)
        self.costs = costs
        self.warnings: tuple[str, ...] = ()
        """What the user should know about this run, one line each."""
        self._keeper = keeper
        self._ids = ids
        self._clocks = clocks
        self._demo = demo
        self.switching = Switching(settings, models, sessions, lambda: keeper.store, clocks.now_ms)
        self.trials = Trials(lambda: keeper.store, audit, ids.next)
        self._at_ceiling: set[str] = set()
        self.metrics = Metrics(lambda: keeper.store)
        self.chronicle = Chronicle(costs, self.metrics, clocks.now_ms)
        self.learning = Learning(lambda: keeper.store, clocks.now_ms)
        self.feedback = Feedback(lambda: keeper.store, self.turn, models, ids, clocks.now_ms, self.learning.refresh)
        self.tokens = Tokens(lambda: keeper.store, clocks.now_ms)
        past = Past(lambda turn_id, limit: keeper.store.ancestors(turn_id, limit), self.tokens.plain)
        self._planner = Planner(settings, models, past, self.tokens, clocks, costs, self.learning)
        attempts = Attempts(models, keeper, past, self.tokens, ids, clocks.now_ms, clocks.random, self.baseline)
        self._errands = Errands(models, attempts, settings, ids, clocks)
        self.briefs = Briefs(
            lambda: keeper.store,
            sessions,
            self._errands,
            lambda session, turns: must_stay(session, turns, models, settings),
        )
        escalating = Escalating(models, keeper, attempts, settings.routing)
        self._engine = TurnEngine(models, keeper, attempts, escalating, self.baseline, clocks.now_ms)
        self._flights: dict[str, Flight] = {}
        self._background: set[asyncio.Task[None]] = set()
        self._is_ready = False

    async def start(self, *, discover: bool = True) -> None:
        """Loop-bound beginnings: the demo server, keys, and servers on this machine.

        Without `discover`, keys and local servers are looked for at the moment of need: for one-shot commands.
        """
        if self._demo is not None:
            await self._demo.start()
            self.models.add(demo_spec(self._demo))
        if discover and self._demo is None:
            await self.models.access.look_for_keys()
            self._is_ready = True
            self._keeper.care_later()
            task = asyncio.create_task(self._discover())
            self._background.add(task)
            task.add_done_callback(self._background.discard)

    async def discovered(self) -> None:
        """Returns when the look for servers on this machine, begun by `start`, is over."""
        if self._background:
            await asyncio.wait(tuple(self._background))

    def warm(self) -> None:
        """Build now what the first request needs: the HTTP client, the patterns that prompts are held against, the router's records."""
        self.models.access.door().warm()
        recognise("2 + 2")
        self.switching.hear("2 + 2", NO_OPTIONS, None)
        self.learning.load()
        import hawkmoth_tui.routing.expecting  # noqa: F401  the first route needs it

    @property
    def is_in_memory(self) -> bool:
        """Whether nothing of this run will survive it unless the store takes it again."""
        return self._keeper.store.is_memory

    @property
    def keeping(self) -> Keeping:
        """Where conversations are kept now, and why when that is memory."""
        return self._keeper.keeping

    async def save(self) -> bool:
        """Try once more to bring what is in memory only into the store. False when it still takes nothing."""
        return await self._keeper.save()

    async def prepare(self, text: str, session_id: str | None = None, options: TurnOptions = NO_OPTIONS) -> Session:
        """The session that a prompt will go to: this one, or a new one made only when the turn can be sent.

        Raises what `send` raises before a turn exists.
        """
        session = self.sessions.get(session_id) if session_id else None
        prompt = self._prompt(text, options)
        await self._check_ready(session, options, prompt)
        self._check_prompt(prompt, options)
        await self._heard(text, session, options)
        return session or await self.sessions.create()

    async def send(
        self, session_id: str, text: str, options: TurnOptions = NO_OPTIONS
    ) -> AsyncGenerator[TurnEvent, None]:
        """One turn, as its events. The prompt is stored before anything leaves.

        Raises, before a turn exists: SessionNotFound, UserError (empty prompt, this session already answers), UnknownModel,
        MissingKey. Everything later ends the turn with an error as data. Consume it inside `aclosing`.
        """
        prompt = self._prompt(text, options)
        await self._check_ready(self.sessions.get(session_id), options, prompt)
        session = self.sessions.get(session_id)
        options, asked = await self._heard(text, session, options)
        pin = self._pin(session, options)
        turn = replace(self._new_turn(session, self._prompt(text, options), options), asked=asked)
        if any(flight.turn.session_id == session_id for flight in self._flights.values()):
            raise UserError("this session is still answering", "stop it, or wait")
        timeout_s = options.timeout_s or (self.models.timeouts(pin) if pin else self.settings.timeouts).total_s
        flight = Flight(turn, timeout_s)
        self._flights[turn.id] = flight
        terms = self._terms(session, options, pin)

        def choose() -> Decision:
            self.learning.refresh()
            left = self._left_pico(session, terms)
            decision = self._planner.choose(turn.said, turn.parent_id, session, options, pin, terms, left)
            if pin is None and asked is None and options.policy is None:
                decision = self._on_trial(decision, turn, session, options, terms, left)
            return self._because(decision, asked, options)

        try:
            if not session.title and options.kind is TurnKind.PROMPT:
                await self._keeper.name_session(session.id, title_of_prompt(text, options.attachments))
            await self.feedback.notice(options)
            async with aclosing(self._engine.run(flight, choose, terms)) as events:
                async for event in events:
                    if isinstance(event, RouteChosen) and len(flight.turn.attempts) == 0:
                        await self._switched(session, asked, event.route, options)
                    if isinstance(event, TurnEnded):
                        await self._booked(flight.turn)
                        del self._flights[turn.id]
                    yield event
        finally:
            self._flights.pop(turn.id, None)

    def stop(self, turn_id: str) -> None:
        """End a running turn as cancelled, its text kept. Nothing happens when it has already ended."""
        flight = self._flights.get(turn_id)
        if flight is not None:
            flight.stop()

    def switch(self, turn_id: str) -> bool:
        """Give a turn that waits to the next candidate at once. Returns whether it waits and there is one."""
        flight = self._flights.get(turn_id)
        return flight is not None and flight.answer_wait(Woken.SWITCHED)

    def keep_waiting(self, turn_id: str) -> bool:
        """Let a turn that waits do so and offer nothing else any more. Returns whether it was offered."""
        flight = self._flights.get(turn_id)
        return flight is not None and flight.answer_wait(Woken.KEPT)

    def running(self) -> tuple[Turn, ...]:
        """The turns that this process is answering now."""
        return tuple(flight.turn for flight in self._flights.values())

    def turn(self, turn_id: str) -> Turn:
        """The folded turn, running or stored. Raises SessionNotFound when there is none."""
        flight = self._flights.get(turn_id)
        stored = flight.turn if flight else self._keeper.store.turn(turn_id)
        if stored is None:
            raise SessionNotFound(f"no turn is called {turn_id}")
        return stored

    async def route(self, text: str, session_id: str | None = None, options: TurnOptions = NO_OPTIONS) -> Route:
        """What the router would do with this prompt now; nothing is sent or stored."""
        session = self.sessions.get(session_id) if session_id else None
        await self._check_ready(session, options, user(text, *options.attachments))
        options, asked = await self._heard(text, session, options)
        pin = self._pin(session, options)
        prompt = user(asked.question if asked and asked.question else text, *options.attachments)
        head = session.head_turn_id if session else None
        terms = self._terms(session, options, pin)
        left = self._left_pico(session, terms)
        decision = self._planner.choose(prompt, head, session, options, pin, terms, left)
        return self._because(decision, asked, options).route

    def foretaste(self, text: str, session: Session | None, options: TurnOptions = NO_OPTIONS) -> Foretaste | None:
        """What this prompt would meet if it were sent now, from what is known at once: for every pause in the typing.

        None: nothing is known yet, or nobody could be asked.
        """
        if not self.learning.is_loaded or not self._models_proper():
            return None
        from hawkmoth_tui.engine.foretaste import foretaste, glanced

        pin, head = self._pin(session, options), session.head_turn_id if session else None
        terms = self._terms(session, options, pin)
        left = self._left_pico(session, terms)
        glance, unread = glanced(text)
        prompt = user(glance, *options.attachments)
        decision = self._planner.choose(prompt, head, session, options, pin, terms, left, unread)
        return foretaste(decision.route, decision.unpinned() if decision.unpinned else None)

    async def reconsider(self, turn_id: str, policy_name: str | None, trial: Policy | None = None) -> Route:
        """What the router would do now with the prompt of a turn, under a policy and without any pin; nothing is sent or stored.

        None: the session's own policy. `trial` is a policy by its content.
        """
        turn = self.turn(turn_id)
        session = self.sessions.get(turn.session_id)
        options = TurnOptions(policy=policy_name, trial=trial)
        if policy_name:
            policy(policy_name)
        terms = self._terms(session, options, None)
        left = self._left_pico(session, terms)
        return self._planner.choose(turn.prompt, turn.parent_id, session, options, None, terms, left).route

    def baseline(self) -> Model | None:
        """The model that savings are measured against: the configured one, else the dearest usable of known price."""
        named = self.settings.routing.baseline
        if named:
            ref = ModelRef.parse(named)
            return self.models.find(ref) if ref else None
        priced = [(model.prices, str(model.ref), model) for model in self._models_proper() if model.prices is not None]
        by_price = sorted(
            priced, key=lambda entry: (entry[0].output_usd_per_mtok, entry[0].input_usd_per_mtok, entry[1])
        )
        return by_price[-1][2] if by_price else None

    def generation(self, session: Session | None) -> Generation:
        """How answers are made in this session: as it was set there, else as configured. None: in one that has yet to begin."""
        configured = self.settings.generation
        return (session.generation if session else None) or Generation(
            configured.system, configured.temperature, configured.max_output_tokens, configured.reasoning_effort
        )

    def warn(self, message: str) -> None:
        if message not in self.warnings:
            self.warnings = (*self.warnings, message)

    async def aclose(self) -> None:
        """Let go of everything. Stop running turns first: one that still runs is found cut off at the next start."""
        for task in tuple(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self._errands.aclose()
        await self.models.aclose()
        if self._demo is not None:
            await self._demo.aclose()
        await self._keeper.aclose()

    def _pin(self, session: Session | None, options: TurnOptions) -> ModelRef | None:
        """The model that takes the turn: the user's choice, or the one whose cut answer is gone on with. None: the router decides."""
        if options.model or options.is_unpinned:
            return options.model
        begun_by = self._earlier(options).model if options.kind is TurnKind.CONTINUE else None
        return begun_by or self.switching.held(session).model

    async def _heard(
        self, text: str, session: Session | None, options: TurnOptions
    ) -> tuple[TurnOptions, Asked | None]:
        """The options with what the prompt's own words ask for, and that. Raises UserError and what `_check_ready` raises."""
        earlier = self._earlier(options) if options.of else None
        asked = self.switching.hear(text, options, earlier)
        if asked is None:
            return replace(options, policy=options.policy or self.switching.held(session).policy), None
        if asked.wish is Wish.STRONGER:
            return self._stronger(session, options), None
        options = self.switching.options(options, asked)
        await self._check_ready(session, options, self._prompt(text, options))
        return options, asked

    def _stronger(self, session: Session | None, options: TurnOptions) -> TurnOptions:
        """The last prompt once more, to a better model. Raises UserError where there is no prompt or no such model."""
        last = self.turn(session.head_turn_id) if session and session.head_turn_id else None
        if last is None or last.is_switch:
            raise UserError("there is no answer yet that a stronger model could better", "ask something first")
        better = self.switching.stronger(last)
        if better is None:
            raise UserError(f"no usable model is known to be better than {last.model}", "/model lists them")
        return replace(options, kind=TurnKind.RETRY, of=last.id, model=better.ref, is_asked=True)

    def _on_trial(
        self,
        decision: Decision,
        turn: Turn,
        session: Session,
        options: TurnOptions,
        terms: Terms,
        left_pico: int | None,
    ) -> Decision:
        """The decision under what is rolled out, when the turn takes part in that."""

        def under(trial: Trial) -> Route:
            own = replace(options, trial=trial.policy)
            return self._planner.choose(turn.said, turn.parent_id, session, own, trial.model, terms, left_pico).route

        route, notice = self.trials.taken(turn.id, decision.route, under)
        if notice:
            self._at_ceiling.add(turn.id)
        return replace(decision, route=route, notice=notice or decision.notice)

    async def _booked(self, turn: Turn) -> None:
        try:
            await self.trials.booked(turn, is_stopped=turn.id in self._at_ceiling)
        except StoreError as error:
            log.error("a turn of a roll-out was not counted: %s", error)
        self._at_ceiling.discard(turn.id)

    def _because(self, decision: Decision, asked: Asked | None, options: TurnOptions) -> Decision:
        """The decision with the user's words as its reason, and the answer where they leave nothing to answer."""
        if asked is None or decision.needs_yes or decision.route.chosen is None:
            return decision
        chosen = decision.route.chosen
        told = self.switching.told(asked, chosen, options.policy)
        if asked.question:
            notice = decision.notice or ("" if asked.scope is Scope.TURN else f"{told}; /unswitch takes it back")
            return replace(decision, route=replace(decision.route, reason=told), notice=notice)
        reply = f"{told[0].upper()}{told[1:]}. `/unswitch` takes it back."
        return replace(decision, route=replace(decision.route, reason="you asked to switch"), notice="", reply=reply)

    async def _switched(self, session: Session, asked: Asked | None, route: Route, options: TurnOptions) -> None:
        """Let what the words ask for hold as long as they say; a store that cannot take it is said in the log."""
        if route.chosen is None:
            return
        try:
            await self.switching.used(session, asked)
            if asked is not None:
                await self.switching.apply(session, asked, route.chosen, options.policy)
        except StoreError as error:
            log.error("a switch was not kept: %s", error)

    def _models_proper(self) -> tuple[Model, ...]:
        """The usable models, without Hawkmoth's own answers."""
        return tuple(model for model in self.models.usable() if not model.is_facts)

    def _can_answer(self, prompt: Message) -> bool:
        """Whether there is anybody to ask: a model, or for a question that needs none Hawkmoth itself, unless the user forbids it."""
        if self._models_proper():
            return True
        routing = self.settings.routing
        own = [model for model in self.models.usable() if not forbids(model.ref, routing.allow, routing.deny)]
        return bool(own) and recognise(prompt.text) is not None

    async def _check_ready(self, session: Session | None, options: TurnOptions, prompt: Message) -> None:
        """Raises MissingKey or UnknownModel when the turn cannot be sent anywhere."""
        pin = self._pin(session, options)
        if pin is not None:
            await self.models.require(pin)
            return
        if not self._is_ready or not self._can_answer(prompt):
            await self.models.access.look_for_keys()
            if not self._can_answer(prompt) or self._lacks_private(session, options):
                await self.models.refresh_local()
            if not self._can_answer(prompt):
                if self.keys.is_locked:
                    raise MissingKey(
                        "no provider can be used yet: the encrypted key file is locked",
                        "/keys unlock in the workstation opens it, or name [secrets] passphrase_file",
                    )
                raise MissingKey(
                    "no provider can be used yet",
                    "export a key, for example TOGETHER_API_KEY, or start a local server such as Ollama, or run `hawkmoth demo`"
                    "; `hawkmoth doctor` tells more",
                )
        await self.models.complete_prices(model.ref for model in self.models.usable())

    def _lacks_private(self, session: Session | None, options: TurnOptions) -> bool:
        """Whether the turn must stay on this machine, and no model here is known yet."""
        name = options.policy or self.switching.held(session).policy or self.settings.routing.policy
        return policy(name).is_private and not any(model.is_local for model in self._models_proper())

    def _prompt(self, text: str, options: TurnOptions) -> Message:
        """What is sent: the user's words, those of the turn that is asked again, or ours to go on."""
        match options.kind:
            case TurnKind.PROMPT | TurnKind.EDIT:
                return user(text, *options.attachments)
            case TurnKind.RETRY:
                return self._earlier(options).prompt
            case TurnKind.CONTINUE:
                return Message(Role.USER, (Text(CONTINUE_PROMPT),))

    def _earlier(self, options: TurnOptions) -> Turn:
        """The turn that is retried, continued or edited."""
        if options.of is None:
            raise UserError("there is no turn to go on from")
        return self.turn(options.of)

    def _new_turn(self, session: Session, prompt: Message, options: TurnOptions) -> Turn:
        parent, kind = session.head_turn_id, options.kind
        if kind is not TurnKind.PROMPT:
            earlier = self._earlier(options)
            parent = earlier.id if kind is TurnKind.CONTINUE else earlier.parent_id
            if kind is TurnKind.RETRY and earlier.kind is TurnKind.CONTINUE:
                kind = TurnKind.CONTINUE
        self._check_prompt(prompt, options)
        return Turn(self._ids.next(), session.id, parent, kind, prompt, self._clocks.now_ms())

    def _check_prompt(self, prompt: Message, options: TurnOptions) -> None:
        """Raises UserError for an empty prompt."""
        is_ours = options.kind in (TurnKind.RETRY, TurnKind.CONTINUE)
        if not is_ours and not prompt.text.strip() and len(prompt.parts) <= 1:
            raise UserError("the prompt is empty", "type something first")

    def _terms(self, session: Session | None, options: TurnOptions, pin: ModelRef | None) -> Terms:
        budget = BudgetSettings() if options.lifts_budget else self.settings.budget
        return Terms(
            generation=self._generation(session, options),
            budget=budget,
            turn_limit_pico=turn_limit_pico(budget, options.max_cost_usd),
            max_retries=self.settings.retries.max,
            is_pinned=pin is not None,
            is_lifted=options.lifts_budget,
        )

    def _generation(self, session: Session | None, options: TurnOptions) -> Generation:
        chosen = self.generation(session)
        system = chosen.system if options.system is None else options.system
        brief = self.briefs.context(session.id) if session else ""
        return replace(chosen, system="\n\n".join(part for part in (system, brief) if part))

    def _left_pico(self, session: Session | None, terms: Terms) -> int | None:
        """What the tightest limit leaves for this turn. None: no limit applies."""
        booked = None if terms.is_lifted else self.costs.left_pico(session.id if session else None)
        left = booked, terms.turn_limit_pico
        return min((amount for amount in left if amount is not None), default=None)

    async def _discover(self) -> None:
        try:
            await self.models.refresh_local()
        except HawkmothError as error:
            log.info("local servers were not found: %s", error)
