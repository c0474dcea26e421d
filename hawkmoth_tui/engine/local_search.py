"""Model servers on this machine: looks for them, and remembers which of them have gone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import discovery, places
from hawkmoth_tui.core.errors import ProviderError
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.engine.known import Known
    from hawkmoth_tui.settings.schema import ProviderSettings, Timeouts


@dataclass(frozen=True, slots=True)
class LocalNews:
    """What a look for servers on this machine has brought; names of providers, sorted."""

    answering: tuple[str, ...]
    """Those that have models, configured ones included."""
    appeared: tuple[str, ...]
    """Those that were not there at the last look."""
    vanished: tuple[str, ...]
    """Those that were found earlier and do not answer any more."""


class LocalSearch:
    """One look at a time. What is found joins what is known; a found server that has gone lists nothing until it is back."""

    def __init__(
        self,
        known: Known,
        servers: Iterable[discovery.LocalServer],
        timeouts: Timeouts,
        ask: Callable[[ProviderSettings], Awaitable[tuple[ListedModel, ...]]],
    ) -> None:
        """`ask` has a server list its models, or raises a ProviderError; `timeouts` hold for the turns of what is found."""
        self.servers = tuple(servers)
        """Where to look."""
        self.vanished: set[str] = set()
        """Providers that were found here and do not answer any more."""
        self._known = known
        self._timeouts = timeouts
        self._ask = ask
        self._looking = asyncio.Lock()

    async def look(self) -> LocalNews:
        """At the usual addresses, and at everything on this machine that is known already."""
        async with self._looking:
            known = [
                spec
                for spec in self._known.specs.values()
                if places.is_loopback(spec.base_url) and spec.protocol is not Protocol.DEMO
            ]
            return await self._look_at((*self._unknown(), *known))

    async def look_for_new(self) -> LocalNews:
        """At the usual addresses only, as far as nothing is known there."""
        async with self._looking:
            return await self._look_at(self._unknown())

    def _unknown(self) -> tuple[ProviderSettings, ...]:
        return discovery.unknown(self.servers, self._known.specs)

    async def _look_at(self, specs: tuple[ProviderSettings, ...]) -> LocalNews:
        known_before = self._known.specs.keys() - self.vanished
        answers = await asyncio.gather(*map(self._answers, specs))
        answering = {spec.name for spec, has_models in zip(specs, answers, strict=True) if has_models}
        gone = ({spec.name for spec in specs} - answering) & self._known.found_here - self.vanished
        self.vanished = (self.vanished | gone) - answering
        for name in gone:
            self._known.forget(name)
        await self._known.settle()
        return LocalNews(*(tuple(sorted(names)) for names in (answering, answering - known_before, gone)))

    async def _answers(self, spec: ProviderSettings) -> bool:
        """Whether the server has anything; it is taken in then."""
        try:
            listed = await self._ask(replace(spec, timeouts=discovery.PROBE_TIMEOUTS))
        except ProviderError:
            return False
        if not listed:
            return False
        self._known.hear(spec.name, listed)
        if spec.name not in self._known.specs:
            self._known.add(replace(spec, timeouts=self._timeouts), is_found_here=True)
        return True
