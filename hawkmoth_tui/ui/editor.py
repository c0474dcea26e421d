"""The text in the user's own editor: out to a file, back from it. Whatever goes wrong, the text is as it was."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import signal
import subprocess
import tempfile
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.core.errors import HawkmothError
    from hawkmoth_tui.ui.stage import StagedApp


async def edited(app: StagedApp[HawkmothError], text: str) -> str:
    """The text after the editor was closed. Nothing is drawn meanwhile, and an answer goes on arriving. Raises UserError."""
    command = _command()
    name = one_line(PurePath(command[0]).name, 60)
    with tempfile.TemporaryDirectory(prefix="hawkmoth-") as folder:
        path = Path(folder) / "prompt.md"
        path.write_text(text, encoding="utf-8", errors="surrogatepass")
        try:
            with app.suspend(), app.batch_update(), _interrupt_is_the_editors():
                status = await asyncio.to_thread(_run, [*command, str(path)])
        except SuspendNotSupported as error:
            raise UserError("no editor can take over this terminal", "write the prompt here") from error
        if isinstance(status, OSError):
            reason = status.strerror or str(status)
            raise UserError(f"{name} did not start: {reason}", "set EDITOR to your editor") from status
        if status != 0:
            raise UserError(f"{name} ended with status {status}", "the text is as it was")
        try:
            return path.read_text(encoding="utf-8", errors="replace").removesuffix("\n")
        except OSError as error:
            raise UserError("the editor left no text behind", "the text is as it was") from error


def _run(command: list[str]) -> int | OSError:
    """The editor's exit status, or why it did not start: raised, an error would leave the app suspended for ever (Textual 8.2.8)."""
    try:
        return subprocess.run(command, check=False).returncode  # noqa: S603  # the user's own choice
    except OSError as error:
        return error


@contextlib.contextmanager
def _interrupt_is_the_editors() -> Iterator[None]:
    """Ctrl+C in the editor reaches us too; it is not meant for us."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _command() -> list[str]:
    """VISUAL, else EDITOR, taken apart as a shell would. Raises UserError."""
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(chosen)
    except ValueError as error:
        raise UserError(f"EDITOR cannot be understood: {error}", "set it to your editor, such as EDITOR=vim") from error
    if not command:
        raise UserError("no editor is chosen", "set EDITOR, such as EDITOR=vim")
    return command
