"""What a server says is wrong, read from every shape in which servers say it. Pure.

Known shapes: `{"error": {message, type, code | status}}`, `{"error": "…"}`, `{"code", "error": "…"}`, `{"message", …}`,
`{"detail": "…" | [{loc, msg}]}`, `{"object": "error", "message": "…" | {…}}`, any of them in a list, HTML, plain text, nothing.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.providers.fields import items, record, text
from hawkmoth_tui.providers.retry_after import duration_s

if TYPE_CHECKING:
    from collections.abc import Mapping

WORDS_LIMIT = 1000
"""Most characters kept of a server's words; the front ends cut again for the place they have."""

_DEPTH = 8
_TITLE = re.compile(r"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_HEADING = re.compile(r"<h1[^>]*>(.*?)</h1", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Complaint:
    """A server's account of a failure."""

    words: str = ""
    """Its own words on one line, cleaned; empty when it gave none."""
    kind: str = ""
    """Its type and code, lower case, joined by a space."""
    status: int | None = None
    """An HTTP status named inside the body. None: none was."""
    retry_after_s: float | None = None
    """A wait named inside the body (Google). None: none was."""
    is_page: bool = False
    """Whether a web page came instead."""
    wants_sign_in: bool = False
    """Whether the user must sign the server in where it passes requests on to (Ollama's cloud models)."""


def complaint_in(body: bytes) -> Complaint:
    """The complaint in the body of an error answer."""
    plain = body.decode("utf-8", "replace").strip()
    if plain.startswith("<"):
        return Complaint(page_title(plain), is_page=True)
    if plain[:1] in ("{", "[", '"'):
        try:
            return complaint_of(json.loads(plain))
        except (ValueError, RecursionError):
            pass
    return Complaint(one_line(plain[: 4 * WORDS_LIMIT], WORDS_LIMIT))


def complaint_of(document: object) -> Complaint:
    """The complaint in a parsed document."""
    if isinstance(document, list):
        return next((complaint_of(entry) for entry in document if isinstance(entry, dict)), _plain(document))
    outer = record(document)
    inner = outer.get("error") if "error" in outer else outer
    if not isinstance(inner, dict):
        if not inner:
            return Complaint(_clean(_words(outer)), _kind(outer), _status(outer))
        return Complaint(
            _clean(_words(inner)), _kind(outer), _status(outer), wants_sign_in=bool(outer.get("signin_url"))
        )
    words = _words(inner) or _words({key: value for key, value in outer.items() if key != "error"})
    metadata = record(inner.get("metadata"))
    raw = _words(metadata.get("raw"))
    if raw and raw not in words:
        words = f"{words}: {raw}" if words else raw
    return Complaint(
        _clean(words), _kind(inner) or _kind(outer), _status(inner) or _status(outer), _wait(inner.get("details"))
    )


def is_complaint(document: Mapping[str, object]) -> bool:
    """Whether a document that should be an answer is an error instead."""
    if document.get("error"):
        return True
    if document.get("object") == "error" or document.get("type") == "error":
        return True
    answer = ("choices", "message", "content", "response", "id", "type", "done")
    if any(key in document for key in answer):
        return isinstance(document.get("message"), str) and not any(
            key in document for key in ("choices", "content", "done")
        )
    return "detail" in document or "errors" in document


def page_title(page: str) -> str:
    """The title or the first heading of a web page, on one line; empty when it has neither."""
    for pattern in (_TITLE, _HEADING):
        found = pattern.search(page[: 64 * 1024])
        if found:
            return one_line(html.unescape(_TAG.sub(" ", found.group(1))), 120)
    return ""


def _plain(value: object) -> Complaint:
    return Complaint(_clean(_words(value)))


def _clean(words: str) -> str:
    return one_line(words[: 4 * WORDS_LIMIT], WORDS_LIMIT)


def _words(value: object, depth: int = _DEPTH) -> str:
    """The sentence in a value, wherever it is; empty when there is none."""
    if depth == 0 or not value:
        return ""
    if isinstance(value, str):
        return _words_in_json(value, depth)
    if isinstance(value, list):
        return "; ".join(filter(None, (_words(entry, depth - 1) for entry in value[:10])))
    fields = record(value)
    place = ".".join(str(step) for step in items(fields.get("loc"))[:10])
    for name in ("message", "msg", "detail", "error", "errors", "description", "error_description", "reason", "title"):
        words = _words(fields.get(name), depth - 1)
        if words:
            return f"{place}: {words}" if place else words
    return ""


def _words_in_json(words: str, depth: int) -> str:
    """The sentence in a text that is itself a JSON error, as OpenRouter hands on what an upstream said; else the text."""
    if words.lstrip()[:1] not in ("{", "["):
        return words
    try:
        inner = json.loads(words)
    except (ValueError, RecursionError):
        return words
    return _words(inner, depth - 1) or words


def _kind(fields: Mapping[str, object]) -> str:
    named = (text(fields.get(name)) for name in ("type", "code", "status", "type_", "error_type"))
    return " ".join(filter(None, named)).lower()[:200]


def _status(fields: Mapping[str, object]) -> int | None:
    for name in ("status_code", "code", "status"):
        value = fields.get(name)
        number = (
            int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) == 3 else value
        )
        if type(number) is int and 400 <= number <= 599:
            return number
    return None


def _wait(details: object) -> float | None:
    waits = (duration_s(text(record(detail).get("retryDelay"))) for detail in items(details))
    return next((wait for wait in waits if wait is not None), None)
