"""Three prompts from one: what to find in the picture, what it shows, and what it shows in the end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.agents.offline_writer import write
from engine.agents.prompt_forms import Form
from engine.pocket.grammar import parse
from engine.prompts import Prompt

WORLDGPT = Form("worldgpt")


def written(prompt: str, seed: int = 0) -> Prompt:
    return write(prompt, seed, WORLDGPT)


def test_its_fields() -> None:
    assert tuple(written("a ball").fields) == ("keywords", "state", "end", "motion", "avoid")


def test_the_keywords_are_the_things_with_the_colours_that_were_said() -> None:
    assert written("a crimson sphere and a car in the snow, no stars").fields["keywords"] == "red ball, car"
    assert written("a crimson sphere, no stars").fields["avoid"] == "star"


@pytest.mark.parametrize(
    ("prompt", "state", "end"),
    [
        ("a small red ball on the left moves to the right quickly", "on the left", "on the right"),
        ("a small red rocket at the bottom moves up quickly", "at the bottom", "at the top"),
        ("a small red star at the top falls quickly", "at the top", "at the bottom"),
        ("a small red heart in the middle grows", "a small red heart", "a large red heart"),
        ("a large red heart in the middle shrinks", "a large red heart", "a small red heart"),
    ],
)
def test_the_end_is_where_the_motion_leads(prompt: str, state: str, end: str) -> None:
    fields = written(f"{prompt} in a meadow").fields
    assert state in fields["state"]
    assert end in fields["end"]
    assert fields["end"].endswith("in a meadow")
    assert not parse(fields["end"]).unknown


@pytest.mark.parametrize(
    ("prompt", "keywords", "end", "motion"),
    [
        ("The red ball turns blue", "red ball", "a blue ball", "the red ball stays still"),
        ("the ball becomes green", "ball", "a green ball", "the ball stays still"),
        ("turn the car into a boat", "car", "a boat", "the car stays still"),
        ("make the house bigger", "house", "a large house", "the house stays still"),
        ("remove the star", "star", "nothing", "the star stays still"),
        ("it gets dark", "", "everything at night", "nothing moves"),
        ("the ball rolls to the right and turns blue", "ball", "a blue ball", "the ball rolls to the right"),
        ("the ball grows", "ball", "a large ball", "the ball grows"),
        ("it rises", "everything", "it rises", "it moves up"),
    ],
)
def test_it_says_what_becomes_of_the_picture_and_makes_nothing_up(
    prompt: str, keywords: str, end: str, motion: str
) -> None:
    fields = written(prompt).fields
    assert (fields["keywords"], fields["state"], fields["end"], fields["motion"]) == (keywords, "", end, motion)


@given(
    st.sampled_from(["ball", "car", "tree"]), st.sampled_from(["moves left", "rises", "turns red"]), st.integers(0, 99)
)
def test_what_the_prompt_leaves_open_stays_open(noun: str, what: str, seed: int) -> None:
    fields = written(f"the {noun} {what}", seed).fields
    for name in ("state", "end"):
        found = parse(fields[name])
        assert {thing.colour for thing in found.things} <= {"red" if what == "turns red" else None}
        assert all(thing.size is None and thing.position is None for thing in found.things)
        assert found.scene is None
    assert "camera" not in fields["motion"]


def test_a_place_that_depends_on_an_unsaid_speed_is_left_open_and_asked_for() -> None:
    told = written("a red ball on the left moves to the right in a meadow")
    assert told.fields["end"] == "a red ball in a meadow"
    assert any("where it ends" in note for note in told.notes)


def test_two_things_that_are_named_together_are_not_an_order() -> None:
    fields = written("a red ball in a meadow and the car drives off").fields
    assert fields["keywords"] == "red ball, car"


def test_the_colour_of_a_thing_that_moves_is_what_it_has_and_no_order() -> None:
    fields = written("a large red car at the upper right at sea. the red car moves to the left quickly").fields
    assert fields["keywords"] == "red car"
    assert fields["state"] == "a large red car at the upper right at sea"
    assert fields["end"] == "a large red car at the upper left at sea"
    assert fields["motion"] == "the red car moves to the left quickly"


def test_it_says_that_it_has_not_seen_the_picture() -> None:
    assert any("has not seen the picture" in note for note in written("a ball").notes)
