"""Which theme the workstation begins with: the chosen one as far as this terminal can show it, else a notice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.ui.ground import AUTO, FEW_COLOURS, fitting_theme
from hawkmoth_tui.ui.theming import DEFAULT_THEME
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from hawkmoth_tui.ui.app import HawkmothApp


def use_first_theme(app: HawkmothApp, chosen: str) -> None:
    """The chosen theme, else the shipped one and a notice."""
    name = fitting_theme(chosen, os.environ, app.console.color_system)
    if name == FEW_COLOURS != chosen != AUTO:
        app.say(f"this terminal has sixteen colours: {name} is used instead of {chosen}")
    try:
        app.use_theme(name)
    except ConfigError as error:
        app.use_theme(DEFAULT_THEME)
        app.say(f"{error}; {DEFAULT_THEME} is used", Weight.WARNING)
