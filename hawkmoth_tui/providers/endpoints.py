"""Where requests go: a vendor's base URL joined with a protocol's path, /v1 neither missing nor doubled. Pure."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

VERSION = "/v1"


def openai_url(base_url: str, path: str, *, bare_path: str = VERSION) -> str:
    """The URL of `path` (such as "/chat/completions") below an OpenAI-style base.

    The base is taken as its vendor writes it, with or without a trailing slash or the /chat/completions at its end. A base of only a
    host gets `bare_path`; a query, as in Azure's api-version, is kept.
    """
    parts = urlsplit(base_url.strip())
    root = parts.path.rstrip("/")
    for ending in ("/chat/completions", "/responses", "/models"):
        root = root.removesuffix(ending).rstrip("/")
    return _with_path(parts, (root or bare_path) + path)


def versioned_url(base_url: str, path: str) -> str:
    """The URL of `path` (such as "/v1/messages") below a base that may already end in /v1 or in the path itself."""
    parts = urlsplit(base_url.strip())
    root = parts.path.rstrip("/").removesuffix(path.removeprefix(VERSION)).removesuffix(VERSION)
    return _with_path(parts, root + path)


def ollama_url(base_url: str, path: str) -> str:
    """The URL of `path` (such as "/api/chat") on an Ollama server, also when the base names its /v1 or /api."""
    parts = urlsplit(base_url.strip())
    root = parts.path.rstrip("/").removesuffix("/chat").removesuffix("/api").removesuffix(VERSION)
    return _with_path(parts, root + path)


def root_url(base_url: str, path: str) -> str:
    """The URL of `path` at the root of the server's host."""
    return _with_path(urlsplit(base_url.strip())._replace(query=""), path)


def gemini_url(base_url: str, path: str) -> str:
    """The URL of `path` (such as "/models") below a base of Google's; a base of only a host gets its current version."""
    parts = urlsplit(base_url.strip())
    root = parts.path.rstrip("/").removesuffix("/models")
    return _with_path(parts, (root or "/v1beta") + path)


def cohere_url(base_url: str, path: str) -> str:
    """The URL of `path` (such as "/v2/chat") on Cohere's host, also when the base names a version or the chat itself."""
    parts = urlsplit(base_url.strip())
    root = parts.path.rstrip("/").removesuffix("/chat").removesuffix("/v2").removesuffix(VERSION)
    return _with_path(parts, root + path)


def origin_of(url: str) -> str:
    """Scheme, host and port, for people and for comparison; user names and passwords are left out."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")


def _with_path(parts: SplitResult, path: str) -> str:
    return parts._replace(path=path, fragment="").geturl()
