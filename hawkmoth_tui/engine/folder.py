"""The files of a folder, for naming one in a prompt: what `.gitignore` leaves, found within a deadline. Blocking; call in a thread."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pathspec import GitIgnoreSpec

DEADLINE_S = 1.0
MOST_FILES = 20_000
_UNINTERESTING = frozenset({".git", ".hg", ".svn", ".jj", "__pycache__", "node_modules", ".venv"})
"""Folders never looked into, whatever is ignored."""


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """What was found."""

    paths: tuple[str, ...]
    """Relative to the folder, with `/`; near ones first, then by name."""
    is_whole: bool
    """False when the deadline or the cap ended the search."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """One `.gitignore`."""

    folder: str
    """Where it lies, relative to the root of the search, ending in `/`; empty for the root and for what lies above it."""
    prefix: str
    """The way down from its own folder to the root, ending in `/`; empty for everything but what lies above."""
    spec: GitIgnoreSpec

    def says(self, path: str) -> bool | None:
        """Whether the path is ignored; None when these rules do not care."""
        return self.spec.check_file(self.prefix + path[len(self.folder) :]).include


def files_under(root: Path, *, deadline_s: float = DEADLINE_S, most: int = MOST_FILES) -> FolderFiles:
    """Every file below `root`, nearest first. What cannot be read is left out; links to folders are not followed."""
    until = monotonic() + deadline_s
    found: list[str] = []
    waiting: deque[tuple[str, tuple[_Rules, ...]]] = deque([("", _rules_above(root))])
    while waiting:
        folder, rules = waiting.popleft()
        rules = (*rules, *_rules_in(root / folder, folder, ""))
        for name, is_folder in _entries(root / folder):
            if monotonic() > until or len(found) >= most:
                return FolderFiles(tuple(found), is_whole=False)
            path = folder + name + ("/" if is_folder else "")
            if _is_ignored(path, rules):
                continue
            if not is_folder:
                found.append(path)
            elif name not in _UNINTERESTING:
                waiting.append((path, rules))
    return FolderFiles(tuple(found), is_whole=True)


def _entries(folder: Path) -> list[tuple[str, bool]]:
    """Names of files and folders, sorted."""
    try:
        with os.scandir(folder) as entries:
            return sorted(
                (entry.name, entry.is_dir(follow_symlinks=False))
                for entry in entries
                if entry.is_file() or entry.is_dir(follow_symlinks=False)
            )
    except OSError:
        return []


def _is_ignored(path: str, rules: tuple[_Rules, ...]) -> bool:
    """The nearest rules that care decide."""
    for one in reversed(rules):
        said = one.says(path)
        if said is not None:
            return said
    return False


def _rules_above(root: Path) -> tuple[_Rules, ...]:
    """The rules between the top of the repository and `root`, outermost first; none outside a repository."""
    chain = [root, *root.parents]
    top = next((place for place, folder in enumerate(chain) if (folder / ".git").exists()), 0)
    found: list[_Rules] = []
    for folder in reversed(chain[1 : top + 1]):
        found += _rules_in(folder, "", f"{root.relative_to(folder).as_posix()}/")
    return tuple(found)


def _rules_in(folder: Path, name: str, prefix: str) -> tuple[_Rules, ...]:
    """The rules that lie in the folder, none or one; a file that git could not read either is no rules."""
    try:
        lines = (folder / ".gitignore").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    from pathspec import GitIgnoreSpec

    try:
        return (_Rules(name, prefix, GitIgnoreSpec.from_lines(lines)),)
    except ValueError:
        return ()
