"""The models and providers as the front ends see them: what exists, what can be used now, and why the rest cannot."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import discovery, places
from hawkmoth_tui.core.errors import AuthFailed, MissingKey, ProviderError, UnknownModel
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.engine.access import Access
from hawkmoth_tui.engine.conditions import Conditions
from hawkmoth_tui.engine.facts import clock_alone
from hawkmoth_tui.engine.known import Known
from hawkmoth_tui.engine.local_search import LocalSearch
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from hawkmoth_tui.core.facts import Facts
    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.core.turn import Attempt
    from hawkmoth_tui.engine.listings import Listings
    from hawkmoth_tui.engine.local_search import LocalNews
    from hawkmoth_tui.providers.provider import Provider
    from hawkmoth_tui.routing.health import Health
    from hawkmoth_tui.secrets.finding import KeyFinding
    from hawkmoth_tui.secrets.vault import Vault
    from hawkmoth_tui.settings.audit import AuditLog
    from hawkmoth_tui.settings.schema import ProviderSettings, Settings, Timeouts

FACTS = "facts"
"""The id under which Hawkmoth itself answers."""
REFRESH_S = 20.0
"""How long one provider may take to list its models."""


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
        audit: AuditLog | None = None,
        vault: Vault | None = None,
    ) -> None:
        """`facts` tells, for a session's id, what Hawkmoth knows about itself; asked only when a prompt is about that. `audit` takes down
        every use of a key; `vault` is the encrypted key file, if `find_key` looks into one.
        """
        self._known = Known(dict(settings.providers), kept, ModelRef.parse(settings.routing.baseline or ""))
        self._specs = self._known.specs
        self._conditions = Conditions(clock)
        self.access = Access(self._specs, env, find_key, facts, audit, vault)
        """Their keys, and what is open to them."""
        self.search = LocalSearch(self._known, discovery.servers(env), settings.timeouts, self.access.list_of)
        """The servers on this machine."""

    def all(self) -> tuple[Model, ...]:
        """Every known model of every provider, usable or not, and Hawkmoth's own answers (`is_facts`)."""
        return self._known.catalogue.all()

    def find(self, ref: ModelRef) -> Model | None:
        """The model, also when only its provider is configured (then with nothing known). None: no such provider."""
        return self._known.catalogue.find(ref)

    def resolve(self, text: str) -> ModelRef:
        """The model that `text` names. Raises UnknownModel with the nearest names."""
        return self._known.catalogue.resolve(text)

    def usable(self) -> tuple[Model, ...]:
        """What the router may choose now: of providers that have their key or need none, as far as they were looked at, and of Hawkmoth
        itself."""
        names = {spec.name for spec in self._specs.values() if self._status(spec).is_usable}
        return tuple(model for model in self._known.catalogue.routable() if model.ref.provider in names)

    def providers(self) -> tuple[ProviderStatus, ...]:
        """Every server, as far as its key has been looked for. Hawkmoth itself is none: with it alone no conversation can be had."""
        return tuple(self._status(spec) for spec in self._specs.values() if spec.protocol is not Protocol.LOCAL)

    def status(self, ref: ModelRef) -> ProviderStatus | None:
        """The provider of this model, also when that is Hawkmoth itself. None: no such provider."""
        spec = self._specs.get(ref.provider)
        return self._status(spec) if spec else None

    def protocol(self, ref: ModelRef) -> str:
        """The wire format that this model is spoken to in."""
        protocol = self._specs[ref.provider].protocol
        return Protocol.OPENAI_CHAT if protocol is Protocol.DEMO else protocol

    def timeouts(self, ref: ModelRef) -> Timeouts:
        return self._specs[ref.provider].timeouts

    @property
    def conditions(self) -> Conditions:
        """How the models have behaved in this run, and what their servers let through."""
        return self._conditions

    def health(self, ref: ModelRef) -> str:
        """In words: ok, cooling 12 s, …"""
        return self._conditions.described(ref)

    def health_of(self, ref: ModelRef) -> Health:
        """How the model and its provider have behaved lately."""
        return self._conditions.of(ref)

    def observe(self, attempt: Attempt, retry_after_s: float | None) -> None:
        """Learn from an ended attempt."""
        self._conditions.observe(attempt, retry_after_s)

    def key_problem(self, ref: ModelRef) -> str:
        """Why no request can be sent there; empty when one can."""
        status = self.status(ref)
        return status.problem if status else f"no provider is called {ref.provider}"

    async def try_key(self, name: str, secret: Secret) -> int:
        """Use this key until the process ends, and ask the provider at once what it has. Returns how many models it lists.

        Raises UserError for what cannot be a key, and AuthFailed when the provider does not know it: what was found before it stands
        again. Any other ProviderError says that it could not be asked; the key stands.
        """
        before = self.access.finding(name)
        self.access.use_key(name, secret)
        try:
            listed = await (await self.provider(name)).list_models()
        except AuthFailed:
            self.access.put_back(name, before)
            raise
        self._known.hear(name, listed)
        await self._take_in()
        return len(listed)

    async def require(self, ref: ModelRef) -> None:
        """Raises UnknownModel for an unconfigured provider and MissingKey when the key is needed and not there."""
        if ref.provider not in self._specs or ref.provider in self.search.vanished:
            await self.refresh_local()
        if ref.provider not in self._specs:
            self.resolve(str(ref))
            raise UnknownModel(f"no provider is called {ref.provider}", "see `hawkmoth models`")
        if self._specs[ref.provider].protocol is Protocol.LOCAL and ref.id != FACTS:
            raise UnknownModel(f"no model is called {ref}", f"Hawkmoth itself answers as {ref.provider}/{FACTS}")
        await self.access.require_key(ref.provider)
        await self.complete_prices((ref,))

    async def complete_prices(self, refs: Iterable[ModelRef] | None = None) -> None:
        """Read the shipped price list, in a thread, if it could price one of these models or the baseline; None: any known model.

        For lists: await it before showing them. Once the list was read, or where it can tell nothing, this takes no time.
        """
        await self._known.complete_prices(refs)

    def complete_prices_now(self, ref: ModelRef) -> None:
        """As `complete_prices`, for one model, before there is an event loop. Blocks for a fifth of a second if the list is needed."""
        self._known.complete_prices_now(ref)

    async def provider(self, name: str, session_id: str = "") -> Provider:
        """The open provider, for a turn of this session. Raises MissingKey."""
        return await self.access.provider(name, session_id)

    async def refresh_local(self) -> LocalNews:
        """Look for model servers on this machine's usual ports, and ask configured local ones what they have: at start, and whenever the
        user wants. A few seconds at most. What is found can be used at once; a found server that has gone cannot, until it is back."""
        return await self._met(await self.search.look())

    async def refresh(self) -> dict[str, str]:
        """Ask every usable provider for its models, and look for servers here. Returns, by provider, why one could not answer."""
        await self.access.look_for_keys()
        names = [status.name for status in self.providers() if status.is_usable]
        news, problems = await asyncio.gather(self.search.look_for_new(), self._ask(names))
        await self._met(news)
        await self._take_in()
        return problems

    async def refresh_all(self) -> tuple[LocalNews, dict[str, str]]:
        """As `refresh_local` and `refresh` together, but that a server on this machine that answers is asked once."""
        await self.access.look_for_keys()
        news = await self.refresh_local()
        others = [each.name for each in self.providers() if each.is_usable and each.name not in news.answering]
        problems = await self._ask(others)
        await self._take_in()
        return news, problems

    async def _ask(self, names: Iterable[str]) -> dict[str, str]:
        """Have these providers list their models. Returns, by provider, why one could not."""
        problems: dict[str, str] = {}

        async def ask(name: str) -> None:
            try:
                async with asyncio.timeout(REFRESH_S):
                    self._known.hear(name, await (await self.provider(name)).list_models())
            except TimeoutError:
                problems[name] = f"no list of models within {REFRESH_S:g} s"
            except (ProviderError, MissingKey) as error:
                problems[name] = str(error)

        await asyncio.gather(*(ask(name) for name in names))
        return problems

    def add(self, spec: ProviderSettings) -> None:
        """Use a provider made at run time (the demo server)."""
        self.access.let_go(spec.name)
        self._known.add(spec)

    async def aclose(self) -> None:
        await self.access.aclose()

    async def _take_in(self) -> None:
        """Write down what the servers have said, and show it with its prices."""
        await self._known.keep()
        await self._known.settle()
        await self.complete_prices()

    async def _met(self, news: LocalNews) -> LocalNews:
        """Have the keys of servers that appeared, and let go of those that vanished."""
        for name in news.vanished:
            self.access.let_go(name)
        for name in news.appeared:
            await self.access.key(name)
        return news

    def _status(self, spec: ProviderSettings) -> ProviderStatus:
        finding = self.access.finding(spec.name)
        problem = self._problem(spec, finding)
        return ProviderStatus(
            name=spec.name,
            protocol=spec.protocol,
            base_url=spec.base_url,
            key_source=finding.source if finding and finding.secret else "",
            problem=problem,
            is_usable=not problem,
            is_local=places.is_loopback(spec.base_url),
            is_builtin=spec.is_builtin,
        )

    def _problem(self, spec: ProviderSettings, finding: KeyFinding | None) -> str:
        if spec.name in self.search.vanished:
            return f"{spec.base_url} does not answer any more"
        if finding is None:
            return "its key was not looked for yet"
        return finding.problem if finding.is_needed and finding.secret is None else ""
