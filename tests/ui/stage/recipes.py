"""How each widget of ours is fed: the text goes in by the same doors that the app uses, into every place that shows any.

A new widget needs a recipe here; `test_feeding` fails until it has one.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.widget import Widget

import hawkmoth_tui.ui
from hawkmoth_tui.core import events as ev
from hawkmoth_tui.core.messages import Message, Role, Text, Thinking, ToolCall
from hawkmoth_tui.core.models import ModelRef
from hawkmoth_tui.core.performance import Performance, Spread
from hawkmoth_tui.core.route import Candidate, Route, Veto, Vote
from hawkmoth_tui.core.session import Session
from hawkmoth_tui.core.summaries import Charge, Compared, CostGroup, CostTotals, GroupBy, ModelUse, SessionSummary
from hawkmoth_tui.core.turn import Attempt, Outcome, Turn, TurnError, TurnKind, TurnState
from hawkmoth_tui.core.usage import Usage
from hawkmoth_tui.engine.attachments import Attached
from hawkmoth_tui.engine.chronicle import Chronicle, Pace, Slot, Span
from hawkmoth_tui.engine.costs import CostSummary
from hawkmoth_tui.engine.models import Models
from hawkmoth_tui.engine.outlook import Gauge, Reread
from hawkmoth_tui.engine.sessions import Sessions
from hawkmoth_tui.engine.tray import Parcel, Tray
from hawkmoth_tui.secrets.finding import KeyFinding
from hawkmoth_tui.settings.schema import ModelSettings, Protocol, ProviderSettings, Settings
from hawkmoth_tui.ui.archive import Archive
from hawkmoth_tui.ui.dashboard.behind import TurnsBehind
from hawkmoth_tui.ui.dashboard.figures import Page
from hawkmoth_tui.ui.dashboard.screen import Dashboard
from hawkmoth_tui.ui.lines import named, words, wrapped
from hawkmoth_tui.ui.panes.cost import CostPane
from hawkmoth_tui.ui.panes.routing import RoutingPane
from hawkmoth_tui.ui.safe import plain
from hawkmoth_tui.ui.screens.conversation import ConversationScreen
from hawkmoth_tui.ui.screens.earlier import EarlierScreen
from hawkmoth_tui.ui.screens.key_entry import KeyScreen
from hawkmoth_tui.ui.screens.leader import LeaderHints, LeaderScreen
from hawkmoth_tui.ui.screens.leaving import LeavingScreen
from hawkmoth_tui.ui.screens.links import LinksScreen
from hawkmoth_tui.ui.screens.models import ModelPicker
from hawkmoth_tui.ui.screens.palette import Entry, Palette
from hawkmoth_tui.ui.screens.pick import PickScreen
from hawkmoth_tui.ui.screens.sessions import SessionPicker
from hawkmoth_tui.ui.screens.sheet import PaneScreen, Sheet, TextPane
from hawkmoth_tui.ui.screens.themes import ThemePicker
from hawkmoth_tui.ui.screens.value_entry import ValueScreen
from hawkmoth_tui.ui.shelf import Shelf
from hawkmoth_tui.ui.tabs import Badge, Tab
from hawkmoth_tui.ui.transcript import Transcript
from hawkmoth_tui.ui.transcript.links import Hyperlink
from hawkmoth_tui.ui.widgets.choices import Choices, Offer
from hawkmoth_tui.ui.widgets.composer import Composer
from hawkmoth_tui.ui.widgets.folded import FoldedPanes
from hawkmoth_tui.ui.widgets.grapheme_area import GraphemeArea
from hawkmoth_tui.ui.widgets.notice import Notices, Weight
from hawkmoth_tui.ui.widgets.pickline import PickLine
from hawkmoth_tui.ui.widgets.picklist import PickList, Row
from hawkmoth_tui.ui.widgets.reading_bar import FindField, ReadingBar, ReadingLine
from hawkmoth_tui.ui.widgets.status import Activity, Status, StatusLine
from hawkmoth_tui.ui.widgets.tabline import TabLine
from hawkmoth_tui.ui.widgets.too_small import TooSmall
from hawkmoth_tui.ui.widgets.tray import TrayPane
from hawkmoth_tui.ui.widgets.welcome import Welcome

if TYPE_CHECKING:
    from collections.abc import Callable

WARN_AT = Decimal("0.8")

ABSTRACT = frozenset({"Helped", "Over", "Page", "Pane"})
"""Bases that are never shown themselves."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A widget or screen, and what feeds it once it is mounted."""

    widget: Widget
    feed: Callable[[], object] = lambda: None


def our_widgets() -> dict[str, type[Widget]]:
    """Every widget class defined under `hawkmoth_tui.ui`, by name."""
    found: dict[str, type[Widget]] = {}
    for info in pkgutil.walk_packages(hawkmoth_tui.ui.__path__, "hawkmoth_tui.ui."):
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            if isinstance(value, type) and issubclass(value, Widget) and value.__module__ == info.name:
                found[value.__name__] = value
    return {name: kind for name, kind in found.items() if name not in ABSTRACT}


def turn_of(text: str) -> Turn:
    """A failed turn with the text in every place that a server or a person can fill."""
    model, other = ModelRef("lab", text), ModelRef(text, "vetoed")
    error = TurnError("StreamBroken", text, text, text, 500)
    usage = Usage(input_tokens=10, output_tokens=20)
    return Turn(
        id="turn",
        session_id="session",
        parent_id=None,
        kind=TurnKind.PROMPT,
        prompt=Message(Role.USER, (Text(text),)),
        created_at_ms=1_700_000_000_000,
        state=TurnState.INTERRUPTED,
        answer=(Thinking(text), Text(text), ToolCall("call", text, text)),
        route=Route(
            chosen=model,
            fallbacks=(other,),
            candidates=(
                Candidate(model, 0.5, 0.8, 1_000_000, (Vote("cost", 0.5, text), Vote("task", -0.2, text))),
                Candidate(other, 0.0, None, None, (), Veto("allow", text)),
            ),
            policy=text,
            policy_sha256="0" * 64,
            task=text,
            confidence=0.9,
            reason=text,
            elapsed_ms=0.5,
        ),
        attempts=(
            Attempt("first", other, 1_700_000_000_000, Outcome.FAILED, error, 1, None, 20, None, 0),
            Attempt("second", model, 1_700_000_000_100, Outcome.INTERRUPTED, error, 0, 50, 900, usage, 1_000_000),
        ),
        notices=(text,),
        finish_reason=text,
        error=error,
        ended_at_ms=1_700_000_001_000,
        baseline=text,
        baseline_cost_pico=2_000_000,
    )


def summary_of(text: str) -> CostSummary:
    """Sums measured against a model of that name, with a budget nearly used."""
    return CostSummary(1, 2, 3, 1, 1, 1, 4, 5, 6, baseline=text, limits=((text, 90, 100),))


def events_of(turn: Turn, text: str) -> tuple[ev.TurnEvent, ...]:
    """How that turn would have arrived, in two deltas cut inside the text."""
    assert turn.route is not None
    middle = len(text) // 2
    return (
        ev.TurnStarted(turn),
        ev.RouteChosen(turn.route),
        ev.AttemptStarted(turn.attempts[1]),
        ev.FirstToken(50),
        ev.ThinkingDelta(text),
        ev.TextDelta(text[:middle]),
        ev.TextDelta(text[middle:]),
        ev.Notice(text),
        ev.AttemptEnded(turn.attempts[1]),
        ev.TurnEnded(turn.state, 1_700_000_001_000, text, turn.error, text, 2_000_000),
    )


def grapheme_area(text: str) -> Exhibit:
    widget = GraphemeArea()
    return Exhibit(widget, lambda: widget.load_text(text))


def composer(text: str) -> Exhibit:
    widget = Composer()

    def feed() -> None:
        widget.placeholder = plain(text)
        widget.prompts = (text,)
        widget.put(text)
        widget.insert(text)

    return Exhibit(widget, feed)


def choices(text: str) -> Exhibit:
    pane = Choices()
    return Exhibit(pane, lambda: pane.show((Offer(text, text, text), Offer(text, text)), text))


def tray(text: str) -> Exhibit:
    pane = TrayPane()

    def feed() -> None:
        one = Attached(text, 30_000, Text(text), text, text)
        pane.show(Tray((one, one), (Parcel(text, (one,)), Parcel(text))))
        pane.focus()

    return Exhibit(pane, feed)


def conversation(text: str) -> Exhibit:
    screen = ConversationScreen(is_simulated=True, warn_at=WARN_AT, keymap={"model.pick": text})

    async def feed() -> None:
        turn = turn_of(text)
        await screen.load([turn], summary_of(text), is_simulated=True)
        for event in events_of(turn, text):
            screen.show(event, turn)
        screen.say(text, Weight.PROBLEM)
        screen.composer.put(text)
        screen.status.show(status_of(text))

    return Exhibit(screen, feed)


def cost_pane(text: str) -> Exhibit:
    pane = CostPane(WARN_AT)
    return Exhibit(pane, lambda: pane.load(turn_of(text), summary_of(text), is_simulated=True))


class OneBar(Chronicle):
    """A span with one slot, in which one group of that name cost something."""

    def __init__(self, text: str) -> None:
        self._text = text

    def since_ms(self, span: Span) -> int | None:
        return 0

    async def totals(self, span: Span, by: GroupBy) -> CostTotals:
        compared = Compared(5, 3, 1)
        group = CostGroup(self._text, self._text, 3, 1, 1, 10, 20, compared)
        return CostTotals(3, 1, (group,), compared)

    async def slots(self, span: Span) -> tuple[tuple[Slot, ...], CostTotals]:
        totals = await self.totals(span, span.by)
        return (Slot(1_700_000_000_000, 1_700_003_600_000, totals.groups[0]),), totals

    async def performances(self, span: Span) -> tuple[Performance, ...]:
        spread, text = Spread(1, 900.0, 900.0, 900.0, 900.0), self._text
        return (Performance(text, text, text, 1, 1, 1, {text: 1}, spread, spread, spread, 9.0, 9, 3, 9, 3, 1),)

    async def paces(self, slots: tuple[Slot, ...]) -> tuple[Pace, ...]:
        (line,) = await self.performances(Span.EVER)
        return (Pace(slots[0], {self._text: line}),)


def dashboard(text: str) -> Exhibit:
    """Its pages one after the other."""

    async def export(_: object) -> str:
        return text

    board = Dashboard(OneBar(text), turn_of(text), summary_of(text), warn_at=WARN_AT, is_simulated=True, export=export)

    async def feed() -> None:
        for page in (Page.NOW, Page.SESSIONS, Page.SPEED):
            board.page = page
            board.read_again()
            await asyncio.gather(*(worker.wait() for worker in board.workers if worker.node is board))
            painted = asyncio.Event()
            board.call_after_refresh(painted.set)
            await painted.wait()
        board.action_export()

    return Exhibit(board, feed)


def turns_behind(text: str) -> Exhibit:
    charge = Charge(1_700_000_000_000, text, text, text, text, text, 3, True, Compared(5, 3, 1), 1, 1, text, text)
    return Exhibit(TurnsBehind(text, [charge, replace(charge, prompt="")]))


def folded(text: str) -> Exhibit:
    pane = FoldedPanes(WARN_AT)
    return Exhibit(pane, lambda: pane.load(turn_of(text), summary_of(text)))


def folded_pin(text: str) -> Exhibit:
    pane = FoldedPanes(WARN_AT)
    pane.pinned = text
    return Exhibit(pane)


def notices(text: str) -> Exhibit:
    pane = Notices()
    return Exhibit(pane, lambda: pane.say(text, Weight.WARNING))


def pane_screen(text: str) -> Exhibit:
    pane = RoutingPane(is_expanded=True)
    return Exhibit(PaneScreen(pane, "route.why"), lambda: pane.load(turn_of(text), is_simulated=False))


class OneSession(Sessions):
    """A list with one session that is named so."""

    def __init__(self, text: str) -> None:
        self._text = text

    def list(self, limit: int = 100, offset: int = 0) -> tuple[SessionSummary, ...]:
        session = Session("session", self._text, 1, 1, tags=(self._text,), is_on_top=True)
        return (SessionSummary(session, 1, 1, 1, self._text),)

    def deleted(self) -> tuple[SessionSummary, ...]:
        return self.list()

    def late(self, session_id: str, newest: int) -> tuple[Turn, ...]:
        return (turn_of(self._text),)


def archive_of(text: str) -> Archive:
    return Archive(OneSession(text), "", (), 1_700_000_000.0)


def shelf_of(text: str) -> Shelf:
    """One model with that name, of a provider that has its key, with a price for the change."""
    ref = ModelRef("lab", text)
    lab = ProviderSettings("lab", Protocol.OPENAI_CHAT, "http://127.0.0.1:9", models=(ModelSettings(text, lane=text),))
    models = Models(Settings(providers={"lab": lab}), {}, lambda *_: KeyFinding(None, text, text, True), lambda: 0.0)
    uses = (ModelUse(ref, 3, 1_700_000_000_000, 80.0),)
    return Shelf(models, uses, pinned=ref, once=None, reread=lambda _: Reread(12_000, 1), now_s=1_700_000_000.0)


def row_of(text: str) -> Row:
    return Row("key", text.lower(), lambda width: named(ModelRef("lab", text), width // 2) + words((text, "$cost")))


def pick_line(text: str) -> Exhibit:
    line = PickLine("", lambda _: False)

    def feed() -> None:
        line.value = text

    return Exhibit(line, feed)


def pick_list(text: str) -> Exhibit:
    widget = PickList(3, text)
    return Exhibit(widget, lambda: widget.fill([row_of(text)] * 3))


def pick_list_of_nothing(text: str) -> Exhibit:
    return Exhibit(PickList(0, text))


def model_picker(text: str) -> Exhibit:
    return Exhibit(ModelPicker(shelf_of(text), text))


def session_picker(text: str) -> Exhibit:
    return Exhibit(SessionPicker(archive_of(text), ""))


def tab_line(text: str) -> Exhibit:
    line = TabLine()
    badges = tuple(Badge)
    return Exhibit(line, lambda: line.show([Tab(badge.name, text, badge) for badge in badges], 1))


def pick(text: str) -> Exhibit:
    return Exhibit(PickScreen(plain(text), [row_of(text)], nothing=text))


def pick_nothing(text: str) -> Exhibit:
    return Exhibit(PickScreen(plain(text), [], nothing=text))


def routing_pane(text: str) -> Exhibit:
    pane = RoutingPane(is_expanded=True)
    return Exhibit(pane, lambda: pane.load(turn_of(text), is_simulated=True))


def status_of(text: str) -> Status:
    gauge = Gauge(ModelRef("lab", text), 900, 1_000, True)
    return Status(Activity.READY, text, text, 1, True, ((text, text),), text, gauge)


def status(text: str) -> Exhibit:
    line = StatusLine()
    return Exhibit(line, lambda: line.show(status_of(text)))


def transcript(text: str) -> Exhibit:
    widget = Transcript()

    def feed() -> None:
        turn = turn_of(text)
        widget.load([turn])
        for event in events_of(turn, text):
            widget.show(event, turn)

    return Exhibit(widget, feed)


def links(text: str) -> Exhibit:
    return Exhibit(LinksScreen([Hyperlink(text, text, text), Hyperlink(text, "https://example.org", text)]))


def find_field(text: str) -> Exhibit:
    field = FindField(text)
    return Exhibit(field, lambda: field.insert_text_at_cursor(text))


def reading_line(text: str) -> Exhibit:
    line = ReadingLine({"read.copy": text})
    line.found = text, 1, 2, True
    return Exhibit(line)


def reading_bar(text: str) -> Exhibit:
    bar = ReadingBar({"read.copy": text})

    def feed() -> None:
        bar.begin()
        bar.field.value = text
        bar.show((text, 1, 2, False))

    return Exhibit(bar, feed)


def welcome(text: str) -> Exhibit:
    pane = Welcome()
    return Exhibit(pane, lambda: pane.show((text,), is_simulated=False))


RECIPES: dict[type[Widget], tuple[Callable[[str], Exhibit], ...]] = {
    Choices: (choices,),
    Composer: (composer,),
    ConversationScreen: (conversation,),
    CostPane: (cost_pane,),
    Dashboard: (dashboard,),
    TurnsBehind: (turns_behind,),
    EarlierScreen: (lambda text: Exhibit(EarlierScreen((text, f"{text}\n{text}"))),),
    FoldedPanes: (folded, folded_pin),
    GraphemeArea: (grapheme_area,),
    ValueScreen: (lambda text: Exhibit(ValueScreen(text, text, text)),),
    KeyScreen: (lambda text: Exhibit(KeyScreen(text, text)),),
    LeaderHints: (lambda text: Exhibit(LeaderHints({"model.pick": text})),),
    LeaderScreen: (lambda text: Exhibit(LeaderScreen({"model.pick": text})),),
    FindField: (find_field,),
    LeavingScreen: (
        lambda _: Exhibit(LeavingScreen.while_answering(2)),
        lambda text: Exhibit(LeavingScreen.without_saving(2, text)),
    ),
    LinksScreen: (links,),
    ReadingBar: (reading_bar,),
    ReadingLine: (reading_line,),
    Notices: (notices,),
    PaneScreen: (pane_screen,),
    ModelPicker: (model_picker,),
    Palette: (lambda text: Exhibit(Palette({"a": Entry(text, text, text), "b": Entry(text)})),),
    PickLine: (pick_line,),
    PickList: (pick_list, pick_list_of_nothing),
    PickScreen: (pick, pick_nothing),
    RoutingPane: (routing_pane,),
    SessionPicker: (session_picker,),
    Sheet: (lambda text: Exhibit(Sheet(TextPane(lambda width: wrapped(text, "", width)), plain(text))),),
    StatusLine: (status,),
    TabLine: (tab_line,),
    TextPane: (lambda text: Exhibit(TextPane(lambda width: wrapped(text, "$foreground", width, most=20))),),
    ThemePicker: (lambda text: Exhibit(ThemePicker({text: text, "b": text}, "b", lambda _: text)),),
    TooSmall: (lambda _: Exhibit(TooSmall()),),
    Transcript: (transcript,),
    TrayPane: (tray,),
    Welcome: (welcome,),
}
