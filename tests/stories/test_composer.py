"""Writing a prompt in a real terminal: commands, long pastes, files, prompts that wait, earlier prompts, the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.engine.test_attachments import PNG, pdf
from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path

ABSENT = "/nowhere/editor --wait"


def editor(folder: Path, script: str) -> str:
    """An editor that does what the shell script says with the file `$1`."""
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def ask(terminal: Terminal, prompt: str) -> None:
    terminal.type(prompt)
    terminal.wait_for(prompt)
    terminal.key("enter")


def test_a_prompt_is_written_with_everything_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "moths.py").write_text("print('moth')\n")
    (tmp_path / "noise.log").write_text("noise\n")
    (tmp_path / ".gitignore").write_text("*.log\n")
    monkeypatch.setenv("EDITOR", editor(tmp_path, "printf ' and more' >> $1"))
    with Terminal("demo", cwd=tmp_path) as terminal:
        terminal.wait_for("SIMULATED")

        terminal.type("/ren")
        terminal.wait_for("› /rename TITLE")
        terminal.key("esc")
        terminal.wait_gone("› /rename TITLE")
        terminal.key("ctrl+c")
        terminal.wait_for("Ask anything")

        terminal.type("explain @mo")
        screen = terminal.wait_for("› moths.py")
        assert "noise.log" not in screen
        terminal.key("tab")
        terminal.wait_for("[moths.py 14 B]", "explain moths.py")
        terminal.key("ctrl+x")
        terminal.wait_for("editor")
        terminal.type("o")
        terminal.wait_for("explain moths.py  and more")
        terminal.key("enter")
        terminal.wait_gone("[moths.py 14 B]")
        terminal.wait_for("▸ moths.py · text · 14 B", "actual    $")

        ask(terminal, "tokens=4000 rate=50")
        terminal.wait_for("answering")
        ask(terminal, "and then tokens=5")
        terminal.wait_for("next   and then tokens=5")
        terminal.key("esc")
        terminal.wait_for("the queued prompt waits")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    with Terminal("demo", "-c", cwd=tmp_path) as terminal:
        terminal.wait_for("next   and then tokens=5")
        terminal.key("enter")
        terminal.wait_gone("next   and then tokens=5")
        terminal.wait_for("actual    $")
        terminal.key("ctrl+r")
        terminal.wait_for("Earlier prompts", "explain moths.py")
        terminal.type("explain")
        terminal.key("enter")
        terminal.wait_gone("Earlier prompts")
        terminal.wait_for("explain moths.py  and more")


def test_files_of_every_kind_go_alone_and_come_back_with_an_edit(tmp_path: Path) -> None:
    picture = tmp_path / "moth.png"
    picture.write_bytes(PNG)
    (tmp_path / "page.pdf").write_bytes(pdf("a hawk in the night"))
    with Terminal("demo", cwd=tmp_path) as terminal:
        terminal.wait_for("SIMULATED", "ready")

        terminal.type("see: ")
        terminal.paste("two\nlines")
        terminal.wait_for("see: two", "lines")
        terminal.key("ctrl+z")
        terminal.wait_gone("lines")
        terminal.key("ctrl+c")
        terminal.wait_for("Ask anything")

        terminal.paste(f"'{picture}'")
        terminal.wait_for("[moth.png picture 28 B]")
        ask(terminal, "/attach page.pdf")
        terminal.wait_for("[page.pdf ", "Ask anything")
        terminal.key("enter")
        terminal.wait_for("▸ page.pdf · text of a PDF", "• moth.png · picture · 28 B", "actual    $")
        terminal.wait_gone("[page.pdf ")
        ask(terminal, "/edit")
        terminal.wait_for("[moth.png picture 28 B]", "[page.pdf ")
        terminal.wait_for("Ask anything")
        terminal.key("backspace")
        terminal.wait_for("Del removes")
        terminal.key("delete")
        terminal.wait_gone("[page.pdf ")


@pytest.mark.parametrize("is_early", [False, True], ids=["at leisure", "before anything is open"])
def test_what_is_entered_in_one_burst_is_as_many_prompts(is_early: bool) -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("Ask anything", *([] if is_early else ["SIMULATED", "ready"]))
        terminal.type("first tokens=4000 rate=50\rsecond\ra\x1b\rb\nc\rnot yet")
        terminal.wait_for("next   second", "then   a b c", "▌ not yet")


def test_a_megabyte_is_pasted_as_one_attachment_and_ten_do_not_hang() -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.paste("all moths fly at night\n" * 45_591)
        terminal.wait_for("[pasted text 1 1.0 MB]")
        terminal.paste("x" * 10_000_000)
        terminal.wait_for("[pasted text 2 10.0 MB]")
        terminal.type("still here")
        terminal.wait_for("still here")


@pytest.mark.parametrize(
    ("script", "said"),
    [("exit 3", "ended with status 3"), ("rm $1", "the editor left no text"), ("", ""), (ABSENT, "did not start")],
    ids=["fails", "loses the file", "is unset", "is not there"],
)
def test_an_editor_that_fails_costs_no_word(
    script: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    if script:
        monkeypatch.setenv("EDITOR", script if script == ABSENT else editor(tmp_path, script))
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("precious words")
        terminal.wait_for("precious words")
        terminal.key("ctrl+x")
        terminal.wait_for("editor")
        terminal.type("o")
        terminal.wait_for("precious words", said or "no editor is chosen")


def test_an_editor_that_empties_the_text_can_be_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EDITOR", editor(tmp_path, ": > $1"))
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED")
        terminal.type("precious words")
        terminal.wait_for("precious words")
        terminal.key("ctrl+x")
        terminal.wait_for("editor")
        terminal.type("o")
        terminal.wait_for("Ask anything")
        terminal.key("ctrl+z")
        terminal.wait_for("precious words")
