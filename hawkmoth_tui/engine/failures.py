"""Errors as data: what a turn and an attempt keep of an exception."""

from __future__ import annotations

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import HawkmothError, NoRoute, ProviderError
from hawkmoth_tui.core.turn import TurnError


def as_data(error: HawkmothError, provider: str = "") -> TurnError:
    """The error's type, words, hint and, from a provider, its status."""
    status = error.status if isinstance(error, ProviderError) else None
    return TurnError(type(error).__name__, one_line(error.message, 1000), one_line(error.hint), provider, status)


def bug(error: Exception) -> TurnError:
    """What is shown of an exception that nobody expected; the traceback is in the log."""
    return TurnError("Bug", f"this is a bug in Hawkmoth ({type(error).__name__})", "the details are in the log file")


def no_route(reasons: list[str], offer: str = "") -> NoRoute:
    """All candidates are ruled out; the first reasons stand in the hint, and before them what could be taken instead."""
    shown = "; ".join(reasons[:3]) + (f"; and {len(reasons) - 3} more" if len(reasons) > 3 else "")
    return NoRoute("no model may take this turn", f"{offer}; {shown}" if offer else shown)
