"""What somebody else has put on the screen is gone as soon as the model of the terminal may be wrong; and the model can be switched off."""

from __future__ import annotations

import signal

import pytest

from hawkmoth_tui.ui.stage import WHOLE_FRAMES
from tests.terminal.driver import Terminal

FOREIGN = "somebody else wrote this"


def test_foreign_text_goes_with_a_key_the_focus_a_new_size_and_a_resume() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        scribble(terminal)
        terminal.key("ctrl+l")
        terminal.wait_gone(FOREIGN)

        scribble(terminal)
        terminal.type("\x1b[O\x1b[I")
        terminal.wait_gone(FOREIGN)

        scribble(terminal)
        terminal.resize(110, 35)
        terminal.wait_gone(FOREIGN)

        scribble(terminal)
        terminal.send_signal(signal.SIGCONT)
        terminal.wait_gone(FOREIGN)


@pytest.mark.parametrize("variable", [{}, {WHOLE_FRAMES: "1"}])
def test_typing_sends_no_more_than_what_changes_unless_that_is_switched_off(variable: dict[str, str]) -> None:
    with Terminal("demo", env=variable) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("a")
        terminal.wait_for("▌ a")
        before = len(terminal.raw)
        terminal.type("moth")
        terminal.wait_for("amoth")

        assert (len(terminal.raw) - before < 4 * 80) is not bool(variable)


def scribble(terminal: Terminal) -> None:
    """Shows text that the program knows nothing of."""
    terminal.show(f"\x1b[9;20H\x1b[0;31m{FOREIGN}")
    assert FOREIGN in terminal.screen_text()
