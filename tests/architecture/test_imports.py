"""The layers, as they are written and as they really load."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PACKAGE = PROJECT / "hawkmoth_tui"

UI_FREE = (
    "core",
    "settings",
    "secrets",
    "catalog",
    "providers",
    "routing",
    "store",
    "engine",
    "commands",
    "headless",
    "training",
)

HEAVY = ("textual", "rich", "httpx", "pydantic", "keyring", "tiktoken", "genai_prices", "click", "numpy")

LIST_LOADED = "import pkgutil, importlib, sys\n{code}\nprint('\\n'.join(sys.modules))"

IMPORT_ALL = """
package = importlib.import_module({name!r})
for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    importlib.import_module(module.name)
"""


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has after running `code`."""
    program = LIST_LOADED.format(code=code)
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(PROJECT)!r})\n{program}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_the_import_contracts_hold() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-cache",
        ],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", UI_FREE)
def test_a_package_without_a_screen_loads_neither_textual_nor_rich(name: str) -> None:
    loaded = loaded_by(IMPORT_ALL.format(name=f"hawkmoth_tui.{name}"))

    assert loaded.isdisjoint({"textual", "rich"})
    if name != "providers":
        assert "httpx" not in loaded


@pytest.mark.parametrize("name", ["catalog", "engine", "store", "routing"])
def test_what_counts_and_prices_is_loaded_when_it_is_asked_for(name: str) -> None:
    loaded = loaded_by(IMPORT_ALL.format(name=f"hawkmoth_tui.{name}"))

    assert loaded.isdisjoint({"tiktoken", "genai_prices", "pydantic", "requests", "numpy"})


def test_importing_the_package_loads_nothing_of_it() -> None:
    loaded = loaded_by("import hawkmoth_tui")

    assert not [name for name in loaded if name.startswith("hawkmoth_tui.")]


@pytest.mark.parametrize("module", ["settings.load", "settings.log", "settings.paths", "core.turn"])
def test_what_the_first_picture_needs_loads_nothing_heavy(module: str) -> None:
    loaded = loaded_by(f"import hawkmoth_tui.{module}")

    assert loaded.isdisjoint(HEAVY)


def test_every_package_is_looked_at() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert packages - {"ui"} == set(UI_FREE)


def test_a_start_without_a_configuration_parses_nothing(home: Path) -> None:
    loaded = loaded_by(f"from hawkmoth_tui.settings.load import load; load({{'HAWKMOTH_HOME': {str(home)!r}}})")

    assert loaded.isdisjoint({"tomllib", "difflib", "logging.handlers", "hawkmoth_tui.settings.checking"})


def test_the_first_picture_needs_no_provider_and_no_key() -> None:
    loaded = loaded_by("import hawkmoth_tui.ui.launch, hawkmoth_tui.ui.app")

    assert not [name for name in loaded if name.startswith(("hawkmoth_tui.providers", "hawkmoth_tui.secrets"))]
    assert loaded.isdisjoint({"httpx", "keyring", "cryptography"})
