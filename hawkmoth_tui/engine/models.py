"""The models and providers as the front ends see them: what exists, what can be used now, and why the rest cannot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hawkmoth_tui.catalog.catalogue import build
from hawkmoth_tui.catalog.discovery import LOCAL_SERVERS
from hawkmoth_tui.core.errors import MissingKey, ProviderError, UnknownModel, UserError
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.turn import Outcome
from hawkmoth_tui.engine.facts import clock_alone
from hawkmoth_tui.engine.listings import Listing
from hawkmoth_tui.routing.health import PROVIDER_WIDE, Health, describe, joined, observe
from hawkmoth_tui.routing.intents import recognise
from hawkmoth_tui.secrets.finding import found
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings, Timeouts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hawkmoth_tui.catalog.catalogue import Catalogue
    from hawkmoth_tui.catalog.pricelist import PriceList
    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.core.facts import Facts
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.core.turn import Attempt
    from hawkmoth_tui.engine.listings import Listings
    from hawkmoth_tui.providers.door import HttpDoor
    from hawkmoth_tui.providers.provider import Provider
    from hawkmoth_tui.secrets.finding import KeyFinding
    from hawkmoth_tui.settings.schema import Settings

PROBE_TIMEOUTS = Timeouts(connect_s=0.5, first_byte_s=2.0, idle_s=2.0, total_s=3.0)
"""Deadlines for asking a server on this machine what it has."""


@dataclass(frozen=True, slots=True)
class ProviderStatus:
    """One provider, for lists and for `doctor`."""

    name: str
    protocol: str
    base_url: str
    key_source: str
    """Where the key comes from; empty when none was found or none is needed."""
    problem: str
    """Why it cannot be used, one line; empty when it can."""
    is_usable: bool
    is_local: bool
    is_builtin: bool


class Models:
    """The catalogue joined with keys, health and the servers themselves."""

    def __init__(
        self,
        settings: Settings,
        env: Mapping[str, str],
        find_key: Callable[[ProviderSettings, Mapping[str, str]], KeyFinding],
        clock: Callable[[], float],
        kept: Listings | None = None,
        facts: Callable[[str], Facts] = clock_alone,
    ) -> None:
        """`facts` tells, for a session's id, what Hawkmoth knows about itself; asked only when a prompt is about that."""
        self._env = env
        self._find_key = find_key
        self._clock = clock
        self._facts = facts
        self._specs: dict[str, ProviderSettings] = dict(settings.providers)
        self._listed: dict[str, tuple[ListedModel, ...]] = {}
        self._found_here: set[str] = set()
        self._findings: dict[str, KeyFinding] = {}
        self._open: dict[str, Provider] = {}
        self._door: HttpDoor | None = None
        self._health: dict[ModelRef, Health] = {}
        self._provider_health: dict[str, Health] = {}
        self._baseline = ModelRef.parse(settings.routing.baseline or "")
        self._price_list: PriceList | None = None
        self._kept = kept
        self._listed_on: dict[str, str] = {}
        self._recall()
        self._catalogue = self._build()

    def all(self) -> tuple[Model, ...]:
        """Every known model of every configured server, usable or not; Hawkmoth's own answers are no model to choose from a list."""
        return tuple(model for model in self._catalogue.all() if not model.is_facts)

    def find(self, ref: ModelRef) -> Model | None:
        """The model, also when only its provider is configured (then with nothing known). None: no such provider."""
        return self._catalogue.find(ref)

    def resolve(self, text: str) -> ModelRef:
        """The model that `text` names. Raises UnknownModel with the nearest names."""
        return self._catalogue.resolve(text)

    def usable(self) -> tuple[Model, ...]:
        """What the router may choose now: of providers that have their key or need none, as far as they were looked at, and of Hawkmoth
        itself."""
        names = {spec.name for spec in self._specs.values() if self._status(spec).is_usable}
        return tuple(model for model in self._catalogue.routable() if model.ref.provider in names)

    def providers(self) -> tuple[ProviderStatus, ...]:
        """Every server, as far as its key has been looked for. Hawkmoth itself is none: with it alone no conversation can be had."""
        return tuple(self._status(spec) for spec in self._specs.values() if spec.protocol is not Protocol.LOCAL)

    def protocol(self, ref: ModelRef) -> str:
        """The wire format that this model is spoken to in."""
        protocol = self._specs[ref.provider].protocol
        return Protocol.OPENAI_CHAT if protocol is Protocol.DEMO else protocol

    def timeouts(self, ref: ModelRef) -> Timeouts:
        return self._specs[ref.provider].timeouts

    def health(self, ref: ModelRef) -> str:
        """In words: ok, cooling 12 s, …"""
        return describe(self.health_of(ref), self._clock())

    def health_of(self, ref: ModelRef) -> Health:
        """How the model and its provider have behaved lately."""
        return joined(self._health.get(ref, Health()), self._provider_health.get(ref.provider, Health()))

    def observe(self, attempt: Attempt, retry_after_s: float | None) -> None:
        """Learn from an ended attempt; what speaks about the whole provider cools all its models."""
        ref, now_s = attempt.model, self._clock()
        self._health[ref] = observe(self._health.get(ref, Health()), attempt, now_s, retry_after_s)
        is_wide = attempt.error is not None and attempt.error.type in PROVIDER_WIDE
        if is_wide or attempt.outcome is Outcome.OK:
            before = self._provider_health.get(ref.provider, Health())
            self._provider_health[ref.provider] = observe(before, attempt, now_s, retry_after_s)

    def key_problem(self, ref: ModelRef) -> str:
        """Why no request can be sent there; empty when one can."""
        spec = self._specs.get(ref.provider)
        return self._status(spec).problem if spec else f"no provider is called {ref.provider}"

    async def look_for_keys(self) -> None:
        """Find the key of every provider; slow places are asked in threads, all at once."""
        await asyncio.gather(*(self.key(name) for name in self._specs))

    async def key(self, name: str) -> KeyFinding:
        """The key of one provider, looked for once."""
        if name not in self._findings:
            self._findings[name] = await asyncio.to_thread(self._find_key, self._specs[name], self._env)
        return self._findings[name]

    def use_key(self, name: str, secret: Secret) -> None:
        """Use this key for a provider until the process ends; it is kept nowhere. Raises UserError for what cannot be a key."""
        if name not in self._specs:
            raise UserError(f"no provider is called {name}", "see `hawkmoth models`")
        finding = found(secret.reveal(), "typed in, for this run")
        if finding.secret is None:
            raise UserError(f"that is no key for {name}: what was {finding.problem}", f"/keys set {name} asks again")
        self._findings[name] = finding
        self._open.pop(name, None)

    async def require(self, ref: ModelRef) -> None:
        """Raises UnknownModel for an unconfigured provider and MissingKey when the key is needed and not there."""
        if ref.provider not in self._specs:
            await self.discover()
        if ref.provider not in self._specs:
            self._catalogue.resolve(str(ref))
            raise UnknownModel(f"no provider is called {ref.provider}", "see `hawkmoth models`")
        finding = await self.key(ref.provider)
        if finding.is_needed and finding.secret is None:
            raise MissingKey(f"no key for {ref.provider}", finding.problem)
        await self.complete_prices((ref,))

    async def complete_prices(self, refs: Iterable[ModelRef] | None = None) -> None:
        """Read the shipped price list, in a thread, if it could price one of these models or the baseline; None: any known model."""
        if self._may_learn_prices(refs):
            await asyncio.to_thread(self._read_prices)
            self._rebuild()

    def complete_prices_now(self, ref: ModelRef) -> None:
        """As `complete_prices`, for one model, before there is an event loop. Blocks for a fifth of a second if the list is needed."""
        if self._may_learn_prices((ref,)):
            self._read_prices()
            self._rebuild()

    async def provider(self, name: str, session_id: str = "") -> Provider:
        """The open provider, for a turn of this session. Raises MissingKey."""
        if self._specs[name].protocol is Protocol.LOCAL:
            from hawkmoth_tui.providers.local import LocalProvider

            return LocalProvider(name, recognise, lambda: self._facts(session_id))
        if name not in self._open:
            from hawkmoth_tui.providers.connect import open_provider

            finding = await self.key(name)
            if finding.is_needed and finding.secret is None:
                raise MissingKey(f"no key for {name}", finding.problem)
            self._open[name] = open_provider(self._specs[name], finding.secret, self.door())
        return self._open[name]

    def door(self) -> HttpDoor:
        """The one HTTP door of this process, made on first use."""
        if self._door is None:
            from hawkmoth_tui.providers.door import HttpDoor

            self._door = HttpDoor(self._env)
        return self._door

    async def discover(self) -> None:
        """Look for model servers on this machine's usual ports, and ask configured local ones what they have."""
        taken = {urlsplit(spec.base_url).netloc for spec in self._specs.values()}
        found = [
            ProviderSettings(
                name=server.name, protocol=server.protocol, base_url=server.base_url, timeouts=PROBE_TIMEOUTS
            )
            for server in LOCAL_SERVERS
            if server.name not in self._specs and urlsplit(server.base_url).netloc not in taken
        ]
        configured = [spec for spec in self._specs.values() if is_loopback(spec) and spec.protocol is not Protocol.DEMO]
        await asyncio.gather(*(self._probe(spec) for spec in (*found, *configured)))
        self._rebuild()

    async def refresh(self) -> dict[str, str]:
        """Ask every usable provider for its models. Returns, by provider, why one could not answer."""
        problems: dict[str, str] = {}

        async def ask(name: str) -> None:
            try:
                self._hear(name, await (await self.provider(name)).list_models())
            except (ProviderError, MissingKey) as error:
                problems[name] = str(error)

        await self.look_for_keys()
        await asyncio.gather(*(ask(status.name) for status in self.providers() if status.is_usable))
        if self._kept is not None:
            await asyncio.to_thread(self._kept.write, self._listings())
        self._rebuild()
        await self.complete_prices()
        return problems

    def add(self, spec: ProviderSettings) -> None:
        """Use a provider made at run time (the demo server)."""
        self._specs[spec.name] = spec
        self._open.pop(spec.name, None)
        self._rebuild()

    async def aclose(self) -> None:
        if self._door is not None:
            await self._door.aclose()

    def _build(self) -> Catalogue:
        return build(
            dict(self._specs),
            dict(self._listed),
            frozenset(self._found_here),
            listed_on=dict(self._listed_on),
            price_list=self._price_list,
        )

    def _rebuild(self) -> None:
        self._catalogue = self._build()

    def _may_learn_prices(self, refs: Iterable[ModelRef] | None) -> bool:
        if self._price_list is not None:
            return False
        wanted = {model.ref for model in self.all()} if refs is None else set(refs)
        return any(self._catalogue.lacks_price(ref) for ref in wanted | ({self._baseline} if self._baseline else set()))

    def _read_prices(self) -> None:
        """The list, and every known model looked up in it once: hundreds of names take too long for the event loop."""
        from hawkmoth_tui.catalog import pricelist

        self._price_list = pricelist.read()
        self._build()

    def _hear(self, name: str, listed: tuple[ListedModel, ...]) -> None:
        """Take a server's answer of now."""
        self._listed[name] = listed
        self._listed_on[name] = self._kept.today() if self._kept is not None else ""

    def _recall(self) -> None:
        """Take the answers of earlier runs, of servers that are still where they were."""
        for name, listing in (self._kept.read() if self._kept is not None else {}).items():
            if name in self._specs and self._specs[name].base_url == listing.base_url:
                self._listed[name], self._listed_on[name] = listing.models, listing.as_of

    def _listings(self) -> dict[str, Listing]:
        """What is worth keeping: not what servers said that are looked for anew at each start."""
        kept = self._listed.keys() - self._found_here
        return {
            name: Listing(self._specs[name].base_url, self._listed_on[name], self._listed[name])
            for name in sorted(kept)
        }

    async def _probe(self, spec: ProviderSettings) -> None:
        from hawkmoth_tui.providers.connect import open_provider

        finding = await asyncio.to_thread(self._find_key, spec, self._env)
        probe = open_provider(replace(spec, timeouts=PROBE_TIMEOUTS), finding.secret, self.door())
        try:
            listed = await probe.list_models()
        except ProviderError:
            return
        if not listed:
            return
        self._hear(spec.name, listed)
        if spec.name not in self._specs:
            self._specs[spec.name] = replace(spec, timeouts=Timeouts())
            self._found_here.add(spec.name)
        self._findings[spec.name] = finding

    def _status(self, spec: ProviderSettings) -> ProviderStatus:
        finding = self._findings.get(spec.name)
        is_usable = finding is not None and (finding.secret is not None or not finding.is_needed)
        return ProviderStatus(
            name=spec.name,
            protocol=spec.protocol,
            base_url=spec.base_url,
            key_source=finding.source if finding and finding.secret else "",
            problem=finding.problem
            if finding and not is_usable
            else ""
            if finding
            else "its key was not looked for yet",
            is_usable=is_usable,
            is_local=is_loopback(spec),
            is_builtin=spec.is_builtin,
        )


def is_loopback(spec: ProviderSettings) -> bool:
    """Whether requests to this provider stay on this machine."""
    host = urlsplit(spec.base_url).hostname or ""
    return host in ("localhost", "::1") or host.startswith("127.")
