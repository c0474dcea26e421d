"""The thread that carries bytes to the terminal, so that a slow or dead line never blocks the event loop."""

from __future__ import annotations

import os
import threading
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

CONGESTED_CHARACTERS = 8_192
"""Characters waiting for the line from which on new frames are held back: what a key changes must not queue behind many frames."""

_FAREWELL_S = 0.5
"""How long the last bytes may take at the end; a stalled terminal does not get more."""


class TerminalWriter:
    """Writes in order and never blocks its caller. Once the line is lost, it drops everything."""

    def __init__(
        self, descriptor: int, encoding: str, on_lost: Callable[[], None], on_drained: Callable[[], None]
    ) -> None:
        """Both callbacks run in the writer's thread; `on_drained` comes once after each `owe`."""
        self._descriptor = descriptor
        self._encoding = encoding
        self._on_lost = on_lost
        self._on_drained = on_drained
        self._texts: SimpleQueue[str | None] = SimpleQueue()
        self._taken = 0
        self._written = 0
        self._owes = False
        self._is_lost = False
        self._thread: threading.Thread | None = None

    @property
    def is_congested(self) -> bool:
        """Whether more waits for the line than a frame."""
        return self._taken - self._written > CONGESTED_CHARACTERS

    def start(self) -> None:
        """Starts the thread; after `stop` it may be started again."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._carry, name="hawkmoth-output", daemon=True)
            self._thread.start()

    def write(self, text: str) -> None:
        """Takes text to be written. Reentrant: signal handlers write too."""
        if not self._is_lost:
            self._taken += len(text)
            self._texts.put(text)

    def owe(self) -> bool:
        """Notes that a frame was skipped, to be told when the line is free. False when it is free already, so draw it now."""
        self._owes = True
        return self.is_congested

    def lose(self) -> None:
        """Drops what waits and everything that follows."""
        self._is_lost = True

    def stop(self) -> None:
        """Ends the thread after what was taken is written, or after half a second."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._texts.put(None)
            thread.join(_FAREWELL_S)

    def _carry(self) -> None:
        is_open = True
        while is_open:
            texts = [self._texts.get()]
            while not self._texts.empty():
                try:
                    texts.append(self._texts.get_nowait())
                except Empty:
                    break
            is_open = None not in texts
            self._put("".join(text for text in texts if text is not None))
            if self._owes and not self._is_lost:
                self._owes = False
                self._on_drained()

    def _put(self, text: str) -> None:
        data = memoryview(text.encode(self._encoding, "replace"))
        try:
            while data and not self._is_lost:
                data = data[os.write(self._descriptor, data) :]
        except OSError:
            if not self._is_lost:
                self._is_lost = True
                self._on_lost()
        self._written += len(text)
