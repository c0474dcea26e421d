"""Names of models in running text: the longest run of words that the catalogue knows, in the way people shorten them. Pure.

"opus", "claude opus 5.5", "gpt5 mini" and "r1 throughput" name what holds these pieces in this order. Of several the one with the fewest
further words is meant, of several versions the newest; what is still left is equal, and all of it is meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.routing.plain_words import slips, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.routing.plain_words import Word

LONGEST = 6
"""Words in one name."""

_PIECE = re.compile(r"[^\W\d_]+|\d+")
_PLAIN = words(
    """
    a b e t k v it fp chat instruct turbo instant versatile latest preview exp free online hf gguf awq bf int q m s
    """
)
"""Pieces of a name that make no other model of it."""
_WEAK = words(
    """
    mini nano micro flash pro max plus ultra lite large medium small tiny base fast coder code vision chat instruct
    turbo instant versatile throughput preview latest free auto best v b e a t next high low thinking air think reason
    one two big small model demo lab test local main new old facts
    """
)
"""Pieces that everybody uses for something else: alone they name no model unless "model" stands behind them."""
_WORDS = words(
    """
    clause clauses claudia lame llamas lamas lama clash bonnet bonnets sonnets haikus opuses minstrel mistrial gemini's
    quen queen gross grok group meat mete meta open opens cloud clouds flesh slash turbot solo soul solar astral lunar
    terrace terry fables gable table cable oral opals opium opus' corpus
    """
)
"""Words that are no slip of the pen."""
_ALSO = {"chatgpt": "gpt", "sonet": "sonnet", "oppus": "opus", "opuss": "opus", "gtp": "gpt", "haiku's": "haiku"}


@dataclass(frozen=True, slots=True)
class Named:
    """A name that was found."""

    models: tuple[ModelRef, ...]
    count: int
    """Words it takes."""
    is_weak: bool
    """Whether it is an everyday word."""


@dataclass(frozen=True, slots=True)
class _Known:
    ref: ModelRef
    pieces: tuple[str, ...]
    """Of the provider and the whole id."""
    own: tuple[str, ...]
    """Of the last part of the id."""


class Names:
    """The names of a catalogue."""

    def __init__(self, refs: Iterable[ModelRef]) -> None:
        self._known = tuple(
            _Known(ref, (*_pieces(ref.provider), *_pieces(ref.id)), _pieces(ref.id.rpartition("/")[2]))
            for ref in sorted(set(refs))
        )
        self._pieces = frozenset(piece for known in self._known for piece in known.pieces)
        self._providers = {known.ref.provider.lower() for known in self._known}
        self._slips: dict[str, str] = {}
        for piece in sorted(self._pieces):
            if len(piece) >= 5 and piece.isalpha():
                for slip in slips(piece) - self._pieces - _WORDS:
                    self._slips.setdefault(slip, piece)

    def read(self, said: Sequence[Word], first: int) -> Named | None:
        """The longest name that begins with this word. None: none does."""
        spoken: list[str] = []
        found: Named | None = None
        for count, word in enumerate(said[first : first + LONGEST], 1):
            if not word.text[0].isalnum():
                break
            is_owner = word.text.endswith("'s")
            text = word.text.removesuffix("'s")
            if count == 1 and text in self._providers and not is_owner:
                found = Named(tuple(k.ref for k in self._known if k.ref.provider.lower() == text), 1, False)
            spoken += [self._mended(piece) for piece in _pieces(_ALSO.get(text, text))]
            models = self._meant(tuple(spoken), " ".join(w.text for w in said[first : first + count]))
            if models and not is_owner:
                is_weak = all(piece in _WEAK or piece.isdigit() for piece in spoken)
                if not (found and count == 1):
                    found = Named(models, count, is_weak)
            elif not models and any(piece not in self._pieces for piece in spoken):
                break
        return found

    def provider(self, said: Sequence[Word], at: int) -> str:
        """The provider that this word names; empty when it names none."""
        word = said[at].text if at < len(said) else ""
        return word if word in self._providers else ""

    def _mended(self, piece: str) -> str:
        return piece if piece in self._pieces else self._slips.get(piece, piece)

    def _meant(self, spoken: tuple[str, ...], typed: str) -> tuple[ModelRef, ...]:
        exact = tuple(k.ref for k in self._known if typed in (str(k.ref).lower(), k.ref.id.lower()))
        if exact:
            return exact
        if not any(piece.isalpha() and piece not in _PLAIN for piece in spoken) and len(spoken) < 2:
            return ()
        holding = [known for known in self._known if _holds(known.pieces, spoken)]
        fewest = min((len(_further(known, spoken)) for known in holding), default=0)
        newest: dict[tuple[str, ...], tuple[int, ...]] = {}
        near = [known for known in holding if len(_further(known, spoken)) == fewest]
        for known in near:
            kind = _further(known, spoken)
            newest[kind] = max(newest.get(kind, ()), _version(known, spoken))
        return tuple(k.ref for k in near if _version(k, spoken) == newest[_further(k, spoken)])


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_PIECE.findall(text.lower()))


def _holds(pieces: tuple[str, ...], spoken: tuple[str, ...]) -> bool:
    """Whether all that was said stands there in this order."""
    rest = iter(pieces)
    return all(piece in rest for piece in spoken)


def _further(known: _Known, spoken: tuple[str, ...]) -> tuple[str, ...]:
    """Words of the name that were not said and tell it from its kin; the first one is the family's."""
    return tuple(piece for piece in known.own[1:] if piece.isalpha() and piece not in _PLAIN and piece not in spoken)


def _version(known: _Known, spoken: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(int(piece) for piece in known.own if piece.isdigit() and len(piece) < 4)[:2]
