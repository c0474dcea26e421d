"""What the wires of OpenAI's making share: addresses, keys and model lists, as the profile of their server has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hawkmoth_tui.providers.endpoints import openai_url
from hawkmoth_tui.providers.model_lists import openai_page
from hawkmoth_tui.providers.wire import Call, Page

if TYPE_CHECKING:
    from hawkmoth_tui.providers.profiles import Profile


class OpenAiWire:
    """One server's base URL and profile."""

    def __init__(self, base_url: str, profile: Profile) -> None:
        self._base_url = base_url
        self._profile = profile

    def json_lines(self) -> None:
        return None

    def key_header(self, key: str) -> tuple[str, str]:
        return self._profile.key_entry(key)

    def key_call(self) -> Call | None:
        """The request that tells whether the server knows the key, where its model list is open to everybody or there is none."""
        return self._get(self._profile.key_path) if self._profile.key_path else None

    def list_call(self) -> Call | None:
        return self._get("/models") if self._profile.lists_models else None

    def list_page(self, document: object, url: str) -> Page:
        return openai_page(document, url)

    def _get(self, path: str) -> Call:
        return Call("GET", self._url(path), self._profile.headers)

    def _url(self, path: str) -> str:
        return openai_url(self._base_url, path, bare_path=self._profile.bare_path)
