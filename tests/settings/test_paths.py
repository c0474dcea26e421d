"""Where files live, and who may look into their folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hawkmoth_tui.settings.paths import paths_from, private_folder, theme_dirs

PROJECT = Path(__file__).parents[2]


def test_one_variable_moves_everything_under_one_folder(tmp_path: Path) -> None:
    paths = paths_from({"HAWKMOTH_HOME": str(tmp_path)})

    assert paths.config_file == tmp_path / "config.toml"
    assert paths.db_file == tmp_path / "hawkmoth.db"
    assert (paths.log_dir, paths.themes_dir, paths.cache_dir) == (
        tmp_path / "log",
        tmp_path / "themes",
        tmp_path / "cache",
    )


def test_a_relative_home_is_made_absolute_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert paths_from({"HAWKMOTH_HOME": "here"}).db_file == tmp_path / "here" / "hawkmoth.db"
    assert paths_from({"HAWKMOTH_HOME": "~/there"}).db_file == Path.home() / "there" / "hawkmoth.db"


def test_without_it_the_platforms_folders_are_used_and_none_is_made(tmp_path: Path) -> None:
    paths = paths_from({"HAWKMOTH_HOME": ""})

    for path in (paths.config_file, paths.db_file, paths.log_dir, paths.themes_dir, paths.cache_dir):
        assert path.is_relative_to(tmp_path)
        assert "hawkmoth" in str(path.relative_to(tmp_path)).lower()
        assert not path.exists()


@pytest.mark.parametrize("umask", [0o000, 0o077, 0o777])
def test_a_folder_of_ours_is_for_this_user_alone_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        private_folder(tmp_path / "a" / "b")
    finally:
        os.umask(before)

    assert oct((tmp_path / "a").stat().st_mode & 0o777) == oct(0o700)
    assert oct((tmp_path / "a" / "b").stat().st_mode & 0o777) == oct(0o700)


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o755)

    private_folder(tmp_path / "open")

    assert (tmp_path / "open").stat().st_mode & 0o777 == 0o755


def test_the_users_themes_come_before_the_shipped_ones(home: Path) -> None:
    users, shipped = theme_dirs(paths_from({"HAWKMOTH_HOME": str(home)}))

    assert users == home / "themes"
    assert {"hawkmoth.toml", "paper.toml"} <= {file.name for file in shipped.iterdir()}
