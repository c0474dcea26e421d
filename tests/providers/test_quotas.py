"""What headers say is left, in every form that was recorded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.exchange import Allotment, Quota
from hawkmoth_tui.providers.quotas import LONGEST_RESET_S, quota_in

NOW = 1_769_000_000.0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {
                "x-ratelimit-remaining-requests": "9999",
                "x-ratelimit-limit-requests": "10000",
                "x-ratelimit-reset-requests": "6ms",
                "x-ratelimit-remaining-tokens": "100",
                "x-ratelimit-reset-tokens": "6m0s",
            },
            Quota(Allotment(9999, 10000, 0.006), Allotment(100, None, 360.0)),
        ),
        (
            {"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "1h43m40.8s"},
            Quota(Allotment(1, None, 6220.8)),
        ),
        (
            {
                "anthropic-ratelimit-requests-remaining": "49",
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-reset": "2026-01-21T12:53:50Z",
            },
            Quota(Allotment(49, 50, 30.0)),
        ),
        (
            {"x-ratelimit-remaining": "0", "x-ratelimit-limit": "2", "x-ratelimit-reset": "2"},
            Quota(Allotment(0, 2, 2.0)),
        ),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1769000012000"}, Quota(Allotment(0, None, 12.0))),
        ({"x-ratelimit-remaining-req-minute": "95"}, Quota(Allotment(95))),
        ({"x-ratelimit-remaining-tokens": "-1"}, None),
        ({"x-ratelimit-remaining-requests": "XXX"}, None),
        ({}, None),
    ],
)
def test_each_vendors_headers_are_read(headers: dict[str, str], expected: Quota | None) -> None:
    assert quota_in(headers, NOW) == expected


@given(st.text(max_size=40))
def test_no_reset_is_negative_or_beyond_belief(said: str) -> None:
    quota = quota_in({"x-ratelimit-remaining": "1", "x-ratelimit-reset": said}, NOW)

    assert quota is not None
    assert quota.requests is not None
    reset_s = quota.requests.reset_s
    assert reset_s is None or 0 <= reset_s <= LONGEST_RESET_S
