"""Links: found in Markdown, with the target that they really have, and only those that may be opened."""

from __future__ import annotations

import pytest

from hawkmoth_tui.ui.transcript.links import Hyperlink, link_to, links_of


def test_links_and_bare_addresses_are_found_once_each_in_their_order() -> None:
    source = (
        "[one](https://a.example/x) and https://b.example/y (see https://c.example/z_(1)).\n\n`https://d.example`\n\n"
        * 2
    )

    assert [link.target for link in links_of(source)] == [
        "https://a.example/x",
        "https://b.example/y",
        "https://c.example/z_(1)",
        "https://d.example",
    ]


def test_addresses_in_code_are_found() -> None:
    assert [link.target for link in links_of("```\ncurl https://a.example/x\n```")] == ["https://a.example/x"]


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ssh://-oProxyCommand=x/y",
        "https://",
        "http://[::1",
        "https://a.example/\x1b]52;c;eA==\x07",
        "https://a.example/two words",
        "https://a.example:99999999/",
        "mailto:a@b.example",
        "https://a.example/" + "x" * 5_000,
        "https://bücher.example/",
    ],
)
def test_what_may_not_be_opened_is_no_link(target: str) -> None:
    assert link_to("words", target) is None


def test_the_host_is_the_computer_that_is_really_asked() -> None:
    assert links_of("[x](https://bank.example@evil.example:8443/y)")[0].host == "evil.example:8443"


@pytest.mark.parametrize(
    ("words", "is_disguised"), [("bank.example", True), ("https://evil.example/login", False), ("the page", False)]
)
def test_words_that_name_another_computer_are_noticed(words: str, is_disguised: bool) -> None:
    assert Hyperlink(words, "https://evil.example/", "evil.example").is_disguised is is_disguised
