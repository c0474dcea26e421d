"""Roles and templates: the user's own texts, their variables, and errors by file and line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hawkmoth_tui.core.errors import ConfigError, UserError
from hawkmoth_tui.engine.templates import TemplateKind, load, names

if TYPE_CHECKING:
    from pathlib import Path

TOML = '''about = "a letter"
text = """
Dear {{name}}, {{ word }} and {{name}}.
"""
[values]
word = "thanks"
'''


def test_variables_are_asked_for_once_and_replaced_once(tmp_path: Path) -> None:
    (tmp_path / "letter.toml").write_text(TOML)

    letter = load(tmp_path, TemplateKind.TEMPLATE, "letter")

    assert letter.variables == ("name", "word")
    assert letter.values == {"word": "thanks"}
    assert letter.filled({"name": "{{word}}", "word": "greetings"}) == "Dear {{word}}, greetings and {{word}}."


def test_markdown_is_a_template_unless_its_name_says_role(tmp_path: Path) -> None:
    (tmp_path / "review.role.md").write_text("You review {{language}}.\n")
    (tmp_path / "plan.md").write_text("Plan this.")
    (tmp_path / "notes.txt").write_text("nothing of ours")

    assert names(tmp_path, TemplateKind.ROLE) == ("review",)
    assert names(tmp_path, TemplateKind.TEMPLATE) == ("plan",)
    assert load(tmp_path, TemplateKind.ROLE, "review").text == "You review {{language}}."


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('text = "a"\nkin = "role"\n', "line 2: kin is no key"),
        ('about = "a"\ntext = ""\n', "line 2: text must be"),
        ('text = "a"\nkind = "rule"\n', "line 2: kind must be template or role"),
        ('text = "a"\n[values]\nx = 1\n', "line 2: values must be"),
        ('text = "a\n', "line 1"),
    ],
)
def test_what_is_wrong_in_a_file_is_said_with_its_line(tmp_path: Path, toml: str, told: str) -> None:
    (tmp_path / "bad.toml").write_text(toml)

    assert names(tmp_path, TemplateKind.TEMPLATE) == ("bad",)
    with pytest.raises(ConfigError, match=told):
        load(tmp_path, TemplateKind.TEMPLATE, "bad")


def test_a_name_that_nothing_has_tells_the_others_or_the_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="there is no role cook") as alone:
        load(tmp_path / "prompts", TemplateKind.ROLE, "cook")
    (tmp_path / "plan.role.md").write_text("Plan.")
    with pytest.raises(UserError) as beside:
        load(tmp_path, TemplateKind.ROLE, "cook")

    assert "prompts" in alone.value.hint
    assert beside.value.hint == "choose one of plan"
