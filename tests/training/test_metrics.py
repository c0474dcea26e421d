"""The figures agree with the public scorer, and mean what they say."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pytest

from hawkmoth_tui.training import metrics, scoring
from hawkmoth_tui.training.corpus import Measured, Row, read_all
from hawkmoth_tui.training.predictions import Prediction
from hawkmoth_tui.training.suites import roles
from tests.training import world

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROUTER = Path(__file__).parents[3] / "shared" / "router"
CLOSE = 1e-9
NAMES = {
    "zsav95": "zsav95",
    "psav95": "psav95",
    "psav100": "psav100",
    "AIQ": "AIQ",
    "AIQlog": "AIQlog",
    "zero": "zero",
    "oracle": "oracle",
}

Figures = dict[str, dict[str, dict[str, float]]]


class Scorer(Protocol):
    """The public scorer."""

    def evaluate(
        self, rows: Sequence[object], pred: Mapping[str, object], suites: Mapping[str, object], boot: int = 0
    ) -> Figures: ...


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    file = ROUTER / "score.py"
    if not file.is_file():
        pytest.skip("the public scorer is not beside the checkout")
    spec = importlib.util.spec_from_file_location("public_scorer", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def guessed(rows: Sequence[Row], seed: int, *, with_costs: bool) -> list[Prediction]:
    """Predictions with ties, as a poor router would make them."""
    draw = random.Random(seed)
    found = []
    for row in rows:
        scores = {name: round(draw.random(), 1) for name in row.models}
        costs = {name: draw.uniform(0.001, 0.1) for name in row.models} if with_costs else None
        found.append(Prediction(round(draw.random(), 1), scores, costs, min(scores), 0.5, 0.1))
    return found


def raw(row: Row) -> dict[str, object]:
    models = {name: {"score": cell.score, "usd": cell.usd} for name, cell in row.models.items()}
    return {"id": row.id, "suite": row.suite, "group": row.group, "models": models}


def assert_agreement(
    scorer: Scorer, rows: Sequence[Row], suites: Mapping[str, object], folder: Path, *, with_costs: bool
) -> None:
    cast = roles(rows, [folder])
    found = guessed(rows, 7, with_costs=with_costs)
    lines = [json.loads(each.line(row.id)) for row, each in zip(rows, found, strict=True)]

    theirs = scorer.evaluate([raw(row) for row in rows], {line["id"]: line for line in lines}, suites, 20)
    ours = scoring.document(rows, found, cast, 20)["suites"]

    assert isinstance(ours, dict)
    assert ours.keys() == theirs.keys()
    for name, suite in theirs.items():
        mine = ours[name]
        assert isinstance(mine, dict)
        for key in ("APGR", "CPT50", "CPT80", "sav90", "sav95q", "q_weak", "q_strong"):
            pair = mine["pair"]
            assert isinstance(pair, dict)
            assert pair[key] == pytest.approx(suite["pair"][key], abs=CLOSE, nan_ok=True), (name, key)
        assert mine["APGR_ci"] == pytest.approx(suite["pair"]["APGR_ci"], abs=CLOSE)
        for key, their_key in NAMES.items() if "pool" in suite else ():
            pool = mine["pool"]
            assert isinstance(pool, dict)
            assert pool[key] == pytest.approx(suite["pool"][their_key], abs=CLOSE, nan_ok=True), (name, key)


@pytest.mark.parametrize("with_costs", [True, False])
def test_a_made_up_world_scores_as_the_public_scorer_has_it(scorer: Scorer, tmp_path: Path, with_costs: bool) -> None:
    rows = read_all([world.write(tmp_path, "data.jsonl", world.lines(300))])

    assert_agreement(scorer, rows, world.roles(), tmp_path, with_costs=with_costs)


def test_recorded_outcomes_score_as_the_public_scorer_has_them(scorer: Scorer) -> None:
    rows = read_all([ROUTER / "dev.jsonl.gz"])[::4]

    assert_agreement(scorer, rows, json.loads((ROUTER / "suites.json").read_text()), ROUTER, with_costs=False)


def test_chance_recovers_half_and_a_tie_is_broken_evenly() -> None:
    strong, weak = np.array([1.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0, 0.0])

    figures = metrics.pair(np.zeros(4), strong, weak, strong, weak)

    assert figures is not None
    assert figures["APGR"] == pytest.approx(0.5)
    assert figures["CPT50"] == pytest.approx(0.5)


def test_equally_good_models_have_no_pair() -> None:
    same = np.array([1.0, 0.0])

    assert metrics.pair(np.array([1.0, 2.0]), same, same, same, same) is None


def test_a_chance_that_comes_true_is_calibrated() -> None:
    expected, happened = np.full(100, 0.3), np.array([1.0] * 30 + [0.0] * 70)

    assert metrics.calibration_error(expected, happened) == pytest.approx(0)
    assert metrics.calibration_error(np.full(100, 1.0), happened) == pytest.approx(0.7)


def test_one_row_in_a_pool_has_no_area_beyond_itself() -> None:
    row = Row("s/1", "s", "t", "1", "p", {"a": Measured(1, 1), "b": Measured(0, 2), "c": Measured(0, 3)})

    figures = metrics.pool(np.ones((1, 3)), np.ones((1, 3)), np.array([[1.0, 0, 0]]), np.array([[1.0, 2, 3]]))

    assert figures["psav95"] == 0
    assert row.models["a"].score == figures["qbest"]
