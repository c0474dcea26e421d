"""The configuration as a whole: its layers, its strictness, and what it says about a mistake."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import ConfigError
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS
from hawkmoth_tui.settings.load import Loaded, load
from hawkmoth_tui.settings.schema import PolicyName, Preference, Profile, Protocol, Settings, Timeouts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

WHOLE = """
[providers.lab]
protocol = "openai-chat"
base_url = "http://127.0.0.1:8000/v1"
api_key  = "env:LAB_API_KEY"
profile  = "vllm"
ca_file  = ""
headers  = { "X-Team" = "moths" }
idle_s   = 3

[[providers.lab.models]]
id = "small-model"
lane = "economy"
context_tokens = 32_768
input_usd_per_mtok = "0.10"
output_usd_per_mtok = 0.40
capabilities = ["tools", "vision"]
quality = 0.55

[routing]
default = "auto"
policy = "cheapest"
prefer = [{ task = "coding", model = "ollama/qwen-coder" }]
slots = ["lab/small-model"]

[timeouts]
connect_s = 2.5

[budget]
day_usd = 10
warn_at = 0.9

[keys]
"model.pick" = "f2"
route.why = "f4"
"""


def configured(
    home: Path, text: str = "", *, env: Mapping[str, str] | None = None, flags: Mapping[str, str] | None = None
) -> Loaded:
    """What `load` makes of this file, these flags and these variables."""
    if text:
        (home / "config.toml").write_text(text, "utf-8")
    return load({"HAWKMOTH_HOME": str(home), **(env or {})}, flags or {})


def refusal(
    home: Path, text: str = "", *, env: Mapping[str, str] | None = None, flags: Mapping[str, str] | None = None
) -> str:
    """What `load` says against it, the file's name cut from the path."""
    with pytest.raises(ConfigError) as caught:
        configured(home, text, env=env, flags=flags)
    return str(caught.value).replace(str(home) + "/", "")


def test_without_a_file_everything_has_its_default(home: Path) -> None:
    loaded = configured(home)

    assert loaded.settings.routing == Settings().routing
    assert loaded.settings.providers == {entry.name: entry for entry in BUILTIN_PROVIDERS}
    assert set(loaded.origins.values()) == {"built-in"}
    assert not loaded.paths.config_file.exists()


def test_every_part_of_a_whole_file_is_read(home: Path) -> None:
    settings = configured(home, WHOLE).settings
    lab = settings.providers["lab"]
    model = lab.models[0]

    assert (lab.name, lab.protocol, lab.api_key, lab.profile) == (
        "lab",
        Protocol.OPENAI_CHAT,
        "env:LAB_API_KEY",
        "vllm",
    )
    assert lab.headers == {"X-Team": "moths"}
    assert lab.ca_file is None
    assert not lab.is_builtin
    assert (model.id, model.lane, model.context_tokens, model.max_output_tokens) == (
        "small-model",
        "economy",
        32768,
        None,
    )
    assert (model.input_usd_per_mtok, model.output_usd_per_mtok) == (Decimal("0.10"), Decimal("0.40"))
    assert (model.capabilities, model.quality) == (("tools", "vision"), Decimal("0.55"))
    assert settings.routing.policy is PolicyName.CHEAPEST
    assert settings.routing.prefer == (Preference("coding", "ollama/qwen-coder"),)
    assert settings.routing.slots == ("lab/small-model",)
    assert (settings.budget.day_usd, settings.budget.warn_at) == (Decimal(10), Decimal("0.9"))
    assert settings.keys == {"model.pick": "f2", "route.why": "f4"}


def test_a_provider_has_the_common_deadlines_with_its_own_over_them(home: Path) -> None:
    settings = configured(home, WHOLE).settings

    assert settings.timeouts == Timeouts(connect_s=2.5)
    assert settings.providers["lab"].timeouts == Timeouts(connect_s=2.5, idle_s=3.0)
    assert settings.providers["together"].timeouts == Timeouts(connect_s=2.5)


def test_later_layers_win_value_by_value(home: Path) -> None:
    text = '[routing]\npolicy = "best"\ndefault = "lab/a"\n[ui]\ntheme = "paper"'
    env = {"HAWKMOTH_ROUTING__POLICY": "fast", "HAWKMOTH_UI__PROFILE": "ssh"}

    loaded = configured(home, text, env=env, flags={"routing.policy": "private"})

    assert loaded.settings.routing.policy is PolicyName.PRIVATE
    assert loaded.settings.routing.default == "lab/a"
    assert (loaded.settings.ui.theme, loaded.settings.ui.profile) == ("paper", Profile.SSH)


def test_every_value_says_where_it_came_from(home: Path) -> None:
    env = {"HAWKMOTH_UI__THEME": "paper"}

    loaded = configured(home, WHOLE, env=env, flags={"routing.policy": "best"})

    def line(start: str) -> int:
        return next(number for number, text in enumerate(WHOLE.splitlines(), 1) if text.startswith(start))

    file = loaded.paths.config_file
    assert loaded.origins["routing.default"] == f"{file}:{line('default = ')}"
    assert loaded.origins["providers.lab.models[0].quality"] == f"{file}:{line('quality = ')}"
    assert loaded.origins["routing.policy"] == "flag"
    assert loaded.origins["ui.theme"] == "env HAWKMOTH_UI__THEME"
    assert loaded.origins["providers.together.base_url"] == "built-in"
    assert "session.finish_after_hangup_s" not in loaded.origins


def test_a_table_lends_its_line_to_no_default_in_it(home: Path) -> None:
    origins = configured(home, WHOLE).origins

    assert origins.keys().isdisjoint({"routing", "routing.judge", "providers.lab", "providers.lab.models[0]"})


def test_a_table_for_a_built_in_provider_changes_only_what_it_names(home: Path) -> None:
    together = configured(home, "[providers.together]\nidle_s = 7").settings.providers["together"]

    assert together.base_url == "https://api.together.xyz/v1"
    assert together.profile == "together"
    assert together.is_builtin
    assert together.timeouts.idle_s == 7


def test_a_built_in_provider_that_moves_loses_its_vendors_quirks(home: Path) -> None:
    text = '[providers.together]\nbase_url = "http://127.0.0.1:1/v1"'

    together = configured(home, text).settings.providers["together"]

    assert (together.base_url, together.profile, together.protocol) == (
        "http://127.0.0.1:1/v1",
        None,
        Protocol.OPENAI_CHAT,
    )


def test_a_demo_provider_needs_no_address(home: Path) -> None:
    assert configured(home, '[providers.play]\nprotocol = "demo"').settings.providers["play"].base_url == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[routing]\npolcy = 'best'", "config.toml, line 2: routing.polcy is not a setting: did you mean policy?"),
        ("[rooting]\n", "config.toml, line 1: rooting is not a setting: did you mean routing?"),
        ("\n\ntheme = 'x'", "config.toml, line 3: theme stands outside its table: put it under [ui]"),
        (
            "[routing]\npolicy = 'chepest'",
            'policy must be one of cheapest, balanced, best, fast, private, not "chepest": did you mean cheapest?',
        ),
        ("[retries]\nmax = 11", "config.toml, line 2: retries.max must be from 0 to 10, not 11"),
        ("[retries]\nmax = '2'", 'config.toml, line 2: retries.max must be a whole number, not "2"'),
        ("[retries]\nmax = true", "config.toml, line 2: retries.max must be a whole number, not true"),
        ("[timeouts]\nconnect_s = 0", "config.toml, line 2: timeouts.connect_s must be greater than 0, not 0"),
        (
            "[session]\nfinish_after_hangup_s = -1",
            "config.toml, line 2: session.finish_after_hangup_s must be 0 or more, not -1",
        ),
        ("[generation]\ntemperature = 2.5", "config.toml, line 2: generation.temperature must be from 0 to 2, not 2.5"),
        ("[budget]\nwarn_at = 80", "config.toml, line 2: budget.warn_at must be from 0 to 1, not 80"),
        ("[budget]\nday_usd = -1", "config.toml, line 2: budget.day_usd must be 0 or more, in USD, not -1"),
        (
            "[budget]\nday_usd = '$5'",
            'day_usd must be a number, not "$5": write it with a point and without signs or units, as in "0.25"',
        ),
        ("[budget]\nday_usd = nan", "config.toml, line 2: budget.day_usd must be a number, not NaN"),
        (
            "[budget]\nday_usd = 0.0000000000001",
            "config.toml, line 2: budget.day_usd must be an amount of at most 12 decimals, not 1E-13",
        ),
        ("routing = 3", "config.toml, line 1: routing must be a table: write [routing] above its keys"),
        ("[routing]\nallow = 'x'", 'config.toml, line 2: routing.allow must be a list in brackets, not "x"'),
        ("[routing]\nallow = ['a',\n 3]", "config.toml, line 3: routing.allow[1] must be text in quotes, not 3"),
        (
            "[routing]\nslots = ['small']",
            'config.toml, line 2: routing.slots[0] must be a model as provider/model-id, not "small"',
        ),
        ("[routing]\nprefer = [{task = 'x'}]", "config.toml, line 2: routing.prefer[0] has no model: add model = …"),
        ("[keys]\nx = 3", "config.toml, line 2: keys.x must be text in quotes, not 3"),
        (
            "[providers.lab]\nbase_url = 'http://x'",
            "config.toml, line 1: providers.lab has no protocol: add protocol =",
        ),
        (
            "[providers.lab]\nprotocol = 'ollama'",
            'config.toml, line 1: providers.lab has no base_url: add base_url = "https://…"',
        ),
        (
            "[providers.'a/b']\n",
            'config.toml, line 1: "a/b" cannot name a provider: use a name without spaces and slashes',
        ),
        (
            "[providers.together]\nis_builtin = true",
            "config.toml, line 2: providers.together.is_builtin is not a setting",
        ),
        (
            "[providers.together]\nbase_url = 'ftp://x'",
            "config.toml, line 2: providers.together.base_url must be a URL",
        ),
        ("[providers.together]\nbase_url = 'https://u:p@x'", "must be a URL without a user or a key in it"),
        (
            "[[providers.together.models]]\nid = 'a'\n[[providers.together.models]]\nid = 'b'\nlain = 'x'",
            "config.toml, line 5: providers.together.models[1].lain is not a setting: did you mean lane?",
        ),
        (
            "[[providers.together.models]]\nid = 'a'\n[[providers.together.models]]\nid = 'a'",
            "providers.together.models must be models with an id each; a is there twice",
        ),
        ("[routing]\npolicy = ", "config.toml, line 2: this is not TOML: Invalid value"),
        ("x = 'a'\nx = 'b'", "config.toml, line 2: this is not TOML: Cannot overwrite a value"),
        ("[budget]\nday_usd = 1e999999999999", "config.toml is nested too deeply or holds an impossible number"),
        ("x = " + "[" * 5000, "config.toml is nested too deeply or holds an impossible number"),
    ],
)
def test_a_mistake_is_one_line_that_names_its_place(home: Path, text: str, message: str) -> None:
    said = refusal(home, text)

    assert message in said
    assert "\n" not in said
    assert (home / "config.toml").read_text("utf-8") == text


@pytest.mark.parametrize(
    "key", ["sk-abcdefghijklmnop", "0123456789abcdef", "env:", "env:A B", "command:", "keyring:x", "ENV:X"]
)
def test_what_is_no_source_of_keys_is_refused_and_never_repeated(home: Path, key: str) -> None:
    said = refusal(home, f"[providers.together]\napi_key = '{key}'")

    assert "providers.together.api_key must be env:NAME, command:CMD, keyring or none" in said
    assert key not in said.replace("env:NAME, command:CMD", "")


@pytest.mark.parametrize("key", ["env:LAB_KEY", "command:pass show lab", "keyring", "none"])
def test_sources_of_keys_are_accepted(home: Path, key: str) -> None:
    assert configured(home, f"[providers.together]\napi_key = '{key}'").settings.providers["together"].api_key == key


@pytest.mark.parametrize(
    ("env", "message"),
    [
        ({"HAWKMOTH_UI__THEM": "x"}, "HAWKMOTH_UI__THEM: ui.them is not a setting: did you mean theme?"),
        ({"HAWKMOTH_RUTING__POLICY": "x"}, "HAWKMOTH_RUTING__POLICY: ruting is not a section: did you mean routing?"),
        ({"HAWKMOTH_KEYS__X": "x"}, "HAWKMOTH_KEYS__X: no variable sets keys: set it under [keys] in config.toml"),
        ({"HAWKMOTH_UI__A__B": "x"}, "HAWKMOTH_UI__A__B is not the name of a setting: the form is HAWKMOTH_UI__FIELD"),
        ({"HAWKMOTH_RETRIES__MAX": "many"}, 'HAWKMOTH_RETRIES__MAX: retries.max must be a whole number, not "many"'),
        (
            {"HAWKMOTH_ROUTING__PREFER": "[{"},
            "HAWKMOTH_ROUTING__PREFER: routing.prefer is not a list as TOML writes it",
        ),
        ({"HAWKMOTH_ROUTING__SLOTS": "a/b, c"}, 'routing.slots[1] must be a model as provider/model-id, not "c"'),
    ],
)
def test_a_wrong_variable_is_named(home: Path, env: dict[str, str], message: str) -> None:
    assert message in refusal(home, env=env)


def test_a_wrong_option_is_named(home: Path) -> None:
    said = refusal(home, flags={"ui.profile": "big"})

    assert said == 'command line: ui.profile must be one of auto, full, ssh, plain, not "big"'


def test_variables_speak_every_kind_of_value(home: Path) -> None:
    settings = configured(
        home,
        env={
            "HAWKMOTH_RETRIES__MAX": "0",
            "HAWKMOTH_TIMEOUTS__IDLE_S": "0.5",
            "HAWKMOTH_BUDGET__DAY_USD": "0.30",
            "HAWKMOTH_BUDGET__MONTH_USD": "",
            "HAWKMOTH_ROUTING__ALLOW": "lab/*, ollama/*",
            "HAWKMOTH_ROUTING__DENY": '["x/y"]',
            "HAWKMOTH_ROUTING__PREFER": '[{task = "coding", model = "a/b"}]',
            "HAWKMOTH_GENERATION__SYSTEM": " be brief ",
            "HAWKMOTH_PROVIDERS__TOGETHER__BASE_URL": "http://127.0.0.1:9/v1",
        },
    ).settings

    assert settings.retries.max == 0
    assert settings.timeouts.idle_s == 0.5
    assert (settings.budget.day_usd, settings.budget.month_usd) == (Decimal("0.30"), None)
    assert settings.routing.allow == ("lab/*", "ollama/*")
    assert settings.routing.deny == ("x/y",)
    assert settings.routing.prefer == (Preference("coding", "a/b"),)
    assert settings.generation.system == " be brief "
    assert settings.providers["together"].base_url == "http://127.0.0.1:9/v1"


def test_other_variables_of_ours_are_not_settings(home: Path) -> None:
    assert configured(home, env={"HAWKMOTH_FULL": "1", "HAWKMOTH_BENCH_DIR": "x"}).settings.ui == Settings().ui


def test_every_setting_of_every_section_can_be_set_by_a_variable_of_its_own(home: Path) -> None:
    defaults = Settings()
    sections = [item.name for item in fields(defaults) if is_dataclass(getattr(defaults, item.name))]
    for section in sections:
        for item in fields(getattr(defaults, section)):
            said = ""
            try:
                configured(home, env={f"HAWKMOTH_{section}__{item.name}".upper(): "\x00"})
            except ConfigError as error:
                said = str(error)
            assert "is not a setting" not in said


def test_flags_reach_into_tables_whose_names_hold_dots(home: Path) -> None:
    text = '[providers."v1.2"]\nprotocol = "ollama"\nbase_url = "http://127.0.0.1"'
    flags = {"providers.v1.2.base_url": "http://127.0.0.1:2", "keys.model.pick": "f9"}

    settings = configured(home, text, flags=flags).settings

    assert settings.providers["v1.2"].base_url == "http://127.0.0.1:2"
    assert settings.keys == {"model.pick": "f9"}


def test_a_file_with_a_mark_and_foreign_line_ends_is_read(home: Path) -> None:
    (home / "config.toml").write_bytes(b"\xef\xbb\xbf[ui]\r\ntheme = 'paper'\r\n")

    assert load({"HAWKMOTH_HOME": str(home)}).settings.ui.theme == "paper"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[ui]\ntheme = '\xff'", "config.toml, line 2: this is not UTF-8 text"),
        (b"#" * 1_000_001, "config.toml is larger than 1,000,000 bytes"),
    ],
)
def test_a_file_that_is_no_configuration_is_left_alone(home: Path, content: bytes, message: str) -> None:
    (home / "config.toml").write_bytes(content)

    assert message in refusal(home)
    assert (home / "config.toml").read_bytes() == content


def test_a_folder_in_the_files_place_is_named(home: Path) -> None:
    (home / "config.toml").mkdir()

    assert "config.toml is a folder, not a file" in refusal(home)


@pytest.mark.parametrize("folder", ["x" * 5000, "a/\x00b"])
def test_a_home_that_cannot_be_looked_at_is_one_clear_line(folder: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml cannot be read"):
        load({"HAWKMOTH_HOME": f"/{folder}"})


def test_a_home_that_is_a_file_holds_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert load({"HAWKMOTH_HOME": str(tmp_path / "file")}).settings.ui == Settings().ui
