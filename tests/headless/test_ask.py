"""`hawkmoth ask` as a process: what it reads, what it prints where, and how it ends."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.headless.shell import EVENTS, KEY, MODEL, answer, configure, delta, end, ending, environment, hawkmoth, start
from tests.patience import PATIENCE_S
from tests.servers.scripted import Act, Framing, Reply, ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HELLO = "Hello naïve ☕ 日本語."
PIECES = ("Hello ", "naïve ☕ ", "日本語.")


@pytest.fixture
async def lab(home: Path) -> AsyncIterator[ScriptedServer]:
    """A provider that answers HELLO."""
    async with ScriptedServer(answer(*PIECES)) as server:
        configure(home, server.url)
        yield server


def messages(server: ScriptedServer, at: int = -1) -> list[dict[str, object]]:
    """The messages of a request that the server got."""
    found = server.requests[at].document["messages"]
    assert isinstance(found, list)
    return found


async def test_the_answer_is_on_stdout_and_the_rest_on_stderr(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "say hello")

    assert (done.code, done.text) == (0, f"{HELLO}\n")
    route, usage = done.said.splitlines()
    assert route.startswith("→ lab/small-model · ")
    assert usage.startswith("· 11 in · 9 out · $0.00017 · ")
    assert messages(lab) == [{"role": "user", "content": "say hello"}]


async def test_json_prints_the_document_and_nothing_else(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "--json", "--model", MODEL, "say hello")

    assert (done.code, done.said) == (0, "")
    assert done.out.count(b"\n") == 1
    assert "日本語".encode() in done.out
    document = done.document
    assert list(document) == [
        "session", "turn", "text", "reasoning", "model", "state", "finish_reason", "tool_calls", "usage", "cost_usd",
            "savings",
        "attempts", "route", "error", "asked", "escalations",
    ]  # fmt: skip
    assert (document["text"], document["state"], document["model"]) == (HELLO, "done", MODEL)
    assert document["cost_usd"] == "0.000168"
    assert document["error"] is None


async def test_stream_json_prints_one_event_per_line(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "--stream-json", "say hello")

    events = [json.loads(line) for line in done.text.splitlines()]
    assert events[0]["event"] == "turn_started"
    assert events[1]["event"] == "route_chosen"
    assert "".join(event["text"] for event in events if event["event"] == "text_delta") == HELLO
    assert events[-1]["event"] == "turn_ended"
    assert events[-1]["turn"]["text"] == HELLO
    assert done.said == ""


@pytest.mark.parametrize("arguments", [("ask",), ("ask", "-")])
async def test_the_prompt_comes_through_a_pipe(lab: ScriptedServer, arguments: tuple[str, ...]) -> None:
    done = await hawkmoth(*arguments, stdin="warum ☕?\n".encode())

    assert done.code == 0
    assert messages(lab)[0]["content"] == "warum ☕?"


async def test_a_pipe_beside_a_prompt_is_attached(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "summarise", stdin=b"first line\nsecond line\n")

    assert done.code == 0
    content = str(messages(lab)[0]["content"])
    assert content.startswith("summarise")
    assert "first line\nsecond line" in content


async def test_a_silent_pipe_beside_a_prompt_is_left_alone(lab: ScriptedServer) -> None:
    process = await start("ask", "--model", MODEL, "say hello", stdin=subprocess.PIPE)
    out, err = await asyncio.gather(process.stdout.read(), process.stderr.read())  # type: ignore[union-attr]  # both are pipes

    assert await process.wait() == 0
    assert out.decode() == f"{HELLO}\n"
    assert "nothing came through the pipe within 2 s; going on without it" in err.decode()


async def test_files_are_attached(home: Path, tmp_path: Path) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 30
    (tmp_path / "shot.png").write_bytes(picture)
    (tmp_path / "größe.py").write_text("x = 1\n")
    async with ScriptedServer(answer("ok")) as server:
        configure(home, server.url, model='capabilities = ["vision"]\n')

        done = await hawkmoth(
            "ask", "--attach", str(tmp_path / "shot.png"), "--attach", str(tmp_path / "größe.py"), "look"
        )

        assert done.code == 0, done.said
        sent = json.dumps(messages(server), ensure_ascii=False)
    assert base64.b64encode(picture).decode() in sent
    assert "größe.py" in sent
    assert "x = 1" in sent


async def test_a_session_is_continued_with_system_and_policy(lab: ScriptedServer) -> None:
    first = await hawkmoth("ask", "--json", "one")

    second = await hawkmoth(
        "ask", "--json", "--session", str(first.document["session"]), "--system", "Be brief.", "--policy", "fast", "two"
    )

    assert second.document["session"] == first.document["session"]
    assert [message["content"] for message in messages(lab)] == ["Be brief.", "one", HELLO, "two"]
    route = second.document["route"]
    assert isinstance(route, dict)
    assert route["policy"] == "fast"


async def test_each_ask_opens_a_session_of_its_own(lab: ScriptedServer) -> None:
    first, second = [(await hawkmoth("ask", "--json", "hi")).document for _ in range(2)]

    assert first["session"] != second["session"]
    assert len(messages(lab)) == 1


@pytest.mark.parametrize(
    ("arguments", "stdin", "says"),
    [
        (("ask", ""), None, "the prompt is empty"),
        (("ask", "  \n"), None, "the prompt is empty"),
        (("ask",), b"", "the prompt is empty"),
        (("ask",), None, "the prompt is empty"),
        (("ask", "-"), b"\x80\x81\xff", "stdin is not UTF-8 text (byte 0x80 at 0)"),
        (("ask", "-"), b"abc\0def", "stdin is binary"),
        (("ask", b"caf\xe9"), None, "not UTF-8"),
        (("ask", "--attach", "/nowhere/at/all", "hi"), None, "cannot attach /nowhere/at/all: No such file"),
        (("ask", "--model", "smal-model", "hi"), None, "lab/small-model"),
        (("ask", "--model", "lba/small-model", "hi"), None, "lab/small-model"),
        (("ask", "--session", "nosuch", "hi"), None, "nosuch"),
    ],
)
async def test_bad_input_is_one_line_and_exit_2(
    lab: ScriptedServer, arguments: tuple[str | bytes, ...], stdin: bytes | None, says: str
) -> None:
    done = await hawkmoth(*arguments, stdin=stdin)

    assert (done.code, done.out) == (2, b"")
    assert done.said.count("\n") == 1
    assert says in done.said
    assert lab.requests == []


async def test_bad_input_leaves_no_session_behind(lab: ScriptedServer) -> None:
    await hawkmoth("ask", "--model", "lba/small-model", "hi")

    assert json.loads((await hawkmoth("sessions", "list", "--json")).out) == []


async def test_a_model_that_the_catalogue_does_not_know_is_sent(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "--json", "--model", "lab/family/brand-new", "hi")

    assert done.code == 0
    assert lab.requests[-1].document["model"] == "family/brand-new"
    assert done.document["cost_usd"] is None


async def test_a_missing_key_names_the_variable_and_the_command(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "--model", MODEL, "hi", LAB_KEY=None)

    assert done.code == 2
    assert "LAB_KEY" in done.said
    assert "export" in done.said or "hawkmoth" in done.said.removeprefix("hawkmoth")
    assert lab.requests == []


async def test_no_provider_at_all_names_variable_and_command() -> None:
    done = await hawkmoth("ask", "hi")

    assert done.code == 2
    assert "TOGETHER_API_KEY" in done.said
    assert "hawkmoth d" in done.said


async def test_a_prompt_of_10_mb_does_not_fit_and_is_said(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "--json", "-", stdin=b"word " * 2_000_000)

    assert done.code == 4
    assert done.document["state"] == "blocked"
    assert done.document["error"]["type"] == "NoRoute"  # type: ignore[index]  # an object
    assert "32,000" in done.said
    assert lab.requests == []


async def test_the_budget_of_one_turn_blocks_before_anything_is_sent(lab: ScriptedServer) -> None:
    done = await hawkmoth("ask", "--json", "--max-cost", "0.000001", "hi")

    assert done.code == 4
    assert done.document["state"] == "blocked"
    assert done.document["error"] is not None
    assert lab.requests == []


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (whole({"error": {"message": f"Incorrect API key provided: {KEY}"}}, 401), "AuthFailed"),
        (Reply((b"<html><title>Sign in</title></html>",), 200, {"content-type": "text/html"}), "BadResponse"),
        (Reply((b'{"choices": [',), 200, {"content-type": "application/json"}, Framing.LENGTH), "BadResponse"),
        (whole({"error": {"message": "no such model"}}, 404), "Refused"),
    ],
)
async def test_a_failing_provider_is_one_line_exit_3_and_a_document(home: Path, reply: Reply, kind: str) -> None:
    async with ScriptedServer(reply) as server:
        configure(home, server.url)

        done = await hawkmoth("ask", "--json", "--model", MODEL, "hi")

    assert done.code == 3
    assert done.said.count("\n") == 1
    error = done.document["error"]
    assert isinstance(error, dict)
    assert (done.document["state"], error["type"], error["provider"]) == ("failed", kind, "lab")


async def test_a_refused_connection_is_exit_3(home: Path) -> None:
    async with ScriptedServer(answer("never")) as server:
        configure(home, server.url, "[retries]\nmax = 0\n")

    done = await hawkmoth("ask", "--json", "--model", MODEL, "hi")

    assert done.code == 3
    assert done.document["error"]["type"] == "Unreachable"  # type: ignore[index]  # an object
    assert done.said.count("\n") == 1


async def test_an_answer_that_is_cut_keeps_its_text_and_exits_3(home: Path) -> None:
    async with ScriptedServer(Reply((delta("half an "), delta("answer"), Act.CUT), headers=EVENTS)) as server:
        configure(home, server.url)

        done = await hawkmoth("ask", "--model", MODEL, "hi")

    assert (done.code, done.text) == (3, "half an answer\n")
    assert "the text so far is kept in session" in done.last_line


async def test_the_timeout_ends_the_turn(home: Path) -> None:
    async with ScriptedServer(Reply((delta("slow"), Act.STALL), headers=EVENTS)) as server:
        configure(home, server.url)

        done = await hawkmoth("ask", "--json", "--timeout", "1.5", "--model", MODEL, "hi")

    assert done.code == 3
    assert (done.document["text"], done.document["state"]) in (("slow", "interrupted"), ("", "failed"))


async def test_hostile_text_reaches_no_terminal_and_json_keeps_it(home: Path) -> None:
    text = "a\x1b]0;PWN\x07b\x9b2Jc\u202ed\U000e0041e"
    async with ScriptedServer(answer(*text)) as server:
        configure(home, server.url)

        plain = await hawkmoth("ask", "--model", MODEL, "hi")
        document = await hawkmoth("ask", "--json", "--model", MODEL, "hi")

    assert plain.text == "a␛]0;PWN␇b�2Jc⁇de\n"
    assert document.document["text"] == text
    assert b"\x1b" not in document.out


async def test_the_locale_changes_nothing(lab: ScriptedServer) -> None:
    done = await hawkmoth(
        "ask",
        "--model",
        MODEL,
        "grüße ☕",
        LC_ALL="C",
        LANG="C",
        PYTHONUTF8="0",
        PYTHONCOERCECLOCALE="0",
        PYTHONIOENCODING="ascii",
    )

    assert done.out == f"{HELLO}\n".encode()
    assert messages(lab)[0]["content"] == "grüße ☕"


async def test_a_store_that_cannot_be_written_never_costs_the_answer(lab: ScriptedServer, home: Path) -> None:
    (home / "hawkmoth.db").mkdir()

    done = await hawkmoth("ask", "--model", MODEL, "hi")

    assert (done.code, done.text) == (0, f"{HELLO}\n")
    warnings = [line for line in done.said.splitlines() if line.startswith("hawkmoth: ")]
    assert len(warnings) == 1
    assert "memory" in warnings[0]


async def test_a_store_that_is_the_subject_exits_5(lab: ScriptedServer, home: Path) -> None:
    (home / "hawkmoth.db").write_text("hello, I am not a database\n" * 100)

    done = await hawkmoth("ask", "--session", "s1", "hi")

    assert (done.code, done.out) == (5, b"")
    assert done.said.count("\n") == 1


async def test_a_broken_configuration_is_one_line_and_stays_as_it_is(home: Path) -> None:
    broken = "[routing]\npolicy = 'lavish'\n"
    (home / "config.toml").write_text(broken)

    done = await hawkmoth("ask", "hi")

    assert done.code == 2
    assert "config.toml" in done.said
    assert done.said.count("\n") == 1
    assert (home / "config.toml").read_text() == broken


def flowing(go: asyncio.Event) -> Reply:
    """An answer that begins, and goes on only when told."""
    return Reply((delta("one two "), go, delta("three"), ending()), headers=EVENTS)


async def _until(stream: asyncio.StreamReader | None, wanted: bytes) -> bytes:
    assert stream is not None
    data = b""
    async with asyncio.timeout(PATIENCE_S):
        while wanted not in data:
            piece = await stream.read(1000)
            assert piece, data
            data += piece
    return data


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)],
)
async def test_a_signal_stops_the_turn_and_keeps_what_came(home: Path, number: signal.Signals, code: int) -> None:
    async with ScriptedServer(flowing(asyncio.Event())) as server:
        configure(home, server.url)
        process = await start("ask", "--stream-json", "--model", MODEL, "hi there")
        seen = await _until(process.stdout, b'"text_delta"')

        process.send_signal(number)
        done = await end(process)

    assert done.code == code
    document = json.loads((seen + done.out).splitlines()[-1])["turn"]
    assert (document["state"], document["text"], document["error"]) == ("cancelled", "one two ", None)
    assert "stopped by" in done.last_line
    history = await hawkmoth("sessions", "export", "--all", "--format", "text")
    assert "hi there" in history.text
    assert "one two" in history.text


async def test_a_signal_before_anything_was_sent_says_so(lab: ScriptedServer) -> None:
    process = await start("ask", "-", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(b"never finished")
    await process.stdin.drain()
    await asyncio.to_thread(_wait_until_it_reads, process.pid)

    process.send_signal(signal.SIGTERM)
    done = await end(process)

    assert (done.code, done.out) == (143, b"")
    assert done.last_line == "hawkmoth: stopped by SIGTERM"
    assert lab.requests == []


def _wait_until_it_reads(pid: int) -> None:
    """Until the process has more than one thread: the one that reads stdin."""
    while len(list(Path(f"/proc/{pid}/task").iterdir())) < 2:
        os.sched_yield()


async def test_a_signal_ends_a_command_that_hangs_elsewhere(home: Path) -> None:
    started = home / "started"
    os.mkfifo(started)
    configure(home, "http://127.0.0.1:9")
    config = home / "config.toml"
    config.write_text(config.read_text().replace("env:LAB_KEY", f"command:sh -c 'echo > {started}; exec sleep 300'"))
    process = await start("ask", "--model", MODEL, "hi")
    await asyncio.to_thread(started.read_bytes)

    process.send_signal(signal.SIGTERM)
    done = await end(process)

    assert (done.code, done.said) == (143, "hawkmoth: stopped by SIGTERM: nothing was sent\n")


async def test_an_ignored_hangup_stays_ignored(home: Path) -> None:
    go = asyncio.Event()
    async with ScriptedServer(flowing(go)) as server:
        configure(home, server.url)
        process = await asyncio.create_subprocess_exec(
            "nohup", "env", "-C", "/", sys.executable, "-m", "hawkmoth_tui", "ask", "--model", MODEL, "hi",
            env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        seen = await _until(process.stdout, b"one two")

        process.send_signal(signal.SIGHUP)
        go.set()
        done = await end(process)

    assert (done.code, (seen + done.out).decode()) == (0, "one two three\n")


async def test_a_reader_that_goes_away_stops_the_turn(home: Path) -> None:
    go = asyncio.Event()
    async with ScriptedServer(flowing(go)) as server:
        configure(home, server.url)
        reading, writing = os.pipe()
        process = await start("ask", "--model", MODEL, "hi", stdout=writing)
        os.close(writing)
        await asyncio.to_thread(os.read, reading, 1)
        os.close(reading)

        go.set()
        done = await end(process)

    assert done.code == 141
    assert "the reader of the output went away" in done.last_line


async def test_a_full_disk_behind_stdout_keeps_the_answer(lab: ScriptedServer) -> None:
    full = os.open("/dev/full", os.O_WRONLY)
    process = await start("ask", "--model", MODEL, "hi", stdout=full)
    os.close(full)

    done = await end(process)

    assert done.code == 2
    assert "could not be written (No space left on device)" in done.last_line
    history = await hawkmoth("sessions", "export", "--all", "--format", "text")
    assert HELLO in history.text


async def test_a_tool_call_is_shown_and_not_run(home: Path) -> None:
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "look", "arguments": '{"at": 1}'}}
    event = f"data: {json.dumps({'choices': [{'index': 0, 'delta': {'tool_calls': [call]}}]})}\n\n".encode()
    async with ScriptedServer(Reply((delta("Let me see."), event, ending("tool_calls")), headers=EVENTS)) as server:
        configure(home, server.url)

        done = await hawkmoth("ask", "--model", MODEL, "hi")

    assert done.text == "Let me see.\n"
    assert '· the model asks for the tool look({"at": 1}); Hawkmoth does not run it' in done.said


async def test_the_screen_needs_a_terminal() -> None:
    done = await hawkmoth()

    assert (done.code, done.out) == (2, b"")
    assert "needs a terminal" in done.said
    assert "hawkmoth ask" in done.said
