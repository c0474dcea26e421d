"""How the cost pane is drawn: what this turn, session, day and month cost, and what routing saved against a named model."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.ui.lines import EMPTY, MUTED, STRONG, fitting, spread, words, wrapped
from hawkmoth_tui.ui.panes.cost import LABEL_CELLS

if TYPE_CHECKING:
    from textual.content import Content

    from hawkmoth_tui.core.turn import Turn
    from hawkmoth_tui.engine.costs import CostSummary


def cost_lines(
    turn: Turn | None,
    summary: CostSummary,
    width: int,
    *,
    warn_at: Decimal,
    is_simulated: bool,
    tells_limits: bool = True,
) -> list[Content]:
    """The whole pane; `tells_limits` leaves a line for each limit that is nearly reached."""
    title = words(("Cost", STRONG), *((("  simulated money", "bold $warning"),) if is_simulated else ()))
    saved = turn.saved_pico if turn and not turn.state.is_live else None
    limits = summary.limits if tells_limits else ()
    return [
        spread(title, words(("saved", MUTED)), width),
        _row("turn", turn_cost(turn), saved, width),
        *(_sum_row(each, width) for each in _sums(summary)),
        *_against(summary.baseline, width),
        *(line for limit in limits for line in _limit(*limit, warn_at, width)),
    ]


def cost_line(turn: Turn | None, summary: CostSummary, width: int, *, warn_at: Decimal) -> Content:
    """The pane folded to one line."""
    full = [name for name, used, limit in summary.limits if _share(used, limit) >= warn_at]
    session, today, month = _sums(summary)
    segments = [
        words(("turn ", MUTED)) + turn_cost(turn),
        *([words((f"! {' and '.join(full)} budget", "bold $warning"))] if full else []),
        words(("session ", MUTED)) + session.spent(),
        words(("today ", MUTED)) + today.spent(),
        *([words(("saved ", MUTED)) + signed(summary.saved_today_pico)] if summary.baseline else []),
        words(("month ", MUTED)) + month.spent(),
    ]
    return fitting(segments, width, words((" · ", MUTED)))


def turn_cost(turn: Turn | None) -> Content:
    """What the turn cost: expected with `~` while it runs, `?` when the price is unknown, `–` before there is summary."""
    if turn is None or (not turn.attempts and not turn.state.is_live):
        return words(("–", MUTED))
    if turn.state.is_live:
        candidate = turn.route.candidate(turn.model) if turn.route and turn.model else None
        expected = candidate.expected_cost_pico if candidate else None
        return words((money_text(expected, estimated=True), "$cost"))
    return words((money_text(turn.cost_pico, estimated=turn.usage.estimated), "bold $cost"))


class Sum(NamedTuple):
    """One row of sums."""

    label: str
    pico: int
    unknown: int
    """Turns of unknown price, which the sum leaves out."""
    is_estimate: bool
    saved_pico: int | None

    def spent(self, *, is_brief: bool = False) -> Content:
        """A sum that leaves unknown prices out says so: `≥ $0.42 + 3 unknown`, in brief `≥ $0.42 + 3 ?`; an estimate has a `~`."""
        amount = money_text(self.pico, estimated=self.is_estimate)
        if not self.unknown:
            return words((amount, "$cost"))
        missing = f" + {self.unknown} {'?' if is_brief else 'unknown'}"
        return words((f"≥ {amount}", "$cost"), (missing, "$warning"))


def signed(saved_pico: int | None) -> Content:
    """A saving with its sign; `–` when one of both figures is unknown."""
    if saved_pico is None:
        return words(("–", MUTED))
    text = ("+" if saved_pico > 0 else "") + money_text(saved_pico)
    return words((text, "$error" if saved_pico < 0 else "$success" if saved_pico else MUTED))


def _sums(summary: CostSummary) -> tuple[Sum, Sum, Sum]:
    def row(label: str, pico: int, unknown: int, is_estimate: bool, saved_pico: int) -> Sum:
        return Sum(label, pico, unknown, is_estimate, saved_pico if summary.baseline else None)

    return (
        row(
            "session",
            summary.session_pico,
            summary.unknown_session,
            summary.is_estimate_session,
            summary.saved_session_pico,
        ),
        row("today", summary.today_pico, summary.unknown_today, summary.is_estimate_today, summary.saved_today_pico),
        row("month", summary.month_pico, summary.unknown_month, summary.is_estimate_month, summary.saved_month_pico),
    )


def _sum_row(each: Sum, width: int) -> Content:
    """A sum whose count of unknown prices is never cut off."""
    room = width - LABEL_CELLS - signed(each.saved_pico).cell_length - 1
    spent = each.spent()
    if spent.cell_length > room:
        spent = each.spent(is_brief=True)
    return _row(each.label, spent, each.saved_pico, width)


def _row(label: str, spent: Content, saved_pico: int | None, width: int) -> Content:
    return spread(words((label.ljust(LABEL_CELLS), MUTED)) + spent, signed(saved_pico), width)


def _against(baseline: str, width: int) -> list[Content]:
    if not baseline:
        return wrapped("savings need a model of known price to compare with", MUTED, width, most=2)
    return wrapped(f"saved against {baseline}", MUTED, width, most=2)


def _limit(name: str, used_pico: int, limit_pico: int, warn_at: Decimal, width: int) -> list[Content]:
    share = _share(used_pico, limit_pico)
    if share < warn_at:
        return []
    text = f"{share:.0%} of the {name} budget of {money_text(limit_pico)} is used"
    return [EMPTY, *wrapped(f"! {text}", "bold $error" if share >= 1 else "bold $warning", width, most=2)]


def _share(used_pico: int, limit_pico: int) -> Decimal:
    return Decimal(used_pico) / Decimal(limit_pico) if limit_pico > 0 else Decimal(1)
