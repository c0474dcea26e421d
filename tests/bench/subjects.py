"""What is measured: Hawkmoth, and the two floors beside it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Self

from tests.bench.recorder import Recorder
from tests.bench.server import MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

CHECKOUT = Path(__file__).parents[2]

PATIENCE_S = 90.0
"""How long the server may have nothing to tell: longer than the longest stream."""

CONFIG = """\
[providers.bench]
protocol = "openai-chat"
base_url = "{url}"
api_key = "env:BENCH_KEY"

[[providers.bench.models]]
id = "{model}"
lane = "standard"
context_tokens = 1000000
input_usd_per_mtok = "1"
output_usd_per_mtok = "4"
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A program that takes a prompt and shows an answer."""

    name: str
    program: tuple[str, ...]


FLOOR = Subject("floor", (sys.executable, "-m", "tests.bench.floor"))
LAZY_FLOOR = Subject("lazy floor", (sys.executable, "-m", "tests.bench.floor", "--lazy"))
HAWKMOTH = Subject("hawkmoth", (sys.executable, "-m", "hawkmoth_tui", "--model", f"bench/{MODEL}"))
OVER_SSH = Subject("hawkmoth, ssh profile", (*HAWKMOTH.program, "--profile", "ssh"))


class Bench:
    """The server, and folders for the subjects to live in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runs = 0
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=CHECKOUT,
            text=True,
        )
        self._facts: SimpleQueue[Mapping[str, str | float]] = SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self.url = f"http://127.0.0.1:{self._facts.get(timeout=PATIENCE_S)['port']}/v1"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.terminate()
        self._listener.join()
        self._server.communicate()

    def start(
        self, subject: Subject, columns: int, rows: int, more_config: str = "", store: Path | None = None
    ) -> Recorder:
        """The subject in a fresh home, with this database if any; `more_config` comes after the server and its one model."""
        self._runs += 1
        home = self.folder / str(self._runs)
        (home / "hawkmoth").mkdir(parents=True, mode=0o700)
        (home / "hawkmoth" / "config.toml").write_text(CONFIG.format(url=self.url, model=MODEL) + more_config)
        if store is not None:
            shutil.copyfile(store, home / "hawkmoth" / "hawkmoth.db")
        env = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "HAWKMOTH_HOME": str(home / "hawkmoth"),
            "BENCH_KEY": "sk-bench",
            "BENCH_URL": self.url,
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "PYTHONPATH": str(CHECKOUT),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }
        return Recorder(subject.program, env, columns, rows, home)

    def happened(self, tag: str, event: str) -> float:
        """Waits for what the server tells about a turn, and returns its time. Raises queue.Empty when it never comes."""
        while True:
            fact = self._facts.get(timeout=PATIENCE_S)
            if (fact.get("tag"), fact.get("event")) == (tag, event):
                return float(fact["at"])

    def _listen(self) -> None:
        assert self._server.stdout is not None
        for line in self._server.stdout:
            self._facts.put(json.loads(line))
