"""What is known about models, and from whom: the configuration, the servers' own lists, the price list. Holds the catalogue made of it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog.catalogue import build
from hawkmoth_tui.engine.listings import Listing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hawkmoth_tui.catalog.catalogue import Catalogue
    from hawkmoth_tui.catalog.pricelist import PriceList
    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.engine.listings import Listings
    from hawkmoth_tui.settings.schema import ProviderSettings


class Known:
    """The sources by provider. Every change makes a new catalogue."""

    def __init__(self, specs: dict[str, ProviderSettings], kept: Listings | None, baseline: ModelRef | None) -> None:
        """`kept` holds what servers listed in earlier runs; None: nothing is kept. `baseline` is priced like a model in use."""
        self.specs = specs
        self.found_here: set[str] = set()
        """Providers that nobody configured: servers that were found on this machine."""
        self._kept = kept
        self._baseline = baseline
        self._listed: dict[str, tuple[ListedModel, ...]] = {}
        self._listed_on: dict[str, str] = {}
        self._price_list: PriceList | None = None
        self._reading = asyncio.Lock()
        self._recall()
        self.catalogue = self._build()

    def add(self, spec: ProviderSettings, *, is_found_here: bool = False) -> None:
        """A provider that the configuration does not name."""
        self.specs[spec.name] = spec
        if is_found_here:
            self.found_here.add(spec.name)
        self.rebuild()

    def hear(self, name: str, listed: tuple[ListedModel, ...]) -> None:
        """A server's answer of now; the catalogue has it after `rebuild`."""
        self._listed[name] = listed
        self._listed_on[name] = self._kept.today() if self._kept is not None else ""

    def forget(self, name: str) -> None:
        """A server that was found here lists nothing any more; the catalogue lacks it after `rebuild`."""
        self._listed.pop(name, None)
        self._listed_on.pop(name, None)

    def rebuild(self) -> None:
        self.catalogue = self._build()

    async def settle(self) -> None:
        """`rebuild`, with every new name looked up in the price list outside the event loop: hundreds of names take too long for it."""
        if self._price_list is not None:
            await asyncio.to_thread(self._build)
        self.rebuild()

    async def keep(self) -> None:
        """Write what servers listed, for the next run; not of those that are looked for anew at each start."""
        if self._kept is None:
            return
        listings = {
            name: Listing(self.specs[name].base_url, self._listed_on[name], self._listed[name])
            for name in sorted(self._listed.keys() - self.found_here)
        }
        await asyncio.to_thread(self._kept.write, listings)

    async def complete_prices(self, refs: Iterable[ModelRef] | None) -> None:
        """Read the price list, once and in a thread, if it could price one of these models or the baseline; None: any known model."""
        async with self._reading:
            if self._may_learn_prices(refs):
                await asyncio.to_thread(self._read_prices)
                self.rebuild()

    def complete_prices_now(self, ref: ModelRef) -> None:
        """As `complete_prices`, for one model, without an event loop."""
        if self._may_learn_prices((ref,)):
            self._read_prices()
            self.rebuild()

    def _may_learn_prices(self, refs: Iterable[ModelRef] | None) -> bool:
        if self._price_list is not None:
            return False
        wanted = {model.ref for model in self.catalogue.all()} if refs is None else set(refs)
        return any(self.catalogue.lacks_price(ref) for ref in wanted | ({self._baseline} if self._baseline else set()))

    def _read_prices(self) -> None:
        from hawkmoth_tui.catalog import pricelist

        self._price_list = pricelist.read()
        self._build()

    def _build(self) -> Catalogue:
        return build(
            dict(self.specs),
            dict(self._listed),
            frozenset(self.found_here),
            listed_on=dict(self._listed_on),
            price_list=self._price_list,
        )

    def _recall(self) -> None:
        """Take the answers of earlier runs, of servers that are still where they were."""
        for name, listing in (self._kept.read() if self._kept is not None else {}).items():
            if name in self.specs and self.specs[name].base_url == listing.base_url:
                self._listed[name], self._listed_on[name] = listing.models, listing.as_of
