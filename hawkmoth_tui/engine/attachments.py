"""Files beside a prompt: texts, PDF texts and pictures, told apart by their bytes. Everything else is refused with a reason.

Blocking: call it in a thread where a screen waits.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Image, Text

if TYPE_CHECKING:
    from hawkmoth_tui.core.messages import Part

PASTED = "pasted text"
"""How the name of a paste begins."""
MOST_BYTES = 32 * 1024 * 1024
"""Most bytes of one attachment or prompt; no window is larger."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp"})
_FENCE = re.compile(r"^`{3,}", re.MULTILINE)
_FENCED = re.compile(r"\n\n(?P<name>[^\n]*):\n(?P<fence>`{3,})[^`\n]*\n(?P<body>.*)(?P=fence)\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file or a long paste on its way beside a prompt."""

    name: str
    size_bytes: int
    """Of the file, or of the text in UTF-8."""
    part: Part
    """What is sent: a picture, or the text under its name in a fence."""
    path: str = ""
    """Where the file lies; empty for a paste."""
    text: str = ""
    """The words of a paste, or of a text that was sent before; empty for a file."""


def read_file(path: str, *, is_any_kind: bool = False) -> Attached:
    """The file, read whole; pipes and devices, which can be waited for in vain, only when asked for. Raises UserError."""
    shown = one_line(path, 120)
    try:
        if not is_any_kind and not stat.S_ISREG(Path(path).stat().st_mode):
            raise UserError(f"cannot attach {shown}: it is no file", "name a file")
        with open(path.encode("utf-8", "surrogateescape"), "rb") as file:  # noqa: PTH123  # bytes path: any locale
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"cannot attach {shown}: {reason}", "check its path") from error
    name = PurePath(path).name
    return Attached(name, len(data), part(data, name, shown), path)


def pasted(text: str, name: str) -> Attached:
    """A long paste as an attachment. Raises UserError when it is too large."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MOST_BYTES:
        raise UserError(f"the paste is larger than {MOST_BYTES >> 20} MB", "paste a part of it")
    return Attached(name, size, Text(fenced(name, text)), text=text)


def attached_again(part: Part) -> Attached | None:
    """What was sent beside an earlier prompt, to go beside another; None for what is neither a text of `fenced` nor a picture."""
    match part:
        case Image():
            return Attached(part.name or "picture", len(part.data), part)
        case Text(text) if found := _FENCED.fullmatch(text):
            return Attached(
                found["name"], len(found["body"].encode("utf-8", "surrogatepass")), part, text=found["body"]
            )
        case _:
            return None


def attachment(path: str) -> Part:
    """The file as a part of the prompt. Raises UserError."""
    return read_file(path, is_any_kind=True).part


def typed_path(text: str) -> str:
    """A path as people type, paste or drop it: without its quotes, escapes and `file://`, with `~` in full."""
    path = text.strip()
    if len(path) > 1 and path[0] == path[-1] and path[0] in "'\"":
        path = path[1:-1]
    elif path.startswith("file://"):
        from urllib.parse import unquote, urlsplit

        path = unquote(urlsplit(path).path)
    elif "\\ " in path:
        path = re.sub(r"\\(.)", r"\1", path)
    return str(Path(path).expanduser()) if path.startswith("~") else path


def is_picture_path(text: str) -> bool:
    """Whether the text is nothing but the path of a picture that exists: what a terminal types when one is dropped on it."""
    path = typed_path(text)
    if len(path) > 1000 or "\n" in path or PurePath(path).suffix.lower() not in _PICTURES or "\0" in path:
        return False
    return os.path.isabs(path) and os.path.isfile(path)  # noqa: PTH117, PTH113  # never raises


def part(data: bytes, name: str, shown: str) -> Part:
    """The bytes as a picture or a text called `name`; `shown` names them in an error. Raises UserError."""
    if len(data) > MOST_BYTES:
        raise UserError(f"{shown} is larger than {MOST_BYTES >> 20} MB", "give a part of it")
    media_type = image_type(data)
    if media_type:
        return Image(media_type, data, name)
    if data.startswith(b"%PDF-"):
        from hawkmoth_tui.engine.pdf import text_of

        return Text(fenced(name, text_of(data, shown)))
    return Text(fenced(name, decoded(data, shown)))


def image_type(data: bytes) -> str:
    """The media type of a picture that models read; empty for everything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return next((media_type for signature, media_type in _SIGNATURES if data.startswith(signature)), "")


def decoded(data: bytes, shown: str) -> str:
    """The bytes as text. Raises UserError for what is not UTF-8 text, saying where."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError(
            f"{shown} is not UTF-8 text (byte {error.object[error.start]:#04x} at {error.start})",
            "convert it to UTF-8; pictures must be png, jpg, gif or webp",
        ) from error
    if "\0" in text:
        raise UserError(
            f"{shown} is binary (a zero byte at {data.index(0)})", "give text, or a png, jpg, gif or webp picture"
        )
    return text.replace("\r\n", "\n")


def fenced(name: str, text: str) -> str:
    """The text under its name, in a code fence longer than any inside."""
    inside = _FENCE.findall(text) if "```" in text else ()
    fence = "`" * max(3, 1 + max(map(len, inside), default=0))
    language = PurePath(name).suffix.lstrip(".").lower()
    body = text if text.endswith("\n") else text + "\n"
    return f"\n\n{one_line(name, 120)}:\n{fence}{language if language.isalnum() else ''}\n{body}{fence}\n"
