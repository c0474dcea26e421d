"""The line below the conversation while somebody reads in it: the keys, the field for words to find, how many places have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.ui.keys import READING, held_keys, shown
from hawkmoth_tui.ui.lines import MUTED, STRONG, fitting, words
from hawkmoth_tui.ui.panes.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

Found = tuple[str, int, int, bool]
"""The words, which of the places the reader is on from 1, how many there are, and whether that is all."""

Hint = tuple[tuple[str, ...], str]
"""Ids of keys, and what they do."""

_HINTS: tuple[Hint, ...] = (
    (("read.next", "read.previous"), "block"),
    (("read.next_turn", "read.previous_turn"), "turn"),
    (("read.fold",), "fold"),
    (("read.copy", "read.copy_turn"), "copy"),
    (("read.find",), "find"),
    (("read.links",), "links"),
)
_HINT_VERSIONS: Hint = ("read.version_previous", "read.version_next"), "version"
_HINTS_FINDING: tuple[Hint, ...] = (
    (("read.found_next", "read.found_previous"), "next, previous"),
    (("read.find",), "other words"),
)


class ReadingLine(Pane):
    """Hints, or what was found."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap
        self.found: Found | None = None
        self.has_versions = False
        """Whether the marked turn has others beside it."""
        self.is_finding = False
        """Whether the words are being typed: then the number alone."""

    def lines(self, width: int) -> list[Content]:
        segments = [self._count(self.found)] if self.found is not None else []
        if not self.is_finding:
            segments = segments or [words(("Reading", STRONG))]
            segments.append(words(("Esc", "bold $route"), (" back", "$foreground")))
            segments += [self._hint(ids, word) for ids, word in self._hints()]
        return [fitting(segments, width, words(("   ", "")))] if segments else [words(("", ""))]

    def _hints(self) -> tuple[Hint, ...]:
        if self.found:
            return _HINTS_FINDING
        return (*_HINTS[:2], _HINT_VERSIONS, *_HINTS[2:]) if self.has_versions else _HINTS

    def _count(self, found: Found) -> Content:
        asked, place, count, is_all = found
        named = words((f"“{one_line(asked, 30)}” ", "$foreground")) if not self.is_finding else words(("", ""))
        if not count:
            return named + words(("not found" if is_all else "looking…", "bold $warning" if is_all else MUTED))
        return named + words((f"{place:,} of {count:,}{'' if is_all else '…'}", STRONG))

    def _hint(self, ids: tuple[str, ...], word: str) -> Content:
        named = sorted((key for key in READING if key.id in ids), key=lambda key: ids.index(key.id))
        keys = [shown(names[0]) for key in named if (names := held_keys(key, self._keymap))]
        return words((" ".join(keys), "bold $route"), (f" {word}", "$foreground"))


class FindField(Input):
    """Where the words to find are typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", show=False),
        Binding("down", "step(1)", show=False),
    ]

    class Stepped(Message):
        """To the next place, or to the one before."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    def action_step(self, direction: int) -> None:
        self.post_message(self.Stepped(direction))


class ReadingBar(Horizontal):
    """One row. The field is there only while words are typed."""

    DEFAULT_CSS = """
    ReadingBar { height: 1; padding: 0 1; background: $panel; }
    ReadingBar ReadingLine { height: 1; }
    ReadingBar FindField { width: 1fr; height: 1; border: none; padding: 0; background: $panel; display: none; }
    ReadingBar.-finding FindField { display: block; }
    ReadingBar.-finding ReadingLine { width: 20; }
    """

    class Sought(Message):
        """These words are to be found; empty: none any more."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Stepped(Message):
        """To the next place that has the words, or the one before."""

        def __init__(self, direction: int) -> None:
            super().__init__()
            self.direction = direction

    class Accepted(Message):
        """The words are typed: back to reading."""

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self.line = ReadingLine(keymap)
        self.field = FindField(placeholder="find in this conversation", compact=True)
        self.field.cursor_blink = False

    def compose(self) -> ComposeResult:
        yield self.field
        yield self.line

    def show(self, found: Found | None, *, has_versions: bool = False) -> None:
        """Say what was found, or which keys there are on this turn."""
        if (found, has_versions) != (self.line.found, self.line.has_versions):
            self.line.found, self.line.has_versions = found, has_versions
            self.line.refresh()

    def begin(self) -> None:
        """Let words be typed."""
        self._set_finding(True)
        self.screen.set_focus(self.field)
        self.field.action_select_all()

    def end(self) -> None:
        """Take the field away."""
        self._set_finding(False)

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Sought(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Accepted())

    def on_find_field_stepped(self, event: FindField.Stepped) -> None:
        event.stop()
        self.post_message(self.Stepped(event.direction))

    def _set_finding(self, is_finding: bool) -> None:
        self.line.is_finding = is_finding
        self.set_class(is_finding, "-finding")
        self.line.refresh()
