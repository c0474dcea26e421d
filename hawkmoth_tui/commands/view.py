"""Commands that open places of the screen, and the way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import OpenDemo, Quit, Show, UseTheme, View
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command("why", "show why this model answers: every candidate with its votes", key="route.why")
async def why(context: CommandContext, argument: str) -> Effect:
    return Show(View.ROUTE)


@command("cost", "show what this turn, session, day and month cost and saved", key="cost.show")
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
