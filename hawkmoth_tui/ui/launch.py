"""From the command line's choice to a running workstation and its exit status.

Reads the settings and the theme before the first frame, everything else after it. The output profile is set here because Textual reads
its own when it is imported.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import TYPE_CHECKING, Protocol

from hawkmoth_tui.settings.load import load
from hawkmoth_tui.settings.log import open_log
from hawkmoth_tui.settings.paths import theme_dirs
from hawkmoth_tui.ui.profiles import manner_of, profile_for, set_textual
from hawkmoth_tui.ui.startup import Startup

if TYPE_CHECKING:
    from hawkmoth_tui.engine.workstation import Workstation


class Choice(Protocol):
    """What the command line wants of the screen."""

    @property
    def continues(self) -> bool: ...
    @property
    def session_id(self) -> str | None: ...
    @property
    def model(self) -> str | None: ...
    @property
    def policy(self) -> str | None: ...
    @property
    def is_demo(self) -> bool: ...
    def flags(self) -> dict[str, str]: ...


def launch(choice: Choice) -> int:
    """Run the workstation until the user leaves. Raises the HawkmothError that kept it from opening.

    A theme of the configuration that is not there is a notice; one named on the command line is an error, as every wrong option.
    """
    gc.disable()  # what the start makes is kept for good; `StagedApp` collects again from its first frame
    loaded = load(os.environ, choice.flags())
    settings, paths = loaded.settings, loaded.paths
    open_log(paths)
    manner = manner_of(profile_for(settings.ui.profile, os.environ))
    set_textual(manner, os.environ)

    def open_engine() -> Workstation:
        from hawkmoth_tui.engine.opening import open_workstation

        is_about_the_store = choice.continues or choice.session_id is not None
        return open_workstation(settings, paths, is_demo=choice.is_demo, is_about_the_store=is_about_the_store)

    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.ground import AUTO
    from hawkmoth_tui.ui.stage import run
    from hawkmoth_tui.ui.theming import load_theme

    if choice.flags().get("ui.theme", AUTO) != AUTO:
        load_theme(settings.ui.theme, theme_dirs(paths))
    startup = Startup(
        session_id=choice.session_id,
        is_continue=choice.continues,
        model=choice.model,
        policy=choice.policy,
        is_demo=choice.is_demo,
    )
    app = HawkmothApp(open_engine, settings, theme_dirs(paths), startup)
    app.manner = manner
    status = run(app)
    if app.wants_demo and status == 0:
        return _open_demo()
    if app.return_value is not None:
        raise app.return_value
    return status


def _open_demo() -> int:
    """The demo in this program's place; everything of the real one is closed by now."""
    from hawkmoth_tui.ui.stage import IS_WINDOWS

    sys.stdout.flush()
    program = [sys.executable, "-m", "hawkmoth_tui", "demo"]
    if not IS_WINDOWS:
        os.execv(sys.executable, program)  # noqa: S606  # our own program
    import subprocess

    return subprocess.call(program)  # noqa: S603  # our own program; Windows cannot replace a process
