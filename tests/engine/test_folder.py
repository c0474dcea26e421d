"""Files of a folder: what `.gitignore` leaves, nearest first, never longer than the deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.engine.folder import files_under

if TYPE_CHECKING:
    from pathlib import Path


def make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_near_files_come_first(tmp_path: Path) -> None:
    make(tmp_path, "z.txt", "a/b/c.txt", "a/y.txt")

    assert files_under(tmp_path).paths == ("z.txt", "a/y.txt", "a/b/c.txt")
    assert files_under(tmp_path).is_whole


def test_gitignore_is_respected_in_every_folder(tmp_path: Path) -> None:
    make(tmp_path, "keep.py", "x.log", "build/out.o", "sub/x.log", "sub/own.tmp", "sub/kept.log", "own.tmp")
    (tmp_path / ".gitignore").write_text("*.log\nbuild/\n")
    (tmp_path / "sub" / ".gitignore").write_text("!kept.log\n/own.tmp\n")

    assert set(files_under(tmp_path).paths) == {
        ".gitignore",
        "keep.py",
        "own.tmp",
        "sub/.gitignore",
        "sub/kept.log",
    }


def test_rules_from_above_count_inside_a_repository_only(tmp_path: Path) -> None:
    make(tmp_path, "repo/sub/a.log", "repo/sub/gen/b.py", "repo/sub/c.py")
    (tmp_path / "repo" / ".gitignore").write_text("*.log\n/sub/gen/\n")

    assert set(files_under(tmp_path / "repo" / "sub").paths) == {"a.log", "c.py", "gen/b.py"}
    (tmp_path / "repo" / ".git").mkdir()
    assert set(files_under(tmp_path / "repo" / "sub").paths) == {"c.py"}


def test_the_insides_of_git_and_links_to_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".git/config", "a.py")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert files_under(tmp_path).paths == ("a.py",)


def test_a_broken_gitignore_ignores_nothing(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    (tmp_path / ".gitignore").write_bytes(b"!\n\xff\xfe\n")

    assert "a.py" in files_under(tmp_path).paths


def test_a_large_folder_ends_at_the_cap_or_the_deadline(tmp_path: Path) -> None:
    make(tmp_path, *(f"{number}.txt" for number in range(20)))

    capped = files_under(tmp_path, most=5)
    late = files_under(tmp_path, deadline_s=0.0)

    assert (len(capped.paths), capped.is_whole) == (5, False)
    assert not late.is_whole


def test_a_folder_that_is_gone_has_no_files(tmp_path: Path) -> None:
    assert files_under(tmp_path / "none").paths == ()
