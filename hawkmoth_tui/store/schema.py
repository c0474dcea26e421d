"""The tables. Text ids, UTC milliseconds, money as whole pico-dollars, JSON as text; STRICT, so that each column keeps its type.

Order is always that of insertion (`seq`, `activity`), never of clocks: a clock that jumps back reorders nothing.
"""

from __future__ import annotations

VERSION_1 = """
CREATE TABLE session (
    id             TEXT NOT NULL PRIMARY KEY,
    title          TEXT NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    updated_at_ms  INTEGER NOT NULL,
    head_turn_id   TEXT,
    model          TEXT,
    policy         TEXT,
    generation     TEXT,
    activity       INTEGER NOT NULL,
    turn_count     INTEGER NOT NULL DEFAULT 0,
    cost_pico      INTEGER NOT NULL DEFAULT 0,
    unknown_turns  INTEGER NOT NULL DEFAULT 0,
    preview        TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX session_activity ON session (activity);

CREATE TABLE turn (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    session_id     TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    parent_id      TEXT,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    ended_at_ms    INTEGER,
    owner_pid      INTEGER,
    owner_started  TEXT,
    prompt         TEXT NOT NULL,
    record         TEXT NOT NULL,
    route          BLOB
) STRICT;
CREATE INDEX turn_session ON turn (session_id, seq);
CREATE INDEX turn_live ON turn (state) WHERE state IN ('waiting', 'streaming');

CREATE TABLE turn_chunk (
    turn_id        TEXT NOT NULL,
    seq            INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    text           TEXT NOT NULL,
    detail         TEXT,
    at_ms          INTEGER NOT NULL,
    PRIMARY KEY (turn_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE blob (
    sha256         TEXT NOT NULL PRIMARY KEY,
    data           BLOB NOT NULL
) STRICT;
CREATE TABLE turn_blob (
    turn_id        TEXT NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
    sha256         TEXT NOT NULL REFERENCES blob (sha256),
    PRIMARY KEY (turn_id, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX turn_blob_sha256 ON turn_blob (sha256);

CREATE TABLE ledger (
    seq                          INTEGER PRIMARY KEY AUTOINCREMENT,
    attempt_id                   TEXT NOT NULL UNIQUE,
    at_ms                        INTEGER NOT NULL,
    session_id                   TEXT,
    turn_id                      TEXT,
    provider                     TEXT NOT NULL,
    model                        TEXT NOT NULL,
    lane                         TEXT NOT NULL,
    cause                        TEXT NOT NULL,
    input_tokens                 INTEGER NOT NULL,
    output_tokens                INTEGER NOT NULL,
    cached_input_tokens          INTEGER NOT NULL,
    cache_write_tokens           INTEGER NOT NULL,
    reasoning_tokens             INTEGER NOT NULL,
    estimated                    INTEGER NOT NULL,
    reported_usd                 TEXT,
    input_usd_per_mtok           TEXT,
    output_usd_per_mtok          TEXT,
    cached_input_usd_per_mtok    TEXT,
    cache_write_usd_per_mtok     TEXT,
    price_source                 TEXT,
    price_as_of                  TEXT,
    amount_pico                  INTEGER,
    list_pico                    INTEGER,
    baseline                     TEXT NOT NULL,
    baseline_pico                INTEGER
) STRICT;
CREATE INDEX ledger_at ON ledger (at_ms, amount_pico, baseline_pico);
CREATE INDEX ledger_session ON ledger (session_id, at_ms, amount_pico, baseline_pico);
CREATE INDEX ledger_turn ON ledger (turn_id, at_ms, amount_pico);
CREATE INDEX ledger_unknown ON ledger (at_ms, turn_id, session_id) WHERE amount_pico IS NULL;
CREATE TRIGGER ledger_keeps_rows BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_keeps_amounts BEFORE UPDATE OF
    seq, attempt_id, at_ms, provider, model, lane, cause, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
    reasoning_tokens, estimated, reported_usd, input_usd_per_mtok, output_usd_per_mtok, cached_input_usd_per_mtok,
    cache_write_usd_per_mtok, price_source, price_as_of, amount_pico, list_pico, baseline, baseline_pico ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

CREATE TABLE reservation (
    id             TEXT NOT NULL PRIMARY KEY,
    amount_pico    INTEGER NOT NULL,
    session_id     TEXT NOT NULL,
    turn_id        TEXT NOT NULL,
    owner_pid      INTEGER NOT NULL,
    owner_started  TEXT NOT NULL
) STRICT;

CREATE TABLE draft (
    scope          TEXT NOT NULL PRIMARY KEY,
    text           TEXT NOT NULL
) STRICT;

CREATE TABLE prompt_history (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms          INTEGER NOT NULL,
    text           TEXT NOT NULL
) STRICT;
"""
"""Version 1. The sums in `session` are kept in the transactions that write turns and ledger rows, so that listing scans neither.

`turn.prompt` is written once. `turn.record` is the rest of the folded turn without what other columns say; of a live turn it has no
answer: that is in `turn_chunk`, which is emptied when the turn ends. `turn.route` is deflated JSON: votes in words are many times the
size of an answer, and repeat themselves. Session and turn ids in the ledger point nowhere, so that amounts outlive a purge; only
these two columns may be changed by one.
"""

VERSION_2 = """
CREATE TABLE token_factor (
    provider       TEXT NOT NULL,
    model          TEXT NOT NULL,
    basis          TEXT NOT NULL,
    factor         REAL NOT NULL,
    samples        INTEGER NOT NULL,
    at_ms          INTEGER NOT NULL,
    PRIMARY KEY (provider, model, basis)
) STRICT, WITHOUT ROWID;
"""
"""Version 2: how many tokens models report for what we count. Losing it costs nothing but accuracy."""

VERSION_3 = """
ALTER TABLE session ADD COLUMN deleted_at_ms INTEGER;
CREATE INDEX session_deleted ON session (deleted_at_ms) WHERE deleted_at_ms IS NOT NULL;

CREATE TABLE ledger_sum (
    kind           INTEGER NOT NULL,
    level          INTEGER NOT NULL,
    key            TEXT NOT NULL,
    bucket         INTEGER NOT NULL,
    cost_pico      INTEGER NOT NULL,
    baseline_pico  INTEGER NOT NULL,
    compared_pico  INTEGER NOT NULL,
    compared       INTEGER NOT NULL,
    estimated      INTEGER NOT NULL,
    input_tokens   INTEGER NOT NULL,
    output_tokens  INTEGER NOT NULL,
    turns          INTEGER NOT NULL,
    unknown_turns  INTEGER NOT NULL,
    PRIMARY KEY (kind, level, key, bucket)
) STRICT, WITHOUT ROWID;

DROP INDEX ledger_at;
DROP INDEX ledger_session;
DROP INDEX ledger_turn;
DROP INDEX ledger_unknown;
CREATE INDEX ledger_at ON ledger (at_ms);
CREATE INDEX ledger_session ON ledger (session_id, at_ms);
CREATE INDEX ledger_turn ON ledger (turn_id);
"""
"""Version 3: a deleted session is hidden until it is purged, and the ledger is summed up as it grows (`rollups`)."""

VERSION_4 = """
ALTER TABLE ledger ADD COLUMN task TEXT;
ALTER TABLE ledger ADD COLUMN outcome TEXT;
ALTER TABLE ledger ADD COLUMN error TEXT;
ALTER TABLE ledger ADD COLUMN retries INTEGER;
ALTER TABLE ledger ADD COLUMN is_fallback INTEGER;
ALTER TABLE ledger ADD COLUMN ttft_ms INTEGER;
ALTER TABLE ledger ADD COLUMN duration_ms INTEGER;
ALTER TABLE ledger ADD COLUMN route_us INTEGER;
DROP TRIGGER ledger_keeps_amounts;
CREATE TRIGGER ledger_keeps_amounts BEFORE UPDATE OF
    seq, attempt_id, at_ms, provider, model, lane, cause, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens,
    reasoning_tokens, estimated, reported_usd, input_usd_per_mtok, output_usd_per_mtok, cached_input_usd_per_mtok,
    cache_write_usd_per_mtok, price_source, price_as_of, amount_pico, list_pico, baseline, baseline_pico, task, outcome, error,
    retries, is_fallback, ttft_ms, duration_ms, route_us ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

ALTER TABLE reservation ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE reservation ADD COLUMN lane TEXT NOT NULL DEFAULT '';

CREATE TABLE metric_key (
    id             INTEGER PRIMARY KEY,
    provider       TEXT NOT NULL,
    model          TEXT NOT NULL,
    task           TEXT NOT NULL,
    UNIQUE (provider, model, task)
) STRICT;
CREATE TABLE metric_sum (
    level          INTEGER NOT NULL,
    bucket         INTEGER NOT NULL,
    key            INTEGER NOT NULL,
    requests       INTEGER NOT NULL,
    retries        INTEGER NOT NULL,
    fallbacks      INTEGER NOT NULL,
    input_tokens   INTEGER NOT NULL,
    cached_tokens  INTEGER NOT NULL,
    output_tokens  INTEGER NOT NULL,
    cost_pico      INTEGER NOT NULL,
    unknown        INTEGER NOT NULL,
    duration_ms    INTEGER NOT NULL,
    ttft_ms        INTEGER NOT NULL,
    route_us       INTEGER NOT NULL,
    written_tokens INTEGER NOT NULL,
    writing_ms     INTEGER NOT NULL,
    errors         TEXT,
    durations      BLOB,
    ttfts          BLOB,
    routes         BLOB,
    PRIMARY KEY (level, bucket, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE metric_mark (
    id             INTEGER PRIMARY KEY,
    last_seq       INTEGER NOT NULL
) STRICT;
INSERT INTO metric_mark VALUES (1, 0);

CREATE TABLE feedback (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,
    id             TEXT NOT NULL UNIQUE,
    at_ms          INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    weight         INTEGER NOT NULL,
    provider       TEXT NOT NULL,
    model          TEXT NOT NULL,
    task           TEXT NOT NULL,
    turn_id        TEXT,
    undoes         TEXT
) STRICT;
CREATE INDEX feedback_at ON feedback (at_ms);
CREATE INDEX feedback_turn ON feedback (turn_id) WHERE turn_id IS NOT NULL;
CREATE INDEX feedback_undoes ON feedback (undoes) WHERE undoes IS NOT NULL;
CREATE TRIGGER feedback_keeps_rows BEFORE DELETE ON feedback
BEGIN SELECT RAISE(ABORT, 'feedback is append-only'); END;
CREATE TRIGGER feedback_keeps_signs BEFORE UPDATE OF seq, id, at_ms, kind, weight, provider, model, task, undoes ON feedback
BEGIN SELECT RAISE(ABORT, 'feedback is append-only'); END;
CREATE TRIGGER feedback_forgets_turns AFTER DELETE ON turn
BEGIN UPDATE feedback SET turn_id = NULL WHERE turn_id = old.id; END;
"""
"""Version 4: how each attempt went stands beside what it cost, summed up in `metric_sum` (`metrics`); limits of a provider and of a lane;
what the user thought of answers. A feedback row outlives its turn without naming it. Weights are whole hundredths."""

VERSION_5 = """
ALTER TABLE session ADD COLUMN tags TEXT;
ALTER TABLE session ADD COLUMN is_archived INTEGER;
ALTER TABLE session ADD COLUMN is_on_top INTEGER;
ALTER TABLE turn ADD COLUMN shown_tip TEXT;
CREATE INDEX turn_parent ON turn (session_id, parent_id);
"""
"""Version 5: what the user calls a session by, and where it stands in lists; siblings are found at once, and each remembers the turn that
was last the head below it."""

VERSION_6 = "ALTER TABLE turn_chunk ADD COLUMN took_ms INTEGER NOT NULL DEFAULT 0"
"""Version 6: how long a piece of reasoning took."""
