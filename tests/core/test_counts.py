"""Counts in few characters."""

from __future__ import annotations

import pytest

from hawkmoth_tui.core.counts import short_count


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (None, "?"),
        (0, "0"),
        (847, "847"),
        (8_192, "8.2k"),
        (8_000, "8k"),
        (9_990, "10k"),
        (131_072, "131k"),
        (999_499, "999k"),
        (999_600, "1M"),
        (1_048_576, "1M"),
        (2_500_000, "2.5M"),
    ],
)
def test_a_count_is_short_and_near(count: int | None, shown: str) -> None:
    assert short_count(count) == shown
