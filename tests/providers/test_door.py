"""The HTTP door: what leaves, where it may go, and what the network's failures become."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest

from hawkmoth_tui.core.errors import AuthFailed, BadResponse, ProviderError, Refused, StreamBroken, Unreachable
from hawkmoth_tui.providers.connect import open_provider
from hawkmoth_tui.providers.door import HttpDoor, Road
from hawkmoth_tui.settings.schema import Protocol, ProviderSettings
from tests.patience import PATIENCE_S
from tests.providers.dialects import CHAT, DIALECTS, TEXT
from tests.providers.hearing import KEY, hear, opened, quick
from tests.servers.scripted import Act, Framing, Reply, ScriptedServer, whole

if TYPE_CHECKING:
    from pathlib import Path


async def free_port() -> int:
    """A port on which nobody listens."""
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port: int = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return port


async def test_nothing_but_what_is_needed_is_sent(door: HttpDoor) -> None:
    async with ScriptedServer(CHAT.whole) as server:
        await hear(opened(door, server.url + "/v1"))

    sent = server.requests[0]
    assert (sent.method, sent.target) == ("POST", "/v1/chat/completions")
    assert set(sent.headers) == {
        "host",
        "accept",
        "accept-encoding",
        "user-agent",
        "connection",
        "content-type",
        "content-length",
        "authorization",
    }
    assert sent.headers["authorization"] == f"Bearer {KEY}"


async def test_without_a_key_no_key_header_is_sent(door: HttpDoor) -> None:
    for dialect in DIALECTS:
        async with ScriptedServer(dialect.whole) as server:
            await hear(opened(door, server.url, dialect.protocol, key=None))

        assert not {"authorization", "x-api-key", "api-key"} & set(server.requests[0].headers)


async def test_headers_of_the_user_are_sent_and_win(door: HttpDoor) -> None:
    async with ScriptedServer(CHAT.whole) as server:
        spec = ProviderSettings(
            "lab", Protocol.OPENAI_CHAT, server.url, headers={"X-Team": "blue", "User-Agent": "mine"}
        )
        await hear(open_provider(spec, None, door))

    assert server.requests[0].headers["x-team"] == "blue"
    assert server.requests[0].headers["user-agent"] == "mine"


async def test_cookies_are_not_kept(door: HttpDoor) -> None:
    reply = Reply(CHAT.whole.steps, headers={"set-cookie": "track=1; Path=/"})

    async with ScriptedServer(reply) as server:
        await hear(opened(door, server.url))
        await hear(opened(door, server.url))

    assert "cookie" not in server.requests[1].headers


async def test_a_refused_connection_asks_whether_the_server_runs(door: HttpDoor) -> None:
    port = await free_port()

    heard = await hear(opened(door, f"http://127.0.0.1:{port}/v1"))

    assert isinstance(heard.error, Unreachable)
    assert heard.error.message == f"http://127.0.0.1:{port} refused the connection"
    assert heard.error.hint == f"is the server running at http://127.0.0.1:{port}?"
    assert heard.error.provider == "lab"


async def test_an_unknown_host_is_named(door: HttpDoor) -> None:
    heard = await hear(opened(door, "http://nowhere.invalid/v1"))

    assert isinstance(heard.error, Unreachable)
    assert heard.error.message == "the host of http://nowhere.invalid is not known"


@pytest.mark.parametrize(
    "base_url", ["ftp://127.0.0.1/v1", "nonsense", "http://", "http://[::1", "http://127.0.0.1:99999/v1"]
)
async def test_an_address_that_is_none_is_one_clear_error(base_url: str, door: HttpDoor) -> None:
    heard = await hear(opened(door, base_url))

    assert isinstance(heard.error, ProviderError)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_says_where_it_led(status: int, door: HttpDoor) -> None:
    async with ScriptedServer(CHAT.whole) as other:
        location = f"http://user:pw@127.0.0.1:{other.port}/v1/steal?key=1"
        async with ScriptedServer(Reply(status=status, headers={"location": location})) as server:
            heard = await hear(opened(door, server.url))

        assert other.connections == 0
    assert isinstance(heard.error, BadResponse)
    assert heard.error.status == status
    assert heard.error.message == (
        f"the server redirects to http://127.0.0.1:{other.port}/v1/steal; it was not followed and no key was sent there"
    )


async def test_a_redirect_to_nowhere_is_said(door: HttpDoor) -> None:
    async with ScriptedServer(Reply(status=302)) as server:
        heard = await hear(opened(door, server.url))

    assert heard.error is not None
    assert "without saying where" in heard.error.message


async def test_a_server_that_hangs_up_without_a_word_may_be_asked_again(door: HttpDoor) -> None:
    for act in (Act.CUT, Act.RESET):
        async with ScriptedServer(Reply(before_head=(act,))) as server:
            heard = await hear(opened(door, server.url))

        assert isinstance(heard.error, StreamBroken)
        assert heard.error.is_retryable


@pytest.mark.parametrize(
    "head",
    [b"SSH-2.0-OpenSSH_9.2\r\n", b"HTTP/1.1 200 OK\r\nx-huge: " + b"y" * 400_000, b"\x00\x01\x02" * 100 + b"\r\n\r\n"],
    ids=["another protocol", "a huge header", "noise"],
)
async def test_what_is_no_http_is_said(head: bytes, door: HttpDoor) -> None:
    async with ScriptedServer(Reply((Act.CUT,), head=head)) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse | StreamBroken)


async def test_a_bad_chunk_size_breaks_the_answer(door: HttpDoor) -> None:
    head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"

    async with ScriptedServer(Reply((b"zz\r\nnonsense\r\n", Act.CUT), head=head)) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, BadResponse | StreamBroken)


@pytest.mark.parametrize("key", ["with space", "line\nend", "cläf", "nul\x00", "esc\x1b[2J"])
async def test_a_key_that_no_header_can_carry_is_refused_without_being_quoted(key: str, door: HttpDoor) -> None:
    async with ScriptedServer(CHAT.whole) as server:
        heard = await hear(opened(door, server.url, key=key))

        assert server.requests == []
    assert isinstance(heard.error, AuthFailed)
    assert key not in str(heard.error)


@pytest.mark.parametrize(
    "echo",
    [
        f"Incorrect API key provided: {KEY}",
        f"bad header: authorization: Bearer {KEY}",
        f"key {KEY[:8]}*****{KEY[-4:]} is unknown",
    ],
    ids=["whole", "header", "starred"],
)
async def test_a_key_that_a_server_echoes_is_not_shown(echo: str, door: HttpDoor) -> None:
    async with ScriptedServer(whole({"error": {"message": echo}}, 401)) as server:
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, AuthFailed)
    shown = f"{heard.error!r} {heard.error} {heard.error.message} {heard.error.hint}"
    assert KEY not in shown
    assert KEY[:8] not in shown
    assert heard.error.hint == "check the key in LAB_API_KEY"


async def test_a_key_in_a_redirect_or_a_page_is_not_shown(door: HttpDoor) -> None:
    replies = (
        Reply(status=302, headers={"location": f"http://127.0.0.1:9/{KEY}"}),
        Reply((f"<title>{KEY}</title>".encode(),)),
        Reply((f"oops {KEY}".encode(),), 500, framing=Framing.LENGTH),
    )
    async with ScriptedServer(*replies) as server:
        for _ in replies:
            heard = await hear(opened(door, server.url))

            assert heard.error is not None
            assert KEY not in str(heard.error)


@pytest.mark.parametrize(
    ("api_key", "hint"),
    [
        ("env:LAB_API_KEY", "check the key in LAB_API_KEY"),
        ("command:pass show lab", "check what the key command of [providers.lab] prints"),
        ("keyring", "store the key of lab in the keyring again"),
        ("none", 'this server wants a key: set api_key = "env:NAME" in [providers.lab]'),
        (None, "check the key in LAB_API_KEY; `hawkmoth doctor` shows where it came from"),
    ],
)
async def test_a_refused_key_says_where_it_came_from(api_key: str | None, hint: str, door: HttpDoor) -> None:
    async with ScriptedServer(whole({"error": "Unauthorized"}, 401)) as server:
        heard = await hear(opened(door, server.url, api_key=api_key))

    assert isinstance(heard.error, AuthFailed)
    assert (heard.error.message, heard.error.hint) == ("Unauthorized", hint)


async def test_an_error_body_is_read_only_so_far(door: HttpDoor) -> None:
    reply = Reply((b'{"error": "', *([b"x" * 65_536] * 400), Act.STALL), 400)

    async with ScriptedServer(reply) as server, asyncio.timeout(PATIENCE_S):
        heard = await hear(opened(door, server.url))

    assert isinstance(heard.error, Refused)
    assert len(heard.error.message) <= 1000


async def test_an_error_body_that_stalls_still_tells_its_status(door: HttpDoor) -> None:
    async with ScriptedServer(Reply((b"slow", Act.STALL), 500)) as server:
        heard = await hear(opened(door, server.url, timeouts=quick(idle_s=0.1)))

    assert heard.error is not None
    assert (heard.error.status, heard.error.message) == (500, "slow")


def test_roads_are_shared_by_proxy_and_certificates() -> None:
    door = HttpDoor({"HTTPS_PROXY": "http://proxy.example:3128", "NO_PROXY": "inside.example"})

    assert door.road("https://api.example/v1", None, None) == Road(True, None, "http://proxy.example:3128")
    assert door.road("https://inside.example/v1", "corp.pem", None) == Road(True, "corp.pem", None)
    assert door.road("http://127.0.0.1:8000/v1", "corp.pem", None) == Road(False, None, None)
    assert door.road("http://api.example/v1", None, "https://own.example") == Road(True, None, "https://own.example")


async def test_a_proxy_of_the_provider_is_used(door: HttpDoor) -> None:
    async with ScriptedServer(CHAT.whole) as proxy:
        spec = ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://models.invalid/v1", proxy=proxy.url)
        heard = await hear(open_provider(spec, None, door))

        assert proxy.requests[0].target == "http://models.invalid/v1/chat/completions"
    assert heard.text == TEXT


async def test_a_proxy_of_the_environment_is_used() -> None:
    async with ScriptedServer(CHAT.whole) as proxy:
        door = HttpDoor({"http_proxy": proxy.url})
        heard = await hear(opened(door, "http://models.invalid/v1"))
        await door.aclose()

    assert heard.text == TEXT


async def test_a_proxy_that_cannot_be_used_is_said(door: HttpDoor) -> None:
    spec = ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://models.invalid/v1", proxy="socks5://127.0.0.1:1")

    heard = await hear(open_provider(spec, None, door))

    assert isinstance(heard.error, Unreachable)
    assert "proxy" in heard.error.message


async def test_the_road_for_plain_http_refuses_https(door: HttpDoor) -> None:
    import httpx

    from hawkmoth_tui.providers.transport import ROAD, build_client

    client, _ = build_client("")
    with pytest.raises(httpx.UnsupportedProtocol):
        await client.get("https://127.0.0.1:1/", extensions={ROAD: Road(is_secure=False)})
    await client.aclose()


async def test_one_client_serves_every_road_of_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    import httpx

    made: list[httpx.AsyncClient] = []
    build = httpx.AsyncClient.__init__

    def counted(self: httpx.AsyncClient, *arguments: Any, **options: Any) -> None:
        made.append(self)
        build(self, *arguments, **options)

    monkeypatch.setattr(httpx.AsyncClient, "__init__", counted)
    async with ScriptedServer(CHAT.whole) as here, ScriptedServer(CHAT.whole) as proxy:
        door = HttpDoor({})
        door.warm()
        spec = ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://models.invalid/v1", proxy=proxy.url)
        heard = [await hear(opened(door, here.url)), await hear(open_provider(spec, None, door))]
        await door.aclose()

    assert [one.text for one in heard] == [TEXT, TEXT]
    assert len(made) == 1


async def test_plain_http_loads_no_certificates(door: HttpDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_arguments: object, **_options: object) -> None:
        raise AssertionError("certificates were loaded")

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", forbidden)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", forbidden)

    async with ScriptedServer(CHAT.whole) as server:
        assert (await hear(opened(door, server.url))).text == TEXT


def test_warming_may_happen_in_a_thread_and_never_raises() -> None:
    for env in ({}, {"SSL_CERT_FILE": "no such file"}, {"HTTPS_PROXY": "socks9://x"}):
        thread = threading.Thread(target=HttpDoor(env).warm)
        thread.start()
        thread.join()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A PEM file with a certificate for 127.0.0.1, signed by itself, and its key."""
    tool = shutil.which("openssl")
    if tool is None:
        pytest.skip("openssl makes the certificate and is not here")
    folder = tmp_path_factory.mktemp("tls")
    key, pem = folder / "key.pem", folder / "cert.pem"
    request = [tool, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run(request + names, check=True, capture_output=True)
    (folder / "both.pem").write_bytes(pem.read_bytes() + key.read_bytes())
    return folder / "both.pem"


def _tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def test_a_certificate_nobody_signed_is_refused(door: HttpDoor, certificate: Path) -> None:
    async with ScriptedServer(CHAT.whole, tls=_tls(certificate)) as server:
        heard = await hear(opened(door, server.url))

        assert server.requests == []
    assert isinstance(heard.error, Unreachable)
    assert "is not trusted" in heard.error.message
    assert "ca_file" in heard.error.hint


async def test_a_certificate_of_the_provider_is_trusted(door: HttpDoor, certificate: Path) -> None:
    async with ScriptedServer(CHAT.whole, tls=_tls(certificate)) as server:
        heard = await hear(opened(door, server.url, ca_file=str(certificate)))

    assert heard.text == TEXT


async def test_ssl_cert_file_is_honoured(certificate: Path) -> None:
    door = HttpDoor({"SSL_CERT_FILE": str(certificate)})

    async with ScriptedServer(CHAT.whole, tls=_tls(certificate)) as server:
        heard = await hear(opened(door, server.url))
    await door.aclose()

    assert heard.text == TEXT


async def test_a_certificate_file_that_is_none_is_said(door: HttpDoor, tmp_path: Path) -> None:
    heard = await hear(opened(door, "https://127.0.0.1:1/v1", ca_file=str(tmp_path / "nothing.pem")))

    assert isinstance(heard.error, Unreachable)
    assert heard.error.message == "the certificates in ca_file cannot be read"


async def test_https_to_a_plain_server_is_said(door: HttpDoor) -> None:
    async with ScriptedServer(CHAT.whole) as server:
        url = server.url.replace("http:", "https:")
        heard = await hear(opened(door, url, timeouts=quick(connect_s=0.3)))

    assert isinstance(heard.error, Unreachable | StreamBroken | BadResponse)


async def test_a_handshake_that_is_never_answered_ends_at_the_connect_deadline(door: HttpDoor) -> None:
    async with ScriptedServer(Reply(before_head=(Act.STALL,)), is_mute=True) as server, asyncio.timeout(PATIENCE_S):
        url = server.url.replace("http:", "https:")
        heard = await hear(opened(door, url, timeouts=quick(connect_s=0.2)))

    assert isinstance(heard.error, Unreachable)
    assert "within 0.2 s" in heard.error.message
