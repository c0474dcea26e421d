"""Choices that open over the conversation: a theme, any command by its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.ui.keys import LEADER, SCREEN, key_name
from hawkmoth_tui.ui.theming import about_theme
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.commands.registry import Command
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.screens.palette import Entry
    from hawkmoth_tui.ui.screens.pick import Picked

ACTION = "action "
"""Begins the key of a row that stands for an action without a command."""


class Choosing:
    """Opens the choices and does what was chosen."""

    def __init__(self, app: HawkmothApp) -> None:
        self._app = app

    def theme(self) -> None:
        """The themes; Esc brings back the one before."""
        from hawkmoth_tui.ui.screens.themes import ThemePicker

        app, before = self._app, self._app.theme

        def preview(name: str) -> str:
            try:
                app.use_theme(name)
            except ConfigError as error:
                return str(error)
            return ""

        def chosen(picked: Picked | None) -> None:
            problem = preview(picked.key if picked else before)
            if problem:
                app.theme = before
                app.conversation.answer(problem, Weight.PROBLEM)
            elif picked:
                app.conversation.answer(kept(picked.key))

        told = {name: about_theme(name, app.theme_folders) for name in app.theme_choices()}
        app.push_screen(ThemePicker(told, before, preview), chosen)

    def palette(self) -> None:
        """Every command and every action that has a key."""
        from hawkmoth_tui.commands.registry import all_commands
        from hawkmoth_tui.ui.screens.palette import Palette

        app, commands = self._app, all_commands()
        entries = palette_entries(commands, app.conversation.keymap)

        async def chosen(picked: Picked | None) -> None:
            if picked is None:
                return
            if picked.key.startswith(ACTION):
                await app.conversation.run_action(picked.key.removeprefix(ACTION))
                return
            needs_words = any(f"/{one.name}" == picked.key and one.argument[:1] not in ("", "[") for one in commands)
            if needs_words:
                app.conversation.action_compose(f"{picked.key} ")
            else:
                app.applying.start(picked.key)

        app.push_screen(Palette(entries, key_id="palette.show"), chosen)


def kept(name: str) -> str:
    """What is said when a theme was chosen."""
    return f'{name} is used for this run; for good: theme = "{name}" under [ui] in config.toml'


def palette_entries(commands: tuple[Command, ...], keymap: Mapping[str, str]) -> dict[str, Entry]:
    """Commands in the order of the help, then actions that have only a key."""
    from hawkmoth_tui.ui.screens.palette import Entry

    named = {command.key for command in commands if command.key}
    entries = {
        f"/{command.name}": Entry(command.help, command.usage, key_name(command.key, keymap) if command.key else "")
        for command in commands
    }
    entries |= {
        f"{ACTION}{key.action}": Entry(key.does, key=key_name(key.id, keymap))
        for key in (*SCREEN, *LEADER)
        if key.id not in named and not key.action.startswith(("command(", "slot(", "leader"))
    }
    return entries
