"""The log file: for this user alone, small, without keys. A folder that cannot be written costs the log, never the program."""

from __future__ import annotations

import logging
import os
from typing import IO, TYPE_CHECKING

from hawkmoth_tui.settings.masking import mask, never_show
from hawkmoth_tui.settings.paths import private_folder

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.paths import Paths

__all__ = ["LOG_NAME", "LateHandler", "log_file", "mask", "never_show", "open_log"]

LOG_NAME = "hawkmoth.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3


def open_log(paths: Paths) -> None:
    """Sends `logging` to the log file, in place of an earlier one. When it cannot be written, records are dropped."""
    root = logging.getLogger("hawkmoth_tui")
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.propagate = False
    root.setLevel(logging.INFO)
    root.addHandler(LateHandler(paths.log_dir))


def log_file() -> Path | None:
    """Where the log of this process is written. None: there is none, or it cannot be written."""
    late = (handler for handler in logging.getLogger("hawkmoth_tui").handlers if isinstance(handler, LateHandler))
    return next((handler.place() for handler in late), None)


class LateHandler(logging.Handler):
    """Makes the log file and loads what writes it when there is something to write: most starts have nothing to say."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._writer: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, whatever thread it comes from: `handle` holds this handler's lock."""
        self._opened().handle(record)

    def place(self) -> Path | None:
        """The file, made now if it was not yet. None: it cannot be written."""
        return self._folder / LOG_NAME if isinstance(self._opened(), logging.FileHandler) else None

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._writer is not None:
            self._writer.close()
        super().close()

    def _opened(self) -> logging.Handler:
        if self._writer is None:
            self._writer = _file_handler(self._folder)
        return self._writer


def _file_handler(folder: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    class PrivateFileHandler(RotatingFileHandler):
        """Opens its file for this user alone, and keeps quiet when a record cannot be written."""

        def _open(self) -> IO[str]:  # type: ignore[override]
            return open(
                self.baseFilename, self.mode, encoding="utf-8", errors="backslashreplace", opener=_private_opener
            )

        def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
            """A full disk is no reason to write tracebacks over the screen."""

    try:
        private_folder(folder)
        handler: logging.Handler = PrivateFileHandler(folder / LOG_NAME, maxBytes=MAX_BYTES, backupCount=KEPT_FILES)
    except OSError:
        return logging.NullHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


class MaskingFormatter(logging.Formatter):
    """Masks the finished text, so that no argument, traceback or cause can carry a key past it."""

    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def _private_opener(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o600)
    return descriptor
