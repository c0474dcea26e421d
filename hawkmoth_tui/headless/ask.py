"""`hawkmoth ask`: one turn without a screen."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.errors import MissingKey, UserError
from hawkmoth_tui.core.events import TurnStarted
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.headless import exits
from hawkmoth_tui.headless.intake import take_in
from hawkmoth_tui.headless.interruption import Interruption
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json, policy_option
from hawkmoth_tui.headless.streams import Stdout, tell
from hawkmoth_tui.headless.unseen import asked_passphrase, can_ask
from hawkmoth_tui.headless.voice import DocumentVoice, EventVoice, PlainVoice

if TYPE_CHECKING:
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.engine.workstation import Workstation
    from hawkmoth_tui.headless.voice import Voice


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked on the command line, checked as far as it can be without a workstation."""

    text: str
    options: TurnOptions
    model: str | None
    """As typed; the catalogue resolves it."""
    session_id: str | None
    """None: a new, saved session."""
    may_ask: bool = False
    """Whether somebody at a terminal can be asked for the passphrase of the encrypted key file."""


class Conversation:
    """One turn on its way from a workstation to a voice, and the signal that may end it."""

    def __init__(self, voice: Voice, out: Stdout, interruption: Interruption) -> None:
        self.turn: Turn | None = None
        """None until the prompt is stored."""
        self._voice = voice
        self._out = out
        self._interruption = interruption

    async def hold(self, station: Workstation, question: Question) -> None:
        """Send the question and tell everything that happens. Raises HawkmothError before a turn exists."""
        options = question.options
        if question.model is not None:
            options = replace(options, model=station.models.resolve(question.model))
        session = await self._prepared(station, question, options)
        try:
            async with aclosing(station.send(session.id, question.text, options)) as events:
                async for event in events:
                    if isinstance(event, TurnStarted):
                        self._begin(station, event.turn)
                    if self.turn is not None:
                        self.turn = station.turn(self.turn.id)
                        self._voice.show(event, self.turn)
                    if self._out.has_no_reader and self._interruption.number is None:
                        self._interruption.request(exits.PIPE_SIGNAL)
        finally:
            if self.turn is not None:
                self.turn = station.turn(self.turn.id)

    async def _prepared(self, station: Workstation, question: Question, options: TurnOptions) -> Session:
        """The session that the prompt goes to. Where only a locked key file keeps it from leaving, its passphrase is asked for."""
        try:
            return await station.prepare(question.text, question.session_id, options)
        except MissingKey:
            if not (question.may_ask and station.keys.is_locked):
                raise
        with self._interruption.aside():
            passphrase = asked_passphrase()
        await station.models.access.unlock(passphrase)
        return await station.prepare(question.text, question.session_id, options)

    def _begin(self, station: Workstation, turn: Turn) -> None:
        self.turn = turn
        self._interruption.when_asked(lambda: station.stop(turn.id))

    def end(self) -> int:
        """Tell the ending; the exit code. A turn that could not end by itself counts as cancelled."""
        number = self._interruption.number
        if self.turn is None:
            number = number or signal.SIGINT
            tell(exits.line(f"stopped by {exits.signal_name(number)}", "nothing was sent"))
            return exits.signal_exit_code(number)
        turn = replace(self.turn, state=TurnState.CANCELLED, error=None) if self.turn.state.is_live else self.turn
        self._voice.finish(turn)
        if self._out.has_no_reader and number is None:
            number = exits.PIPE_SIGNAL
        return self._verdict(turn, number)

    def _verdict(self, turn: Turn, number: int | None) -> int:
        kept = f"it is kept in session {turn.session_id}"
        match turn.state:
            case TurnState.CANCELLED:
                number = number or signal.SIGINT
                who = (
                    "the reader of the output went away"
                    if number == exits.PIPE_SIGNAL
                    else f"stopped by {exits.signal_name(number)}"
                )
                tell(exits.line(f"{who}; what had arrived is kept in session {turn.session_id}"))
            case TurnState.DONE if self._out.problem:
                tell(exits.line(f"the answer could not be written ({self._out.problem})", kept))
                return exits.signal_exit_code(number) if number else exits.USER
            case TurnState.DONE:
                pass
            case _ if turn.error is not None:
                ending = f"the text so far is kept in session {turn.session_id}" if turn.text else ""
                if turn.is_over_budget:
                    ending = "--over-budget sends it all the same"
                tell(exits.turn_error_line(turn.error, ending))
                if turn.error.type == "Bug":
                    return exits.BUG
            case _:
                tell(exits.line(f"the turn ended as {turn.state}", "see the log"))
        return exits.turn_exit_code(turn.state, number)


async def converse(question: Question, make_voice: type[PlainVoice | DocumentVoice | EventVoice]) -> int:
    """One turn from opening to closing; the exit code."""
    interruption, out = Interruption(), Stdout()
    conversation = Conversation(make_voice(out), out, interruption)
    interruption.listen()
    try:
        async with workstation(is_about_the_store=question.session_id is not None) as station:
            await conversation.hold(station, question)
    except asyncio.CancelledError:
        if interruption.number is None:
            raise
    finally:
        interruption.let_go()
    code = conversation.end()
    interruption.is_told = True
    return code


def checked_amount(context: click.Context, parameter: click.Parameter, value: str | None) -> Decimal | None:
    """A positive amount in USD, exact. A callback of click."""
    if value is None:
        return None
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount <= 0:
        raise click.BadParameter("must be an amount in USD above 0, such as 0.05", context, parameter)
    return amount


def checked_seconds(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    """A positive number of seconds. A callback of click."""
    if value is not None and not 0 < value < float("inf"):
        raise click.BadParameter("must be a number of seconds above 0", context, parameter)
    return value


@click.command("ask")
@click.argument("prompt", required=False)
@as_json("Print one JSON document instead of text.")
@click.option("--stream-json", is_flag=True, help="Print one JSON object per event and line.")
@click.option("--model", metavar="REF", help="Send to this model instead of the router's choice.")
@policy_option
@click.option("--session", metavar="ID", help="Go on in this session; otherwise a new one is opened.")
@click.option("--system", metavar="TEXT", help="System prompt of this turn.")
@click.option(
    "--attach", metavar="FILE", multiple=True, help="Attach a text or a picture (png, jpg, gif, webp); may be repeated."
)
@click.option("--max-cost", metavar="USD", callback=checked_amount, help="Most this turn may cost.")
@click.option("--over-budget", is_flag=True, help="Lift the limits of [budget] for this turn; --max-cost holds.")
@click.option("--approve", is_flag=True, help="Send although it costs more than [routing] approve_above_usd.")
@click.option(
    "--timeout",
    metavar="S",
    type=float,
    callback=checked_seconds,
    help="Seconds the whole turn may take, reading stdin included.",
)
def command(
    prompt: str | None,
    is_json: bool,
    stream_json: bool,
    model: str | None,
    policy: str | None,
    session: str | None,
    system: str | None,
    attach: tuple[str, ...],
    max_cost: Decimal | None,
    over_budget: bool,
    approve: bool,
    timeout: float | None,
) -> int:
    """One turn without a screen: PROMPT, - or a pipe. A pipe beside a PROMPT is attached to it.

    The answer goes to stdout as it comes; route, notices and usage go to stderr. Exit codes: 0 done, 2 input, configuration or
    key, 3 provider, 4 no route or budget, 130 Ctrl+C.
    """
    from hawkmoth_tui.engine.options import TurnOptions

    if is_json and stream_json:
        raise UserError("--json and --stream-json exclude each other", "give one of them")
    began = time.monotonic()
    taken = take_in(prompt, attach, timeout)
    left_s = None if timeout is None else max(0.1, timeout - (time.monotonic() - began))
    options = TurnOptions(
        policy=policy,
        system=system,
        attachments=taken.attachments,
        max_cost_usd=max_cost,
        lifts_budget=over_budget,
        approves_switch=approve,
        timeout_s=left_s,
    )
    voice = DocumentVoice if is_json else EventVoice if stream_json else PlainVoice
    may_ask = prompt not in (None, "-") and can_ask()
    return asyncio.run(converse(Question(taken.prompt, options, model, session, may_ask), voice))
