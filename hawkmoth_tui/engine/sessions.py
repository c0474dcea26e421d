"""The saved conversations, as the front ends read and change them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import SessionNotFound, UserError
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.store.owner import is_alive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from hawkmoth_tui.core.ids import IdSource
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.session import Generation
    from hawkmoth_tui.core.summaries import ModelUse, SessionSummary
    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.keeper import Keeper
    from hawkmoth_tui.store.rows import LedgerRow
    from hawkmoth_tui.store.store import Store

LONGEST_TAG = 32
NEW_DRAFT = "new"
"""Scope of the text typed before its session exists."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Another process answers a session."""

    turn_id: str
    pid: int
    is_alive: bool
    """False: it is gone, and its answer was left behind."""


class Sessions:
    """Reads are synchronous and short; changes return when they are stored."""

    def __init__(self, keeper: Keeper, ids: IdSource, clock_ms: Callable[[], int]) -> None:
        self._keeper = keeper
        self._ids = ids
        self._clock_ms = clock_ms

    async def create(self, *, title: str = "", model: ModelRef | None = None, policy: str | None = None) -> Session:
        """A new, empty session, stored."""
        now = self._clock_ms()
        session = Session(self._ids.next(), title, now, now, model=model, policy=policy)
        await self._keeper.create_session(session)
        return session

    def get(self, session_id: str) -> Session:
        """Raises SessionNotFound."""
        session = self._store().session(session_id)
        if session is None:
            raise SessionNotFound(f"no session is called {one_line(session_id, 60)}", "see `hawkmoth sessions list`")
        return session

    def matching(self, text: str) -> tuple[Session, ...]:
        """The session of this id; else those whose id begins so, else those whose title has the words. At most two: enough to tell."""
        store, wanted = self._store(), text.strip()
        whole = store.session(wanted)
        if whole is not None:
            return (whole,)
        return (store.sessions_beginning(wanted.lower()) if wanted else ()) or store.sessions_titled(wanted)

    async def delete(self, session_id: str) -> None:
        """Hide it; `undelete` brings it back until it is purged. Raises SessionNotFound."""
        self.get(session_id)
        await self._store().delete_session(session_id)

    async def undelete(self, session_id: str) -> Session:
        """Raises SessionNotFound when no deleted session has the id."""
        await self._store().undelete_session(session_id)
        return self.get(session_id)

    def deleted(self) -> tuple[SessionSummary, ...]:
        """Those that can be undeleted, the last used first."""
        return self._store().deleted_sessions()

    async def purge(self, session_ids: Collection[str]) -> bool:
        """Erase sessions for good, deleted or not, from the store and every copy beside it; what they cost stays, without their names.

        False: another process still holds old pages, which go when it ends. Raises SessionNotFound, and UserError for one that is being
        answered; nothing is erased then.
        """
        known = {summary.session.id for summary in self.deleted()}
        for session_id in session_ids:
            if session_id not in known:
                self.get(session_id)
        return (await self._store().purge(session_ids)).is_scrubbed

    def latest(self) -> Session | None:
        """The session that was used last; None when there is none."""
        return self._store().latest_session()

    def list(self, limit: int = 100, offset: int = 0) -> tuple[SessionSummary, ...]:
        """Newest first."""
        return tuple(self._store().sessions(limit, offset))

    def branch(self, session_id: str) -> tuple[Turn, ...]:
        """The turns from the root to the head."""
        return tuple(self._store().branch(session_id))

    def turns(self, session_id: str) -> tuple[Turn, ...]:
        """All turns, siblings included, in the order they were made."""
        return tuple(self._store().turns(session_id))

    def decided_since(self, since_ms: int) -> tuple[Turn, ...]:
        """The turns of all sessions that were routed from then on, in the order they were made."""
        return tuple(self._store().decided_since(since_ms))

    def late(self, session_id: str, newest: int) -> tuple[Turn, ...]:
        """The last so many turns of the branch, the newest last."""
        return tuple(self._store().branch(session_id, newest))

    def before(self, turn_id: str, newest: int) -> tuple[Turn, ...]:
        """The turn and those before it on its branch, newest first."""
        return tuple(self._store().ancestors(turn_id, newest))

    async def saying(self, words: Sequence[str]) -> frozenset[str]:
        """Ids of the sessions in which one prompt has all the words."""
        return await asyncio.to_thread(self._store().sessions_saying, words)

    async def model_uses(self) -> tuple[ModelUse, ...]:
        """What using models has shown, the last used first."""
        return await asyncio.to_thread(self._store().model_uses)

    def elsewhere(self, session_id: str) -> Elsewhere | None:
        """Who else answers the session now; None when nobody or this process does. Its turn grows in the store."""
        store = self._store()
        session = store.session(session_id)
        owner = store.owner_of(session.head_turn_id) if session and session.head_turn_id else None
        if session is None or session.head_turn_id is None or owner is None or owner == store.owner:
            return None
        return Elsewhere(session.head_turn_id, owner.pid, is_alive(owner))

    async def end_orphans(self, price: Callable[[Turn], tuple[Turn, Iterable[LedgerRow]]]) -> None:
        """End the answers that processes now dead have left behind, as interrupted."""
        await asyncio.to_thread(self._store().recover, price)

    async def fork(self, session_id: str, title: str = "") -> Session:
        """A new session that holds the branch up to here: copied turns, shared attachments, the same choices, none of the money.

        An answer that is still running is left out. Raises SessionNotFound, and UserError when nothing is there to copy.
        """
        source, ids = self.get(session_id), dict[str, str]()
        copies: list[Turn] = []
        fork_id, now = self._ids.next(), self._clock_ms()
        for turn in self.branch(session_id):
            if not turn.state.is_live:
                ids[turn.id] = self._ids.next()
                parent_id = ids.get(turn.parent_id or "")
                copies.append(replace(turn, id=ids[turn.id], session_id=fork_id, parent_id=parent_id))
        if not copies:
            raise UserError("this session has no answered prompt to fork", "send one first")
        title = one_line(title, 200) or one_line(f"{source.title or 'untitled'} (fork)", 200)
        fork = replace(source, id=fork_id, title=title, created_at_ms=now, updated_at_ms=now, head_turn_id=None)
        fork = replace(fork, is_archived=False, is_on_top=False)
        await self._store().fork_session(fork, copies, session_id)
        return self.get(fork_id)

    async def rename(self, session_id: str, title: str) -> Session:
        return await self._change_undoably(session_id, "the title", title=one_line(title, 200))

    async def tag(self, session_id: str, words: str) -> Session:
        """Add tags, one to a word. Raises UserError when there is none."""
        tags = (*self.get(session_id).tags, *tags_of(words))
        return await self._change_undoably(session_id, "the tags", tags=tuple(dict.fromkeys(tags)))

    async def untag(self, session_id: str, words: str) -> Session:
        """Take tags away; no word takes all. Raises UserError for one that is not there."""
        tags = self.get(session_id).tags
        gone = tags_of(words) if words.strip() else tags
        for tag in gone:
            if tag not in tags:
                raise UserError(
                    f"this session has no tag {tag}", f"it has {', '.join(tags)}" if tags else "it has none"
                )
        return await self._change_undoably(session_id, "the tags", tags=tuple(tag for tag in tags if tag not in gone))

    async def archive(self, session_id: str, *, is_archived: bool) -> Session:
        """Leave it out of lists, or bring it back into them."""
        said = "archiving" if is_archived else "bringing back from the archive"
        return await self._change_undoably(session_id, said, is_archived=is_archived)

    async def put_on_top(self, session_id: str, *, is_on_top: bool) -> Session:
        """Let it stand first in lists, or in its place by time."""
        return await self._change_undoably(session_id, "its place in the list", is_on_top=is_on_top)

    async def pin(self, session_id: str, model: ModelRef | None) -> Session:
        """Pin the session to a model, or hand it back to the router with None."""
        return await self._change(session_id, model=model)

    async def set_policy(self, session_id: str, policy: str | None) -> Session:
        return await self._change(session_id, policy=policy)

    async def set_generation(self, session_id: str, generation: Generation | None) -> Session:
        return await self._change(session_id, generation=generation)

    def draft(self, session_id: str | None) -> str:
        """The text that was being written there; empty when there is none."""
        return self._store().draft(session_id or NEW_DRAFT)

    async def save_draft(self, session_id: str | None, text: str) -> None:
        await self._store().save_draft(session_id or NEW_DRAFT, text)

    def tray(self, session_id: str | None) -> str:
        """What waits there beside the draft, as `engine.tray` writes it; empty when there is nothing."""
        return self._store().draft(f"{session_id or NEW_DRAFT}/tray")

    async def save_tray(self, session_id: str | None, record: str) -> None:
        await self._store().save_draft(f"{session_id or NEW_DRAFT}/tray", record)

    def history(self, limit: int = 200) -> tuple[str, ...]:
        """Prompts of all sessions, newest first."""
        return tuple(self._store().history(limit))

    async def _change_undoably(self, session_id: str, said: str, **changes: object) -> Session:
        self.get(session_id)
        return await self._store().change_undoably(
            session_id,
            said,
            lambda session: replace(session, **changes),  # type: ignore[arg-type]  # names and types are the callers' above
        )

    async def _change(self, session_id: str, **changes: object) -> Session:
        self.get(session_id)
        return await self._store().change_session(
            session_id,
            lambda session: replace(session, **changes),  # type: ignore[arg-type]  # names and types are the callers' above
        )

    def _store(self) -> Store:
        return self._keeper.store


def tags_of(words: str) -> tuple[str, ...]:
    """The words as tags: in lower case, without marks around them. Raises UserError when there is none."""
    found = [one_line(word, LONGEST_TAG).strip("#,;:").lower() for word in words.replace(",", " ").split()]
    tags = tuple(dict.fromkeys("-".join(tag.split()) for tag in found if tag.strip()))
    if not tags:
        raise UserError("a tag is one word", "/tag work")
    return tags
