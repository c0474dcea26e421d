"""Commands about sessions."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.commands.effects import CloseSession, GoTab, OpenSession, Refresh, Say, Show, TabStep, View
from hawkmoth_tui.commands.registry import command
from hawkmoth_tui.core.errors import SessionNotFound, UserError
from hawkmoth_tui.engine.exporting import write_export

if TYPE_CHECKING:
    from hawkmoth_tui.commands.effects import Effect
    from hawkmoth_tui.commands.registry import CommandContext
    from hawkmoth_tui.core.session import Session


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
    forked = await context.workstation.sessions.fork(_here(context).id, argument)
    return OpenSession(forked.id, f"this is {forked.title}; the session before it is unchanged")


@command("export", "write this session to a file: .md, .txt or .json", argument="[FILE]", key="session.export")
async def export(context: CommandContext, argument: str) -> Effect:
    session = _here(context)
    turns = context.workstation.sessions.turns(session.id)
    path = await asyncio.to_thread(write_export, session, turns, argument)
    return Say(f"{'1 turn' if len(turns) == 1 else f'{len(turns)} turns'} written to {path}")


@command("tag", "give this session tags, one to a word; the list finds it by `tag:WORD`", argument="WORDS")
async def tag(context: CommandContext, argument: str) -> Effect:
    session = await context.workstation.sessions.tag(_here(context).id, argument)
    return Refresh(session.id, f"tags: {' '.join(session.tags)}")


@command("untag", "take tags away from this session; without a word all of them", argument="[WORDS]")
async def untag(context: CommandContext, argument: str) -> Effect:
    session = await context.workstation.sessions.untag(_here(context).id, argument)
    return Refresh(session.id, f"tags: {' '.join(session.tags)}" if session.tags else "no tags")


@command("archive", "leave this session out of the list, or bring it back; the list shows them by `is:archived`")
async def archive(context: CommandContext, argument: str) -> Effect:
    session = _here(context)
    session = await context.workstation.sessions.archive(session.id, is_archived=not session.is_archived)
    told = "archived: the list leaves it out; /archive brings it back" if session.is_archived else "back in the list"
    return Refresh(session.id, told)


@command("top", "let this session stand first in the list, or in its place again; models are pinned by /model")
async def top(context: CommandContext, argument: str) -> Effect:
    session = _here(context)
    session = await context.workstation.sessions.put_on_top(session.id, is_on_top=not session.is_on_top)
    told = "stands first in the list; /top puts it back" if session.is_on_top else "stands in its place in the list"
    return Refresh(session.id, told)


@command("delete", "delete this session; /undo brings it back, until it is purged after some days")
async def delete(context: CommandContext, argument: str) -> Effect:
    session = await context.workstation.tree.delete(_here(context).id)
    days = context.workstation.settings.session.keep_deleted_days
    return CloseSession(
        f"{session.title or 'the session'} is deleted; /undo brings it back, for {days} days /sessions, is:deleted",
    )


@command("rename", "give this session a title", argument="TITLE", key="session.rename")
async def rename(context: CommandContext, argument: str) -> Effect:
    here = _here(context)
    if not argument:
        raise UserError("/rename needs a title", "/rename My title")
    session = await context.workstation.sessions.rename(here.id, argument)
    return Refresh(session.id, f"renamed to {session.title}")


def _here(context: CommandContext) -> Session:
    """The session on the screen. Raises UserError before its first prompt."""
    if context.session is None:
        raise UserError("this session has no prompt yet", "send one first")
    return context.session
