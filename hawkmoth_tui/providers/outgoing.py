"""From the neutral transcript to what one wire can carry: foreign thinking dropped, empty messages dropped, neighbours joined. Pure."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.providers.text import whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.core.messages import Part

SEPARATOR = "\n\n"
"""Between texts of one speaker that become one."""


def sendable(messages: Iterable[Message], origin: str) -> list[Message]:
    """The messages that hold something for this wire, roles alternating; only thinking of this `origin` is kept."""
    kept: list[Message] = []
    for message in messages:
        parts = tuple(part for part in message.parts if _holds_something(part, origin))
        if not any(not isinstance(part, Thinking) for part in parts):
            continue
        if kept and kept[-1].role is message.role:
            kept[-1] = Message(message.role, kept[-1].parts + parts)
        else:
            kept.append(Message(message.role, parts))
    return kept


def texts(message: Message) -> str:
    """The message's texts as one."""
    return whole(SEPARATOR.join(part.text for part in message.parts if isinstance(part, Text)))


def tool_loop_start(messages: list[Message]) -> int:
    """Index after the last message that is truly the user's: what follows is the model's running work with its tools."""
    for index in range(len(messages) - 1, -1, -1):
        message = messages[index]
        if message.role is Role.USER and any(isinstance(part, Text | Image) for part in message.parts):
            return index + 1
    return 0


def base64_of(image: Image) -> str:
    """The picture's bytes in base64."""
    return b64encode(image.data).decode("ascii")


def data_url(image: Image) -> str:
    """The picture as a data URL (RFC 2397)."""
    return f"data:{image.media_type};base64,{base64_of(image)}"


def _holds_something(part: Part, origin: str) -> bool:
    match part:
        case Text(text):
            return bool(text.strip())
        case Thinking():
            return part.origin == origin
        case Image() | ToolCall() | ToolResult():
            return True
