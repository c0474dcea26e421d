"""The store's folder and files: made private under any umask, refused when somebody else could write there."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import DiskFull, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def prepare_folder(folder: Path) -> None:
    """Make the folder and its missing parents, 0700, and check it.

    Raises `StoreError` for a symbolic link, a folder of another user or one that others may write, `DiskFull` when it cannot be made.
    """
    try:
        for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
            _make_private(missing)
        _check(folder, folder.lstat(), is_right_kind=stat.S_ISDIR)
    except OSError as error:
        raise DiskFull(f"the folder {folder} cannot be written ({error.strerror})", "check its permissions") from error


def claim_file(path: Path) -> None:
    """Make the file, 0600, when it is missing; else check that it is our own and take away what others may do with it.

    An existing file is never opened here: closing it would release the locks that this process holds on it (fcntl(2)).
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE)
    except FileExistsError:
        _take(path)
    except OSError as error:
        raise DiskFull(
            f"the store {path} cannot be made ({error.strerror})", "check the folder's permissions"
        ) from error
    else:
        try:
            path.chmod(FILE_MODE)
        finally:
            os.close(handle)


def _take(path: Path) -> None:
    try:
        status = path.lstat()
        _check(path, status, is_right_kind=stat.S_ISREG)
        if stat.S_IMODE(status.st_mode) & ~FILE_MODE:
            path.chmod(FILE_MODE)
    except OSError as error:
        raise DiskFull(f"the store {path} cannot be used ({error.strerror})", "check its permissions") from error


def _make_private(folder: Path) -> None:
    try:
        folder.mkdir(FOLDER_MODE)
    except FileExistsError:
        return
    folder.chmod(FOLDER_MODE)


def _check(path: Path, status: os.stat_result, *, is_right_kind: Callable[[int], bool]) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise StoreError(
            f"{path} is a symbolic link, the store must not be", "name the place it points to in HAWKMOTH_HOME"
        )
    if not is_right_kind(status.st_mode):
        raise StoreError(f"{path} is in the way of the store", "move it, or set HAWKMOTH_HOME to another folder")
    if not hasattr(os, "geteuid"):
        return
    if status.st_uid != os.geteuid():
        raise StoreError(f"{path} belongs to another user", "set HAWKMOTH_HOME to a folder of your own")
    if stat.S_ISDIR(status.st_mode) and status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise StoreError(f"other users may write to {path}", f"run: chmod go-w {path}")
