"""Where a prompt comes from: the argument, stdin, a pipe beside the argument, and files."""

from __future__ import annotations

import os
import queue
import stat
import sys
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.engine.attachments import MOST_BYTES, attachment, decoded, part
from hawkmoth_tui.headless.streams import is_clean, is_terminal, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hawkmoth_tui.core.messages import Part

FIRST_BYTE_S = 2.0
"""How long a pipe beside a PROMPT may stay silent before it is left alone."""
STDIN = 0
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Intake:
    """What the user handed over."""

    prompt: str
    attachments: tuple[Part, ...]


def take_in(argument: str | None, files: Sequence[str], timeout_s: float | None = None) -> Intake:
    """The prompt with everything attached to it. Raises UserError."""
    prompt, piped = _prompt(argument, timeout_s)
    if not prompt.strip():
        raise UserError("the prompt is empty", 'give one as in `hawkmoth ask "why is the sky blue?"`, or pipe it in')
    attached = [attachment(path) for path in files]
    return Intake(prompt, (*attached, *piped))


def _prompt(argument: str | None, timeout_s: float | None) -> tuple[str, tuple[Part, ...]]:
    if argument is None and is_terminal(sys.stdin):
        raise UserError("there is no prompt", 'give one as in `hawkmoth ask "why is the sky blue?"`, or pipe it in')
    if argument is None or argument == "-":
        return decoded(read_stdin(timeout_s), "stdin").rstrip("\r\n"), ()
    if not is_clean(argument):
        raise UserError("the prompt is not UTF-8 text", "check the encoding of your terminal, or pipe UTF-8 in")
    if not holds_data(STDIN):
        return argument, ()
    data = read_stdin(timeout_s, FIRST_BYTE_S)
    return argument, (part(data, "stdin", "stdin"),) if data.strip() else ()


def holds_data(number: int) -> bool:
    """Whether the descriptor is a pipe, a socket or a file: something that may have been handed over on purpose."""
    try:
        mode = os.fstat(number).st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or stat.S_ISREG(mode)


def read_stdin(timeout_s: float | None = None, first_byte_s: float | None = None) -> bytes:
    """Everything up to the end of stdin.

    With `first_byte_s` a silent stdin is given up after that time, which is said on stderr. Raises UserError when it does not end within
    `timeout_s`, or is larger than any prompt.
    """
    return read_all(lambda: os.read(STDIN, _BLOCK), timeout_s, first_byte_s)


def read_all(read: Callable[[], bytes], timeout_s: float | None, first_byte_s: float | None) -> bytes:
    """`read_stdin` over any source; `read` blocks, and returns nothing at the end."""
    blocks: queue.Queue[bytes | OSError] = queue.Queue(maxsize=64)

    def drain() -> None:
        try:
            while block := read():
                blocks.put(block)
        except OSError as error:
            blocks.put(error)
        else:
            blocks.put(b"")

    threading.Thread(target=drain, name="stdin", daemon=True).start()
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    data = bytearray()
    while True:
        wait_s = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not data and first_byte_s is not None:
            wait_s = first_byte_s if wait_s is None else min(first_byte_s, wait_s)
        try:
            block = blocks.get(timeout=wait_s)
        except queue.Empty:
            if not data and first_byte_s is not None:
                waited_s = first_byte_s if timeout_s is None else min(first_byte_s, timeout_s)
                tell(f"hawkmoth: nothing came through the pipe within {waited_s:g} s; going on without it")
                return b""
            raise UserError(
                f"stdin did not end within {timeout_s:g} s", "nothing was sent; close the pipe or raise --timeout"
            ) from None
        if isinstance(block, OSError):
            raise UserError(f"stdin cannot be read: {block.strerror}", "give the prompt as an argument") from block
        if not block:
            return bytes(data)
        data += block
        if len(data) > MOST_BYTES:
            raise UserError(
                f"stdin holds more than {MOST_BYTES >> 20} MB", "no model reads that much; pipe a part of it"
            )
