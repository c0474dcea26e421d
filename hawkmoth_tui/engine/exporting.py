"""A session as a file for its user alone: Markdown, plain text or JSON, as the file's ending says."""

from __future__ import annotations

import contextlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import visible
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.engine.document import dumps, session_document
from hawkmoth_tui.engine.pages import as_markdown, as_text

if TYPE_CHECKING:
    from hawkmoth_tui.core.session import Session
    from hawkmoth_tui.core.turn import Turn

ENDINGS = (".md", ".txt", ".json")


def write_export(session: Session, turns: tuple[Turn, ...], target: str) -> Path:
    """Write the session into a new file and return it; blocks. An empty `target` is a Markdown file named after the title, here.

    A file that exists is not written over. Raises UserError.
    """
    path = Path(target).expanduser() if target else Path(f"{_name(session)}.md")
    if path.suffix.lower() not in ENDINGS:
        raise UserError(f"{path.name} says no format", f"end it with one of {', '.join(ENDINGS)}")
    write_new(path, _rendered(session, turns, path.suffix.lower()))
    return path.absolute()


def write_new(path: Path, text: str) -> None:
    """Write a file for its user alone; blocks. One that exists is not written over. Raises UserError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except FileExistsError:
        raise UserError(f"{path} exists already", "name another file") from None
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror or error}", "name another file") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
    except OSError as error:
        with contextlib.suppress(OSError):
            path.unlink()
        raise UserError(f"{path} cannot be written: {error.strerror or error}", "name another file") from error


def _rendered(session: Session, turns: tuple[Turn, ...], ending: str) -> str:
    match ending:
        case ".json":
            return dumps(session_document(session, turns), indent=1) + "\n"
        case ".txt":
            return visible(as_text(session, turns)) + "\n"
        case _:
            return visible(as_markdown(session, turns)) + "\n"


def _name(session: Session) -> str:
    """The title as a file's name, else the session's id."""
    return re.sub(r"[^\w]+", "-", session.title).strip("-")[:60].lower() or session.id
