"""`hawkmoth eval` from the command line to its figures."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.cli import main
from hawkmoth_tui.training.conversations import MOST_OVER, rehearsals
from hawkmoth_tui.training.noise import NOISES
from tests.training import world

if TYPE_CHECKING:
    from pathlib import Path


def test_a_known_world_is_learned_and_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train = world.write(tmp_path, "train.jsonl.gz", world.lines(600))
    data = world.write(tmp_path, "data.jsonl", [{**row, "id": f"new-{row['id']}"} for row in world.lines(240, seed=9)])
    out = tmp_path / "out.jsonl"

    code = main(["eval", str(data), "--train", str(train), "--export-predictions", str(out), "--boot", "20", "--json"])

    found = json.loads(capsys.readouterr().out)
    assert code == 0
    assert found["rows"] == 240
    assert found["trained_on"] == 600
    assert found["suites"]["MIX:village"]["pair"]["APGR"] > 0.55
    assert found["suites"]["MIX:village"]["pool"]["psav95"] > found["suites"]["MIX:village"]["pool"]["zsav95"] + 0.1
    assert set(found["suites"]["school"]["baselines"]) == {"random", "length", "rules", "oracle"}
    assert found["calibration"]["all"] < 0.1
    assert max(found["noise"][name] for name in NOISES) <= 0.1
    assert found["replay"]["over"] == 0
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert len(lines) == 240
    assert all({"id", "p_strong", "scores", "choice"} <= line.keys() for line in lines)


def test_the_figures_are_told_in_words_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = world.write(tmp_path, "data.jsonl", world.lines(90))

    assert main(["eval", str(data), "--train", str(data), "--leave-out", "suite", "--boot", "0"]) == 0

    told = capsys.readouterr().out
    assert "kitchen" in told
    assert "mean APGR" in told
    assert "choices that flip" in told


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"{broken\n", "data.jsonl, line 3: not a row"),
        (b'{"id": "x", "suite": "s", "task": "t", "prompt": "p"}\n', "line 3: models is missing"),
        (
            b'{"id": "x", "suite": "s", "task": "t", "prompt": "p", "models": {"m": {"score": 7, "usd": 1}}}\n',
            "line 3: not a row (a score of 7",
        ),
        (b'{"id": "x", "suite": "s", "task": "t", "prompt": "\xff", "models": {}}\n', "line 3: not a row"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_half_done(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: bytes, said: str
) -> None:
    train = world.write(tmp_path, "train.jsonl", world.lines(60))
    data = world.write(tmp_path, "data.jsonl", world.lines(2))
    data.write_bytes(data.read_bytes() + line)
    out = tmp_path / "out.jsonl"

    code = main(["eval", str(data), "--train", str(train), "--export-predictions", str(out)])

    told = capsys.readouterr()
    assert code == 2
    assert said in told.err
    assert not told.out
    assert not out.exists()


def test_a_file_cut_in_its_middle_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = world.write(tmp_path, "data.jsonl.gz", world.lines(60))
    data.write_bytes(data.read_bytes()[:-40])

    assert main(["eval", str(data)]) == 2
    assert "data.jsonl.gz cannot be read" in capsys.readouterr().err


def test_a_row_that_is_there_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = world.write(tmp_path, "data.jsonl", world.lines(3) * 2)

    assert main(["eval", str(data)]) == 2
    assert "twice" in capsys.readouterr().err


def test_leaving_out_needs_something_to_train_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = world.write(tmp_path, "data.jsonl", world.lines(3))

    assert main(["eval", str(data), "--leave-out", "family"]) == 2
    assert "--train" in capsys.readouterr().err


def test_no_routed_conversation_costs_more_than_staying() -> None:
    replays = list(rehearsals(300))

    assert max(each.ratio for each in replays) <= MOST_OVER
    assert sum(each.switches for each in replays) > 100
    assert min(each.ratio for each in replays) < 0.5


def test_rehearsals_and_noises_are_the_same_each_time() -> None:
    assert list(rehearsals(5, seed=3)) == list(rehearsals(5, seed=3))
    for noise in NOISES.values():
        assert noise("Some longer words here, please.", 4) == noise("Some longer words here, please.", 4)


def test_a_row_without_its_pair_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = world.lines(6)
    rows[4]["models"] = {"cook": {"score": 1, "usd": 1}}
    data = world.write(tmp_path, "data.jsonl", rows)

    assert main(["eval", str(data), "--train", str(data)]) == 2
    assert "school/4 has no outcome of sage" in capsys.readouterr().err
