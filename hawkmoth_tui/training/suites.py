"""What the suites are: which two models form the pair whose order is judged, which suites share a pool of models, what tasks are called."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from hawkmoth_tui.training.corpus import Row


@dataclass(frozen=True, slots=True)
class Role:
    """How a suite is scored."""

    strong: str
    weak: str
    pool: str
    """Suites with the same pool are also scored together."""
    family: str
    """Suites that test the same thing; left out together."""


FILE = "suites.json"

_GPT4, _MIXTRAL = "gpt-4-1106-preview", "mixtral-8x7b-instruct"
_SONNET, _LLAMA_8B = "claude-3-5-sonnet-20241022", "llama-3.1-8b-instruct"

KNOWN: Mapping[str, Role] = {
    **{f"routellm-{name}": Role(_GPT4, _MIXTRAL, "routellm", family) for name, family in
       (("mmlu", "mmlu"), ("gsm8k", "gsm"), ("mtbench", "mtbench"))},
    **{f"rb-{name}": Role(_GPT4, "mistralai/mixtral-8x7b-chat", "rb", name) for name in ("mbpp", "arc", "winogrande")},
    **{f"ze-{name}": Role(_SONNET, _LLAMA_8B, "ze", family) for name, family in
       (("gsm", "gsm"), ("math5", "math"), ("crux", "crux"))},
    "mmlupro": Role("gemini-1.5-pro-002", _LLAMA_8B, "mmlupro", "mmlu"),
    "alpaca": Role(_GPT4, "claude-instant-1.2", "alpaca", "alpaca"),
    "uiuc": Role("llama-3.1-nemotron-51b-instruct", "mistral-7b-instruct-v0.3", "uiuc", "uiuc"),
    "wmt24": Role("claude-3.5-sonnet", "llama-3-70b-instruct", "wmt24", "wmt24"),
    "arena809": Role("gemini-2.0-flash-001", "claude-3-haiku-20240307", "arena809", "arena809"),
}  # fmt: skip
"""The public suites, where no file says otherwise."""

_TASKS: Mapping[str, str] = {
    "routellm-gsm8k/grade-math": "grade-school mathematics", "ze-gsm/grade-math": "grade-school mathematics",
    "uiuc/gsm8k": "grade-school mathematics", "uiuc/agentverse-mgsm": "multi-step arithmetic", "uiuc/math": "mathematics problems",
    "ze-math5/competition-math": "competition mathematics", "ze-crux/code-reasoning": "code reasoning",
    "rb-mbpp/mbpp": "Python functions", "uiuc/mbpp": "Python functions", "uiuc/human_eval": "function completion",
    "rb-arc/arc": "school science", "uiuc/arc_challenge": "school science", "uiuc/openbook_qa": "elementary science",
    "uiuc/gpqa": "graduate science", "uiuc/natural_qa": "web questions", "uiuc/trivia_qa": "trivia",
    "uiuc/commonsense_qa": "common sense", "uiuc/commongen": "sentence writing", "uiuc/mmlu": "general exam",
    "alpaca/selfinstruct": "everyday requests", "alpaca/oasst": "open conversation", "alpaca/koala": "advice",
    "alpaca/helpful_base": "how-to questions", "alpaca/vicuna": "essays and role play",
}  # fmt: skip


def task_name(row: Row) -> str:
    """What a row's task is called on the screen."""
    known = _TASKS.get(f"{row.suite}/{row.task}")
    plain = row.task.replace("_", " ").replace("-", " ")
    return known or (f"{plain} exam" if row.suite == "mmlupro" else plain)


def roles(rows: Sequence[Row], beside: Iterable[Path]) -> dict[str, Role]:
    """The role of every suite among the rows: from a `suites.json` in one of the folders, else known, else guessed from the prices."""
    given = next((found for folder in beside if (found := _from_file(folder / FILE))), {})
    known = {**KNOWN, **given}
    suites = sorted({row.suite for row in rows})
    cast = {suite: known.get(suite) or _guessed(suite, [row for row in rows if row.suite == suite]) for suite in suites}
    for row in rows:
        for model in (cast[row.suite].strong, cast[row.suite].weak):
            if model not in row.models:
                raise UserError(
                    f"the row {row.id} has no outcome of {model}", f"{FILE} beside the data names the pair of a suite"
                )
    return cast


def _from_file(file: Path) -> dict[str, Role]:
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_bytes())
        return {
            suite: Role(each["strong"], each["weak"], each.get("pool", suite), each.get("family", suite))
            for suite, each in found.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{file.name} cannot be read ({error})", "each suite needs strong and weak") from error


def _guessed(suite: str, rows: Sequence[Row]) -> Role:
    """The dearest and the cheapest model: that much is known of them before anything is graded."""
    shared = set.intersection(*(set(row.models) for row in rows))
    if len(shared) < 2:
        raise UserError(f"the suite {suite} has no two models that answered every prompt", "routing needs at least two")
    by_price = sorted(shared, key=lambda model: (sum(row.models[model].usd for row in rows), model))
    return Role(by_price[-1], by_price[0], suite, suite)
