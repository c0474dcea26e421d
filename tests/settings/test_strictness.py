"""Whatever a file or a variable holds: settings that keep their promises, or one clear line. Never anything else."""

from __future__ import annotations

import string
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.charmap import visible
from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.settings.checking import read_sections, read_value
from hawkmoth_tui.settings.hints import keys_of
from hawkmoth_tui.settings.kinds import Money
from hawkmoth_tui.settings.layers import read_layers
from hawkmoth_tui.settings.providers import read_providers
from hawkmoth_tui.settings.schema import ModelSettings, ProviderSettings, Settings
from hawkmoth_tui.settings.source import Place, Told

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    import pytest

NOWHERE = Path("/nowhere/config.toml")

SECTIONS = [item.name for item in fields(Settings())]
KEYS = sorted(
    {key for name in SECTIONS if is_dataclass(section := getattr(Settings(), name)) for key in keys_of(type(section))}
    | keys_of(ProviderSettings).keys()
    | keys_of(ModelSettings).keys()
)

TEXTS = st.sampled_from(
    ["", "auto", "best", "openai-chat", "http://127.0.0.1/v1", "env:KEY", "0.5", "a/b", "*", "low", "tools", "nan"]
) | st.text(max_size=8)
SCALARS = TEXTS | st.booleans() | st.integers() | st.decimals(allow_nan=True, allow_infinity=True) | st.dates()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | TEXTS, inner, max_size=4),
    max_leaves=10,
)
TREES = st.dictionaries(
    st.sampled_from(SECTIONS), st.dictionaries(st.sampled_from(KEYS) | TEXTS, VALUES, max_size=5) | VALUES, max_size=4
)


def complaint(read: Callable[[], object]) -> str | None:
    """What reading says against its input, which must be one line that no terminal trips over; None when it went well."""
    try:
        read()
    except ConfigError as error:
        line = f"{error.message}{error.hint}"
        return error.message if line == visible(line) and "\n" not in line else f"not one line: {line!r}"
    return None


def check(tree: dict[str, object]) -> None:
    """Reads the tree and holds the settings to what their kinds promise."""
    top = Place(NOWHERE, {})
    settings = read_sections(tree, top)
    providers = read_providers(tree.get("providers", {}), settings.timeouts, top.inside("providers"))

    assert 0 <= settings.retries.max <= 10
    assert settings.timeouts.total_s > 0
    assert 0 <= settings.budget.warn_at <= 1
    assert all(provider.name == name and "/" not in name for name, provider in providers.items())
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in settings.keys.items())


@given(TREES)
def test_any_tree_of_values_gives_settings_or_one_clear_line(tree: dict[str, object]) -> None:
    said = complaint(lambda: check(tree))

    assert said is None or said.startswith("/nowhere/config.toml: ")


@given(st.text(string.printable, max_size=120))
def test_any_text_in_the_file_gives_settings_or_one_clear_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    file = tmp_path_factory.mktemp("home") / "config.toml"
    file.write_bytes(text.encode())

    said = complaint(lambda: read_layers(file, {}, {}))

    assert said is None or said.startswith(str(file))
    assert file.read_bytes() == text.encode()


@given(st.sampled_from(SECTIONS), st.sampled_from(KEYS), st.text(max_size=12))
def test_any_text_in_a_variable_gives_settings_or_one_clear_line(section: str, key: str, text: str) -> None:
    name = f"HAWKMOTH_{section}__{key}".upper()

    said = complaint(lambda: read_layers(NOWHERE, {name: text}, {}))

    assert said is None or said.startswith(name)


@given(st.decimals(0, 10**9, places=12))
def test_every_amount_is_read_with_all_its_digits(amount: Decimal) -> None:
    place = Place(NOWHERE, {}, ("budget", "day_usd"))
    text = f"{amount:f}"

    assert read_value(Money, text, place) == amount
    assert read_value(Money, Told(text, "X", "env X"), place) == amount
    assert read_value(Money, amount, place) == amount
