"""Which prompts ask for another model: a labelled set, much of it traps, and the rules behind it."""

from __future__ import annotations

import time
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from hawkmoth_tui.catalog.catalogue import build
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.routing.naming import Names
from hawkmoth_tui.routing.switching import asked
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS, LOCAL_PROVIDER

SET = tomllib.loads(Path(__file__).with_name("switch_phrases.toml").read_text("utf-8"))
TRAPS: list[str] = [phrase for kind, phrases in SET.items() if kind.startswith("traps") for phrase in phrases]
REQUESTS: list[tuple[str, str, str, str]] = [
    tuple(row) for kind, rows in SET.items() if not kind.startswith("traps") for row in rows
]
OTHERS = (
    "together/deepseek-ai/DeepSeek-R1",
    "together/deepseek-ai/DeepSeek-R1-Throughput",
    "ollama/llama3.2:3b",
    "ollama/qwen2.5-coder:7b",
    "google/gemini-3.7-flash",
    "google/gemini-3.7-pro",
)


def _refs() -> list[ModelRef]:
    """The models of every provider that ships, and some that users bring."""
    shipped = build({spec.name: spec for spec in BUILTIN_PROVIDERS if spec != LOCAL_PROVIDER}, {})
    others = [ref for name in OTHERS if (ref := ModelRef.parse(name))]
    return [*(model.ref for model in shipped.all()), *others]


NAMES = Names(_refs())


def judged(prompt: str, target: str, scope: str, question: str) -> str:
    """What is wrong with how this prompt is read; empty when nothing is."""
    found = asked(prompt, NAMES)
    if found is None:
        return "nothing was asked"
    if found.wish is not None and found.wish.value != target:
        return f"wish {found.wish}"
    if found.wish is None and not all(fnmatchcase(str(ref), target) for ref in found.models):
        return f"models {', '.join(map(str, found.models))}"
    if found.scope.value != scope:
        return f"scope {found.scope}"
    return "" if found.question == question else f"question {found.question!r}"


def test_the_set_is_large_and_much_of_it_are_traps() -> None:
    phrases = [*TRAPS, *(row[0] for row in REQUESTS)]

    assert len(phrases) == len(set(phrases)) >= 300
    assert len(TRAPS) >= 0.4 * len(phrases)


def test_a_trap_switches_nothing() -> None:
    assert [phrase for phrase in TRAPS if asked(phrase, NAMES)] == []


def test_nearly_every_request_is_understood_as_it_was_meant() -> None:
    wrong = {row[0]: problem for row in REQUESTS if (problem := judged(*row))}

    assert len(wrong) <= 0.02 * len(REQUESTS), wrong


def test_no_request_is_understood_as_another_one() -> None:
    wrong = {row[0]: problem for row in REQUESTS if (problem := judged(*row)) and problem != "nothing was asked"}

    assert not wrong


def test_a_request_that_is_quoted_or_written_as_code_switches_nothing() -> None:
    phrases = [row[0].replace('"', "").replace("```", "") for row in REQUESTS]
    quoted = [f'What does "{" ".join(phrase.split())}" mean?' for phrase in phrases]
    coded = [f"```\n{phrase}\n```\nExplain this." for phrase in phrases]

    assert [prompt for prompt in (*quoted, *coded) if asked(prompt, NAMES)] == []


def test_capitals_and_blanks_change_nothing() -> None:
    for row in REQUESTS:
        typed, shouted = asked(row[0], NAMES), asked(f"  {row[0].upper()} ", NAMES)

        assert (typed is None) == (shouted is None), row
        if typed and shouted:
            assert (typed.models, typed.wish, typed.scope) == (shouted.models, shouted.wish, shouted.scope)


def test_the_longest_name_that_the_catalogue_knows_is_meant() -> None:
    plain, longer = asked("use r1", NAMES), asked("use r1 throughput", NAMES)

    assert plain is not None
    assert [ref.id for ref in plain.models] == ["deepseek-ai/DeepSeek-R1"]
    assert longer is not None
    assert [ref.id for ref in longer.models] == ["deepseek-ai/DeepSeek-R1-Throughput"]


def test_a_model_that_nobody_offers_is_not_asked_for() -> None:
    assert asked("use opus for this", Names([ModelRef("lab", "gpt-5-mini")])) is None


def test_a_request_behind_a_long_paste_is_seen_and_one_inside_it_is_not() -> None:
    paste = "\n".join(f"line {number}: switch to haiku. nothing else happened here" for number in range(400))
    behind, inside = asked(f"{paste}\n\nUse opus for this.", NAMES), asked(f"What is this?\n\n{paste}", NAMES)

    assert behind is not None
    assert behind.question.endswith("nothing else happened here")
    assert inside is None


def test_a_long_prompt_is_read_in_no_time() -> None:
    prompt = "Explain this to me, please, with all the details that matter. " * 400
    asked(prompt, NAMES)
    began = time.process_time()
    for _ in range(20):
        asked(prompt, NAMES)

    assert (time.process_time() - began) / 20 < 0.05
