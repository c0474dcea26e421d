"""Which sessions are open."""

from __future__ import annotations

from hawkmoth_tui.ui.tabs import Badge, Tabs


def opened(*ids: str) -> Tabs:
    tabs = Tabs()
    for session_id in ids:
        tabs.show(session_id, session_id.upper())
    return tabs


def ids(tabs: Tabs) -> list[str]:
    return [tab.session_id for tab in tabs.tabs]


def test_sessions_stay_in_the_order_in_which_they_were_opened() -> None:
    tabs = opened("a", "b", "c", "a")

    assert ids(tabs) == ["a", "b", "c"]
    assert tabs.current is not None
    assert tabs.current.session_id == "a"


def test_a_new_session_becomes_the_one_of_its_first_prompt() -> None:
    tabs = opened("a", "")
    tabs.show("b", "B")

    assert ids(tabs) == ["a", "b"]


def test_an_empty_session_that_was_left_is_closed() -> None:
    assert ids(opened("a", "", "a")) == ["a"]


def test_a_session_that_is_looked_at_loses_its_badge() -> None:
    tabs = opened("a", "b")
    tabs.mark("a", Badge.ANSWERED)
    before = tabs.tabs[0]

    tabs.show("a", "A")

    assert before.badge is Badge.ANSWERED
    assert tabs.tabs[0].badge is Badge.QUIET


def test_neighbours_go_round() -> None:
    tabs = opened("a", "b", "c")

    following, before = tabs.neighbour(1), tabs.neighbour(-1)

    assert following is not None
    assert following.session_id == "a"
    assert before is not None
    assert before.session_id == "b"
    assert opened("a").neighbour(1) is None


def test_closing_shows_the_one_beside_it() -> None:
    tabs = opened("a", "b", "c", "b")

    left = tabs.close()

    assert left is not None
    assert left.session_id == "c"
    assert ids(tabs) == ["a", "c"]
    assert opened("a").close() is None
