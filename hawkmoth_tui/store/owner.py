"""Which process is which. A process id is used again after a while, so an owner is the id and the time when the process started."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from hawkmoth_tui.store.rows import Owner

_DEAD_STATES = "ZX"
"""Zombie and dead, as proc(5) names them: such a process runs no more though its id is still taken."""


@cache
def this_process() -> Owner:
    """The process that asks."""
    pid = os.getpid()
    return Owner(pid, _started(pid) or "")


def is_alive(owner: Owner) -> bool:
    """Whether this very process still runs on this machine, and since the same boot."""
    started = _started(owner.pid) if owner.pid > 0 else None
    return started is not None and (started == owner.started or not (started and owner.started))


if sys.platform == "linux":

    def _started(pid: int) -> str | None:
        """Boot id and clock ticks since boot (proc(5), field 22); None when no such process runs, empty where /proc is missing."""
        try:
            stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None if Path("/proc/self").exists() or not _takes_signals(pid) else ""
        fields = stat.rpartition(")")[2].split()
        return None if fields[0] in _DEAD_STATES else f"{_boot_id()}:{fields[19]}"

    def _takes_signals(pid: int) -> bool:
        try:
            os.kill(pid, 0)
        except OSError:
            return False
        return True

    @cache
    def _boot_id() -> str:
        try:
            return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        except OSError:
            return ""

elif sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    def _started(pid: int) -> str | None:
        """Creation time of a process that has not exited (GetProcessTimes); None when no such process runs."""
        kernel = ctypes.windll.kernel32
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = wintypes.HANDLE(kernel.OpenProcess(0x1000, False, pid))
        if not handle:
            return None
        created, exited, in_kernel, in_user = (ctypes.c_uint64() for _ in range(4))
        try:
            kernel.GetProcessTimes(handle, *map(ctypes.byref, (created, exited, in_kernel, in_user)))
        finally:
            kernel.CloseHandle(handle)
        return None if exited.value else str(created.value)

else:

    def _started(pid: int) -> str | None:
        """Start time as ps(1) tells it, to the second; None when no such process runs."""
        import subprocess

        told = subprocess.run(  # noqa: S603  the only argument that varies is a number
            ["/bin/ps", "-o", "stat=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
            env={"LC_ALL": "C", "TZ": "UTC"},
        ).stdout.split(maxsplit=1)
        return told[1].strip() if len(told) == 2 and told[0][0] not in _DEAD_STATES else None
