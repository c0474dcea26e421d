"""[budget.providers.NAME] and [budget.lanes.NAME]: limits by name, as strictly read as every other setting."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.settings.load import load
from hawkmoth_tui.settings.schema import Allotment

if TYPE_CHECKING:
    from pathlib import Path

    from hawkmoth_tui.settings.schema import BudgetSettings


def budget(home: Path, text: str) -> BudgetSettings:
    (home / "config.toml").write_text(text)
    return load({"HAWKMOTH_HOME": str(home)}).settings.budget


def test_limits_stand_under_the_names_of_providers_and_lanes(home: Path) -> None:
    read = budget(home, '[budget.providers."lab 2"]\nday_usd = "2"\n[budget.lanes.premium]\nmonth_usd = 10\n')

    assert read.providers == {"lab 2": Allotment(day_usd=Decimal(2))}
    assert read.lanes == {"premium": Allotment(month_usd=Decimal(10))}


def test_a_variable_gives_them_as_toml_writes_them(home: Path) -> None:
    env = {"HAWKMOTH_HOME": str(home), "HAWKMOTH_BUDGET__LANES": '{premium = {day_usd = "0.5"}}'}

    assert load(env).settings.budget.lanes == {"premium": Allotment(day_usd=Decimal("0.5"))}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[budget.providers]\nlab = "5"\n', "line 2: budget.providers.lab must be a table"),
        ('[budget.providers.lab]\nday = "5"\n', "line 2: budget.providers.lab.day is not a setting"),
        ("[budget]\nlanes = 3\n", "line 2: budget.lanes must be a table of tables, not 3"),
        ('[budget.lanes.x]\nday_usd = "-1"\n', 'line 2: budget.lanes.x.day_usd must be 0 or more, in USD, not "-1"'),
    ],
)
def test_a_mistake_is_named_by_its_line(home: Path, text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as raised:
        budget(home, text)

    assert complaint in raised.value.message
