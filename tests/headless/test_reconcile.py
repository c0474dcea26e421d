"""Providers' own exports: read by their documented columns, and laid beside the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.summaries import GroupBy
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine import reconciling
from hawkmoth_tui.engine.bills import Billed, plain_name, read_bill
from hawkmoth_tui.headless.reconcile import document, text
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.headless.shell import hawkmoth
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPENAI_USAGE = """\
start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,input_tokens,output_tokens,input_cached_tokens
1763683200,1763769600,2025-11-21T00:00:00+00:00,2025-11-22T00:00:00+00:00,p,2,gpt-4o-2024-08-06,"1,000",50,800
1763683200,1763769600,2025-11-21T00:00:00+00:00,2025-11-22T00:00:00+00:00,q,1,gpt-4o-2024-08-06,10,5,0

1763769600,1763856000,2025-11-22T00:00:00+00:00,2025-11-23T00:00:00+00:00,,,,,,
"""
OPENAI_COSTS = """\
start_time,end_time,amount_value,amount_currency,line_item,project_id
1763683200,1763769600,0.0021,usd,"gpt-4o-2024-08-06, input",p
1763683200,1763769600,0.00055,usd,"gpt-4o-2024-08-06, output",p
"""
ANTHROPIC_USAGE = """\
usage_date_utc,model_version,api_key,workspace,usage_type,context_window,usage_input_tokens_no_cache,\
usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,usage_output_tokens,web_search_count
2025-11-21,claude-haiku-4-5-20251001,key,Default,standard,≤ 200k,100,20,5,300,40,0
"""
ANTHROPIC_COSTS = """\
usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,cost_type
2025-11-21,Claude Haiku 4.5,Default,key,message,≤ 200k,input_no_cache,0.05,token
2025-11-21,Claude Haiku 4.5,Default,key,message,≤ 200k,output,0.000000000001,token
"""
DAY = date(2025, 11, 21)
NOON_MS = int(datetime(2025, 11, 21, 12, tzinfo=UTC).timestamp() * 1000)
GPT = ModelRef("openai", "gpt-4o")


@pytest.fixture
def store() -> Iterator[Store]:
    opened = Store.open(None, owner=this_process(), clock_ms=lambda: NOON_MS)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("export", "vendor", "model", "billed"),
    [
        (OPENAI_USAGE, "openai", "gpt-4o", Billed(1010, 800, None, 55)),
        (OPENAI_COSTS, "openai", "gpt-4o", Billed(cost_pico=2_650_000_000)),
        (ANTHROPIC_USAGE, "anthropic", "claude-haiku-4-5", Billed(425, 300, 25, 40)),
        (ANTHROPIC_COSTS, "anthropic", "claude-haiku-4-5", Billed(cost_pico=50_000_000_001)),
    ],
)
@pytest.mark.parametrize("written", ["as it is", "with a mark", "with Windows' line ends", "in capitals"])
def test_exports_are_read_by_their_columns(export: str, vendor: str, model: str, billed: Billed, written: str) -> None:
    header, _, lines = export.partition("\n")
    changed = {
        "as it is": export,
        "with a mark": "\ufeff" + export,
        "with Windows' line ends": export.replace("\n", "\r\n"),
        "in capitals": f"{header.upper()}\n{lines}",
    }[written]

    bill = read_bill(changed, "export.csv")

    assert (bill.vendor, bill.first) == (vendor, DAY)
    assert bill.lines[DAY, model] == billed


@pytest.mark.parametrize(
    ("export", "complaint"),
    [
        ("a,b\n1,2\n", "has not the columns"),
        ("", "has not the columns"),
        (OPENAI_COSTS.partition("\n")[0], "has no lines below its header"),
        (OPENAI_USAGE.replace(",50,", ",many,"), 'line 2 of export.csv: output_tokens must be a number, not "many"'),
        (
            OPENAI_USAGE.replace(",50,", ",5.5,"),
            'line 2 of export.csv: output_tokens must be a whole number, not "5.5"',
        ),
        (ANTHROPIC_COSTS.replace("0.05", "NaN"), 'line 2 of export.csv: cost_usd must be a number, not "NaN"'),
        (
            ANTHROPIC_USAGE.replace("2025-11-21", "soon"),
            'line 2 of export.csv: usage_date_utc must be a date, not "soon"',
        ),
        (OPENAI_COSTS.replace("usd", "eur"), 'line 2 of export.csv: amount_currency must be usd, not "eur"'),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(export: str, complaint: str) -> None:
    with pytest.raises(UserError) as raised:
        read_bill(export, "export.csv")

    assert complaint in raised.value.message


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gpt-4o-2024-08-06", "gpt-4o"),
        ("Claude Haiku 4.5", "claude-haiku-4-5-20251001"),
        ("claude-3-7-sonnet-latest", "claude-3-7-sonnet-20250219"),
    ],
)
def test_a_model_has_one_plain_name(one: str, other: str) -> None:
    assert plain_name(one) == plain_name(other)


async def test_agreement_and_difference_are_told_day_by_day(store: Store) -> None:
    usage = Usage(1010, 55, 800)
    await store.append_ledger(samples.row("a1", at_ms=NOON_MS, model=GPT, usage=usage))
    bill = read_bill(OPENAI_USAGE, "export.csv")

    agreed = reconciling.compare(store, bill, "openai")
    await store.append_ledger(samples.row("a2", at_ms=NOON_MS, model=GPT, usage=Usage(7, 0)))
    differing = reconciling.compare(store, bill, "openai")

    assert text(agreed, 80) == "openai, 2025-11-21 to 2025-11-22 in UTC: all 6 figures agree"
    assert [(each.day, each.figure, each.ours, each.theirs) for each in differing.differences] == [
        (DAY, "input_tokens", 1017, 1010)
    ]
    assert text(differing, 80).splitlines()[1].split() == [
        "2025-11-21", "gpt-4o", "input", "tokens", "1,017", "1,010", "-7",
    ]  # fmt: skip


async def test_what_only_one_side_knows_is_a_difference(store: Store) -> None:
    await store.append_ledger(samples.row("a1", None, at_ms=NOON_MS, model=ModelRef("openai", "o3")))

    found = reconciling.compare(store, read_bill(OPENAI_COSTS, "export.csv"), "openai")

    assert document(found)["differences"] == [
        {
            "date": "2025-11-21",
            "model": "gpt-4o",
            "what": "cost_usd",
            "ours": "0",
            "theirs": "0.00265",
            "unknown_requests": 0,
        }
    ]


async def test_a_correction_is_a_row_of_its_own_and_is_booked_once(store: Store) -> None:
    await store.append_ledger(samples.row("a1", 2_000_000_000, at_ms=NOON_MS, model=GPT))
    bill = read_bill(OPENAI_COSTS, "export.csv")

    before = reconciling.compare(store, bill, "openai")
    booked = [await reconciling.correct(store, before), await reconciling.correct(store, before)]

    assert booked == [1, 1]
    assert store.spent().cost_pico == 2_650_000_000
    (row,) = store.booked_by_day("openai", 0, 2 * NOON_MS)
    assert (row.cost_pico, row.lane) == (2_650_000_000, "economy")
    assert reconciling.compare(store, bill, "openai").differences == ()
    (cause,) = [group for group in store.totals(GroupBy.CAUSE).groups if group.key == "correction"]
    assert (cause.cost_pico, cause.turns) == (650_000_000, 0)


async def test_the_command_names_file_and_line(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    file.write_text(OPENAI_USAGE.replace(",50,", ",many,"))

    broken = await hawkmoth("cost", "reconcile", str(file))
    file.write_text(OPENAI_USAGE)
    empty = await hawkmoth("cost", "reconcile", str(file), "--json")

    assert broken.code == 2
    assert 'line 2 of usage.csv: output_tokens must be a number, not "many"' in broken.last_line
    assert empty.document["provider"] == "openai"
    assert len(empty.document["differences"]) == 3  # type: ignore[arg-type]  # a list
