"""The staged app: what it refuses, what it forwards, and that Textual's private places are still where it needs them."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from textual.app import App

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.ui import stage
from hawkmoth_tui.ui.clipboard import LONGEST_COPY
from hawkmoth_tui.ui.crash import EXIT_CODE
from hawkmoth_tui.ui.stage import StagedApp
from hawkmoth_tui.ui.terminal import Ending
from tests.patience import PATIENCE_S
from tests.ui.stage.conftest import CHECKOUT

if TYPE_CHECKING:
    from pathlib import Path


class Quiet(StagedApp[None]):
    """An app without widgets."""


async def test_a_bug_in_a_test_is_raised_in_the_test() -> None:
    app = Quiet()
    with pytest.raises(ZeroDivisionError):
        async with app.run_test():
            app._handle_exception(ZeroDivisionError())

    assert app.return_code == EXIT_CODE
    assert app.crash is not None
    assert "ZeroDivisionError" in app.crash.line()


async def test_giving_up_the_way_textual_does_is_a_bug_too() -> None:
    app = Quiet()
    with pytest.raises(RuntimeError):
        async with app.run_test():
            app.panic("[red]words[/]")

    assert app.return_code == EXIT_CODE


async def test_without_a_terminal_of_its_own_an_ending_is_nobodys() -> None:
    app = Quiet()
    async with app.run_test():
        app.end(Ending.TERMINATED)

        assert app.ending is None
        assert app.has_terminal


async def test_a_copy_is_cut_and_never_fails_on_odd_text(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Quiet()
    async with app.run_test():
        assert app._driver is not None
        written: list[str] = []
        monkeypatch.setattr(app._driver, "write", written.append)
        app.copy_to_clipboard("é\ud800" * LONGEST_COPY)

    sequence = written[0]
    assert sequence.startswith("\x1b]52;c;")
    copied = base64.b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
    assert len(copied.encode()) <= LONGEST_COPY
    assert copied.startswith("é?é?")


def test_a_textual_without_the_seam_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "_TEXTUAL_SEAM", ("_display", "_paint_it_elsewhere"))

    with pytest.raises(UserError, match="_paint_it_elsewhere"):
        Quiet()


@pytest.mark.parametrize("name", stage._TEXTUAL_SEAM)
def test_textual_still_has(name: str) -> None:
    assert hasattr(App, name) or hasattr(Quiet(), name)


def test_all_that_an_end_may_wait_for_takes_less_than_two_seconds() -> None:
    assert stage._SHUTDOWN_S + stage._FAREWELL_S < 2


def test_a_stalled_terminal_does_not_hold_up_the_end(tmp_path: Path) -> None:
    master, slave = os.openpty()
    notes = tmp_path / "notes"
    victim = subprocess.Popen(
        [sys.executable, "-m", "tests.ui.stage.victim", "flood", str(notes)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=CHECKOUT,
        env={**os.environ, "TERM": "xterm-256color"},
        start_new_session=True,
    )
    try:
        _wait_until(lambda: notes.exists() and "flooded" in notes.read_text())
        victim.send_signal(signal.SIGTERM)

        assert victim.wait(PATIENCE_S) == 143
    finally:
        victim.kill()
        victim.wait()
        os.close(master)
        os.close(slave)


def _wait_until(is_so: object, patience_s: float = PATIENCE_S) -> None:
    assert callable(is_so)
    deadline = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)
