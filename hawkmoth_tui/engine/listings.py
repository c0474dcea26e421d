"""What servers listed when they were last asked, kept in the cache folder with its date. Losing it costs one `models --refresh`."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.settings.paths import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import TypeAlias

    Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

log = logging.getLogger(__name__)

MOST_BYTES = 32_000_000
"""A larger file is not ours."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One server's answer."""

    base_url: str
    """Who was asked: an answer holds for no other address."""
    as_of: str
    """ISO date of the answer."""
    models: tuple[ListedModel, ...]


class Listings:
    """The file. Neither reading nor writing it ever fails: what cannot be read is forgotten, what cannot be written is logged."""

    def __init__(self, file: Path, clock_ms: Callable[[], int]) -> None:
        self._file = file
        self._clock_ms = clock_ms

    def today(self) -> str:
        """The ISO date, UTC."""
        return datetime.fromtimestamp(self._clock_ms() / 1000, UTC).date().isoformat()

    def read(self) -> Mapping[str, Listing]:
        """By provider; empty when there is nothing, or nothing that can be understood."""
        try:
            if self._file.stat().st_size > MOST_BYTES:
                raise ValueError("too large")
            document = json.loads(self._file.read_bytes(), parse_float=Decimal)
            return {str(name): _listing(said) for name, said in document["providers"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError, InvalidOperation) as error:
            log.info("%s is not used: %s", self._file, error)
            return {}

    def write(self, listings: Mapping[str, Listing]) -> None:
        """Replace the file whole, for this user alone."""
        document: Json = {"providers": {name: _as_json(listing) for name, listing in listings.items()}}
        part = self._file.with_name(f"{self._file.name}.{os.getpid()}.part")
        try:
            private_folder(self._file.parent)
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                json.dump(document, file)
            part.chmod(0o600)
            part.replace(self._file)
        except OSError as error:
            log.warning("the servers' lists are not kept: %s", error)


def _as_json(listing: Listing) -> Json:
    models: list[Json] = [_model_as_json(model) for model in listing.models]
    return {"base_url": listing.base_url, "as_of": listing.as_of, "models": models}


def _model_as_json(model: ListedModel) -> Json:
    """Without what the server did not say."""
    facts: dict[str, Json] = {
        "id": model.id,
        "context_tokens": model.context_tokens,
        "max_output_tokens": model.max_output_tokens,
        "input_usd_per_mtok": _text(model.input_usd_per_mtok),
        "output_usd_per_mtok": _text(model.output_usd_per_mtok),
        "cached_input_usd_per_mtok": _text(model.cached_input_usd_per_mtok),
        "cache_write_usd_per_mtok": _text(model.cache_write_usd_per_mtok),
        "capabilities": [capability.value for capability in sorted(model.capabilities)] or None,
        "is_remote": model.is_remote or None,
    }
    return {name: value for name, value in facts.items() if value is not None}


def _listing(said: Mapping[str, object]) -> Listing:
    """Raises ValueError or TypeError for what we never wrote."""
    models = said["models"]
    if not isinstance(models, list):
        raise TypeError("models is no list")
    as_of = datetime.fromisoformat(str(said["as_of"])).date().isoformat()
    return Listing(str(said["base_url"]), as_of, tuple(_model(each) for each in models))


def _model(said: Mapping[str, object]) -> ListedModel:
    names = said.get("capabilities") or ()
    known = names if isinstance(names, list | tuple) else ()
    return ListedModel(
        id=str(said["id"]),
        context_tokens=_count(said.get("context_tokens")),
        max_output_tokens=_count(said.get("max_output_tokens")),
        input_usd_per_mtok=_usd(said.get("input_usd_per_mtok")),
        output_usd_per_mtok=_usd(said.get("output_usd_per_mtok")),
        cached_input_usd_per_mtok=_usd(said.get("cached_input_usd_per_mtok")),
        cache_write_usd_per_mtok=_usd(said.get("cache_write_usd_per_mtok")),
        capabilities=frozenset(capability for capability in Capability if capability.value in known),
        is_remote=bool(said.get("is_remote")),
    )


def _count(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"{value!r} is no number of tokens")
    return value


def _usd(value: object) -> Decimal | None:
    """Prices are text, so that they stay exact."""
    if value is None:
        return None
    amount = Decimal(str(value))
    if not amount.is_finite() or amount < 0:
        raise ValueError(f"{value!r} is no price")
    return amount


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"
