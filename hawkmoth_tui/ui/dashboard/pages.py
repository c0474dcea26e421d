"""How the pages of the dashboard are drawn: charts, the rows below them with their numbers, and what is known of the highlighted row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.money import money_text, sum_text
from hawkmoth_tui.engine.chronicle import Span
from hawkmoth_tui.ui.columns import Column, fitting_columns, table_line, title_line
from hawkmoth_tui.ui.dashboard import charts
from hawkmoth_tui.ui.dashboard.figures import PAGES, Page
from hawkmoth_tui.ui.dashboard.words import (
    PICO_PER_USD,
    group_name,
    quantiles,
    seconds_name,
    share_name,
    slot_label,
    slot_name,
    turns_name,
    usd_name,
)
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, cut, fitting, spread, words, wrapped
from hawkmoth_tui.ui.panes.cost_lines import signed
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.content import Content

    from hawkmoth_tui.core.performance import Performance
    from hawkmoth_tui.core.summaries import Compared, CostGroup, CostTotals
    from hawkmoth_tui.engine.chronicle import Slot
    from hawkmoth_tui.ui.dashboard.figures import Figures

LEAST_NAME = 14
LEAST_BAR = 6
SLOT_COLUMNS = (
    Column("cost", 14, 0),
    Column("turns", 7, 1),
    Column("tokens in", 12, 3),
    Column("out", 11, 4),
    Column("saved", 10, 2),
)
SAVED_COLUMNS = (Column("baseline", 12, 2), Column("actual", 12, 1), Column("saved", 12, 0))
SPEED_COLUMNS = (
    Column("asked", 6, 2),
    Column("failed", 6, 4),
    Column("first", 8, 1),
    Column("whole", 12, 0),
    Column("tok/s", 5, 3),
    Column("won", 4, 5),
    Column("cached", 6, 6),
)
COST_CELLS, SHARE_CELLS, TURNS_CELLS = 13, 5, 7


def tabs(page: Page, width: int) -> Content:
    """Every page with its key, the one on the screen told apart; in little room only that one."""
    named = [(f"{number} {each.value}", each is page) for number, each in enumerate(PAGES, 1)]
    whole = words(
        *(part for name, is_here in named for part in ((name, _tab_style(is_here=is_here)), ("  ", "")))
    ).rstrip()
    if whole.cell_length <= width:
        return whole
    place = f"{PAGES.index(page) + 1} of {len(PAGES)}"
    return spread(words(("‹ ", MUTED), (page.value, "bold $route"), (" ›", MUTED)), words((place, MUTED)), width)


def _tab_style(*, is_here: bool) -> str:
    return "bold underline $route" if is_here else MUTED


def total_line(figures: Figures, baseline: str, width: int) -> Content:
    """The span, and everything in it: `30 days · $12.34 in 1,204 turns · saved +$3.20 against lab/large`."""
    totals, between = figures.totals, words((" · ", MUTED))
    turns = sum(slot.group.turns for slot in figures.slots) or sum(group.turns for group in totals.groups)
    beside = [
        words((turns_name(turns), "$foreground")),
        *([words(("saved ", MUTED)) + signed(totals.compared.saved_pico)] if totals.compared.count else []),
        *([words((f"against {baseline}", MUTED))] if totals.compared.count and baseline else []),
    ]
    span = words((figures.span.value, STRONG))
    variants = _known(totals)
    whole = (known for known in variants if between.join([span, known, *beside[:2]]).cell_length <= width)
    return fitting([span, next(whole, variants[-1]), *beside], width, between)


def _known(totals: CostTotals) -> list[Content]:
    """The sum in full words, and in fewer for less room; what has no known price is never left out."""
    known, unknown = words((money_text(totals.total_pico), "bold $cost")), totals.unknown_turns
    if not unknown:
        return [known]
    missing = (f" + {turns_name(unknown)} of unknown price", f" + {unknown:,} unknown", f" + {unknown:,} ?")
    return [words(("≥ ", "bold $cost")) + known + words((each, "$warning")) for each in missing]


def empty_lines(span: Span, width: int) -> list[Content]:
    """Nothing was booked: what one sees instead, and what to do."""
    when = {Span.TODAY: "today", Span.EVER: "yet"}.get(span, f"in the last {span.value}")
    hint = "Every answer is booked as it ends." if span is Span.EVER else "t looks at another time."
    return [
        EMPTY,
        *wrapped(f"Nothing was asked {when}, so nothing was spent.", "$foreground", width),
        *wrapped(hint, MUTED, width),
    ]


def chart(figures: Figures, width: int, height: int, here: str) -> list[Content]:
    """The chart of the page, whose highlighted row is `here`; nothing where there is no room, or the rows are the chart."""
    if height < charts.LEAST_ROWS or figures.is_empty:
        return []
    by, slots = figures.span.by, figures.slots
    place = next((number for number, slot in enumerate(slots) if slot.group.key == here), None)
    match figures.page:
        case Page.NOW | Page.SPEND:
            marks = [charts.Mark(slot_label(slot, by), slot.group.cost_pico / PICO_PER_USD) for slot in slots]
            return charts.bars(
                marks, width, height, usd_name, here=place, colours=(charts.COST, charts.COST, charts.ROUTE)
            )
        case Page.SAVED:
            saved = [charts.Mark(slot_label(slot, by), slot.group.compared.saved_pico / PICO_PER_USD) for slot in slots]
            return charts.bars(
                saved, width, height, usd_name, here=place, colours=(charts.SUCCESS, charts.ERROR, charts.HERE)
            )
        case Page.SPEED:
            return _speed_chart(figures, width, height, here)
        case Page.MODELS | Page.LANES | Page.TASKS | Page.SESSIONS:
            return []


def _speed_chart(figures: Figures, width: int, height: int, model: str) -> list[Content]:
    """How long whole answers of the highlighted model took, in each slot."""
    known = {pace.slot.since_ms: pace.performances.get(model) for pace in figures.paces}
    stacks = []
    for slot in figures.slots:
        line = known.get(slot.since_ms)
        took = line.duration_ms if line else None
        stacks.append((slot_label(slot, figures.span.by), (took.p50, took.p95, took.p99) if took else (0.0, 0.0, 0.0)))
    legend = words(
        ("whole answers   ", MUTED),
        *(
            part
            for (shade, _), name, style in zip(
                charts.SHADES, ("median", "95 %", "99 %"), ("$route", "$cost", MUTED), strict=True
            )
            for part in ((f"{shade} ", style), (f"{name}   ", "$foreground"))
        ),
    )
    return [cut(legend, width), *charts.stacks(stacks, width, height - 1, seconds_name, here=None)]


def head(figures: Figures, width: int) -> list[Content]:
    """The names of the columns."""
    if figures.is_empty:
        return [EMPTY]
    match figures.page:
        case Page.SPEND:
            return [title_line(f"  {figures.by.value}", SLOT_COLUMNS, width, LEAST_NAME)]
        case Page.SAVED:
            return [title_line(f"  {figures.by.value}", SAVED_COLUMNS, width, LEAST_NAME)]
        case Page.SPEED:
            return [title_line("  model", SPEED_COLUMNS, width, LEAST_NAME)]
        case Page.NOW:
            return []
        case Page.MODELS | Page.LANES | Page.TASKS | Page.SESSIONS:
            name = words((f"  {figures.by.value}", MUTED))
            return [spread(name, words((_group_figures("share", "turns", "cost", width - 2), MUTED)), width)]


def rows(figures: Figures) -> list[Row]:
    """One for each bar, the newest or the dearest first. The key is that of the group."""
    match figures.page:
        case Page.NOW:
            return []
        case Page.SPEND:
            return [_slot_row(slot, figures, SLOT_COLUMNS) for slot in reversed(figures.slots)]
        case Page.SAVED:
            return [_slot_row(slot, figures, SAVED_COLUMNS) for slot in reversed(figures.slots)]
        case Page.SPEED:
            return [Row(line.model, "", _speed_draw(line)) for line in figures.performances]
        case Page.MODELS | Page.LANES | Page.TASKS | Page.SESSIONS:
            most = max((group.cost_pico for group in figures.totals.groups), default=0)
            return [
                Row(group.key, "", _group_draw(group, most, figures.totals.total_pico))
                for group in figures.totals.groups
            ]


def _slot_row(slot: Slot, figures: Figures, columns: tuple[Column, ...]) -> Row:
    group, compared = slot.group, slot.group.compared
    is_compared = bool(compared.count)
    cells = {
        "cost": (sum_text(group.cost_pico, group.unknown_turns), "$cost" if group.turns else MUTED),
        "turns": (f"{group.turns:,}" if group.turns else "–", "$foreground" if group.turns else MUTED),
        "tokens in": (f"{group.input_tokens:,}" if group.turns else "", MUTED),
        "out": (f"{group.output_tokens:,}" if group.turns else "", MUTED),
        "baseline": (
            money_text(compared.baseline_pico) if is_compared else "–",
            "$foreground" if is_compared else MUTED,
        ),
        "actual": (money_text(compared.actual_pico) if is_compared else "–", "$cost" if is_compared else MUTED),
        "saved": _saved_cell(compared),
    }
    name = words((slot_name(slot, figures.span.by), "$foreground" if group.turns else MUTED))
    return Row(group.key, "", lambda width: table_line(name, cells, fitting_columns(columns, width, LEAST_NAME), width))


def _saved_cell(compared: Compared) -> tuple[str, str]:
    if not compared.count:
        return "–", MUTED
    saved = compared.saved_pico
    style = "$error" if saved < 0 else "$success" if saved else MUTED
    return ("+" if saved > 0 else "") + money_text(saved), style


def _group_draw(group: CostGroup, most: int, total: int) -> Callable[[int], Content]:
    share = max(0, group.cost_pico) / most if most > 0 else 0.0
    of_all = f"{group.cost_pico / total:.0%}" if total > 0 else "–"

    def draw(width: int) -> Content:
        figures = _group_figures(of_all, f"{group.turns:,}", sum_text(group.cost_pico, group.unknown_turns), width)
        name_cells, bar_cells = _name_and_bar(width)
        name = cut(words((group_name(group.key, group.label), "$foreground")), name_cells)
        name += words((" " * (name_cells - name.cell_length), ""))
        drawn = words((f" {charts.bar(share, bar_cells)} ", "$route")) if bar_cells else EMPTY
        beside = figures[: len(figures) - COST_CELLS]
        return name + drawn + words((beside, "$foreground"), (figures[len(beside) :], "$cost"))

    return draw


def _group_figures(share: str, turns: str, cost: str, width: int) -> str:
    """The numbers at the right edge; in little room only the cost."""
    if width < LEAST_NAME + SHARE_CELLS + TURNS_CELLS + COST_CELLS:
        return cost.rjust(COST_CELLS)
    return share.rjust(SHARE_CELLS) + turns.rjust(TURNS_CELLS) + cost.rjust(COST_CELLS)


def _name_and_bar(width: int) -> tuple[int, int]:
    """Cells for the name and for the bar of a row."""
    room = width - len(_group_figures("", "", "", width))
    name = max(LEAST_NAME, min(36, room // 2))
    bar = room - name - 2
    return (name, bar) if bar >= LEAST_BAR else (room, 0)


def _speed_draw(line: Performance) -> Callable[[int], Content]:
    cells = {
        "asked": (f"{line.requests:,}", "$foreground"),
        "failed": (f"{line.failed:,}" if line.failed else "–", "$error" if line.failed else MUTED),
        "first": (quantiles(line.ttft_ms, "p50", "p95"), "$foreground"),
        "whole": (quantiles(line.duration_ms, "p50", "p95", "p99"), "$route"),
        "tok/s": ("–" if line.tokens_per_s is None else f"{line.tokens_per_s:.0f}", "$foreground"),
        "won": (share_name(line.wins.rate), "$foreground"),
        "cached": (share_name(line.cache_share), MUTED),
    }
    name = words((line.model, "$foreground"))
    return lambda width: table_line(name, cells, fitting_columns(SPEED_COLUMNS, width, LEAST_NAME), width)


def detail(figures: Figures, key: str, width: int) -> Content:
    """More about the highlighted row, on one line."""
    if figures.page is Page.SPEED:
        line = next((each for each in figures.performances if each.model == key), None)
        return _speed_detail(line, width) if line else EMPTY
    groups = [slot.group for slot in figures.slots] or figures.totals.groups
    group = next((each for each in groups if each.key == key), None)
    if group is None:
        return EMPTY
    compared = group.compared
    segments = [
        words((f"{group.input_tokens:,} in · {group.output_tokens:,} out", MUTED)),
        *([words((f"{turns_name(group.unknown_turns)} of unknown price", "$warning"))] if group.unknown_turns else []),
        *(
            [
                words((f"baseline {money_text(compared.baseline_pico)} − {money_text(compared.actual_pico)} = ", MUTED))
                + signed(compared.saved_pico)
            ]
            if compared.count
            else []
        ),
    ]
    return fitting(segments, width, words((" · ", MUTED)))


def _speed_detail(line: Performance, width: int) -> Content:
    said = [
        f"mean: first {quantiles(line.ttft_ms, 'mean')} s, whole {quantiles(line.duration_ms, 'mean')} s",
        f"{line.retries:,} retried, {line.fallbacks:,} fell back",
        *(f"{kind} {count:,}" for kind, count in line.errors.items()),
    ]
    return fitting([words((each, MUTED)) for each in said], width, words((" · ", MUTED)))
