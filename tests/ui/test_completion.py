"""Completion: what is offered for the word at the cursor, and what the keys do with it."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.commands.registry import all_commands
from hawkmoth_tui.commands.values import values_of
from hawkmoth_tui.settings.schema import PolicyName
from hawkmoth_tui.ui.completion import Kind, best_files, command_offers, word_before

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from hawkmoth_tui.commands.values import Value
    from tests.ui.conftest import Sitting

    SitDown = Callable[..., AbstractAsyncContextManager[Sitting]]


@pytest.mark.parametrize(
    ("line", "kind", "query"),
    [
        ("/", Kind.COMMAND, ""),
        ("/re", Kind.COMMAND, "re"),
        ("/rename some title", Kind.USAGE, "some title"),
        ("/attach ", Kind.ATTACHED, ""),
        ("/attach src/ma", Kind.ATTACHED, "src/ma"),
        ("@", Kind.FILE, ""),
        ("what does @src/ma", Kind.FILE, "src/ma"),
        ("(@x", Kind.FILE, "x"),
    ],
)
def test_what_is_being_typed(line: str, kind: Kind, query: str) -> None:
    word = word_before(line, is_only_line=True)

    assert word is not None
    assert (word.kind, word.query) == (kind, query)


@pytest.mark.parametrize("line", ["", "hello", "/usr/bin", "me@example", "a / b", "@a b", "1/2"])
def test_other_text_is_left_alone(line: str) -> None:
    assert word_before(line, is_only_line=True) is None


def test_a_slash_in_a_text_of_several_lines_is_no_command() -> None:
    assert word_before("/re", is_only_line=False) is None


def test_every_command_is_offered_with_its_usage_and_help() -> None:
    offers = command_offers("", all_commands())

    assert [offer.label for offer in offers] == [command.usage for command in all_commands()]
    assert all(offer.help for offer in offers)


def test_the_whole_name_comes_first_then_names_that_begin_with_it() -> None:
    names = [offer.insert.strip() for offer in command_offers("e", all_commands())]

    begins = [name.startswith("/e") for name in names]
    assert begins == sorted(begins, reverse=True)
    assert command_offers("why", all_commands())[0].insert == "/why"


def test_a_file_is_found_by_its_name_before_its_folder() -> None:
    paths = ["app/readme.txt", "src/deep/app.py", "a/p/p.txt", "src/my_app.py", "other"]

    assert best_files("app", paths) == ["src/deep/app.py", "src/my_app.py", "app/readme.txt", "a/p/p.txt"]


@given(st.lists(st.text(st.characters(codec="ascii", exclude_characters="/"), min_size=1)), st.text(max_size=5))
def test_files_that_fit_hold_every_letter_and_none_is_made_up(paths: list[str], query: str) -> None:
    found = best_files(query, paths)

    assert set(found) <= set(paths)
    assert all(set(query.lower()) <= set(path.lower()) for path in found)


async def test_a_slash_opens_the_list_and_typing_narrows_it(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press("/")
        await sitting.until(lambda: "/new" in sitting.screen_text() and "start a new session" in sitting.screen_text())

        await sitting.press(*"ren")
        await sitting.until(lambda: "› /rename TITLE" in sitting.screen_text())

        assert "/new" not in sitting.screen_text()


async def test_tab_takes_the_marked_command_and_its_usage_stays_in_sight(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"/ren", "tab")

        assert sitting.written == "/rename "
        await sitting.until(lambda: "/rename TITLE: give" in sitting.screen_text())


async def test_what_a_command_may_be_given_is_offered_and_enter_runs_what_is_written(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        choices = sitting.app.conversation.composer.completer.choices
        await sitting.press(*"/policy ")
        await sitting.until(lambda: [offer.insert for offer in choices.offers] == [str(name) for name in PolicyName])
        await sitting.press("enter")
        await sitting.until(lambda: "the policy is" in sitting.notices)

        await sitting.press(*"/policy fa", "tab")
        assert sitting.written == "/policy fast"
        await sitting.press("enter")
        await sitting.until(lambda: "policy of this session is fast" in sitting.notices)

        await sitting.press(*"/policy ", "down", "enter")
        await sitting.until(lambda: f"policy of this session is {list(PolicyName)[1]}" in sitting.notices)

        await sitting.press(*"/once swi", "tab", "enter")
        await sitting.until(lambda: "the next turn goes to demo/swift" in sitting.notices)


async def test_sessions_are_offered_by_their_titles(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.ask("tell me about hawkmoths tokens=5 rate=0")
        assert sitting.desk.session is not None
        here = sitting.desk.session.id
        await sitting.send("/new")
        await sitting.until(lambda: sitting.desk.session is None)
        await sitting.press(*"/sessions hawkm", "tab")

        assert sitting.written == f"/sessions {here}"


async def test_tags_of_other_sessions_are_offered_and_those_of_this_one_taken_away(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        choices = sitting.app.conversation.composer.completer.choices
        await sitting.ask("the first tokens=5 rate=0")
        await sitting.send("/tag garden moths")
        await sitting.until(lambda: "tags: garden moths" in sitting.notices)
        await sitting.press(*"/untag mo", "tab", "enter")
        await sitting.until(lambda: sitting.notices == "tags: garden")
        await sitting.send("/new")
        await sitting.until(lambda: sitting.desk.session is None)
        await sitting.ask("the second tokens=5 rate=0")

        await sitting.press(*"/tag ")
        await sitting.until(lambda: [offer.insert for offer in choices.offers] == ["garden"])
        await sitting.press("tab", "enter")
        await sitting.until(lambda: sitting.notices == "tags: garden")
        await sitting.press(*"/tag ")
        assert choices.offers == ()


async def test_what_may_be_given_is_asked_for_once_for_a_word_and_not_with_every_key(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        composer, asked = sitting.app.conversation.composer, []
        values = composer.values

        def counted(command: str) -> tuple[Value, ...]:
            asked.append(command)
            return values(command)

        composer.values = counted
        await sitting.press(*"/model swift", *("backspace",) * 3)
        assert asked == ["model"]
        assert len(composer.completer.choices.offers) == 1

        composer.put("")
        await sitting.press(*"/policy f")
        assert asked == ["model", "policy"]


def test_values_are_listed_for_commands_that_there_are() -> None:
    source = inspect.getsource(values_of)
    names = re.findall(r'"(\w+)"', " ".join(line for line in source.splitlines() if "case" in line))

    assert set(names) <= {command.name for command in all_commands()}


async def test_the_usage_of_a_command_is_whole_on_a_narrow_screen(sit_down: SitDown) -> None:
    async with sit_down(size=(40, 24)) as sitting:
        await sitting.press(*"/rename ")
        await sitting.until(lambda: "/rename TITLE: give" in sitting.screen_text())
        await sitting.pilot.pause()

        assert "session a title" in " ".join(sitting.screen_text().split())


async def test_arrows_mark_another_command(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"/re", "down", "tab")
        second = sitting.written
        sitting.app.conversation.composer.put("")
        await sitting.press(*"/re", "up", "up", "tab")

        assert second.startswith("/re")
        assert second != sitting.written.strip() or second.startswith("/re")


async def test_enter_runs_a_command_that_needs_no_more_words(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"/hel", "enter")

        await sitting.until(lambda: sitting.app.screen is not sitting.app.conversation)


async def test_enter_waits_for_words_that_a_command_needs(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"/rena", "enter")

        assert sitting.written == "/rename "
        assert not sitting.notices


async def test_esc_closes_the_list_and_it_stays_closed_for_this_word(sit_down: SitDown) -> None:
    async with sit_down() as sitting:
        await sitting.press(*"/re")
        choices = sitting.app.conversation.composer.completer.choices
        await sitting.until(lambda: choices.is_open)
        await sitting.press("escape")
        await sitting.until(lambda: not choices.is_open)

        await sitting.press("n")
        assert not choices.is_open
        assert sitting.written == "/ren"

        await sitting.press("ctrl+u", "/")
        await sitting.until(lambda: choices.is_open)


async def test_a_file_is_named_with_at_and_attached(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "moth.py").write_text("print('moth')\n")
    (tmp_path / "secret.log").write_text("no")
    (tmp_path / ".gitignore").write_text("*.log\n")
    monkeypatch.chdir(tmp_path)
    async with sit_down() as sitting:
        await sitting.press(*"explain @")
        await sitting.until(lambda: "src/moth.py" in sitting.screen_text())
        assert "secret.log" not in sitting.screen_text()

        await sitting.press(*"moth", "tab")
        await sitting.until(lambda: "[moth.py 14 B]" in sitting.screen_text())
        assert sitting.written == "explain src/moth.py "
        await sitting.press(*"tokens=5 rate=0", "enter")
        await sitting.until(lambda: sitting.turns and not sitting.turns[-1].state.is_live)

        assert "moth.py:\n```py\nprint('moth')\n```" in sitting.turns[-1].prompt.text
        assert "[moth.py" not in sitting.screen_text().split("ready")[-1]


async def test_a_folder_that_is_gone_has_no_files(
    sit_down: SitDown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    async with sit_down() as sitting:
        gone.rmdir()
        await sitting.press("@")
        await sitting.until(lambda: "no files here" in sitting.screen_text())
