"""Spans of time: where they begin, and every hour, day and month in them."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.engine.chronicle import Span
from hawkmoth_tui.engine.clocks import Clocks
from tests.engine.stations import answer, ask, provider, settings, station
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 20, 14, 5)


@pytest.mark.parametrize(
    ("span", "since"),
    [
        (Span.TODAY, datetime(2026, 11, 20)),
        (Span.WEEK, datetime(2026, 11, 14)),
        (Span.MONTH, datetime(2026, 10, 22)),
        (Span.YEAR, datetime(2025, 12, 1)),
        (Span.EVER, None),
    ],
)
def test_a_span_begins_with_a_whole_day_or_month(span: Span, since: datetime | None) -> None:
    assert span.since(NOW) == since


def test_a_year_that_ends_in_december_begins_in_its_january() -> None:
    assert Span.YEAR.since(datetime(2026, 12, 31, 23)) == datetime(2026, 1, 1)


@pytest.mark.parametrize(("span", "least", "most"), [(Span.TODAY, 15, 15), (Span.MONTH, 30, 30), (Span.EVER, 1, 1)])
async def test_every_slot_is_there_and_what_was_spent_stands_in_the_last(
    home: Path, span: Span, least: int, most: int
) -> None:
    clocks = Clocks(now_ms=lambda: int(NOW.timestamp() * 1000))
    async with (
        ScriptedServer(answer=lambda _: answer()) as server,
        station(home, settings(provider("lab", server.url)), clocks) as opened,
    ):
        turn = await ask(opened, "write a poem", model=ModelRef("lab", "m"))
        slots, totals = await opened.chronicle.slots(span)
        paces = await opened.chronicle.paces(slots)
        last = slots[-1]
        (charge,) = await opened.chronicle.charges(span.by, last.group.key, last.since_ms, last.until_ms)

    assert least <= len(slots) <= most
    assert all(slot.until_ms == after.since_ms for slot, after in pairwise(slots))
    assert totals.total_pico == sum(slot.group.cost_pico for slot in slots) == last.group.cost_pico == turn.cost_pico
    assert (charge.turn_id, charge.cost_pico, charge.prompt) == (turn.id, turn.cost_pico, "write a poem")
    assert [list(pace.performances) for pace in paces] == [["lab/m"]]
