"""The words of the command line: which commands exist, and what their line in `hawkmoth --help` says.

Only this module and those of the commands know click. A command's module is imported when it runs or when its own help is asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.headless.choice import EvalChoice, ScreenChoice
from hawkmoth_tui.headless.options import policy_option
from hawkmoth_tui.headless.streams import show
from hawkmoth_tui.headless.version import version_line
from hawkmoth_tui.settings.masking import mask
from hawkmoth_tui.settings.schema import Profile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.headless.options import Function

COMMANDS: dict[str, str] = {
    "ask": "One turn without a screen.",
    "route": "What the router would do with a prompt, without sending it.",
    "models": "The catalogue: lanes, prices, windows, health.",
    "sessions": "List, show, fork, export, rename, delete and purge saved sessions.",
    "cost": "What was spent, by day, month, model, lane, provider, session, cause or task type.",
    "rollout": "Try a policy or a model on a share of the turns.",
    "metrics": "How models did: requests, errors, latency, speed, win rate and cost.",
    "keys": "Store, list, try and delete keys; never prints one.",
    "config": "Check the configuration, and show where each value came from.",
    "store": "Copy, restore and check the database file.",
    "eval": "Measure the router on recorded outcomes.",
    "doctor": "Check terminal, store, keys, providers, clock and versions.",
    "demo": "The workstation on a built-in simulated provider: no key, no network.",
}
"""Name to the one line about it. Each is `headless/<name>.py` with its `command`; `demo` is below."""


class Commands(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        if cmd_name == "demo":
            return demo
        found = importlib.import_module(f"hawkmoth_tui.headless.{cmd_name}").command
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def screen_options(function: Function) -> Function:
    """The options of the workstation, in the order of the help."""
    options = (
        click.option("-c", "--continue", "continues", is_flag=True, help="Go on with the session that was used last."),
        click.option("--session", "session_id", metavar="ID", help="Open this session."),
        click.option("--model", metavar="REF", help="Pin a model: provider/model-id."),
        policy_option,
        click.option("--theme", metavar="NAME", help="Theme of the screen."),
        click.option(
            "--profile",
            metavar="NAME",
            type=click.Choice([profile.value for profile in Profile]),
            help=f"How the screen is driven: {', '.join(profile.value for profile in Profile)}.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.group(
    "hawkmoth",
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@screen_options
@click.option("--version", is_flag=True, help="Print the version and leave.")
@click.pass_context
def hawkmoth(
    ctx: click.Context,
    version: bool,
    continues: bool,
    session_id: str | None,
    model: str | None,
    policy: str | None,
    theme: str | None,
    profile: str | None,
) -> ScreenChoice | None:
    """A terminal chat workstation that routes every turn to the cheapest model that is good enough, and says why.

    Without a command it opens the workstation.
    """
    choice = _checked(ScreenChoice(continues, session_id, model, policy, theme, profile))
    if version:
        show(version_line())
        ctx.exit()
    if ctx.invoked_subcommand is None:
        return choice
    if choice != ScreenChoice():
        raise click.UsageError(
            f"the workstation's options stand alone or after demo, not before {ctx.invoked_subcommand}", ctx
        )
    return None


@click.command("demo")
@screen_options
def demo(
    continues: bool,
    session_id: str | None,
    model: str | None,
    policy: str | None,
    theme: str | None,
    profile: str | None,
) -> ScreenChoice:
    """The workstation on a built-in simulated provider over loopback: no key, no network, and a store of its own."""
    return _checked(ScreenChoice(continues, session_id, model, policy, theme, profile, is_demo=True))


def _checked(choice: ScreenChoice) -> ScreenChoice:
    if choice.continues and choice.session_id:
        raise UserError("-c and --session exclude each other", "give one of them")
    return choice


def parse(arguments: Sequence[str]) -> int | ScreenChoice | EvalChoice:
    """Run the command that the arguments name. Its exit code, or what another layer is to do. Raises HawkmothError."""
    try:
        outcome = hawkmoth.main(list(arguments), "hawkmoth", standalone_mode=False)
    except click.ClickException as error:
        raise UserError(_one_sentence(error), _help_hint(error)) from error
    return outcome if isinstance(outcome, ScreenChoice | EvalChoice | int) else 0


def _one_sentence(error: click.ClickException) -> str:
    return mask(error.format_message().strip().rstrip("."))


def _help_hint(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"see `{context.command_path if context else 'hawkmoth'} --help`"
