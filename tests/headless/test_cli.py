"""The one place where an error becomes an exit code and one line."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui import cli
from hawkmoth_tui.core.errors import Corrupt, HawkmothError, NoRoute, Unreachable, UserError
from hawkmoth_tui.headless.choice import ScreenChoice
from hawkmoth_tui.headless.exits import Stopped
from tests.headless.shell import hawkmoth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Closes the log that a command opened."""
    yield
    logger = logging.getLogger("hawkmoth_tui")
    for handler in logger.handlers[:]:
        logger.removeHandler(handler)
        handler.close()


def ends(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code when a command ends with this error."""

    def fail(arguments: list[str]) -> int:
        raise error

    monkeypatch.setattr(cli, "_run", fail)
    return cli.main(["ask", "hi"])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UserError("the prompt is empty", "give one"), 2, "hawkmoth: the prompt is empty: give one\n"),
        (Unreachable("no answer", provider="lab"), 3, "hawkmoth: lab: no answer\n"),
        (NoRoute("no model"), 4, "hawkmoth: no model\n"),
        (Corrupt("the store is damaged"), 5, "hawkmoth: the store is damaged\n"),
        (Stopped(signal.SIGTERM), 143, "hawkmoth: stopped by SIGTERM\n"),
        (Stopped(signal.SIGPIPE), 141, ""),
        (KeyboardInterrupt(), 130, "hawkmoth: stopped by Ctrl+C\n"),
    ],
)
def test_each_error_is_one_line_and_its_code(
    error: BaseException, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends(error, monkeypatch) == code

    assert capsys.readouterr() == ("", said)


def test_a_bug_is_exit_70_and_its_traceback_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    code = ends(KeyError("sk-0123456789abcdef0123456789"), monkeypatch)

    out, err = capsys.readouterr()
    log_file = home / "log" / "hawkmoth.log"
    assert (code, out) == (70, "")
    assert err == f"hawkmoth: this is a bug in Hawkmoth (KeyError): the details are in {log_file}\n"
    written = log_file.read_text()
    assert "Traceback" in written
    assert "sk-0123456789" not in written


def test_a_bug_without_a_log_is_still_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    (home / "log").write_text("in the way")

    assert ends(ValueError("boom"), monkeypatch) == 70

    assert capsys.readouterr().err == "hawkmoth: this is a bug in Hawkmoth (ValueError): no log could be written\n"


def test_an_error_that_is_no_known_kind_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ends(HawkmothError("of no kind"), monkeypatch) == 70


@pytest.mark.parametrize(
    ("arguments", "choice"),
    [
        ([], ScreenChoice()),
        (["-c"], ScreenChoice(continues=True)),
        (["demo"], ScreenChoice(is_demo=True)),
        (["--theme", "paper", "--model", "lab/m"], ScreenChoice(model="lab/m", theme="paper")),
    ],
)
def test_without_a_command_the_screen_opens(
    arguments: list[str], choice: ScreenChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[ScreenChoice] = []

    def open_screen(chosen: ScreenChoice) -> int:
        opened.append(chosen)
        return 0

    monkeypatch.setattr(cli, "_open_screen", open_screen)

    assert cli.main(arguments) == 0
    assert opened == [choice]


def test_the_screen_gets_its_signals_as_a_process_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    found: list[object] = []

    def look(choice: ScreenChoice) -> int:
        found.extend(signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM))
        return 0

    monkeypatch.setattr(cli, "_open_screen", look)
    cli.main(["--theme", "paper"])

    assert found == before


async def test_the_version_is_one_line() -> None:
    done = await hawkmoth("--version")

    assert done.code == 0
    assert done.text.startswith("hawkmoth ")
    assert done.text.count("\n") == 1


async def test_closed_descriptors_are_no_trouble() -> None:
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", 'exec "$@" <&- 2>&-', "sh", sys.executable, "-m", "hawkmoth_tui", "config", "path",
        stdout=asyncio.subprocess.PIPE, env=dict(os.environ),
    )  # fmt: skip
    out, _ = await process.communicate()

    assert process.returncode == 0
    assert b"store" in out


async def test_a_listing_cut_by_head_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "hawkmoth_tui", "config", "show", stdout=writing, stderr=asyncio.subprocess.PIPE
    )
    os.close(writing)
    _, err = await process.communicate()

    assert (process.returncode, err) == (141, b"")


async def test_the_shell_gets_its_completions() -> None:
    done = await hawkmoth(_HAWKMOTH_COMPLETE="bash_complete", COMP_WORDS="hawkmoth se", COMP_CWORD="1")

    assert (done.code, done.text) == (0, "plain,sessions\n")
