"""The encrypted key file: for machines without a keyring. It opens with a passphrase, typed or from a file that the settings name."""

from __future__ import annotations

import json
import os
import stat
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import UserError
from hawkmoth_tui.core.secret import Secret
from hawkmoth_tui.secrets.finding import KeyFinding, found
from hawkmoth_tui.secrets.sealing import NotSealed, Seal, WrongPassphrase, new_seal, opened, sealed
from hawkmoth_tui.settings.paths import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "key file"
MOST_BYTES = 1024 * 1024
LEAST_CHARACTERS = 8
"""Of a new passphrase."""


class Vault:
    """One encrypted file of keys by account. Asking an absent or locked one is no error: the finding says how it stands."""

    def __init__(self, file: Path, passphrase_file: str | None = None) -> None:
        """`passphrase_file`: read when the vault is first needed. None: the passphrase is given to `unlock`."""
        self._file = file
        self._passphrase_file = Path(passphrase_file).expanduser() if passphrase_file else None
        self._seal: Seal | None = None
        self._refused = ""
        """Why the passphrase file could not open the vault, so that it is tried once."""
        self._turn = threading.Lock()

    @property
    def exists(self) -> bool:
        """Whether there is such a file."""
        return self._file.exists()

    @property
    def is_open(self) -> bool:
        """Whether it can be read without asking for a passphrase again."""
        return self._seal is not None

    @property
    def has_passphrase_file(self) -> bool:
        return self._passphrase_file is not None

    def key(self, account: str) -> KeyFinding:
        """The key of an account; without one, the problem says why the file could not be read, empty when it has no such entry."""
        if not self.exists:
            return KeyFinding()
        try:
            with self._turn:
                keys = self._read(self._passphrase())
        except UserError as error:
            return KeyFinding(problem=str(error))
        return found(keys[account], SOURCE) if account in keys else KeyFinding()

    def unlock(self, passphrase: Secret) -> None:
        """Open it for this process; where there is no file yet, the one that will be made takes this passphrase. Raises UserError."""
        with self._turn:
            if self.exists:
                self._read(passphrase)
            else:
                self._seal = _first_seal(passphrase)

    def store(self, account: str, secret: Secret) -> None:
        """Put a key in, in place of an older one. Raises UserError when the file cannot be opened or written."""
        with self._turn, self._alone():
            keys = self._read(self._passphrase()) if self.exists else {}
            self._write({**keys, account: secret.reveal()})

    def delete(self, account: str) -> bool:
        """Take a key out; whether it was there. Raises UserError."""
        if not self.exists:
            return False
        with self._turn, self._alone():
            keys = self._read(self._passphrase())
            if account not in keys:
                return False
            self._write({name: key for name, key in keys.items() if name != account})
        return True

    def _passphrase(self) -> Secret | Seal:
        """What opens the file. Raises UserError when nothing does."""
        if self._seal is not None:
            return self._seal
        if self._passphrase_file is None:
            raise UserError(
                "the encrypted key file is locked",
                "/keys unlock in the workstation opens it, or name [secrets] passphrase_file",
            )
        if self._refused:
            raise UserError(self._refused, "check [secrets] passphrase_file")
        return _passphrase_in(self._passphrase_file)

    def _read(self, passphrase: Secret | Seal) -> dict[str, str]:
        try:
            text, self._seal = opened(_own_bytes(self._file), passphrase)
            keys = json.loads(text)
        except NotSealed as error:
            raise UserError(f"{self._file} cannot be read: {error}", "move it away and store the keys again") from error
        except WrongPassphrase as error:
            if isinstance(passphrase, Seal):
                self._seal = None
                raise UserError("the encrypted key file was changed by somebody else", "unlock it again") from error
            message = "the passphrase does not open the encrypted key file"
            if self._passphrase_file is not None:
                self._refused = message
            raise UserError(message, "try again; without it the keys must be stored anew") from error
        return {name: key for name, key in keys.items() if isinstance(key, str)}

    def _write(self, keys: dict[str, str]) -> None:
        if self._seal is None:
            passphrase = self._passphrase()
            self._seal = passphrase if isinstance(passphrase, Seal) else _first_seal(passphrase)
        _replace(self._file, sealed(json.dumps(keys, sort_keys=True), self._seal))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process changes the file meanwhile."""
        try:
            import fcntl
        except ImportError:
            yield
            return
        handle = _lock_file(self._file.with_suffix(".lock"))
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _first_seal(passphrase: Secret) -> Seal:
    if len(passphrase.reveal()) < LEAST_CHARACTERS:
        raise UserError(f"a passphrase needs at least {LEAST_CHARACTERS} characters", "choose a longer one")
    return new_seal(passphrase)


def _passphrase_in(file: Path) -> Secret:
    """The first line of the passphrase file, which nobody else may read."""
    try:
        if stat.S_IMODE(file.stat().st_mode) & 0o077 and os.name == "posix":
            raise UserError(f"others may read {file}", f"run chmod 600 {file}")
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UserError(
            f"the passphrase file {file} cannot be read ({reason})", "check [secrets] passphrase_file"
        ) from error
    if not lines or not lines[0].strip():
        raise UserError(f"the passphrase file {file} is empty", "write the passphrase into its first line")
    return Secret(lines[0].strip())


def _own_bytes(file: Path) -> bytes:
    """The file's bytes. Raises UserError for a link, a stranger's file, or one that is too large to be ours."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(handle, "rb") as opened_file:
            owner = os.fstat(handle).st_uid
            if hasattr(os, "geteuid") and owner != os.geteuid():
                raise UserError(f"{file} belongs to another user", "move it away and store the keys again")
            data = opened_file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(f"{file} cannot be read ({error.strerror})", "check its permissions") from error
    if len(data) > MOST_BYTES:
        raise UserError(f"{file} is too large for a key file", "move it away and store the keys again")
    return data


def _replace(file: Path, data: bytes) -> None:
    """Write beside the file and rename, for this user alone, so that a crash leaves the old or the new one."""
    beside = file.with_suffix(f".new{os.getpid()}")
    try:
        private_folder(file.parent)
        beside.unlink(missing_ok=True)
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(handle, "wb") as written:
            written.write(data)
            written.flush()
            os.fsync(handle)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise UserError(f"{file} cannot be written ({error.strerror})", "check the folder and the disk") from error


def _lock_file(path: Path) -> int:
    try:
        private_folder(path.parent)
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise UserError(f"{path} cannot be written ({error.strerror})", "check the folder's permissions") from error
