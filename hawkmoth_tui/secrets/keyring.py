"""The system's keyring: asked in a daemon thread with a deadline, because an unlock prompt on another screen can block for ever.

A daemon thread, because a thread of a pool would hold up the end of the process for as long as the prompt stands.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol, TypeVar

from hawkmoth_tui.secrets.finding import KeyFinding, found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hawkmoth_tui.core.secret import Secret

SERVICE = "hawkmoth"
"""Under this name keys stand in the keyring, each with an account that names its provider and its host."""

SOURCE = "keyring"
DEADLINE_S = 3.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the keyring did not answer."""

    reason: str


class Backend(Protocol):
    """What a keyring does: the functions of the package `keyring`."""

    def get_password(self, service: str, account: str) -> str | None:
        """The key; None when there is no such entry."""

    def set_password(self, service: str, account: str, key: str) -> None:
        """Store a key, in place of an older one."""

    def delete_password(self, service: str, account: str) -> None:
        """Take an entry out."""


class Keyring:
    """Asks the keyring, one question at a time; one that was silent once is not asked again by this process."""

    def __init__(self, backend: Callable[[], Backend] | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._backend = backend or _system_backend
        self._deadline_s = deadline_s
        self._turn = threading.Lock()
        self._silence: Trouble | None = None

    def key(self, account: str, env: Mapping[str, str]) -> KeyFinding:
        """The key of an account. Without one the problem says why the keyring could not be read; empty when it only has no such entry."""
        match self._asked(lambda backend: backend.get_password(SERVICE, account), env):
            case None:
                return KeyFinding()
            case Trouble(reason):
                return KeyFinding(problem=reason)
            case text:
                return found(text, SOURCE)

    def store(self, account: str, secret: Secret, env: Mapping[str, str]) -> str:
        """Store a key; why it could not be stored, empty when it was. It is read back, because some keyrings only pretend."""

        def keep(backend: Backend) -> bool:
            backend.set_password(SERVICE, account, secret.reveal())
            return backend.get_password(SERVICE, account) == secret.reveal()

        match self._asked(keep, env):
            case Trouble(reason):
                return reason
            case is_kept:
                return "" if is_kept else "the keyring took the key and does not have it"

    def delete(self, account: str, env: Mapping[str, str]) -> bool | Trouble:
        """Take a key out; whether it was there, or why the keyring did not answer."""

        def take(backend: Backend) -> bool:
            if backend.get_password(SERVICE, account) is None:
                return False
            backend.delete_password(SERVICE, account)
            return True

        return self._asked(take, env)

    def _asked(self, question: Callable[[Backend], T], env: Mapping[str, str]) -> T | Trouble:
        if reason := absence(env):
            return Trouble(reason)
        with self._turn:
            return self._answer(question) if self._silence is None else self._silence

    def _answer(self, question: Callable[[Backend], T]) -> T | Trouble:
        answers: SimpleQueue[T | Trouble] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(question(self._backend()))
            except Exception as error:
                answers.put(Trouble(explain(error)))

        threading.Thread(target=ask, name="keyring", daemon=True).start()
        try:
            return answers.get(timeout=self._deadline_s)
        except Empty:
            self._silence = Trouble(
                f"the keyring gave no answer within {self._deadline_s:g} s; it may be asking for its password on another screen"
            )
            return self._silence


def absence(env: Mapping[str, str], platform: str = sys.platform) -> str:
    """Why there can be no keyring here, known without loading one; empty when there may be."""
    backend = env.get("PYTHON_KEYRING_BACKEND", "")
    if backend.startswith(("keyring.backends.null.", "keyring.backends.fail.")):
        return "the keyring is switched off by PYTHON_KEYRING_BACKEND"
    if platform.startswith("linux") and not backend and not env.get("DBUS_SESSION_BUS_ADDRESS"):
        return "there is no keyring here: no desktop session bus"
    return ""


def explain(error: Exception) -> str:
    """What went wrong with the keyring, in words. The classes are named rather than imported: loading them takes as long as asking."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if "NoKeyringError" in names:
        return "there is no keyring here"
    if "KeyringLocked" in names:
        return "the keyring is locked; this login has not unlocked it"
    if "InitError" in names:
        return "the keyring cannot be opened without a desktop to ask for its password"
    if "KeyringError" in names:
        return f"the keyring refused ({type(error).__name__})"
    return f"the keyring failed ({type(error).__name__})"


def _system_backend() -> Backend:
    import keyring

    return keyring


SYSTEM_KEYRING = Keyring()
"""The keyring of this login. One per process, so that its silence is met once."""
