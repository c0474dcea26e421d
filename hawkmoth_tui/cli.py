"""The `hawkmoth` command: from the arguments to a screen or a one-shot command, and from every error to one line and an exit code.

Alone it goes straight to the workstation. Nothing heavy is imported here; click is, when there are arguments.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError, UserError
from hawkmoth_tui.headless import exits, signals, streams
from hawkmoth_tui.headless.choice import EvalChoice, ScreenChoice

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

COMPLETION = "_HAWKMOTH_COMPLETE"
"""Set by the shell when it asks for completions; click answers."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. Every exit but 0 has written its one line to stderr."""
    streams.prepare()
    if not logging.getLogger().handlers:
        logging.getLogger().addHandler(logging.NullHandler())
    code = _guarded(streams.arguments(sys.argv[1:] if arguments is None else list(arguments)))
    problem = streams.close()
    if problem and code == exits.DONE:
        streams.tell(exits.line(f"the output could not be written ({problem})", "check where stdout goes"))
        return exits.USER
    return code


def _guarded(arguments: list[str]) -> int:
    """The one place where an error becomes an exit code."""
    try:
        return _run(arguments)
    except exits.Stopped as stop:
        if stop.number != exits.PIPE_SIGNAL:
            streams.tell(exits.line(f"stopped by {exits.signal_name(stop.number)}"))
        return exits.signal_exit_code(stop.number)
    except SystemExit as left:
        return _status_of_click(left)
    except KeyboardInterrupt:
        streams.tell(exits.line("stopped by Ctrl+C"))
        return exits.signal_exit_code(signal.SIGINT)
    except HawkmothError as error:
        log.info("ended with %s: %s", type(error).__name__, error)
        streams.tell(exits.error_line(error))
        return exits.exit_code(error)
    except Exception as error:
        place = _log_file()
        log.exception("a bug ended the command")
        hint = f"the details are in {place}" if place else "no log could be written"
        streams.tell(exits.line(f"this is a bug in Hawkmoth ({type(error).__name__})", hint))
        return exits.BUG


def _run(arguments: list[str]) -> int:
    if not arguments and COMPLETION not in os.environ:
        return _open_screen(ScreenChoice())
    if arguments == ["--version"]:
        from hawkmoth_tui.headless.version import version_line

        streams.show(version_line())
        return exits.DONE
    from hawkmoth_tui.headless.grammar import parse

    signals.watch()
    outcome = parse(arguments)
    if isinstance(outcome, EvalChoice):
        return _measure(outcome)
    signals.unwatch()
    return _open_screen(outcome) if isinstance(outcome, ScreenChoice) else outcome


def _measure(choice: EvalChoice) -> int:
    """Measure the router and tell the result."""
    from hawkmoth_tui.headless.eval import tell
    from hawkmoth_tui.training.evaluation import Request, evaluate

    tell(evaluate(Request(choice.data, choice.train, choice.export, choice.leave_out, choice.boot)), choice)
    return exits.DONE


def _open_screen(choice: ScreenChoice) -> int:
    """Refuse a terminal that cannot show it before anything heavy is imported, else hand over to the workstation."""
    from hawkmoth_tui.ui.terminal import refusal

    problem = refusal(os.environ, sys.stdin, sys.stdout)
    if problem:
        raise UserError(problem)
    from hawkmoth_tui.ui.launch import launch

    return launch(choice)


def _status_of_click(left: SystemExit) -> int:
    """click leaves by itself after a completion, with its status, and with 1 when nobody reads its help any more."""
    status = left.code if isinstance(left.code, int) else exits.DONE
    return exits.signal_exit_code(exits.PIPE_SIGNAL) if status == 1 else status


def _log_file() -> str:
    """The path of the log, opened if it was not yet; empty when there is none."""
    try:
        from hawkmoth_tui.settings.log import log_file, open_log
        from hawkmoth_tui.settings.paths import paths_from

        if not logging.getLogger("hawkmoth_tui").handlers:
            open_log(paths_from(os.environ))
        return str(log_file() or "")
    except Exception:
        return ""
