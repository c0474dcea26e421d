"""Commands about the last turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import Edit, Say, Send, StopTurn
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.engine.attachments import attached_again
from hawkmoth_tui.engine.options import TurnOptions

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command("stop", "stop the answer; what has arrived is kept", key="turn.stop")
async def stop(context: CommandContext, argument: str) -> Effect:
    if context.turn is None or not context.turn.state.is_live:
        raise UserError("no answer is running here")
    return StopTurn()


@command("switch", "give an answer that waits for a busy model to the next candidate", key="turn.switch")
async def switch(context: CommandContext, argument: str) -> Effect:
    turn = context.turn
    if turn is None or turn.wait is None or turn.wait.then is None or not context.workstation.switch(turn.id):
        raise UserError("no answer waits here that another model could take")
    return Say(f"{turn.wait.then} takes it")


@command("wait", "wait on for a busy model; the letters offered are text again", key="wait.keep")
async def wait_on(context: CommandContext, argument: str) -> Effect:
    turn = context.turn
    if turn is None or turn.wait is None:
        raise UserError("no answer waits here")
    context.workstation.keep_waiting(turn.id)
    return Say(f"waiting for {turn.model}")


@command("retry", "ask again, or ask another model; both answers are kept", argument="[MODEL]", key="turn.retry")
async def retry(context: CommandContext, argument: str) -> Effect:
    turn = _ended(context)
    model = context.workstation.models.resolve(argument) if argument else None
    return Send(turn.prompt.text, TurnOptions(model=model, kind=TurnKind.RETRY, of=turn.id))


@command("stronger", "ask the last prompt of a better model, or of this one; both answers are kept", argument="[MODEL]")
async def stronger(context: CommandContext, argument: str) -> Effect:
    turn = _ended(context)
    models = context.workstation.models
    model = models.resolve(argument) if argument else None
    better = context.workstation.switching.stronger(turn) if model is None else None
    if model is None and better is None:
        raise UserError(f"no usable model is known to be better than {turn.model}", "/retry MODEL asks any other")
    chosen = model or (better.ref if better else None)
    return Send(turn.prompt.text, TurnOptions(model=chosen, kind=TurnKind.RETRY, of=turn.id))


@command("edit", "change the last prompt and send it again; both are kept", key="turn.edit")
async def edit(context: CommandContext, argument: str) -> Effect:
    turn = _ended(context)
    words, *beside = turn.prompt.parts
    attached = tuple(again for part in beside if (again := attached_again(part)))
    return Edit(turn.id, words.text if isinstance(words, Text) else "", attached)


@command("continue", "go on with a cut answer, on the same or another model", argument="[MODEL]", key="turn.continue")
async def go_on(context: CommandContext, argument: str) -> Effect:
    turn = _ended(context)
    if turn.state is TurnState.DONE and turn.finish_reason != "length":
        raise UserError("the last answer is complete", "/retry asks again")
    if not turn.text:
        raise UserError("the last answer has no text to go on from", "/retry asks again")
    model = context.workstation.models.resolve(argument) if argument else None
    return Send("", TurnOptions(model=model, kind=TurnKind.CONTINUE, of=turn.id))


@command("lift", "send what the budget refused all the same; its limits hold again afterwards", key="budget.lift")
async def lift(context: CommandContext, argument: str) -> Effect:
    turn = _ended(context)
    if not turn.is_over_budget:
        raise UserError("no limit of [budget] has refused this turn")
    pin = turn.route.pin if turn.route else None
    return Send(turn.prompt.text, TurnOptions(model=pin, lifts_budget=True, kind=TurnKind.RETRY, of=turn.id))


@command("approve", "send a turn that waits for your yes to its price", key="switch.approve")
async def approve(context: CommandContext, argument: str) -> Effect:
    turn = _ended(context)
    if not turn.needs_approval:
        raise UserError("no turn waits for a yes here", "[routing] approve_above_usd sets from which price on one does")
    model = turn.route.pin if turn.route and turn.asked is None else None
    return Send(turn.prompt.text, TurnOptions(model=model, approves_switch=True, kind=TurnKind.RETRY, of=turn.id))


def _ended(context: CommandContext) -> Turn:
    """The last turn. Raises UserError when there is none or it is still running."""
    if context.turn is None:
        raise UserError("there is no turn yet", "send a prompt first")
    if context.turn.state.is_live:
        raise UserError("the answer is still running", "/stop stops it")
    return context.turn
