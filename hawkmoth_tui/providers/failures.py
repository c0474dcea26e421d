"""A server's refusal becomes a `ProviderError` here and nowhere else: by status, by the server's own type and code, by its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import (
    AuthFailed,
    BadResponse,
    ContextTooLong,
    Overloaded,
    ProviderError,
    RateLimited,
    Refused,
)
from hawkmoth_tui.providers.complaints import Complaint, complaint_in, complaint_of, page_title
from hawkmoth_tui.providers.retry_after import retry_after_s

if TYPE_CHECKING:
    from collections.abc import Mapping

RETRYABLE = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529})
"""Statuses after which the same request may be sent again."""

_STATUS_OF_KIND = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "invalid_api_key": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "model_not_found": 404,
    "request_too_large": 413,
    "insufficient_quota": 429,
    "rate_limit_error": 429,
    "rate_limit_exceeded": 429,
    "resource_exhausted": 429,
    "api_error": 500,
    "server_error": 500,
    "internalservererror": 500,
    "internal_server_error": 500,
    "unavailable_error": 503,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""What a type or code inside a 200 stands for."""

SIGN_IN = "run `ollama signin` on that machine, or choose a model that runs there"

_CONTEXT = re.compile(
    r"context[_ ](?:length|window|size)|maximum context|exceed_context|(?:prompt|input|request|messages?) (?:is|are) too (?:long|large)"
    r"|reduce the length|too many (?:input |prompt )?tokens|input token count|input length .* exceeds?|token limit reached"
    r"|exceeds? the (?:model's )?(?:maximum|max) (?:input|prompt)",
    re.IGNORECASE,
)
_QUOTA = re.compile(
    r"insufficient[_ ](?:quota|balance|credits?|funds)|current quota|quota[_ ]exceeded|credit balance|billing|payment required"
    r"|out of credits|not enough credits|spending limit",
    re.IGNORECASE,
)
_AUTH = re.compile(
    r"invalid[_ -](?:x-)?api[_ -]key|invalid authentication|incorrect api key|api[_ ]key[_ ](?:not valid|invalid)|unauthorized"
    r"|unauthenticated|no auth credentials|missing (?:api key|authentication)|authentication[_ ](?:error|fails|failed)",
    re.IGNORECASE,
)
_MODERATION = re.compile(r"moderation|flagged|content[_ ]policy|safety|content[_ ]filter", re.IGNORECASE)


def from_status(status: int, headers: Mapping[str, str], body: bytes, now_s: float) -> ProviderError:
    """The error that an answer of status 4xx or 5xx is. `headers` in lower case, `now_s` Unix time."""
    complaint = complaint_in(body)
    error = _error(status, status, complaint)
    error.retry_after_s = _wait(headers, complaint, now_s)
    wish = headers.get("x-should-retry", "").strip().lower()
    if wish in ("true", "false"):
        error.is_retryable = wish == "true" and not isinstance(error, AuthFailed | ContextTooLong)
    return error


def from_document(document: object, status: int = 200) -> ProviderError:
    """The error that a document inside an answer of status 200 is, whole or as an event of a stream."""
    complaint = complaint_of(document)
    meant = complaint.status or next(
        (code for kind, code in _STATUS_OF_KIND.items() if kind in complaint.kind.split()), 500
    )
    return _error(meant, status, complaint)


def web_page(body: bytes) -> BadResponse:
    """A web page where an answer should be: a captive portal, a proxy, or a base URL that is not an API."""
    title = page_title(body.decode("utf-8", "replace"))
    named = f" ({title})" if title else ""
    return BadResponse(
        f"a web page came instead of an answer{named}", "check base_url, and whether this network asks you to log in"
    )


def redirected(status: int, location: str) -> ProviderError:
    """A redirect, which is never followed."""
    target = one_line(_without_secrets(location), 120)
    where = f"to {target}" if target else "without saying where"
    return BadResponse(
        f"the server redirects {where}; it was not followed and no key was sent there",
        "if that address is right, set base_url to it" if target else "check base_url",
        status=status,
    )


def _error(meant: int, status: int, complaint: Complaint) -> ProviderError:
    """The error for what is meant by a status; `status` is the one on the wire."""
    kind, hint, is_retryable = _judge(meant, complaint)
    message = complaint.words or f"the server answered {meant} without saying why"
    if complaint.is_page:
        message = f"the server answered {meant} with a web page" + (f" ({complaint.words})" if complaint.words else "")
    return kind(message, hint, status=status, retry_after_s=complaint.retry_after_s, is_retryable=is_retryable)


def _judge(status: int, complaint: Complaint) -> tuple[type[ProviderError], str, bool]:
    """Class, hint and whether to try again."""
    said = f"{complaint.kind} {complaint.words}"
    if status == 413 and "rate_limit" in complaint.kind:
        return (
            RateLimited,
            "one request asks for more tokens than a minute allows: lower max_output_tokens or shorten the prompt",
            False,
        )
    if status not in (401, 403) and _CONTEXT.search(said):
        return ContextTooLong, "start a new session, shorten the prompt or choose a model with a larger window", False
    if status == 402 or (status in (400, 403, 429) and _QUOTA.search(said)):
        return (
            RateLimited,
            "the account has no credit or quota left: top it up with the provider or choose another model",
            False,
        )
    if status == 403 and _MODERATION.search(said):
        return Refused, "the provider's moderation refused the prompt: rephrase it or choose another model", False
    if status in (401, 403) or (status == 400 and _AUTH.search(said)):
        return AuthFailed, SIGN_IN if complaint.wants_sign_in else "", False
    if status == 429:
        return RateLimited, "wait a little, or choose another model", True
    if status >= 500 or status in RETRYABLE:
        return Overloaded, "try again, or choose another model", status in RETRYABLE
    return Refused, _hint_for_refusal(status, complaint), False


def _hint_for_refusal(status: int, complaint: Complaint) -> str:
    match status:
        case 404 | 405 if complaint.is_page or not complaint.words:
            return "check base_url: there is no API at this address"
        case 404 | 410:
            return "check the model's name (`hawkmoth models --refresh`) and base_url"
        case 413:
            return "shorten the prompt or leave out attachments"
        case _:
            return "change the request or choose another model"


def _wait(headers: Mapping[str, str], complaint: Complaint, now_s: float) -> float | None:
    named = retry_after_s(headers, now_s)
    return complaint.retry_after_s if named is None else named


def _without_secrets(location: str) -> str:
    """A redirect's target without user name, query and fragment."""
    target = re.split(r"[?#]", location.strip(), maxsplit=1)[0]
    return re.sub(r"(?<=//)[^/@]*@", "", target)
