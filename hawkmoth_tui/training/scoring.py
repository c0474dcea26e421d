"""From predictions to the figures of every suite and every pool of suites, baselines beside them."""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from hawkmoth_tui.training import metrics
from hawkmoth_tui.training.predictions import by_length, by_rules

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.training.corpus import Row
    from hawkmoth_tui.training.metrics import Floats
    from hawkmoth_tui.training.predictions import Prediction
    from hawkmoth_tui.training.suites import Role

MIXED = "MIX:"
LEAST_MIXED = 200


def document(rows: Sequence[Row], found: Sequence[Prediction], cast: Mapping[str, Role], boot: int) -> dict[str, Json]:
    """Figures by suite, their mean, the worst, the calibration, and the baselines."""
    by_id = {row.id: each for row, each in zip(rows, found, strict=True)}
    suites: dict[str, Json] = {
        name: _suite(name, members, by_id, cast[members[0].suite], boot)
        for name, members in sorted(grouped(rows, cast).items())
    }
    return {"suites": suites, **_summary(suites), "calibration": _figures(_calibration(rows, by_id, cast))}


def grouped(rows: Sequence[Row], cast: Mapping[str, Role]) -> dict[str, list[Row]]:
    """The rows by suite, and by pool where suites share one: equally many of each, chosen by the hash of their id."""
    suites: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        suites[row.suite].append(row)
    pools: dict[str, list[str]] = defaultdict(list)
    for suite in suites:
        pools[cast[suite].pool].append(suite)
    groups = dict(suites)
    for name, members in pools.items():
        if len(members) > 1:
            most = max(LEAST_MIXED, min(len(suites[suite]) for suite in members))
            groups[MIXED + name] = [row for suite in members for row in sorted(suites[suite], key=_by_hash)[:most]]
    return groups


def _by_hash(row: Row) -> str:
    return hashlib.sha1(row.id.encode(), usedforsecurity=False).hexdigest()


def _suite(name: str, rows: Sequence[Row], by_id: Mapping[str, Prediction], role: Role, boot: int) -> dict[str, Json]:
    found = [by_id[row.id] for row in rows]
    strong, weak = _scores(rows, role.strong), _scores(rows, role.weak)
    dear, cheap = _costs(rows, role.strong), _costs(rows, role.weak)
    need = np.array([each.need for each in found])
    pair = metrics.pair(need, strong, weak, dear, cheap)
    result: dict[str, Json] = {"n": len(rows), "pair": _figures(pair), "pool": None}
    if pair is not None:
        ends = metrics.interval(need, strong, weak, [row.group for row in rows], boot) if boot else None
        result["APGR_ci"] = list(ends) if ends else None
        result["baselines"] = {
            label: figures["APGR"]
            for label, other in (
                ("random", np.zeros(len(rows))),
                ("length", np.array([by_length(row) for row in rows])),
                ("rules", np.array([by_rules(row) for row in rows])),
                ("oracle", strong - weak),
            )
            if (figures := metrics.pair(other, strong, weak, dear, cheap))
        }
    names = sorted(set.intersection(*(set(row.models) for row in rows)))
    if len(names) > 2:
        result["pool"] = _figures(_pool(rows, found, names))
    return result


def _pool(rows: Sequence[Row], found: Sequence[Prediction], names: Sequence[str]) -> metrics.Figures:
    quality = np.array([[row.models[name].score for name in names] for row in rows])
    costs = np.array([[row.models[name].usd for name in names] for row in rows])
    expected = np.array([[each.scores[name] for name in names] for each in found])
    prices = np.repeat(costs.mean(0, keepdims=True), len(rows), 0)
    known = [each.costs for each in found if each.costs is not None]
    if len(known) == len(found):
        prices = np.array([[each[name] for name in names] for each in known])
    return metrics.pool(expected, prices, quality, costs)


def _scores(rows: Sequence[Row], model: str) -> Floats:
    return np.array([row.models[model].score for row in rows])


def _costs(rows: Sequence[Row], model: str) -> Floats:
    return np.array([row.models[model].usd for row in rows])


def _summary(suites: Mapping[str, Json]) -> dict[str, Json]:
    """Mean and worst APGR of the plain suites, for the router and the baselines."""
    plain = {
        name: suite
        for name, suite in suites.items()
        if isinstance(suite, dict) and suite["pair"] and not name.startswith(MIXED)
    }
    areas = {name: _number(suite["pair"], "APGR") for name, suite in plain.items()}
    labels = ("random", "length", "rules", "oracle")
    means = {
        label: float(np.mean([_number(suite["baselines"], label) for suite in plain.values()])) if plain else math.nan
        for label in labels
    }
    worst = min(areas, key=lambda name: areas[name], default="")
    return {
        "macro_APGR": float(np.mean(list(areas.values()))) if areas else math.nan,
        "worst": {"suite": worst, "APGR": areas.get(worst, math.nan)},
        "macro_baselines": _figures(means),
    }


def _figures(figures: metrics.Figures | None) -> Json:
    return None if figures is None else {**figures}


def _number(figures: object, key: str) -> float:
    return float(figures[key]) if isinstance(figures, dict) else math.nan


def _calibration(rows: Sequence[Row], by_id: Mapping[str, Prediction], cast: Mapping[str, Role]) -> dict[str, float]:
    """ECE of the chance that the weak model is good enough, by suite, over the rows outside the unknown bucket; `all` for all rows."""
    expected: dict[str, list[float]] = defaultdict(list)
    happened: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        chance = by_id[row.id].weak_win
        if chance is not None:
            for key in (row.suite, "all"):
                expected[key].append(chance)
                happened[key].append(row.models[cast[row.suite].weak].score)
    return {
        key: metrics.calibration_error(np.array(expected[key]), np.array(happened[key])) for key in sorted(expected)
    }
