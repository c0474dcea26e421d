"""What holds for every test: no network, an environment of its own, few hypothesis examples, long runs only when asked for."""

from __future__ import annotations

import logging
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, settings

from hawkmoth_tui.settings import masking
from tests.clock import LoopClock
from tests.network import NetworkGuard

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

IS_FULL = os.environ.get("HAWKMOTH_FULL") == "1"

PROJECT = Path(__file__).parents[1]

KEPT_VARIABLES = frozenset({"PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "VIRTUAL_ENV", "HAWKMOTH_FULL", "CI"})
"""Everything else of the caller's environment is out of sight: keys, proxies, terminals, desktop sessions."""

settings.register_profile("quick", deadline=None, max_examples=40, database=None)
settings.register_profile(
    "full", deadline=None, max_examples=1000, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("full" if IS_FULL else "quick")


def pytest_configure() -> None:
    """Programs that the tests start get the signals that end them as from a shell, also where nohup or `&` started the tests."""
    for name in ("SIGHUP", "SIGINT", "SIGQUIT"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, _ignored)


def _ignored(*_: object) -> None:
    """Ignores a signal; unlike SIG_IGN it is not handed down."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the long runs unless HAWKMOTH_FULL=1."""
    if IS_FULL:
        return
    skip = pytest.mark.skip(reason="a long run: set HAWKMOTH_FULL=1")
    for item in items:
        if item.get_closest_marker("full"):
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def network_is_off() -> Iterator[NetworkGuard]:
    """Refuses every address beyond this machine, and fails the test that tried one."""
    guard = NetworkGuard()
    with pytest.MonkeyPatch.context() as patch:
        guard.install(patch)
        yield guard
    if guard.attempts:
        pytest.fail(f"tried to reach {', '.join(guard.attempts)}: the network is off in tests")


@pytest.fixture(autouse=True)
def log_is_closed() -> Iterator[None]:
    """Takes away the log that a test opened, so that the next one starts without."""
    yield
    root = logging.getLogger("hawkmoth_tui")
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.propagate = True
    root.setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def no_key_is_known() -> Iterator[None]:
    """Forgets the keys that a test found: a word that was one there is a word again."""
    yield
    masking.forget()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment with nothing of the caller's in it; returns HAWKMOTH_HOME, an empty folder.

    Programs that a test starts find the package, and no network (tests/offline).
    """
    for name in os.environ.keys() - KEPT_VARIABLES:
        if not name.startswith(("PYTEST_", "COV_")):
            monkeypatch.delenv(name)
    folder = tmp_path / "hawkmoth"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("HAWKMOTH_HOME", str(folder))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", f"{PROJECT}{os.pathsep}{PROJECT / 'tests' / 'offline'}")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    return folder


@pytest_asyncio.fixture
async def clock() -> AsyncIterator[LoopClock]:
    """The loop's clock in the test's hands."""
    yield LoopClock()
