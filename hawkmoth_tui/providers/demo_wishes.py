"""What a prompt asks of the demo server beyond an answer: failures, lengths, speeds. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

MOST_TOKENS = 50_000


class Failure(StrEnum):
    """The failures that can be asked for."""

    RATE_LIMITED = "429"
    SERVER_ERROR = "500"
    OVERLOADED = "503"
    AUTH = "401"
    CUT = "cut"
    STALL = "stall"
    REFUSE = "refuse"
    CONTEXT = "context"
    PAGE = "html"
    EMPTY = "empty"
    ONCE = "once"


FAILURES = {
    Failure.RATE_LIMITED: "answers 429 and asks to wait 2 s, or so long as wait=20 says",
    Failure.SERVER_ERROR: "answers 500",
    Failure.OVERLOADED: "answers 503",
    Failure.AUTH: "refuses the key",
    Failure.CUT: "cuts the connection in mid-answer",
    Failure.STALL: "goes silent in mid-answer",
    Failure.REFUSE: "refuses the prompt by its moderation",
    Failure.CONTEXT: "says that the prompt is too long",
    Failure.PAGE: "sends a web page instead of an answer",
    Failure.EMPTY: "finishes without an answer",
    Failure.ONCE: "answers 503 the first time and well the second",
}
"""What each word after "fail" makes the server do."""

HELP = "\n".join(
    (
        "The demo server makes up its answers on this machine. Words in a prompt change what it does:",
        *(f"  fail {failure.value:<8} {effect}" for failure, effect in FAILURES.items()),
        "  … on swift    only that model fails (swift, steady or deep), so that another one can take over",
        "  tokens=2000   an answer of that many tokens",
        "  rate=100      tokens per second; 0 is as fast as possible",
        "  delay=500     milliseconds before the first token",
    )
)
"""For help texts."""

_FAIL = re.compile(
    r"\bfail (" + "|".join(failure.value for failure in Failure) + r")\b(?: on (?:demo/)?(\w+))?", re.IGNORECASE
)
_NUMBER = re.compile(r"\b(tokens|rate|delay|wait)=(\d{1,6})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What one prompt asks for; None leaves it to the model."""

    failure: Failure | None = None
    tokens: int | None = None
    rate: int | None = None
    """Tokens per second; 0 is as fast as possible."""
    delay_ms: int | None = None
    wait_s: int | None = None
    """Seconds that a refusal asks to wait."""


def wishes_in(prompt: str, model_id: str) -> Wishes:
    """The wishes in a prompt that concern this model; of several numbers the last one counts."""
    found = _FAIL.search(prompt)
    failure = Failure(found.group(1).lower()) if found else None
    if found and found.group(2) and found.group(2).lower() != model_id:
        failure = None
    numbers = {name.lower(): int(number) for name, number in _NUMBER.findall(prompt)}
    tokens = numbers.get("tokens")
    return Wishes(
        failure,
        None if tokens is None else min(tokens, MOST_TOKENS),
        numbers.get("rate"),
        numbers.get("delay"),
        numbers.get("wait"),
    )
