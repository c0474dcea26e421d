"""The table of what is publicly known, and how a catalogue's models come to their records."""

from __future__ import annotations

from hawkmoth_tui.core.models import Model, ModelRef
from hawkmoth_tui.routing.abilities import assumed, known_as, load_abilities, seeded
from hawkmoth_tui.routing.learned import Learned
from hawkmoth_tui.routing.quality import LANE_MEANS, UNRATED_MARGIN
from hawkmoth_tui.routing.records import public_records
from hawkmoth_tui.routing.weights import DATA, load

SONNET = Model(ModelRef("anthropic", "claude-3-5-sonnet-latest"), lane="premium")
LLAMA = Model(ModelRef("lab", "meta-llama/Llama-3.1-8B-Instruct"), lane="economy")
NOBODY = Model(ModelRef("lab", "house-model"), lane="standard")
SUM = "James has 3 apples and buys 4 bags with 6 apples each. He gives away half. How many apples does he have left?"


def test_every_row_names_source_and_date_and_has_a_record() -> None:
    weights, table = load(DATA), load_abilities()

    recorded = {name for row in weights.records.values() for name in row}
    for row in table.rows:
        assert row.record in recorded
        assert "commit" in row.source
        assert row.date >= "2026"


def test_the_longest_pattern_names_the_record() -> None:
    table = load_abilities()

    mini, whole = table.of("openai/gpt-4o-mini"), table.of("gpt-4o")

    assert mini is not None
    assert whole is not None
    assert mini.record != whole.record
    assert table.of("house-model") is None


def test_an_unrated_model_without_a_row_gets_its_lanes_mean() -> None:
    assert assumed([NOBODY]) == {"lab/house-model": LANE_MEANS["standard"] - UNRATED_MARGIN}


def test_models_of_a_catalogue_are_judged_by_their_public_records() -> None:
    weights, models = load(DATA), [SONNET, LLAMA]
    names = known_as([*models, NOBODY], load_abilities())
    learned = Learned(weights, seeded(public_records(weights.records), names), names)

    judged = learned.judge(SUM, assumed(models))

    assert names.keys() == {str(SONNET.ref), str(LLAMA.ref)}
    assert judged.task == "grade-school mathematics"
    assert judged.outlooks[str(SONNET.ref)].win > judged.outlooks[str(LLAMA.ref)].win
    assert judged.outlooks[str(SONNET.ref)].graded > 100
    assert 0 < judged.confidence <= 1
