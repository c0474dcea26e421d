"""What the user thought of answers: said outright, or seen in what was done next. Append-only; taking a sign back is a row too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.performance import Wins

if TYPE_CHECKING:
    import apsw

    from hawkmoth_tui.core.feedback import Sign
    from hawkmoth_tui.core.models import ModelRef

_COLUMNS = "id, at_ms, kind, weight, provider, model, task, turn_id, undoes"
_STANDS = "undoes IS NULL AND NOT EXISTS (SELECT 1 FROM feedback AS undone WHERE undone.undoes = feedback.id)"


def add(connection: apsw.Connection, sign: Sign) -> None:
    """Keep it; one that is there already stays as it is."""
    connection.execute(
        f"INSERT INTO feedback ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (id) DO NOTHING",
        (
            sign.id,
            sign.at_ms,
            sign.kind.value,
            sign.weight,
            sign.model.provider,
            sign.model.id,
            sign.task,
            sign.turn_id,
        ),
    )


def undo(connection: apsw.Connection, sign_id: str, undo_id: str, at_ms: int) -> bool:
    """Take a sign back; False when there is none of this id that stands."""
    connection.execute(
        f"INSERT INTO feedback ({_COLUMNS}) SELECT ?2, ?3, kind, -weight, provider, model, task, turn_id, id FROM feedback"
        f" WHERE id = ?1 AND {_STANDS}",
        (sign_id, undo_id, at_ms),
    )
    return bool(connection.changes())


def of_turn(connection: apsw.Connection, turn_id: str) -> tuple[tuple[str, str], ...]:
    """Id and kind of the signs about a turn that stand, the oldest first."""
    return tuple(
        (str(sign_id), str(kind))
        for sign_id, kind in connection.execute(
            f"SELECT id, kind FROM feedback WHERE turn_id = ? AND {_STANDS} ORDER BY seq", (turn_id,)
        )
    )


def weights(connection: apsw.Connection, since_ms: int, until_ms: int) -> dict[tuple[str, str, str], tuple[int, int]]:
    """For each provider, model id and task the good and the poor weight of the signs that stand, in hundredths."""
    return {
        (provider, model, task): (good, poor)
        for provider, model, task, good, poor in connection.execute(
            "SELECT provider, model, task, sum(max(weight, 0)), sum(max(-weight, 0)) FROM feedback"
            f" WHERE at_ms >= ? AND at_ms < ? AND {_STANDS} GROUP BY provider, model, task",
            (since_ms, until_ms),
        )
    }


def wins(connection: apsw.Connection, model: ModelRef, task: str) -> Wins:
    """The weights of one model at one task type, over all signs that stand."""
    ((good, poor),) = connection.execute(
        "SELECT coalesce(sum(max(weight, 0)), 0), coalesce(sum(max(-weight, 0)), 0) FROM feedback"
        f" WHERE provider = ? AND model = ? AND task = ? AND {_STANDS}",
        (model.provider, model.id, task),
    )
    return Wins(good, poor)


def by_day(connection: apsw.Connection) -> tuple[tuple[str, str, str, int, int, int, int], ...]:
    """Provider, model id, task, day since 1970 in UTC, good and poor weight in hundredths, number: of all signs that stand."""
    return tuple(
        connection.execute(
            "SELECT provider, model, task, at_ms / 86400000 AS day, sum(max(weight, 0)), sum(max(-weight, 0)), count(*)"
            f" FROM feedback WHERE {_STANDS} GROUP BY provider, model, task, day ORDER BY provider, model, task, day"
        )
    )


def bring(source: apsw.Connection, target: apsw.Connection) -> None:
    """Add the signs of another store that are not here."""
    target.executemany(
        f"INSERT INTO feedback ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        source.execute(f"SELECT {_COLUMNS} FROM feedback ORDER BY seq"),
    )
