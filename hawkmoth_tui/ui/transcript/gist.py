"""Markdown as plain lines, for a look at an answer where it is not laid out."""

from __future__ import annotations

import re

from hawkmoth_tui.core.charmap import visible
from hawkmoth_tui.ui.transcript.inline import inline

_FENCES = ("```", "~~~")
_BEFORE = re.compile(r"^(?:#{1,6}\s+|>\s?)+")
"""What makes a line a heading or a quotation."""
_RULE = re.compile(r"[|\s:*_=-]{3,}")
"""A line that is drawn, or that stands below the head of a table."""


def gist(text: str) -> list[str]:
    """The lines that say something, without the marks of Markdown; code as it stands."""
    lines: list[str] = []
    is_code = False
    for line in visible(text).splitlines():
        bare = line.strip()
        if bare.startswith(_FENCES):
            is_code = not is_code
        elif is_code and bare:
            lines.append(line.rstrip())
        elif bare and not _RULE.fullmatch(bare):
            said = "".join(piece for piece, _ in inline(_BEFORE.sub("", bare)))
            lines += [" ".join(said.split())] if said.strip() else []
    return lines
