"""The learned judge in a world where the right answer is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.routing.learned import UNKNOWN, Absent, Learned, learned_from
from hawkmoth_tui.routing.weights import DATA, FILE, MANIFEST, parse
from hawkmoth_tui.training.corpus import read_all
from hawkmoth_tui.training.fit import fit, prepare
from hawkmoth_tui.training.suites import roles
from tests.training import world

if TYPE_CHECKING:
    from pathlib import Path

PAIR = {"sage": 0.8, "clerk": 0.5}
ALL = {"cook": 0.5, **PAIR}


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> Learned:
    folder = tmp_path_factory.mktemp("world")
    rows = read_all([world.write(folder, "train.jsonl", world.lines(600))])
    return Learned(parse(fit(prepare(rows), roles(rows, [folder]))))


def test_a_task_is_recognised_and_its_best_model_named(learned: Learned) -> None:
    cooking = learned.judge("How long should I fry a stew for 5 guests at home?", ALL)
    sums = learned.judge("Compute the sum: 12 + 44 =", ALL)

    assert cooking.task == "cooking"
    assert cooking.outlooks["cook"].win > cooking.outlooks["clerk"].win + 0.4
    assert sums.task == "sums"
    assert sums.outlooks["clerk"].win > sums.outlooks["cook"].win + 0.2
    assert sums.outlooks["clerk"].graded > 100


def test_a_prompt_like_nothing_known_is_unknown_and_claims_nothing(learned: Learned) -> None:
    judged = learned.judge("Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich", ALL)

    assert judged.task == UNKNOWN
    assert judged.weight == judged.difficulty == judged.confidence == 0


def test_longer_sums_need_the_stronger_model_more(learned: Learned) -> None:
    short = learned.judge("Compute the sum: 12 + 44 =", PAIR)
    long = learned.judge("Compute the sum: " + " + ".join(["37"] * 8) + " =", PAIR)

    assert long.need > short.need
    assert long.difficulty > short.difficulty


def test_own_evidence_is_heard(learned: Learned) -> None:
    prompt = "How long should I fry a stew for 5 guests at home?"
    records = learned.records
    for _ in range(30):
        records = records.plus("cooking", "clerk", 1.0)

    before, after = learned.judge(prompt, ALL), Learned(learned.weights, records).judge(prompt, ALL)

    assert after.outlooks["clerk"].win > before.outlooks["clerk"].win + 0.2
    assert after.outlooks["clerk"].own >= 25
    assert before.outlooks["clerk"].own == 0


def test_candidates_that_nobody_graded_are_unknown_to_it(learned: Learned) -> None:
    judged = learned.judge("Compute the sum: 12 + 44 =", {"new": 0.7, "newer": 0.5})

    assert judged.task == UNKNOWN


def test_no_candidates_make_no_outlook(learned: Learned) -> None:
    assert learned.judge("Compute the sum: 12 + 44 =", {}).outlooks == {}


def test_an_empty_prompt_is_judged_too(learned: Learned) -> None:
    assert 0 <= learned.judge("", PAIR).outlooks["sage"].win <= 1


def test_missing_weights_leave_the_rules_alone_and_say_so(tmp_path: Path) -> None:
    found = learned_from(tmp_path)

    assert isinstance(found, Absent)
    assert "missing" in found.reason


def test_weights_of_another_digest_are_refused(tmp_path: Path) -> None:
    raw = (DATA / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    (tmp_path / MANIFEST).write_bytes((DATA / MANIFEST).read_bytes())

    found = learned_from(tmp_path)

    assert isinstance(found, Absent)
    assert "digest" in found.reason


def test_the_shipped_weights_are_small_and_whole() -> None:
    manifest = json.loads((DATA / MANIFEST).read_text())

    assert isinstance(learned_from(DATA), Learned)
    assert manifest["bytes"] == (DATA / FILE).stat().st_size <= 1_000_000
