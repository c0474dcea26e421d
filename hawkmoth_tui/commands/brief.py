"""The brief of a session: made here or by a model, shown, given to models, or taken along into a new session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import AskBrief, OpenSession, Refresh, ShowPage
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command(
    "brief",
    "show a brief of this session; `local` makes it anew here, `model` by the cheapest allowed model; `on`, `off`: whether models get it;"
    " `new`: a new session that goes on from it",
    argument="[STEP]",
)
async def brief(context: CommandContext, argument: str) -> Effect:
    if context.session is None:
        raise UserError("this session has no prompt yet", "send one first")
    briefs, session_id = context.workstation.briefs, context.session.id
    match argument:
        case "":
            return ShowPage("Brief", (await briefs.now(session_id)).text)
        case "local":
            return ShowPage("Brief", (await briefs.make(session_id)).text)
        case "model":
            return AskBrief(session_id)
        case "on":
            await briefs.use(session_id, is_used=True)
            return Refresh(
                session_id, "models get the brief with every prompt here, marked as a brief; /brief off ends it"
            )
        case "off":
            await briefs.use(session_id, is_used=False)
            return Refresh(session_id, "models do not get the brief")
        case "new":
            session = await briefs.go_on(session_id)
            return OpenSession(
                session.id, "a new session: models get the brief of the one before, not its turns; /brief off ends it"
            )
        case _:
            raise UserError("/brief needs local, model, on, off, new or nothing")
