"""`hawkmoth sessions`: list, show, fork, export, rename, delete and purge what is saved."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.money import sum_text
from hawkmoth_tui.engine.document import dumps, session_document, session_facts, usd_text
from hawkmoth_tui.engine.pages import as_markdown, as_text
from hawkmoth_tui.headless.exits import DONE, line
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, show, tell
from hawkmoth_tui.headless.tables import Column, Give, Ink, output_width, paints, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.summaries import SessionSummary
    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.engine.workstation import Workstation

PAGE = 200
COLUMNS = (
    Column("ID", ink=Ink.DIM),
    Column("LAST USED"),
    Column("TURNS", is_number=True),
    Column("COST", is_number=True, ink=Ink.COST),
    Column("TITLE", gives=Give.FIRST),
)


@click.group("sessions")
def command() -> None:
    """The saved sessions."""


@command.command("list")
@as_json("Print a JSON array instead of a table.")
@click.option("--limit", metavar="N", type=click.IntRange(1), help="Only the newest N.")
@click.option("--deleted", "is_deleted", is_flag=True, help="Those that were deleted and can be undeleted.")
def list_sessions(is_json: bool, limit: int | None, is_deleted: bool) -> int:
    """All sessions, newest first."""
    summaries = asyncio.run(_summaries(limit, is_deleted=is_deleted))
    if is_json:
        emit(dumps([summary_document(summary) for summary in summaries], indent=1) + "\n")
    elif summaries:
        rows = [_row(summary) for summary in summaries]
        emit(table(COLUMNS, rows, output_width(), is_painted=paints()) + "\n")
    else:
        show("no deleted sessions" if is_deleted else "no sessions yet")
    return DONE


@command.command("show")
@click.argument("session", metavar="ID")
@as_json()
def show_session(session: str, is_json: bool) -> int:
    """One session: its prompts and answers from the first to the last."""

    async def read() -> str:
        async with workstation(is_about_the_store=True, starts=False) as station:
            found = station.sessions.get(session)
            turns = station.sessions.branch(session)
            if is_json:
                return dumps(session_document(found, turns, await station.tree.standings(found.id)), indent=1)
            return as_text(found, turns)

    text = asyncio.run(read())
    if is_json:
        emit(text + "\n")
    else:
        show(text)
    return DONE


@command.command("export")
@click.argument("sessions", metavar="[ID]...", nargs=-1)
@click.option("--all", "is_all", is_flag=True, help="Every session.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="How it is written.",
)
def export(sessions: tuple[str, ...], is_all: bool, form: str) -> int:
    """Prints sessions whole, every prompt and answer of every branch, oldest first."""
    if is_all == bool(sessions):
        raise UserError("say what to export", "give --all, or the ids that `hawkmoth sessions list` shows")
    asyncio.run(_export(sessions, form))
    return DONE


@command.command("fork")
@click.argument("session", metavar="ID")
@click.argument("title", required=False, default="")
@as_json()
def fork(session: str, title: str, is_json: bool) -> int:
    """Copy a session's branch into a new session; the costs stay where they are."""

    async def copy() -> Session:
        async with workstation(is_about_the_store=True, starts=False) as station:
            return await station.sessions.fork(session, title)

    copied = asyncio.run(copy())
    if is_json:
        emit(dumps(session_facts(copied), indent=1) + "\n")
    else:
        show(f"{copied.id} is a fork of {session}, called {copied.title}")
    return DONE


@command.command("rename")
@click.argument("session", metavar="ID")
@click.argument("title")
def rename(session: str, title: str) -> int:
    """Give a session another title."""
    if not title.strip():
        raise UserError("the title is empty", "give some words")

    async def change() -> Session:
        async with workstation(is_about_the_store=True, starts=False) as station:
            station.sessions.get(session)
            return await station.sessions.rename(session, title)

    renamed = asyncio.run(change())
    show(f"{renamed.id} is now called {renamed.title}")
    return DONE


@command.command("delete")
@click.argument("sessions", metavar="ID...", nargs=-1, required=True)
def delete(sessions: tuple[str, ...]) -> int:
    """Hide sessions; they can be undeleted until they are purged, by themselves after [session] keep_deleted_days."""

    async def hide() -> int:
        async with workstation(is_about_the_store=True, starts=False) as station:
            for session in sessions:
                station.sessions.get(session)
            for session in sessions:
                await station.sessions.delete(session)
            return station.settings.session.keep_deleted_days

    days = asyncio.run(hide())
    show(f"{_named(sessions)} deleted; `hawkmoth sessions undelete` brings it back for {days} days")
    return DONE


@command.command("undelete")
@click.argument("sessions", metavar="ID...", nargs=-1, required=True)
def undelete(sessions: tuple[str, ...]) -> int:
    """Bring deleted sessions back."""

    async def bring_back() -> None:
        async with workstation(is_about_the_store=True, starts=False) as station:
            for session in sessions:
                await station.sessions.undelete(session)

    asyncio.run(bring_back())
    show(f"{_named(sessions)} back")
    return DONE


@command.command("purge")
@click.argument("sessions", metavar="[ID]...", nargs=-1)
@click.option("--deleted", "is_all_deleted", is_flag=True, help="Every deleted session.")
def purge(sessions: tuple[str, ...], is_all_deleted: bool) -> int:
    """Erase sessions for good, deleted or not, from the store and from every copy beside it. What they cost stays in the sums."""
    if is_all_deleted == bool(sessions):
        raise UserError("say what to purge", "give ids, or --deleted for every deleted session")

    async def erase() -> tuple[tuple[str, ...], bool]:
        async with workstation(is_about_the_store=True, starts=False) as station:
            chosen = sessions or tuple(summary.session.id for summary in station.sessions.deleted())
            return chosen, await station.sessions.purge(chosen) if chosen else True

    chosen, is_complete = asyncio.run(erase())
    show(f"{_named(chosen)} purged" if chosen else "no deleted sessions")
    if not is_complete:
        tell(line("another Hawkmoth still holds old pages of the store", "they are gone when it has ended"))
    return DONE


def _named(sessions: tuple[str, ...]) -> str:
    return f"session {sessions[0]} is" if len(sessions) == 1 else f"{len(sessions)} sessions are"


async def _summaries(limit: int | None, *, is_deleted: bool) -> list[SessionSummary]:
    async with workstation(is_about_the_store=True, starts=False) as station:
        found: list[SessionSummary] = []
        if is_deleted:
            return list(station.sessions.deleted()[:limit])
        for summary in every_session(station):
            found.append(summary)
            if limit is not None and len(found) >= limit:
                break
        return found


def every_session(station: Workstation) -> Iterator[SessionSummary]:
    """All sessions, newest first, read page by page."""
    offset = 0
    while page := station.sessions.list(PAGE, offset):
        yield from page
        offset += len(page)


async def _export(ids: tuple[str, ...], form: str) -> None:
    """Writes one session after the other, so that a large store needs no large memory."""
    async with workstation(is_about_the_store=True, starts=False) as station:
        chosen = [station.sessions.get(each) for each in ids] or [s.session for s in every_session(station)][::-1]
        if form == "json":
            emit('{"sessions": [')
        for index, session in enumerate(chosen):
            turns = station.sessions.turns(session.id)
            match form:
                case "json":
                    emit((",\n" if index else "\n") + dumps(session_document(session, turns)))
                case "markdown":
                    show(as_markdown(session, turns))
                case _:
                    show(as_text(session, turns))
        if form == "json":
            emit("\n]}\n")


def summary_document(summary: SessionSummary) -> dict[str, Json]:
    """One line of the listing."""
    return {
        **session_facts(summary.session),
        "turns": summary.turns,
        "cost_usd": usd_text(summary.cost_pico),
        "unknown_turns": summary.unknown_turns,
        "preview": summary.preview,
    }


def _row(summary: SessionSummary) -> tuple[str, ...]:
    session = summary.session
    at = datetime.fromtimestamp(session.updated_at_ms / 1000).astimezone()
    return (
        session.id,
        at.strftime("%Y-%m-%d %H:%M"),
        str(summary.turns),
        sum_text(summary.cost_pico, summary.unknown_turns),
        session.title or summary.preview,
    )
