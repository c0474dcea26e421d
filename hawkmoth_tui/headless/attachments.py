"""Files beside a prompt: texts and pictures, told apart by their bytes. Everything else is refused with a reason."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.messages import Image, Text

if TYPE_CHECKING:
    from hawkmoth_tui.core.messages import Part

MOST_BYTES = 32 * 1024 * 1024
"""Most bytes of one attachment or prompt; no window is larger."""

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_FENCE = re.compile(r"^`{3,}", re.MULTILINE)


def attachment(path: str) -> Part:
    """The file as a part of the prompt. Raises UserError."""
    shown = one_line(path, 120)
    try:
        with open(path.encode("utf-8", "surrogateescape"), "rb") as file:  # noqa: PTH123  # bytes path: any locale
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UserError(f"cannot attach {shown}: {reason}", "check the path given to --attach") from error
    return part(data, PurePath(path).name, shown)


def part(data: bytes, name: str, shown: str) -> Part:
    """The bytes as a picture or a text called `name`; `shown` names them in an error. Raises UserError."""
    if len(data) > MOST_BYTES:
        raise UserError(f"{shown} is larger than {MOST_BYTES >> 20} MB", "give a part of it")
    media_type = image_type(data)
    if media_type:
        return Image(media_type, data, name)
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
    fence = "`" * max(3, 1 + max((len(found) for found in _FENCE.findall(text)), default=0))
    language = PurePath(name).suffix.lstrip(".").lower()
    body = text if text.endswith("\n") else text + "\n"
    return f"\n\n{one_line(name, 120)}:\n{fence}{language if language.isalnum() else ''}\n{body}{fence}\n"
