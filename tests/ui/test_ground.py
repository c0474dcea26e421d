"""`auto`: the theme that suits the terminal, and an answer that is never read as keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.ui.ground import Hearing, fitting_theme
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("chosen", "env", "system", "theme"),
    [
        ("auto", {}, "truecolor", "hawkmoth"),
        ("auto", {"COLORFGBG": "0;15"}, "truecolor", "paper"),
        ("auto", {"COLORFGBG": "15;default;0"}, "256", "hawkmoth"),
        ("auto", {"COLORFGBG": "0;7"}, "256", "paper"),
        ("auto", {"COLORFGBG": "0;default"}, "256", "hawkmoth"),
        ("auto", {"COLORFGBG": "0;15"}, "standard", "ansi"),
        ("high-contrast", {}, "standard", "ansi"),
        ("paper", {"COLORFGBG": "15;0"}, "truecolor", "paper"),
        ("auto", {}, None, "hawkmoth"),
    ],
)
def test_the_terminal_decides(chosen: str, env: dict[str, str], system: str | None, theme: str) -> None:
    assert fitting_theme(chosen, env, system) == theme


@pytest.mark.parametrize(
    ("answer", "is_dark"),
    [
        ("\x1b]11;rgb:1010/1010/1414\x1b\\", True),
        ("\x1b]11;rgb:ffff/ffff/ffff\x07", False),
        ("\x1b]11;rgb:fd/f6/e3\x07", False),
        ("\x1b]11;rgba:0000/2b2b/3636/ffff\x1b\\", True),
        ("\x1b]11;#fdf6e3\x07", False),
    ],
)
def test_the_answer_is_taken_from_among_the_keys_however_it_is_cut(answer: str, is_dark: bool) -> None:
    for place in range(2, len(answer)):
        hearing = Hearing()

        first, early = hearing.hear("a" + answer[:place])
        second, late = hearing.hear(answer[place:] + "b")

        assert (first + second, early, late) == ("ab", None, is_dark)


def test_keys_pass_while_no_answer_comes() -> None:
    hearing = Hearing()

    assert hearing.hear("\x1b[A") == ("\x1b[A", None)
    assert hearing.hear("\x1b") == ("\x1b", None)
    assert hearing.hear("]1a") == ("]1a", None)


def test_the_terminals_own_colours_are_sent_as_such(home: Path) -> None:
    with Terminal("demo", "--theme", "ansi") as terminal:
        terminal.wait_for("SIMULATED", "ready")

        assert b"8;2;" not in terminal.raw
        assert b"\x1b]11;?" not in terminal.raw


def test_the_terminal_is_asked_for_its_background_and_its_answer_is_not_typed(home: Path) -> None:
    with Terminal("demo") as terminal:
        screen = terminal.wait_for("SIMULATED", "ready")

        assert b"\x1b]11;?" in terminal.raw
        assert "rgb:" not in screen
