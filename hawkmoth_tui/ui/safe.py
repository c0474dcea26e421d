"""The only way untrusted text gets into a widget: mapped characters in a `Content`, never markup.

Everything that a person, a server or a file wrote passes here: answers, model names, titles, error texts, imports, pasted text. The
output stage maps once more what was forgotten; this door keeps widths honest, because the text is measured after the mapping.
"""

from __future__ import annotations

from textual.content import Content

from hawkmoth_tui.core.charmap import visible


def plain(text: str, style: str = "") -> Content:
    """The text as content of one style, its hostile characters mapped. Square brackets and everything else mean themselves.

    `style` is our own words (`"bold $primary"`), never untrusted; empty means the widget's own style.
    """
    return Content.styled(visible(text), style) if style else Content(visible(text))
