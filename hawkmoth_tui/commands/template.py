"""Commands that use the user's own texts: roles and prompt templates."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import FillTemplate, Say
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.engine.templates import TemplateKind, load, names

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command("role", "set the system prompt of this session from your `prompts` folder", argument="[NAME]")
async def role(context: CommandContext, argument: str) -> Effect:
    return await _use(context, TemplateKind.ROLE, argument)


@command("template", "put a prompt of your `prompts` folder into the composer", argument="[NAME]")
async def template(context: CommandContext, argument: str) -> Effect:
    return await _use(context, TemplateKind.TEMPLATE, argument)


async def _use(context: CommandContext, kind: TemplateKind, name: str) -> Effect:
    folder = context.workstation.paths.prompts_dir
    if name:
        return FillTemplate(await asyncio.to_thread(load, folder, kind, name))
    known = await asyncio.to_thread(names, folder, kind)
    return Say(f"{kind}s: {', '.join(known)}" if known else f"no {kind} is in {folder}; NAME.md or NAME.toml makes one")
