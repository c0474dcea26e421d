"""Every failure Hawkmoth knows, by whose matter it is. Anything that is not a `HawkmothError` is a bug.

    HawkmothError(message, hint)
    ├── UserError            the user's input, config or files          exit 2
    │   ├── ConfigError · UnknownModel · UnknownCommand · SessionNotFound · MissingKey
    ├── ProviderError        the far side                               exit 3
    │   ├── Unreachable · RateLimited · Overloaded · AuthFailed
    │   ├── ContextTooLong · Refused · StreamBroken · BadResponse
    ├── NoRoute              all candidates vetoed, or the budget       exit 4
    └── StoreError           the store, where it is the subject         exit 5
        └── SchemaTooNew · StoreLocked · DiskFull · Corrupt

A status code becomes a `ProviderError` in `providers`, an SQLite error a `StoreError` in `store`; each front end holds one table from
class to what it shows.
"""

from __future__ import annotations


class HawkmothError(Exception):
    """A failure that Hawkmoth can explain."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        """What happened, one sentence, without a full stop at the end."""
        self.hint = hint
        """What the user can do next; empty when nothing is known that helps."""

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class UserError(HawkmothError):
    """The user's input, configuration or files."""


class ConfigError(UserError):
    """A configuration that cannot be read. The message names file, line or key."""


class UnknownModel(UserError):
    """No such model or provider. The hint offers the nearest names."""


class UnknownCommand(UserError):
    """No such slash command. The hint offers the nearest names."""


class SessionNotFound(UserError):
    """No session has this id."""


class MissingKey(UserError):
    """A provider needs a key and none was found. The hint names the variable and the command."""


class ProviderError(HawkmothError):
    """The far side failed."""

    def __init__(
        self,
        message: str,
        hint: str = "",
        *,
        provider: str = "",
        status: int | None = None,
        retry_after_s: float | None = None,
        is_retryable: bool = False,
        was_taken: bool = False,
    ) -> None:
        super().__init__(message, hint)
        self.provider = provider
        """Name of the provider; empty until the engine fills it in."""
        self.status = status
        """HTTP status; None when no status line arrived."""
        self.retry_after_s = retry_after_s
        """What the server asked to wait, in seconds; None when it said nothing."""
        self.is_retryable = is_retryable
        """Whether the same request may be sent again to the same candidate before the first token."""
        self.was_taken = was_taken
        """Whether the server had the request when it was given up, so that it may bill it though no status line arrived."""


class Unreachable(ProviderError):
    """No connection, or no answer within the deadline."""


class RateLimited(ProviderError):
    """Too many requests or tokens, or a quota used up (then not retryable)."""


class Overloaded(ProviderError):
    """The server is busy or broken: 5xx and its kin."""


class AuthFailed(ProviderError):
    """The key was refused or lacks a right."""


class ContextTooLong(ProviderError):
    """The prompt does not fit the model's window."""


class Refused(ProviderError):
    """The server refused this request: bad parameters, unknown model, moderation."""


class StreamBroken(ProviderError):
    """The answer was cut before the server said that it was finished."""


class BadResponse(ProviderError):
    """The answer is not what the protocol says: a web page, broken JSON, nothing at all."""


class NoRoute(HawkmothError):
    """Candidates existed and none may take the turn."""


class NeedsApproval(NoRoute):
    """The turn would cost more than the user lets pass unasked."""


class StoreError(HawkmothError):
    """The session store could not be read or written."""


class SchemaTooNew(StoreError):
    """The store was written by a newer Hawkmoth; it is left untouched."""


class StoreLocked(StoreError):
    """Another process held the store for longer than the deadline."""


class DiskFull(StoreError):
    """No space left, or the folder cannot be written."""


class Corrupt(StoreError):
    """The store's file is damaged."""
