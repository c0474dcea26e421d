"""What each protocol accepts, as its vendor's documentation says, and an answer in each with everything in it."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING

from hawkmoth_tui.settings.schema import Protocol
from tests.servers.scripted import Reply, sse, whole

if TYPE_CHECKING:
    from tests.servers.scripted import Request

SAFE_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def rich_answer(protocol: Protocol) -> Reply:
    """Reasoning, text and a tool call, finished."""
    match protocol:
        case Protocol.ANTHROPIC_MESSAGES:
            return _anthropic()
        case Protocol.OLLAMA:
            return _ollama()
        case _:
            return _openai()


def complaint(protocol: Protocol, request: Request) -> str:
    """Why a strict server would refuse this request with 400; empty when it would not."""
    document = request.document
    messages = document.get("messages")
    if not isinstance(messages, list) or not messages:
        return "no messages"
    checks = {Protocol.ANTHROPIC_MESSAGES: _anthropic_complaint, Protocol.OLLAMA: _ollama_complaint}
    return checks.get(protocol, _openai_complaint)(messages)


def refusal(words: str) -> Reply:
    return whole({"error": {"message": words, "type": "invalid_request_error"}}, 400)


def _openai() -> Reply:
    call = {"index": 0, "id": "call:1|x", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}
    deltas: list[dict[str, object]] = [{"reasoning_content": "hm"}, {"content": "so"}, {"tool_calls": [call]}]
    events: list[object] = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    events.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    return Reply(sse(*events, end="[DONE]"))


def _anthropic() -> Reply:
    def block(index: int, start: object, *deltas: object) -> list[object]:
        return [
            {"type": "content_block_start", "index": index, "content_block": start},
            *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
            {"type": "content_block_stop", "index": index},
        ]

    thinking = ({"type": "thinking_delta", "thinking": "hm"}, {"type": "signature_delta", "signature": "seal"})
    tool = {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}}
    events: list[object] = [
        {"type": "message_start", "message": {"usage": {"input_tokens": 5, "output_tokens": 1}}},
        *block(0, {"type": "thinking", "thinking": ""}, *thinking),
        *block(1, {"type": "text", "text": ""}, {"type": "text_delta", "text": "so"}),
        *block(2, tool, {"type": "input_json_delta", "partial_json": '{"a": 1}'}),
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}, "usage": {"output_tokens": 9}},
        {"type": "message_stop"},
    ]
    return Reply(sse(*events))


def _ollama() -> Reply:
    call = {"function": {"name": "look", "arguments": {"a": 1}}}
    lines = [
        {"message": {"role": "assistant", "content": "", "thinking": "hm"}, "done": False},
        {"message": {"role": "assistant", "content": "so", "tool_calls": [call]}, "done": False},
        {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop", "eval_count": 3},
    ]
    return Reply(tuple(json.dumps(line).encode() + b"\n" for line in lines))


def _openai_complaint(messages: list[dict[str, object]]) -> str:
    open_calls: set[object] = set()
    for message in messages:
        role = message.get("role")
        if role not in ("system", "developer", "user", "assistant", "tool"):
            return f"role {role}"
        if "reasoning_content" in message or "reasoning" in message:
            return "reasoning in input"
        if role == "tool":
            if message.get("tool_call_id") not in open_calls:
                return "tool message without its call"
            open_calls.discard(message.get("tool_call_id"))
        elif open_calls:
            return "a call without a result"
        calls = message.get("tool_calls", [])
        assert isinstance(calls, list)
        for call in calls:
            if not isinstance(call["function"]["arguments"], str):
                return "arguments are no string"
            open_calls.add(call["id"])
    return ""


def _anthropic_complaint(messages: list[dict[str, object]]) -> str:
    last_role: object = None
    open_ids: set[str] = set()
    for message in messages:
        role, content = message.get("role"), message.get("content")
        if role not in ("user", "assistant") or role == last_role:
            return f"role {role} after {last_role}"
        last_role = role
        blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
        if not isinstance(blocks, list) or not blocks:
            return "no content"
        results = {block["tool_use_id"] for block in blocks if block["type"] == "tool_result"}
        if results != open_ids:
            return f"results {results} for calls {open_ids}"
        open_ids = set()
        for block in blocks:
            if block["type"] == "text" and not block["text"].strip():
                return "empty text"
            if block["type"] == "thinking" and block.get("signature") != "seal":
                return "thinking without its seal"
            if block["type"] == "image" and not base64.b64decode(block["source"]["data"], validate=True):
                return "no picture"
            if block["type"] == "tool_use":
                if not SAFE_ID.fullmatch(block["id"]) or not isinstance(block["input"], dict):
                    return f"tool call {block['id']!r}"
                open_ids.add(block["id"])
    return "the first message is not the user's" if messages[0]["role"] != "user" else ""


def _ollama_complaint(messages: list[dict[str, object]]) -> str:
    for message in messages:
        if message.get("role") not in ("system", "user", "assistant", "tool"):
            return f"role {message.get('role')}"
        if not isinstance(message.get("content", ""), str):
            return "content is no string"
        images, calls = message.get("images", []), message.get("tool_calls", [])
        assert isinstance(images, list)
        assert isinstance(calls, list)
        if any(not base64.b64decode(image, validate=True) for image in images):
            return "no picture"
        if any(not isinstance(call["function"]["arguments"], dict) for call in calls):
            return "arguments are no object"
    return ""
