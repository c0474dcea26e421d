"""What a slash command wants done: values that a front end applies, free of any screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from hawkmoth_tui.core.models import ModelRef
    from hawkmoth_tui.core.tree import Moved
    from hawkmoth_tui.engine.attachments import Attached
    from hawkmoth_tui.engine.options import TurnOptions
    from hawkmoth_tui.engine.templates import Template


class View(StrEnum):
    """Places of the screen that a command can open."""

    HELP = "help"
    MODELS = "models"
    SESSIONS = "sessions"
    ROUTE = "route"
    COST = "cost"
    THEMES = "themes"
    PALETTE = "palette"


@dataclass(frozen=True, slots=True)
class Say:
    """Tell the user one thing."""

    message: str
    is_problem: bool = False


@dataclass(frozen=True, slots=True)
class Show:
    """Open a place."""

    view: View


@dataclass(frozen=True, slots=True)
class Send:
    """Start a turn in the current session."""

    text: str
    options: TurnOptions


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Make this session the current one; None starts a new one with the next prompt."""

    session_id: str | None
    message: str = ""


@dataclass(frozen=True, slots=True)
class CloseSession:
    """The current session is gone: show another open one, else a new one, and say so."""

    message: str


@dataclass(frozen=True, slots=True)
class Refresh:
    """Something about a session changed: make it the current one, read it again and say so."""

    session_id: str
    message: str
    is_model_chosen: bool = False
    """Whether a model was chosen, or the router: what was set for the next turn alone gives way to it."""


@dataclass(frozen=True, slots=True)
class UseOnce:
    """The next turn of the current session goes to this model, whatever is pinned; None takes that back."""

    model: ModelRef | None
    message: str


@dataclass(frozen=True, slots=True)
class FillTemplate:
    """Ask for the variables of a text, one after the other, and use it."""

    template: Template


@dataclass(frozen=True, slots=True)
class ShowPage:
    """Show a page of text over the conversation."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class AskBrief:
    """Have a model make the brief of a session, while the user goes on; make it here when none may or can."""

    session_id: str


@dataclass(frozen=True, slots=True)
class ShowSibling:
    """Show another version of the turn that is marked, else of the last one that has several."""

    steps: int
    """-1: the one before; 1: the next one."""


@dataclass(frozen=True, slots=True)
class ShowMoved:
    """The head of the current session has moved: show the branch that ends there."""

    moved: Moved
    message: str


class TabStep(StrEnum):
    """What can be done with the open sessions."""

    NEXT = "next"
    PREVIOUS = "previous"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class GoTab:
    """Show another open session, or close the one on the screen; it stays saved and goes on answering."""

    step: TabStep


@dataclass(frozen=True, slots=True)
class Compose:
    """Put text into the composer."""

    text: str


@dataclass(frozen=True, slots=True)
class Attach:
    """Put a file beside the prompt being written."""

    path: str


@dataclass(frozen=True, slots=True)
class OpenEditor:
    """Write the prompt in the user's own editor."""


@dataclass(frozen=True, slots=True)
class SearchHistory:
    """Choose among earlier prompts."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put a turn's prompt into the composer, what was attached beside it; sending it makes a sibling of that turn."""

    turn_id: str
    text: str
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True)
class AskKey:
    """Ask for a provider's key, for this run; an empty name asks which provider."""

    provider: str


@dataclass(frozen=True, slots=True)
class AskPassphrase:
    """Ask for the passphrase of the encrypted key file, and open it for this run."""


@dataclass(frozen=True, slots=True)
class OpenDemo:
    """Go over to the demo."""


@dataclass(frozen=True, slots=True)
class StopTurn:
    """Stop the answer of the current session."""


@dataclass(frozen=True, slots=True)
class UseTheme:
    """Switch the theme for this run."""

    name: str


@dataclass(frozen=True, slots=True)
class Copy:
    """Put text where the user can paste it from."""

    text: str
    what: str
    """What it is, for the user: answer, code."""


@dataclass(frozen=True, slots=True)
class Find:
    """Find words in the conversation; no words: ask for them."""

    words: str


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave, asking when an answer is streaming."""


SessionEffect: TypeAlias = OpenSession | CloseSession | GoTab | Refresh | UseOnce | ShowSibling | ShowMoved
"""Which session and which branch of it is on the screen, and what holds there."""

WritingEffect: TypeAlias = Compose | FillTemplate | Attach | Edit | OpenEditor | SearchHistory
"""What is being written."""

AnswerEffect: TypeAlias = Say | ShowPage | Copy | Find | UseTheme
"""What there is to see or to take away."""

AskingEffect: TypeAlias = AskBrief | AskKey | AskPassphrase
"""What the user has to say first."""

LeavingEffect: TypeAlias = OpenDemo | Quit

Effect: TypeAlias = Show | Send | StopTurn | SessionEffect | WritingEffect | AnswerEffect | AskingEffect | LeavingEffect
