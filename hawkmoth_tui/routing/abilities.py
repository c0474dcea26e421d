"""What is publicly known of the catalogue's models: a versioned table that names a source and a date for each row.

The numbers themselves are in the weights, by task; a row says which of them a model may claim. A model without a row claims none: it is
expected to be as good as the mean of its lane, and only the user's own evidence changes that.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from hawkmoth_tui.routing.quality import assumed_quality
from hawkmoth_tui.routing.records import Records
from hawkmoth_tui.routing.weights import DATA, WeightsProblem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from hawkmoth_tui.core.models import Model

FILE = "abilities.toml"
OTHER_KIND = "question"
"""What every exam and school subject is that the table does not name."""
NO_KIND = "none"


@dataclass(frozen=True, slots=True)
class Ability:
    """One row."""

    pattern: str
    record: str
    """The model's name in the weights."""
    family: str
    source: str
    date: str
    """When the source was read."""


@dataclass(frozen=True, slots=True)
class Abilities:
    """The table."""

    version: str
    rows: tuple[Ability, ...]
    ratings: Mapping[str, float] = field(default_factory=dict)
    """How the measured models would rate on the catalogue's scale, by their names in the weights."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """Kind of work by learned task; "none" where a task must not choose."""

    def kind_of(self, task: str) -> str:
        """The kind of work that a learned task is; empty where it must not choose."""
        kind = self.kinds.get(task, OTHER_KIND)
        return "" if kind == NO_KIND else kind

    def of(self, model_id: str) -> Ability | None:
        """The row of a model, the longest pattern first. None: its lane's mean is all that is known."""
        folded = model_id.casefold()
        fitting = [row for row in self.rows if fnmatchcase(folded, row.pattern)]
        return max(fitting, key=lambda row: len(row.pattern), default=None)


def load_abilities(folder: Path = DATA) -> Abilities:
    """The shipped table. Raises WeightsProblem when it cannot be read."""
    try:
        return _abilities(tomllib.loads((folder / FILE).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightsProblem(f"the table of abilities cannot be read ({type(error).__name__})") from error


def _abilities(found: dict[str, Any]) -> Abilities:
    sources = found["sources"]
    return Abilities(
        found["version"],
        tuple(
            Ability(
                each["pattern"],
                each["record"],
                each["family"],
                sources[each["source"]]["name"],
                sources[each["source"]]["date"],
            )
            for each in found["models"]
        ),
        found["ratings"]["models"],
        {task: kind for kind, tasks in found["kinds"].items() for task in tasks},
    )


def assumed(models: Iterable[Model]) -> dict[str, float]:
    """The candidates as `Learned.judge` takes them: each with its own quality where it is rated, else its lane's mean less a margin."""
    return {str(model.ref): model.quality if model.quality is not None else assumed_quality(model) for model in models}


def known_as(models: Iterable[Model], abilities: Abilities) -> dict[str, str]:
    """Each model's name in the weights; only models that have one."""
    rows = ((model, abilities.of(model.ref.id)) for model in models)
    return {str(model.ref): row.record for model, row in rows if row is not None}


def seeded(public: Records, names: Mapping[str, str]) -> Records:
    """The public records under the names that the catalogue gives the models."""
    by_name: dict[str, list[str]] = {}
    for ref, name in names.items():
        by_name.setdefault(name, []).append(ref)
    return Records({(task, ref): cell for (task, name), cell in public.cells.items() for ref in by_name.get(name, ())})
