"""Model lists as servers write them, read into `ListedModel`s. Pure; what is no conversation model is left out where the server says so."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from hawkmoth_tui.core.errors import BadResponse
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.endpoints import origin_of
from hawkmoth_tui.providers.fields import amount, count, items, record, text
from hawkmoth_tui.providers.wire import Page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOST_MODELS = 5000
"""More than this on one page are not read."""

_PER_MTOK = Decimal(10**6)
_OTHER_PURPOSE = re.compile(
    r"(?:^|[-/_.])(?:embed\w*|whisper|tts|dall-e|moderation|transcribe|rerank\w*|babbage|davinci|sora|realtime|ocr|image)(?:[-/_.\d]|$)",
    re.IGNORECASE,
)
"""Names of models for other work than conversation, for servers that say nothing else about them."""
_CHAT_TYPES = frozenset({"", "model", "chat", "language", "code"})
_VISION_WORDS = frozenset({"vision", "image", "image_input"})


def openai_page(document: object, url: str) -> Page:
    """A list in OpenAI's form, bare (Together) or under `data`; prices where OpenRouter, Together or Perplexity give them."""
    entries = document if isinstance(document, list) else record(document).get("data")
    if not isinstance(entries, list):
        raise BadResponse("the server's model list cannot be read", "check base_url and protocol")
    is_bare = isinstance(document, list)
    models = (_openai_model(entry, is_per_mtok=is_bare) for entry in _named(entries))
    links = record(record(document).get("links"))
    return Page(tuple(model for model in models if model), _same_origin(url, text(links.get("next"))))


def anthropic_page(document: object, url: str) -> Page:
    """A list in Anthropic's form; newer ones carry limits and capabilities."""
    fields = record(document)
    if not isinstance(fields.get("data"), list):
        raise BadResponse("the server's model list cannot be read", "check base_url and protocol")
    models = tuple(_anthropic_model(entry) for entry in _named(items(fields["data"])))
    last_id = text(fields.get("last_id"))
    return Page(models, _after(url, last_id) if fields.get("has_more") is True and last_id else "")


def _named(entries: Iterable[object]) -> Iterator[Mapping[str, object]]:
    for position, entry in enumerate(entries):
        if position >= MOST_MODELS:
            return
        fields = record(entry)
        if text(fields.get("id")):
            yield fields


def _openai_model(fields: Mapping[str, object], *, is_per_mtok: bool) -> ListedModel | None:
    """One entry; None when the server says that it is no conversation model."""
    if (
        text(fields.get("type")) not in _CHAT_TYPES
        or record(fields.get("capabilities")).get("completion_chat") is False
    ):
        return None
    architecture, top = record(fields.get("architecture")), record(fields.get("top_provider"))
    outputs = items(architecture.get("output_modalities"))
    if outputs and "text" not in outputs:
        return None
    if not architecture and not text(fields.get("type")) and _OTHER_PURPOSE.search(text(fields["id"])):
        return None
    pricing = record(fields.get("pricing"))
    prices = _prices_per_mtok(pricing) if is_per_mtok or "mtok" in _unit(pricing) else _prices_per_token(pricing)
    return ListedModel(
        id=text(fields["id"]),
        context_tokens=first_size(
            fields.get("context_length"),
            fields.get("max_model_len"),
            fields.get("max_context_length"),
            fields.get("context_window"),
            top.get("context_length"),
            record(fields.get("meta")).get("n_ctx_train"),
        ),
        max_output_tokens=first_size(top.get("max_completion_tokens"), fields.get("max_completion_tokens")),
        input_usd_per_mtok=prices.get("input"),
        output_usd_per_mtok=prices.get("output"),
        cached_input_usd_per_mtok=prices.get("cached"),
        cache_write_usd_per_mtok=prices.get("written"),
        capabilities=_openai_capabilities(fields, items(architecture.get("input_modalities"))),
    )


def _openai_capabilities(fields: Mapping[str, object], inputs: Iterable[object]) -> frozenset[Capability]:
    named = [*items(fields.get("supported_parameters")), *items(fields.get("supported_features")), *inputs]
    flags = record(fields.get("capabilities"))
    named += [name for name, value in flags.items() if value is True]
    return capabilities_of(named)


def _anthropic_model(fields: Mapping[str, object]) -> ListedModel:
    capabilities = record(fields.get("capabilities"))
    named = [name for name, value in capabilities.items() if record(value).get("supported") is True]
    known = capabilities_of(named) | ({Capability.TOOLS} if capabilities else frozenset())
    return ListedModel(
        id=text(fields["id"]),
        context_tokens=first_size(fields.get("max_input_tokens")),
        max_output_tokens=first_size(fields.get("max_tokens")),
        capabilities=known,
    )


def capabilities_of(named: Iterable[object]) -> frozenset[Capability]:
    words = {word.lower() for word in named if isinstance(word, str)}
    known: set[Capability] = set()
    if words & {"tools", "tool_choice", "function_calling", "tool_use", "tool-calling"}:
        known.add(Capability.TOOLS)
    if words & _VISION_WORDS:
        known.add(Capability.VISION)
    if words & {"reasoning", "include_reasoning", "reasoning_effort", "thinking", "effort"}:
        known.add(Capability.REASONING)
    if words & {"web_search", "web_search_options"}:
        known.add(Capability.WEB)
    return frozenset(known)


def _unit(pricing: Mapping[str, object]) -> str:
    return text(pricing.get("unit")).replace("1m_tokens", "mtok")


def _prices_per_token(pricing: Mapping[str, object]) -> dict[str, Decimal]:
    """OpenRouter's strings in USD per token; -1 stands for a price that varies and is unknown here."""
    names = {"input": "prompt", "output": "completion", "cached": "input_cache_read", "written": "input_cache_write"}
    priced = ((kind, amount(pricing.get(name))) for kind, name in names.items())
    return {kind: (price * _PER_MTOK).normalize() + 0 for kind, price in priced if price is not None}


def _prices_per_mtok(pricing: Mapping[str, object]) -> dict[str, Decimal]:
    """Numbers in USD per million tokens. Together writes 0 also for models whose price it does not say: both 0 is unknown."""
    names = {"input": "input", "output": "output", "cached": "cached_input", "written": "cache_write"}
    priced = {kind: amount(pricing.get(name)) for kind, name in names.items()}
    priced["cached"] = priced["cached"] if priced["cached"] is not None else amount(pricing.get("cache_read"))
    if not priced["input"] and not priced["output"]:
        return {}
    return {kind: price for kind, price in priced.items() if price is not None}


def first_size(*values: object) -> int | None:
    return next((size for size in map(count, values) if size), None)


def _same_origin(url: str, following: str) -> str:
    """The next page's URL when it is on the same server; another server never gets the key."""
    target = urljoin(url, following) if following else ""
    return target if target and target != url and origin_of(target) == origin_of(url) else ""


def _after(url: str, last_id: str) -> str:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), "after_id": last_id}
    return parts._replace(query=urlencode(query)).geturl()
