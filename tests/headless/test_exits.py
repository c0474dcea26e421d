"""One table from error class to exit code; one line that says what happened and what to do."""

from __future__ import annotations

import inspect
import signal

import pytest

from hawkmoth_tui.core import errors
from hawkmoth_tui.core.turn import TurnState
from hawkmoth_tui.headless.exits import error_line, exit_code, line, turn_error_line, turn_exit_code
from tests.headless.values import error


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (errors.ConfigError("no"), 2),
        (errors.UnknownModel("no"), 2),
        (errors.SessionNotFound("no"), 2),
        (errors.MissingKey("no"), 2),
        (errors.Unreachable("no"), 3),
        (errors.BadResponse("no"), 3),
        (errors.NoRoute("no"), 4),
        (errors.SchemaTooNew("no"), 5),
        (errors.DiskFull("no"), 5),
        (KeyError("no"), 70),
    ],
)
def test_each_class_has_its_code(raised: Exception, code: int) -> None:
    assert exit_code(raised) == code


def test_every_error_of_the_tree_has_a_code_of_its_own() -> None:
    tree = [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.HawkmothError) and kind is not errors.HawkmothError
    ]

    assert {kind.__name__ for kind in tree if exit_code(kind("no")) == 70} == set()


@pytest.mark.parametrize(
    ("state", "number", "code"),
    [
        (TurnState.DONE, None, 0),
        (TurnState.FAILED, None, 3),
        (TurnState.INTERRUPTED, None, 3),
        (TurnState.BLOCKED, None, 4),
        (TurnState.CANCELLED, signal.SIGINT, 130),
        (TurnState.CANCELLED, signal.SIGTERM, 143),
        (TurnState.CANCELLED, signal.SIGHUP, 129),
    ],
)
def test_each_state_has_its_code(state: TurnState, number: int | None, code: int) -> None:
    assert turn_exit_code(state, number) == code


def test_a_long_message_leaves_the_hint_whole() -> None:
    shown = line("word " * 200, "run `hawkmoth doctor`")

    assert len(shown) <= 300
    assert shown.startswith("hawkmoth: word")
    assert shown.endswith(": run `hawkmoth doctor`")


def test_the_line_folds_newlines_and_maps_controls() -> None:
    shown = error_line(errors.Overloaded("one\ntwo \x1b[2J", "wait", provider="lab"))

    assert shown == "hawkmoth: lab: one two ␛[2J: wait"


def test_a_turns_error_names_the_provider_and_what_became_of_the_text() -> None:
    shown = turn_error_line(error(), "the text so far is kept in session s1")

    assert shown == "hawkmoth: lab: slow down: wait a minute; the text so far is kept in session s1"
