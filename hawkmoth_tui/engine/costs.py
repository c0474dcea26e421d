"""Money spent, as the front ends read it: totals from the ledger, nothing kept here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.facts import NOTHING, Purse
from hawkmoth_tui.core.summaries import GroupBy, Spent
from hawkmoth_tui.engine.budget import day_start_ms, limits_now, limits_of, limits_of_all, month_start_ms
from hawkmoth_tui.routing.rules import Room

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.models import Model
    from hawkmoth_tui.core.summaries import Charge, CostTotals
    from hawkmoth_tui.engine.bills import Bill
    from hawkmoth_tui.engine.reconciling import Comparison
    from hawkmoth_tui.settings.schema import BudgetSettings
    from hawkmoth_tui.store.rows import Limit
    from hawkmoth_tui.store.store import Store


@dataclass(frozen=True, slots=True)
class CostSummary:
    """What the cost pane shows beyond the turn. `unknown_*` counts attempts of unknown price that the sums leave out."""

    session_pico: int
    today_pico: int
    month_pico: int
    unknown_session: int
    unknown_today: int
    unknown_month: int
    saved_session_pico: int
    saved_today_pico: int
    saved_month_pico: int
    """Signed; only over attempts where both figures are known."""
    baseline: str
    """The model that savings are measured against; empty when none is known."""
    limits: tuple[tuple[str, int, int], ...]
    """(name, used, limit) in pico-dollars of the limits that are set."""
    is_estimate_session: bool = False
    is_estimate_today: bool = False
    is_estimate_month: bool = False
    """Whether a part of the sum stands on tokens that we counted ourselves."""


class Costs:
    """Sums over the ledger."""

    def __init__(
        self,
        store: Callable[[], Store],
        budget: BudgetSettings,
        baseline: Callable[[], str],
        clock_ms: Callable[[], int],
    ) -> None:
        self._store = store
        self._budget = budget
        self._baseline = baseline
        self._clock_ms = clock_ms

    @property
    def baseline(self) -> str:
        """The model that savings are measured against; empty when none is known."""
        return self._baseline()

    def summary(self, session_id: str | None) -> CostSummary:
        """Session, today and this month; the session's part is zero when there is none yet."""
        now = self._clock_ms()
        store = self._store()
        session = store.spent(0, session_id) if session_id else Spent(0, 0, 0, 0, 0)
        today, month = store.spent(day_start_ms(now)), store.spent(month_start_ms(now))
        used: dict[str, Spent] = {"session": session, "day": today, "month": month}
        return CostSummary(
            session_pico=session.cost_pico,
            today_pico=today.cost_pico,
            month_pico=month.cost_pico,
            unknown_session=session.unknown_turns,
            unknown_today=today.unknown_turns,
            unknown_month=month.unknown_turns,
            saved_session_pico=session.saved_pico,
            saved_today_pico=today.saved_pico,
            saved_month_pico=month.saved_pico,
            is_estimate_session=session.is_estimate,
            is_estimate_today=today.is_estimate,
            is_estimate_month=month.is_estimate,
            baseline=self._baseline(),
            limits=(
                *(
                    (limit.name, used[limit.name].cost_pico, limit.limit_pico)
                    for limit in limits_now(self._budget, session_id, now)
                ),
                *(
                    (limit.name, store.spent_within(limit), limit.limit_pico)
                    for limit in limits_of_all(self._budget, now)
                ),
            ),
        )

    def purse(self, session_id: str | None) -> Purse:
        """All sums at once, with how much of them could be compared with the baseline."""
        now = self._clock_ms()
        store = self._store()
        return Purse(
            session=store.spent(0, session_id) if session_id else NOTHING,
            today=store.spent(day_start_ms(now)),
            month=store.spent(month_start_ms(now)),
            ever=store.spent(0),
            baseline=self._baseline(),
        )

    def left_pico(self, session_id: str | None) -> int | None:
        """What the tightest limit leaves, by what is booked. None: no limit is set."""
        store, limits = self._store(), limits_now(self._budget, session_id, self._clock_ms())
        return min(
            (limit.limit_pico - store.spent(limit.since_ms, limit.session_id).cost_pico for limit in limits),
            default=None,
        )

    def rooms(self, budget: BudgetSettings) -> Callable[[Model], Room | None]:
        """What the tightest limit of each model's provider and lane leaves, by what is booked. None: neither has one."""
        if not (budget.providers or budget.lanes):
            return lambda _: None
        now, store = self._clock_ms(), self._store()
        lefts: dict[Limit, int] = {}

        def room(model: Model) -> Room | None:
            for limit in (limits := limits_of(budget, model, now)):
                if limit not in lefts:
                    lefts[limit] = limit.limit_pico - store.spent_within(limit)
            tightest = min(limits, key=lambda limit: lefts[limit], default=None)
            return Room(tightest.name, tightest.limit_pico, lefts[tightest]) if tightest else None

        return room

    def compare(self, bill: Bill, provider: str) -> Comparison:
        """A provider's own export beside what is booked for it in the days that it covers."""
        from hawkmoth_tui.engine import reconciling

        return reconciling.compare(self._store(), bill, provider)

    async def correct(self, comparison: Comparison) -> int:
        """Book what the costs differ by, as rows of their own; how many."""
        from hawkmoth_tui.engine import reconciling

        return await reconciling.correct(self._store(), comparison)

    def totals(self, by: str, since_ms: int | None = None, until_ms: int | None = None) -> CostTotals:
        """Groups by a `GroupBy`, in local time; the bounds include `since`, not `until`."""
        return self._store().totals(GroupBy(by), since_ms, until_ms)

    def charges(
        self, by: GroupBy, key: str, since_ms: int | None, until_ms: int | None, most: int
    ) -> tuple[Charge, ...]:
        """The turns behind one group of the totals, newest first, at most so many. Reads: call it in a thread."""
        return self._store().charges(by, key, since_ms, until_ms, most)
