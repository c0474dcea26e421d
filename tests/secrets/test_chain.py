"""Where a key is looked for, and where it may go."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.chain import account_of, find_key
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS, KEY_VARIABLES, LOCAL_PROVIDER
from hawkmoth_tui.settings.masking import mask
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings
from tests.secrets.rings import ring

if TYPE_CHECKING:
    from hawkmoth_tui.secrets.keyring import Keyring

KEY = "sk-test-0123456789abcdef"
BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
TOGETHER = next(entry for entry in BUILTIN_PROVIDERS if entry.name == "together")

VENDORS = [entry for entry in BUILTIN_PROVIDERS if entry is not LOCAL_PROVIDER]

EMPTY = ring({})


def lab(base_url: str = "https://llm.example.com/v1", api_key: str | None = None) -> ProviderSettings:
    return ProviderSettings(name="lab", protocol=Protocol.OPENAI_CHAT, base_url=base_url, api_key=api_key)


def holding(account: str) -> Keyring:
    """A keyring with one entry."""
    return ring({account: KEY})


@pytest.mark.parametrize("entry", VENDORS, ids=lambda entry: str(entry.name))
def test_each_vendors_variables_reach_that_vendor(entry: ProviderSettings) -> None:
    for name in KEY_VARIABLES[entry.name]:
        finding = find_key(entry, {name: KEY}, EMPTY)

        assert (finding.secret, finding.source, finding.problem) == (Secret(KEY), f"env {name}", "")


def test_the_better_known_variable_wins_and_an_empty_one_counts_as_none() -> None:
    env = {"TOGETHER_API_KEY": "first", "TOGETHERAI_KEY": "second"}

    assert find_key(TOGETHER, env, EMPTY).secret == Secret("first")
    assert find_key(TOGETHER, {**env, "TOGETHER_API_KEY": " "}, EMPTY).secret == Secret("second")


def test_without_a_key_the_variable_and_the_command_are_named() -> None:
    finding = find_key(TOGETHER, {}, EMPTY)

    assert finding.secret is None
    assert finding.is_needed
    assert finding.problem == (
        "TOGETHER_API_KEY and TOGETHERAI_KEY are not set: export TOGETHER_API_KEY=…; hawkmoth doctor tells what was looked at"
    )


def test_another_vendors_variable_is_not_looked_at() -> None:
    assert find_key(TOGETHER, {"OPENAI_API_KEY": KEY}, EMPTY).secret is None


@pytest.mark.parametrize(
    "base_url",
    [
        "https://llm.example.com/v1",
        "https://api.together.xyz.example.com/v1",
        "http://127.0.0.1:8000/v1",
        "http://192.168.1.5/v1",
    ],
)
def test_a_built_in_provider_that_moved_gets_no_key_and_says_so(base_url: str) -> None:
    finding = find_key(replace(TOGETHER, base_url=base_url), {"TOGETHER_API_KEY": KEY}, EMPTY)

    assert finding.secret is None
    assert "TOGETHER_API_KEY is not sent to" in finding.problem
    assert 'api_key = "env:TOGETHER_API_KEY" under [providers.together]' in finding.problem


def test_a_vendors_key_does_not_travel_over_plain_http() -> None:
    finding = find_key(replace(TOGETHER, base_url="http://api.together.xyz/v1"), {"TOGETHER_API_KEY": KEY}, EMPTY)

    assert finding.secret is None
    assert "TOGETHER_API_KEY is not sent over plain http" in finding.problem


def test_the_users_own_word_sends_a_key_anywhere() -> None:
    moved = replace(TOGETHER, base_url="https://llm.example.com/v1", api_key="env:TOGETHER_API_KEY")

    assert find_key(moved, {"TOGETHER_API_KEY": KEY}, EMPTY).secret == Secret(KEY)


def test_a_provider_of_any_name_at_a_vendors_host_gets_that_vendors_key() -> None:
    assert find_key(lab("https://api.x.ai/v1"), {"XAI_API_KEY": KEY}, EMPTY).source == "env XAI_API_KEY"


def test_what_the_configuration_names_is_followed_and_nothing_else() -> None:
    env = {"TOGETHER_API_KEY": KEY}

    finding = find_key(replace(TOGETHER, api_key="env:OTHER"), env, holding("together@api.together.xyz"))

    assert finding.secret is None
    assert finding.problem.startswith("OTHER is not set: export OTHER=…")


def test_none_means_that_no_key_is_needed() -> None:
    finding = find_key(replace(TOGETHER, api_key="none"), {"TOGETHER_API_KEY": KEY}, EMPTY)

    assert (finding.secret, finding.problem, finding.is_needed) == (None, "", False)


@pytest.mark.parametrize(
    "base_url", ["http://127.0.0.1:8000/v1", "http://localhost:1/v1", "http://[::1]/v1", "http://gpu-box:8000"]
)
def test_a_server_here_or_nearby_needs_no_key(base_url: str) -> None:
    finding = find_key(lab(base_url), {}, EMPTY)

    assert (finding.secret, finding.problem, finding.is_needed) == (None, "", False)


def test_the_demo_needs_no_key() -> None:
    demo = ProviderSettings(name="demo", protocol=Protocol.DEMO, base_url="")

    assert not find_key(demo, {}, EMPTY).is_needed


def test_a_server_elsewhere_asks_for_a_word_from_the_user() -> None:
    finding = find_key(lab(), {"LAB_API_KEY": KEY}, EMPTY)

    assert finding.is_needed
    assert (
        finding.problem == 'set api_key = "env:NAME" under [providers.lab], or "none" if llm.example.com needs no key'
    )


def test_the_keyring_is_asked_for_this_provider_at_this_host() -> None:
    keyring = holding("lab@llm.example.com")

    assert find_key(lab(), BUS, keyring).source == "keyring"
    assert find_key(lab("https://other.example.com/v1"), BUS, keyring).secret is None
    assert account_of(lab()) == "lab@llm.example.com"


def test_the_environment_comes_before_the_keyring() -> None:
    keyring = holding("together@api.together.xyz")

    assert find_key(TOGETHER, {**BUS, "TOGETHER_API_KEY": "x"}, keyring).source == "env TOGETHER_API_KEY"
    assert find_key(TOGETHER, BUS, keyring).source == "keyring"


def test_a_keyring_that_was_named_explains_itself() -> None:
    named = lab(api_key="keyring")

    assert find_key(named, {}, EMPTY).problem == "there is no keyring here: no desktop session bus"
    assert find_key(named, BUS, EMPTY).problem == (
        "the keyring has no key for lab@llm.example.com: hawkmoth keys set lab"
    )


@pytest.mark.parametrize("text", [f" {KEY}\n", f"{KEY}\r\n", f"\t{KEY}"])
def test_white_space_around_a_key_is_not_part_of_it(text: str) -> None:
    assert find_key(lab(api_key="env:K"), {"K": text}, EMPTY).secret == Secret(KEY)


@pytest.mark.parametrize(
    "text", ["", "  ", "two words", "a\nb", "a\x00b", "ключ-0123456789", "a\x1b[31m", "x" * 9000, "a b"]
)
def test_what_no_header_can_carry_is_refused_without_being_repeated(text: str) -> None:
    finding = find_key(lab(api_key="env:K"), {"K": text}, EMPTY)

    assert finding.secret is None
    assert finding.problem.startswith("K ") or finding.problem.startswith("env K ")
    assert not text.strip() or text not in finding.problem


@pytest.mark.parametrize(
    "entry", [TOGETHER, replace(TOGETHER, api_key="command:x"), lab(), lab(api_key="env:X"), lab(api_key="keyring")]
)
def test_every_problem_is_one_short_line(entry: ProviderSettings) -> None:
    problem = find_key(entry, {"TOGETHER_API_KEY": "a b"}, EMPTY).problem

    assert problem
    assert "\n" not in problem
    assert len(problem) <= 200


def test_a_finding_shows_its_key_to_nobody_and_logs_never_hold_it() -> None:
    finding = find_key(TOGETHER, {"TOGETHER_API_KEY": "0badc0de0badc0de"}, EMPTY)

    assert "0badc0de" not in f"{finding} {finding!r} {finding.secret}"
    assert mask("the key 0badc0de0badc0de was refused") == "the key [key] was refused"
