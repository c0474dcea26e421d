"""Tool calls: joined from the fragments of a stream, and their ids in the form that a target takes. Pure."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field

from hawkmoth_tui.core.errors import StreamBroken
from hawkmoth_tui.core.messages import ToolCall
from hawkmoth_tui.providers.text import whole

MOST_CALLS = 128
"""More calls than this in one answer are a server's mistake."""


@dataclass(slots=True)
class _Pieces:
    index: int
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class CallPieces:
    """Joins the fragments of parallel calls: by index where there is one; a new id starts a new call in any case."""

    def __init__(self) -> None:
        self._calls: list[_Pieces] = []
        self._open: dict[int, _Pieces] = {}

    def add(self, index: int | None, id_: str, name: str, arguments: str) -> None:
        """One fragment; empty parts leave what is known. Raises StreamBroken at too many calls."""
        call = self._open_call(index, id_, name) or self._new(index)
        call.id = call.id or id_
        call.name = call.name or name
        if arguments:
            call.arguments.append(arguments)

    def whole(self) -> list[ToolCall]:
        """The calls in the order of their indexes; fragments that never got a name are left out."""
        named = sorted((call for call in self._calls if call.name), key=lambda call: call.index)
        return [make_call(call.id, call.name, "".join(call.arguments), position) for position, call in enumerate(named)]

    def _open_call(self, index: int | None, id_: str, name: str) -> _Pieces | None:
        """The call that the fragment continues. None: it starts a new one."""
        if index is not None:
            call = self._open.get(index)
            return None if call and id_ and call.id and call.id != id_ and name else call
        known = next((call for call in self._calls if id_ and call.id == id_), None)
        if known or not self._calls or id_:
            return known
        return None if name and self._calls[-1].name else self._calls[-1]

    def _new(self, index: int | None) -> _Pieces:
        if len(self._calls) >= MOST_CALLS:
            raise StreamBroken(f"the server asks for more than {MOST_CALLS} tool calls at once", "retry it")
        call = _Pieces(len(self._calls) if index is None else index)
        self._calls.append(call)
        self._open[call.index] = call
        return call


def make_call(id_: str, name: str, arguments: str, position: int) -> ToolCall:
    """A whole call; no arguments are `{}`, and a missing id is made from the call itself."""
    arguments = whole(arguments) if arguments.strip() else "{}"
    return ToolCall(whole(id_) or _digest(f"{position}\n{name}\n{arguments}", "call_", 16), whole(name), arguments)


def arguments_text(value: object) -> str:
    """Arguments that came as a string or as an object, as JSON text."""
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else ""


def arguments_record(arguments: str) -> dict[str, object]:
    """Arguments as an object, for protocols that want one; what is not an object is kept under "arguments"."""
    try:
        value = json.loads(arguments) if arguments.strip() else {}
    except (ValueError, RecursionError):
        value = None
    return value if isinstance(value, dict) else {"arguments": arguments}


@dataclass(frozen=True, slots=True)
class IdForm:
    """The form of tool ids that a target takes."""

    pattern: str
    """What it accepts, as a regular expression."""
    prefix: str
    length: int
    """Characters of a substitute, after the prefix."""

    def fit(self, id_: str) -> str:
        """The id, or a substitute made from it: the same one every time."""
        return id_ if re.fullmatch(self.pattern, id_) else _digest(id_, self.prefix, self.length)


ANY_ID = IdForm(r"[\x21-\x7e]{1,40}", "call_", 24)
"""OpenAI's form, which most others share: at most 40 characters."""
MISTRAL_ID = IdForm(r"[A-Za-z0-9]{9}", "", 9)
ANTHROPIC_ID = IdForm(r"[A-Za-z0-9_-]{1,64}", "toolu_", 24)


def _digest(text: str, prefix: str, length: int) -> str:
    return prefix + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:length]
