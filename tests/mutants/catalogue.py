"""Small wrongs that somebody could do to the adapters and the HTTP door. Each must be caught by a test of the providers.

A mutant is one replacement of text that occurs exactly once in its file.
"""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """One wrong."""

    file: str
    """Below hawkmoth_tui/providers."""
    right: str
    wrong: str


MUTANTS = (
    Mutant("transport.py", "follow_redirects=False", "follow_redirects=True"),
    Mutant("transport.py", "verify=_context(road.ca_file, cert_file)", "verify=False"),
    Mutant("transport.py", "DefaultCookiePolicy(allowed_domains=())", "DefaultCookiePolicy()"),
    Mutant("transport.py", "chosen, setting = (ca_file,", 'chosen, setting = ("",'),
    Mutant("transport.py", 'if request.url.scheme != "http":', 'if request.url.scheme == "ftp":'),
    Mutant("decoding.py", "piece = inflate.decompress(data, PIECE_BYTES)", "piece = inflate.decompress(data)"),
    Mutant(
        "decoding.py",
        '(inflate.unused_data.lstrip(b"\\x00"), b"") if self._is_gzip else',
        '(b"", b"") if self._is_gzip else',
    ),
    Mutant("decoding.py", "_ZLIB if _is_zlib(data) else _RAW_DEFLATE", "_ZLIB"),
    Mutant("answer.py", "if self._size > BODY_BYTES:", "if self._size > 100 * BODY_BYTES:"),
    Mutant("answer.py", "while len(body) < ERROR_BYTES and", "while"),
    Mutant("answer.py", "return min(self._next, self._end)", "return self._next"),
    Mutant(
        "answer.py",
        "if not self._has_first_byte:\n            self._has_first_byte = True",
        "if True:\n            self._has_first_byte = True",
    ),
    Mutant("http_provider.py", "elif assembly.progress != before or body.is_document:", "else:"),
    Mutant("http_provider.py", "answer.clocks.hurry(AFTER_FINISH_S)", "answer.clocks.heard()"),
    Mutant("http_provider.py", "if 300 <= answer.status < 400:", "if 305 <= answer.status < 306:"),
    Mutant(
        "http_provider.py",
        "except (ValueError, RecursionError) as error:\n            if name",
        "except ValueError as error:\n            if name",
    ),
    Mutant("http_provider.py", 'if body.lstrip()[:1] == b"<":', 'if body[:1] == b"!":'),
    Mutant("http_provider.py", "if len(body) > DOCUMENT_BYTES:", "if len(body) < 0:"),
    Mutant("http_provider.py", 'if not key.isascii() or not key.isprintable() or " " in key:', "if False:"),
    Mutant("door.py", "if letter.key_use and self._witness:", "if self._witness and not letter.key_use:"),
    Mutant("sse.py", 'piece = piece.removeprefix(b"\\n")', "piece = piece"),
    Mutant("sse.py", '.replace(b"\\r", b"\\n")', ""),
    Mutant("sse.py", 'line[6:] if line[5:6] == b" " else line[5:]', "line[6:]"),
    Mutant("sse.py", "self._lines.check(self._data_bytes)", "pass"),
    Mutant("sse.py", 'b"\\n".join(self._data)', 'b"".join(self._data)'),
    Mutant("sse.py", 'elif line.startswith(b"error:"):', 'elif line.startswith(b"errors:"):'),
    Mutant("line_splitter.py", "self.check(self._kept_bytes)", "pass"),
    Mutant("line_splitter.py", "return line.removeprefix(_BOM)", "return line"),
    Mutant("ndjson.py", 'if not self._indented and text != b"{":', "if True:"),
    Mutant("body.py", 'if first == b"<":', 'if first == b"!":'),
    Mutant("body.py", "if self._held_bytes > DOCUMENT_BYTES:", "if self._held_bytes < 0:"),
    Mutant("body.py", "piece = piece.lstrip(_BLANK)", "piece = piece"),
    Mutant("assembly.py", "if self._characters > ANSWER_CHARACTERS:", "if self._characters < 0:"),
    Mutant(
        "assembly.py",
        "if self._reason is None:\n            raise self._broken()",
        'if self._reason is None:\n            self._reason = "stop"',
    ),
    Mutant("assembly.py", "text = self._text.mend(text)\n", "text = str(text)\n"),
    Mutant("assembly.py", "if reason.lower() in _FAILED:", "if reason in ():"),
    Mutant("tool_calls.py", "if len(self._calls) >= MOST_CALLS:", "if len(self._calls) < 0:"),
    Mutant("tool_calls.py", "call.id = call.id or id_", "call.id = id_"),
    Mutant(
        "tool_calls.py", 'arguments = whole(arguments) if arguments.strip() else "{}"', "arguments = whole(arguments)"
    ),
    Mutant("tool_calls.py", "return id_ if re.fullmatch(self.pattern, id_) else", "return id_ if id_ else"),
    Mutant(
        "text.py",
        "thinking, closing, text = text.partition(CLOSING)",
        "thinking, closing, text = text.rpartition(CLOSING)",
    ),
    Mutant("text.py", "for size in range(min(len(CLOSING) - 1, len(text)), 0, -1):", "for size in range(0):"),
    Mutant("usage.py", "input_tokens=plain + cached + written,", "input_tokens=plain,"),
    Mutant(
        "usage.py", "output_tokens=completion + reasoning if is_apart else completion,", "output_tokens=completion,"
    ),
    Mutant("usage.py", "output_tokens=said + thought,", "output_tokens=said,"),
    Mutant("usage.py", 'billed_input_tokens=_whole_count(billed.get("input_tokens")),', ""),
    Mutant("fields.py", "type(value) is int and 0 <= value <= MOST_TOKENS", "type(value) is int and 0 <= value"),
    Mutant(
        "failures.py",
        'return RateLimited, "wait a little, or choose another model", True',
        'return RateLimited, "wait a little, or choose another model", False',
    ),
    Mutant(
        "failures.py", "if status == 402 or (status in (400, 403, 429) and _QUOTA.search(said)):", "if status == 402:"
    ),
    Mutant("failures.py", 'target = re.split(r"[?#]", location.strip(), maxsplit=1)[0]', "target = location.strip()"),
    Mutant("retry_after.py", "return number if math.isfinite(number) else None", "return number"),
    Mutant("retry_after.py", "return max(0.0, milliseconds / 1000)", "return max(0.0, milliseconds)"),
    Mutant("masking.py", "words = words.replace(secret, MASK)", "words = str(words)"),
    Mutant("openai_chat.py", 'if choice.get("index") in (None, 0):', "if True:"),
    Mutant("openai_chat.py", 'for name in ("reasoning_content", "reasoning"):', 'for name in ("reasoning_content",):'),
    Mutant(
        "anthropic_messages.py",
        "self._raw_usage |= {name: value for name, value in said.items() if value is not None}",
        "self._raw_usage |= said",
    ),
    Mutant("anthropic_messages.py", 'if kind == "thinking":', 'if kind == "thoughts":'),
    Mutant("ollama.py", '"truncate": False,', ""),
    Mutant("openai_responses.py", "if index in self._taken:", "if index < -9:"),
    Mutant("gemini.py", 'if part.get("thought") is True else', 'if part.get("thought") is False else'),
    Mutant("cohere.py", 'self._assembly.finish(text(delta.get("finish_reason")))', 'self._assembly.finish("COMPLETE")'),
    Mutant("proxies.py", "if is_loopback(host) or", "if"),
    Mutant("quotas.py", "minutes * 60", "minutes"),
)
