"""Learned token factors: changed where they stand, kept over a restart."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.store.rows import TokenFactor
from tests.store.samples import SMALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from hawkmoth_tui.store.store import Store

OTHER = ModelRef("lab", "other")


def one_more(before: TokenFactor | None) -> TokenFactor:
    return TokenFactor(SMALL, "o200k", 1.25, before.samples + 1 if before else 1, 7)


def always(factor: TokenFactor) -> Callable[[TokenFactor | None], TokenFactor]:
    return lambda _: factor


async def test_a_factor_survives(reopen: Callable[[], Store]) -> None:
    stored = await reopen().change_token_factor(SMALL, "o200k", one_more)

    assert stored == TokenFactor(SMALL, "o200k", 1.25, 1, 7)
    assert reopen().token_factors() == (stored,)


async def test_each_model_and_way_of_counting_has_its_own(any_store: Store) -> None:
    first = TokenFactor(SMALL, "o200k", 1.5, 1, 7)

    for factor in (first, replace(first, basis="estimate", factor=1.1), replace(first, model=OTHER, factor=0.8)):
        await any_store.change_token_factor(factor.model, factor.basis, always(factor))

    found = {(each.model, each.basis): each.factor for each in any_store.token_factors()}
    assert found == {(SMALL, "o200k"): 1.5, (SMALL, "estimate"): 1.1, (OTHER, "o200k"): 0.8}


async def test_nothing_is_changed_when_nothing_was_learned(any_store: Store) -> None:
    assert await any_store.change_token_factor(SMALL, "o200k", lambda _: None) is None
    stored = await any_store.change_token_factor(SMALL, "o200k", one_more)

    assert await any_store.change_token_factor(SMALL, "o200k", lambda _: None) == stored
    assert any_store.token_factors() == (stored,)


async def test_no_report_is_lost_when_many_come_at_once(any_store: Store) -> None:
    await asyncio.gather(*(any_store.change_token_factor(SMALL, "o200k", one_more) for _ in range(20)))

    assert [factor.samples for factor in any_store.token_factors()] == [20]
