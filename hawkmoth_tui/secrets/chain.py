"""Where a provider's key comes from, and whether it may go there. Called in a thread: commands and keyrings take their time.

What `api_key` says is followed and nothing else is tried. Left out, the environment is asked for the variables of the vendor whose own
host this is, then the keyring and the encrypted file for this provider at this host. A key never goes to a host that is not its vendor's
without a yes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.secrets.command import key_from_command
from hawkmoth_tui.secrets.finding import KeyFinding, found, not_needed
from hawkmoth_tui.secrets.keyring import SYSTEM_KEYRING, Keyring, absence
from hawkmoth_tui.settings.address import host_of, is_local_network
from hawkmoth_tui.settings.builtin import KEY_VARIABLES, vendor_of
from hawkmoth_tui.settings.schema import Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.secrets.vault import Vault
    from hawkmoth_tui.settings.schema import ProviderSettings


def find_key(
    provider: ProviderSettings,
    env: Mapping[str, str],
    keyring: Keyring = SYSTEM_KEYRING,
    vault: Vault | None = None,
) -> KeyFinding:
    """The key for this provider at its address, or why there is none. Blocks for up to ten seconds; never raises."""
    source, _, argument = (provider.api_key or "").partition(":")
    match source:
        case "none":
            return KeyFinding(is_needed=False)
        case "env":
            return _from_variable(argument, env)
        case "command":
            return key_from_command(argument, env)
        case "keyring":
            return _from_keyring_alone(provider, env, keyring)
        case _:
            return _from_chain(provider, env, keyring, vault)


def account_of(provider: ProviderSettings) -> str:
    """Under which account a key stands in the keyring: bound to the host, so that a provider moved elsewhere does not find it."""
    return f"{provider.name}@{host_of(provider.base_url)}"


def _from_variable(name: str, env: Mapping[str, str]) -> KeyFinding:
    if name not in env:
        return KeyFinding(problem=f"{name} is not set: {_export(name)}")
    return found(env[name], f"env {name}")


def _from_keyring_alone(provider: ProviderSettings, env: Mapping[str, str], keyring: Keyring) -> KeyFinding:
    finding = keyring.key(account_of(provider), env)
    if finding.secret or finding.problem:
        return finding
    return KeyFinding(problem=f"the keyring has no key for {account_of(provider)}: {_store_command(provider)}")


def _from_chain(
    provider: ProviderSettings, env: Mapping[str, str], keyring: Keyring, vault: Vault | None
) -> KeyFinding:
    host = host_of(provider.base_url)
    vendor = vendor_of(host)
    if vendor is not None and provider.base_url.startswith("https://"):
        return _from_vendor(provider, vendor, env, keyring, vault)
    if provider.protocol in (Protocol.DEMO, Protocol.LOCAL) or is_local_network(host):
        return not_needed(KeyFinding(problem=_withheld(provider, host, env)))
    stored = _stored(provider, env, keyring, vault)
    if stored.secret is not None:
        return stored
    ask = f'set api_key = "env:NAME" under [providers.{provider.name}], or "none" if {host} needs no key'
    return KeyFinding(problem=_withheld(provider, host, env) or ask)


def _from_vendor(
    provider: ProviderSettings, vendor: str, env: Mapping[str, str], keyring: Keyring, vault: Vault | None
) -> KeyFinding:
    """At a vendor's own host: its variables, best known first, then where keys are stored."""
    variables = KEY_VARIABLES[vendor]
    for name in variables:
        if env.get(name, "").strip():
            return found(env[name], f"env {name}")
    stored = _stored(provider, env, keyring, vault)
    if stored.secret is not None:
        return stored
    names = " and ".join(variables)
    are = "are" if len(variables) > 1 else "is"
    trouble = f" ({stored.problem})" if stored.problem else ""
    return KeyFinding(problem=f"{names} {are} not set{trouble}: {_export(variables[0])}")


def _stored(provider: ProviderSettings, env: Mapping[str, str], keyring: Keyring, vault: Vault | None) -> KeyFinding:
    """The key that was stored for this provider at this host: in the keyring, else in the encrypted file. A machine without a keyring
    is no problem; one that fails is, and so is a file that stays locked."""
    ringed = keyring.key(account_of(provider), env)
    if ringed.secret is not None:
        return ringed
    kept = vault.key(account_of(provider)) if vault else KeyFinding()
    if kept.secret is not None:
        return replace(kept, passed_over=ringed.problem)
    return KeyFinding(problem=kept.problem or ("" if absence(env) else ringed.problem))


def _withheld(provider: ProviderSettings, host: str, env: Mapping[str, str]) -> str:
    """Says that a vendor's key is there and stays here; empty when there is none to withhold."""
    vendor = provider.name if provider.name in KEY_VARIABLES else vendor_of(host)
    name = next((name for name in KEY_VARIABLES.get(vendor or "", ()) if env.get(name, "").strip()), None)
    if name is None:
        return ""
    why = "over plain http" if vendor_of(host) == vendor else f"to {host or 'an address without a host'}"
    return f'{name} is not sent {why}: api_key = "env:{name}" under [providers.{provider.name}] says that it may be'


def _export(name: str) -> str:
    return f"export {name}=…; hawkmoth doctor tells what was looked at"


def _store_command(provider: ProviderSettings) -> str:
    return f"hawkmoth keys set {provider.name}"
