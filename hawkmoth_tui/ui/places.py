"""Rows of the pickers: the models and the saved sessions, each on one line."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import LOCAL_LANE
from hawkmoth_tui.core.money import money_text, pico
from hawkmoth_tui.ui.lines import MUTED, named, words
from hawkmoth_tui.ui.screens.pick import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.content import Content

    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.sessions import Sessions

AUTO = "auto"
"""Key of the row that hands the session back to the router."""
NAME_CELLS = 52


def model_rows(models: Models, pinned: ModelRef | None) -> list[Row]:
    """`auto`, then every model: usable ones first, then by lane and name."""
    usable = {status.name for status in models.providers() if status.is_usable}

    def order(model: Model) -> tuple[bool, str, str]:
        return model.ref.provider not in usable, model.lane, str(model.ref)

    first = Row(
        AUTO,
        _mark(pinned is None) + words(("auto", "bold $route"), ("  the router chooses", MUTED)),
        words(("", "")),
        AUTO,
    )
    return [first, *(_model_row(model, models, usable, pinned) for model in sorted(models.all(), key=order))]


def session_rows(sessions: Sessions, current_id: str | None, now_s: float) -> list[Row]:
    """Every session, the last used first."""
    rows = []
    for summary in sessions.list(limit=1000):
        session = summary.session
        turns = "1 turn" if summary.turns == 1 else f"{summary.turns} turns"
        cost = money_text(summary.cost_pico) + ("+?" if summary.unknown_turns else "")
        right = words((turns, MUTED), (f"{cost:>10}", "$cost"), (f"{when(session.updated_at_ms, now_s):>11}", MUTED))
        title = session.title or "untitled"
        preview = "" if summary.preview.startswith(title.rstrip("…")) else f"  {summary.preview}"
        left = _mark(session.id == current_id) + words((title, "$foreground"), (preview, MUTED))
        rows.append(Row(session.id, left, right, f"{title} {summary.preview} {session.id}".lower()))
    return rows


def when(at_ms: int, now_s: float) -> str:
    """`14:05` today, `yesterday`, `12 Mar`, `2024-03-12`, in local time."""
    at, now = datetime.fromtimestamp(at_ms / 1000).astimezone(), datetime.fromtimestamp(now_s).astimezone()
    days = (now.date() - at.date()).days
    if days <= 0:
        return f"{at:%H:%M}"
    if days == 1:
        return "yesterday"
    return f"{at.day} {at:%b}" if days < 300 else f"{at:%Y-%m-%d}"


def _model_row(model: Model, models: Models, usable: Iterable[str], pinned: ModelRef | None) -> Row:
    health = models.health(model.ref) if model.ref.provider in usable else "no key"
    window = f"{model.context_tokens // 1000}k" if model.context_tokens else "?"
    style = "$foreground" if model.ref.provider in usable else MUTED
    right = words(
        (f"{model.lane:<9}", MUTED),
        (f"{_prices(model):>15}", "$cost"),
        (f"{window:>7}", MUTED),
        (f"  {health:<8}", MUTED if health == "ok" else "$warning"),
    )
    left = _mark(model.ref == pinned) + named(model.ref, NAME_CELLS, style)
    return Row(str(model.ref), left, right, f"{model.ref} {model.lane} {health}".lower())


def _prices(model: Model) -> str:
    """USD per million tokens, in and out."""
    if model.prices is None:
        return "free" if model.lane == LOCAL_LANE else "? price"
    if not (model.prices.input_usd_per_mtok or model.prices.output_usd_per_mtok):
        return "free"
    return f"{money_text(pico(model.prices.input_usd_per_mtok))} → {money_text(pico(model.prices.output_usd_per_mtok))}"


def _mark(is_current: bool) -> Content:
    return words(("● " if is_current else "  ", "$route"))
