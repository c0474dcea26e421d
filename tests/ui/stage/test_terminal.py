"""Signals, a lost line and odd terminals, each in a real pseudo-terminal."""

from __future__ import annotations

import io
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui.terminal import refusal
from tests.patience import PATIENCE_S
from tests.ui.stage.conftest import SHELL_MODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from tests.terminal.driver import Terminal
    from tests.ui.stage.conftest import Stage

    Victims = Callable[..., AbstractContextManager[Stage]]


def assert_restored(terminal: Terminal) -> None:
    assert "25" in terminal.modes
    assert terminal.modes <= SHELL_MODES | {"25"}
    assert not terminal.emulator.is_alternate


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_runs_the_shutdown_and_restores_the_terminal(
    victim: Victims, number: signal.Signals, status: int
) -> None:
    with victim("calm") as stage:
        stage.ready()
        stage.terminal.send_signal(number)

        assert stage.terminal.wait_exit() == status
        assert stage.notes[0].startswith("shutdown")
        assert_restored(stage.terminal)


def test_garbage_is_collected_again_once_something_was_drawn(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready().terminal.send_signal(signal.SIGTERM)
        stage.terminal.wait_exit()

        assert "collects garbage: True" in stage.log


def test_a_blocked_event_loop_does_not_hold_up_the_end(victim: Victims) -> None:
    with victim("stuck") as stage:
        stage.ready()
        stage.terminal.send_signal(signal.SIGTERM)

        assert stage.terminal.wait_exit() == 143
        assert_restored(stage.terminal)


def test_a_dropped_line_with_nothing_in_flight_ends_the_app(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready()
        stage.terminal.hang_up()

        assert stage.terminal.wait_exit() == 129
        assert stage.notes == ["shutdown hung up"]


def test_a_dropped_line_lets_the_answer_finish_at_rest(victim: Victims) -> None:
    with victim("slow") as stage:
        stage.ready()
        before_s = cpu_s(stage.terminal.pid)
        stage.terminal.hang_up()
        stage.wait_for_note("shutdown hung up")
        stage.wait_for_note("almost")
        used_s = cpu_s(stage.terminal.pid) - before_s

        assert stage.terminal.wait_exit() == 129
        assert used_s < 0.1
        assert stage.notes[-1] == "answer finished"


def test_a_dropped_line_with_ignored_hangup_signal_is_noticed_too(victim: Victims) -> None:
    with victim("calm", shell='trap "" HUP; exec "$0" "$@"') as stage:
        stage.ready()
        stage.terminal.hang_up()

        assert stage.terminal.wait_exit() == 129


def test_a_hangup_signal_on_a_living_terminal_gives_it_back_at_once(victim: Victims) -> None:
    with victim("slow") as stage:
        stage.ready()
        stage.terminal.send_signal(signal.SIGHUP)
        stage.terminal.wait_raw(b"\x1b[?1049l")
        stage.terminal.wait_exit()

        assert_restored(stage.terminal)
        assert (stage.notes[0], stage.notes[-1]) == ("shutdown hung up", "answer finished")


def test_being_told_to_stop_wins_over_the_grace_of_a_lost_line(victim: Victims) -> None:
    with victim("endless") as stage:
        stage.ready()
        stage.terminal.hang_up()
        stage.wait_for_note("shutdown hung up")
        stage.terminal.send_signal(signal.SIGTERM)

        assert stage.terminal.wait_exit() == 143


def test_a_suspended_app_paints_itself_again(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready().terminal.send_signal(signal.SIGTSTP)
        stage.terminal.wait_raw(b"\x1b[?1049l")
        os.waitid(os.P_PID, stage.terminal.pid, os.WSTOPPED | os.WNOWAIT)
        painted = len(stage.terminal.raw)
        stage.terminal.send_signal(signal.SIGCONT)
        stage.terminal.wait_until(
            lambda _: b"ready when you are" in stage.terminal.raw[painted:], "the screen painted again"
        )
        stage.terminal.type("q")
        stage.wait_for_note("key q")


def test_a_stop_without_a_warning_leaves_one_reader_and_a_terminal_that_is_restored(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready().terminal.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, stage.terminal.pid, os.WSTOPPED | os.WNOWAIT)
        painted = len(stage.terminal.raw)
        stage.terminal.send_signal(signal.SIGCONT)
        stage.terminal.wait_until(
            lambda _: b"ready when you are" in stage.terminal.raw[painted:], "the screen painted again"
        )
        for key in "abcdefgh":
            stage.terminal.type(key)
        stage.wait_for_note("key h")
        stage.terminal.send_signal(signal.SIGTERM)
        stage.terminal.wait_exit()

        assert stage.notes[:8] == [f"key {key}" for key in "abcdefgh"]
        assert_restored(stage.terminal)


def test_the_smallest_terminal_and_a_storm_of_sizes_do_no_harm(victim: Victims) -> None:
    with victim("calm", columns=20, rows=5) as stage:
        stage.ready()
        for step in range(100):
            stage.terminal.resize(1 + step % 60, 1 + step % 20)
        stage.terminal.resize(60, 10)
        stage.terminal.type("q")
        stage.wait_for_note("key q")


def test_bytes_that_are_no_text_do_not_end_the_app(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready().terminal._write(b"\xff\xfe\xc3(")
        stage.terminal.type("q")
        stage.wait_for_note("key q")


def test_a_long_paste_arrives_whole(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready().terminal.paste("é" * 100_000)
        stage.wait_for_note("paste 100000")


def test_idle_costs_nothing(victim: Victims) -> None:
    with victim("calm") as stage:
        stage.ready().terminal.type("q")
        stage.wait_for_note("key q")

        deadline = time.monotonic() + PATIENCE_S
        while not is_idle(stage.terminal):
            assert time.monotonic() < deadline


def is_idle(terminal: Terminal) -> bool:
    """Whether a program does nothing for a while; what a key has changed may still be at work before."""
    written, used_s = len(terminal.raw), cpu_s(terminal.pid)
    time.sleep(1.5)
    return len(terminal.raw) == written and cpu_s(terminal.pid) - used_s <= 0.02


class Tty(io.StringIO):
    """A text stream on a pseudo-terminal of some size."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor


@pytest.fixture
def tty() -> Iterator[Callable[[int, int], Tty]]:
    opened: list[int] = []

    def make(columns: int, rows: int) -> Tty:
        import fcntl
        import struct
        import termios

        master, slave = os.openpty()
        opened.extend((master, slave))
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return Tty(slave)

    yield make
    for descriptor in opened:
        os.close(descriptor)


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (80, 24), (0, 0)])
def test_a_terminal_that_can_show_it_is_taken(tty: Callable[[int, int], Tty], columns: int, rows: int) -> None:
    terminal = tty(columns, rows)

    assert refusal({"TERM": "xterm"}, terminal, terminal) is None


@pytest.mark.parametrize(("columns", "rows"), [(19, 5), (20, 4), (1, 1)])
def test_a_terminal_that_is_too_small_is_refused_with_both_sizes(
    tty: Callable[[int, int], Tty], columns: int, rows: int
) -> None:
    terminal = tty(columns, rows)
    line = refusal({"TERM": "xterm"}, terminal, terminal)

    assert line is not None
    assert "20×5" in line
    assert f"{columns}×{rows}" in line
    assert "hawkmoth ask" in line
    assert len(line) <= 300


def test_a_dumb_terminal_is_refused(tty: Callable[[int, int], Tty]) -> None:
    terminal = tty(80, 24)

    assert "dumb" in (refusal({"TERM": "dumb"}, terminal, terminal) or "")


@pytest.mark.parametrize("missing", ["input", "output"])
def test_no_terminal_is_refused_and_says_which(tty: Callable[[int, int], Tty], missing: str) -> None:
    terminal = tty(80, 24)
    stdin = None if missing == "input" else terminal
    stdout = io.StringIO() if missing == "output" else terminal

    assert f"standard {missing}" in (refusal({"TERM": "xterm"}, stdin, stdout) or "")


def test_a_closed_stream_is_no_terminal(tty: Callable[[int, int], Tty]) -> None:
    closed = io.StringIO()
    closed.close()

    assert "standard input" in (refusal({}, closed, tty(80, 24)) or "")


def cpu_s(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_over_ssh_without_a_terminal_the_way_to_one_is_named() -> None:
    line = refusal({"SSH_CONNECTION": "1 2 3 4"}, None, None)

    assert line is not None
    assert "ssh -t" in line
