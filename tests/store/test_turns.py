"""Turns: what is stored when, and that it is the folded turn."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import SessionNotFound
from hawkmoth_tui.core.events import TextDelta, ToolCallReceived
from hawkmoth_tui.core.messages import Image, Text, ToolCall, user
from hawkmoth_tui.core.turn import Attempt, Turn, TurnKind, TurnState, advance
from hawkmoth_tui.store.owner import this_process
from hawkmoth_tui.store.store import Store
from tests.store import samples, strategies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hawkmoth_tui.store.journal import JournalEvent


def in_memory() -> Store:
    return Store.open(None, owner=this_process(), clock_ms=lambda: 5000)


async def flushed(store: Store) -> None:
    """Everything journalled before is committed: an order waits for the group before it."""
    await store.save_draft("flush", "x")


async def test_a_started_turn_is_stored_with_its_prompt_and_becomes_the_head(any_store: Store) -> None:
    await any_store.create_session(samples.session())

    await any_store.start_turn(samples.turn(prompt="what is a hawkmoth?"))

    assert any_store.turn("t1") == samples.turn(prompt="what is a hawkmoth?")
    session = any_store.session("s1")
    assert session is not None
    assert session.head_turn_id == "t1"
    assert any_store.history() == ("what is a hawkmoth?",)


async def test_a_live_turn_is_read_with_what_was_journalled(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn())

    any_store.journal("t1", TextDelta("a fast "))
    any_store.journal("t1", TextDelta("moth"))
    await flushed(any_store)

    turn = any_store.turn("t1")
    assert turn is not None
    assert (turn.text, turn.state) == ("a fast moth", TurnState.STREAMING)


async def test_progress_keeps_the_journal_and_counts_nothing_twice(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn())
    any_store.journal("t1", TextDelta("half "))
    attempt = Attempt("a1", samples.SMALL, 1000)

    await any_store.save_turn(
        replace(samples.turn(), state=TurnState.STREAMING, attempts=(attempt,), answer=(Text("half "),))
    )
    any_store.journal("t1", TextDelta("done"))
    await flushed(any_store)

    turn = any_store.turn("t1")
    assert turn is not None
    assert (turn.text, turn.attempts) == ("half done", (attempt,))


async def test_a_finished_turn_is_whole_and_its_journal_is_gone(store: Store, path: Path) -> None:
    await store.create_session(samples.session())
    await store.start_turn(samples.turn())
    store.journal("t1", TextDelta("a moth"))
    done = replace(samples.turn(), state=TurnState.DONE, answer=(Text("a moth"),), finish_reason="stop", ended_at_ms=7)

    await store.finish_turn(done)

    assert store.turn("t1") == done
    with apsw.Connection(str(path)) as connection:
        assert list(connection.execute("SELECT count(*) FROM turn_chunk")) == [(0,)]


async def test_a_turn_whose_start_failed_can_still_be_finished(any_store: Store) -> None:
    done = replace(samples.turn(), state=TurnState.DONE, answer=(Text("kept"),))
    with pytest.raises(SessionNotFound):
        await any_store.start_turn(samples.turn())
    any_store.journal("t1", TextDelta("kept"))
    await any_store.create_session(samples.session())

    await any_store.finish_turn(done)

    assert any_store.turns("s1") == (done,)


async def test_everything_is_there_after_reopening(reopen: Callable[[], Store]) -> None:
    store = reopen()
    await store.create_session(samples.session(title="Moths"))
    done = replace(samples.turn(), state=TurnState.DONE, answer=(Text("a moth"),))
    await store.start_turn(samples.turn())
    await store.finish_turn(done)

    again = reopen()

    assert again.branch("s1") == (done,)
    assert again.history() == ("hello",)


async def test_the_branch_runs_from_the_root_to_the_head_and_leaves_siblings_out(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    first, second = samples.turn("t1"), samples.turn("t2", parent="t1")
    sibling = replace(samples.turn("t3", parent="t1"), kind=TurnKind.RETRY)
    last = samples.turn("t4", parent="t3")
    for turn in (first, second, sibling, last):
        await any_store.start_turn(turn)

    assert any_store.branch("s1") == (first, sibling, last)
    assert any_store.branch("s1", newest=2) == (sibling, last)
    assert any_store.ancestors("t2") == (second, first)
    assert any_store.ancestors("t4", newest=1) == (last,)
    assert any_store.turns("s1") == (first, second, sibling, last)
    assert any_store.branch("nobody") == any_store.ancestors("nobody") == ()


async def test_a_circle_of_parents_ends(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn("t1", parent="t2"))
    await any_store.start_turn(samples.turn("t2", parent="t1"))

    assert len(any_store.branch("s1")) == 2


async def test_a_picture_is_stored_once(store: Store, path: Path) -> None:
    picture = Image("image/png", b"\x89PNG" * 1000)
    await store.create_session(samples.session())
    for turn_id in ("t1", "t2", "t3"):
        await store.start_turn(replace(samples.turn(turn_id), prompt=user("look", picture)))

    assert [turn.prompt.parts[1] for turn in store.turns("s1")] == [picture] * 3
    with apsw.Connection(str(path)) as connection:
        assert list(connection.execute("SELECT length(data) FROM blob")) == [(4000,)]
        assert list(connection.execute("SELECT count(*) FROM turn_blob")) == [(3,)]


async def test_one_bad_record_hides_no_others(store: Store, path: Path) -> None:
    await store.create_session(samples.session())
    for number in range(3):
        await store.start_turn(samples.turn(f"t{number}", parent=f"t{number - 1}" if number else None))
    with apsw.Connection(str(path)) as connection:
        connection.execute("UPDATE turn SET record = '{\"nonsense' WHERE id = 't1'")

    first, bad, last = store.branch("s1")

    assert (first.prompt, last.prompt) == (user("hello"), user("hello"))
    assert (bad.id, bad.state, bad.error and bad.error.type) == ("t1", TurnState.FAILED, "Corrupt")


async def test_a_retry_adds_nothing_to_the_history_and_an_edit_does(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn("t1", "first"))
    await any_store.start_turn(replace(samples.turn("t2", "first"), kind=TurnKind.RETRY))
    await any_store.start_turn(replace(samples.turn("t3", "go on"), kind=TurnKind.CONTINUE))
    await any_store.start_turn(replace(samples.turn("t4", "second"), kind=TurnKind.EDIT))

    assert any_store.history() == ("second", "first")
    assert any_store.sessions()[0].preview == "second"


async def test_attachments_are_not_in_the_history(any_store: Store) -> None:
    await any_store.create_session(samples.session())

    await any_store.start_turn(replace(samples.turn(), prompt=user("explain this", Text("a whole file"))))

    assert any_store.history() == ("explain this",)
    assert any_store.sessions()[0].preview == "explain this"


async def test_a_tool_call_survives_the_journal(any_store: Store) -> None:
    await any_store.create_session(samples.session())
    await any_store.start_turn(samples.turn())
    call = ToolCall("c1", "look", '{"at": "moth"')

    any_store.journal("t1", ToolCallReceived(call))
    await flushed(any_store)

    turn = any_store.turn("t1")
    assert turn is not None
    assert turn.tool_calls == (call,)


@given(strategies.turns)
def test_saved_then_loaded_equals_folded(turn: Turn) -> None:
    async def save() -> None:
        await store.create_session(samples.session())
        await store.finish_turn(turn)

    store = in_memory()
    asyncio.run(save())

    assert store.turn("t1") == turn
    store.close()


@given(st.lists(strategies.deltas, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_journalled_then_loaded_equals_folded_however_it_is_grouped(
    deltas: list[JournalEvent], cuts: list[bool]
) -> None:
    async def save() -> None:
        await store.create_session(samples.session())
        await store.start_turn(samples.turn())
        for delta, is_cut in zip(deltas, cuts, strict=False):
            store.journal("t1", delta)
            if is_cut:
                await flushed(store)
        await flushed(store)

    store, folded = in_memory(), samples.turn()
    for delta in deltas:
        folded = advance(folded, delta)
    asyncio.run(save())

    turn = store.turn("t1")
    assert turn is not None
    assert turn.answer == folded.answer
    store.close()
