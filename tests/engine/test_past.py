"""How much of a session is read from the store to know what was said."""

from __future__ import annotations

from hawkmoth_tui.core.messages import assistant, user
from hawkmoth_tui.core.turn import Turn, TurnKind, TurnState
from hawkmoth_tui.engine.past import Past


def chain(count: int, *, is_last_live: bool) -> dict[str, Turn]:
    turns = [
        Turn(
            f"t{n}",
            "s1",
            f"t{n - 1}" if n else None,
            TurnKind.PROMPT,
            user(f"question {n}"),
            n,
            TurnState.STREAMING if is_last_live and n == count - 1 else TurnState.DONE,
            assistant(f"answer {n}").parts,
        )
        for n in range(count)
    ]
    return {turn.id: turn for turn in turns}


def test_a_live_turn_is_read_again_without_the_turns_before_it() -> None:
    stored, read = chain(150, is_last_live=True), list[int]()

    def ancestors(turn_id: str, limit: int) -> list[Turn]:
        place = int(turn_id[1:])
        page = [stored[f"t{n}"] for n in range(place, max(-1, place - limit), -1)]
        read.append(len(page))
        return page

    past = Past(ancestors)
    assert [turn.id for turn in past.branch("t149")] == [f"t{n}" for n in range(149, -1, -1)]
    assert len(read) <= 4
    read.clear()

    assert len(list(past.branch("t149"))) == 150
    assert read == [2]
