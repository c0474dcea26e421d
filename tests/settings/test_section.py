"""Frozen records: they behave as frozen dataclasses do, and show no value that is not to be shown."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, field, fields, replace

import pytest

from hawkmoth_tui.settings.section import Section


class Lamp(Section):
    watts: int
    colour: str = "warm"
    secret: str = field(default="", repr=False)


class Moth(Section):
    watts: int
    colour: str = "warm"
    secret: str = ""


def test_it_is_made_with_its_defaults_and_changed_by_replacing_it() -> None:
    lamp = Lamp(40)
    assert (lamp.watts, lamp.colour) == (40, "warm")
    assert replace(lamp, colour="cold") == Lamp(40, "cold")
    assert [item.name for item in fields(lamp)] == ["watts", "colour", "secret"]


def test_it_never_changes() -> None:
    lamp = Lamp(40)
    for name, value in (("watts", 60), ("colour", "cold"), ("unknown", 1)):
        with pytest.raises(FrozenInstanceError):
            setattr(lamp, name, value)
    with pytest.raises(FrozenInstanceError):
        del lamp.watts
    assert lamp == Lamp(40)


def test_it_equals_what_is_of_its_kind_and_has_its_values() -> None:
    assert Lamp(40) == Lamp(40, "warm")
    assert Lamp(40) != Lamp(60)
    assert Lamp(40) != Moth(40)
    assert hash(Lamp(40)) == hash(Lamp(40, "warm"))


def test_its_repr_shows_every_value_but_those_that_are_not_to_be_shown() -> None:
    assert repr(Lamp(40, secret="never")) == "Lamp(watts=40, colour='warm')"
