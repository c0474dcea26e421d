"""The keyring: its deadline, its failures, and the real package behind it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.keyring import Trouble, absence, explain
from tests.patience import PATIENCE_S
from tests.secrets.rings import acting, ring

if TYPE_CHECKING:
    from pathlib import Path

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}

PLAIN_BACKEND = """
from keyring.backend import KeyringBackend

class Plain(KeyringBackend):
    priority = 1
    def get_password(self, service, username):
        return f"key-of-{service}-{username}"
    def set_password(self, service, username, password):
        raise NotImplementedError
    def delete_password(self, service, username):
        raise NotImplementedError
"""

ASK = """
import os
from hawkmoth_tui.secrets.keyring import Keyring
finding = Keyring(deadline_s=60).key("a@b", os.environ)
print(finding.secret and finding.secret.reveal(), finding.problem)
"""


def run(code: str, *folders: Path) -> str:
    """What a fresh interpreter prints, with our package and `folders` to import from."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([os.environ["PYTHONPATH"], *map(str, folders)])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env, timeout=PATIENCE_S
    )
    return done.stdout


def test_an_entry_is_found_and_a_missing_one_is_no_problem() -> None:
    keyring = ring({"a@b": "key-1"})

    assert keyring.key("a@b", BUS).secret == Secret("key-1")
    assert keyring.key("c@d", BUS).problem == ""


def test_a_keyring_that_is_silent_costs_its_deadline_once() -> None:
    is_over = threading.Event()
    asked: list[str] = []

    def silent() -> str | None:
        asked.append("asked")
        is_over.wait()
        return None

    keyring = acting(silent, deadline_s=0.1)
    first = keyring.key("a@b", BUS)
    second = keyring.key("c@d", BUS)
    is_over.set()

    assert "gave no answer within 0.1 s" in first.problem
    assert second.problem == first.problem
    assert asked == ["asked"]


def test_the_process_ends_while_the_keyring_is_still_silent() -> None:
    code = (
        "import threading; from hawkmoth_tui.secrets.keyring import Keyring;"
        "k = Keyring(lambda: threading.Event().wait(), deadline_s=0.05);"
        "print(k.key('a', {'DBUS_SESSION_BUS_ADDRESS': 'x'}).problem)"
    )
    said = run(code)

    assert "gave no answer" in said


def test_every_failure_is_explained_without_its_text() -> None:
    class ForeignError(Exception):
        pass

    said = [
        explain(kind("key-0123")) for kind in (NoKeyringError, KeyringLocked, InitError, KeyringError, ForeignError)
    ]

    assert said == [
        "there is no keyring here",
        "the keyring is locked; this login has not unlocked it",
        "the keyring cannot be opened without a desktop to ask for its password",
        "the keyring refused (KeyringError)",
        "the keyring failed (ForeignError)",
    ]


def test_a_failure_of_a_back_end_is_told_and_not_raised() -> None:
    def broken() -> str | None:
        raise OSError("bus")

    keyring = acting(broken)

    assert keyring.key("a", BUS).problem == "the keyring failed (OSError)"
    assert keyring.delete("a", BUS) == Trouble("the keyring failed (OSError)")
    assert keyring.store("a", Secret("key-1"), BUS) == "the keyring failed (OSError)"


def test_what_is_stored_is_found_and_what_is_deleted_is_gone() -> None:
    keyring = ring({})

    assert keyring.store("a@b", Secret("key-1"), BUS) == ""
    assert keyring.key("a@b", BUS).secret == Secret("key-1")
    assert keyring.delete("a@b", BUS) is True
    assert keyring.delete("a@b", BUS) is False
    assert keyring.key("a@b", BUS).secret is None


def test_a_keyring_that_only_pretends_to_store_is_found_out() -> None:
    assert "does not have it" in acting(lambda: None).store("a@b", Secret("key-1"), BUS)


def test_without_a_desktop_bus_nothing_is_asked() -> None:
    assert "no desktop session bus" in ring({"a": "key-1"}).store("a", Secret("key-2"), {})


@pytest.mark.parametrize(
    ("env", "platform", "reason"),
    [
        ({}, "linux", "there is no keyring here: no desktop session bus"),
        (BUS, "linux", ""),
        ({}, "darwin", ""),
        ({"PYTHON_KEYRING_BACKEND": "my.Keyring"}, "linux", ""),
        (
            {**BUS, "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
            "linux",
            "the keyring is switched off by PYTHON_KEYRING_BACKEND",
        ),
    ],
)
def test_a_machine_without_a_keyring_is_known_without_loading_one(
    env: dict[str, str], platform: str, reason: str
) -> None:
    assert absence(env, platform) == reason


def test_the_real_package_answers_through_its_back_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "plain_backend.py").write_text(PLAIN_BACKEND)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "plain_backend.Plain")

    assert run(ASK, tmp_path) == "key-of-hawkmoth-a@b \n"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="session buses are a matter of Linux")
def test_a_dead_session_bus_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")

    assert run(ASK, tmp_path) == "None there is no keyring here\n"
