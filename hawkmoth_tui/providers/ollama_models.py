"""What an Ollama server tells about its models: the list, and one card for each. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import BadResponse
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.model_lists import MOST_MODELS, capabilities_of, first_size
from hawkmoth_tui.providers.wire import Page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.providers.inquiries import Lesson

_CONVERSES = "completion"
"""The capability of a model that writes text; one for embeddings lacks it."""


def tags_page(document: object) -> Page:
    """A list from /api/tags."""
    entries = record(document).get("models")
    if not isinstance(entries, list):
        raise BadResponse("the server's model list cannot be read", "check base_url: is this an Ollama server?")
    models = (_listed(record(entry)) for entry in entries[:MOST_MODELS])
    return Page(tuple(model for model in models if model is not None))


def card_of(document: object) -> Lesson:
    """What a model's card from /api/show adds."""
    card = record(document)
    named = items(card.get("capabilities"))

    def told(model: ListedModel) -> ListedModel | None:
        if named and _CONVERSES not in named:
            return None
        return replace(
            model,
            context_tokens=_trained_window(record(card.get("model_info"))) or model.context_tokens,
            capabilities=capabilities_of(named) or model.capabilities,
            is_remote=model.is_remote or _is_remote(card),
        )

    return told


def _listed(fields: Mapping[str, object]) -> ListedModel | None:
    """One entry; None when it has no name, or the server says that it holds no conversations."""
    name, named = text(fields.get("name")) or text(fields.get("model")), items(fields.get("capabilities"))
    if not name or (named and _CONVERSES not in named):
        return None
    return ListedModel(
        id=name,
        context_tokens=first_size(fields.get("context_length"), record(fields.get("details")).get("context_length")),
        capabilities=capabilities_of(named),
        is_remote=_is_remote(fields),
    )


def _is_remote(fields: Mapping[str, object]) -> bool:
    """Whether ollama.com answers in this server's place."""
    return bool(fields.get("remote_model") or fields.get("remote_host"))


def _trained_window(info: Mapping[str, object]) -> int | None:
    """The window the model was trained for, which stands under the name of its architecture."""
    architecture = text(info.get("general.architecture"))
    own = first_size(info.get(f"{architecture}.context_length"))
    return own or next(
        (size for key in info if key.endswith(".context_length") and (size := first_size(info[key]))), None
    )
