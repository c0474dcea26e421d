"""Keyrings for tests: real ones of ours over a backend that lives in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.secrets.keyring import SERVICE, Keyring
from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Callable


class Memory:
    """A backend that keeps entries as long as it lives."""

    def __init__(self, keys: dict[str, str]) -> None:
        self.keys = keys

    def get_password(self, service: str, account: str) -> str | None:
        assert service == SERVICE
        return self.keys.get(account)

    def set_password(self, service: str, account: str, key: str) -> None:
        assert service == SERVICE
        self.keys[account] = key

    def delete_password(self, service: str, account: str) -> None:
        assert service == SERVICE
        del self.keys[account]


class Acting(Memory):
    """A backend that does something else when it is asked."""

    def __init__(self, act: Callable[[], str | None]) -> None:
        super().__init__({})
        self._act = act

    def get_password(self, service: str, account: str) -> str | None:
        return self._act()


def ring(keys: dict[str, str]) -> Keyring:
    """A keyring with these entries."""
    return Keyring(lambda: Memory(keys))


def acting(act: Callable[[], str | None], deadline_s: float = PATIENCE_S) -> Keyring:
    """A keyring that does this when a key is looked for."""
    return Keyring(lambda: Acting(act), deadline_s=deadline_s)
