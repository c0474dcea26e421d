"""A text kept in a file of its own, for when the clipboard did not take it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.paths import private_folder

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

_MOST_IN_A_SECOND = 100


def save_copy(folder: Path, text: str, now: datetime) -> Path:
    """Writes the text, as it is, into a new file for this user alone; returns the file. Blocks. Raises OSError."""
    private_folder(folder)
    for number in range(_MOST_IN_A_SECOND):
        path = folder / f"copy-{now:%Y%m%d-%H%M%S}{f'-{number}' if number else ''}.md"
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except FileExistsError:
            continue
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        return path
    raise FileExistsError(f"too many copies in {folder}")
