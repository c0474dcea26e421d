"""`hawkmoth keys` as a user runs it: through pipes, through a terminal, and with a real secret service."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.vault import Vault
from hawkmoth_tui.settings.paths import paths_from
from tests.headless.shell import answer, configure, environment, hawkmoth
from tests.patience import PATIENCE_S
from tests.servers.scripted import ScriptedServer, whole
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "sk-proj-0123456789abcdefghij"
ENCRYPTED = "keys.vault"
NO_BUS = {"DBUS_SESSION_BUS_ADDRESS": None, "PYTHON_KEYRING_BACKEND": None, "OPENAI_API_KEY": None}


@pytest.fixture
def passphrase(home: Path) -> str:
    """The path of a passphrase file."""
    file = home / "passphrase"
    file.write_text("correct horse battery\n")
    file.chmod(0o600)
    return str(file)


def unseen(home: Path) -> None:
    """No file under the home holds the key."""
    for path in home.rglob("*"):
        assert not path.is_file() or SECRET.encode() not in path.read_bytes(), path


async def test_a_piped_key_is_stored_listed_used_and_deleted(home: Path, passphrase: str) -> None:
    env = {**NO_BUS, "HAWKMOTH_SECRETS__PASSPHRASE_FILE": passphrase}

    stored = await hawkmoth("keys", "set", "openai", stdin=f"{SECRET}\n".encode(), **env)
    listed = await hawkmoth("keys", "list", "--json", stdin=None, **env)
    deleted = await hawkmoth("keys", "delete", "openai", stdin=None, **env)
    again = await hawkmoth("keys", "delete", "openai", stdin=None, **env)

    assert stored.text == "the key of openai is kept in the encrypted key file, for api.openai.com alone\n"
    assert "not in the keyring: there is no keyring here: no desktop session bus" in stored.said
    lines = {line["provider"]: line for line in json.loads(listed.out)}
    assert lines["openai"]["source"] == "key file"
    assert lines["anthropic"]["source"] is None
    assert deleted.text == "the key of openai is taken out of the encrypted key file\n"
    assert (again.code, "no key of openai is stored" in again.last_line) == (2, True)
    assert SECRET not in stored.text + stored.said + listed.text + deleted.text
    unseen(home)


async def test_a_stored_key_is_bound_to_its_host(home: Path, passphrase: str) -> None:
    env = {**NO_BUS, "HAWKMOTH_SECRETS__PASSPHRASE_FILE": passphrase}
    await hawkmoth("keys", "set", "openai", stdin=SECRET.encode(), **env)

    moved = await hawkmoth(
        "keys", "list", "--json", stdin=None, HAWKMOTH_PROVIDERS__OPENAI__BASE_URL="https://evil.example/v1", **env
    )

    line = next(line for line in json.loads(moved.out) if line["provider"] == "openai")
    assert line["source"] is None
    assert line["host"] == "evil.example"


async def test_without_a_place_for_it_nothing_is_written_and_the_ways_are_named(home: Path) -> None:
    done = await hawkmoth("keys", "set", "openai", stdin=SECRET.encode(), **NO_BUS)

    assert done.code == 2
    assert "no desktop session bus; the encrypted key file needs a passphrase" in done.last_line
    assert "[secrets] passphrase_file" in done.last_line
    assert not (home / ENCRYPTED).exists()
    unseen(home)


async def test_a_key_is_never_an_argument(home: Path) -> None:
    done = await hawkmoth("keys", "set", "openai", SECRET, stdin=None, **NO_BUS)

    other = await hawkmoth("keys", "list", SECRET)

    assert (done.code, other.code) == (2, 2)
    assert "never an argument" in done.last_line
    assert SECRET not in done.said + done.text + other.said + other.text


async def test_a_key_is_tried_at_its_server(home: Path) -> None:
    models = whole({"data": [{"id": "small-model"}, {"id": "other"}]})
    refused = whole(
        {"error": {"message": "Incorrect API key provided: lab-0123***", "type": "invalid_request_error"}}, 401
    )
    async with ScriptedServer(models, refused) as server:
        configure(home, server.url)
        good = await hawkmoth("keys", "test", "lab")
        bad = await hawkmoth("keys", "test", "lab")

    assert good.text == "lab answers with the key from env LAB_KEY: 2 models\n"
    assert bad.code == 3
    assert "LAB_KEY" in bad.last_line


async def test_the_list_says_where_each_key_comes_from_and_shows_none(home: Path) -> None:
    done = await hawkmoth("keys", "list", stdin=None, **{**NO_BUS, "OPENAI_API_KEY": SECRET})

    assert "env OPENAI_API_KEY" in done.text
    assert "ANTHROPIC_API_KEY" in done.text
    assert SECRET not in done.text


SERVICE = """
printf '%s' testpass | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
"$PYTHON" -c "$PATIENT" keys set openai < "$KEY_FILE" && "$PYTHON" -c "$PATIENT" keys list --json &&
"$PYTHON" -c "$PATIENT" keys delete openai
"""
PATIENT = f"""
import sys
from hawkmoth_tui import cli
from hawkmoth_tui.secrets.keyring import SYSTEM_KEYRING
SYSTEM_KEYRING._deadline_s = {PATIENCE_S}
sys.exit(cli.main())
"""
"""The command, which waits for a slow machine's keyring."""
LOCKED = """
gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1
"$PYTHON" -m hawkmoth_tui keys set openai --store keyring < "$KEY_FILE"
"""


def in_a_session(home: Path, script: str) -> subprocess.CompletedProcess[str]:
    """What the script prints in a desktop session of its own, with a secret service."""
    for program in ("dbus-run-session", "gnome-keyring-daemon"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    key_file = home / "piped"
    key_file.write_text(SECRET)
    env = environment(
        HOME=str(home),
        XDG_RUNTIME_DIR=str(home),
        PYTHON=sys.executable,
        PATIENT=PATIENT,
        KEY_FILE=str(key_file),
        **NO_BUS,
    )
    env.pop("DISPLAY", None)
    done = subprocess.run(
        ["dbus-run-session", "--", "sh", "-c", script],
        env={**env, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=4 * PATIENCE_S,
        check=False,
    )
    key_file.unlink()
    return done


def test_a_real_secret_service_keeps_a_key(home: Path) -> None:
    home.chmod(0o700)

    done = in_a_session(home, SERVICE)

    assert "the key of openai is kept in the keyring, for api.openai.com alone" in done.stdout, done.stderr
    assert '"source": "keyring"' in done.stdout
    assert "the key of openai is taken out of the keyring" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    unseen(home)


def test_a_locked_secret_service_is_explained(home: Path) -> None:
    home.chmod(0o700)

    done = in_a_session(home, LOCKED)

    assert done.returncode == 2
    assert "keyring" in done.stderr
    assert "--store file" in done.stderr


def test_at_a_terminal_key_and_passphrase_are_typed_unseen(home: Path) -> None:
    env = {"DBUS_SESSION_BUS_ADDRESS": "", "PYTHON_KEYRING_BACKEND": ""}
    with Terminal("keys", "set", "openai", env=env) as terminal:
        for question, typed in (
            ("key for openai:", SECRET),
            ("new passphrase for the encrypted key file:", "correct horse battery"),
            ("the same passphrase again:", "correct horse battery"),
        ):
            terminal.wait_for(question)
            terminal.type(f"{typed}\r")
        terminal.wait_for("is kept in the encrypted key file, for api.openai.com alone")

        assert SECRET.encode() not in terminal.raw
        assert b"battery" not in terminal.raw
    with Terminal("keys", "test", "openai", env=env) as terminal:
        terminal.wait_for("passphrase of the encrypted key file:")
        terminal.type("another battery\r")
        terminal.wait_for("the passphrase does not open the encrypted key file")
    unseen(home)


LOCKED_AWAY = """
[providers.lab]
protocol = "openai-chat"
base_url = "http://models.example/v1"
proxy = "{url}"
[[providers.lab.models]]
id = "small-model"
"""


async def test_ask_asks_for_the_passphrase_at_a_terminal_and_never_when_stdin_is_the_prompt(home: Path) -> None:
    vault = Vault(paths_from(os.environ).vault_file)
    vault.unlock(Secret("correct horse battery"))
    vault.store("lab@models.example", Secret(SECRET))

    def at_a_terminal(passphrase: str, *expected: str) -> None:
        with Terminal("ask", "hello") as terminal:
            terminal.wait_for("passphrase of the encrypted key file:")
            terminal.type(f"{passphrase}\r")
            terminal.wait_for(*expected)
            terminal.wait_exit()
            assert passphrase.encode() not in terminal.raw

    async with ScriptedServer(answer("from ", "the lab")) as server:
        (home / "config.toml").write_text(LOCKED_AWAY.format(url=server.url))
        await asyncio.to_thread(at_a_terminal, "wrong battery", "the passphrase does not open the encrypted key file")
        assert not server.requests
        await asyncio.to_thread(at_a_terminal, "correct horse battery", "from the lab")
        assert server.requests[0].headers["authorization"] == f"Bearer {SECRET}"
        piped = await hawkmoth("ask", "-", stdin=b"hello", OPENAI_API_KEY=None)

    assert piped.code == 2
    assert "no provider can be used yet: the encrypted key file is locked" in piped.last_line
    unseen(home)
