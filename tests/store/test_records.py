"""Saved then loaded equals folded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from hawkmoth_tui.core.messages import Image, Text, user
from hawkmoth_tui.core.turn import Attempt, Turn
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.store import records, routes
from hawkmoth_tui.store.records import (
    TurnColumns,
    decode_message,
    decode_turn,
    encode_message,
    encode_turn,
    storable,
)
from tests.store import samples, strategies

if TYPE_CHECKING:
    from hawkmoth_tui.core.route import Route
    from hawkmoth_tui.core.session import Generation


def loaded(turn: Turn) -> Turn:
    prompt, record = encode_message(turn.prompt), encode_turn(turn)
    blobs = {**prompt.blobs, **record.blobs}
    columns = TurnColumns(
        turn.id, turn.session_id, turn.parent_id, turn.kind, turn.state, turn.created_at_ms, turn.ended_at_ms
    )
    route = routes.decode_route(routes.encode_route(turn.route))
    return decode_turn(columns, decode_message(prompt.text, blobs.__getitem__), record.text, route, blobs.__getitem__)


@given(strategies.turns)
def test_a_turn_comes_back_as_it_was(turn: Turn) -> None:
    assert loaded(turn) == turn


@given(strategies.routes)
def test_a_route_comes_back_with_every_vote(route: Route) -> None:
    assert routes.decode_route(routes.encode_route(route)) == route


@given(strategies.generations)
def test_generation_overrides_come_back(generation: Generation) -> None:
    assert records.decode_generation(records.encode_generation(generation)) == generation


def test_a_decimal_keeps_its_digits() -> None:
    usage = Usage(1, 2, reported_cost_usd=Decimal("0.00001230"))
    turn = replace(samples.turn(), attempts=(Attempt("a1", samples.SMALL, 1000, usage=usage),))

    (again,) = loaded(turn).attempts

    assert again.usage is not None
    assert str(again.usage.reported_cost_usd) == "0.00001230"


def test_a_picture_is_not_in_the_record() -> None:
    picture = Image("image/png", b"\x89PNG" * 100, "moth.png")

    record = encode_message(user("what is this?", picture, picture))

    assert list(record.blobs.values()) == [picture.data]
    assert len(record.text) < 500


@pytest.mark.parametrize(
    ("text", "kept"),
    [("plain \0 ☕", "plain \0 ☕"), ("\ud83e\udd8b", "🦋"), ("cut \ud83e", "cut �"), ("\udd8b!", "�!")],
)
def test_surrogates_are_joined_or_replaced(text: str, kept: str) -> None:
    assert storable(text) == kept
    assert loaded(replace(samples.turn(), answer=(Text(text),))).answer == (Text(kept),)
