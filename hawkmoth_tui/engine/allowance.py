"""Keeps an answer of unknown length inside what is reserved for it: the stream reserves more as it grows, or is stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import StreamBroken
from hawkmoth_tui.core.messages import Text, Thinking
from hawkmoth_tui.routing.tokens import estimate

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hawkmoth_tui.core.turn import Turn

MOST_TOKENS_PER_CHARACTER = 2
"""No text is estimated at more; so a long answer is estimated a few dozen times, not with every piece."""


class Allowance:
    """What one attempt may write."""

    def __init__(self, hold: Callable[[int], Awaitable[str]], room_tokens: int) -> None:
        self._hold = hold
        """Reserves the most that an answer of so many tokens can cost; says why that is refused, empty when it stands."""
        self._room_tokens = room_tokens
        self._step_tokens = room_tokens
        self._due_characters = 0

    async def check(self, turn: Turn) -> None:
        """Raises StreamBroken when the answer outgrows its reservation and the budget refuses more."""
        characters = sum(len(part.text) for part in turn.answer if isinstance(part, Text | Thinking))
        if characters < self._due_characters:
            return
        tokens = estimate(turn.text) + estimate(turn.reasoning)
        if tokens > self._room_tokens:
            steps = -(-(tokens - self._room_tokens) // self._step_tokens)
            self._room_tokens += steps * self._step_tokens
            refusal = await self._hold(self._room_tokens)
            if refusal:
                raise StreamBroken(f"stopped by the budget: {refusal}", "raise the limit in [budget]")
        self._due_characters = characters + max(1, (self._room_tokens - tokens) // MOST_TOKENS_PER_CHARACTER)
