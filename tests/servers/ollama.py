"""An Ollama server for programs that run beside the test: in a thread of its own, on a free loopback port."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping

CARDS: Mapping[str, Mapping[str, object]] = {
    "qwen3:8b": {
        "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40_960},
        "capabilities": ["completion", "tools", "thinking"],
    },
    "gpt-oss:120b-cloud": {"remote_model": "gpt-oss:120b", "capabilities": ["completion"]},
    "nomic-embed-text": {"capabilities": ["embedding"]},
}
"""A model that answers here, one that ollama.com answers, and one that does not converse."""


class OllamaServer:
    """Answers every conversation with `says`; use it as a context manager."""

    def __init__(self, says: str = "Hawkmoths hover like hummingbirds.", port: int = 0) -> None:
        """Port 0 takes a free one."""
        self.says = says
        self.chats: list[dict[str, object]] = []
        """What was asked for, oldest first."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, {"models": [{"name": name} for name in CARDS]} if self.path == "/api/tags" else None)

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers.get("content-length", "0"))))
                if self.path == "/api/show":
                    self._send(200, CARDS.get(asked["model"]))
                elif self.path == "/api/chat":
                    outer.chats.append(asked)
                    self._send(200, *outer._lines())
                else:
                    self._send(404, None)

            def _send(self, status: int, *documents: object) -> None:
                body = b"".join(json.dumps(document).encode() + b"\n" for document in documents)
                self.send_response(status if documents != (None,) else 404)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """For OLLAMA_HOST."""
        return f"127.0.0.1:{self.port}"

    @property
    def port(self) -> int:
        return self._server.server_port

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _lines(self) -> list[dict[str, object]]:
        words: list[dict[str, object]] = [
            {"message": {"role": "assistant", "content": f"{word} "}, "done": False} for word in self.says.split()
        ]
        end: dict[str, object] = {
            "done": True,
            "done_reason": "stop",
            "prompt_eval_count": 21,
            "eval_count": len(words),
        }
        return [*words, end]
