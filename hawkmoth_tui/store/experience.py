"""What using models has shown: how often each one answered, when last, and how fast. Read from the sums and from late turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.summaries import ModelUse
from hawkmoth_tui.store import spans
from hawkmoth_tui.store.rollups import QUARTER_MS, Kind

if TYPE_CHECKING:
    import apsw

MEASURED_TURNS = 300
"""Latest turns whose attempts are read for the speed."""


def read(connection: apsw.Connection) -> tuple[ModelUse, ...]:
    """Every model that was asked in a turn, the last used first. Some milliseconds: call it in a thread."""
    speeds = _speeds(connection)
    uses = [
        ModelUse(ref, turns, last_ms, speeds.get(ref))
        for key, turns in spans.turns_by_key(connection, Kind.MODEL)
        if (ref := ModelRef.parse(key)) is not None and (last_ms := _last_ms(connection, ref)) is not None
    ]
    return tuple(sorted(uses, key=lambda use: -use.last_at_ms))


def _last_ms(connection: apsw.Connection, ref: ModelRef) -> int | None:
    """When a turn last began to ask the model; only the quarter of an hour that the sums name is looked through."""
    began = spans.last_quarter_ms(connection, Kind.MODEL, str(ref))
    if began is None:
        return None
    rows = connection.execute(
        "SELECT at_ms FROM ledger WHERE at_ms >= ? AND at_ms < ? AND provider = ? AND model = ? ORDER BY at_ms DESC LIMIT 1",
        (began, began + QUARTER_MS, ref.provider, ref.id),
    )
    return next((last_ms for (last_ms,) in rows), None)


def _speeds(connection: apsw.Connection) -> dict[ModelRef, float]:
    """Output tokens per second from the first token to the end, over all attempts read that ended well."""
    rows = connection.execute(
        """SELECT json_extract(attempt.value, '$.model[0]'), json_extract(attempt.value, '$.model[1]'),
                  sum(json_extract(attempt.value, '$.usage.output_tokens')) * 1000.0
                  / sum(json_extract(attempt.value, '$.duration_ms') - json_extract(attempt.value, '$.ttft_ms'))
             FROM (SELECT record FROM turn WHERE state = 'done' AND json_valid(record) ORDER BY seq DESC LIMIT ?) AS late,
                  json_each(late.record, '$.attempts') AS attempt
            WHERE json_extract(attempt.value, '$.outcome') = 'ok'
              AND json_extract(attempt.value, '$.usage.output_tokens') > 1
              AND json_extract(attempt.value, '$.duration_ms') > json_extract(attempt.value, '$.ttft_ms')
            GROUP BY 1, 2""",
        (MEASURED_TURNS,),
    )
    return {ModelRef(provider, model_id): speed for provider, model_id, speed in rows if speed}
