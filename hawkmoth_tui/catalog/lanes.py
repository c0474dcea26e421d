"""What a model that nobody described is worth a guess: whether it holds conversations at all, its lane by price, its quality by size."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import Prices

ECONOMY_USD = Decimal(1)
STANDARD_USD = Decimal(10)
"""Output price per million tokens up to which an undescribed model counts as economy, and as standard."""

_NO_CHAT = re.compile(
    r"(?:^|[-_/:. ])(?:embed(?:ding)?s?|rerank(?:er)?|whisper|tts|transcribe|transcription|moderation|guard|dall-e|gpt-image|imagen"
    r"|sdxl|diffusion|flux|ocr|realtime|audio|asr|speech|orpheus|voxtral|bge|colbert|clip|sora|veo|playai|safeguard)(?:$|[-_/:.\d ])",
    re.IGNORECASE,
)
_SIZE = re.compile(r"(?<![\w.])(\d{1,4}(?:\.\d+)?)\s?[bB](?![a-zA-Z])")

_BY_SIZE = ((1.5, 0.25), (4.5, 0.36), (9.5, 0.46), (16.0, 0.54), (40.0, 0.62), (80.0, 0.66))
"""Billions of parameters up to which a model on this machine counts as this good. Our own prior."""

_LARGEST = 0.70


def holds_conversations(model_id: str) -> bool:
    """Whether the name is that of a chat model: not one for embeddings, speech, pictures or moderation."""
    return _NO_CHAT.search(model_id) is None


def lane_by_price(prices: Prices | None) -> str:
    """The lane of a model that nobody put in one; standard when its price is unknown."""
    if prices is None:
        return "standard"
    output_usd = prices.output_usd_per_mtok
    return "economy" if output_usd <= ECONOMY_USD else "standard" if output_usd <= STANDARD_USD else "premium"


def quality_by_size(model_id: str) -> float | None:
    """The prior for a model on this machine by the parameters its name tells ("8b", "70B"). None: the name does not tell."""
    found = _SIZE.search(model_id.replace("-", " ").replace(":", " ").replace("_", " "))
    if found is None:
        return None
    billions = float(found[1])
    return next((quality for limit, quality in _BY_SIZE if billions <= limit), _LARGEST)
