"""Hawkmoth's own answers: the words, the figures, and what is not answered."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import Refused
from hawkmoth_tui.core.events import TextDelta, UsageReported
from hawkmoth_tui.core.exchange import Finished, ModelRequest
from hawkmoth_tui.core.facts import Facts, Purse
from hawkmoth_tui.core.intents import (
    Anniversary,
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
from hawkmoth_tui.core.messages import user
from hawkmoth_tui.core.models import Model, ModelRef, Prices
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.summaries import SessionSummary, Spent
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.providers.local import LocalProvider, tell

if TYPE_CHECKING:
    from hawkmoth_tui.core.exchange import Chunk

CET = timezone(timedelta(hours=1), "CET")
NOW = datetime(2026, 11, 20, 14, 5, tzinfo=CET)
MADE_MS = int(datetime(2026, 11, 20, 12, 35, tzinfo=CET).timestamp() * 1000)
SESSION = SessionSummary(Session("01abc", "About *moths*", MADE_MS, MADE_MS), 4, 30_000_000, 0, "hi")
FACTS = Facts(
    now=NOW,
    version="1.2.3",
    session=SESSION,
    sessions=(SESSION, SessionSummary(Session("01aaa", "", 0, 0), 1, 0, 1, "")),
    purse=Purse(
        session=Spent(30_000_000, 0, 90_000_000, 60_000_000, 3),
        today=Spent(1_200_000_000_000, 2, 0, -500_000_000, 1),
        month=Spent(3_000_000_000_000, 0, 0, 0, 0),
        ever=Spent(9_000_000_000_000, 0, 0, 0, 0),
        baseline="far/large",
    ),
    models=(
        Model(ModelRef("lab", "small"), "economy", prices=Prices(Decimal("0.1"), Decimal("0.4"))),
        Model(ModelRef("here", "m`x"), "local", prices=Prices(Decimal(0), Decimal(0))),
        Model(ModelRef("lab", "odd"), "standard"),
    ),
    policy="balanced",
    store_file="/data/hawkmoth.db",
    config_file="/data/config.toml",
    log_folder="/data/log",
)


def said(intent: Intent, facts: Facts = FACTS) -> str:
    return tell(intent, lambda: facts)


async def heard(intent: Intent | None) -> list[Chunk]:
    provider = LocalProvider("local", lambda text: intent if text == "ask" else None, lambda: FACTS)
    return [chunk async for chunk in provider.stream(ModelRequest("facts", (user("before"), user("ask"))))]


async def test_an_answer_is_one_piece_without_tokens_and_finished() -> None:
    assert await heard(NowAsked(Moment.YEAR)) == [
        TextDelta("It is **2026**."),
        UsageReported(Usage()),
        Finished("stop"),
    ]


async def test_what_needs_a_model_is_refused() -> None:
    with pytest.raises(Refused, match="answers only dates") as caught:
        await heard(None)

    assert caught.value.provider == "local"
    assert not caught.value.is_retryable


async def test_there_is_one_model_to_list() -> None:
    listed = await LocalProvider("local", lambda _: None, lambda: FACTS).list_models()

    assert [model.id for model in listed] == ["facts"]


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (NowAsked(), "It is **14:05** on Friday, 20 November 2026 (CET, UTC+1)."),
        (NowAsked(Moment.TIME, "UTC", "UTC"), "It is **13:05** on Friday, 20 November 2026 (UTC)."),
        (
            NowAsked(Moment.TIME, "Asia/Kathmandu", "Kathmandu"),
            "In Kathmandu it is **18:50** on Friday, 20 November 2026 (UTC+5:45).",
        ),
        (
            NowAsked(Moment.TIME, "America/New_York", "New York"),
            "In New York it is **08:05** on Friday, 20 November 2026 (EST, UTC−5).",
        ),
        (NowAsked(Moment.WEEK), "It is calendar week **47** of 2026 (ISO 8601: weeks begin on Monday)."),
        (NowAsked(Moment.MONTH), "It is **November 2026**."),
        (DayAsked(), "Today is **Friday, 20 November 2026**."),
        (DayAsked(1), "Tomorrow is **Saturday, 21 November 2026**."),
        (DayAsked(-1), "Yesterday was **Thursday, 19 November 2026**."),
        (DayAsked(21), "In 21 days it will be **Friday, 11 December 2026**."),
        (DayAsked(-99_999 * 7), "699,993 days ago it was **Friday, 16 May 110**."),
        (WeekdayAsked(date(1969, 7, 20)), "20 July 1969 was a **Sunday**."),
        (WeekdayAsked(date(2027, 1, 1)), "1 January 2027 is a **Friday**."),
        (
            SpanAsked(None, Anniversary(12, 25), "Christmas"),
            "It is **35 days** until Christmas (Friday, 25 December 2026).",
        ),
        (SpanAsked(None, Anniversary(11, 20)), "Friday, 20 November 2026 is **today**."),
        (SpanAsked(None, Anniversary(11, 19)), "It is **364 days** until Friday, 19 November 2027."),
        (SpanAsked(None, date(2026, 11, 19)), "Thursday, 19 November 2026 was **1 day** ago."),
        (SpanAsked(date(2026, 11, 10), None), "Tuesday, 10 November 2026 was **10 days** ago."),
        (
            SpanAsked(date(2024, 1, 1), date(2024, 12, 31)),
            "From 1 January 2024 to 31 December 2024 it is **365 days**.",
        ),
    ],
)
def test_the_clock_and_the_calendar(intent: Intent, text: str) -> None:
    assert said(intent) == text


def test_a_machine_without_time_zones_says_so_and_tells_the_time_it_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.ZoneInfo", _no_zone)

    text = said(NowAsked(Moment.TIME, "Asia/Tokyo", "Tokyo"))

    assert text.startswith("It is **13:05** on Friday, 20 November 2026 (UTC).")
    assert "`tzdata`" in text


def test_spending_names_the_sum_and_what_it_leaves_out() -> None:
    assert said(SpendingAsked(Period.TODAY)) == (
        "Today you have spent **$1.20**. Not counted: 2 turns of unknown price.\n\n"
        "Beside it: this session $0.00003; this month $3.00; in all $9.00."
    )
    assert said(SpendingAsked(Period.SESSION)).startswith("This session has cost **$0.00003**.")


def test_savings_are_signed_and_name_their_baseline() -> None:
    saved, lost, unknown = (
        said(SpendingAsked(period, is_about_savings=True)) for period in (Period.SESSION, Period.TODAY, Period.MONTH)
    )

    assert saved == "You have saved **$0.00006** in this session against `far/large`, at list prices."
    assert lost == "You have paid more by **$0.0005** today against `far/large`, at list prices."
    assert unknown == "Nothing is known about savings this month: nothing to compare yet."


def test_the_status_tells_everything_in_few_lines() -> None:
    assert said(SelfAsked(Topic.STATUS)).splitlines() == [
        "**Hawkmoth 1.2.3**",
        "",
        "- models you can use now: 3",
        "- policy: balanced",
        "- this session: 4 turns, $0.00003",
        "- spent today $1.20 + 2 turns of unknown price, this month $3.00",
        "- sessions: 2",
        "- sessions and costs: `/data/hawkmoth.db`",
        "- configuration: `/data/config.toml`",
        "- log: `/data/log`",
    ]


def test_the_session_tells_its_age_its_model_and_its_cost() -> None:
    text = said(SelfAsked(Topic.SESSION))

    assert text.startswith("**About \\*moths\\*** (`01abc`)")
    assert "- 4 turns in 90 minutes, this one included" in text
    assert "- per turn: ~$0.0000075" in text
    assert "- saved against `far/large`: $0.00006" in text
    assert said(SelfAsked(Topic.SESSION), replace(FACTS, session=None)) == "Nothing is known about this session."


def test_the_sessions_are_listed_with_titles_that_cannot_format_anything() -> None:
    text = said(SelfAsked(Topic.SESSIONS))

    assert text.startswith("You have **2** saved sessions.")
    assert "- About \\*moths\\* · 4 turns · $0.00003 · `01abc`" in text
    assert "- untitled · 1 turn · $0.00+? · `01aaa`" in text
    assert "**more than 2**" in said(SelfAsked(Topic.SESSIONS), replace(FACTS, has_more_sessions=True))


def test_the_models_are_listed_with_their_prices_and_an_unknown_one_is_not_free() -> None:
    lines = said(SelfAsked(Topic.MODELS)).splitlines()

    assert lines[0] == "You can use **3** models now (USD per million tokens, in → out):"
    assert lines[2:] == [
        "- `lab/small` · economy · $0.10 → $0.40",
        "- `here/mˋx` · local · free",
        "- `lab/odd` · standard · price unknown",
    ]


def test_a_long_list_of_models_is_cut_and_counted() -> None:
    many = tuple(Model(ModelRef("lab", f"m{number:03}")) for number in range(50))

    lines = said(SelfAsked(Topic.MODELS), replace(FACTS, models=many)).splitlines()

    assert lines[-1] == "… and 10 more: `hawkmoth models` lists them all."


def test_version_and_files() -> None:
    assert said(SelfAsked(Topic.VERSION)) == "This is Hawkmoth **1.2.3**."
    assert "in memory only" in said(SelfAsked(Topic.FILES), replace(FACTS, store_file=""))


def test_nothing_heavy_is_loaded_before_a_question_needs_it() -> None:
    code = (
        "import sys, hawkmoth_tui.engine.opening, hawkmoth_tui.providers.local\n"
        "print([name for name in ('pint', 'zoneinfo', 'httpx', 'hawkmoth_tui.routing.units') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def _no_zone(name: str) -> datetime:
    from zoneinfo import ZoneInfoNotFoundError

    raise ZoneInfoNotFoundError(name)


def test_the_date_of_the_place_is_told_not_ours() -> None:
    late = replace(FACTS, now=datetime(2026, 11, 20, 23, 30, tzinfo=UTC))

    assert "Saturday, 21 November 2026" in said(NowAsked(Moment.TIME, "Asia/Tokyo", "Tokyo"), late)
