"""A key never shows itself, whichever way it is asked (defect H74)."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from dataclasses import dataclass

import pytest

from hawkmoth_tui.core.secret import Secret

KEY = "sk-test-0123456789abcdef"


@dataclass(frozen=True, slots=True)
class Holder:
    name: str
    secret: Secret


@pytest.mark.parametrize(
    "shown",
    [
        repr(Secret(KEY)),
        str(Secret(KEY)),
        f"{Secret(KEY)}",
        f"{Secret(KEY)!r:>40}",
        f"{Secret(KEY):s}",
        format(Secret(KEY), ">20"),
        " ".join(map(str, (Secret(KEY), Secret(KEY)))),
        repr([Secret(KEY)]),
        repr(Holder("x", Secret(KEY))),
        pprint.pformat({"key": Secret(KEY)}),
    ],
)
def test_no_text_of_it_shows_any_part(shown: str) -> None:
    assert "sk-" not in shown
    assert KEY[:8] not in shown
    assert "…" in shown


def test_it_is_revealed_only_when_asked() -> None:
    assert Secret(KEY).reveal() == KEY


def test_a_log_record_does_not_hold_it(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("hawkmoth.test").warning("key is %s (%r)", Secret(KEY), Secret(KEY))

    assert KEY not in caplog.text
    assert KEY[:8] not in caplog.text


def test_a_traceback_with_locals_does_not_hold_it() -> None:
    def fail(secret: Secret) -> None:
        raise ValueError(f"cannot use {secret}")

    with pytest.raises(ValueError, match="cannot use …") as caught:
        fail(Secret(KEY))

    told = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert all(KEY not in value for frame in told.stack for value in (frame.locals or {}).values())


@pytest.mark.parametrize("write", [pickle.dumps, copy.copy, copy.deepcopy])
def test_it_refuses_to_be_written_down(write: object) -> None:
    assert callable(write)

    with pytest.raises(TypeError, match="never written down"):
        write(Secret(KEY))


def test_it_is_no_json() -> None:
    with pytest.raises(TypeError):
        json.dumps({"key": Secret(KEY)})


def test_equal_keys_are_equal_and_an_empty_one_is_false() -> None:
    assert Secret(KEY) == Secret(KEY)
    assert len({Secret(KEY), Secret(KEY), Secret("other")}) == 2
    assert Secret(KEY) != KEY
    assert Secret(KEY)
    assert not Secret("")
