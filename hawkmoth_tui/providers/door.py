"""The one HTTP door: every request to a model server leaves through it. Light to import; httpx is loaded by `warm` or the first request."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hawkmoth_tui.providers.proxies import proxy_for

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    import httpx

    from hawkmoth_tui.providers.answer import Answer
    from hawkmoth_tui.settings.schema import Timeouts


@dataclass(frozen=True, slots=True)
class Road:
    """How a request travels; requests on the same road share its connections."""

    is_secure: bool
    """Whether TLS is spoken to the server or to the proxy."""
    ca_file: str | None = None
    proxy: str | None = None


@dataclass(frozen=True, slots=True)
class KeyUse:
    """A key that leaves this machine: for the audit log."""

    provider: str
    host: str
    purpose: str
    """What for, in a word or two: answer, model list."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One request, ready to leave."""

    method: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    """The key among them."""
    body: bytes | None = field(repr=False)
    ca_file: str | None
    proxy: str | None
    """The provider's own proxy. None: by the environment."""
    timeouts: Timeouts
    key_use: KeyUse | None = None
    """Whose key is in the headers, and what for. None: no key is."""


class HttpDoor:
    """Holds the HTTP client, built when first needed. One per process; bound to the loop that uses it first."""

    def __init__(
        self,
        env: Mapping[str, str],
        now_s: Callable[[], float] = time.time,
        witness: Callable[[KeyUse], None] | None = None,
    ) -> None:
        """`witness` is told of every key just before it leaves."""
        self._env = dict(env)
        self._built: tuple[httpx.AsyncClient, Callable[[Road], object]] | None = None
        self._witness = witness
        self.now_s = now_s
        """Unix time, for dates in Retry-After."""

    def warm(self) -> None:
        """Loads httpx and ours around it, and builds the client with a secure road: about 0.1 s of work.

        May run in a thread; never raises.
        """
        from hawkmoth_tui.core.errors import ProviderError
        from hawkmoth_tui.providers.transport import load_httpx

        load_httpx()
        for name in ("answer", "http_provider"):
            import_module(f"hawkmoth_tui.providers.{name}")
        _, build_road = self._client()
        try:
            build_road(self.road("https://", None, None))
        except ProviderError:
            return

    @asynccontextmanager
    async def send(self, letter: Letter) -> AsyncIterator[Answer]:
        """The answer's head, and its body to be read. Raises a ProviderError; leaving the block closes the answer."""
        from hawkmoth_tui.providers.answer import open_answer

        client, _ = self._client()
        if letter.key_use and self._witness:
            self._witness(letter.key_use)
        answer = await open_answer(client, letter, self.road(letter.url, letter.ca_file, letter.proxy))
        try:
            yield answer
        finally:
            await answer.aclose()

    async def aclose(self) -> None:
        """Closes every connection."""
        built, self._built = self._built, None
        if built is not None:
            await built[0].aclose()

    def road(self, url: str, ca_file: str | None, proxy: str | None) -> Road:
        """The road to `url`: the provider's own proxy and certificates, else those of the environment."""
        proxy = proxy or proxy_for(url, self._env)
        is_secure = urlsplit(url).scheme == "https" or (proxy or "").startswith("https:")
        return Road(is_secure, ca_file if is_secure else None, proxy)

    def _client(self) -> tuple[httpx.AsyncClient, Callable[[Road], object]]:
        """The client, and what builds a road ahead."""
        from hawkmoth_tui.providers.transport import build_client, load_httpx

        if self._built is None:
            load_httpx()
            self._built = build_client(self._env.get("SSL_CERT_FILE", ""))
        return self._built
