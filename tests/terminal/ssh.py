"""A way into this machine through ssh: a private sshd on loopback, with keys and a configuration that go with the test.

Nothing of the system's own ssh is read or changed. Where it cannot be had, `Gate` raises `NoGate` with the reason.
"""

from __future__ import annotations

import getpass
import os
import shlex
import shutil
import socket
import subprocess
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Self

from tests.patience import PATIENCE_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TRIES = 3
"""Another process may take the port between its choice and its use."""
SEPARATION = Path("/run/sshd")
"""Where sshd, run by root, wants an empty folder."""

CONFIG = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
PrintMotd no
PrintLastLog no
"""


class NoGate(Exception):
    """There is no way in through ssh here, and why."""


class Gate:
    """An sshd of our own. Its folder has a short path, as sockets need."""

    def __enter__(self) -> Self:
        self._sshd = _program("sshd")
        self._ssh = _program("ssh")
        self._temporary = TemporaryDirectory(prefix="hm-", dir="/tmp")
        self.folder = Path(self._temporary.name)
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._make_keys()
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._close()

    def login(self, command: Sequence[str], env: Mapping[str, str]) -> tuple[str, ...]:
        """The program that runs this command on the other side, with a terminal."""
        remote = ["env", *(f"{name}={value}" for name, value in env.items()), *command]
        return (*self._client(), "-tt", "127.0.0.1", shlex.join(remote))

    def _client(self) -> tuple[str, ...]:
        options = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "IdentitiesOnly=yes")
        given = [part for option in options for part in ("-o", option)]
        return (self._ssh, "-F", "none", "-p", str(self._port), "-i", str(self.folder / "user"), *given)

    def _make_keys(self) -> None:
        for name in ("host", "user"):
            told = subprocess.run(
                [_program("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-f", str(self.folder / name)],
                capture_output=True,
                text=True,
                check=False,
            )
            if told.returncode:
                raise NoGate(f"ssh-keygen made no key: {told.stderr.strip()}")

    def _open(self) -> None:
        if os.getuid() == 0 and not SEPARATION.is_dir():
            try:
                SEPARATION.mkdir(mode=0o755)
            except OSError as error:
                raise NoGate(f"{SEPARATION} cannot be made: {error.strerror}") from None
        reason = ""
        for _ in range(TRIES):
            reason = self._try_to_open()
            if not reason:
                return
        raise NoGate(f"nobody can log in through ssh here: {reason}")

    def _try_to_open(self) -> str:
        """Empty when a login with a terminal works, else why not, which an sshd may give only when root runs it."""
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        config = self.folder / "config"
        config.write_text(CONFIG.format(port=self._port, folder=self.folder))
        self._end()
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._sshd, "-D", "-e", "-f", str(config)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            told = subprocess.run(
                [*self._client(), "-o", "ConnectionAttempts=10", "-tt", "127.0.0.1", "true"],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=PATIENCE_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"no answer within {PATIENCE_S:g} s"
        return told.stderr.strip() or f"status {told.returncode} for {getpass.getuser()}" if told.returncode else ""

    def _end(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE_S)
            self._process = None

    def _close(self) -> None:
        self._end()
        self._temporary.cleanup()


def _program(name: str) -> str:
    """Its path. Raises NoGate."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise NoGate(f"{name} is not installed")
    return found
