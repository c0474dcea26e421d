"""What local servers tell about their models only when asked again: a card for each, or one page about all.

A wire that knows such questions has an `inquiries` method. They are asked together, a few at a time, within a deadline; whatever is not
answered by then stays unknown, and the list stands as it was.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from hawkmoth_tui.core.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence
    from typing import TypeAlias

    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.providers.wire import Call

    Lesson: TypeAlias = Callable[[ListedModel], ListedModel | None]
    """The model with what an answer adds. None: it is no conversation model."""

DEADLINE_S = 1.5
"""For all questions about one list together."""
AT_ONCE = 8
"""Questions on their way at the same time."""
MOST = 200
"""Questions about one list; the models after them keep what the list says."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question, and how its answer changes what is known."""

    call: Call
    learn: Callable[[object], Lesson]
    """Reads the parsed answer, once for all the models that it is about."""
    model_id: str = ""
    """Whom the answer is about; empty: every model of the list."""


@runtime_checkable
class Inquisitive(Protocol):
    """A wire whose servers tell more than their list."""

    def inquiries(self, models: Sequence[ListedModel]) -> Sequence[Inquiry]:
        """What to ask about these models; nothing when the list says it all."""


async def told(
    models: Sequence[ListedModel], inquiries: Sequence[Inquiry], ask: Callable[[Call], Awaitable[object]]
) -> tuple[ListedModel, ...]:
    """The models with what was answered in time. `ask` returns the parsed document or raises a ProviderError."""
    answers: list[tuple[Inquiry, object]] = []
    lanes = asyncio.Semaphore(AT_ONCE)

    async def hear(inquiry: Inquiry) -> None:
        async with lanes:
            try:
                answers.append((inquiry, await ask(inquiry.call)))
            except ProviderError:
                return

    try:
        async with asyncio.timeout(DEADLINE_S):
            await asyncio.gather(*map(hear, inquiries[:MOST]))
    except TimeoutError:
        pass
    return _learned(models, answers)


def _learned(models: Iterable[ListedModel], answers: Iterable[tuple[Inquiry, object]]) -> tuple[ListedModel, ...]:
    known: dict[str, ListedModel | None] = {model.id: model for model in models}
    for inquiry, document in answers:
        lesson = inquiry.learn(document)
        for name in (inquiry.model_id,) if inquiry.model_id else tuple(known):
            model = known.get(name)
            known[name] = lesson(model) if model else None
    return tuple(model for model in known.values() if model)
