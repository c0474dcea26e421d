"""How good an order or a choice is, by the usual measures of routing; the numbers agree with the public scorer to 1e-9.

Pair: prompts are sent to the strong model from the neediest on; PGR is the share of the quality gap recovered at a share f of them, APGR
its area over f (random ½), CPT50 the least f that recovers half. Pool: a threshold on price turns expected quality into choices; AIQ is
the area under the best achievable quality by cost, psav95 what is saved against the best single model at 95 % of its quality.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

Figures: TypeAlias = "dict[str, float]"
Point: TypeAlias = "tuple[float, float]"
"""Cost and quality."""

PRICES_OF_QUALITY = np.concatenate([[0.0], np.geomspace(1e-3, 1e5, 160)])
"""What a dollar is weighed against quality, for the sweep of a pool."""
GRID = 2001
BINS = 10


def curve(need: Floats, strong: Floats, weak: Floats) -> tuple[Floats, Floats]:
    """Share sent to the strong model, and the quality there. Ties are broken evenly."""
    order = np.argsort(-need, kind="stable")
    gain, ordered = (strong - weak)[order], need[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.concatenate([starts, [len(need)]]))
    even = np.repeat(np.add.reduceat(gain, starts) / lengths, lengths)
    return np.arange(len(need) + 1) / len(need), weak.mean() + np.concatenate([[0.0], np.cumsum(even)]) / len(need)


def first_at(shares: Floats, quality: Floats, wanted: float) -> float:
    """The least share that gives the quality, between two points by a straight line; not a number when none does."""
    reached = np.flatnonzero(quality >= wanted - 1e-12)
    if not len(reached):
        return math.nan
    at = int(reached[0])
    if at == 0:
        return float(shares[0])
    part = (wanted - quality[at - 1]) / max(float(quality[at] - quality[at - 1]), 1e-12)
    return float(shares[at - 1] + part * (shares[at] - shares[at - 1]))


def pair(need: Floats, strong: Floats, weak: Floats, dear: Floats, cheap: Floats) -> Figures | None:
    """The figures of a pair; None where the two are equally good."""
    shares, quality = curve(need, strong, weak)
    low, gap = float(weak.mean()), float(strong.mean() - weak.mean())
    if abs(gap) < 1e-9:
        return None
    recovered = (quality - low) / gap
    order = np.argsort(-need, kind="stable")
    cost = np.concatenate([[cheap.sum()], cheap.sum() + np.cumsum((dear - cheap)[order])]) / len(need)
    figures = {
        "q_weak": low,
        "q_strong": float(strong.mean()),
        "APGR": float(np.trapezoid(recovered, shares)),
        "CPT50": first_at(shares, recovered, 0.5),
        "CPT80": first_at(shares, recovered, 0.8),
    }
    for name, wanted in (("sav90", low + 0.9 * gap), ("sav95q", 0.95 * float(strong.mean()))):
        share = first_at(shares, quality, wanted)
        figures[name] = 1.0 - float(np.interp(share, shares, cost)) / float(dear.mean()) if share == share else math.nan
    return figures


def interval(
    need: Floats, strong: Floats, weak: Floats, groups: Sequence[str], times: int, seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % interval of APGR when whole groups are drawn again."""
    names, places = np.unique(np.array(groups), return_inverse=True)
    order = np.argsort(places, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(places))[:-1])
    draw, found = np.random.default_rng(seed), []
    for _ in range(times):
        rows = np.concatenate([members[at] for at in draw.integers(0, len(names), len(names))])
        figures = pair(need[rows], strong[rows], weak[rows], strong[rows], weak[rows])
        found.append(figures["APGR"] if figures else math.nan)
    if not found or all(math.isnan(each) for each in found):
        return None
    return float(np.nanpercentile(found, 2.5)), float(np.nanpercentile(found, 97.5))


def hull(points: Sequence[Point]) -> list[Point]:
    """The best quality for its cost: rising and bending down."""
    rising: list[Point] = []
    for cost, quality in sorted(points):
        if not rising or quality > rising[-1][1]:
            rising.append((cost, quality))
    bent: list[Point] = []
    for point in rising:
        while len(bent) >= 2 and not _bends_down(bent[-2], bent[-1], point):
            bent.pop()
        bent.append(point)
    return bent


def _bends_down(first: Point, middle: Point, last: Point) -> bool:
    return (middle[1] - first[1]) * (last[0] - first[0]) > (last[1] - first[1]) * (middle[0] - first[0])


def area(points: Sequence[Point], low: float, high: float, *, is_log: bool = False) -> float:
    """Mean quality over the range of costs, or of their logarithms; nothing where even the cheapest point costs more."""
    costs, quality = np.array([cost for cost, _ in points]), np.array([value for _, value in points])
    at = np.geomspace(low, high, GRID) if is_log else np.linspace(low, high, GRID)
    seen = np.interp(at, costs, quality)
    begins = costs[0] <= low * (1 + 1e-9) if is_log else costs[0] <= low + 1e-12
    seen[at < costs[0]] = quality[0] if begins else 0.0
    if is_log:
        return float(np.trapezoid(seen, np.log(at)) / (math.log(high) - math.log(low)))
    return float(np.trapezoid(seen, at) / (high - low))


def cost_at(points: Sequence[Point], wanted: float) -> float:
    """The least cost of a quality; not a number when it is out of reach."""
    costs, quality = np.array([cost for cost, _ in points]), np.array([value for _, value in points])
    if quality[-1] < wanted:
        return math.nan
    return float(np.interp(wanted, quality, costs)) if wanted > quality[0] else float(costs[0])


def choices(expected: Floats, prices: Floats, quality: Floats, costs: Floats) -> list[Point]:
    """What the sweep costs and brings."""
    rows = np.arange(len(quality))
    points = []
    for weight in PRICES_OF_QUALITY:
        chosen = np.argmax(expected - weight * prices, axis=1)
        points.append((float(costs[rows, chosen].mean()), float(quality[rows, chosen].mean())))
    return points


def pool(expected: Floats, prices: Floats, quality: Floats, costs: Floats) -> Figures:
    """The figures of a pool; the router may always fall back to one fixed model."""
    mean_costs, means = costs.mean(0), quality.mean(0)
    low, high, best = float(mean_costs.min()), float(mean_costs.max()), int(np.argmax(means))
    single = list(zip(mean_costs.tolist(), means.tolist(), strict=True))
    fixed, top = hull(single), hull(single + choices(quality, costs, quality, costs))
    routed = hull(single + choices(expected, prices, quality, costs))
    most, dearest = float(means[best]), float(mean_costs[best])
    figures = {
        "qbest": most,
        "zero": area(fixed, low, high),
        "AIQ": area(routed, low, high),
        "oracle": area(top, low, high),
    }
    for name, points in (("zero_log", fixed), ("AIQlog", routed), ("oracle_log", top)):
        figures[name] = area(points, low, high, is_log=True)
    for name, points in (("zsav", fixed), ("psav", routed), ("osav", top)):
        figures[f"{name}95"] = 1.0 - cost_at(points, 0.95 * most) / dearest
        figures[f"{name}100"] = 1.0 - cost_at(points, most) / dearest
    return figures


def calibration_error(expected: Floats, happened: Floats) -> float:
    """ECE: how far the expected share is from the true one, over ten bins of equal width, weighed by their rows."""
    bins = np.minimum((expected * BINS).astype(int), BINS - 1)
    error = 0.0
    for each in range(BINS):
        here = bins == each
        if here.any():
            error += float(here.mean()) * abs(float(expected[here].mean() - happened[here].mean()))
    return error
