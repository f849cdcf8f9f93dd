"""What moves in a picture that is there: what is said is kept, and nothing is made up about what can be seen."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agents.motions import moving
from engine.pocket.grammar import canonical_scene, parse, seen_motion_caption, unplaced, words
from engine.pocket.world import sample_clip


@pytest.mark.parametrize(
    ("typed", "motion"),
    [
        ("It rolls to the right", "it rolls to the right"),
        ("spins slowly", "it spins slowly"),
        ("the globe spins", "the ball spins"),
        ("make the boat sail left, the camera zooms in", "the boat moves to the left, the camera zooms in"),
        ("a red ball rolls and a fish jumps", "the red ball rolls and the fish bounces"),
    ],
)
def test_what_is_open_stays_open(typed: str, motion: str) -> None:
    told = moving(typed, 3)
    assert (told.state, told.motion, told.avoid, told.notes) == ("", motion, "", ())


def test_what_is_there_is_told_where_the_text_says_enough() -> None:
    told = moving("a green car in the city drives to the right, no trees", 0)
    assert told.state == "a green car in a city"
    assert (told.motion, told.avoid) == ("the green car moves to the right", "tree")


@pytest.mark.parametrize("typed", ["", "the camera pans left", "a red car"])
def test_where_nothing_is_said_to_move_something_does_and_the_note_says_so(typed: str) -> None:
    told = [moving(typed, seed) for seed in range(12)]
    assert len({each.motion for each in told}) > 1
    assert all("leaves open what moves" in each.notes[-1] for each in told)


@given(st.text(max_size=60), st.integers(0, 99))
@settings(deadline=None, max_examples=50)
def test_only_words_that_the_model_was_taught_come_out(typed: str, seed: int) -> None:
    told = moving(typed, seed)
    assert told.motion
    assert set(re.findall(r"[a-z]+", f"{told.state} {told.motion}")) <= set(words())


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=50)
def test_it_is_said_only_of_what_is_alone(index: int) -> None:
    clip = sample_clip(index, held_out=False)
    told = seen_motion_caption(clip, random.Random(index))
    assert set(re.findall(r"[a-z]+", told)) <= set(words())
    assert len(clip.things) == 1 or not re.search(r"\bit\b", told)


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=50)
def test_a_scene_without_its_places_shows_the_same_things(index: int) -> None:
    scene = canonical_scene(sample_clip(index, held_out=False))
    before, after = parse(scene), parse(unplaced(scene))
    assert [(thing.noun, thing.colour, thing.size) for thing in after.things] == [
        (thing.noun, thing.colour, thing.size) for thing in before.things
    ]
    assert {thing.position for thing in after.things} <= {None}
    assert after.scene == before.scene
