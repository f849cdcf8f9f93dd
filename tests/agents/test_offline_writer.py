"""The offline writer keeps what was said, fills in what was not, and is honest about the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.agents.offline_writer import write
from engine.pocket.grammar import canonical_motion, canonical_scene, parse
from engine.pocket.vocabulary import CAMERAS, MOTIONS, SCENES
from engine.pocket.world import MOST_THINGS, sample_clip
from engine.prompts import Prompt


def nouns(written: Prompt) -> list[str]:
    return [thing.noun for thing in parse(written.fields["scene"]).things]


def said(written: Prompt) -> str:
    return " ".join(written.notes)


@given(st.integers(0, 10**6), st.integers(0, 100))
def test_a_prompt_that_says_everything_comes_back_word_for_word(index: int, seed: int) -> None:
    clip = sample_clip(index, held_out=False)
    scene, motion = canonical_scene(clip), canonical_motion(clip)
    prompt = f"{scene}. {motion}"
    assert write(prompt, seed) == Prompt(prompt, {"scene": scene, "motion": motion, "avoid": ""})


@settings(max_examples=150)
@given(st.text(max_size=200), st.integers(0, 2**31))
def test_any_text_becomes_a_prompt_that_the_models_can_read(prompt: str, seed: int) -> None:
    written = write(prompt, seed)
    scene, motion = parse(written.fields["scene"]), parse(written.fields["motion"])
    assert 1 <= len(scene.things) <= MOST_THINGS
    assert scene.scene in SCENES
    assert all(thing.colour and thing.size and thing.position for thing in scene.things)
    assert [thing.noun for thing in motion.things] == [thing.noun for thing in scene.things]
    assert all(thing.motion for thing in motion.things)
    assert not scene.unknown
    assert not motion.unknown


@given(st.lists(st.sampled_from(["red", "ball", "dragon", "two", "no", "falls", "and", "🐟", "sea", ","]), max_size=12))
def test_half_sentences_become_prompts_too(words: list[str]) -> None:
    assert nouns(write(" ".join(words), 1))


def test_the_same_seed_gives_the_same_and_another_seed_another() -> None:
    proposals = [write("a ball", seed) for seed in range(8)]
    assert proposals[3] == write("a ball", 3)
    assert len({proposal.fields["scene"] for proposal in proposals}) > 2
    assert len({proposal.fields["motion"] for proposal in proposals}) > 1


@pytest.mark.parametrize("seed", range(6))
def test_what_was_said_stays_whatever_the_seed(seed: int) -> None:
    written = write("A big crimson sphere on the left drops quickly in winter, and the camera zooms out", seed)
    assert written.fields["scene"] == "a large red ball on the left in the snow"
    assert written.fields["motion"] == "the red ball falls quickly, the camera zooms out"


@pytest.mark.parametrize(
    ("prompt", "places"),
    [
        ("a red star falls", {"top", "upper left", "upper right"}),
        ("a red rocket rises", {"bottom", "lower left", "lower right"}),
        ("a red car drives to the left", {"right", "lower right", "upper right"}),
        ("a red car drives to the right", {"left", "lower left", "upper left"}),
        ("a red ball rolls to the right", {"lower left", "bottom"}),
        ("a red ball rolls to the left", {"lower right", "bottom"}),
    ],
)
def test_a_thing_starts_where_its_motion_has_room(prompt: str, places: set[str]) -> None:
    started = {parse(write(prompt, seed).fields["scene"]).things[0].position for seed in range(20)}
    assert started <= places
    assert len(started) > 1


@pytest.mark.parametrize("way", ["left", "right"])
def test_a_ball_in_the_middle_rolls_the_way_that_was_said(way: str) -> None:
    assert f"rolls to the {way}" in write(f"a red ball in the middle rolls to the {way}", 0).fields["motion"]


def test_where_rolling_and_place_do_not_go_together_it_says_so() -> None:
    written = write("a red ball on the right rolls to the right", 0)
    assert "rolls to the right" in written.fields["motion"]
    assert "on the right" not in written.fields["scene"]
    assert "starts on the other side" in said(written)


def test_a_thing_starts_where_a_moving_camera_keeps_it_in_view() -> None:
    started = {
        parse(write("a red star spins, the camera pans left", seed).fields["scene"]).things[0].position
        for seed in range(20)
    }
    assert started == {"left", "middle"}


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("motion", MOTIONS)
def test_every_motion_goes_with_every_camera(motion: str, camera: str) -> None:
    clip = sample_clip(0, held_out=False, things=1)
    moving = replace(clip.things[0], motion=motion, speed="slow" if motion == "still" else "quick")
    words = canonical_motion(replace(clip, things=(moving,), camera=camera))
    assert parse(write(words, 0).fields["motion"]) == parse(words)


def test_things_do_not_start_on_one_another() -> None:
    for seed in range(30):
        places = [thing.position for thing in parse(write("a car, a ball and a star", seed).fields["scene"]).things]
        assert len(set(places)) == 3


def test_colours_that_were_left_open_differ() -> None:
    for seed in range(30):
        colours = [thing.colour for thing in parse(write("a red car, a ball and a ring", seed).fields["scene"]).things]
        assert len(set(colours)) == 3


@pytest.mark.parametrize(
    ("prompt", "noun", "note"),
    [
        ("a green dragon flies", "bird", "The pocket world has no dragon; it draws a bird instead."),
        ("a scooter", "car", "The pocket world has no scooter; it draws a car instead."),
        ("a whale", "fish", "The pocket world has no whale; it draws a fish instead."),
        ("an old man waves", "snowman", "The pocket world has no man; it draws a snowman instead."),
        ("a castle at night", "house", "The pocket world has no castle; it draws a house instead."),
    ],
)
def test_a_thing_that_is_missing_is_replaced_by_the_nearest_and_the_person_told(
    prompt: str, noun: str, note: str
) -> None:
    written = write(prompt, 0)
    assert nouns(written) == [noun]
    assert note in written.notes


def test_a_stand_in_takes_over_what_was_said_of_the_thing() -> None:
    written = write("a tiny green dragon at the top dives slowly over the sea", 0)
    assert written.fields["scene"] == "a small green bird at the top at sea"
    assert written.fields["motion"].startswith("the green bird moves down slowly")


def test_two_stand_ins_are_not_the_same_thing() -> None:
    written = write("a cat chases a dog", 0)
    assert len(nouns(written)) == 2
    assert "no cat; it draws a bird" in said(written)
    assert "no dog; it draws a fish" in said(written)


def test_a_noun_that_only_describes_another_is_no_thing() -> None:
    written = write("a pirate ship and a toy car", 0)
    assert nouns(written) == ["boat", "car"]
    assert '"pirate" and "toy"' in said(written)


@pytest.mark.parametrize(
    ("prompt", "note"),
    [
        ("a black ball", "The pocket world has no black; it paints purple instead."),
        ("a ball in the jungle", "The pocket world has no jungle; it is set in a meadow instead."),
        ("a ball dances", 'The pocket world cannot show "dances"; it shows "spins" instead.'),
        ("a happy ball", 'The pocket world does not know "happy", and leaves it out.'),
        ("three balls", "A clip shows each kind of thing once: one ball."),
        ("a red ball and a blue ball", "it leaves out the other ball."),
        ("a car, a boat, a tree, a star and a house", "at most three things; it leaves out the star and the house."),
        ("", "names nothing that the pocket world can draw"),
        ("ball", "The prompt leaves open the scene, a colour and a motion; another try chooses otherwise."),
    ],
)
def test_it_says_what_it_replaced_left_out_and_filled_in(prompt: str, note: str) -> None:
    assert note in said(write(prompt, 0))


def test_nothing_is_said_where_nothing_was_changed() -> None:
    assert write("a small red ball in the middle bounces slowly in a meadow", 0).notes == ()
