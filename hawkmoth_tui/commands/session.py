"""Commands about sessions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import GoTab, OpenSession, Refresh, Say, Show, TabStep, View
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import SessionNotFound, UserError
from hawkmoth_tui.engine.exporting import write_export

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext


@command("new", "start a new session; the current one stays saved", key="session.new")
async def new(context: CommandContext, argument: str) -> Effect:
    return OpenSession(None, "new session")


@command("sessions", "list the saved sessions, or open one by its id or title", argument="[ID]", key="session.pick")
async def sessions(context: CommandContext, argument: str) -> Effect:
    if not argument:
        return Show(View.SESSIONS)
    matches = context.workstation.sessions.matching(argument)
    if not matches:
        raise SessionNotFound(f"no session is called {argument}", "/sessions lists them")
    if len(matches) > 1:
        raise UserError(f"several sessions match {argument}", "/sessions lists them")
    return OpenSession(matches[0].id)


@command("tab", "go to the `next` or `previous` open session, or `close` this one; it stays saved", argument="STEP")
async def tab(context: CommandContext, argument: str) -> Effect:
    steps = [str(step) for step in TabStep]
    if argument not in steps:
        raise UserError(f"/tab needs one of {', '.join(steps)}")
    return GoTab(TabStep(argument))


@command("fork", "go on from here in a new session; this one stays as it is", argument="[TITLE]", key="session.fork")
async def fork(context: CommandContext, argument: str) -> Effect:
    if context.session is None:
        raise UserError("this session has no prompt yet", "send one first")
    forked = await context.workstation.sessions.fork(context.session.id, argument)
    return OpenSession(forked.id, f"this is {forked.title}; the session before it is unchanged")


@command("export", "write this session to a file: .md, .txt or .json", argument="[FILE]", key="session.export")
async def export(context: CommandContext, argument: str) -> Effect:
    if context.session is None:
        raise UserError("this session has no prompt yet", "send one first")
    turns = context.workstation.sessions.turns(context.session.id)
    path = await asyncio.to_thread(write_export, context.session, turns, argument)
    return Say(f"{'1 turn' if len(turns) == 1 else f'{len(turns)} turns'} written to {path}")


@command("rename", "give this session a title", argument="TITLE", key="session.rename")
async def rename(context: CommandContext, argument: str) -> Effect:
    if context.session is None:
        raise UserError("this session has no prompt yet", "send one first")
    if not argument:
        raise UserError("/rename needs a title", "/rename My title")
    session = await context.workstation.sessions.rename(context.session.id, argument)
    return Refresh(session.id, f"renamed to {session.title}")
