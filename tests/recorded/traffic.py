"""Recorded interactions: where they lie, how they are cut for replay, and when an answer of ours agrees with one."""

from __future__ import annotations

import base64
import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.core.errors import StreamBroken
from hawkmoth_tui.providers.assembly import canonical
from hawkmoth_tui.settings.schema import Protocol
from tests.servers.scripted import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.providers.hearing import Heard

FILE = Path(__file__).resolve().parents[3] / "shared" / "wire" / "public.jsonl.gz"
PROTOCOLS = frozenset(protocol.value for protocol in Protocol)
_OWN_HEADERS = frozenset({"content-length", "transfer-encoding", "content-encoding", "connection"})
_HOSTILE = re.compile(
    rb"(?<=[\x80-\xff])(?=[\x80-\xbf])|(?<=\r)(?=\n)|(?<=\n)(?=\n)|(?<=\\)|(?<=^da)(?=ta)|(?<=\[DO)(?=NE)", re.MULTILINE
)
_FAILURES = ("ERROR",)
"""Finish reasons by which a vendor says that it failed; its library reports no error then, we do."""
_WORDS = re.compile(r'"(?:msg|message)": *"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Recording:
    """One interaction."""

    id: str
    protocol: Protocol
    provider: str
    status: int
    headers: dict[str, str]
    body: bytes
    expected: dict[str, Any]

    @property
    def reply(self) -> Reply:
        return Reply((self.body,), self.status, self.headers)

    @property
    def hostile_reply(self) -> Reply:
        """Cut inside characters, line ends, escapes and marks."""
        return Reply(tuple(_HOSTILE.split(self.body)), self.status, self.headers)


def recordings() -> list[Recording]:
    """Those in the protocols that are spoken; empty where the folder is absent."""
    if not FILE.exists():
        return []
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        documents = [json.loads(line) for line in lines]
    return [_recording(document) for document in documents if document["protocol"] in PROTOCOLS]


def _recording(document: dict[str, Any]) -> Recording:
    response = document["response"]
    body = response["body"]
    headers = {name: value.encode("ascii", "replace").decode() for name, value in response["headers"].items()}
    return Recording(
        document["id"],
        Protocol(document["protocol"]),
        document["provider"],
        response["status"],
        {name: value for name, value in headers.items() if name.lower() not in _OWN_HEADERS},
        base64.b64decode(body["base64"]) if isinstance(body, dict) else body.encode("utf-8", "surrogatepass"),
        document["expect"],
    )


def disagreements(recording: Recording, heard: Heard) -> list[str]:
    """What differs between the answer as we read it and as the vendor's own library did; both in our words."""
    expected = recording.expected
    if expected["error"]:
        return _error_disagreements(expected["error"], heard)
    found = [*_text_disagreements(expected, heard), *_call_disagreements(expected, heard)]
    # Old Ollama ends with `done` and no reason; that is an end all the same.
    is_cut = (expected["incomplete"] and not expected.get("done")) or expected["finish_reason"] in _FAILURES
    if is_cut != isinstance(heard.error, StreamBroken) or (heard.error and not is_cut):
        found.append(f"error: {heard.error!r}")
    reason = (expected["finish_reason"] or "").removeprefix("incomplete:")
    if not is_cut and reason and canonical(reason) != heard.reason:
        found.append(f"reason: {reason!r}, {heard.reason!r}")
    if reason not in ("", *_FAILURES) and heard.reported.finish_reason != reason:
        found.append(f"reported reason: {reason!r}, {heard.reported.finish_reason!r}")
    if is_cut:
        return found
    usage = expected["usage"] or {}
    return [
        *found,
        *_usage_disagreements(recording, usage, heard),
        *_reported_disagreements(expected["usage_raw"] or {}, heard),
    ]


def _text_disagreements(expected: dict[str, Any], heard: Heard) -> list[str]:
    said = (heard.text, heard.thinking)
    apart = expected["think_split"]
    if said == (expected["text"], expected["reasoning_text"]):
        return []
    if apart:
        split = (apart["text"], expected["reasoning_text"] + apart["reasoning"])
        if [part.strip() for part in said] == [part.strip() for part in split]:
            return []
    return [f"text: {said!r}"]


def _call_disagreements(expected: dict[str, Any], heard: Heard) -> list[str]:
    if expected["incomplete"]:
        return []
    wanted = [(call["id"] or None, call["name"], _parsed(call["arguments"])) for call in expected["tool_calls"]]
    got = [(call.id, call.name, _parsed(call.arguments)) for call in heard.calls]
    same_ids = [(id_ or got_id, *rest) for (id_, *rest), (got_id, *_) in zip(wanted, got, strict=False)]
    return [] if len(wanted) == len(got) and same_ids == got else [f"calls: {wanted!r}, {got!r}"]


def _parsed(arguments: object) -> object:
    if not isinstance(arguments, str):
        return arguments or {}
    try:
        return json.loads(arguments) if arguments.strip() else {}
    except ValueError:
        return arguments


def _output(recording: Recording, expected: dict[str, Any]) -> int | None:
    """All output as we count it; Gemini reports its visible part alone, and leaves that out where there is none."""
    if recording.protocol is Protocol.GEMINI:
        return (expected["output"] or 0) + (expected["reasoning"] or 0)
    output: int | None = expected["output"]
    return output


def _usage_disagreements(recording: Recording, expected: dict[str, Any], heard: Heard) -> list[str]:
    usage = heard.usage
    if not expected:
        return [f"usage: none, {usage!r}"] if usage and (usage.input_tokens or usage.output_tokens) else []
    if usage is None:
        return [f"usage: {expected!r}, none"] if any(expected.values()) else []
    pairs = (
        ("input", expected.get("input_total") or expected["input"], usage.input_tokens),
        ("output", _output(recording, expected), usage.output_tokens),
        ("cached", expected["cached_read"], usage.cached_input_tokens),
        ("written", expected["cached_write"], usage.cache_write_tokens),
        ("reasoning", expected["reasoning"], usage.reasoning_tokens),
    )
    return [f"{name} tokens: {wanted}, {got}" for name, wanted, got in pairs if wanted is not None and wanted != got]


def _reported_disagreements(expected: dict[str, Any], heard: Heard) -> list[str]:
    """What of the usage as the vendor's library has it was not kept as reported."""
    kept = dict(_leaves(json.loads(heard.reported.usage or "{}")))
    lost = [f"{path}: {value!r}" for path, value in _leaves(expected) if kept.get(path) != value]
    return [f"reported usage without {', '.join(lost)}"] if lost else []


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every figure and word with its place; the vendors' libraries fill in a null for what was not there."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}")
    elif value is not None:
        yield path, value


def _error_disagreements(expected: dict[str, Any], heard: Heard) -> list[str]:
    error = heard.error
    if error is None:
        return ["error: none"]
    found = []
    if expected["status"] and not expected["in_stream"] and error.status != expected["status"]:
        found.append(f"status: {expected['status']}, {error.status}")
    # FastAPI's lists of complaints are read to their sentences.
    message = expected["message"] or ""
    words = _WORDS.findall(message) if message[:1] in ("[", "{") else [message]
    folded = " ".join(error.message.split())
    found += [f"words: {said!r}, {error.message!r}" for said in words if " ".join(said.split())[:60] not in folded]
    return found
