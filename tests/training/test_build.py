"""The weights come out the same, byte for byte, and only from what may be shipped."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.routing.learned import Learned, learned_from
from hawkmoth_tui.routing.weights import FILE, MANIFEST, WeightsProblem, parse
from hawkmoth_tui.training.build import main
from tests.training import world

if TYPE_CHECKING:
    from pathlib import Path


def built(folder: Path, into: Path) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", "hawkmoth_tui.training.build", str(folder), "--into", str(into)],
        check=True,
        capture_output=True,
        text=True,
    )
    raw = (into / FILE).read_bytes()
    assert done.stdout.startswith(hashlib.sha256(raw).hexdigest())
    return raw


def test_two_builds_are_the_same_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    rows = world.lines(240)
    world.write(one, "a.jsonl", rows)
    world.write(other, "a.jsonl", rows)

    first, second = built(one, tmp_path / "x"), built(other, tmp_path / "y")

    assert first == second
    assert isinstance(learned_from(tmp_path / "x"), Learned)
    assert json.loads((tmp_path / "x" / MANIFEST).read_text())["rows"] == 240


def test_rows_without_a_licence_and_every_text_stay_out(tmp_path: Path) -> None:
    rows = world.lines(120)
    barred = [{**row, "id": f"rb-x/{at}", "suite": "rb-x", "task": "secret"} for at, row in enumerate(rows[:30])]
    world.write(tmp_path, "a.jsonl.gz", rows + barred)

    assert main([str(tmp_path), "--into", str(tmp_path / "out")]) == 0

    raw = (tmp_path / "out" / FILE).read_bytes()
    assert b"secret" not in raw
    assert b"guests at home" not in raw
    assert parse(raw).tasks == ("cooking", "sums", "translation")


def test_a_folder_without_outcomes_is_refused_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path), "--into", str(tmp_path / "out")]) == 2

    assert "no outcomes" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_bytes_of_another_kind_are_no_weights() -> None:
    with pytest.raises(WeightsProblem):
        parse(b"something else\n{}\n")
