"""Where Hawkmoth's files live. Nothing is created here: who writes makes the folder, with `private_folder`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

APP_NAME = "hawkmoth"


class Paths(NamedTuple):
    """Every place that Hawkmoth reads or writes."""

    config_file: Path
    """The configuration; need not exist."""
    db_file: Path
    """The session store."""
    log_dir: Path
    """Log files."""
    themes_dir: Path
    """The user's own themes."""
    cache_dir: Path
    """What can be made again."""

    @property
    def vault_file(self) -> Path:
        """The encrypted keys, beside the store; need not exist."""
        return self.db_file.with_name("keys.vault")

    @property
    def prompts_dir(self) -> Path:
        """The user's own roles and prompt templates, beside the themes; need not exist."""
        return self.themes_dir.with_name("prompts")


def paths_from(env: Mapping[str, str]) -> Paths:
    """Everything under HAWKMOTH_HOME when that is set, else the platform's own folders. `~` and relative paths are resolved."""
    if home := env.get("HAWKMOTH_HOME"):
        folder = Path(home).expanduser().absolute()
        return Paths(
            config_file=folder / "config.toml",
            db_file=folder / "hawkmoth.db",
            log_dir=folder / "log",
            themes_dir=folder / "themes",
            cache_dir=folder / "cache",
        )
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP_NAME, appauthor=False)
    return Paths(
        config_file=dirs.user_config_path / "config.toml",
        db_file=dirs.user_data_path / "hawkmoth.db",
        log_dir=dirs.user_log_path,
        themes_dir=dirs.user_config_path / "themes",
        cache_dir=dirs.user_cache_path,
    )


def theme_dirs(paths: Paths) -> tuple[Path, ...]:
    """Folders that may hold themes; the user's own comes first and wins, and may be made later."""
    package = Path(__file__).parent.parent
    shipped = package / "themes"
    beside_the_package = package.parent / "themes"
    return paths.themes_dir, shipped if shipped.is_dir() else beside_the_package


def private_folder(folder: Path) -> Path:
    """Makes the folder, and what is missing above it, for this user alone whatever the umask; one that exists is left as it is.

    Raises OSError.
    """
    if not folder.is_dir():
        private_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
    return folder
