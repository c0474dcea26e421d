"""`hawkmoth eval`: fits if asked to, predicts every row, and measures the predictions against what happened, baselines beside them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.routing.learned import Absent, Learned, learned_from
from hawkmoth_tui.routing.weights import DATA, FILE, parse
from hawkmoth_tui.training import conversations, scoring
from hawkmoth_tui.training.corpus import read_all
from hawkmoth_tui.training.fit import fit, prepare
from hawkmoth_tui.training.noise import NOISES
from hawkmoth_tui.training.predictions import predicted, same_kind_of_cost
from hawkmoth_tui.training.suites import roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.training.corpus import Row
    from hawkmoth_tui.training.fit import Prepared
    from hawkmoth_tui.training.predictions import Prediction
    from hawkmoth_tui.training.suites import Role

NOISY_ROWS = 1_000
TIMED = 200
REHEARSALS = 400


@dataclass(frozen=True, slots=True)
class _Judges:
    """Which judge stands for which suite, and what the first of them weighs."""

    by_suite: Mapping[str, Learned]
    bytes: int
    trained_on: int
    """Rows; 0 for the shipped weights."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be measured, and by which weights."""

    data: Path
    train: tuple[Path, ...] = ()
    """Rows to fit on. Empty: the shipped weights."""
    export: Path | None = None
    leave_out: str = ""
    """`suite` or `family`: each suite is judged by weights that have not seen it, or none of its kind."""
    boot: int = 200


def evaluate(request: Request) -> dict[str, Json]:
    """The document of `eval --json`; the predictions are written when all of them are there. Raises UserError."""
    rows = read_all([request.data])
    training = read_all(request.train)
    if not rows:
        raise UserError(f"{request.data.name} has no rows", "give a file with recorded outcomes")
    if request.leave_out and not training:
        raise UserError("--leave-out needs --train", "the shipped weights cannot forget a suite")
    cast = roles([*rows, *training], [request.data.parent, *(file.parent for file in request.train)])
    judges = _judges(request.leave_out, sorted({row.suite for row in rows}), training, cast)
    prices = _prices(rows)
    found = [predicted(judges.by_suite[row.suite], row, cast[row.suite], prices[row.suite]) for row in rows]
    found = same_kind_of_cost(rows, found)
    document: dict[str, Json] = {
        "rows": len(rows),
        "trained_on": judges.trained_on,
        "left_out": request.leave_out or None,
        "weights_bytes": judges.bytes,
        **scoring.document(rows, found, cast, request.boot),
        "noise": {**_noise(judges, rows, found, cast, prices)},
        "speed": {**_speed(next(iter(judges.by_suite.values())), rows, cast, prices)},
        "replay": {**_replayed()},
    }
    if request.export is not None:
        _write(request.export, rows, found)
    return document


def _judges(leave_out: str, suites: Sequence[str], training: Sequence[Row], cast: Mapping[str, Role]) -> _Judges:
    if not training:
        learned = learned_from(DATA)
        if isinstance(learned, Absent):
            raise UserError(
                learned.reason, "give --train FILE, or rebuild them with python -m hawkmoth_tui.training.build"
            )
        return _Judges(dict.fromkeys(suites, learned), (DATA / FILE).stat().st_size, 0)
    prepared = prepare(training)
    if not leave_out:
        raw = fit(prepared, cast)
        return _Judges(dict.fromkeys(suites, Learned(parse(raw))), len(raw), len(training))
    fitted: dict[frozenset[str], Learned] = {}
    judges, most = {}, 0
    for suite in suites:
        left = frozenset(name for name in cast if _goes_with(leave_out, name, suite, cast))
        if left not in fitted:
            raw = _fit_without(prepared, left, cast)
            fitted[left], most = Learned(parse(raw)), max(most, len(raw))
        judges[suite] = fitted[left]
    return _Judges(judges, most, len(training))


def _goes_with(leave_out: str, name: str, suite: str, cast: Mapping[str, Role]) -> bool:
    return name == suite or (leave_out == "family" and cast[name].family == cast[suite].family)


def _fit_without(prepared: Prepared, left: frozenset[str], cast: Mapping[str, Role]) -> bytes:
    kept = np.array([at for at, row in enumerate(prepared.rows) if row.suite not in left], np.int64)
    if not len(kept):
        raise UserError("nothing is left to train on", "give --train files with more than one suite")
    return fit(prepared.take(kept), cast)


def _prices(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    """Mean cost by suite and model: a price list, not an outcome."""
    sums: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        for model, cell in row.models.items():
            sums[row.suite][model].append(cell.usd)
    return {suite: {model: sum(seen) / len(seen) for model, seen in by.items()} for suite, by in sums.items()}


def _write(target: Path, rows: Sequence[Row], found: Sequence[Prediction]) -> None:
    """All predictions, or none."""
    text = "".join(each.line(row.id) + "\n" for row, each in zip(rows, found, strict=True))
    beside = target.with_name(target.name + ".part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(target)
    except OSError as error:
        raise UserError(f"{target.name} cannot be written ({error.strerror})", "check the folder") from error


def _noise(
    judges: _Judges,
    rows: Sequence[Row],
    found: Sequence[Prediction],
    cast: Mapping[str, Role],
    prices: Mapping[str, Mapping[str, float]],
) -> dict[str, float]:
    """Share of choices that change when the prompt is typed a little differently."""
    step = max(1, len(rows) // NOISY_ROWS)
    sample = list(zip(rows, found, strict=True))[::step]
    flips = {}
    for name, noise in NOISES.items():
        changed = 0
        for at, (row, before) in enumerate(sample):
            suite = row.suite
            again = predicted(judges.by_suite[suite], row, cast[suite], prices[suite], noise(row.prompt, at))
            changed += again.choice != before.choice
        flips[name] = changed / len(sample)
    return flips | {"rows": float(len(sample))}


def _speed(
    learned: Learned, rows: Sequence[Row], cast: Mapping[str, Role], prices: Mapping[str, Mapping[str, float]]
) -> dict[str, float]:
    """CPU milliseconds for one judgement of a pair, on prompts of these lengths made from the rows' own."""
    figures = {}
    for size in (2_000, 20_000):
        spent = []
        for at in range(TIMED):
            row = rows[at * len(rows) // TIMED]
            prompt = (row.prompt + "\n" + "\n".join(rows[(at * 31 + k) % len(rows)].prompt for k in range(size // 20)))[
                :size
            ]
            spent.append(predicted(learned, row, cast[row.suite], prices[row.suite], prompt).ms)
        figures[f"p50_ms_{size}"] = float(np.percentile(spent, 50))
        figures[f"p95_ms_{size}"] = float(np.percentile(spent, 95))
    return figures


def _replayed() -> dict[str, float]:
    ratios = [each.ratio for each in conversations.rehearsals(REHEARSALS)]
    return {
        "conversations": float(len(ratios)),
        "dearest": max(ratios),
        "median": float(np.median(ratios)),
        "over": float(sum(ratio > conversations.MOST_OVER for ratio in ratios)),
    }
