"""Which prompts need no model: a labelled set, half of it traps, and the rules by which a phrase is one or the other."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.intents import (
    Anniversary,
    Calculation,
    Conversion,
    DayAsked,
    Intent,
    Moment,
    NowAsked,
    Period,
    SelfAsked,
    SpanAsked,
    SpendingAsked,
    Topic,
    WeekdayAsked,
)
from hawkmoth_tui.routing.intents import described, recognise
from hawkmoth_tui.routing.units import WORDS
from hawkmoth_tui.routing.zones import PLACES

PHRASES: dict[str, list[str]] = tomllib.loads(Path(__file__).with_name("phrases.toml").read_text("utf-8"))
TRAPS = PHRASES["traps"]
KINDS: dict[str, tuple[type[Intent], ...]] = {
    "time": (NowAsked,),
    "date": (NowAsked, DayAsked, WeekdayAsked, SpanAsked),
    "calculation": (Calculation,),
    "conversion": (Conversion,),
    "own": (SelfAsked, SpendingAsked),
}
QUESTIONS = [(kind, phrase) for kind in KINDS for phrase in PHRASES[kind]]


def test_the_set_is_large_and_half_of_it_are_traps() -> None:
    phrases = [phrase for kind in PHRASES.values() for phrase in kind]

    assert len(phrases) == len(set(phrases)) >= 400
    assert len(TRAPS) * 2 >= len(phrases)
    assert PHRASES.keys() == {*KINDS, "traps"}


@pytest.mark.parametrize("phrase", TRAPS)
def test_a_trap_is_left_to_a_model(phrase: str) -> None:
    assert recognise(phrase) is None


def test_nearly_every_question_is_recognised_for_what_it_is() -> None:
    missed = [phrase for kind, phrase in QUESTIONS if not isinstance(recognise(phrase), KINDS[kind])]

    assert len(missed) <= 0.05 * len(QUESTIONS), missed


@pytest.mark.parametrize("kind", KINDS)
def test_capitals_blanks_and_politeness_change_nothing(kind: str) -> None:
    for phrase in PHRASES[kind][:6]:
        plain = recognise(phrase)

        assert recognise(f"  {phrase.rstrip('?.!')} please ") == plain
        assert recognise(f"Hey, {phrase}") == plain


@pytest.mark.parametrize(
    ("prompt", "intent"),
    [
        ("what time is it in new york?", NowAsked(Moment.TIME, "America/New_York", "New York")),
        ("what time is it in the UK", NowAsked(Moment.TIME, "Europe/London", "the UK")),
        ("what is the date and time?", NowAsked(Moment.DATE_AND_TIME)),
        ("what day was it 10 days ago", DayAsked(-10)),
        ("what is the date in three weeks?", DayAsked(21)),
        ("what day is it in a week?", DayAsked(7)),
        ("what day of the week was 1969-07-20?", WeekdayAsked(date(1969, 7, 20))),
        ("how many days until Dec 24th?", SpanAsked(None, Anniversary(12, 24))),
        ("how many days until Christmas?", SpanAsked(None, Anniversary(12, 25), "Christmas")),
        ("how many days since 1 January 2024?", SpanAsked(date(2024, 1, 1), None)),
        ("how much did I spend this month?", SpendingAsked(Period.MONTH)),
        ("what have I spent in this session?", SpendingAsked(Period.SESSION)),
        ("how much have I saved today", SpendingAsked(Period.TODAY, is_about_savings=True)),
        ("which models can I use?", SelfAsked(Topic.MODELS)),
    ],
)
def test_what_is_asked_is_understood(prompt: str, intent: Intent) -> None:
    assert recognise(prompt) == intent


@pytest.mark.parametrize(
    ("prompt", "amounts", "target"),
    [
        ("5 miles in km", [(5, "mile")], "kilometer"),
        ("8 oz to ml", [(8, "fluid_ounce")], "milliliter"),
        ("8 oz to g", [(8, "ounce")], "gram"),
        ("10 in in cm", [(10, "inch")], "centimeter"),
        ("minus 40 f to c", [(-40, "degree_Fahrenheit")], "degree_Celsius"),
        ("1 1/2 cups in ml", [(Fraction(3, 2), "cup")], "milliliter"),
        ("6 ft 2 in in m", [(6, "foot"), (2, "inch")], "meter"),
        ("how many feet are in a mile?", [(1, "mile")], "foot"),
        ("100 Mb in MB", [(100, "megabit")], "megabyte"),
        ("1,500 m to km", [(1500, "meter")], "kilometer"),
    ],
)
def test_units_are_read_as_they_are_meant(prompt: str, amounts: list[tuple[Fraction | int, str]], target: str) -> None:
    intent = recognise(prompt)

    assert isinstance(intent, Conversion)
    assert [(amount, unit.name) for amount, unit in intent.amounts] == list(amounts)
    assert intent.target.name == target


@given(
    st.sampled_from(["update", "know", "capital", "runtime", "date", "time", "today", "2 + 2"]), st.text(max_size=60)
)
def test_a_word_somewhere_in_a_prompt_leads_nowhere(word: str, rest: str) -> None:
    assert recognise(f"Please {word} the whole report on {rest}") is None


@given(st.sampled_from([phrase for _, phrase in QUESTIONS]))
def test_a_question_with_more_behind_it_is_left_to_a_model(phrase: str) -> None:
    assert recognise(f"{phrase.rstrip('?.! ')} and tell me why that matters") is None
    assert recognise(f"{phrase}\nAnswer as a pirate.") is None
    assert recognise(f'Translate "{phrase}" into French') is None


@given(st.text(max_size=200))
def test_every_text_can_be_looked_at(prompt: str) -> None:
    recognise(prompt)


@given(st.lists(st.sampled_from([*"0123456789+-*/%^!().,x= ", "what is ", " miles", " in ", " of "]), max_size=70))
def test_no_salad_of_figures_upsets_it(pieces: list[str]) -> None:
    recognise("".join(pieces))


@pytest.mark.parametrize(
    "prompt",
    [
        "what is 2 + 2 " * 150,
        "how many feet in a mile " * 90,
        ("how many " + "a " * 80)[:159],
        ("5 " + "in " * 60)[:159],
        "1+2*" * 39 + "1",
        "1+2*" * 19 + "1",
        "(" * 150,
        "-" * 150,
        "√" * 150,
        "what is " + "one " * 37,
        ("days between " + "and " * 40)[:159],
    ],
)
def test_a_look_costs_next_to_nothing(prompt: str) -> None:
    recognise("2 + 2")
    best_s = min(_cpu_s(prompt) for _ in range(20))

    assert best_s < 0.0002


def test_every_kind_has_words_for_the_route() -> None:
    reasons = {described(intent) for _, phrase in QUESTIONS if (intent := recognise(phrase)) is not None}

    assert reasons == {
        "a question of date and time",
        "a calculation",
        "a conversion of units",
        "a question about Hawkmoth itself",
    }


def test_no_unit_means_two_things_of_one_dimension() -> None:
    for word, measures in WORDS.items():
        assert len({measure.dimension for measure in measures}) == len(measures), word


def test_places_are_lower_case() -> None:
    assert all(place == place.casefold() for place in PLACES)


def _cpu_s(prompt: str) -> float:
    start_s = time.process_time()
    recognise(prompt)
    return time.process_time() - start_s
