"""Completion inside the composer: opens the list for the word at the cursor, follows the typing, puts in what is taken."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from textual.widget import Widget

from hawkmoth_tui.ui.completion import Kind, Word, command_offers, file_offers, usage_note, value_offers, word_before
from hawkmoth_tui.ui.widgets.choices import Choices

if TYPE_CHECKING:
    from hawkmoth_tui.commands.values import Value
    from hawkmoth_tui.ui.widgets.choices import Offer
    from hawkmoth_tui.ui.widgets.composer import Composer


class Taken(Enum):
    """What became of a key that takes."""

    NOTHING = auto()
    """There was nothing to take: the key means what it means elsewhere."""
    FILLED = auto()
    """It stands in the text."""
    SEND = auto()
    """It stands in the text, and the text is whole."""

    @property
    def may_send(self) -> bool:
        return self is not Taken.FILLED

    @property
    def is_written(self) -> bool:
        return self is not Taken.NOTHING


class Completer:
    """The list belongs to the composer and is mounted above it when it is first needed."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self.choices = Choices()
        self._dismissed: tuple[Kind, int, int] | None = None
        """The word for which the user closed the list; it stays closed while that word is typed."""
        self._has_asked = False
        """Whether the files were asked for while this name is being typed."""
        self._values: dict[str, tuple[Value, ...]] = {}
        """What the argument may be that is being typed, by its command: asked for with its first letter, not with each."""
        if isinstance(composer.parent, Widget):
            composer.parent.mount(self.choices, before=composer)

    def update(self) -> None:
        """Offer what fits the word at the cursor, or close."""
        word = self._word()
        if word is None or self._place(word) != self._dismissed:
            self._dismissed = None
        if word is None or word.kind not in (Kind.FILE, Kind.ATTACHED):
            self._has_asked = False
        if word is None or word.command not in self._values:
            self._values.clear()
        if word is None or self._dismissed or self._composer.is_recalling:
            self.choices.show(())
        else:
            self.choices.show(*self._offers(word))

    def close(self) -> bool:
        """Close the list and keep it closed for this word. Returns whether it was open."""
        was_open = self.choices.is_open
        word = self._word()
        if was_open and word is not None:
            self._dismissed = self._place(word)
        self.choices.show(())
        return was_open

    def move(self, step: int) -> bool:
        """Mark another offer. Returns whether there are any."""
        if self.choices.marked is None:
            return False
        self.choices.move(step)
        return True

    def take(self, *, is_enter: bool) -> Taken:
        """Put in the marked offer. Enter runs an argument as it is written, unless the mark was moved: it may be right and not listed."""
        self.update()
        word, offer = self._word(), self.choices.marked
        if word is None or offer is None:
            return Taken.NOTHING
        as_written = word.kind is Kind.USAGE and not self.choices.was_moved
        if is_enter and word.kind is not Kind.FILE and (as_written or self._stands(word, offer)):
            self.choices.show(())
            return Taken.NOTHING
        composer = self._composer
        row, column = composer.cursor_location
        insert = f"{offer.insert} " if word.kind is Kind.FILE else offer.insert
        composer.move_cursor(composer.replace(insert, (row, word.start), (row, column)).end_location)
        self.choices.show(())
        if word.kind is Kind.FILE:
            composer.post_message(composer.FileTaken(offer.insert))
        elif is_enter and offer.is_whole:
            return Taken.SEND
        return Taken.FILLED

    def _word(self) -> Word | None:
        composer = self._composer
        row, column = composer.cursor_location
        line = composer.document.get_line(row)
        is_end = column == len(line)
        return word_before(line[:column], is_only_line=is_end and composer.document.line_count == 1)

    def _offers(self, word: Word) -> tuple[tuple[Offer, ...], str]:
        from hawkmoth_tui.commands.registry import all_commands

        match word.kind:
            case Kind.COMMAND:
                return command_offers(word.query, all_commands()), ""
            case Kind.USAGE:
                offers = value_offers(word.query, self._values_of(word.command))
                return offers, usage_note(word.command, all_commands())
            case Kind.FILE | Kind.ATTACHED:
                return self._files(word)

    def _values_of(self, command: str) -> tuple[Value, ...]:
        known = self._values.get(command) or self._composer.values(command)
        self._values[command] = known
        return known

    def _files(self, word: Word) -> tuple[tuple[Offer, ...], str]:
        composer = self._composer
        if not self._has_asked:
            self._has_asked = True
            composer.post_message(composer.FilesWanted())
        if composer.files is None:
            return (), "looking for files…"
        offers = file_offers(word.query, composer.files, is_argument=word.kind is Kind.ATTACHED)
        if word.kind is Kind.ATTACHED:
            return offers, ""
        return offers, composer.files_note if offers or not word.query else ""

    def _stands(self, word: Word, offer: Offer) -> bool:
        """Whether the offer is what is already written."""
        typed = f"/{word.query}" if word.kind is Kind.COMMAND else word.query
        return offer.insert.rstrip() == typed

    def _place(self, word: Word) -> tuple[Kind, int, int]:
        return (word.kind, self._composer.cursor_location[0], word.start)
