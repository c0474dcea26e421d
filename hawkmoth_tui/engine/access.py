"""How providers are reached: the key of each, looked for once, and what stays open to them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import MissingKey, UserError
from hawkmoth_tui.routing.intents import recognise
from hawkmoth_tui.secrets.finding import found
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hawkmoth_tui.core.exchange import ListedModel
    from hawkmoth_tui.core.facts import Facts
    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.providers.door import HttpDoor, KeyUse
    from hawkmoth_tui.providers.provider import Provider
    from hawkmoth_tui.secrets.finding import KeyFinding
    from hawkmoth_tui.secrets.vault import Vault
    from hawkmoth_tui.settings.audit import AuditLog
    from hawkmoth_tui.settings.schema import ProviderSettings


class Access:
    """Keys and open providers by the provider's name."""

    def __init__(
        self,
        specs: Mapping[str, ProviderSettings],
        env: Mapping[str, str],
        find_key: Callable[[ProviderSettings, Mapping[str, str]], KeyFinding],
        facts: Callable[[str], Facts],
        audit: AuditLog | None = None,
        vault: Vault | None = None,
    ) -> None:
        """`specs` may grow meanwhile. `find_key` is called in a thread; every use of a key is taken down in `audit`; `vault` is where
        it looks for what was stored in the encrypted file."""
        self._specs = specs
        self._env = env
        self._find_key = find_key
        self._facts = facts
        self._audit = audit
        self._vault = vault
        self._findings: dict[str, KeyFinding] = {}
        self._open: dict[str, Provider] = {}
        self._door: HttpDoor | None = None

    async def look_for_keys(self) -> None:
        """Find the key of every provider; slow places are asked in threads, all at once."""
        await asyncio.gather(*(self.key(name) for name in self._specs))

    async def key(self, name: str) -> KeyFinding:
        """The key of one provider, looked for once."""
        if name not in self._findings:
            await self._look(name)
        return self._findings[name]

    async def require_key(self, name: str) -> KeyFinding:
        """The same. Raises MissingKey when the provider needs one and there is none."""
        finding = await self.key(name)
        if finding.is_needed and finding.secret is None:
            raise MissingKey(f"no key for {name}", finding.problem)
        return finding

    def finding(self, name: str) -> KeyFinding | None:
        """What the search for its key has brought. None: it was not looked for yet."""
        return self._findings.get(name)

    def use_key(self, name: str, secret: Secret) -> None:
        """Use this key for a provider until the process ends; it is kept nowhere. Raises UserError for what cannot be a key."""
        if name not in self._specs:
            raise UserError(f"no provider is called {name}", "see `hawkmoth models`")
        finding = found(secret.reveal(), "typed in, for this run")
        if finding.secret is None:
            raise UserError(f"that is no key for {name}: what was {finding.problem}", f"/keys set {name} asks again")
        self.put_back(name, finding)

    def put_back(self, name: str, finding: KeyFinding | None) -> None:
        """This is the key from now on; None: look for it again."""
        self._findings.pop(name, None)
        if finding is not None:
            self._findings[name] = finding
        self.let_go(name)

    async def find_again(self, name: str) -> KeyFinding:
        """Look for a provider's key anew, because one was stored: what was typed in for this run gives way to what is found."""
        self.put_back(name, None)
        return await self.key(name)

    def key_file(self) -> Vault:
        """The encrypted key file. Raises UserError when there is none."""
        if self._vault is None or not self._vault.exists:
            raise UserError("there is no encrypted key file", "`hawkmoth keys set PROVIDER` in a shell makes one")
        return self._vault

    async def unlock(self, passphrase: Secret) -> tuple[str, ...]:
        """Open the encrypted key file for this run. Returns the providers that have a key by it, sorted. Raises UserError."""
        await asyncio.to_thread(self.key_file().unlock, passphrase)
        lacking = [name for name in sorted(self._specs) if (one := self.finding(name)) is None or one.secret is None]
        await asyncio.gather(*map(self._look, lacking))
        found_now = tuple(name for name in lacking if self._findings[name].secret is not None)
        for name in found_now:
            self.let_go(name)
        return found_now

    async def provider(self, name: str, session_id: str = "") -> Provider:
        """The open provider, for a turn of this session. Raises MissingKey."""
        if self._specs[name].protocol is Protocol.LOCAL:
            from hawkmoth_tui.providers.local import LocalProvider

            return LocalProvider(name, recognise, lambda: self._facts(session_id))
        if name not in self._open:
            from hawkmoth_tui.providers.connect import open_provider

            finding = await self.require_key(name)
            self._open[name] = open_provider(self._specs[name], finding.secret, self.door())
        return self._open[name]

    async def list_of(self, spec: ProviderSettings) -> tuple[ListedModel, ...]:
        """The models of a server that may be nobody's provider yet. Raises a ProviderError."""
        from hawkmoth_tui.providers.connect import open_provider

        is_known = spec.name in self._specs
        finding = await (self.key(spec.name) if is_known else asyncio.to_thread(self._find_key, spec, self._env))
        return await open_provider(spec, finding.secret, self.door()).list_models()

    def let_go(self, name: str) -> None:
        """Open the provider anew when it is next used."""
        self._open.pop(name, None)

    def door(self) -> HttpDoor:
        """The one HTTP door of this process, made on first use."""
        if self._door is None:
            from hawkmoth_tui.providers.door import HttpDoor

            self._door = HttpDoor(self._env, witness=self._note_key_use)
        return self._door

    async def aclose(self) -> None:
        if self._door is not None:
            await self._door.aclose()

    async def _look(self, name: str) -> None:
        self._findings[name] = await asyncio.to_thread(self._find_key, self._specs[name], self._env)

    def _note_key_use(self, use: KeyUse) -> None:
        if self._audit:
            self._audit.write("key used", provider=use.provider, host=use.host, purpose=use.purpose)
