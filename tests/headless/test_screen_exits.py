"""A workstation that cannot open says so in one line on a restored terminal, with the exit code of its error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path


COLUMNS = 120
"""Of the driver's terminal."""


def last_line(terminal: Terminal) -> str:
    """What stands on the terminal when the program has ended, mapped wraps undone."""
    rows = terminal.screen_text().splitlines()
    return " ".join("".join(row if len(row) == COLUMNS else f"{row} " for row in rows).split())


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--session", "nosuch"), 2, "no session is called nosuch"),
        (("--theme", "nosuch"), 2, "nosuch"),
        (("--model", "nosuch/model"), 2, "nosuch"),
    ],
)
def test_a_wrong_choice_ends_with_2(arguments: tuple[str, ...], code: int, says: str) -> None:
    with Terminal(*arguments) as terminal:
        assert terminal.wait_exit() == code

        assert "hawkmoth: " in last_line(terminal)
        assert says in last_line(terminal)
        assert "1049" not in terminal.modes


@pytest.mark.parametrize("arguments", [("-c",), ("--session", "s1")])
def test_a_damaged_store_that_was_asked_for_ends_with_5(home: Path, arguments: tuple[str, ...]) -> None:
    (home / "hawkmoth.db").write_text("hello, I am not a database\n" * 100)

    with Terminal(*arguments) as terminal:
        assert terminal.wait_exit() == 5

        assert "is damaged" in last_line(terminal)


@pytest.mark.parametrize(
    ("env", "size", "says"),
    [({"TERM": "dumb"}, (80, 24), "'dumb'"), ({}, (80, 4), "80×4"), ({}, (19, 24), "19×24")],
)
def test_a_terminal_that_cannot_show_it_is_refused_untouched(
    env: dict[str, str], size: tuple[int, int], says: str
) -> None:
    with Terminal(columns=size[0], rows=size[1], env=env) as terminal:
        assert terminal.wait_exit() == 2

        assert b"\x1b" not in terminal.raw
        assert says in terminal.raw.decode()
        assert terminal.raw.count(b"hawkmoth: ") == 1


def test_a_broken_configuration_is_said_before_the_screen(home: Path) -> None:
    (home / "config.toml").write_text("[routing\n")

    with Terminal() as terminal:
        assert terminal.wait_exit() == 2

        assert b"\x1b" not in terminal.raw
        assert b"config.toml, line 1" in terminal.raw
