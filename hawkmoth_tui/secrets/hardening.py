"""What keeps keys out of files that nobody meant to write: no memory of this process reaches a core dump."""

from __future__ import annotations

import contextlib
import sys
from functools import cache

_PR_SET_DUMPABLE = 4
"""prctl(2)"""


@cache
def forbid_core_dumps() -> None:
    """From now on no core files by this process's own limit, and none by a crash handler where the system lets a process say so."""
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
