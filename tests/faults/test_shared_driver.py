"""The process faults of the shared driver, black box: kills, signals, full disks, damaged stores, odd terminals.

Skipped where it is absent. Several drivers run side by side, because most of their time is waiting; mounts are made in a namespace of
their own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import IS_FULL, PROJECT

if TYPE_CHECKING:
    from pathlib import Path

DRIVER = PROJECT.parent / "shared" / "faults" / "proc_faults.py"
KILLS = 25 if IS_FULL else 5
"""In each of two drivers."""
SLOW = ("stop_cont", "sigpipe", "resize_storm", "db_locked", "core_dump", "key_in_proc")
LONGEST_S = 1500

pytestmark = pytest.mark.skipif(not DRIVER.exists(), reason=f"{DRIVER} is not here")


def command(folder: Path) -> Path:
    """`hawkmoth` from this tree, by one name."""
    file = folder / "hawkmoth-here"
    file.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(PROJECT)!r})\n"
        "from hawkmoth_tui.cli import main\nsys.exit(main())\n"
    )
    file.chmod(0o755)
    return file


def driver(folder: Path, name: str, *arguments: str) -> subprocess.Popen[str]:
    alone = ["unshare", "-m"] if os.geteuid() == 0 and shutil.which("unshare") else []
    return subprocess.Popen(
        [
            *alone,
            sys.executable,
            DRIVER.name,
            "--adapter",
            "adapters/hawkmoth.py",
            "--out",
            str(folder / name),
            *arguments,
        ],
        cwd=DRIVER.parent,
        env={"PATH": os.environ["PATH"], "HAWKMOTH": str(folder / "hawkmoth-here"), "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_every_process_fault_is_taken_cleanly(tmp_path: Path) -> None:
    command(tmp_path)
    kills = ("--only", "kill9", "--kills", str(KILLS))
    drivers = {
        "kills-1": driver(tmp_path, "kills-1", *kills, "--seed", "1"),
        "kills-2": driver(tmp_path, "kills-2", *kills, "--seed", "2"),
        "slow": driver(tmp_path, "slow", "--only", ",".join(SLOW)),
        "rest": driver(tmp_path, "rest", "--skip", ",".join(("kill9", *SLOW))),
    }

    said = {name: process.communicate(timeout=LONGEST_S)[0] for name, process in drivers.items()}

    results = [result for name in drivers for result in json.loads((tmp_path / name).read_text())["results"]]
    assert [result for result in results if result[1] is False] == [], said
    assert len({name for name, *_ in results}) == 44
