"""Plain values to store: a session, a turn, a ledger row."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import ModelRef, Prices
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.turn import Turn, TurnKind
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store.rows import LedgerRow

SMALL = ModelRef("lab", "small/model")
PRICES = Prices(Decimal("0.10"), Decimal("0.40"), Decimal("0.05"), None, "config", "2026-11-01")


def session(session_id: str = "s1", **facts: Any) -> Session:
    return Session(**{"id": session_id, "title": "", "created_at_ms": 1000, "updated_at_ms": 1000, **facts})


def turn(turn_id: str = "t1", prompt: str = "hello", *, parent: str | None = None, session_id: str = "s1") -> Turn:
    return Turn(turn_id, session_id, parent, TurnKind.PROMPT, user(prompt), 1000)


def row(attempt_id: str, amount_pico: int | None = 1000, **facts: Any) -> LedgerRow:
    known: dict[str, Any] = {
        "attempt_id": attempt_id,
        "at_ms": 1000,
        "session_id": "s1",
        "turn_id": "t1",
        "model": SMALL,
        "lane": "economy",
        "usage": Usage(100, 10),
        "prices": PRICES,
        "amount_pico": amount_pico,
    }
    return LedgerRow(**{**known, **facts})
