"""What importing the providers costs: nothing heavy before the first request, and never a screen library."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("httpx", "httpcore", "anyio", "truststore", "pydantic", "ssl")
FORBIDDEN = ("rich", "textual", "pygments", "click")

PROGRAM = """
import importlib, pkgutil, sys
import hawkmoth_tui.providers
for module in pkgutil.iter_modules(hawkmoth_tui.providers.__path__, "hawkmoth_tui.providers."):
    importlib.import_module(module.name)
print(",".join(sys.modules))
from hawkmoth_tui.providers.door import HttpDoor
HttpDoor({}).warm()
print(",".join(sys.modules))
"""


def test_importing_is_light_and_warming_brings_no_screen_library() -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)

    imported, warmed = (set(line.split(",")) for line in ran.stdout.splitlines())
    assert not imported & {name for name in HEAVY if name != "ssl"}
    assert not imported & set(FORBIDDEN)
    assert "httpx" in warmed
    assert not warmed & set(FORBIDDEN)


def test_the_demo_server_needs_nothing_but_the_standard_library_and_ours() -> None:
    program = "import sys, hawkmoth_tui.providers.demo; print(','.join(sys.modules))"

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not set(ran.stdout.strip().split(",")) & {*HEAVY, *FORBIDDEN, "apsw", "keyring"} - {"ssl"}
