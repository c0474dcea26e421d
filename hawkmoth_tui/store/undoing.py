"""The last change of a session that can be taken back: what the changed facts were before. One level, which undoing turns round."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.store import drafts, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import apsw

_HEAD = "head_turn_id"
_FACTS = frozenset({_HEAD, "title", "tags", "is_archived", "is_on_top"})
"""What can be taken back, by the names of a session's fields."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What there is to take back."""

    said: str
    """What was done, in words: renaming."""
    facts: Mapping[str, Any]
    """As they were before."""
    is_again: bool = False
    """Whether taking it back does again what was undone."""
    parting: tuple[str, str] | None = None
    """Where the branch that is shown parts from the one to go back to: the first turn of each. None: not known, or no branch changes."""

    @property
    def moves_head(self) -> bool:
        return _HEAD in self.facts

    def applied(self, session: Session) -> Session:
        """The session's own facts as they were before; the head is moved by `branches`."""
        facts = self.facts
        return replace(
            session,
            title=str(facts.get("title", session.title)),
            tags=tuple(map(str, facts.get("tags", session.tags))),
            is_archived=bool(facts.get("is_archived", session.is_archived)),
            is_on_top=bool(facts.get("is_on_top", session.is_on_top)),
        )


def change(connection: apsw.Connection, session_id: str, said: str, change_of: Callable[[Session], Session]) -> Session:
    """Change the session's own facts so that it can be taken back. Raises `SessionNotFound`."""
    before = sessions.read(connection, session_id)
    if before is None:
        raise sessions.not_found(session_id)
    after = sessions.change(connection, session_id, change_of)
    changed = {
        field.name: getattr(before, field.name)
        for field in fields(Session)
        if field.name in _FACTS and getattr(before, field.name) != getattr(after, field.name)
    }
    if changed:
        remember(connection, session_id, said, changed)
    return after


def remember(
    connection: apsw.Connection,
    session_id: str,
    said: str,
    facts: Mapping[str, Any],
    *,
    is_again: bool = False,
    parting: tuple[str, str] | None = None,
) -> None:
    """These facts were so before what was just done; what was remembered earlier is forgotten. `parting` as in `TakenBack`."""
    record = json.dumps({"said": said, "facts": dict(facts), "again": is_again, "parting": parting})
    drafts.save_draft(connection, _scope(session_id), record)


def forget(connection: apsw.Connection, session_id: str) -> None:
    """Something was done that cannot be taken back."""
    drafts.save_draft(connection, _scope(session_id), "")


def last(connection: apsw.Connection, session_id: str) -> TakenBack:
    """What can be taken back now. Raises UserError when there is nothing."""
    try:
        record = json.loads(drafts.draft(connection, _scope(session_id)))
        facts = {name: value for name, value in record["facts"].items() if name in _FACTS}
        parting = tuple(map(str, record.get("parting") or ()))
        known = (parting[0], parting[1]) if len(parting) == 2 else None
        return TakenBack(str(record["said"]), facts, bool(record["again"]), known)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(
            "nothing was done here that can be undone", "moving, editing, asking again, titles and tags can be"
        ) from None


def turn_round(connection: apsw.Connection, before: Session, undone: TakenBack) -> None:
    """What was just taken back can be done again."""
    facts = {name: getattr(before, name) for name in undone.facts}
    parting = undone.parting[::-1] if undone.parting else None
    remember(connection, before.id, undone.said, facts, is_again=not undone.is_again, parting=parting)


def _scope(session_id: str) -> str:
    return f"{session_id}/undo"
