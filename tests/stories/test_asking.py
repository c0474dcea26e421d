"""A model asked for in plain words, in a real terminal: it answers, it stays or goes, and a dear one waits for a yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.terminal.driver import Terminal

if TYPE_CHECKING:
    from pathlib import Path


def test_a_model_asked_for_in_words_answers_and_the_switch_is_taken_back(home: Path) -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("ask deep: why is the sky blue? tokens=5 rate=0\r")
        terminal.wait_for("this turn: demo/deep, because you asked", "ready", "auto · balanced")

        terminal.type("switch to swift\r")
        terminal.wait_for("This session: demo/swift, because you asked for it", "pinned: demo/swift")
        terminal.type("how do I use deep work? tokens=5 rate=0\r")
        terminal.wait_for("how do I use deep work", "pinned by you", "ready")
        terminal.key("ctrl+x", "z")
        terminal.wait_for("taken back: the router's choice again", "auto · balanced")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_a_dear_model_asked_for_in_words_waits_for_a_yes(home: Path) -> None:
    (home / "config.toml").write_text('[routing]\napprove_above_usd = "0.001"\n')
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("/once demo/swift\r")
        terminal.wait_for("one turn: demo/swift")
        terminal.type("word " * 300 + "tokens=1000 rate=0\r")
        terminal.wait_for("ctx ", "ready")

        terminal.type("ask deep: and now? tokens=5 rate=0\r")
        terminal.wait_for("demo/deep would cost", "tokens uncached that demo/swift", "send it at that price")
        terminal.key("ctrl+x", "!")
        terminal.wait_for("this turn: demo/deep, because you asked", "ready")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_an_answer_that_shows_its_own_fault_goes_to_a_better_model(home: Path) -> None:
    (home / "config.toml").write_text('[routing]\napprove_above_usd = "0.05"\n')
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("reply with JSON only: three fruits tokens=6 rate=0\r")

        terminal.wait_for("did not give the JSON", "demo/deep answers", "answer of demo/deep", "ready")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0


def test_a_roll_out_that_costs_too_much_stops_by_itself_and_is_taken_back(home: Path) -> None:
    with Terminal("demo") as terminal:
        terminal.wait_for("SIMULATED", "ready")
        terminal.type("/rollout start demo/deep 1 0.0025\r")
        terminal.wait_for("demo/deep", "running, 100%", "$0.00 of $0.0025")
        terminal.type("hello tokens=4 rate=0\r")
        terminal.wait_for("Simulated answer of demo/deep", "roll-out of demo/deep", "ready")
        terminal.type("hello again tokens=4 rate=0\r")
        terminal.wait_for(
            "has reached its ceiling of $0.0025: it is stopped", "Simulated answer of demo/swift", "ready"
        )
        terminal.type("/rollout rollback\r")
        terminal.wait_for("taken back: demo/deep", "stopped")
        terminal.key("ctrl+q")
        assert terminal.wait_exit() == 0

    written = "".join(file.read_text() for file in (home / "log").glob("audit-*.jsonl"))
    places = [written.find(what) for what in ("rollout started", "rollout stopped", "rollout rolled back")]
    assert -1 not in places
    assert places == sorted(places)
