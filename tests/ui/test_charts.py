"""Charts: as wide as they may be and no wider, bars as wide as each other, and every mark where its number says."""

from __future__ import annotations

import pytest

from hawkmoth_tui.core.summaries import Compared, CostGroup, CostTotals
from hawkmoth_tui.engine.chronicle import Span
from hawkmoth_tui.ui.dashboard.charts import COST, ERROR, ROUTE, Mark, bar, bars, gauge, stacks
from hawkmoth_tui.ui.dashboard.figures import Figures, Page
from hawkmoth_tui.ui.dashboard.pages import total_line

COLOURS = (COST, ERROR, ROUTE)


def usd(amount: float) -> str:
    return f"${amount:.2f}"


def drawn(values: list[float], width: int = 60, height: int = 8) -> list[str]:
    marks = [Mark(f"Nov {day}", value) for day, value in enumerate(values, 1)]
    return [line.plain for line in bars(marks, width, height, usd, here=0, colours=COLOURS)]


@pytest.mark.parametrize("width", [20, 36, 60, 76, 118])
@pytest.mark.parametrize("count", [1, 7, 12, 30, 200])
def test_a_chart_takes_the_room_it_has(width: int, count: int) -> None:
    values = [(-1.0) ** day * day for day in range(count)]
    every = [("Nov 1", (1.0, 2.0, 3.0))] * count

    for lines in (drawn(values, width), [line.plain for line in stacks(every, width, 8, usd, here=None)]):
        assert len(lines) == 8
        assert max(map(len, lines)) <= width


def test_bars_are_as_wide_as_each_other_and_the_higher_the_more() -> None:
    lines = drawn([1.0, 2.0, 4.0, 0.0], height=10)

    heights = [sum(line[6 + place * 8 + 2 : 6 + place * 8 + 3] in ("█", "▄") for line in lines) for place in range(4)]
    assert lines[0].split("┤")[1] == " " * 16 + "█" * 7
    assert heights == [3, 5, 8, 0]


def test_below_nought_bars_hang_in_their_own_colour() -> None:
    content = bars([Mark("a", 1.0), Mark("b", -1.0)], 40, 9, usd, here=None, colours=COLOURS)
    lines = [line.plain for line in content]

    assert lines[0].startswith(" $1.00┤")
    assert any(line.startswith("$-1.00┤") for line in lines)
    styles = {str(span.style) for line in content for span in line.spans}
    assert {"$cost", "$error"} <= styles


def test_what_does_not_fit_is_the_oldest() -> None:
    lines = drawn([9.0] + [1.0] * 99, width=30)

    assert lines[0].startswith("$1.00┤")


def test_nothing_at_all_is_an_empty_chart() -> None:
    assert not any({"█", "▄"} & set(line) for line in drawn([0.0, 0.0]))


@pytest.mark.parametrize(
    ("share", "shown"), [(0.0, "░░░░"), (0.001, "▌░░░"), (0.5, "██░░"), (0.6, "██▌░"), (1.0, "████"), (7.0, "████")]
)
def test_a_gauge_shows_half_cells_and_never_more_than_there_is(share: float, shown: str) -> None:
    assert gauge(share, 4) == shown
    assert bar(share, 4) == shown.replace("░", " ")


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (36, "12 months · ≥ $17.60 + 21 ?"),
        (76, "12 months · ≥ $17.60 + 21 unknown · 1,204 turns · saved +$4.00"),
        (118, "12 months · ≥ $17.60 + 21 turns of unknown price · 1,204 turns · saved +$4.00 · against lab/large"),
    ],
)
def test_a_total_that_leaves_prices_out_says_so_in_any_room(width: int, said: str) -> None:
    compared = Compared(5 * 10**12, 10**12, 3)
    group = CostGroup("a", "a", 1, 0, 1204, 1, 1, compared)
    figures = Figures(Page.MODELS, Span.YEAR, 0, CostTotals(17_600_000_000_000, 21, (group,), compared))

    assert total_line(figures, "lab/large", width).plain == said
