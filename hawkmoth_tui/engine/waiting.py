"""Waits inside a turn, before a request is sent or sent again: told while they last, and ended by the user when that is wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.events import Waiting
from hawkmoth_tui.core.turn import Wait
from hawkmoth_tui.engine.flight import Woken

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from hawkmoth_tui.core.errors import HawkmothError
    from hawkmoth_tui.core.events import TurnEvent
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.engine.flight import Flight

LEAST_TOLD_S = 1.0
"""A shorter wait is over before anybody could answer it."""

_WHY = {"RateLimited": "rate limited", "Overloaded": "overloaded", "Unreachable": "unreachable"}


def why(error: HawkmothError) -> str:
    """What a wait is for, in a word or two."""
    return _WHY.get(type(error).__name__, "failed")


class Pause:
    """One wait. How it ended stands in `woken` when its events are over."""

    def __init__(self, flight: Flight, reason: str, seconds: float, then: ModelRef | None) -> None:
        """`then` is who would take the turn instead of waiting. None: nobody."""
        self._flight = flight
        self._seconds = seconds
        self._wait = Wait(reason, flight.now_s + seconds, then)
        self.woken = Woken.IN_TIME

    async def events(self) -> AsyncGenerator[TurnEvent, None]:
        """Begins with the wait and ends with none; a short one has no events."""
        wait, flight = self._wait, self._flight
        is_told = self._seconds >= LEAST_TOLD_S
        if is_told:
            yield Waiting(wait)
        while (woken := await flight.pause(wait.until_s)) is Woken.KEPT:
            wait = replace(wait, is_kept=True)
            yield Waiting(wait)
        self.woken = woken
        if is_told:
            yield Waiting(None)
