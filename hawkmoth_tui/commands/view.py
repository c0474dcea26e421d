"""Commands that open places of the screen, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import OpenDemo, Quit, Show, ShowPage, UseTheme, View
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.settings.schema import PolicyName

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext
    from hawkmoth_tui.core.turn import Turn


@command("why", "show why this model answers: every candidate with its votes", key="route.why")
async def why(context: CommandContext, argument: str) -> Effect:
    return Show(View.ROUTE)


@command("whynot", "tell why a model did not take the last turn, vote by vote", argument="MODEL")
async def why_not(context: CommandContext, argument: str) -> Effect:
    from hawkmoth_tui.engine import questions

    turn = _routed(context)
    if not argument:
        raise UserError("/whynot needs a model", "/why lists the candidates")
    ref = context.workstation.models.resolve(argument)
    return ShowPage(f"Why not {ref}?", questions.why_not(turn.route, ref) if turn.route else "")


@command("whatif", "tell who would answer the last prompt under another policy, or under each", argument="[POLICY]")
async def what_if(context: CommandContext, argument: str) -> Effect:
    from hawkmoth_tui.engine import questions

    turn = _routed(context)
    station = context.workstation
    now = await station.reconsider(turn.id, None)
    names = [argument] if argument else [str(name) for name in PolicyName if str(name) != now.policy]
    others = {name: await station.reconsider(turn.id, name) for name in names}
    return ShowPage("What if?", questions.what_if(now, others))


def _routed(context: CommandContext) -> Turn:
    """The last turn, once it is decided. Raises UserError."""
    if context.turn is None or context.turn.route is None:
        raise UserError("nothing was routed here yet", "send a prompt first")
    return context.turn


@command("cost", "show what was spent, on what, what that saved and how fast it was, as charts", key="cost.show")
async def cost(context: CommandContext, argument: str) -> Effect:
    return Show(View.COST)


@command("theme", "choose a theme and see it at once, or switch to the named one", argument="[NAME]", key="theme.pick")
async def theme(context: CommandContext, argument: str) -> Effect:
    if not argument:
        return Show(View.THEMES)
    if argument not in context.themes:
        raise UserError(f"there is no theme {argument}", f"choose one of {', '.join(context.themes)}")
    return UseTheme(argument)


@command("palette", "find any command by its words", key="palette.show")
async def palette(context: CommandContext, argument: str) -> Effect:
    return Show(View.PALETTE)


@command("demo", "leave for the demo: simulated models, a store of its own", key="demo.open")
async def demo(context: CommandContext, argument: str) -> Effect:
    return OpenDemo()


@command("help", "show keys and commands", key="help.show")
async def show_help(context: CommandContext, argument: str) -> Effect:
    return Show(View.HELP)


@command("quit", "leave; everything is saved", key="app.quit")
async def leave(context: CommandContext, argument: str) -> Effect:
    return Quit()
