"""The table: every figure with its floor, the ratio, and the goal it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.measures import Window

Medians = dict[tuple[str, "Window", str], dict[str, float | None]]


@dataclass(frozen=True, slots=True)
class Goal:
    """An upper limit for one figure of Hawkmoth."""

    measure: str
    figure: str
    limit: float
    of: str = ""
    """The subject whose figure the limit is a multiple of; empty for an absolute limit."""
    of_measure: str = ""
    """The measure that subject's figure comes from; empty for the same."""
    who: str = "hawkmoth"
    """The subject that is held against it."""


GOALS = (
    Goal("startup", "start-up CPU s", 1.25, of="lazy floor"),
    Goal("startup", "MB at ready", 50.0),
    Goal("line", "first frame ms", 1000.0),
    Goal("stream", "Enter to wire ms", 20.0),
    Goal("stream", "CPU s", 0.33, of="floor"),
    Goal("stream", "bytes/token", 75.0),
    Goal("stream", "bytes/token", 30.0, who="hawkmoth, ssh profile"),
    Goal("stream", "last token late ms", 40.0),
    Goal("stream", "last token late ms", 40.0, who="hawkmoth, ssh profile"),
    Goal("fence", "CPU s", 0.5, of="floor", of_measure="stream"),
    Goal("fast", "CPU s", 0.5, of="floor"),
    Goal("fast", "wall to last token s", 0.5, of="floor"),
    Goal("idle", "idle CPU %", 0.1),
    Goal("idle", "idle bytes", 0.0),
    Goal("picker", "key ms", 50.0),
    Goal("picker", "beside 100", 1.5),
    Goal("keys", "key p95 ms", 35.0),
    Goal("paste", "1 MB ms", 1000.0),
    Goal("long", "open ms", 300.0),
    Goal("long", "-c more ms", 300.0),
    Goal("long", "-c more MB", 40.0),
    Goal("turns", "50th beside 2nd", 1.1),
    Goal("turns", "150th beside 2nd", 1.2),
    Goal("pages", "page ms", 16.0),
)


def table(medians: Medians, rounds: int) -> str:
    """Everything measured, then the goals with their verdicts."""
    lines = [f"medians of {rounds} interleaved rounds; – means that it was never seen", ""]
    for (measure, window, subject), figures in medians.items():
        cells = ", ".join(f"{figure} {_number(value)}" for figure, value in figures.items())
        lines.append(f"{measure:8} {window!s:7} {subject:11} {cells}")
    lines += ["", f"{'goal':34} {'hawkmoth':>9} {'limit':>9} {'floor':>9} {'ratio':>6}"]
    lines += [row for goal in GOALS if (row := _verdict(goal, medians))]
    late = [
        f"{measure} {window}"
        for (measure, window, subject), figures in medians.items()
        if subject == "hawkmoth" and figures.get("last token late ms", 0.0) is None
    ]
    lines.append("last token seen in every run" if not late else f"LAST TOKEN NEVER SEEN: {', '.join(late)}")
    return "\n".join(lines) + "\n"


def _verdict(goal: Goal, medians: Medians) -> str:
    own = _figure(medians, goal.measure, goal.who, goal.figure)
    if own is None:
        return ""
    floor = _figure(medians, goal.of_measure or goal.measure, goal.of, goal.figure) if goal.of else None
    if goal.of and not floor:
        return ""
    limit = goal.limit * floor if floor else goal.limit
    ratio = f"{own / floor:6.2f}" if floor else "     –"
    verdict = "met" if own <= limit else "MISSED"
    name = f"{goal.measure}: {goal.figure}{goal.who.removeprefix('hawkmoth')}"
    return f"{name:34} {_number(own):>9} {_number(limit):>9} {_number(floor):>9} {ratio}  {verdict}"


def _figure(
    medians: Mapping[tuple[str, Window, str], Mapping[str, float | None]], measure: str, subject: str, figure: str
) -> float | None:
    """A subject's figure at the larger window; None when it was not measured."""
    for (name, window, who), figures in medians.items():
        if (name, who, window.columns) == (measure, subject, 120):
            return figures.get(figure)
    return None


def _number(value: float | None) -> str:
    match value:
        case None:
            return "–"
        case _ if value >= 100:
            return f"{value:,.0f}"
        case _:
            return f"{value:.3g}"
