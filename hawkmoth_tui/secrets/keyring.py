"""The system's keyring: asked in a daemon thread with a deadline, because an unlock prompt on another screen can block for ever.

A daemon thread, because a thread of a pool would hold up the end of the process for as long as the prompt stands.
"""

from __future__ import annotations

import sys
import threading
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeAlias

from hawkmoth_tui.secrets.finding import KeyFinding, found

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SERVICE = "hawkmoth"
"""Under this name keys stand in the keyring, each with an account that names its provider and its host."""

DEADLINE_S = 3.0

Ask: TypeAlias = "Callable[[str, str], str | None]"
"""From service and account to the key; None when there is no such entry."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why the keyring did not answer."""

    reason: str


class Keyring:
    """Asks the keyring, one question at a time; one that was silent once is not asked again by this process."""

    def __init__(self, ask: Ask | None = None, deadline_s: float = DEADLINE_S) -> None:
        self._ask = ask or _ask_system
        self._deadline_s = deadline_s
        self._turn = threading.Lock()
        self._silence: Trouble | None = None

    def key(self, account: str, env: Mapping[str, str]) -> KeyFinding:
        """The key of an account. Without one the problem says why the keyring could not be read; empty when it only has no such entry."""
        if reason := absence(env):
            return KeyFinding(problem=reason)
        with self._turn:
            answer = self._silence or self._answer(account)
        match answer:
            case None:
                return KeyFinding()
            case Trouble(reason):
                return KeyFinding(problem=reason)
            case text:
                return found(text, "keyring")

    def _answer(self, account: str) -> str | Trouble | None:
        answers: SimpleQueue[str | Trouble | None] = SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self._ask(SERVICE, account))
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


def _ask_system(service: str, account: str) -> str | None:
    import keyring

    return keyring.get_password(service, account)


SYSTEM_KEYRING = Keyring()
"""The keyring of this login. One per process, so that its silence is met once."""
