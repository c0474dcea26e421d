"""The sealed form: opens with its passphrase alone, and every change of a byte is noticed."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.sealing import NotSealed, Seal, WrongPassphrase, new_seal, opened, sealed

PASSPHRASE = Secret("correct horse battery")
SEAL = new_seal(PASSPHRASE)


@given(st.text())
def test_what_is_sealed_opens_again(text: str) -> None:
    assert opened(sealed(text, SEAL), SEAL)[0] == text


def test_the_passphrase_opens_it_and_another_does_not() -> None:
    box = sealed("treasure", SEAL)

    text, seal = opened(box, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        opened(box, Secret("correct horse battery "))

    assert text == "treasure"
    assert seal == SEAL


def test_the_text_is_not_in_the_box_and_no_box_is_like_another() -> None:
    first, second = sealed("treasure", SEAL), sealed("treasure", SEAL)

    assert b"treasure" not in first
    assert json.loads(first)["nonce"] != json.loads(second)["nonce"]


def test_a_seal_of_another_recipe_does_not_open_it() -> None:
    with pytest.raises(WrongPassphrase):
        opened(sealed("treasure", SEAL), Seal(new_seal(PASSPHRASE).recipe, SEAL.key))


@pytest.mark.parametrize("field", ["salt", "nonce", "box"])
def test_a_changed_byte_is_noticed(field: str) -> None:
    document = json.loads(sealed("treasure", SEAL))
    document[field] = ("B" if document[field][0] == "A" else "A") + document[field][1:]

    with pytest.raises(WrongPassphrase):
        opened(json.dumps(document).encode(), SEAL)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"memory_kib": 10**9}, "more work"),
        ({"passes": 10**6}, "more work"),
        ({"lanes": 0}, "more work"),
        ({"lanes": True}, "more work"),
        ({"version": 2}, "newer"),
        ({"salt": "AA=="}, "no key file"),
        ({"box": "not base64!"}, "no key file"),
    ],
)
def test_a_form_that_asks_too_much_is_refused_before_any_work(change: dict[str, object], words: str) -> None:
    document = {**json.loads(sealed("treasure", SEAL)), **change}

    with pytest.raises(NotSealed, match=words):
        opened(json.dumps(document).encode(), PASSPHRASE)


@given(st.binary(max_size=300))
def test_no_garbage_does_anything_but_be_refused(data: bytes) -> None:
    with pytest.raises(NotSealed):
        opened(data, SEAL)
