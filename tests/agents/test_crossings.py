"""How one video becomes another: what the person says of either is kept, and nothing is made up."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agents.crossings import crossing
from engine.pocket.grammar import join_caption, words
from engine.pocket.transitions import sample_transition


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("a red ball in a meadow; then a blue car in a city", "a red ball in a meadow; then a blue car in a city"),
        ("the ball shrinks away as the car comes", "a ball; then a car"),
        ("The ball rolls out of the meadow and onto the beach", "a ball in a meadow; then a ball at sea"),
        ("a ball becomes an orange rocket in space", "a ball; then an orange rocket in space"),
        ("the ball jumps next to a car, then a star falls to the left", "a ball and a car; then a star"),
    ],
)
def test_what_is_said_of_either_video_is_kept(typed: str, told: str) -> None:
    assert crossing(typed) == (f"{told}, with a soft dissolve", ())


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        ("One melts softly into the other", "with a soft dissolve"),
        ("The second wipes the first away to the right", "with a soft wipe to the right"),
        ("it slides to the left", "with a soft wipe to the left"),
        ("wiped from right to left", "with a soft wipe to the left"),
        ("", "with a soft dissolve"),
    ],
)
def test_a_way_alone_is_told_and_asks_for_more(typed: str, way: str) -> None:
    text, notes = crossing(typed)
    assert text == way
    assert [note for note in notes if "has not seen the videos" in note]


def test_what_the_world_lacks_is_replaced_and_said() -> None:
    text, notes = crossing("a dragon turns into a green castle")
    assert text == "a bird; then a green house, with a soft dissolve"
    assert len(notes) == 2


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=50)
def test_the_plain_wording_of_any_transition_stays_as_it_is(index: int) -> None:
    join = sample_transition(index, False)
    if join.first.things and join.second.things:
        plain = join_caption((join.first, join.second), join.way, random.Random(0), plain=True)
        assert crossing(plain) == (plain, ())


@given(st.text(max_size=60))
@settings(deadline=None, max_examples=50)
def test_only_words_that_the_model_was_taught_come_out(typed: str) -> None:
    assert set(re.findall(r"[a-z]+", crossing(typed)[0])) <= set(words())
