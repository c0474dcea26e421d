"""What using models has shown: how often each one answered, when last, and how fast. Read from the ledger and from late turns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.summaries import ModelUse

if TYPE_CHECKING:
    import apsw

MEASURED_TURNS = 300
"""Latest turns whose attempts are read for the speed."""


def read(connection: apsw.Connection) -> tuple[ModelUse, ...]:
    """Every model that was ever booked, the last used first. Some milliseconds in a large store: call it in a thread."""
    speeds = _speeds(connection)
    rows = connection.execute(
        "SELECT provider, model, count(DISTINCT turn_id), max(at_ms) AS last_ms FROM ledger"
        " WHERE cause = 'turn' GROUP BY provider, model ORDER BY last_ms DESC"
    )
    return tuple(
        ModelUse(ref := ModelRef(provider, model_id), turns, last_ms, speeds.get(ref))
        for provider, model_id, turns, last_ms in rows
    )


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
