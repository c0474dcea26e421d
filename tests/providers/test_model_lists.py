"""Model lists in every form that servers write, and asked for over real sockets."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hawkmoth_tui.core.errors import AuthFailed, BadResponse, ProviderError, Unreachable
from hawkmoth_tui.core.exchange import ListedModel
from hawkmoth_tui.core.models import Capability
from hawkmoth_tui.providers.model_lists import anthropic_page, openai_page
from hawkmoth_tui.providers.ollama_models import card_of, tags_page
from hawkmoth_tui.providers.server_pages import LLAMACPP_PROPS, LMSTUDIO_MODELS
from hawkmoth_tui.settings.schema import Protocol
from tests.patience import PATIENCE_S
from tests.providers.hearing import KEY, opened, quick
from tests.servers.scripted import Act, Reply, Request, ScriptedServer, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hawkmoth_tui.providers.door import HttpDoor
    from tests.clock import LoopClock

URL = "https://models.example/v1/models"


def models_of(document: object) -> list[ListedModel]:
    return list(openai_page(document, URL).models)


def test_a_plain_list_has_only_names() -> None:
    document = {
        "object": "list",
        "data": [{"id": "a", "object": "model"}, {"id": ""}, {"name": "x"}, None, 5, {"id": 7}],
    }

    assert models_of(document) == [ListedModel("a")]


def test_openrouters_prices_are_per_token_and_exact() -> None:
    entry = {
        "id": "vendor/model:free",
        "context_length": 200_000,
        "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
        "pricing": {
            "prompt": "0.00000015",
            "completion": "0.0000006",
            "input_cache_read": "0.000000075",
            "input_cache_write": "0.0000001875",
        },
        "top_provider": {"max_completion_tokens": 64_000, "context_length": 100_000},
        "supported_parameters": ["tools", "reasoning", "temperature"],
    }

    assert models_of({"data": [entry]}) == [
        ListedModel(
            "vendor/model:free",
            context_tokens=200_000,
            max_output_tokens=64_000,
            input_usd_per_mtok=Decimal("0.15"),
            output_usd_per_mtok=Decimal("0.6"),
            cached_input_usd_per_mtok=Decimal("0.075"),
            cache_write_usd_per_mtok=Decimal("0.1875"),
            capabilities=frozenset({Capability.TOOLS, Capability.VISION, Capability.REASONING}),
        )
    ]


def test_a_price_that_varies_is_unknown_and_one_of_nothing_is_nothing() -> None:
    entries = [
        {"id": "router", "pricing": {"prompt": "-1", "completion": "-1"}},
        {"id": "free", "pricing": {"prompt": "0", "completion": "0"}},
    ]

    router, free = models_of({"data": entries})

    assert (router.input_usd_per_mtok, router.output_usd_per_mtok) == (None, None)
    assert (free.input_usd_per_mtok, free.output_usd_per_mtok) == (Decimal(0), Decimal(0))


def test_togethers_bare_list_is_priced_per_million_and_holds_only_conversation() -> None:
    document = [
        {
            "id": "meta/llama",
            "type": "chat",
            "context_length": 8192,
            "pricing": {"hourly": 0, "input": 0.18, "output": 0.59, "base": 0},
        },
        {"id": "unpriced", "type": "chat", "pricing": {"input": 0, "output": 0}},
        {"id": "painter", "type": "image", "pricing": {"input": 1, "output": 1}},
        {"id": "embedder", "type": "embedding"},
    ]

    assert models_of(document) == [
        ListedModel("meta/llama", 8192, input_usd_per_mtok=Decimal("0.18"), output_usd_per_mtok=Decimal("0.59")),
        ListedModel("unpriced"),
    ]


def test_a_list_that_names_its_unit_is_read_by_it() -> None:
    pricing = {"input": 10, "output": 50, "cache_write": 12.5, "cache_read": 1, "unit": "usd_per_1m_tokens"}

    (model,) = models_of({"data": [{"id": "a", "pricing": pricing}]})

    assert (model.input_usd_per_mtok, model.cached_input_usd_per_mtok) == (Decimal(10), Decimal(1))
    assert model.cache_write_usd_per_mtok == Decimal("12.5")


@pytest.mark.parametrize(
    "fields",
    [{"max_model_len": 4096}, {"meta": {"n_ctx_train": 4096}}, {"context_window": 4096}, {"max_context_length": 4096}],
    ids=["vllm", "llama.cpp", "groq", "mistral"],
)
def test_the_window_is_found_wherever_a_server_puts_it(fields: dict[str, object]) -> None:
    assert models_of({"data": [{"id": "a", **fields}]})[0].context_tokens == 4096


def test_models_for_other_work_are_left_out_where_only_the_name_tells() -> None:
    names = [
        "gpt-4o",
        "text-embedding-3-small",
        "whisper-1",
        "tts-1",
        "dall-e-3",
        "omni-moderation-latest",
        "gpt-image-1",
        "o3",
    ]

    assert [model.id for model in models_of({"data": [{"id": name} for name in names]})] == ["gpt-4o", "o3"]


def test_mistrals_flags_are_capabilities() -> None:
    flags = {"completion_chat": True, "function_calling": True, "vision": True}
    entries = [{"id": "a", "capabilities": flags}, {"id": "b", "capabilities": {"completion_chat": False}}]

    assert models_of({"data": entries}) == [
        ListedModel("a", capabilities=frozenset({Capability.TOOLS, Capability.VISION}))
    ]


def test_anthropics_list_carries_limits_and_capabilities() -> None:
    able = {"thinking": {"supported": True}, "image_input": {"supported": True}, "batch": {"supported": True}}
    entries = [
        {"type": "model", "id": "claude-x", "max_input_tokens": 1_000_000, "max_tokens": 128_000, "capabilities": able},
        {"type": "model", "id": "claude-old"},
    ]

    assert list(anthropic_page({"data": entries}, URL).models) == [
        ListedModel("claude-x", 1_000_000, 128_000, capabilities=frozenset(Capability) - {Capability.WEB}),
        ListedModel("claude-old"),
    ]


def test_ollamas_list_says_which_models_are_answered_elsewhere() -> None:
    document = {
        "models": [
            {"name": "qwen3:8b", "model": "qwen3:8b"},
            {"name": "gpt-oss:cloud", "remote_host": "https://ollama.com"},
        ]
    }

    assert list(tags_page(document).models) == [ListedModel("qwen3:8b"), ListedModel("gpt-oss:cloud", is_remote=True)]


@pytest.mark.parametrize("document", [None, 5, "x", {}, {"data": None}, {"data": {"a": 1}}])
def test_a_list_that_is_none_is_said(document: object) -> None:
    for read in (openai_page, anthropic_page, lambda document, _url: tags_page(document)):
        with pytest.raises(BadResponse):
            read(document, URL)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["id", "pricing", "prompt", "input", "meta", "architecture", "capabilities", "type", "top_provider"]
            ),
            inner,
        )
    ),
    max_leaves=10,
)


@given(st.lists(VALUES, max_size=4))
def test_no_list_at_all_raises_anything_but_a_provider_error(entries: list[object]) -> None:
    for document in (entries, {"data": entries}, {"models": entries}):
        for read in (openai_page, anthropic_page, lambda document, _url: tags_page(document)):
            try:
                read(document, URL)
            except ProviderError:
                continue


async def test_a_list_is_asked_for_with_the_key(door: HttpDoor) -> None:
    async with ScriptedServer(whole({"data": [{"id": "a"}]})) as server:
        listed = await opened(door, server.url + "/v1/").list_models()

    assert listed == (ListedModel("a"),)
    assert (server.requests[0].method, server.requests[0].target) == ("GET", "/v1/models")
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_an_open_list_tells_nothing_about_the_key_so_its_own_page_is_asked_first(door: HttpDoor) -> None:
    def answer(request: Request) -> Reply:
        if request.target == "/api/v1/models":
            return whole({"data": [{"id": "a"}]})
        is_known = request.headers.get("authorization") == f"Bearer {KEY}"
        return whole(
            {"data": {"label": "a key"}} if is_known else {"error": {"message": "no"}}, 200 if is_known else 401
        )

    async with ScriptedServer(answer=answer) as server:
        url = f"{server.url}/api/v1"
        listed = await opened(door, url, profile="openrouter").list_models()
        with pytest.raises(AuthFailed):
            await opened(door, url, profile="openrouter", key="another-key-0123").list_models()
        unasked = await opened(door, url, profile="openrouter", key=None).list_models()

    assert listed == unasked == (ListedModel("a"),)
    targets = [request.target.removeprefix("/api/v1") for request in server.requests]
    assert targets == ["/key", "/models", "/key", "/models"]


async def test_a_server_without_a_list_still_tells_whether_it_knows_the_key(door: HttpDoor) -> None:
    async with ScriptedServer(whole({"requests": []}), whole({"detail": "no"}, 401)) as server:
        assert await opened(door, server.url, profile="perplexity").list_models() == ()
        with pytest.raises(AuthFailed):
            await opened(door, server.url, profile="perplexity").list_models()

    assert {request.target for request in server.requests} == {"/async/chat/completions"}


async def test_all_pages_are_read_and_names_counted_once(door: HttpDoor) -> None:
    def page(request: Request) -> Reply:
        if "after_id=b" in request.target:
            return whole({"data": [{"id": "b"}, {"id": "c"}], "has_more": False, "last_id": "c"})
        return whole({"data": [{"id": "a"}, {"id": "b"}], "has_more": True, "last_id": "b"})

    async with ScriptedServer(answer=page) as server:
        listed = await opened(door, server.url, Protocol.ANTHROPIC_MESSAGES).list_models()

    assert [model.id for model in listed] == ["a", "b", "c"]
    assert server.requests[1].target == "/v1/models?limit=1000&after_id=b"


async def test_pages_without_an_end_end(door: HttpDoor) -> None:
    async with ScriptedServer(whole({"data": [{"id": "a"}], "has_more": True, "last_id": "a"})) as server:
        listed = await opened(door, server.url, Protocol.ANTHROPIC_MESSAGES).list_models()

        assert len(server.requests) == 20
    assert [model.id for model in listed] == ["a"]


async def test_a_next_page_on_another_server_is_not_asked_for(door: HttpDoor) -> None:
    async with ScriptedServer(whole({"data": []})) as other:
        document = {"data": [{"id": "a"}], "links": {"next": f"{other.url}/v1/models?page=2"}}
        async with ScriptedServer(whole(document)) as server:
            assert await opened(door, server.url).list_models() == (ListedModel("a"),)

        assert other.connections == 0


CARDS: dict[str, dict[str, object]] = {
    "qwen3:8b": {
        "model_info": {"general.architecture": "qwen3", "qwen3.context_length": 40_960, "clip.context_length": 77},
        "capabilities": ["completion", "tools", "thinking"],
    },
    "llava": {"model_info": {"llama.context_length": 4_096}, "capabilities": ["completion", "vision"]},
    "nomic-embed-text": {"capabilities": ["embedding"]},
    "renamed": {
        "remote_model": "gpt-oss:120b",
        "remote_host": "https://ollama.com:443",
        "capabilities": ["completion"],
    },
}


def ollama(request: Request) -> Reply:
    """An Ollama server with the models of `CARDS`, and one whose card it cannot find."""
    if request.target == "/api/tags":
        return whole({"models": [{"name": name} for name in (*CARDS, "broken")]})
    card = CARDS.get(str(request.document["model"]))
    return whole(card) if card else whole({"error": "model not found"}, 404)


async def test_ollamas_models_are_listed_with_their_cards(door: HttpDoor) -> None:
    async with ScriptedServer(answer=ollama) as server:
        listed = await opened(door, server.url, Protocol.OLLAMA, key=None).list_models()

    assert listed == (
        ListedModel("qwen3:8b", 40_960, capabilities=frozenset({Capability.TOOLS, Capability.REASONING})),
        ListedModel("llava", 4_096, capabilities=frozenset({Capability.VISION})),
        ListedModel("renamed", is_remote=True),
        ListedModel("broken"),
    )
    assert [request.target for request in server.requests] == ["/api/tags", *["/api/show"] * 5]


async def all_questions(server: ScriptedServer) -> None:
    """Returns when every card was asked for, and the loop had turns enough to read those that came."""
    async with asyncio.timeout(PATIENCE_S):
        while len(server.requests) < 2 + len(CARDS):  # noqa: ASYNC110  # the server counts
            await asyncio.sleep(0)
    for _ in range(1000):
        await asyncio.sleep(0)


async def test_cards_that_do_not_come_in_time_cost_only_what_they_say(door: HttpDoor, clock: LoopClock) -> None:

    def slow(request: Request) -> Reply:
        is_slow = request.method == "POST" and request.document["model"] == "llava"
        return Reply(before_head=(Act.STALL,)) if is_slow else ollama(request)

    async with ScriptedServer(answer=slow) as server:
        listing = asyncio.create_task(opened(door, server.url, Protocol.OLLAMA, key=None).list_models())
        await all_questions(server)
        clock.jump()
        listed = await listing

    assert {model.id: model.context_tokens for model in listed} == {
        "qwen3:8b": 40_960,
        "llava": None,
        "renamed": None,
        "broken": None,
    }


async def test_of_thousands_of_models_a_few_hundred_cards_are_read_and_eight_at_once(door: HttpDoor) -> None:
    def many(request: Request) -> Reply:
        if request.target == "/api/tags":
            return whole({"models": [{"name": f"m{at}"} for at in range(500)]})
        return whole({"model_info": {"x.context_length": 5}})

    async with ScriptedServer(answer=many) as server:
        listed = await opened(door, server.url, Protocol.OLLAMA, key=None).list_models()

        assert server.connections <= 9
        assert len(server.requests) <= 201
    assert len(listed) == 500


async def test_llamacpp_tells_the_window_it_was_started_with(door: HttpDoor) -> None:
    def llamacpp(request: Request) -> Reply:
        if request.target == "/props":
            return whole({"default_generation_settings": {"n_ctx": 8_192}, "modalities": {"vision": True}})
        return whole({"data": [{"id": "m.gguf", "meta": {"n_ctx_train": 131_072}}]})

    async with ScriptedServer(answer=llamacpp) as server:
        listed = await opened(door, f"{server.url}/v1", profile="llamacpp").list_models()

    assert listed == (ListedModel("m.gguf", 8_192, capabilities=frozenset({Capability.VISION})),)


async def test_lmstudio_tells_kinds_windows_and_abilities(door: HttpDoor) -> None:
    own = [
        {"id": "a", "type": "llm", "max_context_length": 131_072, "loaded_context_length": 4_096},
        {"id": "b", "type": "vlm", "max_context_length": 32_768, "capabilities": ["tool_use"]},
        {"id": "nomic", "type": "embeddings"},
    ]

    def lmstudio(request: Request) -> Reply:
        if request.target == "/api/v0/models":
            return whole({"data": own})
        return whole({"data": [{"id": "a"}, {"id": "b"}, {"id": "nomic"}, {"id": "new"}]})

    async with ScriptedServer(answer=lmstudio) as server:
        listed = await opened(door, f"{server.url}/v1", profile="lmstudio").list_models()

    assert listed == (
        ListedModel("a", 4_096),
        ListedModel("b", 32_768, capabilities=frozenset({Capability.TOOLS, Capability.VISION})),
        ListedModel("new"),
    )


@pytest.mark.parametrize("document", [None, 5, [], {"data": 5}, {"model_info": [1]}, {"capabilities": "x"}])
def test_a_page_of_nonsense_teaches_nothing(document: object) -> None:
    model = ListedModel("m", 4_096, capabilities=frozenset({Capability.TOOLS}))

    for learn in (card_of, LLAMACPP_PROPS.learn, LMSTUDIO_MODELS.learn):
        assert learn(document)(model) == model


def test_a_page_about_many_models_is_read_once() -> None:
    class Counted(list[object]):
        reads = 0

        def __iter__(self) -> Iterator[object]:
            self.reads += 1
            return super().__iter__()

    entries = Counted({"id": str(number), "max_context_length": number + 1} for number in range(50))

    lesson = LMSTUDIO_MODELS.learn({"data": entries})
    told = [lesson(ListedModel(str(number))) for number in range(50)]

    assert [model.context_tokens for model in told if model] == list(range(1, 51))
    assert entries.reads == 1


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (whole({"error": "who?"}, 401), AuthFailed),
        (Reply((b"<html><title>Login</title>",)), BadResponse),
        (Reply((b"not json",)), BadResponse),
        (Reply((b"[" * 100_000,)), BadResponse),
        (Reply((b"[", *([b'{"id":"x"},' * 10_000] * 200))), BadResponse),
        (Reply(status=302, headers={"location": "http://elsewhere.invalid/"}), BadResponse),
        (Reply(before_head=(Act.STALL,)), Unreachable),
    ],
    ids=["401", "a page", "no json", "too deep", "too large", "a redirect", "silence"],
)
async def test_a_list_that_cannot_be_had_is_one_clear_error(
    reply: Reply, kind: type[ProviderError], door: HttpDoor
) -> None:
    async with ScriptedServer(reply) as server:
        with pytest.raises(kind) as caught:
            await opened(
                door, server.url, timeouts=quick(first_byte_s=0.3 if kind is Unreachable else 60)
            ).list_models()

    assert caught.value.provider == "lab"


def test_a_hundred_thousand_models_are_cut_to_what_can_be_looked_at() -> None:
    document = json.loads(json.dumps({"data": [{"id": f"model-{at}"} for at in range(100_000)]}))

    assert len(models_of(document)) == 5000
