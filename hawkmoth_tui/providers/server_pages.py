"""Pages on which local servers tell what their openai-style model list leaves out: the window as it was set up, and abilities."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.model_lists import capabilities_of, first_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.providers.inquiries import Lesson


@dataclass(frozen=True, slots=True)
class ServerPage:
    """One page of one kind of server."""

    path: str
    """From the root of the host."""
    learn: Callable[[object], Lesson]
    """Reads the page."""


def _props(document: object) -> Lesson:
    """llama.cpp's /props: the window of one slot, which is what one conversation has; the list names only the trained one."""
    props = record(document)
    sees = record(props.get("modalities")).get("vision") is True
    window = first_size(record(props.get("default_generation_settings")).get("n_ctx"))

    def told(model: ListedModel) -> ListedModel:
        abilities = model.capabilities | ({Capability.VISION} if sees else frozenset())
        return replace(model, context_tokens=window or model.context_tokens, capabilities=abilities)

    return told


def _entries(document: object) -> Lesson:
    """LM Studio's own list, an entry for each model; one that has none stays as it is."""
    by_id: dict[str, Mapping[str, object]] = {}
    for entry in map(record, items(record(document).get("data"))):
        by_id.setdefault(text(entry.get("id")), entry)

    def told(model: ListedModel) -> ListedModel | None:
        entry = by_id.get(model.id)
        return _with_entry(model, entry) if entry is not None else model

    return told


def _with_entry(model: ListedModel, entry: Mapping[str, object]) -> ListedModel | None:
    """Kind, window as loaded (else the most it can be), abilities."""
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


LLAMACPP_PROPS = ServerPage("/props", _props)
LMSTUDIO_MODELS = ServerPage("/api/v0/models", _entries)
