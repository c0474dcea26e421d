"""Keys that a program prints, with real programs."""

from __future__ import annotations

import os
import shlex
import sys
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.command import key_from_command

if TYPE_CHECKING:
    from pathlib import Path

ENV = {"PATH": os.environ.get("PATH", ""), "VAULT": "open"}


def python(code: str) -> str:
    """A command line that runs this code."""
    return f"{shlex.quote(sys.executable)} -c {shlex.quote(code)}"


def test_the_first_line_is_the_key_and_notes_below_it_are_left_alone() -> None:
    finding = key_from_command(python("print('key-1\\nuser: moth')"), ENV)

    assert finding.secret == Secret("key-1")
    assert finding.source == f"command {sys.executable}"


def test_the_command_sees_the_environment_and_no_terminal() -> None:
    code = "import os, sys; print(os.environ['VAULT'] + str(len(sys.stdin.read())))"

    assert key_from_command(python(code), ENV).secret == Secret("open0")


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    trap = tmp_path / "trap"

    finding = key_from_command(f"echo a;touch {trap} `touch {trap}` $(touch {trap}) > {trap}", ENV)

    assert not trap.exists()
    assert finding.secret is None


def test_a_command_that_fails_is_explained_in_its_own_words() -> None:
    code = "import sys; print('noise\\n\\x1b[31mvault is sealed', file=sys.stderr); sys.exit(3)"

    finding = key_from_command(python(code), ENV)

    assert finding.problem == f"command {sys.executable} failed with status 3: ␛[31mvault is sealed"


def test_a_key_in_the_complaint_is_masked() -> None:
    code = "import sys; sys.exit('bad key sk-0123456789abcdefghij')"

    assert key_from_command(python(code), ENV).problem.endswith("bad key [key]")


def test_a_command_that_fails_in_silence_says_that() -> None:
    assert key_from_command(python("raise SystemExit(1)"), ENV).problem.endswith(
        "failed with status 1 and said nothing"
    )


def test_a_program_that_is_not_there_is_named() -> None:
    finding = key_from_command("no-such-program-of-ours show", {"PATH": "/usr/bin"})

    assert (
        finding.problem
        == "command no-such-program-of-ours cannot be started: No such file or directory; check the name and PATH"
    )


def test_an_answer_without_a_key_is_refused() -> None:
    assert key_from_command(python("print()"), ENV).problem.endswith("is empty")


@pytest.mark.parametrize("command", ["pass 'show", "", "   "])
def test_a_command_that_cannot_be_split_is_refused(command: str) -> None:
    assert key_from_command(command, ENV).problem.startswith("the key command")


def test_a_command_that_hangs_is_ended_with_all_that_it_started() -> None:
    code = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import signal; signal.pause()'])"

    finding = key_from_command(python(code), ENV, timeout_s=0.3)

    assert "gave no key within 0.3 s" in finding.problem


def test_bytes_that_are_no_text_are_refused() -> None:
    finding = key_from_command(python("import os; os.write(1, bytes([255, 254]))"), ENV)

    assert "characters that a key cannot have" in finding.problem
