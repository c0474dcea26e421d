"""Themes: one TOML file each, found by name, checked whole, turned into a Textual theme.

A theme is data. Its `[colours]` become the CSS variables that our style sheet and widgets name (`$route`, `$code-keyword`, …); no colour is
written anywhere else. A colour is `#86b1e8`, or one of the terminal's own sixteen, such as `ansi_bright_cyan`. Files in the user's folder
win over the shipped ones. The app reads one theme at start and no other.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from textual.theme import Theme

from hawkmoth_tui.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

DEFAULT_THEME = "hawkmoth"
"""The theme that stands in when the chosen one cannot be read."""

PALETTE = (
    "background",
    "surface",
    "panel",
    "foreground",
    "primary",
    "secondary",
    "accent",
    "success",
    "warning",
    "error",
)
"""Colours that Textual itself knows."""

OWN = (
    "selection",
    "selection-text",
    "rule",
    "header",
    "user",
    "thinking",
    "route",
    "cost",
    "code-background",
    "code-keyword",
    "code-string",
    "code-comment",
    "code-number",
    "code-name",
)
"""Colours that Hawkmoth adds: each becomes a CSS variable of that name."""

GROUNDS = ("background", "surface", "panel", "code-background")
"""Colours that words are written on."""

TEXT = tuple(name for name in (*PALETTE, *OWN) if name not in {*GROUNDS, "selection", "selection-text", "rule"})
"""Colours that words are written in; on every ground they must reach 4.5:1."""

_ANSI = frozenset(
    {"ansi_default"}
    | {
        f"ansi_{bright}{name}"
        for bright in ("", "bright_")
        for name in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
    }
)
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")


def theme_names(folders: Iterable[Path]) -> tuple[str, ...]:
    """The names of all themes in the folders, sorted."""
    return tuple(sorted({file.stem for folder in folders if folder.is_dir() for file in folder.glob("*.toml")}))


def load_theme(name: str, folders: Iterable[Path]) -> Theme:
    """The theme of that name from the first folder that has it. Raises ConfigError naming file and key."""
    places = tuple(folders)
    for folder in places:
        if (file := folder / f"{name}.toml").is_file():
            return read_theme(file)
    known = ", ".join(theme_names(places)) or "none were found"
    raise ConfigError(f"no theme is called {name}", f"themes: {known}")


def about_theme(name: str, folders: Sequence[Path]) -> str:
    """A few words on a theme: for which ground it is, and whether the user's own folder, the first of several, has it."""
    own = "yours · " if len(folders) > 1 and (folders[0] / f"{name}.toml").is_file() else ""
    try:
        theme = load_theme(name, folders)
    except ConfigError:
        return f"{own}cannot be shown"
    return own + ("the terminal's colours" if theme.ansi else "dark" if theme.dark else "light")


def read_theme(file: Path) -> Theme:
    """The theme in one file, checked. Raises ConfigError naming file, line where there is one, and key."""
    try:
        text = file.read_text(encoding="utf-8")
        data = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{file}: {error}", "mend the theme or choose another with [ui] theme") from error
    return _theme(file, text, data)


def _theme(file: Path, text: str, data: dict[str, object]) -> Theme:
    colours = data.get("colours")
    if not isinstance(colours, dict):
        raise ConfigError(f"{file}: [colours] is missing", "a theme is a table of colours; copy a shipped one")
    for key in data.keys() - {"dark", "colours"}:
        raise _problem(file, text, key, "is not a key of a theme", "a theme has dark and [colours]")
    if not isinstance(is_dark := data.get("dark", True), bool):
        raise _problem(file, text, "dark", "must be true or false")
    for key, value in colours.items():
        if key not in PALETTE and key not in OWN:
            raise _problem(file, text, key, "is not a colour of a theme", _nearest(key))
        if not isinstance(value, str) or not _is_colour(value):
            raise _problem(file, text, key, f"must be a colour like #86b1e8 or ansi_cyan, not {value!r}")
    if missing := [key for key in (*PALETTE, *OWN) if key not in colours]:
        raise ConfigError(
            f"{file}: missing colours: {', '.join(missing)}", "a theme names every colour; copy a shipped one"
        )
    return _textual_theme(file.stem, is_dark, colours)


def _is_colour(value: str) -> bool:
    return value in _ANSI or (len(value) == 7 and value[0] == "#" and _HEX_DIGITS.issuperset(value[1:]))


def _textual_theme(name: str, is_dark: bool, colours: dict[str, str]) -> Theme:
    """Our colours, and the Textual variables that would otherwise be mixed from them."""
    own = {key: colours[key] for key in (*OWN, "surface", "panel")}
    return Theme(
        name=name,
        dark=is_dark,
        primary=colours["primary"],
        secondary=colours["secondary"],
        accent=colours["accent"],
        foreground=colours["foreground"],
        background=colours["background"],
        surface=colours["surface"],
        panel=colours["panel"],
        success=colours["success"],
        warning=colours["warning"],
        error=colours["error"],
        text_alpha=1.0,
        ansi=any(colour.startswith("ansi_") for colour in colours.values()),
        variables={
            **own,
            "ansi-background": colours["background"],
            "ansi-foreground": colours["foreground"],
            "text": colours["foreground"],
            "text-muted": colours["thinking"],
            "text-disabled": colours["thinking"],
            "text-primary": colours["primary"],
            "text-warning": colours["warning"],
            "text-error": colours["error"],
            "text-success": colours["success"],
            "border": colours["route"],
            "border-blurred": colours["rule"],
            "scrollbar": colours["rule"],
            "scrollbar-hover": colours["thinking"],
            "scrollbar-active": colours["route"],
            "scrollbar-background": colours["surface"],
            "scrollbar-background-hover": colours["surface"],
            "scrollbar-background-active": colours["surface"],
            "scrollbar-corner-color": colours["surface"],
            "input-cursor-background": colours["foreground"],
            "input-cursor-foreground": colours["background"],
            "input-selection-background": colours["selection"],
            "input-selection-foreground": colours["selection-text"],
            "screen-selection-background": colours["selection"],
            "screen-selection-foreground": colours["selection-text"],
            "block-cursor-background": colours["selection"],
            "block-cursor-foreground": colours["selection-text"],
            "block-cursor-text-style": "bold",
        },
    )


def _problem(file: Path, text: str, key: str, problem: str, hint: str = "") -> ConfigError:
    line = next(
        (number for number, row in enumerate(text.splitlines(), 1) if re.match(rf'\s*"?{re.escape(key)}"?\s*=', row)),
        None,
    )
    where = f"{file}, line {line}" if line else str(file)
    return ConfigError(f"{where}: {key} {problem}", hint)


def _nearest(key: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, (*PALETTE, *OWN), n=1)
    return f"did you mean {near[0]}?" if near else f"colours: {', '.join((*PALETTE, *OWN))}"
