"""The audit log: what was done with keys and by whom it was allowed, one JSON object a line, in a file for each month.

For this user alone, only ever appended to, and never a key in it. A log that cannot be written costs nothing but itself.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.masking import mask
from hawkmoth_tui.settings.paths import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

log = logging.getLogger(__name__)


class AuditLog:
    """Appends to `audit-YYYY-MM.jsonl` in a folder. Several processes may write at once: each line is one write."""

    def __init__(self, folder: Path, clock_ms: Callable[[], int]) -> None:
        """`clock_ms`: UTC epoch milliseconds."""
        self._folder = folder
        self._clock_ms = clock_ms
        self._has_failed = False

    def write(self, what: str, **facts: str) -> None:
        """One line: when, what, and the facts. Never raises."""
        at = datetime.fromtimestamp(self._clock_ms() / 1000, UTC)
        entry = {"at": at.isoformat(timespec="milliseconds"), "what": what, **facts}
        line = mask(json.dumps(entry, ensure_ascii=False)) + "\n"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        try:
            private_folder(self._folder)
            handle = os.open(self._folder / f"audit-{at:%Y-%m}.jsonl", flags, 0o600)
            try:
                os.write(handle, line.encode("utf-8", "replace"))
            finally:
                os.close(handle)
        except OSError as error:
            if not self._has_failed:
                log.warning("the audit log in %s cannot be written: %s", self._folder, error.strerror)
            self._has_failed = True
