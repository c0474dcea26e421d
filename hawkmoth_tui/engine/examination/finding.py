"""What an examination answers with, and where it looks."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


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


def unwritable(folder: Path) -> str:
    """Why nothing can be written there, or in the nearest folder above that exists; empty when it can."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return error.strerror or type(error).__name__


def count(number: int, noun: str) -> str:
    """1 session, 2 sessions."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
