"""The text of a PDF file. Pictures and layout are left out; a file without text is refused, because a model would see nothing of it."""

from __future__ import annotations

import io
import logging
import zlib
from time import monotonic

from hawkmoth_tui.core.errors import UserError

DEADLINE_S = 20.0
"""How long the pages may take together; a hostile file can make them slow."""
MOST_CHARACTERS = 8_000_000
"""Most text that is taken out of one file."""

_BROKEN = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)
"""What a broken file makes the reader run into, beside its own errors."""


def text_of(data: bytes, shown: str) -> str:
    """Its pages one after the other; `shown` names the file in an error. Raises UserError."""
    import pypdf
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    pages: list[str] = []
    until = monotonic() + DEADLINE_S
    length = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UserError(f"{shown} is locked with a password", "save a copy without it")
        for page in reader.pages:
            pages.append(page.extract_text())
            length += len(pages[-1])
            if monotonic() > until or length > MOST_CHARACTERS:
                raise UserError(f"{shown} is too long to read", "attach a part of it")
    except (PyPdfError, *_BROKEN) as error:
        raise UserError(f"{shown} cannot be read as PDF", "open and save it anew, or attach its text") from error
    if not any(page.strip() for page in pages):
        raise UserError(f"{shown} holds no text, only pictures", "attach its pages as png or jpg pictures")
    return "\n\n".join(page.strip() for page in pages)
