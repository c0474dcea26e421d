"""The session on the screen: which one it is, what is pinned, what was being written, what it cost. Knows the engine, not the widgets."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, UserError
from hawkmoth_tui.engine.options import TurnOptions
from hawkmoth_tui.engine.outlook import Outlook

if TYPE_CHECKING:
    from hawkmoth_tui.core.exchange import Quota
    from hawkmoth_tui.core.messages import Part
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary
    from hawkmoth_tui.engine.foretaste import Foretaste
    from hawkmoth_tui.engine.outlook import Gauge, Reread
    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.ui.startup import Startup

log = logging.getLogger(__name__)

LONG_DRAFT = 1_000
"""Characters from which on it is worth a word how many tokens a text has."""

LATE_TURNS = 200
"""Of a session that is opened."""


class Desk:
    """One session at a time; others may be answered in the background."""

    def __init__(self, workstation: Workstation, startup: Startup) -> None:
        self.workstation = workstation
        self.session: Session | None = None
        """None until the first prompt of a new session."""
        self._startup = startup
        self._model: ModelRef | None = None
        """What the first session of this run is to be pinned to; None: the router chooses."""
        self._is_model_chosen = startup.model is not None
        self._policy = startup.policy
        self._outlook = Outlook(workstation)
        self._once: dict[str, ModelRef] = {}
        """Models set for one turn, by session; the empty id is the session that its first prompt will make."""
        self._edited = ""
        """The turn whose prompt is in the composer to be changed; empty for none."""
        self._is_edit_sent = False
        self._draft = ""
        """As it was last saved."""
        self.weight = ""
        """How many tokens the text has that is being written, in words; empty for a short one."""

    async def begin(self) -> str:
        """Open what the command line asked for. Returns what the user should know, empty for nothing.

        Raises SessionNotFound, UnknownModel, MissingKey, StoreError.
        """
        workstation, startup = self.workstation, self._startup
        if startup.is_demo:
            await workstation.models.access.look_for_keys()
        if startup.model and startup.model != "auto":
            self._model = workstation.models.resolve(startup.model)
        if startup.session_id:
            self.session = workstation.sessions.get(startup.session_id)
        elif startup.is_continue:
            self.session = workstation.sessions.latest()
        if self.session is not None:
            await self._choose(self.session.id)
        return (
            "there is no session to continue; this is a new one" if startup.is_continue and self.session is None else ""
        )

    def open(self, session_id: str | None) -> tuple[Turn, ...]:
        """Make this session the current one; None is a new one. Returns its turns. Raises SessionNotFound."""
        self._edited, self._is_edit_sent = "", False
        self.session = self.workstation.sessions.get(session_id) if session_id else None
        return self.turns()

    async def require_session(self, text: str, options: TurnOptions) -> Session:
        """The session that this prompt goes to: the current one, else a new one, made only when the turn can be sent.

        Raises what `Workstation.prepare` raises.
        """
        session = await self.workstation.prepare(text, self.session.id if self.session else None, options)
        if self.session is None:
            await self.workstation.sessions.save_draft(None, "")
            self._draft = ""
            await self._choose(session.id)
        return self.session or session

    def edit(self, turn_id: str) -> None:
        """The next prompt sent here takes the place of this turn's, beside it."""
        self._edited, self._is_edit_sent = turn_id, False

    def send_edit(self) -> None:
        """What is in the composer is being sent: from now on an empty composer forgets no edit."""
        self._is_edit_sent = bool(self._edited)

    def forget_edit(self) -> None:
        """The composer was emptied without sending: what is written next is a prompt of its own."""
        if not self._is_edit_sent:
            self._edited = ""

    def _with_edit(self, options: TurnOptions) -> TurnOptions:
        from hawkmoth_tui.core.turn import TurnKind

        if not self._is_edit_sent or options.kind is not TurnKind.PROMPT:
            return options
        turn_id, self._edited, self._is_edit_sent = self._edited, "", False
        return replace(options, kind=TurnKind.EDIT, of=turn_id)

    def reread(self) -> None:
        """Read the session's own facts again: title, pin, head."""
        if self.session is not None:
            self.session = self.workstation.sessions.get(self.session.id)

    def options(self, options: TurnOptions) -> TurnOptions:
        """The options of a turn that begins here now: with the model that was set for it alone.

        Raises UserError while another process answers this session.
        """
        elsewhere = self.workstation.sessions.elsewhere(self._here) if self.session else None
        if elsewhere is not None and elsewhere.is_alive:
            raise UserError(f"process {elsewhere.pid} is answering here", "wait until it has ended, or /new")
        options = self._with_edit(options)
        return self.with_once(options, self._here)

    def with_once(self, options: TurnOptions, session_id: str) -> TurnOptions:
        """The options with the model that was set for the next turn of that session alone, unless they name one."""
        once = self._once.get(session_id)
        return replace(options, model=once) if options.model is None and once else options

    def begun(self, session_id: str) -> None:
        """A turn has begun there: what was set for one turn is used up."""
        self._once.pop(session_id, None)
        if self.is_here(session_id):
            self._once.pop("", None)
        self.reread()

    def use_once(self, model: ModelRef | None) -> None:
        """Give the next turn of this session to the model; None takes that back."""
        self._once.pop(self._here, None)
        if model is not None:
            self._once[self._here] = model

    @property
    def once(self) -> ModelRef | None:
        """The model set for the next turn alone."""
        return self._once.get(self._here)

    def gauge(self) -> Gauge | None:
        """How full the window of the model is that answers next. None before the first answer."""
        return self._outlook.gauge(self.session, self.once or self.pin)

    def foretaste(self, text: str, attachments: tuple[Part, ...]) -> Foretaste | None:
        """What this prompt would meet if it were sent here now. None: nobody can tell yet."""
        is_new = self.session is None
        options = TurnOptions(
            model=self.once or (self._model if is_new else None),
            policy=self._policy if is_new else None,
            attachments=attachments,
        )
        return self.workstation.foretaste(text, self.session, options)

    def reread_by(self, model: ModelRef) -> Reread | None:
        """What it costs that this model answers next. None: nothing that is known of."""
        return self._outlook.reread(self.session, model)

    def adopt(self, session_id: str) -> None:
        """A command changed this session, or made it because there was none: it is the current one, with what was set for its turn."""
        if self.session is None and (once := self._once.pop("", None)) is not None:
            self._once[session_id] = once
        self.session = self.workstation.sessions.get(session_id)

    def is_here(self, session_id: str) -> bool:
        """Whether this session is on the screen."""
        return self.session is not None and self.session.id == session_id

    def turns(self) -> tuple[Turn, ...]:
        """The last turns of the branch on the screen, the head last; those before them are read when somebody goes there."""
        return self.workstation.sessions.late(self.session.id, LATE_TURNS) if self.session else ()

    def last_turn(self) -> Turn | None:
        """The head of the branch, running or ended; None in an empty session."""
        self.reread()
        head = self.session.head_turn_id if self.session else None
        return self.workstation.turn(head) if head else None

    def summary(self) -> CostSummary:
        """The sums of the ledger for this session, today and this month."""
        return self.workstation.costs.summary(self.session.id if self.session else None)

    def quota(self, turn: Turn | None) -> Quota | None:
        """What the provider of the turn's model lets through for now. None: it does not say."""
        return self.workstation.models.conditions.quota(turn.model) if turn and turn.model else None

    def is_simulated(self, turn: Turn | None) -> bool:
        """Whether answers are made up: in the demo always, else when the turn's model is."""
        model = self.workstation.models.find(turn.model) if turn and turn.model else None
        return self._startup.is_demo or (model is not None and model.is_simulated)

    @property
    def pin(self) -> ModelRef | None:
        """The model that takes every prompt; None: the router decides."""
        held = self.workstation.switching.held(self.session).model
        return held if self.session or held else self._model

    @property
    def routing(self) -> str:
        """How the next prompt is routed, for the status line."""
        if self.once is not None:
            return f"one turn: {self.once}"
        if self.pin is not None:
            return f"pinned: {self.pin}"
        held = self.workstation.switching.held(self.session)
        own = held.policy if self.session or held.policy else self._policy
        return f"auto · {own or self.workstation.settings.routing.policy}"

    @property
    def effort(self) -> str:
        """How long reasoning models think here; empty: as they do by themselves."""
        return self.workstation.generation(self.session).reasoning_effort or ""

    def draft(self) -> str:
        """What was being written here when it was last left."""
        self._draft = self.workstation.sessions.draft(self.session.id if self.session else None)
        return self._draft

    def weigh(self, text: str) -> bool:
        """Count the tokens of what is being written, when it is long. Returns whether there is something else to show."""
        before, self.weight = self.weight, ""
        if len(text) >= LONG_DRAFT:
            count = self.workstation.tokens.count(text, self.once or self.pin)
            self.weight = f"text {'' if count.is_exact else '~'}{count.tokens:,} tokens"
        return self.weight != before

    async def save_draft(self, text: str) -> None:
        """Keep what is being written. A store that cannot take it is logged: the text is still on the screen."""
        if text == self._draft:
            return
        try:
            await self.workstation.sessions.save_draft(self.session.id if self.session else None, text)
            self._draft = text
        except HawkmothError as error:
            log.warning("the draft was not saved: %s", error)

    @property
    def _here(self) -> str:
        return self.session.id if self.session else ""

    async def _choose(self, session_id: str) -> None:
        """Make this session the current one and put the command line's model and policy on it, once."""
        sessions = self.workstation.sessions
        if self._is_model_chosen:
            await sessions.pin(session_id, self._model)
        if self._policy:
            await sessions.set_policy(session_id, self._policy)
        self._model, self._policy, self._is_model_chosen = None, None, False
        self.session = sessions.get(session_id)
