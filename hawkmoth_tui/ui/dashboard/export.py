"""What a page shows as files: one for spreadsheets, one for programs."""

from __future__ import annotations

import asyncio
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.performance import MetricsBy
from hawkmoth_tui.engine.cost_document import cost_csv, cost_document
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.engine.exporting import write_new
from hawkmoth_tui.engine.metrics_document import metrics_csv, metrics_document
from hawkmoth_tui.ui.dashboard.figures import Page

if TYPE_CHECKING:
    from hawkmoth_tui.ui.dashboard.figures import Figures


async def write_figures(figures: Figures, baseline: str) -> str:
    """Write both files into the current folder; what to tell. Raises UserError."""
    stem = f"hawkmoth-{figures.page.value}-{figures.span.value}-{date.today()}".lower().replace(" ", "-")
    paths = _free(Path.cwd(), stem)
    for path, text in zip(paths, _texts(figures, baseline), strict=True):
        await asyncio.to_thread(write_new, path, text)
    return f"saved {paths[0].name} and {paths[1].suffix} in {paths[0].parent}"


def _texts(figures: Figures, baseline: str) -> tuple[str, str]:
    if figures.page is Page.SPEED:
        document = metrics_document({MetricsBy.MODEL: figures.performances}, figures.since_ms, None)
        return metrics_csv(figures.performances), dumps(document, indent=1) + "\n"
    totals = figures.totals
    return cost_csv(totals), dumps({"span": figures.span.value, **cost_document(totals, baseline)}, indent=1) + "\n"


def _free(folder: Path, stem: str) -> tuple[Path, Path]:
    """Two names that nothing has yet."""
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        paths = folder / f"{name}.csv", folder / f"{name}.json"
        if not any(path.exists() for path in paths):
            break
    return paths
