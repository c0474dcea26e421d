"""What is said: messages made of parts. Neutral between providers; each adapter maps them to its own wire."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """Who speaks. The system prompt is not a message; it travels beside them."""

    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text, usually Markdown."""

    text: str


@dataclass(frozen=True, slots=True)
class Thinking:
    """Reasoning that a model showed."""

    text: str
    """Empty when the provider hides the text and sends only a signature."""
    signature: str = ""
    """The provider's seal on it, opaque; empty when there is none."""
    origin: str = ""
    """Protocol that wrote it. Only a server of the same protocol may get it back."""
    took_ms: int = 0
    """From its first piece to its last; 0 when it came in one, or nobody knows."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, whole."""

    media_type: str
    """As in a data URL: image/png, image/jpeg, image/gif, image/webp."""
    data: bytes
    name: str = ""
    """File name to show; empty for pasted pictures."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model wants made."""

    id: str
    name: str
    arguments: str
    """JSON text, exactly as joined from the wire; may be invalid JSON."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool answered."""

    call_id: str
    text: str
    is_error: bool = False


Part: TypeAlias = Text | Thinking | Image | ToolCall | ToolResult


@dataclass(frozen=True, slots=True)
class Message:
    """One utterance: who, and its parts in order."""

    role: Role
    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """All text parts joined."""
        return "".join(part.text for part in self.parts if isinstance(part, Text))


def user(text: str, *more: Part) -> Message:
    """A user's message of one text and, after it, other parts."""
    return Message(Role.USER, (Text(text), *more))


def assistant(text: str) -> Message:
    """An assistant's message of one text."""
    return Message(Role.ASSISTANT, (Text(text),))
