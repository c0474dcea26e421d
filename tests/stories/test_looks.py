"""How it looks in a real terminal: themes, colours that the terminal has, no colours at all, sizes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hawkmoth_tui.ui.theming import load_theme
from tests.terminal.driver import Terminal

SHIPPED = Path(__file__).parents[2] / "themes"
LIGHT_TERMINAL, MUTE_TERMINAL = "fdfd/f6f6/e3e3", ""
COLOUR = re.compile(r"(?:3|4|9|10)[0-7]|[34]8[;:].*|[345]9")
"""Parameters of SGR that begin with a colour."""


def ground(terminal: Terminal) -> str:
    """What the topmost row stands on."""
    return f"#{terminal.emulator.screen.buffer[0][terminal.emulator.screen.columns // 2].bg}"


def background(theme: str) -> str:
    return str(load_theme(theme, [SHIPPED]).background)


def wait_ground(terminal: Terminal, theme: str) -> None:
    terminal.wait_until(lambda _: ground(terminal) == background(theme), f"the ground of {theme}")


def sgr(terminal: Terminal) -> list[str]:
    """The parameters of every change of look that left."""
    return [found.decode() for found in re.findall(rb"\x1b\[([0-9;:]*)m", terminal.raw)]


def test_a_theme_is_seen_while_it_is_chosen_and_a_broken_one_says_where(home: Path) -> None:
    (home / "themes").mkdir(mode=0o700)
    own = (SHIPPED / "hawkmoth.toml").read_text()
    (home / "themes" / "mine.toml").write_text(own.replace("#14161b", "#102030"))
    (home / "themes" / "torn.toml").write_text(own.replace('rule = "#343a46"', 'rule = "grey"'))
    line = own[: own.index("rule =")].count("\n") + 1
    with Terminal("demo", "--theme", "hawkmoth") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        wait_ground(terminal, "hawkmoth")
        terminal.type("/theme paper\r")
        wait_ground(terminal, "paper")

        terminal.type("/theme\r")
        terminal.wait_for("› paper", "mine", "torn")
        terminal.key("down")
        terminal.wait_for("› torn")
        said = re.compile(rf"line\W+{line}\W+rule\W+must\W+be\W+a\W+colour")
        terminal.wait_until(lambda screen: said.search(screen) is not None, "the line of the broken theme")
        terminal.type("mine")
        terminal.wait_until(lambda _: ground(terminal) == "#102030", "the ground of the user's own theme")
        terminal.key("esc")
        wait_ground(terminal, "paper")

        terminal.type("/theme mine\r")
        terminal.wait_until(lambda _: ground(terminal) == "#102030", "the ground of the user's own theme")


def test_without_colours_everything_can_still_be_told_apart() -> None:
    with Terminal("demo", "--theme", "paper", env={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("Show a table of moths rate=0\r")
        terminal.wait_for("● demo/", "Candidates", "actual    $")
        terminal.key("f2")
        terminal.wait_for("› ● auto")
        terminal.key("esc")
        terminal.wait_gone("╭")
        terminal.key("ctrl+x", "f")
        terminal.wait_for("find in this conversation")
        terminal.type("moths")
        terminal.wait_until(lambda screen: re.search(r"\d of \d", screen) is not None, "places that have the words")
        terminal.type("/theme hawkmoth\r")
        seen = sgr(terminal)

        assert [look for look in seen if COLOUR.fullmatch(look) or COLOUR.match(look.partition(";")[2])] == []
        assert {"1", "7"} <= {part for look in seen for part in look.split(";")}


def test_an_empty_no_color_asks_for_nothing() -> None:
    with Terminal("demo", env={"NO_COLOR": ""}) as terminal:
        terminal.wait_for("SIMULATED", "ready")

        assert any("38;2;" in look for look in sgr(terminal))


@pytest.mark.parametrize(
    ("term", "wanted", "unwanted"),
    [("linux", r"(3|9)\d", r"38"), ("screen-256color", r"38;5", r"38;2"), ("xterm-256color", r"38;5", r"38;2")],
)
def test_a_terminal_gets_no_more_colours_than_it_has(term: str, wanted: str, unwanted: str) -> None:
    with Terminal("demo", env={"TERM": term, "COLORTERM": ""}) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        seen = sgr(terminal)

        assert any(re.search(rf"(?:^|;){wanted}(?:;|$)", look) for look in seen)
        assert not any(re.search(rf"(?:^|;){unwanted}(?:;|$)", look) for look in seen)


@pytest.mark.parametrize(
    ("told", "theme"), [(LIGHT_TERMINAL, "paper"), (MUTE_TERMINAL, "hawkmoth")], ids=["light", "mute"]
)
def test_auto_follows_the_terminal_and_waits_for_no_answer(told: str, theme: str, home: Path) -> None:
    (home / "config.toml").write_text('[ui]\ntheme = "auto"\n')
    with Terminal("demo", ground=told) as terminal:
        terminal.wait_for("SIMULATED", "ready")

        wait_ground(terminal, theme)


def test_a_draft_outlives_a_terminal_that_shrinks_and_a_storm_of_sizes() -> None:
    with Terminal("demo", columns=80, rows=24) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("half a thou")
        terminal.wait_for("half a thou")
        terminal.resize(30, 8)
        terminal.wait_for("40×12 needed", "30×8 here")
        terminal.type("ght")
        for step in range(40):
            terminal.resize(20 + 7 * step % 150, 5 + 3 * step % 50)
        terminal.resize(60, 14)

        screen = terminal.wait_for("half a thought", "SIMULATED")
        assert max(len(row) for row in screen.splitlines()) <= 60


def test_an_empty_composer_outlives_every_size() -> None:
    with Terminal("demo", columns=120, rows=40) as terminal:
        terminal.wait_for("SIMULATED", "ready", "Ask anything")
        for columns, rows in ((34, 9), (120, 40), (1, 1), (200, 60), (3, 2), (12, 40), (120, 2)):
            terminal.resize(columns, rows)
            terminal.type("x")
            terminal.key("backspace")
            if columns > 100 and rows > 12:
                terminal.wait_for("Ask anything", "ready")
        terminal.resize(120, 40)
        terminal.wait_for("Ask anything", "ready")
