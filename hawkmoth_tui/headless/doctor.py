"""`hawkmoth doctor`: looks at everything Hawkmoth stands on, and says what needs the user."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from typing import TYPE_CHECKING

import click

from hawkmoth_tui.core.charmap import one_line
from hawkmoth_tui.engine.document import dumps
from hawkmoth_tui.headless.exits import DONE, NEEDS_THE_USER, line
from hawkmoth_tui.headless.options import as_json
from hawkmoth_tui.headless.streams import emit, is_terminal, tell
from hawkmoth_tui.headless.tables import Ink, inked, paints
from hawkmoth_tui.headless.version import version_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hawkmoth_tui.engine.document import Json
    from hawkmoth_tui.engine.examination.finding import Finding


def text(findings: Sequence[Finding], *, is_painted: bool = False) -> str:
    """One line per finding; what to do stands under what needs doing."""
    width = max((len(finding.name) for finding in findings), default=0)
    lines = []
    for finding in findings:
        mark, ink = ("ok", Ink.GOOD) if finding.is_ok else ("!!", Ink.BAD)
        name, detail = finding.name.ljust(width), one_line(finding.detail, 400)
        lines.append(f"{inked(mark, ink, is_painted=is_painted)}  {name}  {detail}")
        if finding.hint and not finding.is_ok:
            lines.append(f"    {' ' * width}  → {one_line(finding.hint, 400)}")
    return "\n".join(lines)


def document(findings: Sequence[Finding]) -> dict[str, Json]:
    """The document of `doctor --json`."""
    return {
        "ok": all(finding.is_ok for finding in findings),
        "version": version_line().removeprefix("hawkmoth "),
        "findings": [
            {"name": finding.name, "ok": finding.is_ok, "detail": finding.detail, "hint": finding.hint}
            for finding in findings
        ],
    }


async def examine(*, is_deep: bool = False) -> tuple[Finding, ...]:
    """All findings about this machine, this user and this terminal."""
    from hawkmoth_tui.engine.examination.everything import everything
    from hawkmoth_tui.engine.examination.finding import Screen

    size = shutil.get_terminal_size((0, 0))
    return await everything(os.environ, Screen(is_terminal(sys.stdout), size.columns, size.lines), is_deep=is_deep)


@click.command("doctor")
@as_json()
@click.option(
    "--deep", "is_deep", is_flag=True, help="Also sum the whole ledger up anew and compare; may take a minute."
)
def command(is_json: bool, is_deep: bool) -> int:
    """Checks terminal, locale, configuration, log, tokens, router, store, clock, keys, providers, SQLite, Python; exit 1 if one needs you.

    Providers with a key are asked for their list of models, which costs nothing.
    """
    findings = asyncio.run(examine(is_deep=is_deep))
    if is_json:
        emit(dumps(document(findings), indent=1) + "\n")
    else:
        emit(text(findings, is_painted=paints()) + "\n")
    needy = [finding.name for finding in findings if not finding.is_ok]
    if not needy:
        return DONE
    things = "1 thing needs you" if len(needy) == 1 else f"{len(needy)} things need you"
    tell(line(f"doctor: {things}: {', '.join(needy)}", "" if is_json else "the arrows say what to do"))
    return NEEDS_THE_USER
