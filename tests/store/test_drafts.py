"""Drafts and the history of what was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.store import drafts

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from hawkmoth_tui.store.store import Store


async def test_each_composer_has_its_draft_and_it_survives(reopen: Callable[[], Store]) -> None:
    store = reopen()
    await store.save_draft("", "for a new session")
    await store.save_draft("s1", "half a")
    await store.save_draft("s1", "half a thought \ud83e\n\0")

    again = reopen()

    assert (again.draft(""), again.draft("s1"), again.draft("s2")) == ("for a new session", "half a thought �\n\0", "")


async def test_an_empty_draft_is_forgotten(any_store: Store) -> None:
    await any_store.save_draft("s1", "something")

    await any_store.save_draft("s1", "")

    assert any_store.draft("s1") == ""


async def test_the_history_is_newest_first_without_repetitions_and_blanks(any_store: Store) -> None:
    for line in ("first", "second", "second", " \n", "first"):
        await any_store.add_history(line)

    assert any_store.history() == ("first", "second", "first")
    assert any_store.history(limit=1) == ("first",)


async def test_a_giant_prompt_is_not_recalled(any_store: Store) -> None:
    await any_store.add_history("x" * 65_537)

    assert any_store.history() == ()


async def test_the_history_does_not_grow_for_ever(any_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "HISTORY_ENTRIES", 3)

    for number in range(10):
        await any_store.add_history(str(number))

    assert any_store.history() == ("9", "8", "7")
