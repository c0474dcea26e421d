"""Which models exist, for configured providers only: the user's own over what a server lists over the curated list over the price list.

Pure: asks nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import lanes
from hawkmoth_tui.catalog.assembly import assemble
from hawkmoth_tui.catalog.discovery import is_own_ollama
from hawkmoth_tui.catalog.sources import Sources
from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UnknownModel
from hawkmoth_tui.core.models import ModelRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hawkmoth_tui.catalog.pricelist import PriceList
    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.settings.schema import ProviderSettings

NEAR = 0.45
"""Likeness, 0..1, below which a name is not offered."""

OFFERED = 3
"""Names offered for one that is not known."""


class Catalogue:
    """All models by name. Built new whenever a source changes, never changed."""

    __slots__ = ("_models", "_routable", "_sources")

    def __init__(
        self,
        models: Iterable[Model],
        routable: frozenset[ModelRef] | None = None,
        sources: Mapping[str, Sources] | None = None,
    ) -> None:
        self._models = {model.ref: model for model in models}
        self._routable = frozenset(self._models) if routable is None else routable
        self._sources = dict(sources or {})

    def all(self) -> tuple[Model, ...]:
        """Every model, in the order of its sources: the user's, the curated, the listed, by provider."""
        return tuple(self._models.values())

    def routable(self) -> tuple[Model, ...]:
        """The models that the router may choose by itself: the user's own, the curated, all of a provider the user set up, and what runs
        here. The hundreds that a vendor merely lists are chosen by name, and so is what a server that was found here passes on."""
        return tuple(model for model in self._models.values() if model.ref in self._routable)

    def find(self, ref: ModelRef) -> Model | None:
        """The model; one of a configured provider that nobody described has no known price. None: no such provider."""
        known = self._models.get(ref)
        if known is not None:
            return known
        source = self._sources.get(ref.provider)
        return assemble(source.says(ref.id)) if source else None

    def lacks_price(self, ref: ModelRef) -> bool:
        """Whether the price list could tell a price that nobody else tells. A curated model is left unpriced on purpose."""
        source = self._sources.get(ref.provider)
        if source is None or not source.vendor or ref.id in source.curated:
            return False
        model = self.find(ref)
        return model is not None and model.prices is None

    def nearest(self, text: str, n: int = OFFERED) -> tuple[ModelRef, ...]:
        """The known models whose full name, id or last part of it is most like `text`, best first; fewer than `n` where few are like it."""
        wanted = text.strip().casefold()
        scored = sorted((-_likeness(wanted, ref), ref) for ref in self._models) if wanted else []
        return tuple(ref for likeness, ref in scored[:n] if -likeness >= NEAR)

    def resolve(self, text: str) -> ModelRef:
        """The model that `text` names: a whole reference, anything of a configured provider, a bare id, or a part that only one name has.

        Raises `UnknownModel`; its hint offers the nearest names.
        """
        wanted = text.strip()
        ref = ModelRef.parse(wanted)
        if ref is not None and (ref in self._models or ref.provider in self._sources):
            return ref
        folded = wanted.casefold()
        same = [each for each in self._models if folded and folded in (each.id.casefold(), str(each).casefold())]
        matching = same or [each for each in self._models if folded and folded in str(each).casefold()]
        if len(matching) == 1:
            return matching[0]
        raise self._unknown(wanted, matching)

    def _unknown(self, wanted: str, matching: list[ModelRef]) -> UnknownModel:
        shown = one_line(wanted, 80)
        if matching:
            names = ", ".join(str(ref) for ref in sorted(matching)[:OFFERED])
            return UnknownModel(
                f"{len(matching)} models answer to {shown!r}", f"say which: {names}{', …' * (len(matching) > OFFERED)}"
            )
        near = self.nearest(wanted)
        if near:
            return UnknownModel(f"no model is called {shown!r}", f"did you mean {' or '.join(map(str, near))}?")
        ref = ModelRef.parse(shown)
        why = f"no provider is called {ref.provider!r}; " if ref else ""
        return UnknownModel(f"no model is called {shown!r}", f"{why}`hawkmoth models` lists them")


def build(
    providers: Mapping[str, ProviderSettings],
    listed: Mapping[str, tuple[ListedModel, ...]],
    found_here: frozenset[str] = frozenset(),
    *,
    listed_on: Mapping[str, str] | None = None,
    price_list: PriceList | None = None,
) -> Catalogue:
    """The catalogue of the configured providers.

    `listed` holds what servers said, by provider, and `listed_on` the ISO date of lists that are kept from earlier; `found_here` names the
    providers that discovery found on this machine, whose models cost nothing unless the user prices them. `price_list` prices what else
    vendors have; None: it was not read.
    """
    models: list[Model] = []
    routable: set[ModelRef] = set()
    sources: dict[str, Sources] = {}
    for name, provider in providers.items():
        source = Sources(
            provider,
            listed.get(name, ()),
            (listed_on or {}).get(name, ""),
            price_list,
            is_found_here=name in found_here or is_own_ollama(provider),
        )
        sources[name] = source
        chat = (model_id for model_id in source.told if lanes.holds_conversations(model_id))
        for model_id in dict.fromkeys((*source.user, *source.curated, *chat)):
            model = assemble(source.says(model_id))
            models.append(model)
            is_chosen = model_id in source.user or model_id in source.curated
            if is_chosen or (model.is_local if name in found_here else not source.vendor):
                routable.add(model.ref)
    return Catalogue(models, frozenset(routable), sources)


def _likeness(wanted: str, ref: ModelRef) -> float:
    """0..1 over the full name, the id and its last part; a name that holds the text whole is nearer than any that does not."""
    import difflib

    names = {str(ref).casefold(), ref.id.casefold(), ref.id.casefold().rpartition("/")[2]}
    best = max(difflib.SequenceMatcher(None, wanted, name).ratio() for name in names)
    return 0.5 + best / 2 if any(wanted in name for name in names) else best
