"""How long a test waits for what must come before it fails. No test is faster or slower for it; only a machine in trouble comes near it."""

from __future__ import annotations

PATIENCE_S = 60.0
