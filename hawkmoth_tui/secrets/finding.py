"""What a search for a key ends with, and what makes a text a key at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.hardening import forbid_core_dumps
from hawkmoth_tui.settings.masking import never_show

MAX_CHARACTERS = 8192
"""Longer than any key; a header beyond this is refused by servers."""

_KEY = re.compile(r"[\x21-\x7e\xa1-\xac\xae-\xff]+")
"""What a request header can carry, without spaces."""


@dataclass(frozen=True, slots=True)
class KeyFinding:
    """The key of one provider, or why there is none."""

    secret: Secret | None = None
    """None when nothing was found, or nothing may be sent."""
    source: str = ""
    """Where the key comes from: "env NAME", "command pass", "keyring", "key file"; empty without one."""
    problem: str = ""
    """One line that says why there is no key and what to do, naming the variable; empty when all is well."""
    is_needed: bool = True
    """False for a server that may well work without a key: on this machine or nearby, or told so."""
    passed_over: str = ""
    """Why a better place gave nothing; empty when nothing went wrong there."""


def found(text: str, source: str) -> KeyFinding:
    """The finding for a key's raw text: trimmed, checked, and from now on kept out of every log, message and core file."""
    key = text.strip()
    if problem := _problem_of(key):
        return KeyFinding(problem=f"{source} {problem}")
    secret = Secret(key)
    never_show(secret)
    forbid_core_dumps()
    return KeyFinding(secret, source)


def not_needed(finding: KeyFinding) -> KeyFinding:
    """The same finding for a server that may work without a key."""
    return replace(finding, is_needed=False)


def _problem_of(key: str) -> str:
    if not key:
        return "is empty"
    if len(key) > MAX_CHARACTERS:
        return f"holds more than {MAX_CHARACTERS:,} characters, which is no key"
    if not _KEY.fullmatch(key):
        return "holds spaces or characters that a key cannot have: copy it again"
    return ""
