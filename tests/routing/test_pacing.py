"""A burst waits where the server said it would refuse, and never longer than somebody would sit there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.exchange import Allotment, Quota
from hawkmoth_tui.routing.pacing import LONGEST_WAIT_S, Pace, after_sending, wait_s

NOW = 100.0
counts = st.integers(0, 10**6)


def paced(requests: Allotment | None = None, tokens: Allotment | None = None) -> Pace:
    return Pace(Quota(requests, tokens), NOW)


def test_what_is_left_is_sent_at_once() -> None:
    assert wait_s(paced(Allotment(1, 10, 5.0), Allotment(500, 1000, 5.0)), 500, NOW) == 0


def test_what_is_used_up_waits_until_it_is_full_again() -> None:
    pace = paced(Allotment(0, 10, 5.0))

    assert wait_s(pace, 1, NOW) == 5
    assert wait_s(pace, 1, NOW + 3) == 2
    assert wait_s(pace, 1, NOW + 6) == 0


def test_requests_on_their_way_count() -> None:
    pace = after_sending(paced(Allotment(1, 10, 5.0), Allotment(1000, 1000, 8.0)), 600)

    assert wait_s(pace, 1, NOW) == 5
    assert wait_s(pace, 600, NOW) == 8


def test_a_request_that_no_period_can_hold_is_left_to_the_server() -> None:
    assert wait_s(paced(None, Allotment(10, 100, 5.0)), 101, NOW) == 0


def test_without_a_reset_nobody_waits() -> None:
    assert wait_s(paced(Allotment(0, 10)), 1, NOW) == 0


@given(counts, counts, st.floats(0, 10**6), counts, st.floats(0, 10**6))
def test_a_wait_is_never_negative_and_never_long(
    left: int, limit: int, reset_s: float, tokens: int, since_s: float
) -> None:
    allotment = Allotment(left, limit, reset_s)

    assert 0 <= wait_s(paced(allotment, allotment), tokens, NOW + since_s) <= LONGEST_WAIT_S
