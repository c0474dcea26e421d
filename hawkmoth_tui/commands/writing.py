"""Commands about the prompt being written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import Attach, OpenEditor, SearchHistory
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command("attach", "send a file with the next prompt: text, code, PDF or a picture", argument="FILE", key="file.attach")
async def attach(context: CommandContext, argument: str) -> Effect:
    if not argument:
        raise UserError("/attach needs a file", "/attach notes.txt")
    return Attach(argument)


@command("history", "search the prompts of all sessions", key="history.search")
async def history(context: CommandContext, argument: str) -> Effect:
    return SearchHistory()


@command("editor", "write the prompt in $EDITOR", key="composer.editor")
async def editor(context: CommandContext, argument: str) -> Effect:
    return OpenEditor()
