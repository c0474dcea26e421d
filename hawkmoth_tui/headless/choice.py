"""What the command line wants of what stands above it or beside it: the workstation's screen, the measuring of the router."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class ScreenChoice(NamedTuple):
    """The workstation was asked for, with these choices. None: as configured."""

    continues: bool = False
    """Open the session that was used last."""
    session_id: str | None = None
    model: str | None = None
    policy: str | None = None
    theme: str | None = None
    profile: str | None = None
    is_demo: bool = False

    def flags(self) -> dict[str, str]:
        """The choices that stand above the configuration, by the name of their setting."""
        named = {
            "routing.default": self.model,
            "routing.policy": self.policy,
            "ui.theme": self.theme,
            "ui.profile": self.profile,
        }
        return {name: text for name, text in named.items() if text is not None}


class EvalChoice(NamedTuple):
    """The router is to be measured."""

    data: Path
    train: tuple[Path, ...] = ()
    """Rows to fit on. Empty: the shipped weights."""
    export: Path | None = None
    leave_out: str = ""
    """`suite` or `family`: each suite is judged by weights that have not seen it, or none of its kind."""
    boot: int = 200
    is_json: bool = False
