"""The only module that loads httpx: builds its clients, and turns what the network did into a `ProviderError`."""

from __future__ import annotations

import asyncio
import errno
import importlib
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from hawkmoth_tui.core.errors import BadResponse, ProviderError, StreamBroken, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

    from hawkmoth_tui.providers.door import Road


def load_httpx() -> None:
    """Loads httpx and what its first request would load, but not its command line, which would bring Rich and Pygments.

    httpx takes an ImportError there as "not installed".
    """
    if "httpx" not in sys.modules:
        hidden = cast("dict[str, object]", sys.modules)
        hidden["httpx._main"] = None
        try:
            importlib.import_module("httpx")
        finally:
            del hidden["httpx._main"]
    importlib.import_module("anyio._backends._asyncio")
    importlib.import_module("httpcore._backends.anyio")


ROAD = "road"
"""Every request carries its road under this name."""


def build_client(cert_file: str) -> tuple[httpx.AsyncClient, Callable[[Road], object]]:
    """The one client of a process, and what builds a road before its first request.

    It never redirects, keeps no cookies and reads no environment of its own. `cert_file` (SSL_CERT_FILE) replaces the system's
    certificates; empty leaves them. A road whose certificates or proxy cannot be used raises Unreachable when it is taken.
    """
    from http.cookiejar import DefaultCookiePolicy

    import httpx

    class Roads(httpx.AsyncBaseTransport):
        def __init__(self) -> None:
            self._built: dict[Road, httpx.AsyncBaseTransport] = {}

        def at(self, road: Road) -> httpx.AsyncBaseTransport:
            if road not in self._built:
                self._built[road] = _transport(road, cert_file)
            return self._built[road]

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            return await self.at(request.extensions[ROAD]).handle_async_request(request)

        async def aclose(self) -> None:
            await asyncio.gather(*(transport.aclose() for transport in self._built.values()))

    roads = Roads()
    client = httpx.AsyncClient(transport=roads, follow_redirects=False, trust_env=False)
    client.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=()))
    return client, roads.at


def _transport(road: Road, cert_file: str) -> httpx.AsyncBaseTransport:
    """The way of one road. For plain http no certificates are loaded, and it refuses https. Raises Unreachable."""
    import httpx

    class CleartextTransport(httpx.AsyncHTTPTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.scheme != "http":
                raise httpx.UnsupportedProtocol("this client speaks plain http only")
            return await super().handle_async_request(request)

    limits = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=60)
    try:
        if road.is_secure:
            return httpx.AsyncHTTPTransport(
                verify=_context(road.ca_file, cert_file), proxy=road.proxy, trust_env=False, limits=limits
            )
        return CleartextTransport(verify=False, proxy=road.proxy, trust_env=False, limits=limits)
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise Unreachable(
            "the proxy cannot be used", "check proxy, HTTPS_PROXY and HTTP_PROXY; http:// and https:// work"
        ) from error


def _context(ca_file: str | None, cert_file: str) -> ssl.SSLContext:
    """Certificates: the provider's own file, else SSL_CERT_FILE, else the system's."""
    chosen, setting = (ca_file, "ca_file") if ca_file else (cert_file, "SSL_CERT_FILE")
    if chosen:
        try:
            return ssl.create_default_context(cafile=Path(chosen).expanduser())
        except (OSError, ssl.SSLError) as error:
            raise Unreachable(
                f"the certificates in {setting} cannot be read", f"check that {chosen} is a PEM file"
            ) from error
    return _system_context()


def _system_context() -> ssl.SSLContext:
    """The system's certificates: on Linux OpenSSL's own files, read once; elsewhere, or where those are empty, through truststore.

    truststore reads the files again for every connection, about 16 ms of the loop's time each (measured, November 2026).
    """
    if sys.platform == "linux":
        context = ssl.create_default_context()
        if context.cert_store_stats()["x509_ca"]:
            return context
    import truststore

    system: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return system


def network_errors() -> tuple[type[Exception], ...]:
    """What httpx and the network raise; bad header text comes as a ValueError."""
    import httpx

    return httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError


def broken(error: Exception, origin: str, connect_s: float) -> ProviderError:
    """What went wrong below HTTP, in words; the texts of libraries are not shown, they may quote headers."""
    import httpx

    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return Unreachable(f"no connection to {origin} within {connect_s:g} s", "check base_url and the network")
        case httpx.ProxyError():
            return Unreachable(f"the proxy refused the way to {origin}", "check proxy, HTTPS_PROXY and NO_PROXY")
        case httpx.ConnectError():
            return _not_connected(error, origin)
        case httpx.UnsupportedProtocol() | httpx.InvalidURL():
            return Unreachable(f"{origin} is no address that can be asked", "write base_url with http:// or https://")
        case httpx.LocalProtocolError() | ValueError():
            return Unreachable(
                "a header of this request cannot be sent", "check the key and [providers.…].headers for odd characters"
            )
        case httpx.ReadError() | httpx.WriteError() | httpx.CloseError():
            return StreamBroken(f"{origin} cut the connection", "try again", is_retryable=True)
        case httpx.RemoteProtocolError() if "disconnected" in str(error):
            return StreamBroken(f"{origin} closed the connection without an answer", "try again", is_retryable=True)
        case httpx.RemoteProtocolError() if "peer closed" in str(error):
            return StreamBroken(f"{origin} cut the answer", "try again", is_retryable=True)
        case httpx.RemoteProtocolError():
            return BadResponse(f"{origin} does not answer in HTTP", "check base_url")
        case _:
            return Unreachable(
                f"{origin} could not be asked ({type(error).__name__})", "check base_url and the network"
            )


def _not_connected(error: Exception, origin: str) -> Unreachable:
    causes = list(_causes(error))
    numbers = {cause.errno for cause in causes if isinstance(cause, OSError)}
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Unreachable(
            f"the certificate of {origin} is not trusted", "set ca_file for this provider, or SSL_CERT_FILE"
        )
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(f"no secure connection to {origin}", "check base_url: does this server speak https?")
    if errno.ECONNREFUSED in numbers or "refused" in str(error) or "All connection attempts failed" in str(error):
        return Unreachable(
            f"{origin} refused the connection", f"is the server running at {origin}?", is_retryable=False
        )
    if any(type(cause).__name__ == "gaierror" for cause in causes):
        return Unreachable(f"the host of {origin} is not known", "check base_url and the network")
    if numbers & {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN}:
        return Unreachable(f"no way to {origin} from this network", "check the network")
    return Unreachable(f"no connection to {origin}", "check base_url and the network", is_retryable=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that led to it, groups of attempts included."""
    seen: list[BaseException] = [error]
    while seen:
        cause = seen.pop()
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            seen += cause.exceptions
        seen += [inner for inner in (cause.__cause__ or cause.__context__,) if inner is not None]
