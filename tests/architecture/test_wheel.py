"""What an installation holds."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from hawkmoth_tui.catalog import vocabulary

pytest.importorskip("hatchling", reason="hatchling builds the wheel; it comes with the test extra")

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as an installer builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=PROJECT,
        check=True,
        capture_output=True,
        env={**os.environ, "HOME": str(folder)},
    )
    return zipfile.ZipFile(next(folder.glob("hawkmoth_tui-*.whl")))


def test_the_themes_are_inside_the_package(wheel: zipfile.ZipFile) -> None:
    shipped = {name for name in wheel.namelist() if name.startswith("hawkmoth_tui/themes/")}

    assert shipped == {f"hawkmoth_tui/themes/{file.name}" for file in (PROJECT / "themes").glob("*.toml")}
    assert all(tomllib.loads(wheel.read(name).decode()) for name in shipped)


def test_the_shipped_themes_are_found_where_the_wheel_puts_them(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path / "site")
    code = (
        "from hawkmoth_tui.settings.paths import paths_from, theme_dirs; import os;"
        "print(theme_dirs(paths_from(os.environ))[-1])"
    )

    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str(tmp_path / "site" / "hawkmoth_tui" / "themes")


def test_every_file_of_the_package_is_there_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    ours = {str(file.relative_to(PROJECT)) for file in (PROJECT / "hawkmoth_tui").rglob("*") if is_source(file)}
    inside = {name for name in wheel.namelist() if name.startswith("hawkmoth_tui/") and "/themes/" not in name}

    assert inside == ours
    assert not [name for name in wheel.namelist() if name.startswith(("tests/", "shared/"))]


def test_the_vocabulary_and_its_licence_are_inside(wheel: zipfile.ZipFile) -> None:
    inside = wheel.read(f"hawkmoth_tui/catalog/data/{vocabulary.FILE.name}")
    notices = [name for name in wheel.namelist() if name.endswith("/o200k_base.LICENSE")]

    assert hashlib.sha256(inside).hexdigest() == vocabulary.SHA256
    assert len(notices) == 2, "beside the file, and among the licences of the distribution"


def test_the_command_is_declared(wheel: zipfile.ZipFile) -> None:
    declared = next(name for name in wheel.namelist() if name.endswith("entry_points.txt"))

    assert b"hawkmoth = hawkmoth_tui.cli:main" in wheel.read(declared)


def is_source(file: Path) -> bool:
    """Whether a file belongs to the package as its authors wrote it."""
    parts = file.relative_to(PROJECT).parts
    return file.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in parts)
