"""The floor: the least that a chat app on plain Textual is. An input, a Markdown widget per answer, nothing stored, nothing routed.

    python -m tests.bench.floor [--lazy]      BENCH_URL names the server

With --lazy only Textual's core is imported before the first paint, as Hawkmoth does it.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from textual.app import App
from textual.containers import VerticalScroll
from textual.widgets import Input

if "--lazy" not in sys.argv:
    import httpx  # noqa: F401  the eager floor pays for these two at start
    from textual.widgets import Markdown  # noqa: F401

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Floor(App[None]):
    """Sends what is entered, shows what comes."""

    CSS = "VerticalScroll { height: 1fr } Input { dock: bottom }"
    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        yield VerticalScroll()
        yield Input()

    def on_mount(self) -> None:
        self.query_one(VerticalScroll).anchor()
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.input.value = ""
        self.run_worker(self.ask(event.value))

    async def ask(self, prompt: str) -> None:
        """One turn: every token goes to Textual's own Markdown stream."""
        import httpx
        from textual.widgets import Markdown

        answer = Markdown()
        await self.query_one(VerticalScroll).mount(answer)
        stream = Markdown.get_stream(answer)
        body = {"model": "bench-model", "stream": True, "messages": [{"role": "user", "content": prompt}]}
        url = os.environ["BENCH_URL"] + "/chat/completions"
        async with (
            httpx.AsyncClient(timeout=None, trust_env=False) as client,
            client.stream("POST", url, json=body) as response,
        ):
            async for line in response.aiter_lines():
                if line.startswith("data: {"):
                    delta = json.loads(line[6:])["choices"][0]["delta"]
                    await stream.write(delta.get("content", ""))
        await stream.stop()


if __name__ == "__main__":
    Floor().run()
