"""README, docs, F1 help and --help say the same: the tables of docs/reference.md are those of the program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hawkmoth_tui.commands.registry import all_commands
from hawkmoth_tui.headless.grammar import COMMANDS
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS, KEY_VARIABLES
from hawkmoth_tui.settings.schema import Settings
from hawkmoth_tui.ui.keys import GROUPS, LEADER, shown

TREE = Path(__file__).parent.parent
REFERENCE = TREE / "docs" / "reference.md"
README = TREE / "README.md"


def keys_table() -> str:
    rows = ["| keys | does | id |", "| --- | --- | --- |"]
    for group in GROUPS:
        lead = "Ctrl+X " if group is LEADER else ""
        for key in group:
            names = " or ".join(lead + shown(name) for name in key.keys.split(","))
            rows.append(f"| {names} | {key.does} | `{key.id}` |")
    return "\n".join(rows)


def commands_table() -> str:
    rows = ["| command | does |", "| --- | --- |"]
    return "\n".join([*rows, *(f"| `{command.usage}` | {command.help} |" for command in all_commands())])


def command_line_table() -> str:
    rows = ["| command | does |", "| --- | --- |"]
    return "\n".join([*rows, *(f"| `hawkmoth {name}` | {what} |" for name, what in COMMANDS.items())])


TABLES = {"keys": keys_table, "commands": commands_table, "command-line": command_line_table}


@pytest.mark.parametrize("name", TABLES)
def test_the_reference_has_the_programs_own_table(name: str) -> None:
    assert f"<!-- {name} -->\n\n{TABLES[name]()}\n" in REFERENCE.read_text(encoding="utf-8")


def test_the_readme_names_every_variable_of_a_built_in_provider() -> None:
    readme = README.read_text(encoding="utf-8")

    for provider in BUILTIN_PROVIDERS:
        for variable in KEY_VARIABLES.get(provider.name, ()):
            assert f"`{variable}`" in readme


def test_every_command_that_the_readme_types_exists() -> None:
    typed = set(re.findall(r"hawkmoth ([a-z]+)", README.read_text(encoding="utf-8")))

    assert typed <= set(COMMANDS)


def test_every_key_that_the_readme_names_is_one_of_the_program() -> None:
    readme = README.read_text(encoding="utf-8")
    plain = {shown(name) for group in GROUPS if group is not LEADER for key in group for name in key.keys.split(",")}
    led = {f"Ctrl+X {shown(name)}" for key in LEADER for name in key.keys.split(",")}

    named = set(re.findall(r"\bF\d+\b|\b(?:Ctrl|Alt)\+\S+\b(?: [a-z1-9]\b)?", readme))

    assert {"F2", "Ctrl+X r"} <= named
    assert named <= plain | led


def test_every_setting_that_the_readme_names_under_a_table_exists() -> None:
    named = re.findall(r"`(\w+)` under `\[(\w+)\]`", README.read_text(encoding="utf-8"))

    assert named
    for field, table in named:
        assert hasattr(getattr(Settings(), table), field), f"[{table}] {field}"


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for page in (README, *sorted((TREE / "docs").glob("*.md"))):
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def write() -> None:
    """Put the program's tables into the page: `python -m tests.test_documents`."""
    text = REFERENCE.read_text(encoding="utf-8")
    for marker, table in TABLES.items():
        mark = f"<!-- {marker} -->\n"
        before, _, after = text.partition(mark)
        rest = re.sub(r"\A\n(\|.*\n)*\n?", "", after)
        text = f"{before}{mark}\n{table()}\n\n{rest}"
    REFERENCE.write_text(text.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
