"""Storing, listing and removing keys: the user's own orders about them. No key ever comes back out of here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.secrets.chain import account_of, find_key
from hawkmoth_tui.secrets.finding import found
from hawkmoth_tui.secrets.keyring import SYSTEM_KEYRING, Keyring, Trouble
from hawkmoth_tui.settings.address import host_of, is_local_network
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.core.secret import Secret
    from hawkmoth_tui.secrets.vault import Vault
    from hawkmoth_tui.settings.schema import ProviderSettings, Settings


class Place(StrEnum):
    """Where a key can be stored."""

    AUTO = "auto"
    """The keyring, else the encrypted file."""
    KEYRING = "keyring"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class KeyLine:
    """How one provider stands."""

    provider: str
    host: str
    source: str
    """Where its key comes from; empty when there is none."""
    problem: str
    """Why there is none, or why a better place gave nothing; empty when all is well."""
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an order to store a key."""

    place: Place
    """KEYRING or FILE."""
    host: str
    passed_over: str
    """Why a better place was not used; empty when it was."""
    hidden_by: str
    """What is asked before this place and so wins, such as "env OPENAI_API_KEY"; empty when nothing does."""


class Keys:
    """The key chain as something to give orders to. Everything here may block for seconds: call it in a thread."""

    def __init__(
        self, settings: Settings, env: Mapping[str, str], vault: Vault, keyring: Keyring = SYSTEM_KEYRING
    ) -> None:
        self._providers = {
            name: spec
            for name, spec in settings.providers.items()
            if spec.protocol not in (Protocol.LOCAL, Protocol.DEMO)
        }
        self._env = env
        self._vault = vault
        self._keyring = keyring

    @property
    def must_ask(self) -> bool:
        """Whether the encrypted file needs a passphrase from the user before it can be used."""
        return not self._vault.is_open and not self._vault.has_passphrase_file

    @property
    def is_locked(self) -> bool:
        """Whether there is an encrypted file that waits for its passphrase."""
        return self.has_file and self.must_ask

    @property
    def has_file(self) -> bool:
        """Whether there is an encrypted file already."""
        return self._vault.exists

    def lines(self) -> tuple[KeyLine, ...]:
        """Every provider, in the order of their names."""
        return tuple(self._line(self._providers[name]) for name in sorted(self._providers))

    def provider(self, name: str) -> ProviderSettings:
        """The provider's settings. Raises UserError with the names there are."""
        spec = self._providers.get(name)
        if spec is None:
            raise UserError(f"no provider is called {name}", f"there are {', '.join(sorted(self._providers))}")
        return spec

    def looked_at(self, name: str) -> tuple[Place, ...]:
        """Where a stored key of this provider would be found, the best place first; nothing where its `api_key` names another way, and for
        a server nearby that needs none."""
        spec = self.provider(name)
        if spec.api_key is not None:
            return (Place.KEYRING,) if spec.api_key == "keyring" else ()
        return () if is_local_network(host_of(spec.base_url)) else (Place.KEYRING, Place.FILE)

    def keyring_problem(self, name: str) -> str:
        """Why the keyring could not take this provider's key; empty when it can be tried."""
        finding = self._keyring.key(account_of(self.provider(name)), self._env)
        return finding.problem

    def unlock(self, passphrase: Secret) -> None:
        """Open the encrypted file, or choose the passphrase of the one that will be made. Raises UserError."""
        self._vault.unlock(passphrase)

    def store(self, name: str, secret: Secret, place: Place = Place.AUTO) -> Kept:
        """Store a provider's key for its host alone. Raises UserError when it is no key or there is no place for it."""
        spec = self.provider(name)
        place = self._findable(spec, place)
        checked = found(secret.reveal(), "it")
        if checked.secret is None:
            raise UserError(f"that is no key: {checked.problem}", "copy it again, the key alone")
        problem = ""
        if place is not Place.FILE:
            problem = self._keyring.store(account_of(spec), checked.secret, self._env)
            if not problem:
                return self._kept(spec, Place.KEYRING, "")
        if place is Place.KEYRING:
            raise UserError(problem, f"hawkmoth keys set {name} --store file keeps it in the encrypted file")
        self._vault.store(account_of(spec), checked.secret)
        return self._kept(spec, Place.FILE, problem)

    def delete(self, name: str) -> tuple[tuple[Place, ...], str]:
        """Take a provider's key out of every place; from which, and why one could not be looked at. Raises UserError."""
        account = account_of(self.provider(name))
        places: list[Place] = []
        problem = ""
        match self._keyring.delete(account, self._env):
            case Trouble(reason):
                problem = reason
            case was_there:
                places += [Place.KEYRING] if was_there else []
        places += [Place.FILE] if self._vault.delete(account) else []
        return tuple(places), problem

    def _findable(self, spec: ProviderSettings, place: Place) -> Place:
        """The place, one that is looked at. Raises UserError where nobody would ever find what is stored."""
        places = self.looked_at(spec.name)
        if place is Place.AUTO and places:
            return place if Place.FILE in places else Place.KEYRING
        if place in places:
            return place
        table = f"[providers.{spec.name}]"
        if not spec.api_key:
            raise UserError(f"{spec.name} is nearby and gets no stored key", f'set api_key = "keyring" under {table}')
        kind = spec.api_key.partition(":")[0]
        raise UserError(
            f'nothing stored there is looked at: api_key = "{kind}…" under {table} says where the key comes from',
            "change or remove that line",
        )

    def _line(self, spec: ProviderSettings) -> KeyLine:
        finding = find_key(spec, self._env, self._keyring, self._vault)
        problem = finding.passed_over if finding.secret else finding.problem
        return KeyLine(spec.name, host_of(spec.base_url), finding.source, problem, finding.is_needed)

    def _kept(self, spec: ProviderSettings, place: Place, passed_over: str) -> Kept:
        source = find_key(spec, self._env, self._keyring, self._vault).source
        is_hidden = source.startswith(("env ", "command "))
        return Kept(place, host_of(spec.base_url), passed_over, source if is_hidden else "")
