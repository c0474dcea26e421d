"""The log file, and the keys that never reach it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.settings.log import LOG_NAME, log_file, mask, never_show, open_log
from hawkmoth_tui.settings.paths import Paths, paths_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOGGER = logging.getLogger("hawkmoth_tui.test")


@pytest.fixture
def paths(home: Path) -> Iterator[Paths]:
    root = logging.getLogger("hawkmoth_tui")
    yield paths_from({"HAWKMOTH_HOME": str(home)})
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    root.propagate = True


def test_records_reach_a_file_for_this_user_alone(paths: Paths) -> None:
    open_log(paths)

    LOGGER.warning("the %s is %s", "moth", "awake")

    file = paths.log_dir / LOG_NAME
    assert "WARNING hawkmoth_tui.test: the moth is awake" in file.read_text("utf-8")
    assert file.stat().st_mode & 0o777 == 0o600
    assert paths.log_dir.stat().st_mode & 0o777 == 0o700


def test_a_file_that_was_open_to_others_is_closed_to_them(paths: Paths) -> None:
    paths.log_dir.mkdir()
    (paths.log_dir / LOG_NAME).write_text("")
    (paths.log_dir / LOG_NAME).chmod(0o644)

    open_log(paths)
    logging.getLogger("hawkmoth_tui.test").warning("something")

    assert (paths.log_dir / LOG_NAME).stat().st_mode & 0o777 == 0o600


def test_keys_in_arguments_and_tracebacks_are_masked(paths: Paths) -> None:
    open_log(paths)
    key = "sk-" + "a1" * 20

    try:
        raise ValueError(f"refused {key}")
    except ValueError:
        LOGGER.exception("with %s", key)

    text = (paths.log_dir / LOG_NAME).read_text("utf-8")
    assert "ValueError: refused [key]" in text
    assert key not in text


def test_opening_it_twice_writes_every_record_once(paths: Paths) -> None:
    open_log(paths)
    open_log(paths)

    LOGGER.warning("once")

    assert (paths.log_dir / LOG_NAME).read_text("utf-8").count("once") == 1


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_log(
    paths: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.log_dir.write_text("a file stands where the folder should")

    open_log(paths)
    LOGGER.error("unheard")

    assert capsys.readouterr() == ("", "")


def test_a_symbolic_link_in_the_files_place_is_not_followed(paths: Paths, tmp_path: Path) -> None:
    paths.log_dir.mkdir()
    (paths.log_dir / LOG_NAME).symlink_to(tmp_path / "elsewhere")

    open_log(paths)
    LOGGER.error("unheard")

    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "text",
    [
        "sk-proj-abcdefghij0123456789",
        "sk-ant-api03-abcdefghij0123456789",
        "sk-or-v1-0123456789abcdef0123456789abcdef",
        "gsk_0123456789abcdefghij",
        "AIzaSyA0123456789012345678901234567890",
        "tgp_v1_0123456789abcdefghij",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghij",
    ],
)
def test_what_is_shaped_like_a_key_is_masked_as_a_whole_word(text: str) -> None:
    assert mask(f"it was ({text}), they said") == "it was ([key]), they said"


@pytest.mark.parametrize(
    "text",
    [
        "sonoma-dusk-alpha",
        "openrouter/sonoma-sk-alpha-0123456789",
        "task-list",
        "sk-short",
        "a basic fact",
        "risk-0123456789abcdefghij",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert mask(text) == text


def test_an_authorization_header_and_a_password_in_a_url_are_masked() -> None:
    assert mask("Authorization: Bearer abc.def-0123") == "Authorization: Bearer [key]"
    assert mask("http://me:word@proxy.example:3128/x") == "http://[key]@proxy.example:3128/x"


def test_a_secret_that_was_found_is_masked_whatever_its_shape() -> None:
    never_show(Secret("0f" * 32))

    assert mask(f"<{'0f' * 32}>") == "<[key]>"


def test_a_run_that_has_nothing_to_say_makes_no_file(paths: Paths) -> None:
    open_log(paths)

    assert not paths.log_dir.exists()
    assert log_file() == paths.log_dir / LOG_NAME


def test_a_log_that_cannot_be_written_is_nowhere(paths: Paths) -> None:
    paths.log_dir.parent.mkdir(parents=True, exist_ok=True)
    paths.log_dir.write_text("in the way")
    open_log(paths)

    assert log_file() is None
