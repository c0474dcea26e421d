"""What a model gets to read: whole turns that fit its window, mapped to what it can take. Pure.

The transcript in the store is neutral. Here it meets one target: reasoning of another protocol is dropped, pictures for a model without
eyes become a line of text, and old turns are left out whole, oldest first. Whatever was changed is said in a notice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from hawkmoth_tui.core.messages import Image, Message, Part, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import Capability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.turn import Turn

Count: TypeAlias = Callable[[Iterable[Message]], int]
"""Estimates the tokens of messages, framing included."""


@dataclass(frozen=True, slots=True)
class Context:
    """One request's messages."""

    messages: tuple[Message, ...]
    tokens: int
    """Estimated input tokens, system prompt included."""
    is_whole: bool
    """False when earlier turns were left out. How many is not known: nobody reads them."""
    notices: tuple[str, ...]


def turn_tokens(turn: Turn, count: Count) -> int:
    """Estimated tokens of a past turn in a later request; its thinking is not counted, it is rarely sent back."""
    spoken = tuple(part for part in turn.answer if not isinstance(part, Thinking))
    return count((turn.said, Message(Role.ASSISTANT, spoken)))


def is_spoken(turn: Turn) -> bool:
    """Whether a past turn belongs into later requests: it has an answer, whole or cut."""
    return (
        not turn.state.is_live and not turn.is_switch and any(isinstance(part, Text | ToolCall) for part in turn.answer)
    )


def assemble(
    past: Iterable[Turn],
    prompt: Message,
    model: Model,
    protocol: str,
    *,
    system: str,
    room_tokens: int,
    count: Count,
    tokens: Callable[[Turn], int],
) -> Context:
    """The request for `model`: `past` is newest first and read only as far as it fits.

    `room_tokens` of the window stay free for the answer, at most half of it. A window of unknown size takes everything.
    What the past loses on its way to the model is said when the model is new to it, not again with every turn.
    """
    window = model.context_tokens
    base = count((Message(Role.USER, (Text(system),)), prompt))
    free = None if window is None else window - min(room_tokens, window // 2) - base
    kept: list[Turn] = []
    total, is_whole = base, True
    for turn in past:
        if not is_spoken(turn):
            continue
        size = tokens(turn)
        if free is not None and total - base + size > free:
            is_whole = False
            break
        kept.append(turn)
        total += size
    messages: list[Message] = []
    for turn in reversed(kept):
        messages += [turn.said, *_answer_with_results(turn.answer_message)]
    messages.append(prompt)
    fitted, notices = fit(messages, model, protocol)
    if kept and kept[0].model == model.ref:
        _, notices = fit((prompt,), model, protocol)
    if not is_whole:
        notices = (f"{_sent(len(kept))} the window of {model.ref} ({window:,} tokens)", *notices)
    return Context(fitted, total, is_whole, notices)


def _sent(turns: int) -> str:
    """How much of the past is sent, when it is not all."""
    if turns == 0:
        return "no earlier turn is sent: none fits"
    return f"only the last {'turn is' if turns == 1 else f'{turns} turns are'} sent: no more fit"


def _answer_with_results(answer: Message) -> list[Message]:
    """The answer; calls that nobody made get an empty result each, because servers refuse a call without one."""
    calls = [part for part in answer.parts if isinstance(part, ToolCall)]
    if not calls:
        return [answer]
    results = tuple(ToolResult(call.id, "not run", is_error=True) for call in calls)
    return [answer, Message(Role.TOOL, results)]


def fit(messages: Sequence[Message], model: Model, protocol: str) -> tuple[tuple[Message, ...], tuple[str, ...]]:
    """The messages as this target can take them, and what was changed, in words.

    Reasoning goes back only inside a tool loop of the protocol that sealed it; elsewhere servers ignore or refuse it.
    """
    dropped_thinking = dropped_images = 0
    fitted: list[Message] = []
    for message in messages:
        parts: list[Part] = []
        has_calls = any(isinstance(part, ToolCall) for part in message.parts)
        for part in message.parts:
            match part:
                case Thinking() if part.origin != protocol or not part.signature or not has_calls:
                    dropped_thinking += part.origin != protocol
                case Image() if Capability.VISION not in model.capabilities:
                    dropped_images += 1
                    parts.append(Text(f"[image {part.name or part.media_type} not sent: this model reads text only]"))
                case Text(text) if not text.strip():
                    pass
                case _:
                    parts.append(part)
        if parts:
            fitted.append(replace(message, parts=tuple(parts)))
    notices: list[str] = []
    if dropped_images:
        pictures = "1 image was" if dropped_images == 1 else f"{dropped_images} images were"
        notices.append(f"{pictures} not sent: {model.ref} reads text only")
    if dropped_thinking:
        notices.append(f"reasoning of another provider was not sent to {model.ref}")
    return tuple(_alternating(fitted)), tuple(notices)


def _alternating(messages: Iterable[Message]) -> Iterable[Message]:
    """Neighbours of one role joined, and nothing before the first user message."""
    joined: list[Message] = []
    for message in messages:
        if joined and joined[-1].role is message.role:
            joined[-1] = replace(message, parts=joined[-1].parts + message.parts)
        elif joined or message.role is Role.USER:
            joined.append(message)
    return joined
