"""A key that a program prints: `api_key = "command:pass show together"`.

The command is split into words and started without a shell, away from the terminal, with ten seconds to answer. Only the user's own
configuration can name one.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.secrets.finding import KeyFinding, found
from hawkmoth_tui.settings.masking import mask

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_S = 10.0


def key_from_command(command: str, env: Mapping[str, str], timeout_s: float = TIMEOUT_S) -> KeyFinding:
    """The first line that the command prints. The rest, as `pass` keeps notes there, is left alone."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return KeyFinding(problem=f"the key command cannot be read: {error}; mend its quotes")
    if not words:
        return KeyFinding(problem="the key command is empty: write command:PROGRAM …")
    source = f"command {one_line(words[0], 60)}"
    try:
        process = subprocess.Popen(  # noqa: S603  the user's own configuration names the program
            words,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return KeyFinding(problem=f"{source} cannot be started: {reason}; check the name and PATH")
    try:
        output, complaint = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        _end(process)
        return KeyFinding(
            problem=f"{source} gave no key within {timeout_s:g} s: try it in a shell; it may not ask anything"
        )
    if process.returncode != 0:
        return KeyFinding(problem=f"{source} failed with status {process.returncode}{_in_its_words(complaint)}")
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return found(lines[0] if lines else "", source)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills the program and what it started, so that nothing holds the pipes open."""
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _in_its_words(complaint: bytes) -> str:
    """The last line of what it wrote to stderr."""
    lines = complaint.decode("utf-8", "replace").strip().splitlines()
    return f": {one_line(mask(lines[-1]), 120)}" if lines else " and said nothing"
