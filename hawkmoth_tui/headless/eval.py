"""`hawkmoth eval`: what is to be measured, and the figures in words. The measuring itself is done a layer beside this one."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.choice import EvalChoice
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit
from hawkmoth_tui.headless.tables import Column, Give, output_width, paints, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.engine.document import Json

Found: TypeAlias = "Mapping[str, Json]"

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)

COLUMNS = (
    Column("SUITE", gives=Give.FIRST),
    *(
        Column(title, is_number=True)
        for title in (
            "ROWS",
            "APGR",
            "95 %",
            "CPT50",
            "CPT80",
            "LENGTH",
            "RULES",
            "ORACLE",
            "SAVES",
            "UNROUTED",
            "AIQ",
            "ECE",
        )
    ),
)


@click.command("eval")
@click.argument("data", metavar="DATA", type=_FILE)
@click.option(
    "--train", "train", metavar="FILE", type=_FILE, multiple=True, help="Fit on these rows; more files may follow."
)
@click.argument("more", metavar="[FILE]...", nargs=-1, type=_FILE)
@click.option(
    "--export-predictions",
    "export",
    metavar="OUT",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write them, one per line.",
)
@click.option(
    "--leave-out",
    type=click.Choice(["suite", "family"]),
    default=None,
    help="Judge each suite by weights that never saw it, or its family.",
)
@click.option(
    "--boot",
    metavar="N",
    type=click.IntRange(0, 10_000),
    default=200,
    show_default=True,
    help="Draws for the confidence intervals.",
)
@as_json()
def command(
    data: Path,
    train: tuple[Path, ...],
    more: tuple[Path, ...],
    export: Path | None,
    leave_out: str | None,
    boot: int,
    is_json: bool,
) -> EvalChoice:
    """Measure the router on recorded outcomes: one JSON object per line with id, suite, task, prompt and models.

    Without --train the shipped weights are measured. --train takes one or more files: `--train one.jsonl two.jsonl.gz`.
    """
    if more and not train:
        raise click.UsageError("one file is measured at a time; files to fit on come after --train")
    return EvalChoice(data, (*train, *more), export, leave_out or "", boot, is_json)


def tell(document: Found, choice: EvalChoice) -> None:
    """The figures, as they were asked for."""
    if choice.is_json:
        emit(dumps(_finite(dict(document)), indent=1) + "\n")
    else:
        emit(text(document, output_width(), is_painted=paints()) + "\n")


def text(document: Found, width: int, *, is_painted: bool = False) -> str:
    """The figures for people."""
    suites, errors = _part(document, "suites"), _part(document, "calibration")
    rows = [_row(name, _part(suites, name), errors) for name in suites]
    return table(COLUMNS, rows, width, is_painted=is_painted) + "\n\n" + "\n".join(_lines(document))


def _row(name: str, suite: Found, errors: Found) -> tuple[str, ...]:
    pair, pool, others = _part(suite, "pair"), _part(suite, "pool"), _part(suite, "baselines")
    ends = suite.get("APGR_ci")
    interval = f"{_plain(ends[0])}–{_plain(ends[1])}" if isinstance(ends, list | tuple) else ""
    return (
        name, str(suite["n"]), _plain(pair.get("APGR")), interval, _share(pair.get("CPT50")), _share(pair.get("CPT80")),
        _plain(others.get("length")), _plain(others.get("rules")), _plain(others.get("oracle")),
        _share(pool.get("psav95")), _share(pool.get("zsav95")), _plain(pool.get("AIQ")), _plain(errors.get(name)),
    )  # fmt: skip


def _lines(document: Found) -> list[str]:
    worst, means = _part(document, "worst"), _part(document, "macro_baselines")
    noise, speed, replay = _part(document, "noise"), _part(document, "speed"), _part(document, "replay")
    trained = document["trained_on"]
    quality = (
        f"mean APGR {_plain(document['macro_APGR'])} · worst {worst['suite']} {_plain(worst['APGR'])} · random {_plain(means['random'])}"
        f" · length {_plain(means['length'])} · rules {_plain(means['rules'])} · oracle {_plain(means['oracle'])}"
    )
    time = (
        f"CPU p95 {_plain(speed['p95_ms_2000'])} ms at 2,000 characters, {_plain(speed['p95_ms_20000'])} ms at 20,000"
        f" · weights {document['weights_bytes']:,} bytes"
    )
    money = (
        f"replay: dearest of {_whole(replay['conversations'])} conversations {_plain(replay['dearest'])} × staying"
        f" · {_whole(replay['over'])} above 1.02"
    )
    return [
        quality,
        f"calibration (ECE) {_plain(_part(document, 'calibration').get('all'))} over all rows that look like a known task",
        f"choices that flip: typos {_share(noise['typos'])} · case {_share(noise['case'])} · spaces {_share(noise['spaces'])}",
        time,
        money,
        f"{document['rows']:,} rows · " + (f"fitted on {trained:,} rows" if trained else "the shipped weights"),
        "SAVES: cost saved at 95 % of the best single model's quality; UNROUTED: the same by mixing fixed models",
    ]


def _part(document: Found, key: str) -> Found:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _plain(value: Json) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) and math.isfinite(value) else "–"


def _share(value: Json) -> str:
    return f"{value:.1%}" if isinstance(value, int | float) and math.isfinite(value) else "–"


def _whole(value: Json) -> str:
    return f"{value:,.0f}" if isinstance(value, int | float) else "–"


def _finite(value: Json) -> Json:
    """JSON knows no number for what cannot be said: null instead."""
    if isinstance(value, dict):
        return {key: _finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
