"""Commands about the versions of turns, and about what can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import OpenSession, Refresh, ShowMoved, ShowSibling
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext

STEPS = {"next": 1, "previous": -1}


@command(
    "version",
    "show the `next` or `previous` version of the turn that has several, with all that followed it",
    argument="[STEP]",
    key="version.next",
)
async def version(context: CommandContext, argument: str) -> Effect:
    step = argument or "next"
    if step not in STEPS:
        raise UserError(f"/version needs one of {', '.join(STEPS)}")
    if context.session is None:
        raise UserError("this session has no prompt yet", "send one first")
    return ShowSibling(STEPS[step])


@command("undo", "take back what was done last: moving, editing, asking again, title, tags, deleting", key="undo.last")
async def undo(context: CommandContext, argument: str) -> Effect:
    undone = await context.workstation.tree.undo(context.session.id if context.session else None)
    if context.session is None or context.session.id != undone.session.id:
        return OpenSession(undone.session.id, undone.said)
    if undone.moved is not None:
        return ShowMoved(undone.moved, undone.said)
    return Refresh(undone.session.id, undone.said)
