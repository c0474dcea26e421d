"""What has arrived of a live turn: small rows that fold into its answer, deleted when the turn ends.

Adjacent deltas of one group become one row; any split of the deltas folds to the same turn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias, assert_never

from hawkmoth_tui.core.events import Escalated, TextDelta, ThinkingDelta, ToolCallReceived
from hawkmoth_tui.core.turn import Turn, TurnState, advance
from hawkmoth_tui.store.records import decode_call, decode_escalation, dump, encode_call, encode_escalation, storable

if TYPE_CHECKING:
    from collections.abc import Iterable

    import apsw

JournalEvent: TypeAlias = TextDelta | ThinkingDelta | ToolCallReceived | Escalated
"""The events that carry a piece of the answer."""


class ChunkKind(StrEnum):
    """What a row of the journal holds."""

    TEXT = "text"
    THINKING = "thinking"
    """The detail is JSON of signature and origin."""
    TOOL_CALL = "tool_call"
    """The text is JSON of the call."""
    ESCALATED = "escalated"
    """What came before is set aside; the text is JSON of the step."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One event on its way to the disk."""

    turn_id: str
    seq: int
    """Ascending within a turn."""
    event: JournalEvent
    at_ms: int


def merged(entries: Iterable[Entry]) -> list[Entry]:
    """Adjacent deltas of the same turn and kind as one; the order within each turn stays."""
    rows: list[Entry] = []
    last: dict[str, int] = {}
    for entry in entries:
        place = last.get(entry.turn_id)
        joined = _joined(rows[place].event, entry.event) if place is not None else None
        if place is not None and joined is not None:
            rows[place] = replace(rows[place], event=joined, at_ms=entry.at_ms)
        else:
            last[entry.turn_id] = len(rows)
            rows.append(entry)
    return rows


def append(connection: apsw.Connection, entries: Iterable[Entry]) -> None:
    """Write the entries, merged."""
    connection.executemany(
        "INSERT INTO turn_chunk (turn_id, seq, kind, text, detail, took_ms, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(entry.turn_id, entry.seq, *_encode(entry.event), entry.at_ms) for entry in merged(entries)],
    )


def fold(connection: apsw.Connection, turn: Turn) -> Turn:
    """A live turn with what was journalled."""
    rows = connection.execute(
        "SELECT kind, text, detail, took_ms FROM turn_chunk WHERE turn_id = ? ORDER BY seq", (turn.id,)
    )
    for kind, text, detail, took_ms in rows:
        turn = advance(replace(turn, state=TurnState.STREAMING), _decode(ChunkKind(kind), text, detail, took_ms))
    return turn


def last_at_ms(connection: apsw.Connection, turn_id: str) -> int | None:
    """When the newest row was taken; None when there is none."""
    rows = list(
        connection.execute("SELECT at_ms FROM turn_chunk WHERE turn_id = ? ORDER BY seq DESC LIMIT 1", (turn_id,))
    )
    return int(rows[0][0]) if rows else None


def delete(connection: apsw.Connection, turn_id: str) -> None:
    """Forget the turn's rows; its record has them now."""
    connection.execute("DELETE FROM turn_chunk WHERE turn_id = ?", (turn_id,))


def delete_orphans(connection: apsw.Connection) -> None:
    """Forget rows of turns that are not live: they came after the end."""
    connection.execute(
        "DELETE FROM turn_chunk WHERE turn_id NOT IN (SELECT id FROM turn WHERE state IN ('waiting', 'streaming'))"
    )


def _joined(first: JournalEvent, second: JournalEvent) -> JournalEvent | None:
    """Both as one event; None when they do not fold the same that way."""
    match first, second:
        case TextDelta(), TextDelta():
            return TextDelta(first.text + second.text)
        case ThinkingDelta(signature=""), ThinkingDelta() if first.origin == second.origin:
            return replace(second, text=first.text + second.text, took_ms=first.took_ms + second.took_ms)
        case _:
            return None


def _encode(event: JournalEvent) -> tuple[str, str, str | None, int]:
    match event:
        case TextDelta(text):
            return ChunkKind.TEXT.value, storable(text), None, 0
        case ThinkingDelta(text, signature, origin, took_ms):
            return ChunkKind.THINKING.value, storable(text), dump([signature, origin]), took_ms
        case ToolCallReceived(call):
            return ChunkKind.TOOL_CALL.value, dump(encode_call(call)), None, 0
        case Escalated(escalation):
            return ChunkKind.ESCALATED.value, dump(encode_escalation(escalation, {})), None, 0
        case _:
            assert_never(event)


def _decode(kind: ChunkKind, text: str, detail: str | None, took_ms: int) -> JournalEvent:
    match kind:
        case ChunkKind.TEXT:
            return TextDelta(text)
        case ChunkKind.THINKING:
            signature, origin = json.loads(detail) if detail else ("", "")
            return ThinkingDelta(text, signature, origin, took_ms)
        case ChunkKind.ESCALATED:
            return Escalated(decode_escalation(json.loads(text), _no_picture))
        case ChunkKind.TOOL_CALL:
            return ToolCallReceived(decode_call(json.loads(text)))


def _no_picture(sha256: str) -> bytes:
    raise ValueError(f"no answer has a picture, {sha256} either")
