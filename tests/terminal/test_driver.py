"""The driver itself, on programs small enough to know by heart."""

from __future__ import annotations

import signal
import sys

import pytest

from tests.terminal.driver import Terminal
from tests.terminal.keys import key_bytes

ECHO = """
import os, sys, termios, tty
tty.setraw(0)
os.write(1, b"\\x1b[?1049h\\x1b[?2004hready")
while (data := os.read(0, 100)) not in (b"q", b""):
    os.write(1, b"<" + data.hex().encode() + b">")
os.write(1, b"\\x1b[?1049l\\x1b[?2004l")
"""


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_typed_keys_arrive_and_the_screen_is_read_back() -> None:
    with Terminal(program=python(ECHO)) as terminal:
        terminal.wait_for("ready")
        assert {"1049", "2004"} <= terminal.modes

        terminal.key("f1", "alt+1")
        terminal.type("é")
        terminal.paste("x")

        terminal.wait_until(lambda screen: "1b5b3230317e" in screen, "the end of the paste")
        terminal.key("q")
        assert terminal.wait_exit() == 0
        assert terminal.modes.isdisjoint({"1049", "2004"})
        assert "ready" not in terminal.screen_text()


def test_questions_of_a_program_are_answered() -> None:
    ask = (
        "import os, tty; tty.setraw(0); os.write(1, b'ab\\x1b[6n'); print(os.read(0, 50), end='\\r\\n');"
        "os.write(1, b'\\x1b[?2026$p'); print(os.read(0, 50), end='\\r\\n');"
        "os.write(1, b'\\x1b]11;?\\x1b\\\\'); print(os.read(0, 50), end='\\r\\n');"
        "os.write(1, b'\\x1b[c'); print(os.read(0, 50), end='\\r\\n')"
    )

    with Terminal(program=python(ask)) as terminal:
        screen = terminal.wait_for("[1;3R", "[?2026;2$y", "]11;rgb:", "[?62;22c")

        assert terminal.wait_exit() == 0, screen


def test_the_window_has_the_size_asked_for_and_changes_it() -> None:
    size = (
        "import os, signal\n"
        "say = lambda *_: os.write(1, b'size %d %d\\r\\n' % os.get_terminal_size())\n"
        "signal.signal(signal.SIGWINCH, say); say(); os.read(0, 1)"
    )
    with Terminal(columns=70, rows=20, program=python(size)) as terminal:
        terminal.wait_for("size 70 20")

        terminal.resize(100, 30)

        terminal.wait_for("size 100 30")


def test_a_frame_in_the_making_is_not_seen() -> None:
    code = "import sys; sys.stdout.write('\\x1b[?2026hhalf'); sys.stdout.flush(); sys.stdin.readline()"
    with Terminal(program=python(code)) as terminal:
        terminal.wait_raw(b"half")

        with pytest.raises(AssertionError, match="half"):
            terminal.wait_for("half", timeout_s=0.1)


def test_a_lost_terminal_is_a_hangup() -> None:
    with Terminal(program=python("import sys; print('up', flush=True); sys.stdin.readline()")) as terminal:
        terminal.wait_for("up")

        terminal.hang_up()

        assert terminal.wait_exit() == -signal.SIGHUP


def test_waiting_for_what_cannot_come_any_more_fails_with_the_screen() -> None:
    with (
        Terminal(program=python("print('last words')")) as terminal,
        pytest.raises(AssertionError, match=r"has ended(.|\n)*last words"),
    ):
        terminal.wait_for("never")


def test_sequences_that_no_terminal_paints_leave_no_trace() -> None:
    code = "print('a\\x1b[<u\\x1b[>1u\\x1bP+q544e\\x1b\\\\\\x1b]0;title\\x07b\\x1b[3bc\\x1b7d\\x1b8e')"
    with Terminal(program=python(code)) as terminal:
        terminal.wait_exit()

        assert terminal.screen_text().startswith("abbbbce")
        assert terminal.emulator.title == "title"


@pytest.mark.parametrize(
    ("name", "data"), [("ctrl+x", b"\x18"), ("alt+enter", b"\x1b\r"), ("f5", b"\x1b[15~"), ("q", b"q")]
)
def test_keys_are_sent_as_an_xterm_does(name: str, data: bytes) -> None:
    assert key_bytes(name) == data
