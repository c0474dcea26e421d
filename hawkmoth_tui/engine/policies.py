"""Policies for the front ends: by name, or from the text of a file."""

from __future__ import annotations

from typing import TypeAlias

from hawkmoth_tui.routing.policy import Policy, policy

AnyPolicy: TypeAlias = Policy
"""A policy, for those that may not ask the router for it."""


def policy_of(name: str, text: str | None = None) -> Policy:
    """The policy of this name, or the one that the text of the file `name` holds. Raises UserError with one line."""
    if text is None:
        return policy(name)
    from hawkmoth_tui.routing.policy_file import policy_of_file

    return policy_of_file(text, name)
