"""Pages on which local servers tell what their openai-style model list leaves out: the window as it was set up, and abilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.model_lists import capabilities_of, first_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.exchange import ListedModel


@dataclass(frozen=True, slots=True)
class ServerPage:
    """One page of one kind of server."""

    path: str
    """From the root of the host."""
    learn: Callable[[ListedModel, object], ListedModel | None]
    """The model with what the page adds. None: it is no conversation model."""


def _with_props(model: ListedModel, document: object) -> ListedModel:
    """llama.cpp's /props: the window of one slot, which is what one conversation has; the list names only the trained one."""
    props = record(document)
    sees = record(props.get("modalities")).get("vision") is True
    return replace(
        model,
        context_tokens=first_size(record(props.get("default_generation_settings")).get("n_ctx"))
        or model.context_tokens,
        capabilities=model.capabilities | ({Capability.VISION} if sees else frozenset()),
    )


def _with_entry(model: ListedModel, document: object) -> ListedModel | None:
    """LM Studio's own list: kind, window as loaded (else the most it can be), abilities."""
    entries = map(record, items(record(document).get("data")))
    entry = next((entry for entry in entries if text(entry.get("id")) == model.id), None)
    if entry is None:
        return model
    kind = text(entry.get("type"))
    if kind == "embeddings":
        return None
    named = items(entry.get("capabilities"))
    sees = {Capability.VISION} if kind == "vlm" else frozenset()
    return replace(
        model,
        context_tokens=first_size(entry.get("loaded_context_length"), entry.get("max_context_length"))
        or model.context_tokens,
        capabilities=model.capabilities | capabilities_of(named) | sees,
    )


LLAMACPP_PROPS = ServerPage("/props", _with_props)
LMSTUDIO_MODELS = ServerPage("/api/v0/models", _with_entry)
