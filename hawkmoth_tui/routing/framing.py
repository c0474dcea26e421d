"""What stands around a question: greetings, "could you please tell me", thanks. Taken away, the question itself is left. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 160
"""Characters; a longer prompt says more than one plain question."""

_STRAIGHT = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "″": '"', "′": "'", "\u00a0": " ", "\u202f": " ", "？": "?"}
)

_GREETING = re.compile(
    r"(?:(?:hey|hi|hello|yo|ok|okay|so|well|um|uh|please|pls|btw|by the way|quick question|just curious|out of curiosity"
    r"|good (?:morning|afternoon|evening))(?: there)?[,:;.!…-]*\s+|(?:hey |hi |hello |ok )?hawkmoth[,:!]\s*)+",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"(?:(?:can|could|would|will) you (?:please |kindly |just |quickly )?(?:(?:tell|show|give|remind) me )?"
    r"|do you (?:happen to )?know |(?:please |kindly |just |quickly )?(?:tell|show|give|remind) me (?:please )?"
    r"|i(?:'d| would) (?:like|love) to know |i (?:want|need|have) to know |let me know |i wonder |please |quickly )",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:,\s*|\s)(?:please|pls|plz|thanks(?: a lot| in advance)?|thank you(?: very much)?|thx|ta|cheers|for me|quickly|real quick|mate)$"
    r"|,\s*hawkmoth$",
    re.IGNORECASE,
)
_END_MARKS = " \t?.!…,;"


@dataclass(frozen=True, slots=True)
class Question:
    """One prompt without its frame."""

    text: str
    """In the user's own capitals, blanks single, quotes straight, without marks at the end."""
    lower: str
    is_requested: bool
    """Whether "tell me", "could you" or the like led up to it."""
    ends_with_bang: bool
    """Whether an exclamation mark stood right behind it."""


def question(prompt: str) -> Question | None:
    """The question in this prompt. None: too long or of several lines, so no plain question."""
    if len(prompt) > 4 * LONGEST:
        return None
    text = prompt.strip()
    if not text or len(text) > LONGEST or "\n" in text or "\r" in text:
        return None
    text = " ".join(text.translate(_STRAIGHT).split())
    greeting = _GREETING.match(text)
    if greeting:
        text = text[greeting.end() :]
    request = _REQUEST.match(text)
    if request:
        text = text[request.end() :]
    text, ends_with_bang = _without_thanks(text)
    return Question(text, text.lower(), request is not None, ends_with_bang) if text else None


def _without_thanks(text: str) -> tuple[str, bool]:
    ends_with_bang = text.rstrip(" ?").endswith("!")
    text = text.rstrip(_END_MARKS)
    while (thanks := _THANKS.search(text)) is not None:
        text, ends_with_bang = text[: thanks.start()].rstrip(_END_MARKS), False
    return text, ends_with_bang
