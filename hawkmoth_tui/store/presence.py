"""Who has the store open: every process holds a shared lock on its folder, and who moves the file away needs the folder to itself.

The lock is one of flock(2): it ends with the process, however that ends, and leaves SQLite's own locks alone. Where there is none
(Windows), an open file cannot be moved anyway.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


if sys.platform == "win32":

    def _take_share(handle: int) -> None:
        """Nothing to take."""

    def _take_whole(handle: int) -> bool:
        return True

else:
    import fcntl

    def _take_share(handle: int) -> None:
        with suppress(OSError, ValueError):  # no folder, or no such locks there: everybody counts as alone
            fcntl.flock(handle, fcntl.LOCK_SH)

    def _take_whole(handle: int) -> bool:
        """Whether nobody else had a share; what was held is lost by asking."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except (OSError, ValueError):
            return True
        return True


class Presence:
    """This process's share of the folder, until `end`."""

    def __init__(self, folder: Path) -> None:
        self._handle = _open(folder)
        self._ending = threading.Lock()
        _take_share(self._handle)

    def is_alone(self) -> bool:
        """Whether nobody else has a share just now."""
        try:
            return _take_whole(self._handle)
        finally:
            _take_share(self._handle)

    def end(self) -> None:
        """Give the share back; once, however many threads close the store: the number may be another file's by the second time."""
        with self._ending:
            handle, self._handle = self._handle, -1
        if handle >= 0:
            os.close(handle)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether this process has the folder to itself inside; nobody gets a share as long as it has."""
    handle = _open(folder)
    try:
        yield _take_whole(handle)
    finally:
        if handle >= 0:
            os.close(handle)


def _open(folder: Path) -> int:
    """-1 where a folder cannot be opened, as on Windows."""
    try:
        return os.open(folder, os.O_RDONLY)
    except OSError:
        return -1
