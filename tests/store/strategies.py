"""Hypothesis strategies for everything the store can hold."""

from __future__ import annotations

from hypothesis import strategies as st

from hawkmoth_tui.core.events import TextDelta, ThinkingDelta, ToolCallReceived
from hawkmoth_tui.core.messages import Image, Message, Role, Text, Thinking, ToolCall, ToolResult
from hawkmoth_tui.core.models import ModelRef, Prices
from hawkmoth_tui.core.route import Candidate, Route, Veto, Vote
from hawkmoth_tui.core.session import Generation
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState
from hawkmoth_tui.core.usage import Reported, Usage
from hawkmoth_tui.store.rows import Cause, LedgerRow, Measured
from tests.store.samples import SMALL

texts = st.text(max_size=40)
names = st.text("abcdefghij-/.", min_size=1, max_size=12)
counts = st.integers(0, 10**9)
amounts = st.integers(-(10**15), 10**15)
moments = st.integers(0, 2**42)
numbers = st.floats(allow_nan=False)
decimals = st.decimals(min_value=0, max_value=10**6, allow_nan=False, places=9)
models = st.builds(ModelRef, st.text("abcxyz-", min_size=1, max_size=8), names)
parts = st.one_of(
    st.builds(Text, texts),
    st.builds(Thinking, texts, texts, texts, st.integers(0, 10**6)),
    st.builds(Image, texts, st.binary(max_size=40), texts),
    st.builds(ToolCall, texts, texts, texts),
    st.builds(ToolResult, texts, texts, st.booleans()),
)
usages = st.builds(Usage, counts, counts, counts, counts, counts, st.booleans(), st.none() | decimals)
errors = st.builds(TurnError, texts, texts, texts, texts, st.none() | st.integers(100, 599))
attempts = st.builds(
    Attempt,
    id=texts,
    model=models,
    started_at_ms=moments,
    outcome=st.none() | st.sampled_from(Outcome),
    error=st.none() | errors,
    retries=st.integers(0, 5),
    ttft_ms=st.none() | counts,
    duration_ms=st.none() | counts,
    usage=st.none() | usages,
    cost_pico=st.none() | amounts,
    reported=st.none() | st.builds(Reported, texts, texts),
)
candidates = st.builds(
    Candidate,
    model=models,
    score=numbers,
    expected_quality=st.none() | numbers,
    expected_cost_pico=st.none() | amounts,
    votes=st.lists(st.builds(Vote, texts, numbers, texts), max_size=3).map(tuple),
    veto=st.none() | st.builds(Veto, texts, texts),
)
routes = st.builds(
    Route,
    chosen=st.none() | models,
    fallbacks=st.lists(models, max_size=3).map(tuple),
    candidates=st.lists(candidates, max_size=3).map(tuple),
    policy=texts,
    policy_sha256=texts,
    task=texts,
    confidence=numbers,
    reason=texts,
    elapsed_ms=numbers,
    difficulty=st.none() | numbers,
    is_pinned=st.booleans(),
)
turns = st.builds(
    Turn,
    id=st.just("t1"),
    session_id=st.just("s1"),
    parent_id=st.none() | texts,
    kind=st.sampled_from(TurnKind),
    prompt=st.builds(Message, st.sampled_from(Role), st.lists(parts, max_size=3).map(tuple)),
    created_at_ms=moments,
    state=st.sampled_from([state for state in TurnState if not state.is_live]),
    answer=st.lists(parts, max_size=4).map(tuple),
    route=st.none() | routes,
    attempts=st.lists(attempts, max_size=3).map(tuple),
    notices=st.lists(texts, max_size=3).map(tuple),
    finish_reason=st.none() | texts,
    error=st.none() | errors,
    ended_at_ms=st.none() | moments,
    baseline=texts,
    baseline_cost_pico=st.none() | amounts,
)
generations = st.builds(Generation, texts, st.none() | decimals, st.none() | counts, st.none() | texts)
deltas = st.one_of(
    st.builds(TextDelta, texts),
    st.builds(
        ThinkingDelta,
        texts,
        st.sampled_from(["", "", "sealed"]),
        st.sampled_from(["", "anthropic-messages"]),
        st.integers(0, 9_000),
    ),
    st.builds(ToolCallReceived, st.builds(ToolCall, texts, texts, texts)),
)
ledger_rows = st.builds(
    LedgerRow,
    attempt_id=st.uuids().map(str),
    at_ms=st.integers(1_700_000_000_000, 1_710_000_000_000),
    session_id=st.sampled_from(["s1", "s2"]),
    turn_id=st.none() | st.sampled_from(["t1", "t2", "t3", "t4"]),
    model=st.sampled_from([SMALL, ModelRef("lab", "large"), ModelRef("home", "large")]),
    lane=st.sampled_from(["economy", "premium"]),
    usage=usages,
    prices=st.none() | st.builds(Prices, decimals, decimals, st.none() | decimals, st.none() | decimals, texts, texts),
    amount_pico=st.none() | amounts,
    list_pico=st.none() | amounts,
    baseline=texts,
    baseline_pico=st.none() | amounts,
    cause=st.sampled_from(Cause),
    measured=st.none()
    | st.builds(
        Measured,
        task=st.sampled_from(["", "coding", "chat"]),
        outcome=st.sampled_from(["ok", "failed"]),
        error=st.none() | st.sampled_from(["RateLimited", "Unreachable"]),
        retries=st.integers(0, 3),
        is_fallback=st.booleans(),
        ttft_ms=st.none() | st.integers(0, 10**6),
        duration_ms=st.none() | st.integers(0, 10**6),
        route_us=st.none() | st.integers(0, 10**6),
    ),
)
