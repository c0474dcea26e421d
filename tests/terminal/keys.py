"""What a terminal sends for the keys a person presses (xterm, normal cursor keys)."""

from __future__ import annotations

_NAMED = {
    "enter": "\r",
    "esc": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "insert": "\x1b[2~",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "ctrl+pageup": "\x1b[5;5~",
    "ctrl+pagedown": "\x1b[6;5~",
    "f1": "\x1bOP",
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
    "f11": "\x1b[23~",
    "f12": "\x1b[24~",
}


def key_bytes(name: str) -> bytes:
    """The bytes of one key: "enter", "ctrl+x", "alt+1", "f2", or a single character."""
    if name in _NAMED:
        return _NAMED[name].encode()
    prefix, plus, rest = name.partition("+")
    if plus and rest:
        match prefix:
            case "ctrl" if len(rest) == 1:
                return bytes([ord(rest.upper()) & 0x1F])
            case "alt":
                return b"\x1b" + key_bytes(rest)
    if len(name) != 1:
        raise ValueError(f"no such key: {name}")
    return name.encode()
