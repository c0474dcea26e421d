"""The configuration as it was read: every value with its origin, no key among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hawkmoth_tui.headless.config import every_setting, value_text
from hawkmoth_tui.settings.load import load
from tests.headless.shell import hawkmoth

if TYPE_CHECKING:
    from pathlib import Path

FILE = """
[providers.lab]
protocol = "openai-chat"
base_url = "https://api.lab.example/v1"
api_key = "env:LAB_KEY"
proxy = "http://user:hunter2hunter2@proxy.example:3128"
headers = { X-Key = "hunter2hunter2" }
idle_s = 7
[[providers.lab.models]]
id = "m"
input_usd_per_mtok = "0.10"
[routing]
allow = ["lab/*"]
prefer = [{ task = "coding", model = "lab/m" }]
[keys]
"model.pick" = "f12"
"""


async def shown() -> dict[str, Any]:
    document = (await hawkmoth("config", "show", "--json")).document
    settings = document["settings"]
    assert isinstance(settings, dict)
    return settings


async def test_each_value_says_where_it_came_from(home: Path) -> None:
    (home / "config.toml").write_text(FILE)
    done = await hawkmoth("config", "show", HAWKMOTH_UI__THEME="paper")

    lines = {line.split()[0]: line for line in done.text.splitlines()}

    assert lines["routing.policy"].split()[1:] == ['"balanced"', "default"]
    assert lines["ui.theme"].split()[1:] == ['"paper"', "env", "HAWKMOTH_UI__THEME"]
    assert lines["providers.lab.base_url"].endswith("config.toml:4")
    assert lines["providers.lab.idle_s"].split()[1] == "7"
    assert lines["providers.lab.models[0].input_usd_per_mtok"].split()[1] == '"0.10"'
    assert lines["providers.openai.base_url"].endswith("built-in")
    assert lines["keys.model.pick"].split()[1] == '"f12"'
    assert "config.toml" in lines["routing.prefer[0].model"]


async def test_the_document_holds_values_and_origins(home: Path) -> None:
    (home / "config.toml").write_text(FILE)

    settings = await shown()

    assert settings["routing.policy"] == {"value": "balanced", "origin": "default"}
    assert settings["routing.allow"]["value"] == ["lab/*"]
    assert settings["budget.day_usd"] == {"value": None, "origin": "default"}
    assert settings["timeouts.idle_s"]["value"] == 120


async def test_no_secret_is_shown(home: Path) -> None:
    (home / "config.toml").write_text(FILE)

    people, programs = await hawkmoth("config", "show"), await hawkmoth("config", "show", "--json")

    assert "hunter2" not in people.text + programs.text
    assert "env:LAB_KEY" in people.text


async def test_a_good_file_is_fine(home: Path) -> None:
    (home / "config.toml").write_text(FILE)

    done = await hawkmoth("config", "check")
    document = (await hawkmoth("config", "check", "--json")).document

    assert done.text.startswith(f"{home}/config.toml: fine, ")
    assert (document["ok"], document["has_file"]) == (True, True)


async def test_no_file_is_fine_too() -> None:
    assert "not there, which is fine" in (await hawkmoth("config", "check")).text


async def test_a_mistake_names_file_line_and_the_nearest_key(home: Path) -> None:
    (home / "config.toml").write_text("[routing]\npolicie = 'best'\n")

    done = await hawkmoth("config", "check")

    assert (done.code, done.out) == (2, b"")
    assert "config.toml, line 2" in done.said
    assert "policy" in done.said


async def test_the_places_are_told(home: Path) -> None:
    done = await hawkmoth("config", "path")
    document = (await hawkmoth("config", "path", "--json")).document

    assert f"store   {home}/hawkmoth.db" in done.text
    assert list(document) == ["config", "store", "log", "themes", "cache"]


def test_every_setting_of_the_schema_is_there(home: Path) -> None:
    names = {setting.name for setting in every_setting(load({"HAWKMOTH_HOME": str(home)}))}

    assert {"routing.default", "generation.system", "timeouts.total_s", "retries.max", "budget.warn_at"} <= names
    assert not any(name.endswith((".name", ".is_builtin")) for name in names)


def test_values_read_as_in_the_file() -> None:
    assert [value_text(value) for value in (None, True, "a\nb", ("x", 1), 0.5, 120.0)] == [
        "–", "true", '"a\\nb"', '["x", 1]', "0.5", "120",
    ]  # fmt: skip
