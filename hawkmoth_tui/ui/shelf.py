"""The models as the picker lists them: what each costs and can do, how it has behaved, and what the user has had of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.counts import short_count
from hawkmoth_tui.core.models import LOCAL_LANE
from hawkmoth_tui.core.money import money_text, pico
from hawkmoth_tui.ui.columns import Column, fitting_columns, table_line, title_line
from hawkmoth_tui.ui.lines import EMPTY, MUTED, fitting, named, words
from hawkmoth_tui.ui.times import when
from hawkmoth_tui.ui.widgets.picklist import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from decimal import Decimal

    from textual.content import Content

    from hawkmoth_tui.core.models import Model, ModelRef
    from hawkmoth_tui.core.summaries import ModelUse
    from hawkmoth_tui.engine.models import Models
    from hawkmoth_tui.engine.outlook import Reread

AUTO = "auto"
"""Key of the row that hands the session back to the router."""
LEAST_NAME_CELLS = 24
ROUND_FROM_USD = 100
"""From so much per million tokens on, cents say nothing."""
COLUMNS = (
    Column("lane", 9, 4, is_number=False),
    Column("in", 6, 1),
    Column("out", 6, 1),
    Column("window", 6, 2),
    Column("tok/s", 5, 6),
    Column("health", 8, 3, is_number=False),
    Column("last used", 10, 5),
    Column("uses", 4, 7),
)


class Shelf:
    """Every known model, and what is to be said about it."""

    def __init__(
        self,
        models: Models,
        uses: Iterable[ModelUse],
        *,
        pinned: ModelRef | None,
        once: ModelRef | None,
        reread: Callable[[ModelRef], Reread | None],
        now_s: float,
        slots: Sequence[str] = (),
    ) -> None:
        """`slots` are the models of the user's own list, in their order."""
        self._models = models
        self._uses = {use.model: use for use in uses}
        self._pinned = pinned
        self._once = once
        self._reread = reread
        self._now_s = now_s
        self._slots = slots
        self._usable: set[str] = set()
        self._by_key: dict[str, Model] = {}

    def rows(self) -> list[Row]:
        """From the catalogue as it is now: `auto`, then the models that can be used, then the others; each by last use, lane and name."""
        self._usable = {status.name for status in self._models.providers() if status.is_usable}

        def order(model: Model) -> tuple[bool, int, str, str]:
            use = self._uses.get(model.ref)
            return model.ref.provider not in self._usable, -use.last_at_ms if use else 0, model.lane, str(model.ref)

        listed = sorted((model for model in self._models.all() if not model.is_facts), key=order)
        self._by_key = {str(model.ref): model for model in listed}
        return [Row(AUTO, AUTO, self._auto), *(self._row(model) for model in listed)]

    def is_usable(self, key: str) -> bool:
        """Whether the row stands for something that can answer now, as far as keys were looked for."""
        model = self._by_key.get(key)
        return model is None or model.ref.provider in self._usable

    @staticmethod
    def head(width: int) -> Content:
        """The names of the columns."""
        return title_line("    model", COLUMNS, width, LEAST_NAME_CELLS)

    def details(self, key: str, width: int) -> list[Content]:
        """Three lines about one row: the model, who prices it and the use that was made of it, what a change to it costs."""
        model = self._by_key.get(key)
        if model is None:
            text = "the router chooses for each prompt, and says why" if key == AUTO else ""
            return [words((text, MUTED)), EMPTY, EMPTY]
        dot = words((" · ", MUTED))
        facts = [words((text, MUTED)) for text in self._facts(model) if text]
        record = [words((text, MUTED)) for text in self._record(model) if text]
        return [fitting(facts, width, dot), fitting(record, width, dot), reread_line(self._reread(model.ref))]

    def _auto(self, width: int) -> Content:
        return self._mark(self._pinned is None, is_once=False) + words(
            ("auto", "bold $route"), ("  the router chooses", MUTED)
        )

    def _row(self, model: Model) -> Row:
        return Row(str(model.ref), f"{model.ref} {model.lane}".lower(), lambda width: self._line(model, width))

    def _line(self, model: Model, width: int) -> Content:
        is_usable = model.ref.provider in self._usable
        columns = fitting_columns(COLUMNS, width, LEAST_NAME_CELLS)
        room = width - sum(column.cells + 2 for column in columns) - 2
        name = named(model.ref, room, "$foreground" if is_usable else MUTED)
        mark = self._mark(model.ref == self._pinned, is_once=model.ref == self._once)
        return table_line(mark + name, self._cells(model, is_usable=is_usable), columns, width)

    def _cells(self, model: Model, *, is_usable: bool) -> dict[str, tuple[str, str]]:
        use, speed = self._uses.get(model.ref), self._speed(model)
        health = self._health(model, is_usable=is_usable)
        price_in, price_out = _prices(model)
        return {
            "lane": (model.lane, MUTED),
            "in": (price_in, "$cost"),
            "out": (price_out, "$cost"),
            "window": (short_count(model.context_tokens), "$foreground"),
            "tok/s": (f"{speed:.0f}" if speed else "?", "$foreground"),
            "health": (health, MUTED if health in ("ok", "?") else "$warning"),
            "last used": (when(use.last_at_ms, self._now_s) if use else "–", MUTED),
            "uses": (f"{use.turns:,}" if use else "–", MUTED),
        }

    def _health(self, model: Model, *, is_usable: bool) -> str:
        if not is_usable:
            return "no key" if self._models.key_problem(model.ref) else "?"
        health = self._models.health(model.ref)
        return health.replace("failures in a row", "failed").replace("failure in a row", "failed")

    def _speed(self, model: Model) -> float | None:
        """Of this run, else of earlier ones. None: not measured."""
        use = self._uses.get(model.ref)
        return self._models.health_of(model.ref).tokens_per_s or (use.tokens_per_s if use else None)

    def _facts(self, model: Model) -> list[str]:
        prices = model.prices
        price_in, price_out = _prices(model)
        cached = prices.cached_input_usd_per_mtok if prices else None
        skills = ", ".join(sorted(str(skill) for skill in model.capabilities))
        return [
            model.lane,
            f"{price_in} in, {price_out} out per million tokens",
            f"{_usd(cached)} cached" if cached is not None else "",
            f"window {short_count(model.context_tokens)}",
            f"writes {short_count(model.max_output_tokens)}",
            skills,
        ]

    def _record(self, model: Model) -> list[str]:
        use, speed = self._uses.get(model.ref), self._speed(model)
        problem = self._models.key_problem(model.ref)
        source = f"price from {model.prices.source} {model.prices.as_of}".rstrip() if model.prices else ""
        if problem:
            return [problem, source]
        taken = self._taken(model)
        if use is None:
            return [taken, self._models.health(model.ref), source, "not used yet"]
        turns = "1 turn" if use.turns == 1 else f"{use.turns:,} turns"
        return [
            taken,
            self._models.health(model.ref),
            source,
            f"answered in {turns}, last {when(use.last_at_ms, self._now_s)}",
            f"{speed:.0f} tok/s" if speed else "speed not measured",
        ]

    def _taken(self, model: Model) -> str:
        """Whether the user chose it, and for how long; else its slot."""
        if model.ref == self._once:
            return "taken for the next turn only"
        if model.ref == self._pinned:
            return "pinned for this session"
        return f"slot {self._slots.index(str(model.ref)) + 1}" if str(model.ref) in self._slots else ""

    def _mark(self, is_pinned: bool, *, is_once: bool) -> Content:
        return words(("1 " if is_once else "● " if is_pinned else "  ", "$route"))


def reread_line(reread: Reread | None) -> Content:
    """What a change to a model costs; empty when it costs nothing that is known of."""
    return words((f"a change {reread}", "$warning")) if reread else EMPTY


def _prices(model: Model) -> tuple[str, str]:
    """USD per million tokens, in and out."""
    if model.prices is None:
        return ("free", "free") if model.lane == LOCAL_LANE else ("?", "?")
    return _usd(model.prices.input_usd_per_mtok), _usd(model.prices.output_usd_per_mtok)


def _usd(price: Decimal) -> str:
    return (money_text(pico(price)) if price < ROUND_FROM_USD else f"${price:,.0f}") if price else "free"
