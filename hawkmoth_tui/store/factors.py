"""Learned token factors: one row for each model and way of counting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.store.rows import TokenFactor

if TYPE_CHECKING:
    from collections.abc import Callable

    import apsw

_READ = "SELECT provider, model, basis, factor, samples, at_ms FROM token_factor"


def read(connection: apsw.Connection) -> tuple[TokenFactor, ...]:
    """Every factor."""
    return tuple(_factor(row) for row in connection.execute(f"{_READ} ORDER BY provider, model, basis"))


def change(
    connection: apsw.Connection,
    model: ModelRef,
    basis: str,
    update: Callable[[TokenFactor | None], TokenFactor | None],
) -> TokenFactor | None:
    """Replace the model's factor by what `update` makes of it; None leaves it. Returns what stands there then.

    It is read in the transaction that writes, so that no report of another process is lost.
    """
    found = list(
        connection.execute(f"{_READ} WHERE provider = ? AND model = ? AND basis = ?", (model.provider, model.id, basis))
    )
    before = _factor(found[0]) if found else None
    after = update(before)
    if after is None:
        return before
    connection.execute(
        "INSERT INTO token_factor (provider, model, basis, factor, samples, at_ms) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (provider, model, basis) DO UPDATE SET"
        " factor = excluded.factor, samples = excluded.samples, at_ms = excluded.at_ms",
        (model.provider, model.id, basis, after.factor, after.samples, after.at_ms),
    )
    return after


def _factor(row: tuple[object, ...]) -> TokenFactor:
    provider, model, basis, factor, samples, at_ms = row
    return TokenFactor(
        ModelRef(str(provider), str(model)), str(basis), float(str(factor)), int(str(samples)), int(str(at_ms))
    )
