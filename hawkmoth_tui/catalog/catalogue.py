"""Which models exist, for configured providers only: the user's own over what a server lists over the shipped list. Pure: asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import lanes, places
from hawkmoth_tui.catalog.assembly import Sayings, assemble
from hawkmoth_tui.catalog.builtin import builtin
from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UnknownModel
from hawkmoth_tui.core.models import ModelRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.settings.schema import ProviderSettings

NEAR = 0.45
"""Likeness, 0..1, below which a name is not offered."""

OFFERED = 3
"""Names offered for one that is not known."""


class Catalogue:
    """All models by name. Built new whenever a source changes, never changed."""

    __slots__ = ("_models", "_others", "_routable")

    def __init__(
        self,
        models: Iterable[Model],
        routable: frozenset[ModelRef] | None = None,
        others: Mapping[str, Sayings] | None = None,
    ) -> None:
        self._models = {model.ref: model for model in models}
        self._routable = frozenset(self._models) if routable is None else routable
        self._others = dict(others or {})

    def all(self) -> tuple[Model, ...]:
        """Every model, in the order of its sources: the user's, the curated, the listed, by provider."""
        return tuple(self._models.values())

    def routable(self) -> tuple[Model, ...]:
        """The models that the router may choose by itself: the user's own, the curated, and all of a provider the user set up or that runs
        here. The hundreds that a vendor merely lists are chosen by name."""
        return tuple(model for model in self._models.values() if model.ref in self._routable)

    def find(self, ref: ModelRef) -> Model | None:
        """The model; one of a configured provider that nobody described has no known price. None: no such provider."""
        known = self._models.get(ref)
        if known is not None:
            return known
        provider = self._others.get(ref.provider)
        return _undescribed(provider, ref.id) if provider else None

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
        if ref is not None and (ref in self._models or ref.provider in self._others):
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
) -> Catalogue:
    """The catalogue of the configured providers.

    `listed` holds what servers said, by provider; `found_here` names the providers that discovery found on this machine, whose models cost
    nothing unless the user prices them.
    """
    models: list[Model] = []
    routable: set[ModelRef] = set()
    others: dict[str, Sayings] = {}
    shipped = builtin()
    for name, provider in providers.items():
        vendor = places.vendor(provider)
        user = {model.id: model for model in provider.models}
        entries = {entry.id: entry for entry in shipped.models.get(vendor, ())}
        told = {model.id: model for model in listed.get(name, ())}
        others[name] = Sayings(provider, "", is_found_here=name in found_here)
        for model_id in dict.fromkeys((*user, *entries, *(i for i in told if lanes.holds_conversations(i)))):
            says = Sayings(
                provider=provider,
                id=model_id,
                user=user.get(model_id),
                listed=told.get(model_id),
                entry=entries.get(model_id),
                is_found_here=name in found_here,
                entry_source=shipped.source,
                entry_as_of=shipped.as_of,
            )
            models.append(assemble(says))
            if not vendor or model_id in user or model_id in entries:
                routable.add(ModelRef(name, model_id))
    return Catalogue(models, frozenset(routable), others)


def _undescribed(provider: Sayings, model_id: str) -> Model:
    return assemble(Sayings(provider.provider, model_id, is_found_here=provider.is_found_here))


def _likeness(wanted: str, ref: ModelRef) -> float:
    """0..1 over the full name, the id and its last part; a name that holds the text whole is nearer than any that does not."""
    import difflib

    names = {str(ref).casefold(), ref.id.casefold(), ref.id.casefold().rpartition("/")[2]}
    best = max(difflib.SequenceMatcher(None, wanted, name).ratio() for name in names)
    return 0.5 + best / 2 if any(wanted in name for name in names) else best
