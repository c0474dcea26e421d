"""One registry of commands: what the contract asks for is there, and everything that names a command finds it."""

from __future__ import annotations

import pytest

from hawkmoth_tui.commands.registry import all_commands, find, is_command
from hawkmoth_tui.core.errors import UnknownCommand
from hawkmoth_tui.ui.choosing import palette_entries
from hawkmoth_tui.ui.keys import GROUPS, key_name

CONTRACT = "new model policy why cost stop retry continue edit attach system set sessions rename fork export theme keys help quit"
"""design.md §8."""


def test_every_command_of_the_contract_is_there() -> None:
    assert set(CONTRACT.split()) <= {command.name for command in all_commands()}


def test_every_command_says_what_it_does_and_names_a_key_that_exists() -> None:
    ids = {key.id for group in GROUPS for key in group}

    for command in all_commands():
        assert command.help
        assert not command.help.endswith(".")
        assert command.key in ids | {""}, command.name


def test_a_key_that_runs_a_command_belongs_to_it() -> None:
    """Otherwise the palette would show the command without its key, and the key a second time."""
    for group in GROUPS:
        for key in group:
            if key.action.startswith("command('/") and not key.id.startswith(
                ("leader.", "tab.", "app.leave", "version.previous")
            ):
                name = key.action.removeprefix("command('/").split("'")[0].split()[0]
                assert find(name).key == key.id, key.id


def test_the_palette_has_every_command_with_its_key_in_force() -> None:
    entries = palette_entries(all_commands(), {"model.pick": "f9"})

    for command in all_commands():
        assert entries[f"/{command.name}"].usage == command.usage
    assert entries["/model"].key == "F9"
    assert entries["/rename"].key == key_name("session.rename", {})


@pytest.mark.parametrize(
    ("typed", "found"), [("model", "model"), ("mod", "model"), ("ren", "rename"), ("edit", "edit")]
)
def test_a_command_is_found_by_its_name_or_a_beginning_that_only_it_has(typed: str, found: str) -> None:
    assert find(typed).name == found


@pytest.mark.parametrize(("typed", "near"), [("modle", "/model"), ("se", "/sessions"), ("xyzzy", "/help")])
def test_an_unknown_command_names_the_nearest(typed: str, near: str) -> None:
    with pytest.raises(UnknownCommand) as caught:
        find(typed)

    assert f"/{typed}" in caught.value.message
    assert near in caught.value.hint


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("/model", True),
        ("/model lab/x", True),
        ("/etc/hosts is odd", False),
        ("/ what", False),
        ("/model\nand more", False),
        ("say /model", False),
        ("/2", False),
        ("", False),
    ],
)
def test_a_path_and_a_longer_text_are_no_commands(text: str, is_one: bool) -> None:
    assert is_command(text) is is_one
