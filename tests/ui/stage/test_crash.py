"""A bug in Hawkmoth: the terminal comes back, one line says so, the log has the story, and no local variable is anywhere."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui import crash
from tests.ui.stage.conftest import SHELL_MODES
from tests.ui.stage.victim import SECRET

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.ui.stage.conftest import Stage

    Victims = Callable[..., AbstractContextManager[Stage]]


@pytest.mark.parametrize("manner", ["crash", "worker"])
def test_a_bug_ends_with_70_and_one_line_and_a_restored_terminal(victim: Victims, manner: str) -> None:
    with victim(manner) as stage:
        stage.ready().terminal.type("b")

        assert stage.terminal.wait_exit() == crash.EXIT_CODE
        last_line = stage.terminal.raw.rpartition(b"\x1b")[2]
        assert b"this is a bug in Hawkmoth" in last_line
        assert b"the details are in" in last_line
        assert stage.terminal.modes <= SHELL_MODES | {"25"}
        assert "25" in stage.terminal.modes
        assert "Traceback (most recent call last)" in stage.log


@pytest.mark.parametrize("manner", ["crash", "worker", "thread"])
def test_a_key_in_a_local_variable_reaches_neither_the_terminal_nor_the_log(victim: Victims, manner: str) -> None:
    with victim(manner) as stage:
        stage.ready().terminal.type("b")
        if manner == "thread":
            stage.wait_for_log("RuntimeError")
            stage.terminal.send_signal(signal.SIGTERM)
        stage.terminal.wait_exit()

        assert SECRET.encode() not in stage.terminal.raw
        assert b"local_key" not in stage.terminal.raw
        assert "Traceback" in stage.log
        assert SECRET not in stage.log


def test_a_bug_in_a_thread_goes_to_the_log_and_not_onto_the_screen(victim: Victims) -> None:
    with victim("thread") as stage:
        stage.ready().terminal.type("b")
        stage.wait_for_log("RuntimeError")

        assert b"RuntimeError" not in stage.terminal.raw
        assert b"Traceback" not in stage.terminal.raw


def test_the_line_names_the_place_and_never_the_words(tmp_path: Path) -> None:
    found = _caught(ValueError("the words of the error"))

    line = crash.Crash(crash.record(found).summary, tmp_path / "hawkmoth.log").line()

    assert "ValueError in test_crash.py:" in line
    assert "the words" not in line
    assert str(tmp_path / "hawkmoth.log") in line
    assert "\n" not in line
    assert len(line) <= 300


def test_a_report_is_capped_and_mapped() -> None:
    report = crash.report(_caught(ValueError("\x1b]52;c;x\x07" + "long " * 100_000)))

    assert len(report) <= 20_000
    assert "\x1b" not in report


def test_a_report_names_every_cause() -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError as first:
            raise ValueError("second") from first
    except ValueError as second:
        report = crash.report(second)

    assert "KeyError" in report
    assert "direct cause" in report


def test_an_error_that_no_task_was_asked_for_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fails() -> None:
        asyncio.get_running_loop().set_exception_handler(crash.uncaught_in_loop)
        asyncio.get_running_loop().call_exception_handler({"message": "lost", "exception": ValueError("in a task")})

    with caplog.at_level(logging.ERROR):
        asyncio.run(fails())

    assert "ValueError: in a task" in caplog.text


def _caught(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught
