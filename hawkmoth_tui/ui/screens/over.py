"""What lies over the conversation for a moment: closing it twice is closing it once.

Keys of a burst are handed to a screen before it has heard the first of them, so the second Esc of two finds it closed already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

if TYPE_CHECKING:
    from textual.app import App

Result = TypeVar("Result")

COLUMN_STEPS = [(0, "-tight"), (60, "-roomy")]
ROW_STEPS = [(0, "-flat"), (16, "-high")]
"""Where room is short, what lies over the conversation takes all of it."""


class Over(ModalScreen[Result]):
    """A modal screen whose first result counts."""

    gives_way: ClassVar[bool] = True
    """Whether it closes when another place is asked for; what waits for an answer stays."""
    is_closed = False
    """Whether it has given its result."""

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = COLUMN_STEPS
        self.VERTICAL_BREAKPOINTS = ROW_STEPS

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close the screen with this result; does nothing when it was closed before."""
        if self.is_closed:
            return AwaitComplete()
        self.is_closed = True
        return super().dismiss(result)


async def make_way(app: App[Result]) -> bool:
    """Close what lies over the conversation, so that places asked for in a burst do not pile up. False: something there must stay."""
    while isinstance(screen := app.screen, Over):
        if not screen.gives_way:
            return False
        await screen.dismiss()
    return True
