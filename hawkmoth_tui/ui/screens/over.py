"""What lies over the conversation for a moment: closing it twice is closing it once.

Keys of a burst are handed to a screen before it has heard the first of them, so the second Esc of two finds it closed already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

from hawkmoth_tui.ui.keys import shown
from hawkmoth_tui.ui.lines import hint_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App
    from textual.content import Content

Result = TypeVar("Result")

HELP_KEY = "help.show"
COLUMN_STEPS = [(0, "-tight"), (100, "-roomy")]
ROW_STEPS = [(0, "-flat"), (16, "-high")]
"""Where room is short, what lies over the conversation takes all of it."""


FRAME_CELLS = 6
"""Of a frame's row, what is not for words: corners, a piece of the line, and blanks."""


class Over(ModalScreen[Result]):
    """A modal screen whose first result counts. Its looks are read with it, not before the first frame."""

    DEFAULT_CSS = """
    Over {
        align: center middle;
        & .sheet {
            width: 100;
            max-width: 94%;
            height: auto;
            max-height: 88%;
            padding: 0 1;
            background: $surface;
            border: round $route;
            scrollbar-size-vertical: 1;
            border-title-color: $route;
            border-title-style: bold;
            border-subtitle-color: $thinking;
        }
        & .sheet.-narrow { width: 64; }
        & .sheet.-broad { width: 124; }
        & .sheet.-long { height: 88%; }
        & .sheet.-long PickList { height: 1fr; }
        & VerticalScroll.sheet { padding: 0 0 0 1; }
        & VerticalScroll.sheet > Pane { padding: 0 1 0 0; }
        &.-tight .sheet { max-width: 100%; }
        &.-flat .sheet { max-height: 100%; }
        &.-flat .sheet.-long { height: 100%; }
    }
    """
    gives_way: ClassVar[bool] = True
    """Whether it closes when another place is asked for; what waits for an answer stays."""
    is_closed = False
    """Whether it has given its result."""

    def __init__(self) -> None:
        super().__init__()
        self.HORIZONTAL_BREAKPOINTS = COLUMN_STEPS
        self.VERTICAL_BREAKPOINTS = ROW_STEPS

    @property
    def help_hint(self) -> tuple[str, ...]:
        """How the help is opened, for the hints in the frame; nothing when no key opens it."""
        keys = [key for key, active in self.active_bindings.items() if active.binding.id == HELP_KEY]
        return (f"{shown(keys[0])} help",) if keys else ()

    def hints(self) -> Sequence[str]:
        """What keys do here, for the frame: the first word of each is the key, the most useful come first, the last one closes."""
        return ()

    def tell_hints(self) -> None:
        """Set what keys do into the frame, as far as there is room."""
        for sheet in self.query(".sheet"):
            hints: Content = hint_line(self.hints(), sheet.outer_size.width - FRAME_CELLS)
            sheet.border_subtitle = hints

    def on_resize(self) -> None:
        self.call_after_refresh(self.tell_hints)

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
