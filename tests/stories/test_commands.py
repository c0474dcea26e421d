"""Every command of the contract once, in a real terminal; and what each says when it cannot do what was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

REFUSALS = (
    ("/stop", "no answer is running here"),
    ("/retry", "there is no turn yet: send a prompt first"),
    ("/edit", "there is no turn yet: send a prompt first"),
    ("/continue", "there is no turn yet: send a prompt first"),
    ("/rename x", "this session has no prompt yet: send one first"),
    ("/fork", "this session has no prompt yet: send one first"),
    ("/export", "this session has no prompt yet: send one first"),
    ("/attach nowhere.txt", "cannot attach nowhere.txt"),
    ("/model nope", "no model is called 'nope'"),
    ("/policy nope", "there is no policy nope: choose one of cheapest"),
    ("/set colour red", "there is nothing called colour to set: temperature"),
    ("/set temperature 9", "9 is not between 0 and 2"),
    ("/sessions nope", "no session is called nope: /sessions lists them"),
    ("/theme nope", "there is no theme nope: choose one of"),
    ("/keys nope", "/keys lists the keys: /keys set PROVIDER asks for one"),
    ("/keys set nope", "no provider has that name"),
    ("/frok", "there is no command /frok: did you mean /fork"),
)


def run(terminal: Terminal, line: str, *told: str) -> None:
    """Give a command and wait for what it says or shows."""
    terminal.type(f"{line}\r")
    terminal.wait_for(*told)


def look(terminal: Terminal, line: str, *shown: str) -> None:
    """Open a place, see what is there, and close it."""
    run(terminal, line, "Esc closes", *shown)
    terminal.key("esc")
    terminal.wait_gone("Esc closes")


def test_each_command_does_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("moths at night\n")
    with Terminal("demo", cwd=tmp_path) as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("first words tokens=20 rate=0\r")
        terminal.wait_for("actual    $", "ready")
        run(terminal, "/model demo/deep", "this session is pinned to demo/deep", "pinned: demo/deep")
        run(terminal, "/policy cheapest", "the policy of this session is cheapest")
        run(terminal, "/system be brief", "system prompt set")
        run(terminal, "/set temperature 0.5", "temperature = 0.5")
        run(terminal, "/retry", "pinned by you")
        terminal.wait_for("actual    $", "ready")
        look(terminal, "/why", "pinned by you: demo/deep")
        look(terminal, "/cost", "session")

        run(terminal, "/model auto", "the router chooses the model")
        terminal.type("tokens=2000 rate=40\r")
        terminal.wait_until(
            lambda seen: seen.count("Simulated answer") > 1 and "answering" in seen, "words of an answer"
        )
        run(terminal, "/stop", "stopped")
        run(terminal, "/continue", "continued", "answering")
        run(terminal, "/stop", "ready")
        run(terminal, "/edit", "▌ tokens=2000 rate=40", "sending makes another version")
        terminal.key("ctrl+c")
        terminal.wait_for("cleared")
        run(terminal, "/attach notes.txt", "[notes.txt 15 B]")

        run(terminal, "/rename Night moths", "renamed to Night moths")
        run(terminal, "/export", "4 turns written to")
        run(terminal, "/fork Day moths", "this is Day moths; the session before it is unchanged")
        run(terminal, "/sessions Night", "[notes.txt 15 B]")
        look(terminal, "/sessions", "Day moths", "Night moths")
        run(terminal, "/theme paper", "paper is used for this run")
        run(terminal, "/keys", "demo: none needed")
        look(terminal, "/help", "keys and commands")
        run(terminal, "/new", "new session", "Enter  sends")
        terminal.type("/quit\r")
        assert terminal.wait_exit() == 0
    assert "first words" in (tmp_path / "night-moths.md").read_text()


def test_each_refusal_is_one_clear_line_and_keeps_what_was_typed(home: Path) -> None:
    (home / "config.toml").write_text('[keys]\n"model.pick" = "f1"\n"help.shwo" = "f9"\n')
    with Terminal("demo") as terminal:
        terminal.wait_for(
            "SIMULATED",
            "[keys] F1 is wanted by both help.show and model.pick; the first one has it",
            "[keys] nothing is called help.shwo; did you mean help.show?",
        )
        for line, told in REFUSALS:
            run(terminal, line, f"✗ {told}")
            terminal.key("ctrl+c")
            terminal.wait_gone(f"✗ {told}")
