"""Keys in memory stay out of core files."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="prctl(2) is Linux's")
def test_a_process_that_has_found_a_key_cannot_dump_core() -> None:
    program = (
        "import ctypes, resource\n"
        "from hawkmoth_tui.secrets.finding import found\n"
        "found('sk-test-0123456789abcdef', 'env X')\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE)[0], ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["0", "0"]
