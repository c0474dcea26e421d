"""Themes as data: shipped ones are whole and readable, broken ones say where."""

from __future__ import annotations

from pathlib import Path

import pytest

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.ui.theming import GROUNDS, OWN, PALETTE, TEXT, load_theme, read_theme, theme_names

SHIPPED = Path(__file__).parents[2] / "themes"
NAMES = theme_names([SHIPPED])


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def colours(name: str) -> dict[str, str]:
    theme = load_theme(name, [SHIPPED])
    palette = {key: str(getattr(theme, key)) for key in PALETTE}
    return palette | {key: theme.variables[key] for key in OWN}


def test_the_two_first_themes_ship() -> None:
    assert {"hawkmoth", "paper"} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("ground", GROUNDS)
def test_every_text_colour_can_be_read_on_every_ground(name: str, ground: str) -> None:
    shown = colours(name)

    poor = {
        key: round(contrast(shown[key], shown[ground]), 2) for key in TEXT if contrast(shown[key], shown[ground]) < 4.5
    }

    assert poor == {}


@pytest.mark.parametrize("name", NAMES)
def test_selected_text_can_be_read(name: str) -> None:
    shown = colours(name)

    assert contrast(shown["foreground"], shown["selection"]) >= 4.5


def test_the_users_folder_wins(tmp_path: Path) -> None:
    (tmp_path / "paper.toml").write_text((SHIPPED / "hawkmoth.toml").read_text())

    assert load_theme("paper", [tmp_path, SHIPPED]).dark


def test_an_unknown_theme_names_those_there_are() -> None:
    with pytest.raises(ConfigError, match=r"no theme is called moon: themes: .*hawkmoth.*paper"):
        load_theme("moon", [SHIPPED])


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'primary = "#86b1e8"',
            'primary = "blue"',
            r"broken\.toml, line 9: primary must be a colour like #86b1e8, not 'blue'",
        ),
        (
            'primary = "#86b1e8"',
            'primery = "#86b1e8"',
            r"broken\.toml, line 9: primery is not a colour .*did you mean primary\?",
        ),
        ('primary = "#86b1e8"\n', "", r"broken\.toml: missing colours: primary"),
        ("dark = true", "dark = 1", r"broken\.toml, line 2: dark must be true or false"),
        ("dark = true", "drak = true", r"broken\.toml, line 2: drak is not a key"),
        ("[colours]", "[colors]", r"broken\.toml: \[colours\] is missing"),
        ("dark = true", "dark = = true", r"broken\.toml: .*line 2"),
    ],
)
def test_a_broken_theme_says_where(tmp_path: Path, old: str, new: str, words: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_text((SHIPPED / "hawkmoth.toml").read_text().replace(old, new))

    with pytest.raises(ConfigError, match=words):
        read_theme(file)
