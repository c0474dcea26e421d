"""Stores on real files, and disks that are full or read-only where this machine lets us mount one."""

from __future__ import annotations

import ctypes
import subprocess
import sys
from functools import cache
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


class Clock:
    """Milliseconds that pass only when told to."""

    def __init__(self) -> None:
        self.now_ms = 1_750_000_000_000

    def __call__(self) -> int:
        self.now_ms += 1
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(home: Path) -> Path:
    """Where the store will be; nothing is there yet."""
    return home / "hawkmoth.db"


@pytest.fixture
def reopen(path: Path, clock: Clock) -> Iterator[Callable[[], Store]]:
    """Opens the store, after closing the one opened before."""
    opened: list[Store] = []

    def open_again() -> Store:
        for store in opened:
            store.close()
        opened[:] = [Store.open(path, owner=this_process(), clock_ms=clock)]
        return opened[0]

    yield open_again
    for store in opened:
        store.close()


@pytest.fixture
def store(reopen: Callable[[], Store]) -> Store:
    """An empty store on a file."""
    return reopen()


@pytest.fixture(params=["file", "memory"])
def any_store(request: pytest.FixtureRequest, path: Path, clock: Clock) -> Iterator[Store]:
    """A store on a file and one in memory: both must do the same."""
    store = Store.open(path if request.param == "file" else None, owner=this_process(), clock_ms=clock)
    yield store
    store.close()


_NEW_MOUNTS = 0x20000
"""CLONE_NEWNS of unshare(2)."""


@cache
def _has_own_mounts() -> bool:
    """Whether what is mounted from now on is seen by this process and its children alone."""
    if sys.platform != "linux" or ctypes.CDLL(None).unshare(_NEW_MOUNTS):
        return False
    return not subprocess.run(["mount", "--make-rprivate", "/"], capture_output=True, check=False).returncode


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """An empty folder, 0700, on a disk of its own of 1 MB."""
    folder = tmp_path / "disk"
    folder.mkdir(mode=0o700)
    if (
        not _has_own_mounts()
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", folder], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("this machine lets us mount nothing")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
