"""The one output stage: every frame leaves through it."""

from __future__ import annotations

from typing import TypeVar

from textual.app import App

ReturnType = TypeVar("ReturnType")


class StagedApp(App[ReturnType]):
    """An application whose output leaves through one stage."""
