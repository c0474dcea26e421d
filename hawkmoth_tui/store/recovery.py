"""After a process died: its live turns become interrupted, with all that had arrived, and what it held is let go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import AttemptEnded, TurnEnded
from hawkmoth_tui.core.turn import Outcome, Turn, TurnError, TurnState, advance
from hawkmoth_tui.store import journal, ledger, reservations, turns
from hawkmoth_tui.store.owner import is_alive
from hawkmoth_tui.store.rows import Owner

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import apsw

    from hawkmoth_tui.store.rows import LedgerRow

_CUT = TurnError("StreamBroken", "Hawkmoth ended while this answer was arriving", "/continue goes on where it stopped")


def is_needed(connection: apsw.Connection) -> bool:
    """Whether there is anything that a dead process could have left behind."""
    ((found,),) = connection.execute(
        "SELECT EXISTS (SELECT 1 FROM turn WHERE state IN ('waiting', 'streaming'))"
        " OR EXISTS (SELECT 1 FROM reservation) OR EXISTS (SELECT 1 FROM turn_chunk)"
    )
    return bool(found)


def recover(
    connection: apsw.Connection, here: Owner, price: Callable[[Turn], tuple[Turn, Iterable[LedgerRow]]] | None
) -> tuple[Turn, ...]:
    """End the live turns whose owner is dead; those of other live processes are left alone, and so is a record that cannot be read.

    `price` gives the turn with what was cut priced, and its ledger rows: they are appended in the transaction that lets go of what
    was held for them.
    """
    recovered = []
    for turn_id, pid, started in turns.live(connection):
        turn = None if is_alive(Owner(pid, started)) else turns.read(connection, turn_id)
        if turn is None or not turn.state.is_live:
            continue
        turn = _interrupted(turn, journal.last_at_ms(connection, turn_id))
        turn, rows = price(turn) if price else (turn, ())
        turns.save(connection, turn, here)
        for row in rows:
            ledger.append(connection, row)
        recovered.append(turn)
    reservations.release_dead(connection)
    journal.delete_orphans(connection)
    return tuple(recovered)


def _interrupted(turn: Turn, last_at_ms: int | None) -> Turn:
    at_ms = max(turn.created_at_ms, last_at_ms or 0)
    attempt = turn.attempt
    if attempt is not None and attempt.outcome is None:
        duration_ms = max(0, at_ms - attempt.started_at_ms)
        turn = advance(
            turn, AttemptEnded(replace(attempt, outcome=Outcome.INTERRUPTED, error=_CUT, duration_ms=duration_ms))
        )
    return advance(
        turn,
        TurnEnded(
            TurnState.INTERRUPTED,
            at_ms,
            error=_CUT,
            baseline=turn.baseline,
            baseline_cost_pico=turn.baseline_cost_pico,
        ),
    )
