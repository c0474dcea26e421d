"""Money held for attempts that still run, so that two processes cannot overspend together. A dead process holds nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.store import ledger
from hawkmoth_tui.store.owner import is_alive
from hawkmoth_tui.store.rows import Owner, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    import apsw

    from hawkmoth_tui.store.rows import Limit, Reservation


def reserve(
    connection: apsw.Connection, reservation: Reservation, limits: Sequence[Limit], owner: Owner
) -> Refusal | None:
    """Hold the amount, or say which limit forbids it. Within one transaction nobody else can book or hold anything in between."""
    release_dead(connection)
    for limit in limits:
        spent_pico = ledger.spent_within(connection, limit)
        reserved_pico = _reserved_within(connection, limit, reservation.id)
        if spent_pico + reserved_pico + reservation.amount_pico > limit.limit_pico:
            return Refusal(limit, spent_pico, reserved_pico)
    connection.execute(
        "INSERT INTO reservation (id, amount_pico, session_id, turn_id, provider, lane, owner_pid, owner_started)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET amount_pico = excluded.amount_pico",
        (
            reservation.id,
            reservation.amount_pico,
            reservation.session_id,
            reservation.turn_id,
            reservation.provider,
            reservation.lane,
            owner.pid,
            owner.started,
        ),
    )
    return None


def release(connection: apsw.Connection, reservation_id: str) -> None:
    """Hold it no longer; nothing happens when it is not held."""
    connection.execute("DELETE FROM reservation WHERE id = ?", (reservation_id,))


def release_dead(connection: apsw.Connection) -> None:
    """Let go of what dead processes held."""
    for pid, started in list(connection.execute("SELECT DISTINCT owner_pid, owner_started FROM reservation")):
        if not is_alive(Owner(pid, started)):
            connection.execute("DELETE FROM reservation WHERE owner_pid = ? AND owner_started = ?", (pid, started))


def _reserved_within(connection: apsw.Connection, limit: Limit, besides_id: str) -> int:
    ((total,),) = connection.execute(
        "SELECT coalesce(sum(amount_pico), 0) FROM reservation"
        " WHERE id <> ?1 AND (?2 IS NULL OR session_id = ?2) AND (?3 IS NULL OR turn_id = ?3)"
        " AND (?4 IS NULL OR provider = ?4) AND (?5 IS NULL OR lane = ?5)",
        (besides_id, limit.session_id, limit.turn_id, limit.provider, limit.lane),
    )
    return int(total)
