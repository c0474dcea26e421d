"""Every setting, with its default and its meaning. One field with its docstring is all a new setting needs.

The file, `HAWKMOTH_<SECTION>__<FIELD>` and the text of `hawkmoth config` derive from these classes: the type of a field says what it
accepts (`settings.kinds`). They are frozen: a change replaces the whole `Settings`. Reading and checking them is `settings.load`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from hawkmoth_tui.settings.section import Section

if TYPE_CHECKING:
    from hawkmoth_tui.settings.kinds import (
        DOTTED,
        INLINED,
        NOT_IN_FILE,
        Ability,
        AutoOrModel,
        BaseUrl,
        Days,
        Effort,
        Fraction,
        HeaderTable,
        KeySource,
        ModelName,
        Money,
        OffAutoOrModel,
        ProxyUrl,
        RetryCount,
        Seconds,
        SecondsOrZero,
        Stay,
        Temperature,
        Tokens,
        Word,
        unique_ids,
    )


class Protocol(StrEnum):
    """The wire formats a provider can speak."""

    OPENAI_CHAT = "openai-chat"
    OPENAI_RESPONSES = "openai-responses"
    ANTHROPIC_MESSAGES = "anthropic-messages"
    OLLAMA = "ollama"
    GEMINI = "gemini"
    COHERE = "cohere"
    LOCAL = "local"
    """No wire at all: Hawkmoth's own answers to what needs no model."""
    DEMO = "demo"


class PolicyName(StrEnum):
    """The named routing policies."""

    CHEAPEST = "cheapest"
    BALANCED = "balanced"
    BEST = "best"
    FAST = "fast"
    PRIVATE = "private"


class Escalate(StrEnum):
    """What happens when an answer shows that it is not good enough."""

    AUTO = "auto"
    OFFER = "offer"
    OFF = "off"


class Profile(StrEnum):
    """How the screen is driven."""

    AUTO = "auto"
    FULL = "full"
    SSH = "ssh"
    PLAIN = "plain"


class ModelSettings(Section):
    """One model that the user names: `[[providers.NAME.models]]`."""

    id: Word
    """As the provider names it."""
    lane: Word = "standard"
    """Group of models by purpose; "local" declares the price 0 unless prices are given."""
    context_tokens: Tokens | None = None
    """Window in tokens, input and output together. Left out: unknown."""
    max_output_tokens: Tokens | None = None
    """Most it writes in one answer. Left out: unknown."""
    input_usd_per_mtok: Money | None = None
    """USD per million input tokens. Left out: unknown, which is not zero."""
    output_usd_per_mtok: Money | None = None
    """USD per million output tokens."""
    cached_input_usd_per_mtok: Money | None = None
    """USD per million input tokens read from the provider's cache. Left out: the input price."""
    cache_write_usd_per_mtok: Money | None = None
    """USD per million input tokens written to the provider's cache. Left out: the input price."""
    capabilities: tuple[Ability, ...] = ()
    """Any of "tools", "vision", "reasoning", "web"."""
    quality: Fraction | None = None
    """0..1 over ordinary work. Left out: from the catalogue or the user's own record."""


class Timeouts(Section):
    """Deadlines in seconds."""

    connect_s: Seconds = 5.0
    """Until a connection stands."""
    first_byte_s: Seconds = 120.0
    """From the request to the first byte of the answer."""
    idle_s: Seconds = 120.0
    """Between content events; comments and pings do not count."""
    total_s: Seconds = 1800.0
    """One turn with all its attempts."""


class ProviderSettings(Section):
    """A server to speak to: `[providers.NAME]`."""

    name: Annotated[str, NOT_IN_FILE]
    """The table's name; the part of a model's name before the first slash."""
    protocol: Protocol
    """The wire format."""
    base_url: BaseUrl
    """As its vendor writes it; adapters append their path and never double /v1."""
    api_key: KeySource | None = None
    """env:NAME, command:CMD, keyring, or none. Left out: the key chain, and only to the vendor's own host."""
    profile: Word | None = None
    """The vendor's quirks (together, openrouter, …). Left out: guessed from the host, else generic."""
    ca_file: str | None = None
    """A PEM file of certificates trusted for this provider. Left out: the system's."""
    proxy: ProxyUrl | None = None
    """Proxy URL for this provider. Left out: HTTPS_PROXY and NO_PROXY."""
    headers: HeaderTable = field(default_factory=dict, repr=False)
    """Extra request headers; they may hold keys, so no repr shows them."""
    keep_alive: Stay | None = None
    """How long Ollama keeps a model in memory after an answer: 30m, 0 (not at all), -1 (for ever). Left out: the server's own."""
    timeouts: Annotated[Timeouts, INLINED] = field(default_factory=Timeouts)
    """[timeouts] with this provider's own values over it."""
    models: Annotated[tuple[ModelSettings, ...], unique_ids] = ()
    """Models that the user describes; more may come from the catalogue and from the server."""
    is_builtin: Annotated[bool, NOT_IN_FILE] = False
    """True for an entry that ships with Hawkmoth."""


class Preference(Section):
    """For this kind of task, this model."""

    task: Word
    """Task type as the routing pane shows it, such as coding."""
    model: ModelName
    """provider/model-id."""


class RoutingSettings(Section):
    """[routing]"""

    default: AutoOrModel = "auto"
    """auto, or a model to pin."""
    policy: PolicyName = PolicyName.BALANCED
    """cheapest, balanced, best, fast or private."""
    baseline: ModelName | None = None
    """The model that savings are measured against. Left out: the dearest usable model of known price."""
    allow: tuple[Word, ...] = ("*",)
    """Models that may be chosen, as provider/model-id with * and ?."""
    deny: tuple[Word, ...] = ()
    """Models that are never chosen; wins over allow."""
    approve_above_usd: Money | None = None
    """A switch or an escalation dearer than this asks first. Left out: never asks."""
    escalate: Escalate = Escalate.AUTO
    """auto: a refusal, no access, broken JSON or code goes to a better model at once when that is cheap, and is offered it otherwise.
    offer: it is only offered. off: answers are not looked at."""
    prefer: tuple[Preference, ...] = ()
    """Models preferred for kinds of task."""
    judge: OffAutoOrModel = "off"
    """off, auto, or the model that judges unclear cases."""
    slots: tuple[ModelName, ...] = ()
    """Models on Alt+1, Alt+2, …"""


class GenerationSettings(Section):
    """[generation]; per session with /set and /system."""

    system: str = ""
    """The system prompt; empty sends none."""
    temperature: Temperature | None = None
    """0..2. Left out: the provider's default."""
    max_output_tokens: Tokens | None = None
    """Most tokens per answer. Left out: the model's own limit."""
    reasoning_effort: Effort | None = None
    """minimal, low, medium or high. Left out: the provider's default."""


class RetrySettings(Section):
    """[retries]"""

    max: RetryCount = 2
    """Per provider and turn, before the first token only; 0 = never."""


class SessionSettings(Section):
    """[session]"""

    finish_after_hangup_s: SecondsOrZero = 120.0
    """How long an answer in flight may finish after the terminal is lost; 0 = stop at once."""
    keep_deleted_days: Days = 30
    """How long a deleted session can be undeleted; then it is purged, for good."""
    retain_days: Days = 0
    """Sessions that were not used for so many days are deleted by themselves; 0 = never."""
    offer_brief: bool = True
    """Whether the brief of a session is offered as context when the session is opened again."""


class SecretSettings(Section):
    """[secrets]"""

    passphrase_file: Word | None = None
    """A file, for your eyes alone, whose first line opens the encrypted key file. Left out: it is unlocked by hand."""


class Allotment(Section):
    """What one provider, or one lane, may cost: `[budget.providers.NAME]`, `[budget.lanes.NAME]`."""

    day_usd: Money | None = None
    """Most per day, in the local time zone."""
    month_usd: Money | None = None
    """Most per calendar month, in the local time zone."""


class BudgetSettings(Section):
    """[budget]; no limit unless set."""

    turn_usd: Money | None = None
    """Most that one turn may cost."""
    session_usd: Money | None = None
    """Most that one session may cost."""
    day_usd: Money | None = None
    """Most per day, in the local time zone."""
    month_usd: Money | None = None
    """Most per calendar month, in the local time zone."""
    warn_at: Fraction = Decimal("0.8")
    """Fraction of a limit at which a warning is shown."""
    providers: Mapping[str, Allotment] = field(default_factory=dict)
    """Limits of single providers, by name, beside those above."""
    lanes: Mapping[str, Allotment] = field(default_factory=dict)
    """Limits of single lanes, by name, beside those above."""


class UiSettings(Section):
    """[ui]"""

    theme: Word = "auto"
    """auto, or the name of a theme: shipped ones and TOML files in the themes folder. auto is hawkmoth on a dark terminal, paper on a light
    one, as the terminal itself or COLORFGBG says, and ansi where there are only sixteen colours."""
    profile: Profile = Profile.AUTO
    """auto, full, ssh or plain."""


class Settings(Section):
    """Everything the user chose."""

    providers: Mapping[str, ProviderSettings] = field(default_factory=dict)
    """By name; built-in ones included."""
    routing: RoutingSettings = field(default_factory=RoutingSettings)
    generation: GenerationSettings = field(default_factory=GenerationSettings)
    timeouts: Timeouts = field(default_factory=Timeouts)
    retries: RetrySettings = field(default_factory=RetrySettings)
    session: SessionSettings = field(default_factory=SessionSettings)
    budget: BudgetSettings = field(default_factory=BudgetSettings)
    ui: UiSettings = field(default_factory=UiSettings)
    secrets: SecretSettings = field(default_factory=SecretSettings)
    keys: Annotated[Mapping[str, str], DOTTED] = field(default_factory=dict)
    """Binding id to keys, as in "model.pick" = "f2"."""
