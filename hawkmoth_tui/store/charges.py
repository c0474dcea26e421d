"""The turns behind one line of the totals, newest first, found by the buckets in which the line has anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.summaries import Charge, Compared, GroupBy
from hawkmoth_tui.store.rollups import ALWAYS_MS, KEYS, QUARTER_MS, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    import apsw

PROMPT_CHARACTERS = 200
_TURN = "coalesce(turn_id, attempt_id)"
_ROWS = """
    SELECT at_ms, session_id, turn_id, provider || '/' || model, coalesce(task, ''), cause, amount_pico, baseline_pico,
        input_tokens, output_tokens
    FROM ledger"""


def charges(
    connection: apsw.Connection, by: GroupBy, key: str, since_ms: int | None, until_ms: int | None, most: int
) -> tuple[Charge, ...]:
    """At most so many, from `since_ms` until before `until_ms`; None is open. Hours, days and months are told by these bounds alone."""
    kind, key = (Kind.ALL, "") if by in (GroupBy.HOUR, GroupBy.DAY, GroupBy.MONTH) else (Kind[by.name], key)
    span = (-ALWAYS_MS if since_ms is None else since_ms, ALWAYS_MS if until_ms is None else until_ms)
    found: dict[str, None] = {}
    for turn in _turns(connection, kind, key, span):
        found[turn] = None
        if len(found) == most:
            break
    return tuple(_charge(connection, turn, kind, key, span) for turn in found)


def _turns(connection: apsw.Connection, kind: Kind, key: str, span: tuple[int, int]) -> Iterator[str]:
    """Ids of turns, or of requests without one; the newest first, some more than once."""
    since_ms, until_ms = span
    for (bucket,) in connection.execute(
        "SELECT bucket FROM ledger_sum WHERE kind = ? AND level = 0 AND key = ? AND bucket >= ? AND bucket <= ? ORDER BY bucket DESC",
        (int(kind), key, since_ms // QUARTER_MS, (until_ms - 1) // QUARTER_MS),
    ):
        first, end = max(since_ms, bucket * QUARTER_MS), min(until_ms, (bucket + 1) * QUARTER_MS)
        for (turn,) in connection.execute(
            f"SELECT {_TURN} FROM ledger WHERE at_ms >= ? AND at_ms < ? AND {KEYS[kind]} = ? ORDER BY at_ms DESC, seq DESC",
            (first, end, key),
        ):
            yield turn


def _charge(connection: apsw.Connection, turn: str, kind: Kind, key: str, span: tuple[int, int]) -> Charge:
    """What the turn's requests within the span add to the line."""
    rows = list(
        connection.execute(
            f"{_ROWS} WHERE at_ms >= ? AND at_ms < ? AND {KEYS[kind]} = ? AND (turn_id = ? OR attempt_id = ? AND turn_id IS NULL)"
            " ORDER BY at_ms DESC, seq DESC",
            (*span, key, turn, turn),
        )
    )
    at_ms, session_id, turn_id, model, task, cause, *_ = rows[0]
    amounts = [(amount, baseline) for *_, amount, baseline, _, _ in rows]
    both = [(amount, baseline) for amount, baseline in amounts if amount is not None and baseline is not None]
    title, prompt = _words(connection, session_id, turn_id)
    return Charge(
        at_ms=at_ms,
        session_id=session_id,
        turn_id=turn_id,
        model=model,
        task=task,
        cause=cause,
        cost_pico=sum(amount or 0 for amount, _ in amounts),
        is_unknown=any(amount is None for amount, _ in amounts),
        compared=Compared(sum(baseline for _, baseline in both), sum(amount for amount, _ in both), len(both)),
        input_tokens=sum(read for *_, read, _ in rows),
        output_tokens=sum(written for *_, written in rows),
        session_title=title,
        prompt=prompt,
    )


def _words(connection: apsw.Connection, session_id: str | None, turn_id: str | None) -> tuple[str, str]:
    """Title of the session and beginning of the prompt, as far as they are still there."""
    title = prompt = ""
    for found, preview in connection.execute("SELECT title, preview FROM session WHERE id = ?", (session_id,)):
        title = found or preview
    for (found,) in connection.execute(
        "SELECT substr(coalesce(json_extract(prompt, '$.parts[0].text'), ''), 1, ?) FROM turn WHERE id = ? AND json_valid(prompt)",
        (PROMPT_CHARACTERS, turn_id),
    ):
        prompt = str(found)
    return title, prompt
