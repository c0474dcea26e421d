"""Which screens are kept as snapshots: of each tour and size, by name."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "screens"
WANTED = {
    ("conversation", (120, 40)): (
        "conversation",
        "help",
        "models",
        "sessions",
        "why",
        "cost",
        "palette",
        "leader",
        "themes",
    ),
    ("conversation", (200, 60)): ("conversation",),
    ("conversation", (40, 12)): ("conversation", "help", "models", "sessions", "why", "cost", "palette"),
    ("writing", (80, 24)): ("commands", "files", "chips", "streaming", "queue", "leaving", "tabs"),
    ("reading", (80, 24)): ("reading", "links", "finding"),
    ("trouble", (80, 24)): ("notice", "failure"),
    ("dashboard", (80, 24)): ("now", "spend", "by-model", "saved", "speed", "behind"),
    ("keyless", (80, 24)): ("keyless", "providers", "key"),
    ("tiny", (40, 12)): ("welcome", "too-small"),
}


def stored(scene: str, size: tuple[int, int]) -> Path:
    return FOLDER / f"{scene}-{size[0]}x{size[1]}.txt"
