"""For each thing `doctor` checks: break it, and read the line."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import apsw
import pytest

from hawkmoth_tui.core.session import Session
from hawkmoth_tui.engine.examination import everything as whole
from hawkmoth_tui.engine.examination import machine, storage
from hawkmoth_tui.engine.examination.finding import Finding, Screen
from hawkmoth_tui.headless.doctor import document, text
from hawkmoth_tui.settings.paths import paths_from
from hawkmoth_tui.store import db
from hawkmoth_tui.store.migrations import MIGRATIONS
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hawkmoth_tui.settings.paths import Paths

SCREEN = Screen(True, 120, 40)
NOON_MS = 1_790_000_000_000
"""In September 2026."""


@pytest.fixture
def paths(home: Path) -> Paths:
    return paths_from({"HAWKMOTH_HOME": str(home)})


async def fill(paths: Paths, at_ms: int = NOON_MS) -> None:
    """A real store with one session that was used then."""
    store = Store.open(paths.db_file, owner=this_process(), clock_ms=lambda: at_ms)
    await store.create_session(Session("s1", "first", at_ms, at_ms))
    store.close()


def test_python_that_is_too_old() -> None:
    assert machine.python() == Finding("python", True, ".".join(map(str, __import__("sys").version_info[:3])))
    assert machine.python((3, 10, 9)) == Finding("python", False, "3.10.9 is too old", "install Python 3.11 or newer")


def test_sqlite_that_can_damage_the_store() -> None:
    assert machine.sqlite().is_ok

    finding = machine.sqlite("3.51.2")

    assert (finding.is_ok, finding.detail) == (False, "3.51.2 can damage the store")
    assert "3.51.3" in finding.hint


@pytest.mark.parametrize(
    ("env", "screen", "says"),
    [
        ({"TERM": "dumb"}, SCREEN, "TERM is dumb"),
        ({"TERM": "dumb"}, Screen(False, 0, 0), "TERM is dumb"),
        ({}, SCREEN, "TERM is not set"),
        ({"TERM": "xterm"}, Screen(True, 15, 40), "15×40 is too small"),
        ({"TERM": "xterm"}, Screen(True, 80, 3), "80×3 is too small"),
    ],
)
def test_a_terminal_that_shows_no_workstation(env: dict[str, str], screen: Screen, says: str) -> None:
    finding = machine.terminal(env, screen)

    assert not finding.is_ok
    assert says in finding.detail
    assert finding.hint


@pytest.mark.parametrize(
    ("env", "screen", "says"),
    [
        ({"TERM": "xterm-256color", "TMUX": "/tmp/x"}, SCREEN, "xterm-256color 120×40 in tmux"),
        ({"TERM": "xterm", "NO_COLOR": "1"}, SCREEN, "no colours (NO_COLOR)"),
        ({"TERM": "xterm"}, Screen(True, 0, 0), "xterm"),
        ({}, Screen(False, 0, 0), "stdout is not a terminal"),
    ],
)
def test_a_terminal_that_is_fine_or_not_there(env: dict[str, str], screen: Screen, says: str) -> None:
    finding = machine.terminal(env, screen)

    assert finding.is_ok
    assert says in finding.detail


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LANG": "de_DE.ISO-8859-1"},
        {"LC_ALL": "POSIX", "LANG": "C.UTF-8"},
        {"LANG": "C", "LC_CTYPE": "C.UTF-8"},
    ],
)
def test_a_locale_that_is_not_utf8(env: dict[str, str]) -> None:
    finding = machine.locale(env)

    assert not finding.is_ok
    assert "is not UTF-8" in finding.detail
    assert "C.UTF-8" in finding.hint


@pytest.mark.parametrize("env", [{}, {"LANG": "en_US.UTF-8"}, {"LANG": "C", "LC_ALL": "C.utf8"}])
def test_a_locale_that_is_fine(env: dict[str, str]) -> None:
    assert machine.locale(env).is_ok


@pytest.mark.parametrize("env", [{}, {"LC_CTYPE": "C.UTF-8"}])
def test_a_locale_that_only_python_has_set_is_not_taken_for_the_shells(env: dict[str, str]) -> None:
    finding = machine.locale(env)

    assert finding.is_ok
    assert finding.detail.startswith("not set")


def test_a_log_folder_that_cannot_be_written(paths: Paths) -> None:
    assert machine.log_folder(paths).is_ok
    paths.log_dir.write_text("in the way")

    finding = machine.log_folder(paths)

    assert not finding.is_ok
    assert f"{paths.log_dir} cannot be written" in finding.detail


def test_a_vocabulary_that_was_changed(tmp_path: Path) -> None:
    assert machine.tokens().is_ok
    changed = tmp_path / "o200k_base.tiktoken"
    changed.write_bytes(b"IQ== 0\n")

    for file, says in ((changed, "is not the file that was shipped"), (tmp_path / "gone", "cannot be read")):
        finding = machine.tokens(file)

        assert not finding.is_ok
        assert says in finding.detail
        assert finding.hint == "install Hawkmoth again"


def test_a_store_that_is_not_there_yet_is_fine(paths: Paths) -> None:
    found, clock = storage.store(paths, lambda: NOON_MS)

    assert found == Finding("store", True, f"{paths.db_file} will be made")
    assert clock.is_ok


async def test_a_store_that_is_sound(paths: Paths) -> None:
    await fill(paths)

    found, clock = storage.store(paths, lambda: NOON_MS)

    assert found.is_ok
    assert f"sound, schema {len(MIGRATIONS)}, 1 session," in found.detail
    assert clock.is_ok


async def test_a_deep_look_finds_a_sum_that_is_not_that_of_its_rows(paths: Paths) -> None:
    store = Store.open(paths.db_file, owner=this_process(), clock_ms=lambda: NOON_MS)
    await store.append_ledger(samples.row("a1", 1000, at_ms=NOON_MS))
    store.close()
    sound = storage.deep(paths)
    database = db.open_database(paths.db_file)
    database.writing.execute("UPDATE ledger_sum SET cost_pico = cost_pico + 1 WHERE kind = 0 AND level = 1")
    database.close()

    found = storage.deep(paths)

    assert sound.is_ok
    assert not found.is_ok
    assert "sums of the ledger are not those of its rows" in found.detail
    assert found.hint


def test_a_store_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    paths = paths_from({"HAWKMOTH_HOME": str(tmp_path / "file" / "home")})

    found = storage.store(paths, lambda: NOON_MS)[0]

    assert not found.is_ok
    assert "cannot be written" in found.detail
    assert "HAWKMOTH_HOME" in found.hint


async def test_a_store_that_others_can_read(paths: Paths) -> None:
    await fill(paths)
    paths.db_file.chmod(0o644)

    found = storage.store(paths, lambda: NOON_MS)[0]

    assert (found.is_ok, found.detail) == (False, f"others can read {paths.db_file}")
    assert found.hint == f"run: chmod go-rwx {paths.db_file}"


async def test_a_store_of_a_newer_hawkmoth(paths: Paths) -> None:
    await fill(paths)
    connection = apsw.Connection(str(paths.db_file))
    connection.pragma("user_version", 999)
    connection.close()

    found = storage.store(paths, lambda: NOON_MS)[0]

    assert not found.is_ok
    assert "newer Hawkmoth (schema 999" in found.detail


def test_a_store_that_is_no_database(paths: Paths) -> None:
    paths.db_file.write_text("hello, I am not a database\n" * 100)
    paths.db_file.chmod(0o600)

    found = storage.store(paths, lambda: NOON_MS)[0]

    assert not found.is_ok
    assert "is damaged" in found.detail
    assert found.hint


async def test_a_store_with_noise_in_the_middle(paths: Paths) -> None:
    await fill(paths)
    data = bytearray(paths.db_file.read_bytes())
    data[4096 : 4096 * 4] = os.urandom(4096 * 3)
    paths.db_file.write_bytes(bytes(data))

    found = storage.store(paths, lambda: NOON_MS)[0]

    assert not found.is_ok
    assert "damaged" in found.detail


async def test_looking_at_the_store_changes_nothing(paths: Paths) -> None:
    await fill(paths)
    before = paths.db_file.read_bytes()

    storage.store(paths, lambda: NOON_MS)

    assert paths.db_file.read_bytes() == before


def test_a_clock_before_hawkmoth_was_made() -> None:
    finding = machine.clock(1_000_000_000_000, None)

    assert not finding.is_ok
    assert "before Hawkmoth was made" in finding.detail


async def test_a_clock_behind_the_newest_session(paths: Paths) -> None:
    await fill(paths, NOON_MS + 3 * 86_400_000)

    clock = storage.store(paths, lambda: NOON_MS)[1]

    assert not clock.is_ok
    assert "3 days before the newest saved session" in clock.detail


def test_an_impossible_clock() -> None:
    assert not machine.clock(10**18, None).is_ok


def test_a_configuration_that_cannot_be_read(home: Path) -> None:
    (home / "config.toml").write_text("[routing]\npolicy = 'lavish'\n")

    finding, loaded = whole.configuration({"HAWKMOTH_HOME": str(home)})

    assert loaded is None
    assert not finding.is_ok
    assert "config.toml" in finding.detail


class Lab(BaseHTTPRequestHandler):
    """A model server that answers its list of models as its path says."""

    def do_GET(self) -> None:
        status = 401 if "closed" in self.path else 404 if "listless" in self.path else 200
        body = (
            b'{"object": "list", "data": [{"id": "small-model"}]}' if status == 200 else b'{"error": {"message": "no"}}'
        )
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in the library
        """Say nothing."""


@pytest.fixture
def lab() -> Iterator[str]:
    """The address of a running model server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Lab)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def everything(home: Path, **env: str) -> dict[str, Finding]:
    """All findings by name, as this environment gives them."""
    found = asyncio.run(whole.everything({"HAWKMOTH_HOME": str(home), "TERM": "xterm", **env}, SCREEN))
    return {finding.name: finding for finding in found}


def configure(home: Path, base_url: str, more: str = 'api_key = "env:LAB_KEY"') -> None:
    (home / "config.toml").write_text(f'[providers.lab]\nprotocol = "openai-chat"\nbase_url = "{base_url}"\n{more}\n')


def test_a_provider_with_its_key_answers(home: Path, lab: str) -> None:
    configure(home, f"{lab}/v1")

    found = everything(home, LAB_KEY="lab-key-0123456789")

    assert found["provider lab"].is_ok
    assert "env" in found["provider lab"].detail
    assert "1 model" in found["provider lab"].detail
    assert "lab-key" not in str(found)
    assert "providers" not in found


def test_a_key_that_is_refused(home: Path, lab: str) -> None:
    configure(home, f"{lab}/closed/v1")

    finding = everything(home, LAB_KEY="lab-key-0123456789")["provider lab"]

    assert not finding.is_ok
    assert "it was refused" in finding.detail


def test_a_server_without_a_list_of_models_still_answers(home: Path, lab: str) -> None:
    configure(home, f"{lab}/listless/v1")

    assert everything(home, LAB_KEY="lab-key-0123456789")["provider lab"].is_ok


def test_a_key_that_is_missing(home: Path, lab: str) -> None:
    configure(home, f"{lab}/v1")

    found = everything(home)

    assert not found["provider lab"].is_ok
    assert "LAB_KEY" in found["provider lab"].hint


def test_a_provider_that_nobody_answers_for(home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configure(home, f"http://127.0.0.1:{port}/v1", 'api_key = "none"')

    finding = everything(home)["provider lab"]

    assert not finding.is_ok
    assert finding.hint


def test_nothing_that_can_be_used(home: Path) -> None:
    found = everything(home)

    assert not found["providers"].is_ok
    assert "TOGETHER_API_KEY" in found["providers"].hint
    assert found["provider openai"].is_ok, "a built-in provider that nobody wants needs nobody"


def test_the_page_says_what_to_do_under_what_needs_doing() -> None:
    findings = (Finding("store", False, "it is full", "free some space"), Finding("clock", True, "fine"))

    assert text(findings) == "!!  store  it is full\n           → free some space\nok  clock  fine"


def test_the_document_says_whether_all_is_well() -> None:
    found = document((Finding("clock", True, "fine"),))

    assert found["ok"] is True
    assert found["findings"] == [{"name": "clock", "ok": True, "detail": "fine", "hint": ""}]
