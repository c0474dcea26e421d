"""The tree: whatever is edited, asked again, moved and undone, every turn that was made can be shown again."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from hawkmoth_tui.core.tree import neighbour, parting, standings, tip_below

STEPS = st.lists(
    st.tuples(st.sampled_from(["send", "again", "move", "undo"]), st.integers(0, 9), st.sampled_from([-1, 1])),
    max_size=40,
)


class Tree:
    """A tree as a store keeps it, in dictionaries."""

    def __init__(self) -> None:
        self.parents: dict[str, str | None] = {}
        self.tips: dict[str, str | None] = {}
        self.head: str | None = None
        self.before: str | None = None
        """The head that undoing brings back."""

    def above(self, turn_id: str) -> tuple[int, str | None]:
        return list(self.parents).index(turn_id), self.parents[turn_id]

    def family(self, parent: str | None) -> list[str]:
        return [turn_id for turn_id, above in self.parents.items() if above == parent]

    def branch(self) -> list[str]:
        turns: list[str] = []
        here = self.head
        while here is not None:
            turns.insert(0, here)
            here = self.parents[here]
        return turns

    def go(self, head: str) -> None:
        left, _ = parting(self.head, head, self.above)
        if left is not None:
            self.tips[left] = self.head
        self.before, self.head = self.head, head

    def send(self, parent: str | None) -> None:
        turn_id = f"t{len(self.parents)}"
        self.parents[turn_id] = parent
        self.go(turn_id)

    def move(self, turn_id: str, step: int) -> None:
        other = neighbour(self.family(self.parents[turn_id]), turn_id, step)
        self.go(tip_below(other, self.family, self.tips.get))

    def do(self, what: str, place: int, step: int) -> None:
        branch = self.branch()
        chosen = branch[place % len(branch)] if branch else None
        if what == "send" or chosen is None:
            self.send(self.head)
            self.before = None
        elif what == "again":
            self.send(self.parents[chosen])
        elif what == "move":
            self.move(chosen, step)
        elif self.before is not None:
            self.go(self.before)


@given(STEPS)
def test_no_sequence_of_steps_loses_a_turn(steps: list[tuple[str, int, int]]) -> None:
    tree = Tree()

    for what, place, step in steps:
        tree.do(what, place, step)

    for wanted in list(tree.parents):
        show(tree, wanted)
        assert wanted in tree.branch()


@given(STEPS)
def test_the_head_always_ends_its_branch(steps: list[tuple[str, int, int]]) -> None:
    tree = Tree()

    for what, place, step in steps:
        tree.do(what, place, step)

        assert tree.head is None or not tree.family(tree.head)


@given(STEPS, st.integers(0, 9))
def test_going_to_a_sibling_and_back_shows_what_was_there(steps: list[tuple[str, int, int]], place: int) -> None:
    tree = Tree()
    for what, at, step in steps:
        tree.do(what, at, step)
    before = tree.branch()
    several = [at for at, turn_id in enumerate(before) if len(tree.family(tree.parents[turn_id])) > 1]
    assume(several)
    position = several[place % len(several)]

    tree.move(before[position], 1)
    tree.move(tree.branch()[position], -1)

    assert tree.branch() == before


def test_a_standing_is_told_only_where_there_are_siblings() -> None:
    told = standings([["a"], ["b", "c", "d"]])

    assert {turn_id: str(standing) for turn_id, standing in told.items()} == {"b": "1/3", "c": "2/3", "d": "3/3"}


def test_branches_part_after_their_last_common_turn() -> None:
    parents = {"a": None, "b": "a", "c": "b", "d": "b", "e": "d"}
    order = list(parents)

    def above(turn_id: str) -> tuple[int, str | None]:
        return order.index(turn_id), parents[turn_id]

    assert parting("c", "e", above) == ("c", "d")
    assert parting("e", "b", above) == ("d", None)
    assert parting("e", None, above) == ("a", None)
    assert parting("e", "e", above) == (None, None)


def show(tree: Tree, wanted: str) -> None:
    """Move only among siblings, from the root down, until the turn is on the branch."""
    path = [wanted]
    while (parent := tree.parents[path[0]]) is not None:
        path.insert(0, parent)
    for depth, turn_id in enumerate(path):
        if len(tree.branch()) <= depth:
            tree.go(tip_below(turn_id, tree.family, tree.tips.get))
        while tree.branch()[depth] != turn_id:
            tree.move(tree.branch()[depth], 1)
