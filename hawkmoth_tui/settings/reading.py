"""Reads the configuration file: its bytes, its TOML and where each key stands. It is never written here, broken or not."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from hawkmoth_tui.settings.lines import KeyPath

MAX_BYTES = 1_000_000
"""A configuration beyond this is a mistake, or an attack."""

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Document:
    """The configuration file as it was read; empty when there is none."""

    tree: Mapping[str, object] = field(default_factory=dict)
    """Tables as dicts; numbers with a point are Decimal, with exactly the digits of the file."""
    lines: Mapping[KeyPath, int] = field(default_factory=dict)
    """Line of every key, from 1."""


def read_document(file: Path) -> Document:
    """The file's content; a missing file is an empty document. Raises ConfigError with file and line when it cannot be read."""
    data = _bytes_of(file)
    if not data:
        return Document()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{file}, line {line}: this is not UTF-8 text", "save the file as UTF-8") from None
    return _parsed(text.replace("\r\n", "\n"), file)


def _bytes_of(file: Path) -> bytes:
    """What the file holds; empty when it does not exist."""
    try:
        status = file.stat()
        if stat.S_ISDIR(status.st_mode):
            raise ConfigError(f"{file} is a folder, not a file", "move it away; a configuration is optional")
        if not stat.S_ISREG(status.st_mode):
            return b""
        with file.open("rb") as opened:
            data = opened.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"{file} cannot be read: {reason}", "check the permissions of the file and its folder"
        ) from None
    if len(data) > MAX_BYTES:
        raise ConfigError(f"{file} is larger than {MAX_BYTES:,} bytes", "a configuration is never that large")
    return data


def _parsed(text: str, file: Path) -> Document:
    import tomllib

    from hawkmoth_tui.settings.lines import key_lines

    try:
        tree = tomllib.loads(text, parse_float=_exact_number)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(str(error), text, file) from None
    except (ValueError, RecursionError):
        raise ConfigError(f"{file} is nested too deeply or holds an impossible number") from None
    return Document(tree, key_lines(text))


def _exact_number(text: str) -> Decimal:
    """The digits as written. An exponent that no setting can need is refused before arithmetic meets it."""
    number = Decimal(text.replace("_", ""))
    if number.is_finite() and abs(number.adjusted()) > 30:
        raise ValueError(f"impossible number {text}")
    return number


def _syntax_error(message: str, text: str, file: Path) -> ConfigError:
    place = _AT_LINE.search(message)
    line = int(place[1]) if place else text.count("\n") + 1
    what = _AT_LINE.sub("", message).removesuffix("(at end of document)").strip()
    return ConfigError(f"{file}, line {line}: this is not TOML: {what}", "mend that line; texts stand in quotes")
