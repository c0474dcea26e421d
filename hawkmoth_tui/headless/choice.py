"""What the command line wants of the workstation's screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScreenChoice:
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
