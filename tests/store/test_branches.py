"""Siblings in the store: found at once, shown as they were left, and the last step taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Text
from hawkmoth_tui.core.turn import TurnKind, TurnState
from hawkmoth_tui.store import branches
from hawkmoth_tui.store.store import Store
from tests.store import samples

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.core.session import Session


async def say(store: Store, turn_id: str, parent: str | None, kind: TurnKind = TurnKind.PROMPT) -> None:
    turn = replace(samples.turn(turn_id, parent=parent), kind=kind)
    await store.start_turn(turn)
    await store.finish_turn(replace(turn, state=TurnState.DONE, answer=(Text("answer"),), ended_at_ms=2000))


async def grow(store: Store) -> None:
    """a, b, c; b asked again as d, which e follows."""
    await store.create_session(samples.session())
    await say(store, "a", None)
    await say(store, "b", "a")
    await say(store, "c", "b")
    await say(store, "d", "a", TurnKind.RETRY)
    await say(store, "e", "d")


def shown(store: Store) -> list[str]:
    return [turn.id for turn in store.branch("s1")]


async def test_siblings_have_standings_and_all_others_none(any_store: Store) -> None:
    await grow(any_store)

    told = any_store.standings("s1")

    assert {turn_id: str(standing) for turn_id, standing in told.items()} == {"b": "1/2", "d": "2/2"}
    assert any_store.family("s1", None) == ("a",)
    assert any_store.standings_after("s1", ["a", None, "a"]) == told
    assert any_store.standings_after("s1", ["b", None]) == {}


async def test_a_sibling_is_shown_with_what_was_last_shown_below_it(any_store: Store) -> None:
    await grow(any_store)
    await any_store.show_sibling("d", 1)
    assert shown(any_store) == ["a", "b", "c"]
    await say(any_store, "f", "b", TurnKind.EDIT)

    there = await any_store.show_sibling("f", -1)
    back = await any_store.show_sibling("b", 1)
    again = await any_store.show_sibling("d", 1)

    assert [turn.id for turn in there.turns] == ["c"]
    assert [turn.id for turn in back.turns] == ["d", "e"]
    assert [turn.id for turn in again.turns] == ["b", "c"]
    assert again.session.head_turn_id == "c"


async def test_the_first_prompt_has_siblings_of_its_own(any_store: Store) -> None:
    await grow(any_store)
    await say(any_store, "z", None, TurnKind.EDIT)

    moved = await any_store.show_sibling("z", 1)

    assert [turn.id for turn in moved.turns] == ["a", "d", "e"]
    assert str(any_store.standings("s1")["z"]) == "2/2"


@pytest.mark.parametrize("shown_head", [None, "z", "e"])
async def test_a_move_is_the_same_whether_the_branch_is_known_or_not(any_store: Store, shown_head: str | None) -> None:
    await grow(any_store)
    await say(any_store, "z", None, TurnKind.EDIT)

    there = await any_store.show_sibling("z", 1, shown_head)
    _, back = await any_store.undo("s1")
    _, again = await any_store.undo("s1")

    assert (there.first, back.first, again.first) == ("a", "z", "a")
    assert shown(any_store) == ["a", "d", "e"]


async def test_of_a_long_branch_that_is_shown_again_only_its_place_is_told(
    any_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(branches, "MOST_READ", 2)
    await grow(any_store)
    await say(any_store, "z", None, TurnKind.EDIT)

    moved = await any_store.show_sibling("z", 1)

    assert (moved.first, moved.turns, moved.session.head_turn_id) == ("a", (), "e")


async def test_a_turn_without_siblings_moves_nothing(any_store: Store) -> None:
    await grow(any_store)

    with pytest.raises(UserError, match="one version"):
        await any_store.show_sibling("a", 1)


async def test_nothing_moves_while_an_answer_is_running(any_store: Store) -> None:
    await grow(any_store)
    await any_store.start_turn(samples.turn("live", parent="e"))

    with pytest.raises(UserError, match="still running"):
        await any_store.show_sibling("d", 1)

    assert shown(any_store) == ["a", "d", "e", "live"]


async def test_asking_again_is_undone_and_done_again(any_store: Store) -> None:
    await grow(any_store)
    await say(any_store, "g", "d", TurnKind.RETRY)

    undone, moved = await any_store.undo("s1")
    assert (undone.said, undone.is_again, shown(any_store)) == ("asking again", False, ["a", "d", "e"])
    assert [turn.id for turn in moved.turns] == ["e"]
    again, _ = await any_store.undo("s1")

    assert again.is_again
    assert shown(any_store) == ["a", "d", "g"]


async def test_a_move_is_undone_in_another_process_later(reopen: Callable[[], Store]) -> None:
    store = reopen()
    await grow(store)
    await store.show_sibling("d", 1)
    store = reopen()

    await store.undo("s1")

    assert shown(store) == ["a", "d", "e"]


async def test_a_title_and_tags_are_undone_together_when_they_were_changed_together(any_store: Store) -> None:
    await grow(any_store)

    def tagged(session: Session) -> Session:
        return replace(session, title="other", tags=("work", "moths"), is_on_top=True)

    changed = await any_store.change_undoably("s1", "tags", tagged)
    assert any_store.session("s1") == changed
    _, moved = await any_store.undo("s1")

    assert (moved.session.title, moved.session.tags, moved.session.is_on_top) == ("", (), False)
    assert moved.turns == ()


async def test_a_prompt_that_goes_on_ends_what_can_be_undone(any_store: Store) -> None:
    await grow(any_store)

    with pytest.raises(UserError, match="nothing was done here"):
        await any_store.undo("s1")


async def test_what_a_session_is_called_by_outlives_a_store_in_memory(store: Store) -> None:
    memory = Store.open(None, owner=store.owner, clock_ms=lambda: 1)
    await grow(memory)
    await memory.change_undoably("s1", "tags", lambda session: replace(session, tags=("work",), is_archived=True))

    await memory.bring_to(store)
    memory.close()
    await store.undo("s1")

    assert store.session("s1") == replace(samples.session(head_turn_id="e"), updated_at_ms=1)
    await store.undo("s1")
    brought = store.session("s1")
    assert brought is not None
    assert (brought.tags, brought.is_archived) == (("work",), True)


async def test_purging_a_session_takes_what_could_be_undone_with_it(store: Store) -> None:
    await grow(store)
    await store.show_sibling("d", 1)

    await store.purge(["s1"])

    assert store.draft("s1/undo") == ""
