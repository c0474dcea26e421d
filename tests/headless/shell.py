"""Runs `hawkmoth` as a real process, over real pipes, against a scripted model server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.patience import PATIENCE_S
from tests.servers.scripted import Reply, sse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

KEY = "lab-0123456789abcdef0123456789"
"""The key of the scripted provider; no output may show it."""
MODEL = "lab/small-model"
EVENTS = {"content-type": "text/event-stream"}


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def said(self) -> str:
        """What stands on stderr."""
        return self.err.decode()

    @property
    def last_line(self) -> str:
        """The last line on stderr: the error, when there is one."""
        return self.said.splitlines()[-1] if self.err else ""

    @property
    def document(self) -> dict[str, object]:
        parsed = json.loads(self.out)
        assert isinstance(parsed, dict)
        return parsed


def environment(**changes: str | None) -> dict[str, str]:
    """The test's own environment with the key of the lab; None takes a variable away."""
    env = {**os.environ, "LAB_KEY": KEY, "TERM": "xterm"}
    for name, value in changes.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    return env


async def start(
    *arguments: str | bytes,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.PIPE,
    cwd: Path | None = None,
) -> asyncio.subprocess.Process:
    """A running command."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "hawkmoth_tui",
        *arguments,
        env=dict(environment() if env is None else env),
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        cwd=cwd,
    )


async def hawkmoth(*arguments: str | bytes, stdin: bytes | None = None, **env: str | None) -> Done:
    """A command from its start to its end; `stdin` goes through a pipe, None is /dev/null. Checks what holds for every command."""
    process = await start(
        *arguments, env=environment(**env), stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE
    )
    return await end(process, stdin)


async def end(process: asyncio.subprocess.Process, stdin: bytes | None = None) -> Done:
    """Wait for the command, and check what holds for every one: one line for every exit but 0, no traceback, no key."""
    async with asyncio.timeout(PATIENCE_S):
        out, err = await process.communicate(stdin)
    assert process.returncode is not None
    done = Done(process.returncode, out or b"", err)
    assert KEY.encode() not in done.out + done.err
    assert b"Traceback" not in done.err
    assert b"Exception ignored" not in done.err
    assert all(len(line) <= 300 for line in done.said.splitlines())
    if done.code:
        assert done.last_line.startswith("hawkmoth: ")
        assert sum(line.startswith("hawkmoth: ") for line in done.said.splitlines()) == 1
    return done


def configure(home: Path, url: str, more: str = "", *, model: str = "") -> None:
    """One provider `lab` with one priced model; `more` is further configuration, `model` further lines about the model."""
    (home / "config.toml").write_text(
        f'[providers.lab]\nprotocol = "openai-chat"\nbase_url = "{url}/v1"\napi_key = "env:LAB_KEY"\n'
        f'[[providers.lab.models]]\nid = "small-model"\ncontext_tokens = 32000\n{model}'
        'input_usd_per_mtok = "3"\noutput_usd_per_mtok = "15"\n'
        f"[timeouts]\nconnect_s = 60\nfirst_byte_s = 60\nidle_s = 60\ntotal_s = 120\n{more}"
    )


def delta(text: str) -> bytes:
    """One event with a piece of the answer."""
    return sse({"choices": [{"index": 0, "delta": {"content": text}}]})[0]


def ending(reason: str = "stop", tokens: tuple[int, int] = (11, 9)) -> bytes:
    """Finish reason, usage and the end mark."""
    usage = {"prompt_tokens": tokens[0], "completion_tokens": tokens[1]}
    return b"".join(
        sse(
            {"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]},
            {"choices": [], "usage": usage},
            end="[DONE]",
        )
    )


def answer(*pieces: str) -> Reply:
    """A whole streamed answer."""
    return Reply((*(delta(piece) for piece in pieces), ending()), headers=EVENTS)
