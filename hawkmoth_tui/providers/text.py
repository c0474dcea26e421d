"""Joining an answer's text: characters split over deltas, and thinking that a model wrote into its text between `<think>` tags."""

from __future__ import annotations

from enum import Enum, auto

OPENING = "<think>"
CLOSING = "</think>"


class Mender:
    """Joins the halves of surrogate pairs that a server split over two deltas; a half that stays alone becomes U+FFFD."""

    __slots__ = ("_half",)

    def __init__(self) -> None:
        self._half = ""

    def mend(self, text: str) -> str:
        """The text without lone halves; a high half at its end waits for the next delta."""
        if text.isascii() and not self._half:
            return text
        text = self._half + text
        self._half = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            self._half = text[-1]
            text = text[:-1]
        return whole(text)

    def end(self) -> str:
        """U+FFFD when a half is left over, else nothing."""
        left = "�" if self._half else ""
        self._half = ""
        return left


def whole(text: str) -> str:
    """The text with surrogate pairs joined and lone halves replaced, so that it can be printed and stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class _Place(Enum):
    BEFORE = auto()
    OPENED = auto()
    THINKING = auto()
    AFTER = auto()
    ANSWER = auto()


class ThinkSplitter:
    """Takes `<think>…</think>` at the very start of an answer out of its text, wherever the deltas cut the tags."""

    __slots__ = ("_held", "_place")

    def __init__(self) -> None:
        self._place = _Place.BEFORE
        self._held = ""

    @property
    def is_open(self) -> bool:
        """Whether text may still turn out to be thinking or a part of a tag."""
        return self._place is not _Place.ANSWER

    def split(self, text: str) -> tuple[str, str]:
        """The delta as (thinking, text); what may be a part of a tag is held back."""
        if self._place is _Place.ANSWER:
            return "", text
        text, self._held = self._held + text, ""
        thinking = ""
        if self._place is _Place.BEFORE:
            start = text.lstrip()
            if start.startswith(OPENING):
                self._place, text = _Place.OPENED, start.removeprefix(OPENING)
            elif OPENING.startswith(start):
                self._held = text
                return "", ""
            else:
                self._place = _Place.ANSWER
                return "", text
        if self._place is _Place.OPENED:
            text = text.lstrip("\n")
            if not text:
                return "", ""
            self._place = _Place.THINKING
        if self._place is _Place.THINKING:
            thinking, closing, text = text.partition(CLOSING)
            if not closing:
                kept = _tag_start(thinking)
                self._held = thinking[len(thinking) - kept :]
                return thinking[: len(thinking) - kept], ""
            self._place = _Place.AFTER
        text = text.lstrip("\n")
        if text:
            self._place = _Place.ANSWER
        return thinking, text

    def end(self) -> tuple[str, str]:
        """What was held back, as (thinking, text)."""
        held, self._held = self._held, ""
        return (held, "") if self._place is _Place.THINKING else ("", held)


def _tag_start(text: str) -> int:
    """How many characters at the end of `text` may begin a closing tag."""
    for size in range(min(len(CLOSING) - 1, len(text)), 0, -1):
        if CLOSING.startswith(text[-size:]):
            return size
    return 0
