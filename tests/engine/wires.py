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
        case Protocol.OPENAI_RESPONSES:
            return _responses()
        case Protocol.GEMINI:
            return _gemini()
        case Protocol.COHERE:
            return _cohere()
        case _:
            return _openai()


def complaint(protocol: Protocol, request: Request) -> str:
    """Why a strict server would refuse this request with 400; empty when it would not."""
    document = request.document
    messages = document.get(_MESSAGES_FIELD.get(protocol, "messages"))
    if not isinstance(messages, list) or not messages:
        return "no messages"
    return _CHECKS.get(protocol, _openai_complaint)(messages)


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


def _responses() -> Reply:
    items: list[dict[str, object]] = [
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": "hm"}],
            "encrypted_content": "s",
        },
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "so"}]},
        {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": "look", "arguments": '{"a": 1}'},
    ]
    events: list[object] = [
        {"type": "response.output_item.done", "output_index": index, "item": item} for index, item in enumerate(items)
    ]
    response = {"status": "completed", "output": items, "usage": {"input_tokens": 5, "output_tokens": 9}}
    return Reply(sse(*events, {"type": "response.completed", "response": response}))


def _gemini() -> Reply:
    call = {"functionCall": {"name": "look", "args": {"a": 1}}, "thoughtSignature": "seal"}
    parts = [{"text": "hm", "thought": True}, {"text": "so"}, call]
    events: list[object] = [{"candidates": [{"content": {"role": "model", "parts": [part]}}]} for part in parts]
    usage = {"promptTokenCount": 5, "candidatesTokenCount": 9}
    return Reply(sse(*events, {"candidates": [{"finishReason": "STOP"}], "usageMetadata": usage}))


def _cohere() -> Reply:
    def event(kind: str, message: object) -> dict[str, object]:
        return {"type": kind, "index": 0, "delta": {"message": message}}

    call = {"id": "look_1", "type": "function", "function": {"name": "look", "arguments": '{"a": 1}'}}
    end = {"finish_reason": "TOOL_CALL", "usage": {"tokens": {"input_tokens": 5, "output_tokens": 9}}}
    return Reply(
        sse(
            event("content-delta", {"content": {"thinking": "hm"}}),
            event("content-delta", {"content": {"text": "so"}}),
            event("tool-call-start", {"tool_calls": call}),
            {"type": "message-end", "delta": end},
        )
    )


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


def _responses_complaint(items: list[dict[str, object]]) -> str:
    open_calls: set[object] = set()
    for item in items:
        match item.get("type", "message"):
            case "message":
                if open_calls:
                    return "a call without a result"
                wanted = "output_text" if item.get("role") == "assistant" else "input_text"
                content = item.get("content")
                assert isinstance(content, list)
                if not content or any(block["type"] not in (wanted, "input_image") for block in content):
                    return f"content {content} of {item.get('role')}"
            case "function_call":
                open_calls.add(item["call_id"])
            case "function_call_output":
                if item["call_id"] not in open_calls:
                    return "an output without its call"
                open_calls.discard(item["call_id"])
            case "reasoning":
                if not item.get("encrypted_content"):
                    return "reasoning without its seal"
            case other:
                return f"item {other}"
    return ""


def _gemini_complaint(contents: list[dict[str, object]]) -> str:
    last_role: object = None
    calls = 0
    for content in contents:
        role, parts = content.get("role"), content.get("parts")
        if role not in ("user", "model") or role == last_role:
            return f"role {role} after {last_role}"
        last_role = role
        if not isinstance(parts, list) or not parts:
            return "no parts"
        answered = sum("functionResponse" in part for part in parts)
        if answered != calls:
            return f"{answered} responses for {calls} calls"
        calls = sum("functionCall" in part for part in parts)
        if any(part.get("thought") for part in parts):
            return "thoughts in input"
    return ""


_MESSAGES_FIELD = {Protocol.OPENAI_RESPONSES: "input", Protocol.GEMINI: "contents"}
_CHECKS = {
    Protocol.ANTHROPIC_MESSAGES: _anthropic_complaint,
    Protocol.OLLAMA: _ollama_complaint,
    Protocol.OPENAI_RESPONSES: _responses_complaint,
    Protocol.GEMINI: _gemini_complaint,
}
