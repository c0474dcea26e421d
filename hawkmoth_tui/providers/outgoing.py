"""From the neutral transcript to what one wire can carry: foreign thinking dropped, empty messages dropped, neighbours joined. Pure."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.providers.text import whole

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.core.messages import Part
    from hawkmoth_tui.providers.tool_calls import IdForm

SEPARATOR = "\n\n"
"""Between texts of one speaker that become one."""

_THINKING_TOKENS = {"minimal": 512, "low": 2048, "medium": 8192, "high": 24576}


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


def chat_content(message: Message) -> str | list[dict[str, object]]:
    """The words and pictures as chat completions take them: without pictures a plain string, which every server takes, else parts."""
    if not any(isinstance(part, Image) for part in message.parts):
        return texts(message)
    parts: list[dict[str, object]] = []
    for part in message.parts:
        if isinstance(part, Text):
            parts.append({"type": "text", "text": whole(part.text)})
        elif isinstance(part, Image):
            parts.append({"type": "image_url", "image_url": {"url": data_url(part)}})
    return parts


def function_calls(message: Message, id_form: IdForm) -> list[dict[str, object]]:
    """The message's tool calls as chat completions take them."""
    return [
        {"id": id_form.fit(part.id), "type": "function", "function": {"name": part.name, "arguments": part.arguments}}
        for part in message.parts
        if isinstance(part, ToolCall)
    ]


def thinking_tokens(effort: str) -> int:
    """The budget of a reasoning effort, for servers that are told tokens; one without a figure of its own counts as medium."""
    return _THINKING_TOKENS.get(effort, _THINKING_TOKENS["medium"])


def _holds_something(part: Part, origin: str) -> bool:
    match part:
        case Text(text):
            return bool(text.strip())
        case Thinking():
            return part.origin == origin
        case Image() | ToolCall() | ToolResult():
            return True
