"""The providers: whose key is there, and who answers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.errors import AuthFailed, ProviderError, UserError
from hawkmoth_tui.engine.examination.finding import Finding, count

if TYPE_CHECKING:
    from hawkmoth_tui.engine.models import Models, ProviderStatus
    from hawkmoth_tui.settings.load import Loaded

REACH_S = 8.0
"""How long a provider may take to answer."""


async def providers(loaded: Loaded, models: Models) -> tuple[Finding, ...]:
    """The key of each provider, whether those that can be used answer, and what servers this machine has.

    Each usable provider is asked for its list of models, with its key, which costs nothing. A built-in provider without a key needs nobody,
    unless the configuration names it.
    """
    await models.access.look_for_keys()
    await models.refresh_local()
    statuses = models.providers()
    findings = await asyncio.gather(
        *(_provider(status, _is_chosen(status.name, loaded), models) for status in statuses)
    )
    if any(status.is_usable for status in statuses):
        return tuple(findings)
    nothing = Finding(
        "providers",
        False,
        "none can be used",
        "export a key such as TOGETHER_API_KEY, or start a server such as Ollama, or try `hawkmoth demo`",
    )
    return (*findings, nothing)


async def _provider(status: ProviderStatus, is_chosen: bool, models: Models) -> Finding:
    name = f"provider {one_line(status.name, 40)}"
    if not status.is_usable:
        problem = one_line(status.problem, 200)
        detail = "cannot be used" if is_chosen else f"no key: {problem.partition(': ')[0]}"
        return Finding(name, not is_chosen, detail, problem)
    key = f"key from {one_line(status.key_source, 60)}" if status.key_source else "no key needed"
    place = one_line(status.base_url, 80)
    try:
        async with asyncio.timeout(REACH_S):
            listed = await (await models.provider(status.name)).list_models()
    except TimeoutError:
        return Finding(
            name, False, f"{key}; {place} did not answer within {REACH_S:g} s", "check the network and base_url"
        )
    except AuthFailed as error:
        return Finding(
            name, False, f"{key}; it was refused: {one_line(error.message, 120)}", error.hint or "check the key"
        )
    except ProviderError as error:
        if error.status is not None and 400 <= error.status < 500:
            return Finding(name, True, f"{key}; {place} answers, but lists no models ({error.status})")
        return Finding(
            name, False, f"{key}; {one_line(error.message, 160)}", error.hint or "check the network and base_url"
        )
    except UserError as error:
        return Finding(name, False, one_line(error.message, 160), error.hint)
    return Finding(name, True, f"{key}; {place} answers, {count(len(listed), 'model')}")


def _is_chosen(name: str, loaded: Loaded) -> bool:
    """Whether the user's own configuration speaks of this provider."""
    start = f"providers.{name}."
    return any(place.startswith(start) and origin != "built-in" for place, origin in loaded.origins.items())
