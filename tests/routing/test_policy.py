"""The five policies: named, frozen, addressed by their content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.routing.policy import POLICIES, canonical, policy
from hawkmoth_tui.routing.rules import RULES
from hawkmoth_tui.routing.tasks import Task
from hawkmoth_tui.settings.schema import PolicyName


def test_every_policy_of_the_settings_exists() -> None:
    assert set(POLICIES) == {name.value for name in PolicyName}
    assert all(policy(name).name == name for name in PolicyName)


def test_the_digest_is_that_of_the_canonical_text() -> None:
    text = canonical(policy("balanced"))

    assert policy("balanced").sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))


def test_equal_content_has_one_digest_and_any_change_another() -> None:
    base = policy("balanced")

    same = replace(base, weights=tuple(base.weights))
    others = [replace(base, name="mine"), replace(base, weights=(("cost", 2.0),)), replace(base, floors=())]

    assert same.sha256 == base.sha256
    assert len({base.sha256, *(other.sha256 for other in others), *(made.sha256 for made in POLICIES.values())}) == 8


def test_only_known_rules_are_weighed_and_every_task_has_a_floor() -> None:
    for made in POLICIES.values():
        assert dict(made.weights).keys() <= RULES.keys()
        assert dict(made.floors).keys() == {task.value for task in Task}


def test_an_unnamed_task_takes_the_floor_of_the_unknown() -> None:
    assert replace(policy("balanced"), floors=(("unknown", 0.4),)).floor(Task.MATH) == 0.4


def test_an_unknown_policy_offers_the_nearest() -> None:
    with pytest.raises(UserError, match="'balansed'") as caught:
        policy("balansed")

    assert caught.value.hint == "choose balanced"
