"""What `hawkmoth doctor` looks at. Each function examines one thing and answers with findings; nothing is changed and nothing is stored.

Facts that only a front end knows (is there a terminal, how large) come in as values.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import AuthFailed, ConfigError, HawkmothError, ProviderError, StoreError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import apsw

    from hawkmoth_tui.engine.models import Models, ProviderStatus
    from hawkmoth_tui.settings.load import Loaded
    from hawkmoth_tui.settings.paths import Paths

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can corrupt a write-ahead log that is reset while another process writes."""
OLDEST_PYTHON = (3, 11)
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this is wrong: Hawkmoth did not exist."""
CLOCK_SLACK_MS = 5 * 60 * 1000
"""How far the clock may lie behind the newest saved session."""
REACH_S = 8.0
"""How long a provider may take to answer."""
SMALLEST_SCREEN = (20, 5)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    """What it is, in one or two words."""
    is_ok: bool
    """False: something needs the user."""
    detail: str
    """What was found, one line."""
    hint: str = ""
    """What to do; empty when nothing needs doing."""


@dataclass(frozen=True, slots=True)
class Screen:
    """The terminal, as the front end sees it."""

    is_terminal: bool
    columns: int
    """0: unknown."""
    rows: int


def python(version: tuple[int, ...] = sys.version_info[:3]) -> Finding:
    """The interpreter."""
    shown = ".".join(str(part) for part in version)
    if version < OLDEST_PYTHON:
        return Finding("python", False, f"{shown} is too old", "install Python 3.11 or newer")
    return Finding("python", True, shown)


def sqlite(version: str | None = None) -> Finding:
    """The SQLite library that apsw brings."""
    if version is None:
        import apsw

        version = apsw.sqlite_lib_version()
    needed = ".".join(str(part) for part in OLDEST_SQLITE)
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        return Finding(
            "sqlite", False, f"{version} can damage the store", f"update apsw to {needed} or newer: pip install -U apsw"
        )
    return Finding("sqlite", True, version)


def terminal(env: Mapping[str, str], screen: Screen) -> Finding:
    """Whether the workstation can open here."""
    kind = env.get("TERM", "")
    shown = one_line(kind, 40)
    if kind.lower() in ("dumb", "unknown") or (screen.is_terminal and not kind):
        return Finding(
            "terminal",
            False,
            f"TERM is {shown or 'not set'}: no workstation here",
            "export TERM=xterm-256color, or use `hawkmoth ask`",
        )
    if not screen.is_terminal:
        return Finding("terminal", True, f"stdout is not a terminal; TERM is {shown or 'not set'}")
    size = f"{screen.columns}×{screen.rows}"
    if 0 < screen.columns < SMALLEST_SCREEN[0] or 0 < screen.rows < SMALLEST_SCREEN[1]:
        return Finding("terminal", False, f"{size} is too small", "make the window larger; 80×24 is comfortable")
    colours = "no colours (NO_COLOR)" if env.get("NO_COLOR") else env.get("COLORTERM") or "colours as TERM says"
    inside = " in tmux" if env.get("TMUX") else ""
    return Finding("terminal", True, f"{shown} {size}{inside}, {one_line(colours, 30)}")


def locale(env: Mapping[str, str]) -> Finding:
    """Whether the terminal is told that it gets UTF-8. Hawkmoth writes UTF-8 whatever this says."""
    name = next((name for name in ("LC_ALL", "LC_CTYPE", "LANG") if env.get(name)), "")
    if not name:
        return Finding("locale", True, "not set; Hawkmoth writes UTF-8")
    shown = f"{name}={one_line(env[name], 40)}"
    if "utf8" not in env[name].lower().replace("-", ""):
        return Finding("locale", False, f"{shown} is not UTF-8", f"export {name}=C.UTF-8")
    return Finding("locale", True, shown)


def log_folder(paths: Paths) -> Finding:
    """Whether errors can be written down."""
    problem = _unwritable(paths.log_dir)
    if problem:
        return Finding("log", False, f"{paths.log_dir} cannot be written ({problem})", "check the folder's permissions")
    return Finding("log", True, str(paths.log_dir))


def store(paths: Paths, now_ms: Callable[[], int] | None = None) -> tuple[Finding, ...]:
    """The store's folder, its file, and the clock against what it holds. Only reads."""
    now = now_ms() if now_ms else time.time_ns() // 1_000_000
    file = paths.db_file
    problem = _unwritable(file.parent)
    if problem:
        hint = "check the folder's permissions, or set HAWKMOTH_HOME to another folder"
        return Finding("store", False, f"{file.parent} cannot be written ({problem})", hint), clock(now, None)
    if not file.exists():
        return Finding("store", True, f"{file} will be made"), clock(now, None)
    open_to = _open_to_others(file)
    if open_to:
        return Finding("store", False, f"others can read {open_to}", f"run: chmod go-rwx {open_to}"), clock(now, None)
    try:
        return _examined(file, now)
    except StoreError as error:
        return Finding("store", False, error.message, error.hint or "move the file away; a new one is made"), clock(
            now, None
        )


def clock(now_ms: int, newest_ms: int | None) -> Finding:
    """Whether the time can be right; `newest_ms` is when a session was last used, None when there is none."""
    try:
        now = datetime.fromtimestamp(now_ms / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return Finding("clock", False, "it shows an impossible time", "set the clock")
    shown = now.astimezone().strftime("%Y-%m-%d %H:%M %Z")
    if now < EARLIEST:
        return Finding(
            "clock", False, f"{shown} is before Hawkmoth was made", "set the clock; costs per day depend on it"
        )
    if newest_ms is not None and newest_ms - now_ms > CLOCK_SLACK_MS:
        return Finding(
            "clock",
            False,
            f"{shown} is {_span(newest_ms - now_ms)} before the newest saved session",
            "set the clock; costs per day depend on it",
        )
    return Finding("clock", True, shown)


async def providers(loaded: Loaded, models: Models) -> tuple[Finding, ...]:
    """The key of each provider, whether those that can be used answer, and what servers this machine has.

    Each usable provider is asked for its list of models, with its key, which costs nothing. A built-in provider without a key needs nobody,
    unless the configuration names it.
    """
    await models.look_for_keys()
    await models.discover()
    statuses = models.providers()
    findings = await asyncio.gather(
        *(_provider(status, _is_chosen(status.name, loaded), models) for status in statuses)
    )
    if any(status.is_usable for status in statuses):
        return tuple(findings)
    nothing = Finding(
        "providers",
        False,
        "none can be used",
        "export a key such as TOGETHER_API_KEY, or start a server such as Ollama, or try `hawkmoth demo`",
    )
    return (*findings, nothing)


async def _provider(status: ProviderStatus, is_chosen: bool, models: Models) -> Finding:
    name = f"provider {one_line(status.name, 40)}"
    if not status.is_usable:
        problem = one_line(status.problem, 200)
        detail = "cannot be used" if is_chosen else f"no key: {problem.partition(': ')[0]}"
        return Finding(name, not is_chosen, detail, problem)
    key = f"key from {one_line(status.key_source, 60)}" if status.key_source else "no key needed"
    place = one_line(status.base_url, 80)
    try:
        async with asyncio.timeout(REACH_S):
            listed = await (await models.provider(status.name)).list_models()
    except TimeoutError:
        return Finding(
            name, False, f"{key}; {place} did not answer within {REACH_S:g} s", "check the network and base_url"
        )
    except AuthFailed as error:
        return Finding(
            name, False, f"{key}; it was refused: {one_line(error.message, 120)}", error.hint or "check the key"
        )
    except ProviderError as error:
        if error.status is not None and 400 <= error.status < 500:
            return Finding(name, True, f"{key}; {place} answers, but lists no models ({error.status})")
        return Finding(
            name, False, f"{key}; {one_line(error.message, 160)}", error.hint or "check the network and base_url"
        )
    except UserError as error:
        return Finding(name, False, one_line(error.message, 160), error.hint)
    return Finding(name, True, f"{key}; {place} answers, {_count(len(listed), 'model')}")


def _is_chosen(name: str, loaded: Loaded) -> bool:
    """Whether the user's own configuration speaks of this provider."""
    start = f"providers.{name}."
    return any(place.startswith(start) and origin != "built-in" for place, origin in loaded.origins.items())


def configuration(env: Mapping[str, str]) -> tuple[Finding, Loaded | None]:
    """Whether the configuration can be read; None when it cannot."""
    from hawkmoth_tui.settings.load import load

    try:
        loaded = load(env)
    except ConfigError as error:
        return Finding("config", False, error.message, error.hint), None
    file = loaded.paths.config_file
    return Finding("config", True, str(file) if file.exists() else f"{file} is not there, which is fine"), loaded


async def everything(env: Mapping[str, str], screen: Screen) -> tuple[Finding, ...]:
    """All findings, in the order they are told."""
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.secrets.chain import find_key
    from hawkmoth_tui.settings.paths import paths_from

    config, loaded = configuration(env)
    paths = loaded.paths if loaded else paths_from(env)
    found = [python(), sqlite(), terminal(env, screen), locale(env), config, log_folder(paths)]
    found += await asyncio.to_thread(store, paths)
    if loaded is not None:
        models = Models(loaded.settings, env, find_key, time.monotonic)
        try:
            found += await providers(loaded, models)
        except HawkmothError as error:
            found.append(Finding("providers", False, error.message, error.hint))
        finally:
            await models.aclose()
    return tuple(found)


def _examined(file: Path, now_ms: int) -> tuple[Finding, ...]:
    """A store that is there: its schema, its soundness, its newest session."""
    import apsw

    from hawkmoth_tui.store import migrations
    from hawkmoth_tui.store.db import store_errors

    with store_errors(str(file)):
        connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.set_busy_timeout(2000)
            migrations.check(connection, file)
            damage = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
            newest_ms, sessions = _newest(connection)
            version = connection.pragma("user_version")
        finally:
            connection.close()
    if damage:
        broken = Finding(
            "store", False, f"{file} is damaged ({one_line(damage[0], 120)})", "restore it from a backup beside it"
        )
        return broken, clock(now_ms, None)
    size_mb = file.stat().st_size / 1e6
    sound = Finding("store", True, f"{file}: sound, schema {version}, {_count(sessions, 'session')}, {size_mb:.1f} MB")
    return sound, clock(now_ms, newest_ms)


def _newest(connection: apsw.Connection) -> tuple[int | None, int]:
    """When a session was last used, and how many there are; of a store that is empty as yet None and 0."""
    if not connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'session'").fetchall():
        return None, 0
    newest, count = connection.execute("SELECT max(updated_at_ms), count(*) FROM session").fetchall()[0]
    return (int(newest) if isinstance(newest, int) else None), int(str(count))


def _unwritable(folder: Path) -> str:
    """Why nothing can be written there, or in the nearest folder above that exists; empty when it can."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


def _open_to_others(file: Path) -> str:
    """The store's folder or file when other users can read it; empty when it is private."""
    if os.name != "posix":
        return ""
    return next((str(place) for place in (file.parent, file) if place.stat().st_mode & 0o077), "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _span(milliseconds: int) -> str:
    minutes = milliseconds // 60_000
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"
