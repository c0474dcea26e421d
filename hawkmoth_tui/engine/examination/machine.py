"""The machine and the terminal: versions, sizes, encodings, the clock."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING

from hawkmoth_tui.catalog import vocabulary
from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.engine.examination.finding import Finding, unwritable
from hawkmoth_tui.routing.weights import WeightsProblem, shipped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hawkmoth_tui.engine.examination.finding import Screen
    from hawkmoth_tui.settings.paths import Paths

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can corrupt a write-ahead log that is reset while another process writes."""
OLDEST_PYTHON = (3, 11)
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock before this is wrong: Hawkmoth did not exist."""
CLOCK_SLACK_MS = 5 * 60 * 1000
"""How far the clock may lie behind the newest saved session."""
COERCED = ("C.UTF-8", "C.utf8")
"""What Python itself puts into LC_CTYPE where the shell says nothing, or C: the terminal was not told that."""
SMALLEST_SCREEN = (20, 5)


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
    names = ("LC_ALL", "LANG") if env.get("LC_CTYPE") in COERCED else ("LC_ALL", "LC_CTYPE", "LANG")
    name = next((name for name in names if env.get(name)), "")
    if not name:
        return Finding(
            "locale", True, "not set; if tmux shows _ in place of lines, export LANG=C.UTF-8 before it starts"
        )
    shown = f"{name}={one_line(env[name], 40)}"
    if "utf8" not in env[name].lower().replace("-", ""):
        return Finding("locale", False, f"{shown} is not UTF-8", f"export {name}=C.UTF-8")
    return Finding("locale", True, shown)


def log_folder(paths: Paths) -> Finding:
    """Whether errors can be written down."""
    problem = unwritable(paths.log_dir)
    if problem:
        return Finding("log", False, f"{paths.log_dir} cannot be written ({problem})", "check the folder's permissions")
    return Finding("log", True, str(paths.log_dir))


def tokens(file: Path = vocabulary.FILE) -> Finding:
    """Whether tokens can be counted exactly: the shipped vocabulary is whole, and tiktoken is there to use it."""
    problem = vocabulary.problem(file)
    if not problem and find_spec("tiktoken") is None:
        problem = "tiktoken is missing"
    if problem:
        return Finding("tokens", False, f"{problem}: counts are estimates", "install Hawkmoth again")
    return Finding("tokens", True, "exact for texts of OpenAI's models, estimates for others")


def router() -> Finding:
    """Whether the learned part of the router is whole: its weights are those that were shipped."""
    try:
        tasks = len(shipped().tasks)
    except WeightsProblem as problem:
        return Finding("router", False, f"{problem}: the rules decide alone", "install Hawkmoth again")
    return Finding("router", True, f"{tasks} learned tasks")


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


def _span(milliseconds: int) -> str:
    minutes = milliseconds // 60_000
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // 1440} days"
