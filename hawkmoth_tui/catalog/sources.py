"""Who says what about the models of one provider, for the catalogue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import places
from hawkmoth_tui.catalog.assembly import SHIPPED, Sayings
from hawkmoth_tui.catalog.builtin import builtin
from hawkmoth_tui.core.models import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.catalog.pricelist import PriceList
    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.settings.schema import ProviderSettings


class Sources:
    """Everybody who says something about the models of one provider."""

    __slots__ = ("_is_found_here", "_listed_on", "_price_list", "_provider", "curated", "told", "user", "vendor")

    def __init__(
        self,
        provider: ProviderSettings,
        listed: Iterable[ListedModel],
        listed_on: str,
        price_list: PriceList | None,
        *,
        is_found_here: bool,
    ) -> None:
        self.vendor = places.vendor(provider)
        self.user = {model.id: model for model in provider.models}
        self.curated = {entry.id: entry for entry in builtin().models.get(self.vendor, ())}
        self.told = {model.id: model for model in listed}
        self._provider = provider
        self._listed_on = listed_on
        self._price_list = price_list
        self._is_found_here = is_found_here

    def says(self, model_id: str) -> Sayings:
        """What they say about one model; the price list is asked only about a vendor's models that the curated list leaves out."""
        entry, shipped, price_list = self.curated.get(model_id), builtin(), self._price_list
        prices, facts = Origin(shipped.source, shipped.as_of), Origin(SHIPPED.source, shipped.as_of)
        if entry is None and price_list is not None and self.vendor:
            entry = price_list.find(self.vendor, model_id)
            prices = facts = Origin(price_list.source, price_list.as_of)
        return Sayings(
            provider=self._provider,
            id=model_id,
            user=self.user.get(model_id),
            listed=self.told.get(model_id),
            entry=entry,
            is_found_here=self._is_found_here,
            entry_prices=prices,
            entry_facts=facts,
            listed_as_of=self._listed_on,
            output_limit=shipped.output_limit(self.vendor, model_id),
        )
