"""The words of the command line are those of the contract, and asking for help imports nothing heavy."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.headless.choice import ScreenChoice
from hawkmoth_tui.headless.grammar import COMMANDS, hawkmoth, parse

OPTIONS = {
    "": {"-c/--continue", "--session", "--model", "--policy", "--theme", "--profile", "--version", "-h/--help"},
    "ask": {
        "--json",
        "--stream-json",
        "--model",
        "--over-budget",
        "--approve",
        "--policy",
        "--session",
        "--system",
        "--attach",
        "--max-cost",
        "--timeout",
    },
    "route": {"--json", "--session", "--policy", "--replay", "--since"},
    "rollout": set(),
    "rollout start": {"--share", "--ceiling"},
    "rollout status": set(),
    "rollout promote": set(),
    "rollout rollback": set(),
    "models": {"--json", "--refresh"},
    "sessions": set(),
    "sessions list": {"--json", "--limit", "--deleted"},
    "sessions delete": set(),
    "sessions undelete": set(),
    "sessions purge": {"--deleted"},
    "sessions show": {"--json"},
    "sessions export": {"--all", "--format"},
    "sessions rename": set(),
    "sessions fork": {"--json"},
    "cost": {"--since", "--until", "--by", "--json", "--csv"},
    "cost reconcile": {"--json", "--provider", "--book"},
    "metrics": {"--format", "--json", "--by", "--since", "--until", "--textfile"},
    "eval": {"--train", "--export-predictions", "--leave-out", "--boot", "--json"},
    "keys": set(),
    "keys set": {"--store"},
    "keys list": {"--json"},
    "keys test": set(),
    "keys delete": set(),
    "config": set(),
    "config check": {"--json"},
    "config path": {"--json"},
    "config show": {"--json"},
    "store": set(),
    "store backup": {"--json"},
    "store restore": {"--json"},
    "store check": {"--json", "--full"},
    "doctor": {"--json", "--deep"},
    "demo": {"-c/--continue", "--session", "--model", "--policy", "--theme", "--profile"},
}
"""What the contract promises, by command; `--help` is everywhere."""


def commands() -> dict[str, click.Command]:
    """Every command by the words that name it."""
    found: dict[str, click.Command] = {"": hawkmoth}
    context = click.Context(hawkmoth)
    for name in hawkmoth.list_commands(context):
        command = hawkmoth.get_command(context, name)
        assert command is not None
        found[name] = command
        if isinstance(command, click.Group):
            found |= {f"{name} {inner}": each for inner, each in command.commands.items()}
    return found


def test_the_commands_and_their_options_are_those_of_the_contract() -> None:
    real = {name: _options(command) for name, command in commands().items()}

    assert real == {name: options | {"-h/--help"} for name, options in OPTIONS.items()}


def _options(command: click.Command) -> set[str]:
    context = click.Context(command, help_option_names=["-h", "--help"])
    return {"/".join(each.opts) for each in command.get_params(context) if isinstance(each, click.Option)}


@pytest.mark.parametrize("words", [words.split() for words in OPTIONS])
def test_every_command_explains_itself_and_each_option(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert parse([*words, "--help"]) == 0

    shown = capsys.readouterr().out
    assert " ".join(["Usage: hawkmoth", *words]) in shown
    for option in OPTIONS[" ".join(words)]:
        for name in option.split("/"):
            assert name in shown


def test_the_list_of_commands_shows_one_line_for_each(capsys: pytest.CaptureFixture[str]) -> None:
    parse(["--help"])

    shown = " ".join(capsys.readouterr().out.split())
    for name, words in COMMANDS.items():
        assert f"{name} {words}" in shown


def test_the_options_of_the_workstation_become_a_choice() -> None:
    arguments = ["-c", "--model", "lab/m", "--policy", "best", "--theme", "paper", "--profile", "ssh"]

    assert parse(arguments) == ScreenChoice(True, None, "lab/m", "best", "paper", "ssh")
    assert parse(["demo", *arguments]) == ScreenChoice(True, None, "lab/m", "best", "paper", "ssh", is_demo=True)
    assert parse(["--session", "01abc"]) == ScreenChoice(session_id="01abc")


def test_choices_stand_above_the_configuration() -> None:
    choice = ScreenChoice(model="lab/m", policy="best", theme="paper", profile="ssh")

    assert choice.flags() == {
        "routing.default": "lab/m",
        "routing.policy": "best",
        "ui.theme": "paper",
        "ui.profile": "ssh",
    }
    assert ScreenChoice().flags() == {}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["aks", "hi"], "No such command 'aks'"),
        (["ask", "--modle", "x"], "No such option '--modle'"),
        (["ask", "--policy", "lavish", "hi"], "'lavish' is not one of"),
        (["ask", "--max-cost", "much", "hi"], "an amount in USD above 0"),
        (["ask", "--max-cost", "-1", "hi"], "an amount in USD above 0"),
        (["ask", "--max-cost", "nan", "hi"], "an amount in USD above 0"),
        (["ask", "--timeout", "0", "hi"], "a number of seconds above 0"),
        (["ask", "--timeout", "inf", "hi"], "a number of seconds above 0"),
        (["ask", "one", "two"], "unexpected extra argument"),
        (["ask", "--json", "--stream-json", "hi"], "exclude each other"),
        (["sessions", "show"], "Missing argument 'ID'"),
        (["sessions", "export"], "say what to export"),
        (["cost", "--by", "mood"], "'mood' is not one of"),
        (["cost", "--since", "yesterday"], "yesterday is not a date"),
        (["-c", "--session", "x"], "exclude each other"),
        (["--model", "a/b", "models"], "stand alone or after demo"),
    ],
)
def test_a_slip_is_the_users_and_says_what_to_do(arguments: list[str], says: str) -> None:
    with pytest.raises(UserError) as raised:
        parse(arguments)

    assert says in raised.value.message
    assert raised.value.hint


def _modules_after(*arguments: str) -> set[str]:
    script = (
        "import sys\nfrom hawkmoth_tui.cli import main\n"
        f"main({list(arguments)!r})\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    return set(done.stderr.split())


HEAVY = {"textual", "rich", "httpx", "pydantic", "apsw", "keyring", "tiktoken", "asyncio"}


def test_the_version_imports_nothing_heavy_and_no_click() -> None:
    assert not _modules_after("--version") & (HEAVY | {"click"})


@pytest.mark.parametrize("words", [["--help"], ["ask", "--help"], ["models", "--help"], ["doctor", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    assert not _modules_after(*words) & (HEAVY - {"asyncio"})


def test_help_of_the_whole_imports_no_command() -> None:
    assert not _modules_after("--help") & {f"hawkmoth_tui.headless.{name}" for name in COMMANDS}
