"""Commands that say what an answer was worth. It makes win rates and the router's record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import Say
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.feedback import SignKind

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command("good", "this answer was good; the record of its model says so", key="answer.good")
async def good(context: CommandContext, argument: str) -> Effect:
    return await _judge(context, SignKind.GOOD)


@command("weak", "this answer was too weak", key="answer.weak")
async def weak(context: CommandContext, argument: str) -> Effect:
    return await _judge(context, SignKind.TOO_WEAK)


@command("overkill", "this answer was good, but a cheaper model would have done", key="answer.overkill")
async def overkill(context: CommandContext, argument: str) -> Effect:
    return await _judge(context, SignKind.OVERKILL)


@command("unrate", "take back what you said of this answer", key="answer.unrate")
async def unrate(context: CommandContext, argument: str) -> Effect:
    return await _judge(context, None)


async def _judge(context: CommandContext, kind: SignKind | None) -> Effect:
    """On the turn that the reader is on, else on the last one."""
    if context.turn is None:
        raise UserError("there is no answer yet", "send a prompt first")
    verdict = await context.workstation.feedback.judge(context.turn.id, kind)
    return Say(str(verdict))
