"""Whether a prompt plainly asks for what only a model with the web can know: prices, weather, news and scores of now. Pure."""

from __future__ import annotations

import re

LONGEST = 400
"""A longer prompt brings what it is about."""

_NOW = (
    r"(?:today(?:'s|’s)?|tonight(?:'s|’s)?|right now|at the moment|currently|current|latest|live|this (?:week|"
    r"morning|evening)(?:'s|’s)?|yesterday(?:'s|’s)?|tomorrow(?:'s|’s)?|up[- ]to[- ]date|real[- ]time)"
)
_WHAT = (
    r"(?:weather|forecast|temperature outside|stock prices?|share prices?|exchange rates?|bitcoin price|"
    r"price of (?:bitcoin|gold|oil|ethereum|[A-Z]{2,5})|news|headlines|scores?|standings|traffic)"
)
_ASKS = re.compile(
    rf"\b{_NOW}\b[^.?!\n]{{0,40}}\b{_WHAT}\b|\b{_WHAT}\b[^.?!\n]{{0,60}}\b{_NOW}\b"
    r"|\b(?:search|browse) (?:the )?(?:web|internet)\b|\blook (?:it |this )?up (?:online|on the (?:web|internet))\b"
    r"|^(?:what(?:'s|’s| is)|how(?:'s|’s| is)) the weather (?:in|like)\b|\bwho won (?:last night|yesterday|today)\b",
    re.IGNORECASE,
)
_MADE = re.compile(
    r"\b(?:write|function|code|script|program|app|api|poem|story|essay|explain|translate|class|regex|sql|"
    r"dataset|component|design|imagine|template|widget|page)\b",
    re.IGNORECASE,
)


def needs_live_data(prompt: str) -> bool:
    """Whether an answer out of memory would be out of date."""
    return len(prompt) <= LONGEST and _ASKS.search(prompt) is not None and _MADE.search(prompt) is None
