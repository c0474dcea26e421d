"""An OpenAI-compatible server that knows one key, for programs that run beside the test: in a thread, on a free loopback port."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


class LockedServer:
    """Lists `models` and says `says` to whoever has the key; use it as a context manager."""

    def __init__(self, key: str, models: tuple[str, ...], says: str) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._answer({"data": [{"id": model, "object": "model"} for model in models]})

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", "0")))
                delta = {"choices": [{"index": 0, "delta": {"content": says}, "finish_reason": "stop"}]}
                self._answer(delta, kind="text/event-stream")

            def _answer(self, document: object, kind: str = "application/json") -> None:
                given = self.headers.get("authorization", "")
                is_known = given == f"Bearer {key}"
                if not is_known:
                    document, kind = {"error": {"message": f"Incorrect API key provided: {given}"}}, "application/json"
                body = json.dumps(document)
                if kind == "text/event-stream":
                    body = f"data: {body}\n\ndata: [DONE]\n\n"
                self.send_response(200 if is_known else 401)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the parent's name
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
