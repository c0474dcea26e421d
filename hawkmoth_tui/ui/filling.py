"""A role or template on its way to its use: its variables are asked for one after the other."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hawkmoth_tui.core.errors import HawkmothError
from hawkmoth_tui.engine.templates import TemplateKind
from hawkmoth_tui.ui.widgets.notice import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hawkmoth_tui.engine.templates import Template
    from hawkmoth_tui.ui.app import HawkmothApp
    from hawkmoth_tui.ui.desk import Desk


def fill(app: HawkmothApp, desk: Desk, template: Template, given: Mapping[str, str] | None = None) -> None:
    """Ask for the first variable that is not given yet; with all of them, use the text. Esc anywhere uses nothing."""
    values = dict(given or {})
    missing = next((name for name in template.variables if name not in values), None)
    if missing is None:
        _use(app, desk, template, template.filled(values))
        return
    from hawkmoth_tui.ui.screens.value_entry import ValueScreen

    def typed(value: str | None) -> None:
        if value is not None:
            fill(app, desk, template, {**values, missing: value})

    app.push_screen(ValueScreen(template.name, missing, template.values.get(missing, "")), typed)


def _use(app: HawkmothApp, desk: Desk, template: Template, text: str) -> None:
    match template.kind:
        case TemplateKind.TEMPLATE:
            app.conversation.action_compose(text)
        case TemplateKind.ROLE:
            app.run_worker(_set_role(app, desk, template, text), name="role")


async def _set_role(app: HawkmothApp, desk: Desk, template: Template, text: str) -> None:
    workstation = desk.workstation
    try:
        session = desk.session or await workstation.sessions.create()
        generation = replace(workstation.generation(session), system=text)
        await workstation.sessions.set_generation(session.id, generation)
        desk.adopt(session.id)
    except HawkmothError as error:
        app.conversation.answer(str(error), Weight.PROBLEM)
        return
    app.conversation.answer(
        f"the role of this session is {template.name}; /system shows it, /system none takes it away"
    )
    app.show_status()
