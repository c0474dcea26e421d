"""`hawkmoth route`: what the router would do with a prompt, and every vote."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.core.money import money_text
from hawkmoth_tui.core.route import task_words
from hawkmoth_tui.engine.document import dumps, route_document
from hawkmoth_tui.headless.exits import DONE, NO_ROUTE, line
from hawkmoth_tui.headless.intake import take_in
from hawkmoth_tui.headless.opening import workstation
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, tell
from hawkmoth_tui.headless.tables import Column, Give, Ink, inked, output_width, paints, table

if TYPE_CHECKING:
    from hawkmoth_tui.core.route import Candidate, Route


MAYBE = ("RECORD", "CACHED")


def text(route: Route, width: int, *, is_painted: bool = False) -> str:
    """The decision for people: the choice and why, the candidates, then every vote."""
    chosen = one_line(str(route.chosen), 120) if route.chosen else "no model may take this"
    facts = [
        f"policy {one_line(route.policy, 60)}",
        one_line(task_words(route), 120),
        f"confidence {route.confidence:.2f}",
    ]
    if route.difficulty is not None:
        facts.append(f"difficulty {route.difficulty:.2f}")
    facts.append(f"{route.elapsed_ms:.1f} ms")
    lines = [
        inked(f"→ {chosen}", Ink.STRONG, is_painted=is_painted) + f" · {one_line(route.reason)}",
        "  " + " · ".join(facts),
    ]
    if route.note:
        lines.append("  " + one_line(route.note))
    if route.fallbacks:
        lines.append("  then " + one_line(", ".join(str(ref) for ref in route.fallbacks[:5])))
    return "\n".join([*lines, "", _candidates(route, width, is_painted), "", _votes(route, width, is_painted)])


def _candidates(route: Route, width: int, is_painted: bool) -> str:
    """What is known of nobody, such as a record or a cache, gets no column."""
    columns = (
        Column("MODEL"),
        Column("SCORE", is_number=True),
        Column("QUALITY", is_number=True),
        Column("RECORD", gives=Give.LAST),
        Column("EXPECTED", is_number=True, ink=Ink.COST),
        Column("CACHED", is_number=True),
        Column("VETO", gives=Give.FIRST, ink=Ink.BAD),
    )
    rows = [_candidate_row(judged) for judged in route.candidates]
    kept = [at for at, column in enumerate(columns) if column.title not in MAYBE or any(row[at] for row in rows)]
    return table([columns[at] for at in kept], [[row[at] for at in kept] for row in rows], width, is_painted=is_painted)


def _candidate_row(judged: Candidate) -> tuple[str, ...]:
    quality = "?" if judged.expected_quality is None else f"{judged.expected_quality:.2f}"
    veto = f"{judged.veto.rule}: {judged.veto.reason}" if judged.veto else ""
    score = "–" if judged.veto else f"{judged.score:+.2f}"
    record = str(judged.record) if judged.record and not judged.veto else ""
    cached = f"~{judged.cached_tokens:,}" if judged.cached_tokens else ""
    expected = money_text(judged.expected_cost_pico, estimated=True)
    return str(judged.model), score, quality, record, expected, cached, veto


def _votes(route: Route, width: int, is_painted: bool) -> str:
    columns = (Column("MODEL"), Column("RULE"), Column("VOTE", is_number=True), Column("REASON", gives=Give.FIRST))
    rows = [
        (str(judged.model), vote.rule, f"{vote.score:+.2f}", vote.reason)
        for judged in route.candidates
        for vote in judged.votes
    ]
    return table(columns, rows, width, is_painted=is_painted) if rows else "no rule cast a vote"


async def decide(prompt: str, session_id: str | None, policy: str | None) -> Route:
    """Ask the router of a workstation. Raises HawkmothError."""
    from hawkmoth_tui.engine.options import TurnOptions

    async with workstation(is_about_the_store=session_id is not None) as station:
        return await station.route(prompt, session_id, TurnOptions(policy=policy))


@click.command("route")
@click.argument("prompt", required=False)
@as_json()
@click.option("--session", metavar="ID", help="As the next turn of this session.")
@click.option("--policy", metavar="NAME", help="Routing policy; with --replay also a TOML file of your own.")
@click.option(
    "--replay", is_flag=True, help="Decide past turns again under --policy, and say what changes; nothing is sent."
)
@click.option("--since", metavar="DATE", default="7d", show_default=True, help="With --replay: from when on.")
def command(
    prompt: str | None, is_json: bool, session: str | None, policy: str | None, replay: bool, since: str
) -> int:
    """What the router would do with PROMPT (- reads stdin), without sending it: the choice, the fallbacks and every vote."""
    if replay:
        from hawkmoth_tui.headless.replay import replay as replayed

        return asyncio.run(replayed(policy, since, is_json=is_json))
    if policy is not None:
        from hawkmoth_tui.headless.replay import named_policy

        policy = named_policy(policy)
    taken = take_in(prompt, ())
    route = asyncio.run(decide(taken.prompt, session, policy))
    if is_json:
        emit(dumps(route_document(route)) + "\n")
    else:
        emit(text(route, output_width(), is_painted=paints()) + "\n")
    if route.chosen is None:
        tell(line("no model may take this prompt", "the VETO column says why for each"))
        return NO_ROUTE
    return DONE
