"""How models did, as people, programs and Prometheus read it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.performance import MetricsBy, Performance, Spread, Wins
from hawkmoth_tui.engine.metrics_document import metrics_document
from hawkmoth_tui.headless.exposition import exposition, write_textfile
from hawkmoth_tui.headless.metrics import text
from tests.headless.shell import MODEL, answer, configure, hawkmoth
from tests.servers.scripted import ScriptedServer

if TYPE_CHECKING:
    from pathlib import Path

LINE = Performance(
    provider="lab",
    model="lab/small/model",
    task="coding",
    requests=1234,
    retries=5,
    fallbacks=2,
    errors={"Overloaded": 1, "RateLimited": 3},
    duration_ms=Spread(1230, 4000.0, 3000.0, 9000.0, 21_000.0),
    ttft_ms=Spread(1230, 700.0, 400.0, 1200.0, 3000.0),
    route_us=Spread(1000, 900.0, 800.0, 1500.0, 4000.0),
    tokens_per_s=87.5,
    input_tokens=1000,
    cached_tokens=250,
    output_tokens=500,
    cost_pico=420_000_000_001,
    unknown=3,
    wins=Wins(300, 100),
)
NEW = replace(
    LINE, model='lab/odd "name"\\', task="", duration_ms=None, ttft_ms=None, route_us=None, tokens_per_s=None,
    errors={}, input_tokens=0, cached_tokens=0, wins=Wins(),
)  # fmt: skip


def test_every_table_fits_eighty_cells_and_names_the_errors() -> None:
    shown = text(MetricsBy.MODEL, [replace(LINE, task=""), NEW], 80)

    assert max(map(len, shown.splitlines())) <= 80
    assert shown.splitlines()[1].split()[1:] == ["1,234", "4", "0.4/1.2", "3.0/9.0/21", "88", "75%", "$0.42", "+?"]
    assert shown.splitlines()[-1] == "failed with: Overloaded 1, RateLimited 3"


def test_models_that_differ_at_their_end_are_told_apart_on_narrow_screens() -> None:
    names = [f"together/meta-llama/Llama-3.3-70B-Instruct-{end}" for end in ("Turbo", "Lite")]

    lines = text(MetricsBy.MODEL, [replace(LINE, model=name, task="") for name in names], 80).splitlines()

    assert [line.split()[0] for line in lines[1:3]] == ["together…truct-Turbo", "together…struct-Lite"]


def test_a_wide_table_shows_retries_fallbacks_cache_and_router() -> None:
    heading, line, *_ = text(MetricsBy.EACH, [LINE], 160).splitlines()

    assert heading.split()[:2] == ["MODEL,", "TASK"]
    assert line.split()[:6] == ["lab/small/model,", "coding", "1,234", "4", "5", "2"]
    assert "25%" in line
    assert "0.8 ms" in line


def test_the_document_has_null_for_what_nobody_measured() -> None:
    lines = metrics_document({MetricsBy.EACH: [NEW]}, None, 1000)["each"]

    assert isinstance(lines, list)
    (line,) = lines
    assert isinstance(line, dict)
    unknown = ("task", "latency_ms", "ttft_ms", "router_ms", "tokens_per_s", "cache_share", "win_rate")
    assert [line[name] for name in unknown] == [None] * len(unknown)
    assert line["cost_usd"] == "0.420000000001"


def test_prometheus_gets_base_units_and_escaped_labels() -> None:
    lines = exposition([LINE, NEW]).splitlines()

    labels = 'provider="lab",model="small/model",task="coding"'
    assert f"hawkmoth_requests_total{{{labels}}} 1234" in lines
    assert f"hawkmoth_cost_usd_total{{{labels}}} 0.420000000001" in lines
    assert f'hawkmoth_errors_total{{{labels},kind="RateLimited"}} 3' in lines
    assert f'hawkmoth_request_duration_seconds{{{labels},quantile="0.95"}} 9.0' in lines
    assert f"hawkmoth_request_duration_seconds_sum{{{labels}}} 4920.0" in lines
    assert f"hawkmoth_request_duration_seconds_count{{{labels}}} 1230" in lines
    assert r'hawkmoth_requests_total{provider="lab",model="odd \"name\"\\",task=""} 1234' in lines


def test_promtool_has_nothing_to_say() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is not here: it comes with Debian's package prometheus")

    for written in (exposition([LINE, NEW]), exposition([])):
        checked = subprocess.run(
            [promtool, "check", "metrics"], input=written.encode(), capture_output=True, check=False
        )

        assert (checked.returncode, checked.stdout + checked.stderr) == (0, b"")


def test_a_textfile_is_replaced_whole_and_anybody_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "hawkmoth.prom"
    file.write_text("old")

    write_textfile(str(file), exposition([LINE]))

    assert file.read_text() == exposition([LINE])
    assert file.stat().st_mode & 0o777 == 0o644
    assert list(tmp_path.glob("*hawkmoth.prom*")) == [file]
    with pytest.raises(UserError, match="cannot be written"):
        write_textfile(str(tmp_path / "none" / "hawkmoth.prom"), "")


async def test_what_was_asked_is_measured(home: Path) -> None:
    async with ScriptedServer(answer=lambda _: answer("fine")) as server:
        configure(home, server.url)
        await hawkmoth("ask", "--model", MODEL, "write a function that sorts a list in Python")

    done = await hawkmoth("metrics", "--json", "--since", "1h")
    table = await hawkmoth("metrics")

    (line,) = json.loads(done.out)["model"]
    assert (line["model"], line["requests"], line["failed"], line["cost_usd"]) == (MODEL, 1, 0, "0.000168")
    assert line["latency_ms"]["count"] == line["ttft_ms"]["count"] == line["router_ms"]["count"] == 1
    assert [heading.split()[0] for heading in table.text.split("\n\n")] == ["MODEL", "PROVIDER", "TASK", "FIRST:"]
