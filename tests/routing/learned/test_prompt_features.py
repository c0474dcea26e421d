"""What the learned router sees of a prompt."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from hawkmoth_tui.routing.prompt_features import BUCKETS, SHAPES, read
from hawkmoth_tui.routing.tasks import HEAD_CHARS, TAIL_CHARS

ANY_TEXT = st.text(st.characters(), max_size=400)


@given(ANY_TEXT)
def test_every_text_gives_whole_numbers_in_their_bounds(text: str) -> None:
    reading = read(text)

    assert all(0 <= bucket < BUCKETS for bucket in reading.buckets)
    assert len(reading.shape) == len(SHAPES)
    assert all(0 <= number <= 255 for number in reading.shape)


@given(ANY_TEXT)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read(text) == read(text)


@settings(max_examples=25)
@given(st.text("abc \n", min_size=2_500, max_size=4_000), st.text("xyz", max_size=50))
def test_what_stands_in_the_middle_of_a_long_prompt_changes_no_piece(text: str, inserted: str) -> None:
    text = "a" + text[1:-1] + "b"
    longer = text[:HEAD_CHARS] + inserted + text[HEAD_CHARS:]

    assert len(text) > HEAD_CHARS + TAIL_CHARS
    assert read(longer).buckets == read(text).buckets


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta"]), min_size=1, max_size=6))
def test_the_order_of_lines_moves_only_pairs_of_words(words: list[str]) -> None:
    single = frozenset[int]().union(*(read(word).buckets for word in words))

    assert single <= read(" ".join(words)).buckets
    assert single <= read(" ".join(reversed(words))).buckets


@given(st.text("abcXYZ ,.?", max_size=200))
def test_letter_case_and_outer_blanks_are_not_seen(text: str) -> None:
    assert read(f"  {text.upper()}\n") == read(text.lower())


def test_a_word_without_end_is_read_in_pieces() -> None:
    assert len(read("x" * 100_000).buckets) < 100


def test_another_process_reads_the_same() -> None:
    code = "from hawkmoth_tui.routing.prompt_features import read; print(sorted(read('Why is the sky blue? 12')[0]))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(sorted(read("Why is the sky blue? 12").buckets))
