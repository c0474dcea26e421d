"""Text that wants more than to be read: what an answer, a model's name, a title or an error may hold.

Sequences carry the number 7777 or the word UFdORUQ, so that a byte stream can be searched for them.
"""

from __future__ import annotations

import re

from hawkmoth_tui.core.charmap import hostile

MARKS = (b"7777", b"UFdORUQ")

_STRINGS = {
    "operating system command": "\x1b]",
    "device control string": "\x1bP",
    "application command": "\x1b_",
    "privacy message": "\x1b^",
    "start of string": "\x1bX",
}

PAYLOADS: dict[str, str] = {
    "clipboard, bell": "\x1b]52;c;UFdORUQ=\x07",
    "clipboard, string terminator": "\x1b]52;c;UFdORUQ=\x1b\\",
    "clipboard, never ended": "\x1b]52;c;UFdORUQ=",
    "title": "\x1b]0;7777\x07\x1b]2;7777\x1b\\",
    "hyperlink": "\x1b]8;;https://7777.invalid/\x1b\\here\x1b]8;;\x1b\\",
    "picture": "\x1b]1337;File=inline=1:UFdORUQ=\x07",
    "desktop notice": "\x1b]9;7777\x07\x1b]777;notify;7777;7777\x07",
    **{name: f"{start}7777UFdORUQ\x1b\\" for name, start in _STRINGS.items()},
    "tmux pass-through": "\x1bPtmux;\x1b\x1b]52;c;UFdORUQ=\x07\x1b\\",
    "cursor and erase": "\x1b[7777;7777H\x1b[2J\x1b[7777A",
    "modes": "\x1b[?7777h\x1b[?1049l\x1b[7777l",
    "colours": "\x1b[7777m\x1b[38;5;7777m",
    "questions": "\x1b[7777n\x1b[7777c\x1bZ",
    "full reset": "\x1bc\x1b[!p\x1b#8",
    "lone escapes": "\x1b \x1b\x1b \x1b7 \x1b8 \x1bM",
    "eight-bit sequences": "\x9b7777;7777H\x9d52;c;UFdORUQ=\x9c\x907777\x9c\x85\x8d",
    "every C0 control": "".join(chr(code) for code in range(0x20) if code not in (0x09, 0x0A)) + "\x7f",
    "overprinting": "safe\rEVIL\x08\x08\x08\x08GOOD\x0b\x0c",
    "shifted character sets": "\x0e7777\x0f\x1b(07777\x1b(B",
    "bidi": "\u202edetrever\u202c \u2067also\u2069 \u200fand\u061c",
    "tags": "look" + "".join(chr(0xE0000 + ord(character)) for character in "send the key"),
    "zero width": "a\u200bb\u2060c\ufeffd\u00ade\u180ef",
    "separators": "one\u2028two\u2029three",
    "lone surrogates": "\ud83d and \udc00",
    "combining marks": "e" + "\u0301" * 200,
    "closing markup": "[/] [/bold] [/red]",
    "markup": "[bold red on blue]x[/] [b [i ] [] [=] [#fff]",
    "action": "[@click=app.pwned]press[/] [@click='app.pwned()']press[/]",
    "markup link": "[link=https://7777.invalid/]press[/link]",
    "action as Markdown": "[press](action:app.pwned) [press](javascript:app.pwned())",
    "link with a sequence": "[press](https://x.invalid/\x1b]52;c;UFdORUQ=\x07)",
    "image": "![beacon](https://7777.invalid/beacon.png)",
    "html": "<script>7777</script><b onclick=x>&#27;]52;c;UFdORUQ=&#7;&#155;7777H</b>",
    "code fence": "```py\x1b[7777mthon\n\x1b]52;c;UFdORUQ=\x07 = '\x9b7777H'\n```",
    "table": "| a\x1b[7777H | b |\n|---|---|\n| \x9b7777m | [@click=app.pwned]c[/] |",
    "heading and list": "# a\x1b[7777H\n\n- \x1b]0;7777\x07\n  1. \x9b7777H\n\n> \x1bc",
    "one long word": "7" * 3000,
    "many lines": "\n\n\n".join("line" for _ in range(200)),
    "wide and joined": "漢字" * 50 + "👩\u200d👩\u200d👧" * 20,
}
"""What it tries, and how."""

OWN_SEQUENCES = re.compile(
    r"\x1b\[(?:\d{1,3}(?:;\d{1,3})?)?H"
    r"|\x1b\[\d{0,3}[ABCDGLMX]"
    r"|\x1b\[K"
    r"|\x1b\[(?:\d{1,3};\d{1,3})?r"
    r"|\x1b\[(?:\d{1,3}(?:;\d{1,3})*)?m"
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2048)[hl]"
    r"|\x1b\[\?(?:1036|1039)[hlrs]"
    r"|\x1b\[\?(?:2026|2048)\$p"
    r"|\x1b\[(?:>\d+|<)u"
    r"|\x1b\]22;[a-z-]*\x07"
)
"""Everything that Hawkmoth itself sends to a terminal."""


def hostile_bytes(raw: bytes) -> list[str]:
    """What is left of a byte stream that a terminal should never have been sent; empty when it is clean."""
    text = OWN_SEQUENCES.sub("", raw.decode("utf-8", "surrogateescape")).replace("\r\n", "")
    return sorted({f"U+{ord(found):04X}" for found in hostile().findall(text)})
