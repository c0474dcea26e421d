"""The data of the built-in providers, and what their addresses say."""

from __future__ import annotations

import pytest

from hawkmoth_tui.settings.address import base_url_problem, host_of, is_local_network, is_loopback
from hawkmoth_tui.settings.builtin import BUILTIN_PROVIDERS, KEY_VARIABLES, LOCAL_PROVIDER, VENDOR_HOSTS, vendor_of

VENDORS = [entry for entry in BUILTIN_PROVIDERS if entry is not LOCAL_PROVIDER]


def test_the_built_in_providers_are_those_that_the_readme_promises() -> None:
    names = {entry.name for entry in BUILTIN_PROVIDERS}

    assert names == {
        *("together", "anthropic", "openai", "openrouter", "groq", "deepseek", "mistral"),
        *("google", "xai", "cohere", "cerebras", "perplexity", "local"),
    }


@pytest.mark.parametrize("entry", VENDORS, ids=lambda entry: entry.name)
def test_every_built_in_provider_stands_at_its_vendors_own_host(entry: object) -> None:
    provider = next(known for known in VENDORS if known is entry)

    assert base_url_problem(provider.base_url) == ""
    assert provider.base_url.startswith("https://")
    assert vendor_of(host_of(provider.base_url)) == provider.name
    assert KEY_VARIABLES[provider.name]


def test_every_vendor_has_hosts_and_variables() -> None:
    assert KEY_VARIABLES.keys() == VENDOR_HOSTS.keys()


@pytest.mark.parametrize(
    "host",
    ["api.together.xyz.evil.example", "evil-api.together.xyz", "together.xyz", "xapi.openai.com", "", "127.0.0.1"],
)
def test_a_host_that_only_resembles_a_vendors_is_nobodys(host: str) -> None:
    assert vendor_of(host) is None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://API.OpenAI.com:443/v1", "api.openai.com"),
        ("https://api.openai.com./v1", "api.openai.com"),
        ("http://[::1]:8000/v1", "::1"),
        ("https://api.openai.com@evil.example/v1", "evil.example"),
        ("https://evil.example#@api.openai.com", "evil.example"),
        ("nonsense", ""),
        ("http://[::1", ""),
    ],
)
def test_the_host_is_the_one_a_request_would_reach(url: str, host: str) -> None:
    assert host_of(url) == host


def test_this_machine_and_the_local_network_are_told_from_the_rest() -> None:
    assert all(map(is_loopback, ["127.0.0.1", "127.9.9.9", "::1", "localhost", "a.localhost"]))
    assert not any(map(is_loopback, ["192.168.1.1", "localhost.example.com", "127.0.0.1.example.com", ""]))
    assert all(map(is_local_network, ["10.0.0.1", "192.168.1.1", "gpu-box", "gpu.lan", "fe80::1%eth0", "localhost"]))
    assert not any(map(is_local_network, ["8.8.8.8", "example.com", "2606:4700::1"]))


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/v1", "https://x.example/a?api-version=1", "http://gpu-box", "https://[::1]/v1"]
)
def test_addresses_that_can_be_used(url: str) -> None:
    assert base_url_problem(url) == ""


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x.example",
        "file:///etc/passwd",
        "https://",
        "http://a b",
        "http://x\n.example",
        "http://x:99999",
        "https://key@x.example",
    ],
)
def test_addresses_that_cannot(url: str) -> None:
    assert base_url_problem(url)
