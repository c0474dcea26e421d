"""Puts each mutant into a copy of the package and runs the tests of the providers: `python -m tests.mutants`. Exit 1 below nine in ten.

`python -m tests.mutants NAME` runs only the mutants of files whose name holds NAME.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.mutants.catalogue import MUTANTS, Mutant

PROJECT = Path(__file__).parents[2]
TESTS = ("tests/providers", "tests/recorded", "tests/engine/test_keys.py", "tests/engine/test_conditions.py")
LIMIT_S = 300
SHARE = 0.9
"""How many of them must be caught."""


def main() -> int:
    """Prints a line for each mutant and the share that was caught."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    chosen = [mutant for mutant in MUTANTS if wanted in mutant.file]
    with tempfile.TemporaryDirectory() as folder:
        copy = _copy(Path(folder))
        if not _passes(copy):
            print("the tests fail without any mutant")
            return 1
        caught = [_is_caught(copy, mutant) for mutant in chosen]
    print(f"{sum(caught)} of {len(caught)} mutants caught")
    return 0 if sum(caught) >= SHARE * len(caught) else 1


def _copy(folder: Path) -> Path:
    copy = folder / "project"
    copy.mkdir()
    for name in ("hawkmoth_tui", "tests", "themes"):
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(PROJECT / name, copy / name)
    shared = PROJECT.parent / "shared"
    if shared.exists():
        (folder / "shared").symlink_to(shared.resolve())
    return copy


def _is_caught(copy: Path, mutant: Mutant) -> bool:
    file = copy / "hawkmoth_tui" / "providers" / mutant.file
    source = file.read_text()
    if source.count(mutant.right) != 1:
        raise SystemExit(f"{mutant.file}: not there exactly once: {mutant.right}")
    file.write_text(source.replace(mutant.right, mutant.wrong))
    is_caught = not _passes(copy)
    file.write_text(source)
    print(f"{'caught ' if is_caught else 'MISSED '} {mutant.file}: {mutant.right!r}", flush=True)
    return is_caught


def _passes(copy: Path) -> bool:
    environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", *TESTS],
            cwd=copy,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LIMIT_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
